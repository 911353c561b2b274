"""Importing: what and whose, progress that can be stopped, and a result that can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from pecdesk.errors import N_, UsageError
from pecdesk.intake import ImportResult
from pecdesk.ui.background import Progress
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.file_drop import FileDrop
from pecdesk.ui.intake.import_form import ImportForm
from pecdesk.ui.intake.import_result import ImportOutcome
from pecdesk.ui.outside import Desktop, Outside
from pecdesk.ui.style.panels import label


class ImportDialog(Dialog):
    """Brings files and folders of mail into the archive."""

    def __init__(
        self,
        desk: Desk,
        paths: Iterable[Path] = (),
        parent: QWidget | None = None,
        *,
        outside: Outside | None = None,
    ) -> None:
        super().__init__(desk, parent)
        self._title = label("", "title", wraps=True)
        self._intro = label("", "muted", wraps=True)
        self.form = ImportForm(desk, paths, outside or Desktop())
        self.outcome = ImportOutcome(desk)
        self.body.addWidget(self._title)
        self.body.addWidget(self._intro)
        self.add_pages(self.form, self.outcome)
        self.more_button = self.add_button()
        self.close_button = self.add_button()
        self.import_button = self.add_button("primary")
        self.more_button.clicked.connect(self._begin_again)
        self.close_button.clicked.connect(self.reject)
        self.import_button.clicked.connect(self._import)
        self.form.changed.connect(self._allow)
        FileDrop(self, self.form.add, lambda _event: not self.is_done and not self.work.is_busy)
        self.retranslate()
        self._allow()
        self.fit(620, 600)
        (self.import_button if self.form.paths else self.form.files_button).setFocus()

    @property
    def is_done(self) -> bool:
        return self.page is self.outcome

    def retranslate(self) -> None:
        say = self.desk.say
        self.setWindowTitle(say(N_("Import mail")))
        self._title.setText(say(N_("Import mail")))
        self._intro.setText(
            say(
                N_(
                    "Message files (.eml), mbox, Maildir, and folders of them. Each message is copied as it is,"
                    " verified and joined with its receipts; the files themselves are not touched."
                )
            )
        )
        self._intro.setVisible(not self.is_done)
        self.form.retranslate()
        self.outcome.retranslate()
        self.more_button.setText(say(N_("Import &more")))
        self.import_button.setText(say(N_("&Import")))
        self.close_button.setText(say(N_("&Close")) if self.is_done else say(N_("&Cancel")))

    def _allow(self) -> None:
        """Let the user do what can be done now."""
        self.form.setEnabled(not self.work.is_busy)
        self.import_button.setVisible(not self.is_done)
        self.import_button.setEnabled(bool(self.form.paths) and not self.work.is_busy)
        self.more_button.setVisible(self.is_done)

    def _import(self) -> None:
        account = self.form.stated_account
        if account is not None and not _is_address(account):
            self.complain(UsageError(N_("{address} is not an address."), address=account))
            self.form.account.setFocus()
            return
        self.notice.hide()
        app, paths, now = self.desk.app, list(self.form.paths), self.desk.clock()

        def work(progress: Progress, cancelled: Callable[[], bool]) -> ImportResult:
            return app.import_paths(paths, account=account, now=now, progress=progress, cancelled=cancelled)

        self.work.run(
            self.desk.say(N_("Messages are being brought in and verified…")),
            work,
            lambda result: self._tell(result, account),
            self._fail,
        )
        self._allow()

    def _fail(self, error: Exception) -> None:
        self._allow()
        self.import_button.setFocus()
        self.complain(error, (self.desk.say(N_("Try again")), self._import))

    def _tell(self, result: ImportResult, account: str | None) -> None:
        self.notice.hide()
        self.outcome.show_result(result, account)
        self._show(self.outcome)
        self.close_button.setDefault(True)
        self.close_button.setFocus()

    def _begin_again(self) -> None:
        self.form.clear()
        self._show(self.form)
        self.import_button.setDefault(True)
        self.form.files_button.setFocus()

    def _show(self, page: QWidget) -> None:
        self.turn_to(page)
        self.retranslate()
        self._allow()


def _is_address(text: str) -> bool:
    name, _, domain = text.rpartition("@")
    return bool(name and domain) and not any(char.isspace() or not char.isprintable() for char in text)
