"""Mail addresses: read leniently for display, strictly where an identity hangs on one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pecdesk.mime.words import decode_words, single_line, unfold

MAX_ADDRESSES = 1000
"""Addresses read from one header field; the rest is not looked at."""


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox as somebody wrote it. Nothing about it is proven."""

    address: str
    """Without angle brackets and white space; empty where a name stands alone ("MAILER-DAEMON")."""
    name: str = ""


# Every alternative takes at least one character and none can be entered twice for the same text, so that the scan is
# linear. An angle bracket without its partner is skipped like any other stray sign.
_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]++)
    |   (?P<word>=\?[^?\s]{1,64}\?[BbQq]\?[^?\s]*+\?= | (?>(?:[^\s"(),;:<>\[\]=] | =(?!\?) | \[[^\[\]\s]*+\])+))
    |   "(?P<quoted>(?>(?:[^"\\]|\\.)*))"?
    |   <(?P<angle>(?>(?:[^"<>]|"[^"<>]*+")*))>
    |   \((?P<comment>)
    |   (?P<end>[,;])
    |   (?P<colon>:)
    |   .""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT_TOKEN = re.compile(r"[^()\\]++|\\.|[()\\]", re.DOTALL)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)


def addresses_of(value: bytes | None) -> tuple[Address, ...]:
    """The mailboxes of one address header, for display and for lists of recipients.

    Groups are dissolved, comments serve as names where no other is given, missing commas and stray brackets are
    forgiven ("dp.x@y>"), blanks around the dots of a domain removed ("pct@pec. dom", both seen in certified mail).
    Never decide about an identity with this; see `strict_address`.
    """
    if value is None:
        return ()
    return _read_short(value) if len(value) <= _SHORT else _read(value)


_SHORT = 300
"""Bytes; shorter values are remembered: the owner of a mailbox stands in all its mail, as its providers do."""


@lru_cache(maxsize=512)
def _read_short(value: bytes) -> tuple[Address, ...]:
    return _read(value)


def _read(value: bytes) -> tuple[Address, ...]:
    return _Reader(unfold(value)).read()


class _Reader:
    """One pass over an address list."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: list[Address] = []
        self._words: list[str] = []
        self._bare: str = ""
        self._angle: str | None = None
        self._comment = ""

    def read(self) -> tuple[Address, ...]:
        position = 0
        while position < len(self._text) and len(self._found) < MAX_ADDRESSES:
            match = _TOKEN.match(self._text, position)
            assert match is not None  # the last alternative takes anything
            position = match.end()
            match match.lastgroup:
                case "word":
                    self._word(match["word"])
                case "quoted":
                    self._name(_QUOTED_PAIR.sub(r"\1", match["quoted"]))
                case "angle":
                    self._bracket(match["angle"])
                case "comment":
                    position = self._skip_comment(position)
                case "end":
                    self._flush()
                case "colon":  # what stood before it names a group
                    self._words.clear()
                case _:
                    pass
        self._flush()
        return tuple(self._found[:MAX_ADDRESSES])

    def _word(self, word: str) -> None:
        if self._bare and (self._bare[-1] in ".@" or word[0] in ".@"):
            self._bare += word
        elif "@" in word and not word.startswith("=?"):
            if word[0] == "@" and self._words and self._angle is None:
                word = self._words.pop() + word
            if self._bare or self._angle is not None:
                self._flush()
            self._bare = word
        else:
            self._name(word)

    def _name(self, text: str) -> None:
        if self._bare or self._angle is not None:
            self._flush()
        self._words.append(text)

    def _bracket(self, content: str) -> None:
        if self._angle is not None:
            self._flush()
        if self._bare:  # "a@x <b@y>": what stands before the bracket is a name, whatever it looks like
            self._words.append(self._bare)
            self._bare = ""
        self._angle = content

    def _skip_comment(self, position: int) -> int:
        depth = 1
        start = position
        while depth and (match := _COMMENT_TOKEN.match(self._text, position)):
            position = match.end()
            depth += {"(": 1, ")": -1}.get(match[0], 0)
        if not self._comment:
            self._comment = self._text[start : position - (depth == 0)]
        return position

    def _flush(self) -> None:
        address = self._bare if self._angle is None else self._angle
        if address.startswith("@"):  # the source route of RFC 5322 §4.4
            address = address.rpartition(":")[2]
        address = single_line("".join(address.split()))
        name = single_line(decode_words(" ".join(self._words) or (self._comment if address else ""))).strip()
        if address or name:
            self._found.append(Address(address, name))
        self._words.clear()
        self._bare = ""
        self._angle = None
        self._comment = ""


_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++"
_LABEL = r"[A-Za-z0-9]++(?>(?:-++[A-Za-z0-9]++)*)"
_ADDRESS = rf"{_ATOM}(?>(?:\.{_ATOM})*)@{_LABEL}(?>(?:\.{_LABEL})*)"
# A display name: atoms, dots (RFC 5322 §4.1) and quoted strings; so no "@", "<", "," or "(" outside quotes.
_NAME = rf"(?>(?:[ \t]|\.|{_ATOM}|\"(?>(?:[\t\x20-\x21\x23-\x5b\x5d-\x7e]|\\[\t\x20-\x7e])*)\")*)"
_MAILBOX = rf"(?:{_NAME}<{_ADDRESS}>|[ \t]*+{_ADDRESS})[ \t]*+"
_ONE = re.compile(rf"(?:{_NAME}<({_ADDRESS})>|[ \t]*+({_ADDRESS}))[ \t]*+")
_SEVERAL = re.compile(rf"{_MAILBOX}(?>(?:,{_MAILBOX})+)")

_MAX_ADDRESS = 254


def strict_address(values: Sequence[bytes]) -> tuple[str | None, str | None]:
    """The one address of a From header that may stand for an identity, or the reason why there is none.

    `values` are all From fields of the message. Exactly one field with one mailbox is accepted: a dot-atom, "@" and
    a domain in plain ASCII, with or without a display name in front, which is ignored. No group, comment, source
    route, encoded word or control character. A quoted name may hold anything: certified mail is sent as
    "Per conto di: somebody@domain" <posta-certificata@provider> (RFC 6109 §3.1.5).

    The reason is "from-missing", "from-not-single" or "from-malformed". The address keeps its case.
    """
    if not values:
        return None, "from-missing"
    if len(values) > 1:
        return None, "from-not-single"
    if not values[0].strip():
        return None, "from-missing"
    text = unfold(values[0])
    match = _ONE.fullmatch(text)
    if match is None:
        return None, "from-not-single" if _SEVERAL.fullmatch(text) else "from-malformed"
    address = match[1] or match[2]
    # "=?" begins an encoded word, which has no place in an address (RFC 2047 §5) and is how Mailsploit hid another one.
    if "=?" in address or len(address) > _MAX_ADDRESS:
        return None, "from-malformed"
    return address, None


def strict_addresses(value: bytes) -> tuple[str, ...] | None:
    """The addresses of one To or Cc field as every reader of it must see them; None where readers might differ.

    Each stands as `strict_address` would take it, with commas between; nothing else.
    """
    text = unfold(value)
    found: list[str] = []
    position = -1
    while position < len(text) and len(found) < MAX_ADDRESSES:
        match = _ONE.match(text, position + 1)
        if match is None:
            return None
        position = match.end()
        address = match[1] or match[2]
        if "=?" in address or len(address) > _MAX_ADDRESS or text[position : position + 1] not in ("", ","):
            return None
        found.append(address)
    return tuple(found) if position == len(text) else None
