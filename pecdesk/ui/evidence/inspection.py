"""One message being looked at: what is known of it at once, and what examining it afresh tells a moment later.

Three sorts: a message of the archive, a file from outside, a message that lies inside another. Nothing here draws.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from pecdesk.app.mailbox import Reexamined
from pecdesk.app.verifying import read_file
from pecdesk.errors import N_, PecdeskError, StoreError, UsageError
from pecdesk.examine import Examination
from pecdesk.pec.transmission import Direction, OriginalSource
from pecdesk.reading import Reading
from pecdesk.store import Changes, Row
from pecdesk.trust import Note
from pecdesk.ui.background import Failed
from pecdesk.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the message at one moment."""

    examination: Examination
    row: Row | None
    """Its transmission, where it lies in the archive."""
    verified_at: datetime | None = None
    """When the verdict was made in front of the user; None for the stored one, which leaves passed checks out."""
    before: Examination | None = None
    """The stored verdict, where the fresh one differs."""
    sent: Examination | None = None
    """Of the message that was sent, where it is in the archive: what a receipt brings back is compared with it."""


class Inspection(QObject):
    """Tells what is known; whoever shows it listens."""

    changed = Signal()
    """`known` is there, or is another."""
    failed = Signal(object)
    """An exception: the message could not be read or examined."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self.desk = desk
        self.known: Known | None = None

    def begin(self) -> None:
        """Find out; also after a failure, once more."""
        raise NotImplementedError

    def raw(self) -> bytes:
        """The exact bytes; for a background thread."""
        raise NotImplementedError

    def reading(self) -> Reading:
        """The mail inside as it may be shown; for a background thread."""
        raise NotImplementedError

    def inside(self) -> Examination | None:
        """The verdict on the mail inside, on that alone; for a background thread."""
        return self.desk.app.inside(self.raw(), self.desk.clock())

    def ask(self, work: Callable[[], Any], then: Callable[[Any], None], failed: Failed | None = None) -> None:
        """Do something off the GUI thread for this message; a failure nobody takes is told by `failed`."""
        self.desk.background.query(work, then, failed or self.failed.emit, owner=self)

    def _know(self, known: Known) -> None:
        self.known = known
        self.changed.emit()


class StoredInspection(Inspection):
    """A message of the archive: the stored verdict first, then the fresh one."""

    def __init__(self, desk: Desk, sha256: str, parent: QObject) -> None:
        super().__init__(desk, parent)
        self.sha256 = sha256
        desk.relay.changed.connect(self._follow)

    def begin(self) -> None:
        if self.known is None:
            stored = self.desk.app.message(self.sha256)
            if stored is None:
                self.failed.emit(StoreError(N_("This message is not in the archive any more.")))
                return
            self._tell(stored.examination)
        now = self.desk.clock()
        self.ask(lambda: self.desk.app.examine_again(self.sha256, now), lambda told: self._verified(told, now))

    def _verified(self, told: Reexamined, now: datetime) -> None:
        if told.unfinished:
            self.failed.emit(
                PecdeskError(
                    N_("The message could not be verified again: it took more time or memory than there is just now."),
                    N_("The verdict shown is the one made before. Try again when the computer is less busy."),
                )
            )
        else:
            self._tell(told.fresh, now, told.stored if told.changed else None)

    def _tell(self, examination: Examination, now: datetime | None = None, before: Examination | None = None) -> None:
        row = row_of(self.desk, examination)
        self._know(Known(examination, row, now, before, sent_of(self.desk, row)))

    def _follow(self, changes: Changes) -> None:
        """The transmission grew or became another: the verdict is the same, its surroundings are not."""
        if self.known is not None and (changes.transmissions or changes.messages):
            row = row_of(self.desk, self.known.examination)
            if row != self.known.row:
                self._know(replace(self.known, row=row, sent=sent_of(self.desk, row)))

    def raw(self) -> bytes:
        return self.desk.app.raw(self.sha256)

    def reading(self) -> Reading:
        return self.desk.app.reading(self.sha256)


class BytesInspection(Inspection):
    """A message that is not taken from the archive: a file, or one that lies inside another."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(desk, parent)
        self._raw = b""
        self.relative: Row | None = None
        """The transmission of the archive that certified data name, where the message itself is not in it."""

    def fetch(self) -> bytes:
        """The bytes, from wherever they are; for a background thread."""
        raise NotImplementedError

    def notes(self) -> tuple[Note, ...]:
        """What is to be said of where it comes from."""
        return ()

    def begin(self) -> None:
        now = self.desk.clock()

        def work() -> tuple[bytes, Known, Row | None]:
            raw = self.fetch()
            examination = self.desk.app.examine_bytes(raw, now)
            noted = replace(examination, notes=tuple(sorted({*examination.notes, *self.notes()})))
            row = row_of(self.desk, noted)
            known = Known(noted, row, now, sent=sent_of(self.desk, row))
            return raw, known, None if row else relative_of(self.desk, noted)

        def then(found: tuple[bytes, Known, Row | None]) -> None:
            self._raw, known, self.relative = found
            self._know(known)

        self.ask(work, then)

    def raw(self) -> bytes:
        return self._raw

    def reading(self) -> Reading:
        return self.desk.app.reading_of(self._raw)


class FileInspection(BytesInspection):
    """A file from outside: examined, not stored."""

    def __init__(self, desk: Desk, path: Path, parent: QObject) -> None:
        super().__init__(desk, parent)
        self.path = path

    def fetch(self) -> bytes:
        return read_file(self.path)

    def notes(self) -> tuple[Note, ...]:
        return (Note.LOCAL_FILE,)


class NestedInspection(BytesInspection):
    """A message that lies inside another: its verdict is about itself alone."""

    def __init__(self, desk: Desk, raw: bytes, title: str, parent: QObject) -> None:
        super().__init__(desk, parent)
        self._raw = raw
        self.title = title

    def fetch(self) -> bytes:
        return self._raw


def row_of(desk: Desk, examination: Examination) -> Row | None:
    """The transmission a message belongs to; of a mail to oneself the side that the message is about."""
    try:
        rows = desk.app.rows_named(examination.sha256)
    except UsageError:
        return None
    wanted = Direction.SENT if examination.kind.is_receipt else Direction.RECEIVED
    fitting = [row for row in rows if row.transmission.direction is wanted]
    return next(iter(fitting or rows), None)


def sent_of(desk: Desk, row: Row | None) -> Examination | None:
    """The examination of the message that was sent, where the archive has it."""
    if row is None or row.transmission.original is not OriginalSource.OWN or row.transmission.original_sha256 is None:
        return None
    stored = desk.app.message(row.transmission.original_sha256)
    return stored.examination if stored is not None else None


def relative_of(desk: Desk, examination: Examination) -> Row | None:
    """The transmission that certified data name; what is only claimed names nothing."""
    if examination.certification is None:
        return None
    wanted = examination.certification.identifier
    try:
        rows = desk.app.rows_named(wanted)
    except UsageError:
        return None
    # An identificativo of digits could be read as a row number.
    return next((row for row in rows if (row.transmission.identifier or "").lower() == wanted.lower()), None)
