"""Fetching what is wanted: newest first over all folders, small messages together, big ones through a file.

This thread fetches while the helper processes examine what came before, and a `Keeper` keeps what they have examined,
some at a time: archive, journal, database, and how far its folder is looked through with the last of it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pecdesk.errors import NetworkError, PecdeskError, ServerError
from pecdesk.examine import Examination
from pecdesk.examiner import Examiner
from pecdesk.store import Arrival, CopyState, Keeper, Reached, ServerCopy
from pecdesk.sync.big import BigMessages
from pecdesk.sync.feed import Feed
from pecdesk.sync.ledger import Ledger
from pecdesk.sync.means import Means, StaleError
from pecdesk.sync.recognising import Recogniser
from pecdesk.sync.refusal import RefusalError
from pecdesk.sync.server import RemoteMessage, Server

FETCHED_AT_ONCE = 50
BYTES_AT_ONCE = 2 << 20
BIG = 1 << 20
"""Bytes from which a message is never whole in this process."""
LARGEST = 150 << 20
"""Bytes from which a message is not fetched at all: PEC providers stop at 100 MB, 137 MB as base64."""

KEPT_FIRST = 50
KEPT_AT_ONCE = 250
KEPT_BYTES = 4 << 20
"""Small enough that what is examined, archived and remembered at one moment is a few megabytes together."""
INBOX_FIRST = 200
"""So many of the newest incoming messages come before everything else."""
GLANCE_SECONDS = 20.0
"""How often a long run looks for new mail."""

_log = logging.getLogger("sync")


@dataclass(frozen=True, slots=True)
class _Parcel:
    """What is kept together."""

    arrivals: Sequence[Arrival]
    reached: Sequence[Reached]
    """How far folders are looked through with that."""
    folder: str
    """Where the last of them lies."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """A small message that was fetched and is new here."""

    feed: Feed
    copy: ServerCopy
    raw: bytes


class Fetching:
    """One run over a server, for one thread. What was fetched when it ends is kept, however it ends."""

    def __init__(
        self,
        ledger: Ledger,
        server: Server,
        means: Means,
        *,
        stopped: Callable[[], bool],
        progress: Callable[[int, str], None],
        glance: Callable[[], Feed | None],
    ) -> None:
        self._ledger = ledger
        self._server = server
        self._means = means
        self._stopped = stopped
        self._progress = progress
        self._glance = glance
        self._feeds: list[Feed] = []
        self._selected: Feed | None = None
        self._letters: list[tuple[_Letter, Examination]] = []
        self._arrivals: list[tuple[Feed, Arrival]] = []
        """Of messages whose bytes are in the archive already."""
        self._finished: list[Feed] = []
        self._bytes = 0
        self._looked_at = means.monotonic()
        self._broken: PecdeskError | None = None
        self._keeper = Keeper(
            ledger.archive, lambda parcel: ledger.remember(parcel.arrivals, parcel.reached), self._is_kept
        )
        self._is_waiting_for_rows = True
        """Whether big messages are put off because nothing is kept yet: the first rows wait for none."""
        self._handed_out = 0
        """Messages asked for."""
        self.done = 0
        """Messages kept."""
        self.renumbered: set[str] = set()
        """Folders that the server numbered anew meanwhile: to be looked at again."""

    @cached_property
    def _recogniser(self) -> Recogniser:
        return Recogniser(self._ledger.store.detached(self._ledger.account), self._ledger.store.archive.path)

    def run(self, feeds: Sequence[Feed]) -> None:
        """Fetch and keep all of it, or until it is stopped. Raises what ended it early."""
        self._feeds = list(feeds)
        self._finished = list(feeds)
        with self._means.examiner(sum(feed.left for feed in feeds)) as examiner, self._keeper:
            big = BigMessages(self._ledger, self._server, self._means, examiner, self._stopped)
            try:
                self._take_all(examiner, big)
                if self._broken is None:  # few messages, and big ones among them
                    self._is_waiting_for_rows = False
                    self._take_all(examiner, big)
            except PecdeskError as error:
                if examiner.is_closed:  # the trust was changed meanwhile: there are other helpers now
                    raise StaleError from error
                raise
        if self._broken is not None:
            raise self._broken

    def _take_all(self, examiner: Examiner, big: BigMessages) -> None:
        """Fetch, have examined and keep what is wanted and not put off."""
        letters = ((letter, letter.raw) for letter in self._fetched(big))
        for letter, examination in examiner.examine_many(letters, self._means.clock()):
            self._letters.append((letter, examination))
            self._bytes += len(letter.raw)
            most = KEPT_AT_ONCE if self._keeper.is_begun else KEPT_FIRST
            if len(self._letters) >= most or self._bytes >= KEPT_BYTES:
                self._keep()
            self._keeper.look()
        self._keep()
        self._keeper.finish()

    # what comes

    def _fetched(self, big: BigMessages) -> Iterator[_Letter]:
        """New small messages, one after the other. Ends where the connection does: what came before is kept first."""
        try:
            while not self._stopped() and (feed := self._next_feed()) is not None:
                yield from self._some(feed, big)
                self._look_for_new_mail()
        except PecdeskError as error:
            self._broken = error

    def _look_for_new_mail(self) -> None:
        if self._means.monotonic() - self._looked_at >= GLANCE_SECONDS:
            self._looked_at = self._means.monotonic()
            self._selected = None
            feed = self._glance()
            if feed is not None:
                self._feeds.insert(0, feed)
                self._finished.append(feed)

    def _next_feed(self) -> Feed | None:
        """The folder with the newest of what is wanted: open, and its next messages described."""
        while True:
            self._feeds = [feed for feed in self._feeds if feed.left]
            feeds = [feed for feed in self._feeds if not (self._puts_off and feed.is_put_off)]
            if not feeds:
                return None
            inbox = next((feed for feed in feeds if feed.is_inbox), None)
            if inbox is not None and self._handed_out < INBOX_FIRST:
                chosen = inbox
            else:
                undescribed = (feed for feed in feeds if not feed.is_described())
                chosen = next(undescribed, None) or max(feeds, key=lambda feed: feed.newest)
            if not self._open(chosen):
                continue
            if not chosen.is_described():
                chosen.describe(self._server)
                continue
            return chosen

    @property
    def _puts_off(self) -> bool:
        return self._is_waiting_for_rows and not self._keeper.is_begun

    def _open(self, feed: Feed) -> bool:
        """Open the folder of a feed; False where it is no longer what it was."""
        if self._selected is feed:
            return True
        self._selected = None
        try:
            status = self._server.select(feed.folder.name)
        except RefusalError:
            status = None
        if status is None or status.uidvalidity != feed.uidvalidity:
            self.renumbered.add(feed.folder.name)
            self._feeds.remove(feed)
            self._finished.remove(feed)
            return False
        self._selected = feed
        return True

    def _some(self, feed: Feed, big: BigMessages) -> Iterator[_Letter]:
        """The next few messages of a feed."""
        messages = feed.take(FETCHED_AT_ONCE, BYTES_AT_ONCE, BIG, puts_off=self._puts_off)
        self._handed_out += len(messages)
        copies = {one.uid: self._ledger.copy(feed.folder, feed.uidvalidity, one) for one in messages}
        recognised = self._recogniser.recognise(messages, self._server)
        if recognised:
            self._is_known(feed, {uid: (copies[uid], sha256) for uid, sha256 in recognised.items()})
        wanted = [one for one in messages if one.uid not in recognised]
        for one in [one for one in wanted if one.size > BIG]:
            self._take_big(feed, one, copies[one.uid], big)
        small = [one for one in wanted if one.size <= BIG]
        if small:
            yield from self._new(feed, copies, self._fetch(feed, small))
        if len(self._arrivals) >= KEPT_AT_ONCE:
            self._add()

    def _fetch(self, feed: Feed, messages: Sequence[RemoteMessage]) -> dict[int, bytes]:
        """The bytes of small messages; of one that is not as long as the server said, those of a second try."""
        raws = self._ask([one.uid for one in messages])
        odd = [one.uid for one in messages if one.uid not in raws or len(raws[one.uid]) != one.size]
        if not odd:
            return raws
        there = self._server.describe(odd)
        again = [uid for uid in odd if uid in there]
        for uid in again:
            # One by one: a message that the server chokes on costs no other.
            raws |= self._ask([uid])
        refused = [uid for uid in again if uid not in raws or (not raws[uid] and there[uid].size)]
        if refused:
            _log.warning("%s: %d messages are not handed out", feed.folder.role or "a folder", len(refused))
            self._refused(feed, [one for one in messages if one.uid in refused])
        gone = [uid for uid in odd if uid not in there]
        feed.open -= len(gone)
        return {uid: raw for uid, raw in raws.items() if uid not in refused and uid not in gone}

    def _ask(self, uids: Sequence[int]) -> dict[int, bytes]:
        """What the server hands out of these, and of nothing else."""
        try:
            return {uid: raw for uid, raw in self._server.fetch(uids) if uid in uids}
        except RefusalError:
            return {}

    def _refused(self, feed: Feed, messages: Sequence[RemoteMessage]) -> None:
        copies = [self._ledger.copy(feed.folder, feed.uidvalidity, one) for one in messages]
        self._ledger.without_message(copies, CopyState.UNFETCHED)
        feed.open -= len(messages)

    def _take_big(self, feed: Feed, message: RemoteMessage, copy: ServerCopy, big: BigMessages) -> None:
        if message.size > LARGEST:
            self._refused(feed, [message])
            return
        try:
            arrival = big.take(feed.folder, copy)
        except NetworkError:
            raise
        except ServerError:
            self._refused(feed, [message])
            return
        if arrival is None:
            feed.open -= 1
            return
        self._recogniser.is_here_again(arrival.examination.size, arrival.examination.sha256)
        self._arrivals.append((feed, arrival))
        self._add()

    def _new(self, feed: Feed, copies: dict[int, ServerCopy], raws: dict[int, bytes]) -> Iterator[_Letter]:
        """Of what was fetched the messages that are not here yet."""
        hashes = {uid: hashlib.sha256(raw).hexdigest() for uid, raw in raws.items()}
        store = self._ledger.store
        known, erased = store.known(hashes.values()), store.erased(hashes.values())
        here: dict[int, tuple[ServerCopy, str]] = {}
        for uid, sha256 in hashes.items():
            if sha256 in erased:
                self._ledger.without_message([copies[uid]], CopyState.ERASED)
                feed.open -= 1
            elif sha256 in known:
                if not store.archive.verify(sha256):
                    with self._ledger.turn():
                        store.mend(raws[uid])
                self._recogniser.is_here_again(len(raws[uid]), sha256)
                here[uid] = (copies[uid], sha256)
        self._is_known(feed, here)
        for uid, sha256 in hashes.items():
            if sha256 not in erased and sha256 not in known:
                yield _Letter(feed, copies[uid], raws[uid])

    def _is_known(self, feed: Feed, found: dict[int, tuple[ServerCopy, str]]) -> None:
        """Messages that are here already lie there, too."""
        stored = self._ledger.store.messages_by_hash({sha256 for _, sha256 in found.values()})
        examinations = {one.examination.sha256: one.examination for one in stored}
        for copy, sha256 in found.values():
            if sha256 in examinations:
                self._arrivals.append((feed, self._ledger.arrival(feed.folder, copy, examinations[sha256])))
            else:  # erased this very moment
                feed.open -= 1

    # what is kept

    def _keep(self) -> None:
        """Have kept what was examined, and how far each folder is looked through with it."""
        letters, self._letters, self._bytes = self._letters, [], 0
        self._add(letters)

    def _add(self, letters: Sequence[tuple[_Letter, Examination]] = ()) -> None:
        arrivals, self._arrivals = self._arrivals, []
        arrivals += [
            (letter.feed, self._ledger.arrival(letter.feed.folder, letter.copy, examination))
            for letter, examination in letters
        ]
        for feed, _ in arrivals:
            feed.open -= 1
        done = [feed for feed in self._finished if feed.is_done]
        self._finished = [feed for feed in self._finished if not feed.is_done]
        reached = [feed.reached for feed in done if feed.reached is not None]
        if arrivals or reached:
            folder = arrivals[-1][0].folder.name if arrivals else ""
            parcel = _Parcel([arrival for _, arrival in arrivals], reached, folder)
            self._keeper.hand_over([letter.raw for letter, _ in letters], parcel)

    def _is_kept(self, parcel: _Parcel) -> None:
        if parcel.arrivals:
            self.done += len(parcel.arrivals)
            self._progress(self.done, parcel.folder)
