"""What is in a profile, as a window asks for it: lists, messages, marks, attachments, verdicts made afresh."""

from __future__ import annotations

from array import array
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pecdesk.app.attachments import attachment_bytes
from pecdesk.app.opened import Opened
from pecdesk.app.upkeep import conclusions
from pecdesk.errors import N_, ProfileError, UsageError
from pecdesk.examine import Examination
from pecdesk.store import Filter, Groups, Losses, Row, ServerFolder, StoredMessage, parse_query
from pecdesk.trust import Reason

if TYPE_CHECKING:
    from pecdesk.reading import Reading


@dataclass(frozen=True, slots=True)
class Reexamined:
    """A message examined this moment, beside what was remembered of it."""

    stored: Examination | None
    """None where the message is not kept here."""
    fresh: Examination
    changed: bool
    """Whether the two come to different conclusions."""
    unfinished: bool = False
    """Whether it took more time or memory than there was, though it did not before: the stored one goes on."""


MARK_SECONDS = 2.0
"""How long somebody who marks waits for another process that writes: longer than a synchronisation writes at a time."""

UNFINISHED = frozenset({Reason.TIME_LIMIT, Reason.MEMORY_LIMIT})
"""Reasons that speak of the machine as much as of the message."""


class Mailbox(Opened):
    """A profile to look into. What is called quick may be asked by a window while it draws."""

    # lists

    def accounts(self) -> tuple[str, ...]:
        """Addresses of this profile's mailboxes, in comparable form, sorted. Quick."""
        return tuple(sorted(self.store.accounts()))

    def ids(self, wanted: Filter, now: datetime) -> list[int]:
        """Ids of the rows that fit, in the order wanted."""
        return self.store.ids(wanted, now)

    def ids_with_moments(self, wanted: Filter, now: datetime) -> tuple[array[int], array[float]]:
        """The same with the moment each row is sorted by, in seconds since 1970."""
        return self.store.ids_with_moments(wanted, now)

    def ids_with_urgencies(self, wanted: Filter, now: datetime) -> tuple[array[int], array[float]]:
        """Ids of the rows that fit, in the order of need, and of each its `pecdesk.pec.urgency.Urgency`."""
        return self.store.ids_with_urgencies(wanted, now)

    def rows(self, wanted: Filter, now: datetime) -> list[Row]:
        """Rows that fit, in the order wanted."""
        return self.store.rows(wanted, now)

    def rows_by_id(self, ids: Collection[int]) -> list[Row]:
        """These rows, in the order given; one that is gone is left out. Quick for a page of rows."""
        return self.store.rows_by_id(ids)

    def groups(self, now: datetime) -> Groups:
        """What the side bar counts."""
        return self.store.groups(now)

    def folders(self) -> list[ServerFolder]:
        """The folders of all mail servers, by account and name; `pecdesk.app.folders` makes trees of them."""
        return self.store.server_folders()

    def labels(self) -> tuple[str, ...]:
        """The names of all labels, sorted as words are. Quick."""
        return self.store.labels()

    def search(self, text: str, now: datetime, limit: int = 50) -> list[Row]:
        """Rows that a search finds, newest first."""
        return self.store.rows(Filter(query=parse_query(text), limit=limit), now)

    def rows_named(self, name: str) -> list[Row]:
        """The rows an ID means. Raises `UsageError` when there is none."""
        found = self.store.rows_named(name)
        if not found:
            raise UsageError(
                N_("Nothing here has the ID {id}."),
                N_("An ID is a row number, an identificativo, a Message-ID, or 8 digits of a SHA-256."),
                id=name,
            )
        return found

    # messages

    def messages(self, row: Row) -> list[StoredMessage]:
        """The messages of a row, the original first. Quick."""
        return self.store.messages_by_hash(row.transmission.messages)

    def message(self, sha256: str) -> StoredMessage | None:
        """One message, if it is here. Quick."""
        return next(iter(self.store.messages_by_hash([sha256])), None)

    def raw(self, sha256: str) -> bytes:
        """The bytes of a message; `StoreError` where they are missing or not what they were."""
        return self.store.archive.get(sha256)

    def attachment(self, sha256: str, number: int) -> bytes:
        """The bytes of an attachment, by its place in `examination.attachments`; checked against its hash."""
        message = self.message(sha256)
        if message is None:
            raise UsageError(N_("Nothing here has the ID {id}."), id=sha256)
        return attachment_bytes(self.raw(sha256), message.examination, number)

    def reading(self, sha256: str) -> Reading:
        """What a reader shows of a message, made in the helper process."""
        return self.reading_of(self.raw(sha256))

    def reading_of(self, raw: bytes) -> Reading:
        """The same of bytes that are not kept here."""
        return self.ask(lambda helper: helper.read(raw))

    # verdicts

    def examine_bytes(self, raw: bytes, now: datetime) -> Examination:
        """Examine bytes that are not kept here."""
        return self.ask(lambda helper: helper.examine(raw, now=now))

    def inside(self, raw: bytes, now: datetime) -> Examination | None:
        """Examine the mail inside a receipt or an envelope; None where there is none."""
        return self.ask(lambda helper: helper.inside(raw, now=now))

    def examine_again(self, sha256: str, now: datetime) -> Reexamined:
        """Examine an archived message afresh; a verdict that differs takes the place of the stored one.

        One that could be finished before and not this time is told and not kept: a machine that is busy makes no
        certified message an unverifiable one.
        """
        stored = self.message(sha256)
        fresh = self.examine_bytes(self.raw(sha256), now)
        if stored is None:
            return Reexamined(None, fresh, changed=False)
        if UNFINISHED.intersection(fresh.reasons) and not UNFINISHED.intersection(stored.examination.reasons):
            return Reexamined(stored.examination, fresh, changed=False, unfinished=True)
        changed = conclusions(stored.examination) != conclusions(fresh)
        if changed:
            try:
                with self.writing():
                    self.store.replace([fresh])
            except ProfileError:
                # Another process is writing: the verdict is shown now, and kept when it is made the next time.
                pass
        return Reexamined(stored.examination, fresh, changed)

    # marks

    def mark_read(self, ids: Collection[int], *, read: bool, at: datetime) -> None:
        """Count received rows as read or unread; rows that were sent stay as they are."""
        with self.writing(patience=MARK_SECONDS):
            self.store.mark_read(ids, read=read, at=at)

    def add_label(self, ids: Collection[int], name: str, at: datetime) -> None:
        """Give rows a label. `UsageError` for what cannot be its name."""
        with self.writing(patience=MARK_SECONDS):
            self.store.add_label(ids, name, at)

    def remove_label(self, ids: Collection[int], name: str, at: datetime) -> None:
        """Take a label from rows."""
        with self.writing(patience=MARK_SECONDS):
            self.store.remove_label(ids, name, at)

    def hide(self, ids: Collection[int], at: datetime) -> None:
        """Leave rows out of every list but that of hidden ones, until a new message joins them."""
        with self.writing(patience=MARK_SECONDS):
            self.store.hide(ids, at)

    def unhide(self, ids: Collection[int], at: datetime) -> None:
        """Show rows again."""
        with self.writing(patience=MARK_SECONDS):
            self.store.unhide(ids, at)

    def losses(self, ids: Collection[int]) -> Losses:
        """What erasing these rows for good would take away."""
        return self.store.losses(ids)

    def erase(self, ids: Collection[int], at: datetime) -> Losses:
        """Erase for good the messages that only these rows use."""
        with self.writing(patience=MARK_SECONDS):
            return self.store.erase(ids, at)
