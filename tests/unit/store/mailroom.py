"""A small mailbox for the tests of the store: real messages, examined in this process, in a profile of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from pecdesk.app.upkeep import index_entries
from pecdesk.demo.draft import original
from pecdesk.demo.forgery import unsigned
from pecdesk.demo.ordinary import ordinary
from pecdesk.examine import Examination, examine
from pecdesk.profile import Profile
from pecdesk.store import Arrival, Changes, Filter, Group, Order, Placement, Row, Store
from tests.kit.messages import (
    EXTERNAL,
    FILES,
    NOW,
    RECIPIENT,
    SECOND,
    SENDER,
    SENT_AT,
    anchors,
    delivery,
    draft,
    provider,
    sending,
)

K = TypeVar("K")


@cache
def examined(raw: bytes) -> Examination:
    return examine(raw, anchors(), now=NOW)


class DirectExaminer:
    """Examines without a helper process."""

    def examine_many(self, messages: Iterable[tuple[K, bytes]]) -> Iterator[tuple[K, Examination]]:
        for key, raw in messages:
            yield key, examined(raw)


@cache
def letters() -> dict[str, bytes]:
    """What arrives in the tests, by a name for each message; no two rows of it are of the same moment."""
    moments = (SENT_AT - timedelta(hours=number) for number in count())
    first = draft("Diffida ad adempiere", attachments=FILES, at=next(moments))
    taken = sending(first)
    second = sending(draft("Àncora: convocazione", recipients=(SECOND,), at=next(moments)))
    soon = taken.accepted_at + timedelta(minutes=1)
    to_us: dict[str, Any] = {"sender": SECOND, "recipients": (SENDER,)}
    incoming = sending(draft("Notificazione", **to_us, attachments=FILES[:1], at=next(moments)), "due")
    other = sending(draft("R: Diffida ad adempiere", **to_us, at=next(moments)), "due")
    mail = draft("Posta ordinaria", sender=EXTERNAL.address, recipients=(SENDER,), at=next(moments))
    second_mail = draft("Altra posta", sender=EXTERNAL.address, recipients=(SENDER,), at=next(moments))
    foreign = sending(draft("Di un altro studio", sender=SECOND, at=next(moments)), "due")
    refused = sending(draft("Altra", at=next(moments)))
    return {
        "copy": original(first),
        "acceptance": provider().acceptance(taken).sealed(),
        "delivery": delivery(taken, by="tre").sealed(),
        "forged": unsigned(provider("tre").non_delivery(taken, RECIPIENT, soon)),
        "second": provider().acceptance(second).sealed(),
        "refused": provider().non_acceptance(refused, "campo To errato").sealed(),
        "envelope": provider("due").envelope(incoming, SENDER).sealed(),
        "answer": provider("due").envelope(other, SENDER).sealed(),
        "ordinary": ordinary(mail),
        "anomaly": provider().anomaly(ordinary(second_mail), second_mail, SENDER, NOW).sealed(),
        "unmatched": provider("due").acceptance(foreign).sealed(),
    }


def sha256_of(name: str) -> str:
    return examined(letters()[name]).sha256


def open_store(root: Path) -> Store:
    """The store of a profile in that folder, with one account."""
    store = Store.open(Profile.open(root))
    store.add_account(SENDER, NOW)
    return store


def receive(store: Store, *names: str, unseen: bool = False, account: str | None = SENDER) -> Changes:
    """Take these letters in, as an import does."""
    raws = [letters()[name] for name in names]
    with store.archive.batch() as archive:
        for raw in raws:
            archive.put(raw)
    place = Placement(account, "", account is not None and not unseen, "import", NOW.isoformat())
    return store.add([Arrival(examined(raw), place, unseen=unseen) for raw in raws])


def rows(store: Store, **wanted: Any) -> list[Row]:
    return store.rows(Filter(**{"limit": 0, **wanted}), NOW)


def row_of(store: Store, name: str) -> Row:
    """The one row that holds this letter, hidden or not."""
    (found,) = [row for row in everything(store) if sha256_of(name) in row.message_ids]
    return found


def everything(store: Store) -> list[Row]:
    return rows(store) + rows(store, group=Group.HIDDEN)


def listing(store: Store) -> dict[str, Any]:
    """All that a list shows, without numbers, which differ from database to database."""
    shown = {row.id: row.transmission for row in everything(store)}
    found: dict[str, Any] = {
        row.transmission.key: (row.transmission, row.unread, row.labels, row.hidden, row.attachments)
        for row in everything(store)
    }
    for group in Group:
        found[group] = sorted(shown[id_].key for id_ in store.ids(Filter(group=group, limit=0), NOW))
    for order in Order:
        # A message in two mailboxes makes two rows of one moment and one subject.
        ids = store.ids(Filter(order=order, limit=0), NOW)
        found[order] = [(shown[id_].sent_at, shown[id_].subject) for id_ in ids]
    groups = store.groups(NOW)
    found["counted"] = (groups.counts, groups.accounts, groups.labels)
    found["messages"] = sorted(sha256 for sha256, _, _ in store.hashes())
    return found


def catch_up(store: Store) -> None:
    """What the app does when it opens a profile."""
    told = store.unapplied()
    index_entries(store, DirectExaminer(), told.entries, lambda _done, _of: None)  # type: ignore[arg-type]
    store.note_journal_applied(told.end)


def rebuilt_listing(profile: Profile) -> dict[str, Any]:
    """What a list shows of a database that is made from archive and journal alone."""
    with Store.open(profile, database=profile.root / "again.db", anew=True) as fresh:
        catch_up(fresh)
        return listing(fresh)
