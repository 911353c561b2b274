"""The oracle: what must be true of a profile and its mail server after any run, whatever went wrong in between.

I1 every message of the server is here once, byte for byte; I2 nothing here claims what the server lacks, but what is
marked as removed from it; I3 nothing was left twice at the provider; I4 the database is sound and every row's message
lies in the archive under its hash; I5 nothing is certified without its bytes; I6 nothing half-written is left.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from pecdesk.pec.standing import Standing
from pecdesk.profile import Profile
from pecdesk.store import Store
from pecdesk.store.messages import IMAP


@dataclass(frozen=True)
class OnServer:
    """One message in one folder of the server."""

    raw: bytes
    flags: frozenset[str]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()


ServerFolders = Mapping[str, Mapping[int, OnServer]]
"""The folders that are watched, and in each the messages by UID."""


def complaints(
    profile: Profile,
    store: Store,
    account: str,
    server: ServerFolders,
    *,
    kept: Collection[str] = (),
    erased: Collection[str] = (),
    sent: Iterable[bytes] = (),
) -> list[str]:
    """What is not as it must be.

    `kept`: names of folders of which the user said that nothing counts as removed. `erased`: SHA-256 of messages that
    the user erased here for good. `sent`: what the provider's SMTP side has durably stored.
    """
    return [
        *_mirrored(store, account, server, erased),
        *_claimed(store, account, server, kept),
        *_sent_twice(sent),
        *_sound(profile, store),
        *_certified_without_bytes(store),
        *_left_over(profile),
    ]


def _mirrored(store: Store, account: str, server: ServerFolders, erased: Collection[str]) -> Iterator[str]:
    """I1."""
    here = _copies(store, account)
    for folder, messages in server.items():
        for uid, message in messages.items():
            sha256, flags = here.pop((folder, uid), (None, ""))
            if message.sha256 in erased:
                continue
            if sha256 != message.sha256:
                yield f"I1: {folder}/{uid} is here as {sha256}"
            elif frozenset(flags.split()) != message.flags - {"\\Recent"}:
                yield f"I1: {folder}/{uid} is marked {flags!r} here and {sorted(message.flags)} there"
            elif message.sha256 not in store.archive:
                yield f"I1: {folder}/{uid} is not in the archive"
    counted = Counter(sha256 for sha256, _, _ in store.hashes())
    yield from (f"I1: {sha256} is here {times} times" for sha256, times in counted.items() if times > 1)
    yield from (f"I2: {folder}/{uid} is not on the server" for folder, uid in here)


def _claimed(store: Store, account: str, server: ServerFolders, kept: Collection[str]) -> Iterator[str]:
    """I2."""
    there = {(folder, one.sha256) for folder, messages in server.items() for one in messages.values()}
    for sha256, folder, removed_at in _asked(
        store,
        "SELECT g.sha256, p.folder, p.removed_at FROM placement AS p JOIN message AS g ON g.id = p.message"
        f" WHERE p.account = ? AND p.source = '{IMAP}'",
        (account,),
    ):
        is_there = (folder, sha256) in there
        if is_there and removed_at is not None:
            yield f"I2: {sha256} counts as removed from {folder} and is there"
        if not is_there and removed_at is None and folder not in kept:
            yield f"I2: {sha256} is said to be in {folder} and is not"


def _sent_twice(sent: Iterable[bytes]) -> Iterator[str]:
    """I3."""
    named = Counter(
        found[1]
        for raw in sent
        if (found := re.search(rb"^Message-ID:\s*(\S+)", raw, re.IGNORECASE | re.MULTILINE)) is not None
    )
    yield from (f"I3: {name!r} was left {times} times" for name, times in named.items() if times > 1)


def _sound(profile: Profile, store: Store) -> Iterator[str]:
    """I4."""
    found = store.database.check()
    if found is not None:
        yield f"I4: {found}"
    yield from (f"I4: {row} points at nothing" for row in _asked(store, "PRAGMA foreign_key_check"))
    known = {sha256 for sha256, _, _ in store.hashes()}
    yield from (f"I4: {sha256} is not in the archive as it was" for sha256 in known if not store.archive.verify(sha256))
    if store.unapplied().entries:
        yield "I4: the journal tells what the database has not heard of"
    if (torn := store.journal.check()).damaged or torn.torn:
        yield f"I4: the journal is damaged: {torn}"
    unknown = set(store.archive.all()) - known
    yield from (f"I4: {sha256} lies in the archive and nowhere else" for sha256 in unknown)


def _certified_without_bytes(store: Store) -> Iterator[str]:
    """I5."""
    for sha256, _, _ in store.hashes():
        (message,) = store.messages_by_hash([sha256])
        path = store.archive.path(sha256)
        is_whole = path.is_file() and path.stat().st_size == message.examination.size
        if message.examination.standing is Standing.CERTIFIED and not is_whole:
            yield f"I5: {sha256} is certified and not whole"


def _left_over(profile: Profile) -> Iterator[str]:
    """I6."""
    left = [*profile.archive.rglob(".*.tmp"), *profile.incoming.glob(".*"), *profile.root.glob(".*.new")]
    yield from (f"I6: {path.name} was left behind" for path in left)


def _asked(store: Store, question: str, values: tuple[object, ...] = ()) -> list[Any]:
    with closing(sqlite3.connect(f"{store.database.path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(question, values).fetchall()


def _copies(store: Store, account: str) -> dict[tuple[str, int], tuple[str | None, str]]:
    return {
        (folder, uid): (sha256, flags)
        for folder, uid, sha256, flags in _asked(
            store,
            "SELECT f.name, c.uid, g.sha256, c.flags FROM copy AS c JOIN folder AS f ON f.id = c.folder"
            " LEFT JOIN message AS g ON g.id = c.message"
            " WHERE f.account = ? AND c.uidvalidity = f.uidvalidity AND c.state IN ('here', 'erased')",
            (account,),
        )
    }
