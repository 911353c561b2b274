"""What nobody caught, and what Qt complains of: written to the log, and told to the user, who loses nothing by it."""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from pecdesk.ui.trouble import TroubleDialog

if TYPE_CHECKING:
    from pecdesk.ui.application import Program

_log = logging.getLogger("ui")


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
