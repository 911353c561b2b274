"""Rows without a database, for the list: a desk of fakes that counts what is read."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import cast

from pecdesk.errors import StoreError
from pecdesk.explain import Language, language
from pecdesk.store import Order, Row
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.listing import Listing, listing_of
from tests.unit.pec.pieces import ANNA, copy, delivery, mail, only, receipt

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

SENT = only(receipt(), delivery(ANNA), copy())
RECEIVED = only(mail())


def moment_of(id_: int) -> datetime:
    """Rows of the fake archive lie three hours apart, the higher id the newer."""
    return NOW - timedelta(hours=3 * (1000 - id_))


@dataclass
class FakeApp:
    """Answers for rows, and remembers what it was asked."""

    gone: set[int] = field(default_factory=set)
    fails: bool = False
    subjects: dict[int, str] = field(default_factory=dict)
    asked: list[list[int]] = field(default_factory=list)

    def rows_by_id(self, ids: Collection[int]) -> list[Row]:
        self.asked.append(list(ids))
        if self.fails:
            raise StoreError("The disk is gone.")
        return [self.row(id_) for id_ in ids if id_ not in self.gone]

    def row(self, id_: int) -> Row:
        original = SENT if id_ % 2 else RECEIVED
        subject = self.subjects.get(id_, f"subject {id_}")
        transmission = replace(original, key=str(id_), subject=subject, sent_at=moment_of(id_))
        return Row(id_, transmission, {}, unread=id_ % 4 == 0, attachments=id_ % 3, labels=("R.G. 1",) * (id_ % 5 == 0))


@dataclass
class FakeDesk:
    """What a model wants of a desk."""

    app: FakeApp = field(default_factory=FakeApp)
    language: Language = field(default_factory=lambda: language("en"))

    def clock(self) -> datetime:
        return NOW

    def say(self, message: str, /, **fields: object) -> str:
        return self.language.say(message, **fields)


def fake_desk() -> tuple[Desk, FakeApp]:
    """A desk, and the app on it."""
    fake = FakeDesk()
    return cast(Desk, fake), fake.app


def listing(ids: Iterable[int], order: Order = Order.SUBJECT) -> Listing:
    """What is listed; grouped by day when the order is that of time, in two halves when it is that of need."""
    wanted = array("q", ids)
    if order is Order.NEED:
        return listing_of(wanted, array("d", (2 * row // len(wanted) for row in range(len(wanted)))), order, UTC)
    return listing_of(wanted, array("d", (moment_of(id_).timestamp() for id_ in wanted)), order, UTC)
