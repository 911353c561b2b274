"""Keeps an eye on a profile for what is worth telling: new messages, and outcomes that are settled only now."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta

from pecdesk.app.mailbox import Mailbox
from pecdesk.explain.news import Fate, News, fate, news_of
from pecdesk.pec.transmission import State
from pecdesk.store import Changes, Filter, Group, Row

GRACE = timedelta(days=2)
"""How far back something that comes now may have happened and still be news: a provider may deliver a day late."""
LONGEST = timedelta(days=30)
"""How far back at most: who did not look for longer reads the list."""

OVER = frozenset({State.DELIVERED, State.RECEIVED})
"""States of rows to which little more can happen."""


def worth_telling_since(last_told: datetime | None, now: datetime) -> datetime:
    """From when on things are news to whoever looked last at `last_told`, or never."""
    return max(min(last_told or now, now - GRACE), now - LONGEST)


def is_quiet(now: datetime, begin: time | None, end: time | None) -> bool:
    """Whether `now` lies in the quiet hours from `begin` to `end`, which may go past midnight; without both, never."""
    if begin is None or end is None or begin == end:
        return False
    clock = now.time().replace(tzinfo=None)
    return begin <= clock < end if begin < end else clock >= begin or clock < end


class Watch:
    """Compares rows with what was known of them. For one thread at a time; `begin` and `look` read a good deal."""

    def __init__(self, mailbox: Mailbox, since: datetime) -> None:
        self._mailbox = mailbox
        self._since = since
        self._fates: dict[str, Fate] = {}
        self._ids: set[int] = set()

    def begin(self, now: datetime) -> None:
        """Take what is there now as known."""
        for row in self._mailbox.rows_by_id(self._watched(now)):
            self._remember(row)

    def look(self, changes: Changes, now: datetime) -> list[News]:
        """What those changes brought. What was told is known from then on."""
        ids = set(changes.transmissions)
        if changes.everything:
            ids |= self._ids.union(self._watched(now))
        return self._compare(self._mailbox.rows_by_id(sorted(ids)))

    def _watched(self, now: datetime) -> Collection[int]:
        """Rows of which there may be news: whatever is not settled, and whatever is young."""
        ids, moments = self._mailbox.ids_with_moments(Filter(limit=0), now)
        young = bisect_right(moments, -self._since.timestamp(), key=lambda moment: -moment)
        return {*ids[:young], *self._mailbox.ids(Filter(group=Group.WAITING, limit=0), now)}

    def _compare(self, rows: Iterable[Row]) -> list[News]:
        found: list[News] = []
        for row in rows:
            before = self._fates.get(row.transmission.key)
            found += news_of(row.id, before, row.transmission, unread=row.unread, since=self._since)
            self._remember(row)
        return found

    def _remember(self, row: Row) -> None:
        """Of what is old and settled nothing is remembered: it would be the whole archive."""
        transmission = row.transmission
        is_young = transmission.sent_at is None or transmission.sent_at >= self._since
        if transmission.is_believed and (is_young or transmission.state not in OVER):
            self._fates[row.transmission.key] = fate(row.transmission)
            self._ids.add(row.id)
