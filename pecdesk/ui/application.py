"""The Qt application: started, given its look and language, one profile opened, ended in good order."""

from __future__ import annotations

import logging
import logging.handlers
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QObject,
    QTimer,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtGui import QFontDatabase, QIcon
from PySide6.QtWidgets import QApplication, QWidget

from pecdesk import __version__
from pecdesk.app import App
from pecdesk.demo.profile import moment_of
from pecdesk.explain import language as language_of
from pecdesk.explain import preferred
from pecdesk.profile import Profile
from pecdesk.resources import resources
from pecdesk.ui.desk import Clock, Desk
from pecdesk.ui.evidence.inspectors import Inspectors
from pecdesk.ui.main_window import MainWindow
from pecdesk.ui.opening import Opening
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.sweeping import Sweeper
from pecdesk.ui.trouble import TroubleDialog

LOG_BYTES = 1_000_000

_log = logging.getLogger("ui")


def open_window(*, profile: Path | None, files: Sequence[Path], language: str | None, now: datetime | None) -> int:
    """Open a profile in the main window, or only these files, each in an inspector; back when the last one closed."""
    app = App.open(profile)
    _start_log(app.profile)
    application = make_application()
    theme = Theme(application, app.settings.theme)
    program = Program(app, theme, files, language, clock_for(app.profile, now))
    hook = CrashHook(program)
    hook.install()
    _let_ctrl_c_end(application)
    sweeper = Sweeper(application)
    program.start()
    try:
        return application.exec()
    finally:
        sweeper.stop()
        program.close()
        hook.remove()


def make_application() -> QApplication:
    """The one QApplication, named and dressed."""
    QApplication.setApplicationName("pecdesk")
    QApplication.setApplicationDisplayName("pecdesk")
    QApplication.setApplicationVersion(__version__)
    QApplication.setDesktopFileName("pecdesk")
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(["pecdesk"])
    application.setWindowIcon(QIcon(str(resources() / "icons" / "pecdesk.svg")))
    if not QFontDatabase.families():
        QFontDatabase.addApplicationFont(str(resources() / "fonts" / "DejaVuSans.ttf"))
    return application


def clock_for(profile: Profile, fixed: datetime | None) -> Clock:
    """The clock of a profile: the system's; in the demo never before the moment the office was made up for."""
    if fixed is not None:
        return lambda: fixed
    earliest = moment_of(profile)
    if earliest is None:
        return lambda: datetime.now().astimezone()
    floor = earliest.astimezone()
    return lambda: max(floor, datetime.now().astimezone())


class Program(QObject):
    """What is open: first the opening of the profile, then its windows."""

    def __init__(self, app: App, theme: Theme, files: Sequence[Path], spoken: str | None, clock: Clock) -> None:
        super().__init__()
        self.app = app
        self.theme = theme
        self.files = tuple(files)
        self.spoken = spoken
        self.clock = clock
        self.desk: Desk | None = None
        self.main: MainWindow | None = None
        self.inspectors: Inspectors | None = None
        self._translator: QTranslator | None = None
        self.language = language_of(
            spoken or (app.settings.language if app.settings.language != "system" else preferred())
        )
        self._opening = Opening(app, theme, self.language, lambda: app.rebuild(now=datetime.now(UTC)))
        self._opening.opened.connect(self._go_on)
        self._opening.given_up.connect(lambda: QApplication.exit(3))

    def start(self) -> None:
        """Begin."""
        self._translate_qt(self.language.code)
        QApplication.setQuitOnLastWindowClosed(False)
        self._opening.start()

    def _go_on(self) -> None:
        self.desk = desk = Desk(self.app, self.theme, self.clock, self.spoken)
        desk.language_changed.connect(lambda: self._translate_qt(desk.language.code))
        self.inspectors = Inspectors(desk)
        if self.files:
            # What needs the main window opens it: it then does what was asked.
            self.inspectors.proof_asked.connect(lambda ids: self._first(lambda main: main.export_proof(ids)))
            self.inspectors.row_asked.connect(lambda id_: self._first(lambda main: main.mailbox.choose_row(id_)))
            self.inspectors.import_asked.connect(lambda path: self._first(lambda main: main.import_paths([path])))
            for path in self.files:
                self.inspectors.open_file(path)
        else:
            self.show_main()
        QApplication.setQuitOnLastWindowClosed(True)

    def _first(self, act: Callable[[MainWindow], None]) -> None:
        """Open the main window for what was asked before it was there; later it hears by itself."""
        if self.main is None:
            act(self.show_main())

    def show_main(self) -> MainWindow:
        """The main window, opened if it is not."""
        assert self.desk is not None  # the profile was opened before anybody could ask
        if self.main is None:
            self.main = MainWindow(self.desk, self.inspectors)
        self.main.show()
        return self.main

    def _translate_qt(self, code: str) -> None:
        """Qt's own words: buttons of dialogs, context menus of fields."""
        if self._translator is not None:
            QApplication.removeTranslator(self._translator)
        self._translator = QTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load(QLocale(code), "qtbase", "_", folder):
            QApplication.installTranslator(self._translator)

    @property
    def front(self) -> QWidget | None:
        """A window to put a dialog before."""
        return QApplication.activeWindow() or self.main

    def close(self) -> None:
        """End the background, then close the profile."""
        if self.desk is not None:
            self.desk.close()
        else:
            self.app.close()


class CrashHook:
    """Whatever nobody caught: written to the log, and told to the user, who loses nothing by it."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._before = sys.excepthook
        self._shown = False

    def install(self) -> None:
        """Take over."""
        sys.excepthook = self._take
        threading.excepthook = lambda found: _log.error(
            "a thread ended", exc_info=(found.exc_type, found.exc_value or found.exc_type(), found.exc_traceback)
        )
        qInstallMessageHandler(_log_qt)

    def remove(self) -> None:
        """Give back."""
        sys.excepthook = self._before
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        _log.critical("nobody caught this", exc_info=(kind, error, trace))
        if self._shown:
            return
        self._shown = True
        dialog = TroubleDialog(
            self._program.language, self._program.theme, error, self._program.app.profile.root, self._program.front
        )
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        self._shown = False


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    level = logging.WARNING if kind in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg) else logging.INFO
    _log.log(level, "Qt: %s", message)


def _start_log(profile: Profile) -> None:
    """`pecdesk.log` in the profile: what happened, never what was written in a message."""
    path = profile.root / "pecdesk.log"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    for name in ("sync", "trust", "store", "outbox", "ui"):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False


def _let_ctrl_c_end(application: QApplication) -> None:
    """Python sees a signal only when it runs: a timer lets it, now and then."""
    signal.signal(signal.SIGINT, lambda *_: application.quit())
    timer = QTimer(application)
    timer.setInterval(500)
    timer.timeout.connect(lambda: None)
    timer.start()
