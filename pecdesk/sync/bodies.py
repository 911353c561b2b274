"""The bytes of messages from a server: small ones many at a time, big ones in pieces, none trusted to be whole.

A message counts as fetched when as many bytes came as the server itself had said; one that differs is asked for once
more by itself, because a server may be wrong about sizes and a broken answer comes seldom twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import BinaryIO

from pecdesk.errors import N_, ServerError
from pecdesk.sync.answers import AnswerError, SkippedBlock, Token, fetched, number
from pecdesk.sync.arguments import uid_sets, words
from pecdesk.sync.dialogue import Dialogue
from pecdesk.sync.refusal import RefusalError, SizeError
from pecdesk.sync.wire import LITERAL_LIMIT

log = logging.getLogger("sync")

PIECE = 1 << 20
"""Bytes of a big message that are asked for at a time."""
_BATCH_BYTES = 2 << 20
_BATCH_MESSAGES = 100
_HEADER_MESSAGES = 200
_HEADER_LIMIT = 4 << 20
_MARGIN = 1 << 20
"""Bytes by which a message may be longer than was said and still be read; twice as long it may be, too."""
_FETCH = frozenset({"FETCH"})


def ask(
    dialogue: Dialogue, uids: Collection[int], items: str, *, block_limit: int = 0, octets: int = 64 << 20
) -> Iterator[tuple[int, dict[str, Token]]]:
    """What FETCH says of these UIDs; what it says of others only means news."""
    wanted = frozenset(uids)
    for named in uid_sets(uids):
        reply = dialogue.ask(
            b"UID FETCH",
            named,
            words(items),
            expects=_FETCH,
            lines=10_000 + 4 * len(wanted),
            octets=octets,
            block_limit=block_limit,
        )
        for answer in reply.of("FETCH"):
            said = fetched(answer)
            uid = number(said["UID"]) if "UID" in said else 0
            if uid in wanted:
                yield uid, said
            else:
                dialogue.has_news = True


def headers(dialogue: Dialogue, uids: Collection[int]) -> dict[int, bytes]:
    """The whole header of each."""
    found: dict[int, bytes] = {}
    ordered = sorted(set(uids))
    for at in range(0, len(ordered), _HEADER_MESSAGES):
        batch = ordered[at : at + _HEADER_MESSAGES]
        for uid, said in ask(dialogue, batch, "(UID BODY.PEEK[HEADER])", block_limit=_HEADER_LIMIT):
            raw = said.get("BODY[HEADER]")
            if isinstance(raw, bytes) and not isinstance(raw, SkippedBlock):
                found[uid] = raw
    return found


def batches(sizes: Mapping[int, int]) -> Iterator[dict[int, int]]:
    """UIDs and sizes in portions that do not fill the memory, in the order given."""
    batch: dict[int, int] = {}
    for uid, size in sizes.items():
        if batch and (len(batch) == _BATCH_MESSAGES or sum(batch.values()) + size > _BATCH_BYTES):
            yield batch
            batch = {}
        batch[uid] = size
    if batch:
        yield batch


def whole(dialogue: Dialogue, sizes: Mapping[int, int]) -> dict[int, bytes]:
    """The exact bytes of each, in the order given; what is gone is left out, and what the server will not give.

    For one that is far longer than was said a `SkippedBlock` stands there.
    """
    came = _bodies(dialogue, sizes)
    for uid, size in sizes.items():
        if uid in came and len(came[uid]) != size:
            first, came[uid] = came[uid], _bodies(dialogue, {uid: size}).get(uid, b"")
            log.info(
                "message %d: said to have %d bytes, came with %d, then %d", uid, size, *map(len, (first, came[uid]))
            )
        if uid in came and size and came[uid] == b"" and not isinstance(came[uid], SkippedBlock):
            log.warning("message %d: the server gives nothing of its %d bytes", uid, size)
            del came[uid]
    return {uid: came[uid] for uid in sizes if uid in came}


def into_file(
    dialogue: Dialogue,
    uid: int,
    size: int,
    file: BinaryIO,
    progress: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> int:
    """Write one message to a file, piece by piece; how many bytes came. See `server.Server.fetch_into`."""
    done = 0
    while not cancelled():
        piece = _piece(dialogue, uid, done)
        file.write(piece)
        done += len(piece)
        if piece:
            progress(done)
        if done > LITERAL_LIMIT:
            raise SizeError(uid=uid, said=size, came=done)
        # A piece that is short before the end was reached is no proof that there is no more: the next one tells.
        if not piece or (done == size and len(piece) < PIECE):
            if done != size:
                raise SizeError(uid=uid, said=size, came=done)
            return done
    return done


def _bodies(dialogue: Dialogue, sizes: Mapping[int, int]) -> dict[int, bytes]:
    longest = min(LITERAL_LIMIT, 2 * max(sizes.values()) + _MARGIN)
    budget = 2 * (sum(sizes.values()) + longest) + LITERAL_LIMIT
    found: dict[int, bytes] = {}
    for uid, said in ask(dialogue, sizes, "(UID BODY.PEEK[])", block_limit=longest, octets=budget):
        raw = said.get("BODY[]")
        if isinstance(raw, bytes):
            found.setdefault(uid, raw)
        elif "BODY[]" in said:
            log.warning("message %d: the server gives nothing of its %d bytes", uid, sizes[uid])
    return found


def _piece(dialogue: Dialogue, uid: int, begin: int) -> bytes:
    items = f"(UID BODY.PEEK[]<{begin}.{PIECE}>)"
    names = {f"BODY[]<{begin}>", *(["BODY[]"] if not begin else [])}
    is_there = False
    for _, said in ask(dialogue, [uid], items, block_limit=PIECE, octets=4 * PIECE):
        for name in names & said.keys():
            is_there = True
            raw = said[name]
            if isinstance(raw, SkippedBlock):
                raise AnswerError(b"more than was asked for")
            if isinstance(raw, bytes):
                return raw
    if is_there or begin:
        raise ServerError(
            N_("The server gives message {uid} only up to byte {begin}."),
            N_("If this goes on, tell the provider."),
            uid=uid,
            begin=begin,
        )
    raise RefusalError(N_("Message {uid} is no longer on the server."), code="NONEXISTENT", uid=uid)
