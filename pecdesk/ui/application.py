"""The Qt application: started, given its look and language, one profile opened, ended in good order."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import (
    QLibraryInfo,
    QLocale,
    QObject,
    QTimer,
    QTranslator,
)
from PySide6.QtGui import QFontDatabase, QIcon
from PySide6.QtWidgets import QApplication, QWidget

from pecdesk import __version__
from pecdesk.app import App
from pecdesk.explain import language as language_of
from pecdesk.explain import preferred
from pecdesk.profile import Profile
from pecdesk.resources import resources
from pecdesk.ui.crash_hook import CrashHook
from pecdesk.ui.desk import Clock, Desk
from pecdesk.ui.evidence.inspectors import Inspectors
from pecdesk.ui.log_file import start_log
from pecdesk.ui.main_window import MainWindow
from pecdesk.ui.notify.notifier import Notifier
from pecdesk.ui.notify.tray import Tray
from pecdesk.ui.one_window import OneWindow, Request, hand_over
from pecdesk.ui.opening import Opening
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.sweeping import Sweeper
from pecdesk.ui.workers import Workers

ACTIVATION = "XDG_ACTIVATION_TOKEN"
"""Where a Wayland desktop hands a program the right to come to the front."""
TRAY_ACTIONS = ("refresh", "pause", "quit")

TURN_SECONDS = 0.005
"""How long Python lets a busy thread go on while the window waits: what Python takes, and not the less that the command
line does. With a fifth of it, a moment's work of the window went to and fro between threads, each of which had to wait
for a processor as well: stalls while mail comes in were longer, and so was the first synchronisation."""


def open_window(
    *,
    profile: Path | None,
    files: Sequence[Path],
    links: Sequence[str] = (),
    attached: Sequence[Path] = (),
    language: str | None,
    now: datetime | None,
) -> int:
    """Open a profile in the main window, or only these files, each in an inspector; back when the last one closed.

    Where the profile has a window already, that one does it, and this is back at once. ProfileError where it does not
    answer.
    """
    app = App.open(profile)
    sys.setswitchinterval(TURN_SECONDS)
    application = make_application()
    token = os.environ.pop(ACTIVATION, "")
    request = Request(tuple(map(str, files)), tuple(links), token, tuple(map(str, attached)))
    one = OneWindow(app.profile)
    if not one.be_first():
        hand_over(app.profile, request)
        return 0
    start_log(app.profile)
    theme = Theme(application, app.settings.theme)
    program = Program(app, theme, request, language, clock_for(app.profile, now))
    one.asked.connect(program.take)
    hook = CrashHook(program)
    hook.install()
    _let_ctrl_c_end(application)
    sweeper = Sweeper(application)
    program.start()
    try:
        return application.exec()
    finally:
        sweeper.stop()
        one.close()
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
    earliest = _moment_of_demo(profile)
    if earliest is None:
        return lambda: datetime.now().astimezone()
    floor = earliest.astimezone()
    return lambda: max(floor, datetime.now().astimezone())


def _moment_of_demo(profile: Profile) -> datetime | None:
    if not profile.is_demo:
        return None
    from pecdesk.demo.profile import moment_of  # noqa: PLC0415 - megabytes that no other profile needs

    return moment_of(profile)


def is_new(app: App) -> bool:
    """Whether a profile has neither mailbox nor message: somebody begins."""
    return not app.profile.is_demo and not app.servers.all() and app.store.count()[0] == 0


class Program(QObject):
    """What is open: first the opening of the profile, then its windows."""

    def __init__(self, app: App, theme: Theme, request: Request, spoken: str | None, clock: Clock) -> None:
        super().__init__()
        self.app = app
        self.theme = theme
        self._waiting = [request]
        """What was asked for before the profile was open."""
        self.spoken = spoken
        self.clock = clock
        self.desk: Desk | None = None
        self.main: MainWindow | None = None
        self._closed: list[MainWindow] = []
        """Windows in the midst of their own closing must not go while it lasts."""
        self.inspectors: Inspectors | None = None
        self.workers: Workers | None = None
        self.tray: Tray | None = None
        self.notifier: Notifier | None = None
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
        self.app.clock = desk.clock
        self.inspectors = Inspectors(desk)
        # What needs the main window opens it: it then does what was asked.
        self.inspectors.proof_asked.connect(lambda ids: self._first(lambda main: main.dialogs.export_proof(ids)))
        self.inspectors.row_asked.connect(lambda id_: self._first(lambda main: main.mailbox.choose_row(id_)))
        self.inspectors.import_asked.connect(lambda path: self._first(lambda main: main.dialogs.import_paths([path])))
        for request in self._waiting:
            self._carry_out(request)
        self._waiting.clear()
        QApplication.setQuitOnLastWindowClosed(True)

    def take(self, request: Request) -> None:
        """Another start of the program asks for something."""
        if self.desk is None:
            self._waiting.append(request)
        else:
            self._carry_out(request)

    def _carry_out(self, request: Request) -> None:
        assert self.inspectors is not None  # made with the desk
        if request.token:
            os.environ[ACTIVATION] = request.token  # Qt reads it there, once
        for name in request.files:
            self.inspectors.open_file(Path(name))
        links = request.links
        if request.attached:
            first, links = "".join(links[:1]), links[1:]
            self.show_main().composers.with_files([Path(name) for name in request.attached], first)
        for link in links:
            self.show_main().composers.write_to(link)
        if not (request.files or request.links or request.attached):
            self.show_main().to_front()

    def _first(self, act: Callable[[MainWindow], None]) -> None:
        """Open the main window for what was asked before it was there; later it hears by itself."""
        if self.main is None:
            act(self.show_main())

    def show_main(self) -> MainWindow:
        """The main window, opened if it is not."""
        assert self.desk is not None  # the profile was opened before anybody could ask
        if self.main is None:
            self.main = MainWindow(self.desk, self.inspectors)
            self._accompany(self.desk, self.main)
        self.main.show()
        return self.main

    def _accompany(self, desk: Desk, main: MainWindow) -> None:
        """What goes on beside the main window: fetching and sending, the tray, and a welcome to who is new."""
        if self.workers is None:
            self.workers = Workers(desk)
            self.workers.start()
        self.tray = Tray(desk, main, [main.actions_[name] for name in TRAY_ACTIONS])
        self.notifier = Notifier(desk, self.tray, self)
        self.tray.opened.connect(main.to_front)
        self.tray.row_opened.connect(main.mailbox.choose_row)
        self.tray.account_opened.connect(main.account_windows.show_status)
        main.closed.connect(self._leave)
        desk.background.query(lambda: is_new(self.app), self._welcome, lambda _error: None, owner=main)

    def _welcome(self, is_new: bool) -> None:
        if is_new and self.main is not None:
            self.main.welcome()

    def _leave(self) -> None:
        """The main window was closed: nothing is told any longer. What is being written elsewhere may still leave."""
        if self.notifier is not None:
            self.notifier.close()
            self.notifier = None
        if self.tray is not None:
            self.tray.close()
            self.tray = None
        if self.main is not None:
            self._closed.append(self.main)
            self.main = None

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
        """End the workers and the background, then close the profile."""
        self._leave()
        if self.workers is not None:
            self.workers.stop()
        if self.desk is not None:
            self.desk.close()
        else:
            self.app.close()


def _let_ctrl_c_end(application: QApplication) -> None:
    """Python sees a signal only when it runs: a timer lets it, now and then."""
    signal.signal(signal.SIGINT, lambda *_: application.quit())
    timer = QTimer(application)
    timer.setInterval(500)
    timer.timeout.connect(lambda: None)
    timer.start()
