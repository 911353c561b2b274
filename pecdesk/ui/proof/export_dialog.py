"""Exporting: the weak points first, then what and where, progress that can be stopped, and what was written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pecdesk.app.proofs import MadeProof
from pecdesk.errors import N_
from pecdesk.explain import Tone, language
from pecdesk.ui.background import Progress
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.outside import Desktop, Outside
from pecdesk.ui.proof.export_form import Choice, ExportForm
from pecdesk.ui.proof.export_result import ExportResult, Written
from pecdesk.ui.proof.weak_points import WeakPoints
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP

SIZE, SIZE_OF_RESULT = (640, 720), (640, 340)
"""Device-independent pixels."""


class ExportDialog(Dialog):
    """The proof, or the original messages alone, of these rows."""

    def __init__(
        self,
        desk: Desk,
        ids: Sequence[int],
        parent: QWidget | None = None,
        *,
        originals_only: bool = False,
        outside: Outside | None = None,
    ) -> None:
        super().__init__(desk, parent)
        self._names = [str(id_) for id_ in ids]
        self._is_proof = not originals_only
        self._outside = outside or Desktop()
        self._title = label("", "title", wraps=True)
        self._subject = label("", "muted", wraps=True)
        self.weak = WeakPoints(desk, self._names)
        self.weak.setVisible(self._is_proof)
        self.form = ExportForm(desk, self._outside, originals_only=originals_only)
        self.outcome = ExportResult()
        self.body.addWidget(self._title)
        self.body.addWidget(self._subject)
        self.body.addSpacing(STEP)
        self.add_pages(self._first_page(), self.outcome)
        self.show_button = self.add_button()
        self.close_button = self.add_button()
        self.save_button = self.add_button("primary")
        self.open_button = self.add_button("primary")
        self.show_button.clicked.connect(self._show_folder)
        self.close_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._save)
        self.open_button.clicked.connect(self._open_document)
        self.outcome.activated.connect(self._open_document)
        self.weak.found.connect(self._allow)
        self.weak.failed.connect(self.complain)
        self.form.changed.connect(self._allow)
        self.retranslate()
        self._allow()
        self.fit(*(SIZE if self._is_proof else SIZE_OF_RESULT))
        # Saving waits for the weak points; Enter in the field saves as soon as they are found.
        self.save_button.setDefault(True)
        self.form.folder.setFocus()

    def _first_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5 * STEP)
        column.addWidget(self.weak)
        column.addWidget(self.form)
        column.addStretch(1)
        return page

    @property
    def is_done(self) -> bool:
        return self.page is self.outcome

    def retranslate(self) -> None:
        say = self.desk.say
        title = say(N_("Export the proof")) if self._is_proof else say(N_("Save the original messages"))
        self.setWindowTitle(title)
        self._title.setText(title)
        self.weak.retranslate()
        self.form.retranslate(len(self._names))
        self.show_button.setText(say(N_("Show in &folder")))
        self.open_button.setText(say(N_("&Open the PDF")))
        self.save_button.setText(say(N_("&Save")))
        self.close_button.setText(say(N_("&Close")) if self.is_done else say(N_("&Cancel")))
        self._tell_subject()

    def _tell_subject(self) -> None:
        count = len(self._names)
        words = self.desk.language.counted("One transmission", "{n} transmissions", count)
        self._subject.setText(self.weak.subject or words)

    def _allow(self) -> None:
        """Let the user do what can be done now."""
        self._tell_subject()
        can_save = self.form.choice is not None and self.weak.is_complete and not self.work.is_busy
        current = self.outcome.current
        self.form.setEnabled(not self.work.is_busy)
        self.save_button.setVisible(not self.is_done)
        self.save_button.setEnabled(can_save)
        self.show_button.setVisible(self.is_done and current is not None)
        self.open_button.setVisible(self.is_done and current is not None and current.document is not None)

    # writing

    def _save(self) -> None:
        choice = self.form.choice
        if choice is None or self.work.is_busy:
            return
        self.notice.hide()
        if self._is_proof:
            self._make_proofs(choice)
        else:
            self._write_originals(choice)
        self._allow()

    def _make_proofs(self, choice: Choice) -> None:
        app, names, now = self.desk.app, self._names, self.desk.clock()

        def work(progress: Progress, cancelled: Callable[[], bool]) -> list[MadeProof]:
            return app.export_proofs(
                names,
                choice.folder,
                zipped=choice.zipped,
                made_at=now,
                language=language(choice.language),
                progress=progress,
                cancelled=cancelled,
            )

        words = self.desk.language.counted("The proof is being made…", "The proofs are being made…", len(names))
        self.work.run(words, work, lambda made: self._tell_proofs(choice, made), self._fail)

    def _write_originals(self, choice: Choice) -> None:
        app, names = self.desk.app, self._names

        def work(progress: Progress, cancelled: Callable[[], bool]) -> list[Path]:
            files = app.export_originals(names, choice.folder, progress=progress, cancelled=cancelled)
            return list(dict.fromkeys(path.parent for path, _ in files))

        words = self.desk.say(N_("The messages are being written…"))
        self.work.run(words, work, lambda folders: self._tell_originals(choice, folders), self._fail)

    def _fail(self, error: Exception) -> None:
        self._allow()
        self.save_button.setFocus()
        self.complain(error, (self.desk.say(N_("Try again")), self._save))

    # what came of it

    def _tell_proofs(self, choice: Choice, made: list[MadeProof]) -> None:
        say, counted = self.desk.say, self.desk.language.counted
        written = [Written(one.path, one.path / "prova.pdf" if one.path.is_dir() else None) for one in made]
        remark = ""
        if made and all(one.was_there for one in made):
            remark = say(N_("The very same was there already; nothing was written over."))
        elif choice.zipped and made:
            remark = say(N_("The PDF is inside the zip file, with the originals."))
        self._tell(choice, written, counted("The proof is ready", "{n} proofs are ready", len(made)), remark)
        if choice.language == self.desk.language.code and any(
            tuple(one.weak_points) != self.weak.points(one.row_id) for one in made
        ):
            self.notice.say(
                Tone.AMBER,
                say(N_("Examined afresh, the weak points are others than those told before: see the document.")),
                icon="warning",
            )

    def _tell_originals(self, choice: Choice, folders: list[Path]) -> None:
        words = self.desk.language.counted(
            "The messages of one transmission were saved", "The messages of {n} transmissions were saved", len(folders)
        )
        self._tell(choice, [Written(folder, None) for folder in folders], words, "")

    def _tell(self, choice: Choice, written: list[Written], headline: str, remark: str) -> None:
        say = self.desk.say
        self.form.keep(choice)
        if self.work.was_stopped and len(written) < len(self._names):
            headline = say(N_("Stopped"))
            remark = (
                self.desk.language.counted(
                    "One was finished before and stays; of the others nothing was left behind.",
                    "{n} were finished before and stay; of the others nothing was left behind.",
                    len(written),
                )
                if written
                else say(N_("Nothing was written."))
            )
        self.outcome.show_written(headline, remark, written, choice.folder)
        self.turn_to(self.outcome)
        if len(written) <= 1:
            self.fit(*SIZE_OF_RESULT)
        self.retranslate()
        self._allow()
        first = next((b for b in (self.open_button, self.show_button) if not b.isHidden()), self.close_button)
        first.setDefault(True)
        first.setFocus()

    def _open_document(self) -> None:
        if (current := self.outcome.current) is not None:
            self._hand_over(current.document or current.folder)

    def _show_folder(self) -> None:
        if (current := self.outcome.current) is not None:
            self._hand_over(current.folder)

    def _hand_over(self, path: Path) -> None:
        if not self._outside.open(path):
            self.notice.say(
                Tone.AMBER,
                self.desk.say(N_("The system opens nothing for {path}. Open it by hand."), path=path),
                icon="warning",
            )
