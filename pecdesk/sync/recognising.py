"""Messages that are here already, found again under another UID or in another folder without fetching them.

After UIDVALIDITY changed or a folder was renamed, every UID is new and hardly any message is. One counts as recognised
when its whole header is byte for byte that of an archived message of the same size which this very server held and
which lies in none of its folders any more. Where that could mean two messages, or the header has no Message-ID, it is
fetched: then its SHA-256 decides.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from pecdesk.sync.server import RemoteMessage, Server

_HAS_ID = re.compile(rb"^message-id[ \t]*:[ \t]*(?:\r?\n[ \t]+)*<[^>\s]+>", re.IGNORECASE | re.MULTILINE)
_END = re.compile(rb"\r?\n\r?\n")
_LONGEST_HEADER = 1 << 18


def header_of(raw: bytes) -> bytes:
    """The header with the empty line that ends it, as the server gives it for BODY[HEADER]."""
    if raw.startswith((b"\r\n", b"\n")):
        return raw[: raw.index(b"\n") + 1]
    end = _END.search(raw)
    return raw[: end.end()] if end else raw


class Recogniser:
    """Recognises messages among those that an account's server held and that lie nowhere there any more."""

    def __init__(self, detached: dict[int, list[str]], path_of: Callable[[str], Path]) -> None:
        self._detached = detached
        """SHA-256s by size."""
        self._path_of = path_of
        self._headers: dict[str, bytes | None] = {}

    def recognise(self, messages: Sequence[RemoteMessage], server: Server) -> dict[int, str]:
        """SHA-256 by UID of those that are here already. Their folder must be open."""
        possible = [one for one in messages if self._detached.get(one.size)]
        if not possible:
            return {}
        there = {
            uid: _digest(header)
            for uid, header in server.headers([one.uid for one in possible]).items()
            if len(header) <= _LONGEST_HEADER and _HAS_ID.search(header)
        }
        times = Counter((one.size, there.get(one.uid)) for one in possible)
        found: dict[int, str] = {}
        for one in possible:
            wanted = there.get(one.uid)
            if wanted is None or times[one.size, wanted] > 1:
                continue
            alike = [sha256 for sha256 in self._detached[one.size] if self._header(sha256) == wanted]
            if len(alike) == 1:
                found[one.uid] = alike[0]
                self._detached[one.size].remove(alike[0])
        return found

    def is_here_again(self, size: int, sha256: str) -> None:
        """A message was fetched and found to be one of them."""
        if sha256 in self._detached.get(size, ()):
            self._detached[size].remove(sha256)

    def _header(self, sha256: str) -> bytes | None:
        """Digest of an archived message's header; None where the message is not in the archive."""
        if sha256 not in self._headers:
            try:
                with self._path_of(sha256).open("rb") as file:
                    self._headers[sha256] = _digest(header_of(file.read(_LONGEST_HEADER)))
            except OSError:
                self._headers[sha256] = None
        return self._headers[sha256]


def _digest(header: bytes) -> bytes:
    return hashlib.sha256(header).digest()
