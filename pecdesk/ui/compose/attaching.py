"""Files into a draft: copied beside it in the background, so that it is no matter what becomes of the user's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pecdesk.app.drafting import Drafting
from pecdesk.errors import N_, PecdeskError
from pecdesk.pec.draft import Draft, DraftAttachment
from pecdesk.ui.compose.attachment_list import DraftAttachments
from pecdesk.ui.desk import Desk
from pecdesk.ui.outside import Outside

PICTURE = "immagine.png"
"""What a picture out of the clipboard is called."""

Step = Callable[[Draft], Draft]


@dataclass(frozen=True, slots=True)
class Attached:
    """What came of it."""

    attachments: tuple[DraftAttachment, ...] = ()
    """The new ones."""
    errors: tuple[PecdeskError, ...] = ()
    """Why some could not be taken."""


class Attaching(QObject):
    """Takes files one after the other; those that can be read are taken, whatever the others do."""

    changed = Signal()
    """Other attachments stand there."""
    busy_changed = Signal()
    failed = Signal(Exception)

    def __init__(
        self, desk: Desk, drafting: Drafting, view: DraftAttachments, collect: Callable[[], Draft], outside: Outside
    ) -> None:
        super().__init__(view)
        self._desk = desk
        self._drafting = drafting
        self._view = view
        self._collect = collect
        self._outside = outside
        self._running = 0
        view.removed.connect(self._remove)

    @property
    def is_busy(self) -> bool:
        """Whether files are on their way in."""
        return self._running > 0

    def ask(self) -> None:
        """Let the user choose files."""
        say = self._desk.say
        self._outside.choose_files(self._view, say(N_("Attach files")), [say(N_("All files (*)"))], self.files)

    def files(self, paths: Sequence[Path]) -> None:
        """Take these files."""
        drafting, at = self._drafting, self._desk.clock()

        def step(path: Path) -> Step:
            return lambda now: drafting.attach(now, path, at)

        self._run([step(path) for path in paths])

    def picture(self, raw: bytes) -> None:
        """Take a picture out of the clipboard, as PNG."""
        self.content(PICTURE, raw, "image/png")

    def content(self, name: str, raw: bytes, media_type: str) -> None:
        """Take what lies in no file."""
        drafting = self._drafting
        self._run([lambda now: drafting.attach_bytes(now, name, raw, media_type)])

    def _remove(self, attachment: DraftAttachment) -> None:
        kept = list(self._view.attachments)
        kept.remove(attachment)
        self._view.show_attachments(kept)
        self.changed.emit()

    def _run(self, steps: Sequence[Step]) -> None:
        if steps and self._view.isEnabled():
            draft = self._collect()
            self._running += 1
            self.busy_changed.emit()
            self._desk.background.errand(lambda: taken(draft, steps), self._end, self._fail, owner=self)

    def _end(self, found: Attached) -> None:
        if found.attachments:
            self._view.show_attachments((*self._view.attachments, *found.attachments))
            self.changed.emit()
        self._fail(*found.errors[:1])

    def _fail(self, *errors: Exception) -> None:
        self._running -= 1
        for error in errors:
            self.failed.emit(error)
        self.busy_changed.emit()


def taken(draft: Draft, steps: Sequence[Step]) -> Attached:
    """Carry out every step that can be; the attachments that are new, and why some are not."""
    before, errors = draft.attachments, []
    for step in steps:
        try:
            draft = step(draft)
        except PecdeskError as error:
            errors.append(error)
    return Attached(draft.attachments[len(before) :], tuple(errors))
