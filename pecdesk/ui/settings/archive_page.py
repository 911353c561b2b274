"""Where the archive is and how much it holds; a copy of it; a check of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout

from pecdesk.app.copying import Copied
from pecdesk.app.upkeep import Extent, Findings
from pecdesk.errors import N_, PecdeskError
from pecdesk.explain import Tone
from pecdesk.explain.visible import visible
from pecdesk.ui.background import Progress
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Content, Dialog
from pecdesk.ui.layout_memory import LayoutMemory
from pecdesk.ui.outside import Outside, documents
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.listing import Entry, Listing
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP
from pecdesk.ui.work_bar import T, Work

BACKUP = "backup/folder"
"""Name under which the last folder of a backup is kept."""

BACKUP_NAME = "pecdesk-backup"
"""Of the folder that a backup makes for itself where other things lie."""

SHOWN = 200
"""Findings listed at most; the command line lists all."""

HIGHEST = 240


class ArchivePage(Content):
    """Three things to do, each with what it is good for."""

    def __init__(self, desk: Desk, dialog: Dialog, outside: Outside) -> None:
        super().__init__()
        self._desk = desk
        self._dialog = dialog
        self._outside = outside
        self._memory = LayoutMemory(desk.app.profile)
        self._extent: Extent | None = None
        self._findings: Findings | None = None
        self._titles = [label("", "section") for _ in range(3)]
        self._why = [label("", "muted", wraps=True) for _ in range(3)]
        self._where = FlowText(str(desk.app.profile.root), selectable=True)
        self.show_button, self.backup_button, self.check_button = QPushButton(), QPushButton(), QPushButton()
        self.findings = Listing(desk.theme, HIGHEST)
        self.findings.hide()
        grid = QGridLayout()
        grid.setHorizontalSpacing(4 * STEP)
        grid.setColumnStretch(0, 1)
        parts = zip(self._titles, self._why, (self.show_button, self.backup_button, self.check_button), strict=True)
        for number, (title, why, button) in enumerate(parts):
            button.setAutoDefault(False)
            words = QVBoxLayout()
            words.setSpacing(STEP)
            words.addWidget(title)
            if not number:
                words.addWidget(self._where)
            words.addWidget(why)
            grid.addLayout(words, number, 0)
            grid.addWidget(button, number, 1)
        grid.setVerticalSpacing(6 * STEP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4 * STEP, 2 * STEP, 0)
        column.setSpacing(3 * STEP)
        column.addLayout(grid)
        column.addWidget(self.findings)
        column.addStretch(1)
        self.show_button.clicked.connect(self._show_folder)
        self.backup_button.clicked.connect(self._choose)
        self.check_button.clicked.connect(self._check)

    def retranslate(self) -> None:
        """Say everything anew."""
        say = self._desk.say
        for title, words in zip(self._titles, (N_("Where it is"), N_("Backup"), N_("Check")), strict=True):
            title.setText(say(words))
        self._why[1].setText(
            say(
                N_(
                    "Copies the whole archive into a folder, every file verified by its hash. Made again there, it"
                    " copies only what is new. `pecdesk restore` brings it back."
                )
            )
        )
        self._why[2].setText(
            say(N_("Reads every message again and compares it with its hash, the journal and the database."))
        )
        self.show_button.setText(say(N_("Show in &folder")))
        self.backup_button.setText(say(N_("&Back up…")))
        self.check_button.setText(say(N_("C&heck now")))
        self._tell_extent()
        self._tell_findings()

    def refresh(self) -> None:
        """Measure the archive."""
        app = self._desk.app
        self._desk.background.query(app.extent, self._take_extent, self._dialog.complain, owner=self)

    def _take_extent(self, extent: Extent) -> None:
        self._extent = extent
        self._tell_extent()

    def _tell_extent(self) -> None:
        if self._extent is None:
            return
        say, number = self._desk.say, self._desk.language.number
        held = say(
            N_("{messages} messages in {rows} transmissions."),
            messages=number(self._extent.messages),
            rows=number(self._extent.transmissions),
        )
        self._why[0].setText(f"{held} {self._desk.language.size(self._extent.octets)}.")

    def _show_folder(self) -> None:
        if not self._outside.open(self._desk.app.profile.root):
            self._dialog.notice.say(
                Tone.AMBER,
                self._desk.say(
                    N_("The system opens nothing for {path}. Open it by hand."), path=self._desk.app.profile.root
                ),
                icon="warning",
            )

    # backup

    def _choose(self) -> None:
        kept = self._memory.word(BACKUP)
        start = Path(kept) if kept else documents() or Path.home()
        self._outside.choose_folder(self, self._desk.say(N_("Back up into")), start, self._back_up)

    def _back_up(self, folder: Path) -> None:
        app = self._desk.app
        target = _place(folder)
        self._memory.keep_word(BACKUP, str(target))

        def work(progress: Progress, cancelled: Callable[[], bool]) -> Copied:
            return app.backup(target, progress, cancelled)

        def tell(copied: Copied) -> None:
            self._allow()
            said = self._desk.say(
                N_("{files} files copied to {folder} and verified by hash."),
                files=self._desk.language.number(copied.files),
                folder=target,
            )
            show = (self._desk.say(N_("Show in folder")), lambda: self._outside.open(target))
            self._dialog.notice.say(Tone.BLUE, said, show)

        self._run(N_("The archive is being copied…"), work, tell)

    # check

    def _check(self) -> None:
        app = self._desk.app
        self._findings = None
        self.findings.hide()

        def work(progress: Progress, cancelled: Callable[[], bool]) -> Findings:
            return app.doctor(progress, cancelled)

        def tell(findings: Findings) -> None:
            self._allow()
            self._findings = findings
            self._tell_findings()
            self.findings.setFocus()

        self._run(N_("Every message is read and compared…"), work, tell)

    def _tell_findings(self) -> None:
        if self._findings is None:
            return
        say, language, found = self._desk.say, self._desk.language, self._findings
        wrong = [
            f"{say(what)}: {visible(language.error(which) if isinstance(which, PecdeskError) else str(which))}"
            for what, which in found.complaints()
        ]
        facts = (
            say(
                N_("{messages} messages in {rows} transmissions."),
                messages=language.number(found.messages),
                rows=language.number(found.transmissions),
            ),
            say(N_("Trust data: {version}"), version=found.anchors_version),
            say(N_("Free on the disk: {size}"), size=language.size(found.free_bytes)),
        )
        if found.is_healthy:
            entries = [Entry(lines=(say(N_("Everything is in order.")),), tone=Tone.BLUE, remarks=facts)]
        else:
            title = language.counted("One finding", "{n} findings", len(wrong))
            entries = [Entry(title, lines=tuple(wrong[:SHOWN]), tone=Tone.RED, remarks=(*_advice(found, say), *facts))]
        self.findings.setAccessibleName(say(N_("What the check found")))
        self.findings.show_entries(entries)
        self.findings.show()

    def _run(self, words: str, work: Work[T], tell: Callable[[T], None]) -> None:
        if self._dialog.work.is_busy:
            return
        self._dialog.notice.hide()
        for button in (self.backup_button, self.check_button):
            button.setEnabled(False)
        self._dialog.work.run(self._desk.say(words), work, tell, self._fail)

    def _fail(self, error: Exception) -> None:
        self._allow()
        self._dialog.complain(error)

    def _allow(self) -> None:
        for button in (self.backup_button, self.check_button):
            button.setEnabled(True)


def _advice(found: Findings, say: Callable[[str], str]) -> tuple[str, ...]:
    """What to do about it."""
    advice = []
    if found.damaged:
        advice.append(say(N_("Take it back from a backup, or import it again.")))
    if found.unindexed or found.database:
        advice.append(say(N_("Run `pecdesk doctor --rebuild` to make the database again from archive and journal.")))
    return tuple(advice)


def _place(folder: Path) -> Path:
    """The folder itself where it is new, empty or holds a backup; else one inside it."""
    own = not folder.is_dir() or (folder / "archive").is_dir() or not any(folder.iterdir())
    return folder if own else folder / BACKUP_NAME
