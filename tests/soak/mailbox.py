"""A mailbox in which others do at random what mail clients and administrators do, over a network that fails at random,
kept current by a profile whose user does things, too. Every half minute everything is given time to come to rest, and
the oracle looks: complaints, memory, descriptors. Ends with 1 where there was a complaint.

Run by hand: `python -m tests.soak.mailbox --minutes 60`. Needs Dovecot.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pecdesk.errors import PecdeskError
from pecdesk.store import Filter
from pecdesk.store.database import Database
from pecdesk.sync import waiting, worker
from tests.kit import dovecot
from tests.kit.crash_bench import letter
from tests.kit.fault_proxy import FaultProxy, Plan, Way
from tests.kit.kept_office import KeptOffice
from tests.kit.messages import delivery, draft, provider, sending
from tests.soak.figures import Figures

CHECKED_EVERY = 30.0
NAMES = ("Clienti", "Ricevute", "Pratiche/Rossi", "Archivio & più")
FLAGS = ("\\Seen", "\\Flagged", "$Label1")
FULL = 300
"""Messages from which others rather delete."""


class Soak:
    """Everybody who is at it."""

    def __init__(self, server: dovecot.Dovecot, proxy: FaultProxy, office: KeptOffice, chance: random.Random) -> None:
        self.server = server
        self.proxy = proxy
        self.office = office
        self.chance = chance
        self.done: Counter[str] = Counter()
        self.connections = 0
        self.archived: set[str] = set()
        self.number = 0
        self.uidvalidity = int(time.time())
        self.uids: dict[str, list[int]] = {}
        self.look()

    # what others do

    def look(self) -> None:
        self.uids = {name: [one.uid for one in self.server.messages(name)] for name in self.office.watched()}

    def some(self, most: int = 4) -> tuple[str, list[int]]:
        folder = self.chance.choice([name for name, uids in self.uids.items() if uids] or ["INBOX"])
        there = self.uids[folder]
        return folder, self.chance.sample(there, min(len(there), self.chance.randint(1, most)))

    def append(self) -> None:
        folder = self.chance.choice(["INBOX", "INBOX", *self.uids])
        raws = []
        for _ in range(self.chance.choice((1, 1, 2, 15))):
            self.number += 1
            kind = self.chance.random()
            if kind < 0.05:
                raws.append(letter(self.number, 1_500_000))
            elif kind < 0.15:
                raws.append(letter(self.chance.randint(1, self.number)))  # the same once more
            elif kind < 0.25:
                raws.append(provider().acceptance(sending(draft(f"Diffida {self.number}"))).sealed())
            elif kind < 0.3:
                raws.append(delivery().sealed())
            else:
                raws.append(letter(self.number))
        at = datetime.now(UTC) - timedelta(minutes=self.chance.randint(0, 10_000))
        self.uids[folder] += self.server.append_all(folder, raws, self.chance.choice(((), ("\\Seen",))), at)

    def flag(self) -> None:
        folder, uids = self.some(10)
        if uids:
            self.server.flag(folder, uids, [self.chance.choice(FLAGS)], add=self.chance.random() < 0.7)

    def expunge(self) -> None:
        folder, uids = self.some(60 if sum(map(len, self.uids.values())) > FULL else 3)
        if uids:
            self.server.expunge(folder, uids)
            self.uids[folder] = [uid for uid in self.uids[folder] if uid not in uids]

    def move(self) -> None:
        folder, uids = self.some()
        target = self.chance.choice(list(self.uids))
        if uids and target != folder:
            self.server.move(folder, uids, target)
            self.look()

    def empty(self) -> None:
        folder = self.chance.choice(list(self.uids))
        if self.uids[folder]:
            self.server.expunge(folder, self.uids[folder])
            self.uids[folder] = []

    def rename(self) -> None:
        ours = [name for name in self.uids if name in NAMES]
        free = [name for name in NAMES if name not in self.uids]
        if not free:
            return
        name = self.chance.choice(free)
        if ours and self.chance.random() < 0.5:
            old = self.chance.choice(ours)
            self.server.rename(old, name)
        else:
            self.server.create(name)
        self.look()

    def remove(self) -> None:
        ours = [name for name in self.uids if name in NAMES]
        if ours:
            self.server.remove(self.chance.choice(ours))
            self.look()

    def number_anew(self) -> None:
        self.uidvalidity += 1
        self.server.change_uidvalidity(self.chance.choice(list(self.uids)), self.uidvalidity)
        self.look()

    # what the network does

    def fault(self) -> None:
        way = self.chance.choice(list(Way))
        after = self.chance.choice((0, 50, 400, 2_000, 20_000, 200_000)) + self.chance.randint(0, 500)
        match self.chance.randrange(7):
            case 0:
                self.proxy.cut(is_reset=self.chance.random() < 0.5)
            case 1:
                self.proxy.stall()
            case 2:
                self.server.kick()
            case 3:
                self.proxy.plan(Plan(way, cut_after=after, is_reset=self.chance.random() < 0.5))
            case 4:
                self.proxy.plan(Plan(way, stall_after=after))
            case 5:
                self.proxy.plan(Plan(way, slice_bytes=self.chance.randint(1, 7)))
            case 6:
                self.proxy.plan(Plan(way, slice_bytes=1000, pause=0.002))

    # what the user does

    def mark(self) -> None:
        app = self.office.app
        ids = app.store.ids(Filter(limit=200), datetime.now(UTC))
        if ids:
            chosen = self.chance.sample(ids, min(3, len(ids)))
            app.mark_read(chosen, read=self.chance.random() < 0.7, at=datetime.now(UTC))

    def have_moved(self) -> None:
        app, key = self.office.app, self.office.account.key
        names = [folder.name for folder in app.store.folders(key) if folder.uidvalidity is not None]
        hashes = sorted(self.office.hashes())
        if len(names) > 1 and hashes:
            source, target = self.chance.sample(names, 2)
            app.syncing.move(key, [self.chance.choice(hashes)], source, target)
            self.look()

    def look_now(self) -> None:
        self.office.app.syncing.check_now()

    def act(self) -> None:
        """One thing, by somebody."""
        often: list[tuple[int, Callable[[], None]]] = [
            (30, self.append),
            (20, self.flag),
            (10, self.expunge),
            (8, self.move),
            (1, self.empty),
            (2, self.rename),
            (1, self.remove),
            (2, self.number_anew),
            (8, self.fault),
            (6, self.mark),
            (3, self.have_moved),
            (5, self.look_now),
        ]
        (action,) = self.chance.choices([each for _, each in often], [weight for weight, _ in often])
        try:
            action()
        except (AssertionError, OSError) as error:
            # Somebody else was quicker: the profile moves messages, too.
            self.done[f"{action.__name__} in vain"] += 1
            self.look()
            if "Traceback" in str(error):
                raise
        self.done[action.__name__] += 1

    # what must be true

    def complaints(self) -> list[str]:
        """Let everything come to rest, and look."""
        office = self.office
        office.app.syncing.stop()
        self.proxy._plans.clear()
        found = [f"a bug: {status.state}" for status in office.statuses if _is_bug(status)]
        office.statuses.clear()
        try:
            office.converge(20)
            while asked := office.app.store.emptied(office.account.key):
                office.app.syncing.answer(office.account.key, forget=True, folder=asked[0].folder)
            office.converge(20)
            while office.app.store.pending(office.account.key):
                office.converge(20)
            again = office.app.syncing.sync(dry_run=True)[0].checked.actions
        except PecdeskError as error:
            return [*found, f"it comes to no rest: {error!r}"]
        found += [f"there is still to do: {action}" for action in again]
        found += office.complaints()
        here = office.hashes()
        found += [f"lost: {sha256}" for sha256 in self.archived - here]
        self.archived = here
        self.connections += len(self.proxy.links)
        for link in self.proxy.links:
            link.end()
        self.proxy.links.clear()
        self.proxy._threads[1:] = [thread for thread in self.proxy._threads[1:] if thread.is_alive()]
        self.look()
        _empty_caches(office.app.store.database)
        return found


def _empty_caches(database: Database) -> None:
    """Take away what SQLite remembers of a database that grows: it has a limit of its own."""
    with database._guard:
        readers = [reader._connection for reader in database._readers.values()]
    for connection in (database._writer, *readers):
        connection.execute("PRAGMA shrink_memory")


def _is_bug(status: object) -> bool:
    """Failed, and nobody says why."""
    return getattr(status, "state", None) == "failed" and getattr(status, "trouble", None) is None


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--minutes", type=float, default=60)
    words.add_argument("--seed", type=int, default=int(time.time()))
    chosen = words.parse_args()
    if reason := dovecot.missing():
        sys.exit(reason)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and Dovecot goes with it
    waiting.SHORTEST, waiting.LONGEST = 0.2, 2.0
    worker.LOOK_SECONDS = 5.0
    print(f"seed {chosen.seed}", flush=True)
    wrong = 0
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        server = held.enter_context(dovecot.Dovecot())
        proxy = held.enter_context(FaultProxy(server.plain_port, records=False))
        account = server.account(plain=True, port=proxy.port)
        office = held.enter_context(KeptOffice(folder, server, account=account, timeout=2.0, marks_read_on_server=True))
        soak = Soak(server, proxy, office, random.Random(chosen.seed))
        begun = time.monotonic()
        pause = threading.Event()
        while time.monotonic() - begun < 60 * chosen.minutes:
            until = time.monotonic() + CHECKED_EVERY
            office.app.syncing.start()
            while time.monotonic() < until:
                soak.act()
                pause.wait(soak.chance.random() * 0.3)
            complaints = soak.complaints()
            wrong += len(complaints)
            for complaint in complaints:
                print(f"  {complaint}")
            there = sum(map(len, soak.uids.values()))
            print(
                f"{(time.monotonic() - begun) / 60:6.1f} min {Figures.now()} {there:5} there"
                f" {len(soak.archived):6} here {soak.done.total():6} actions {soak.done['fault']:5} faults"
                f" {soak.connections:5} connections {wrong:3} complaints",
                flush=True,
            )
        print(", ".join(f"{name} {times}" for name, times in soak.done.most_common()))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
