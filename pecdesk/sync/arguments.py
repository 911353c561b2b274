"""What is said to an IMAP server, piece by piece: the one place where an argument becomes bytes of a command.

NUL, CR and LF are refused in every argument, whatever it is for: with one of them, a folder's name or a password would
be a command of its own. Only a message's own bytes pass, announced by their length.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pecdesk.errors import N_, ServerError

_FORBIDDEN = re.compile(rb"[\x00\r\n]")
_FLAG = re.compile(r"\\?[!#$&'+,\-./0-9:;<=>?@A-Z^_`a-z|}~]+")
_OUR_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.!#$&'*+/=?^_`{|}~-]{1,128}@[A-Za-z0-9.-]{1,128}>")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SET_BYTES = 4000
"""Of the longest set of UIDs in one command: some servers take lines of 8 kB only (RFC 7162 section 4)."""


class ArgumentError(ServerError):
    """An argument that cannot be said to a server; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Bytes that are announced by their length."""

    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Prompted:
    """A line of its own that waits until the server asks for it. Never shown: it may be a password."""

    raw: bytes = field(repr=False)


Piece = bytes | Literal | Prompted


def checked(raw: bytes) -> bytes:
    """The same bytes, if they may stand in a command."""
    if _FORBIDDEN.search(raw):
        raise ArgumentError(N_("A name or a password contains a line break, and cannot be sent to a server."))
    return raw


def words(text: str) -> bytes:
    """Words of the protocol, written by us."""
    return checked(text.encode("ascii"))


def string(value: bytes | str) -> Piece:
    """Any text: quoted where it is ASCII, else announced by its length."""
    raw = checked(value.encode() if isinstance(value, str) else value)
    if not raw.isascii():
        return Literal(raw)
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def flag_list(flags: Collection[str]) -> bytes:
    """Flags and key words, in brackets."""
    for flag in flags:
        checked(flag.encode())
        if not _FLAG.fullmatch(flag):
            raise ArgumentError(N_("No message can be marked with “{flag}”."), flag=flag)
    return f"({' '.join(sorted(flags))})".encode()


def date_time(at: datetime) -> bytes:
    """A moment, which must be aware (RFC 3501, date-time)."""
    if at.tzinfo is None:
        raise ValueError(at)
    at = at.astimezone(UTC)
    return f'"{at.day:02d}-{_MONTHS[at.month - 1]}-{at.year:04d} {at:%H:%M:%S} +0000"'.encode()


def our_message_id(message_id: str) -> bytes:
    """An id of our own making, quoted; anything else is refused: a search is never made of a mail's text."""
    checked(message_id.encode())
    if not _OUR_MESSAGE_ID.fullmatch(message_id):
        raise ArgumentError(N_("This is not a message identifier of this program’s making."))
    return b'"' + message_id.encode() + b'"'


def uid_sets(uids: Collection[int]) -> Iterator[bytes]:
    """UIDs as sets of ranges, none longer than a server takes in one line."""
    pieces: list[str] = []
    length = 0
    for first, last in _ranges(sorted(set(uids))):
        piece = str(first) if first == last else f"{first}:{last}"
        if length + len(piece) + 1 > _SET_BYTES:
            yield ",".join(pieces).encode()
            pieces, length = [], 0
        pieces.append(piece)
        length += len(piece) + 1
    if pieces:
        yield ",".join(pieces).encode()


def uids_of_set(raw: bytes, limit: int) -> list[int]:
    """The UIDs a server's set stands for, in its order; empty where it makes no sense or is longer than `limit`."""
    uids: list[int] = []
    for piece in raw.split(b","):
        first, colon, last = piece.partition(b":")
        if not first.isdigit() or (colon and not last.isdigit()) or len(piece) > 24:
            return []
        begin, end = int(first), int(last or first)
        if len(uids) + abs(end - begin) >= limit:
            return []
        uids.extend(range(min(begin, end), max(begin, end) + 1))
    return uids


def _ranges(uids: list[int]) -> Iterator[tuple[int, int]]:
    if uids and not 0 < uids[0] <= uids[-1] < 1 << 32:
        raise ValueError((uids[0], uids[-1]))
    at = 0
    while at < len(uids):
        end = at
        while end + 1 < len(uids) and uids[end + 1] == uids[end] + 1:
            end += 1
        yield uids[at], uids[end]
        at = end + 1
