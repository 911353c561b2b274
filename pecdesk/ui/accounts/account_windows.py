"""The dialogs about mailboxes, each opened once, before one window."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QProcess, Qt, Signal
from PySide6.QtWidgets import QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.ui.accounts.account_dialog import AccountDialog
from pecdesk.ui.accounts.account_wizard import AccountWizard
from pecdesk.ui.accounts.password_dialog import PasswordDialog
from pecdesk.ui.accounts.room_dialog import RoomDialog
from pecdesk.ui.accounts.status_dialog import StatusDialog
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog


def start_demo(language: str) -> bool:
    """Start the demo beside this window, in a process of its own; whether that could be done."""
    process = QProcess()
    process.setProgram(sys.executable)
    process.setArguments(["-P", "-m", "pecdesk", "--lang", language, "demo"])
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    started = process.startDetached()
    return started[0] if isinstance(started, tuple) else bool(started)


class AccountWindows(QObject):
    """Opens them, and hands on what is asked in them."""

    import_asked = Signal()

    def __init__(self, desk: Desk, parent: QWidget, start_demo: Callable[[str], bool] = start_demo) -> None:
        super().__init__(parent)
        self._desk = desk
        self._parent = parent
        self._start_demo = start_demo
        self._open: dict[str, Dialog] = {}

    def set_up(self, *, is_first_run: bool = False) -> AccountWizard:
        """Set up a mailbox."""
        wizard = AccountWizard(self._desk, self._parent, is_first_run=is_first_run)
        wizard.import_asked.connect(self.import_asked)
        wizard.demo_asked.connect(lambda: self._begin_demo(wizard))
        self._show("wizard", wizard)
        return wizard

    def change(self, address: str) -> None:
        """Change a mailbox that is set up."""
        if (account := self._desk.accounts.account(address)) is not None:
            self._show(f"change {account.key}", AccountDialog(self._desk, account, self._parent))

    def ask_password(self, address: str) -> None:
        """Ask for the password of a mailbox."""
        if (account := self._desk.accounts.account(address)) is not None:
            self._show(f"password {account.key}", PasswordDialog(self._desk, account, self._parent))

    def show_status(self, address: str) -> None:
        """Tell how a mailbox stands, in full."""
        if (account := self._desk.accounts.account(address)) is not None:
            dialog = StatusDialog(self._desk, address, self._parent)
            dialog.password_asked.connect(self.ask_password)
            dialog.servers_asked.connect(self.change)
            dialog.room_asked.connect(self.make_room)
            self._show(f"status {account.key}", dialog)

    def make_room(self, address: str) -> None:
        """Delete on the server what is archived here."""
        if (account := self._desk.accounts.account(address)) is not None:
            self._show(f"room {account.key}", RoomDialog(self._desk, account, self._parent))

    def begin_demo(self) -> bool:
        """Open the demo; whether it could be started."""
        return self._start_demo(self._desk.language.code)

    def close_all(self) -> None:
        """Close every one of them."""
        for dialog in tuple(self._open.values()):
            dialog.close()

    def _begin_demo(self, wizard: AccountWizard) -> None:
        say = self._desk.say
        if self.begin_demo():
            told = say(N_("The demo opens in a window of its own in a few seconds. Nothing of it comes in here."))
            wizard.notice.say(Tone.BLUE, told)
        else:
            told = say(N_("The demo could not be started. In a terminal, “pecdesk demo” says why."))
            wizard.notice.say(Tone.RED, told, icon="warning")

    def _show(self, name: str, dialog: Dialog) -> None:
        """Show a dialog; one of that name that is open comes to the front instead."""
        if (before := self._open.get(name)) is not None:
            dialog.deleteLater()
            before.raise_()
            before.activateWindow()
            return
        self._open[name] = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda _code: self._open.pop(name, None))
        dialog.open()
