"""The servers of a mailbox, by hand: where mail is fetched and sent, what to log in with, whom to believe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from pecdesk.errors import N_, UsageError
from pecdesk.profile.accounts import Account, Endpoint
from pecdesk.profile.providers import IMAP_PORT, SMTP_PORT
from pecdesk.ui.desk import Desk
from pecdesk.ui.outside import Outside
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP

PORT_WIDTH = 96
"""Device-independent pixels."""

LONGEST_HOST = 253
"""Letters of a host name (RFC 1035 §2.3.4)."""


class ServerFields(QWidget):
    """Fields for everything that has to do with servers."""

    changed = Signal()

    def __init__(self, desk: Desk, outside: Outside) -> None:
        super().__init__()
        self._desk = desk
        self._outside = outside
        self.imap_host, self.smtp_host, self.user = QLineEdit(), QLineEdit(), QLineEdit()
        self.imap_port, self.smtp_port = _port(IMAP_PORT), _port(SMTP_PORT)
        self.ca_file, self.command = QLineEdit(), QLineEdit()
        self._choose = QPushButton()
        self._choose.setAutoDefault(False)
        self._why = label("", "muted", wraps=True)
        self._labels: list[QLabel] = [label("") for _ in range(5)]
        form = QGridLayout()
        form.setHorizontalSpacing(3 * STEP)
        form.setVerticalSpacing(2 * STEP)
        form.setColumnStretch(1, 1)
        rows: tuple[tuple[QLineEdit, QWidget | None], ...] = (
            (self.imap_host, self.imap_port),
            (self.smtp_host, self.smtp_port),
            (self.user, None),
            (self.ca_file, self._choose),
            (self.command, None),
        )
        for number, (words, (field, beside)) in enumerate(zip(self._labels, rows, strict=True)):
            words.setBuddy(field)
            row = QHBoxLayout()
            row.setSpacing(2 * STEP)
            row.addWidget(field, 1)
            if beside is not None:
                row.addWidget(beside)
            form.addWidget(words, number, 0, Qt.AlignmentFlag.AlignVCenter)
            form.addLayout(row, number, 1)
            field.textChanged.connect(self.changed)
        for port in (self.imap_port, self.smtp_port):
            port.valueChanged.connect(self.changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addLayout(form)
        column.addWidget(self._why)
        self._choose.clicked.connect(self._choose_file)
        self.setFocusProxy(self.imap_host)

    def retranslate(self) -> None:
        """Say everything anew."""
        say = self._desk.say
        for words, template in zip(
            self._labels,
            (
                N_("Server for &receiving (IMAP)"),
                N_("Server for s&ending (SMTP)"),
                N_("&User"),
                N_("Own &authority (PEM)"),
                N_("Password &command"),
            ),
            strict=True,
        ):
            words.setText(say(template))
        for port, name in ((self.imap_port, N_("IMAP port")), (self.smtp_port, N_("SMTP port"))):
            port.setAccessibleName(say(name))
        self.smtp_host.setPlaceholderText(say(N_("none: nothing can be sent from here")))
        self.user.setPlaceholderText(say(N_("the address")))
        self.ca_file.setPlaceholderText(say(N_("the system’s authorities")))
        self.command.setPlaceholderText(say(N_("the system’s key store")))
        self._choose.setText(say(N_("Choo&se…")))
        self._why.setText(
            say(
                N_(
                    "Every connection is encrypted from the first byte and its certificate checked, without exceptions."
                    " An authority of your own is needed only for servers inside an office; a command that prints the"
                    " password only where there is no key store."
                )
            )
        )

    def show_account(self, account: Account) -> None:
        """Fill in what an account has."""
        self.imap_host.setText(account.imap.host)
        self.imap_port.setValue(account.imap.port or IMAP_PORT)
        self.smtp_host.setText(account.smtp.host if account.smtp else "")
        self.smtp_port.setValue(account.smtp.port if account.smtp else SMTP_PORT)
        self.user.setText(account.user)
        self.ca_file.setText(account.ca_file)
        self.command.setText(account.password_command)

    def account(self, before: Account) -> Account:
        """The account with what was typed. UsageError where that cannot be."""
        imap = _endpoint(self.imap_host, self.imap_port, before.imap)
        if imap is None:
            self.imap_host.setFocus()
            raise UsageError(N_("The server for receiving is missing."), N_("Your provider tells its name."))
        return replace(
            before,
            imap=imap,
            smtp=_endpoint(self.smtp_host, self.smtp_port, before.smtp),
            user=self.user.text().strip(),
            ca_file=self.ca_file.text().strip(),
            password_command=self.command.text().strip(),
        )

    def _choose_file(self) -> None:
        say = self._desk.say
        kinds = (say(N_("Certificates (*.pem *.crt *.cer)")), say(N_("All (*)")))
        self._outside.choose_files(self, say(N_("Own authority")), kinds, self._take_file)

    def _take_file(self, paths: list[Path]) -> None:
        self.ca_file.setText(str(paths[0]))


def _port(usual: int) -> QSpinBox:
    field = QSpinBox()
    field.setRange(1, 65535)
    field.setValue(usual)
    field.setMinimumWidth(PORT_WIDTH)
    field.lineEdit().setTextMargins(6, 0, 0, 0)  # where the sheet has no say
    return field


def _endpoint(host: QLineEdit, port: QSpinBox, before: Endpoint | None) -> Endpoint | None:
    """What was typed; how the connection is protected stays as long as the host does."""
    name = host.text().strip()
    if not name:
        return None
    if len(name) > LONGEST_HOST or not all(char.isalnum() or char in ".-:[]_" for char in name):
        host.setFocus()
        raise UsageError(N_("{host} is no name of a server."), host=name)
    if before is not None and before.host == name:
        return replace(before, port=port.value())
    return Endpoint(name, port.value())
