"""What an IMAP server answers, read: lines and blocks become values, and whatever makes no sense is an `AnswerError`.

Bytes in, values out; nothing here reads from a connection. Grammar: RFC 3501 section 9, with what RFC 4315, 6154, 7162
and 9208 add.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

_STATUS = frozenset({b"OK", b"NO", b"BAD", b"BYE", b"PREAUTH"})
_HEAD = re.compile(rb"([0-9]{1,20}) +([A-Za-z-]+)(?: +|$)|([A-Za-z-]+)(?: +|$)")
_CODE = re.compile(rb"\[([A-Za-z0-9-]+)(?: +([^\]]*))?\] ?")
_TOKEN = re.compile(
    rb"""\ *(?:
        (?P<open>\() | (?P<close>\)) |
        "(?P<quoted>[^"\\]*(?:\\.[^"\\]*)*)" |
        (?P<literal>\{[0-9]+\+?\}$) |
        (?P<atom>[^\s()"{\[]*\[[^\]]{0,300}\][^\s()"]*|[^\s()"]+)
    )""",
    re.VERBOSE,
)
_LITERAL = re.compile(rb"\{([0-9]{1,20})\+?\}\Z")
_DATE = re.compile(rb" ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = {
    name: number
    for number, name in enumerate(
        (b"JAN", b"FEB", b"MAR", b"APR", b"MAY", b"JUN", b"JUL", b"AUG", b"SEP", b"OCT", b"NOV", b"DEC"), 1
    )
}
_DEPTH = 20
_TEXT_BYTES = 1 << 18
"""Of the words of one answer that is taken apart; its blocks are not counted."""
_REASON_LETTERS = 200

Token = bytes | None | list["Token"]
"""A word or text; NIL; a list of such."""


class AnswerError(Exception):
    """An answer that makes no sense."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One untagged answer, or the end of a command."""

    kind: str
    """Upper case: OK, NO, BAD, BYE, FETCH, EXISTS, LIST…"""
    number: int | None = None
    """What stands before it: `* 12 EXISTS`."""
    text: bytes = b""
    """The rest of a status, without its code; of anything else the rest of the first line."""
    code: str = ""
    """Of a status: the word in square brackets, upper case."""
    code_text: bytes = b""
    """What follows that word within the brackets."""
    parts: tuple[bytes, ...] = ()
    """Of anything else: text, literal, text, literal … text."""

    @property
    def reason(self) -> str:
        """What the server says for people: printable letters only, and not many."""
        letters = self.text.decode("utf-8", "replace")
        return "".join(letter if letter.isprintable() else " " for letter in letters[:_REASON_LETTERS]).strip()

    def tokens(self) -> list[Token]:
        """The rest of the answer, taken apart."""
        return parse(self.parts)


class SkippedBlock(bytes):
    """Stands for a block that was longer than was wanted, and was not kept."""

    def __new__(cls, size: int) -> SkippedBlock:
        """Stand for so many bytes."""
        made = super().__new__(cls)
        made.size = size
        return made

    size: int


def announced(text: bytes) -> int | None:
    """The length of the block that follows this text; None where none does."""
    found = _LITERAL.search(text)
    return int(found[1]) if found else None


def is_status(text: bytes) -> bool:
    """Whether this is the beginning of a status, whose prose announces nothing whatever it looks like."""
    return text.split(b" ", 1)[0].upper() in _STATUS


def read_answer(parts: tuple[bytes, ...]) -> Answer:
    """An answer from its lines and blocks; the first line without `* ` or its tag, none with its end."""
    first = parts[0]
    head = _HEAD.match(first)
    if head is None:
        raise AnswerError(first[:80])
    number, numbered, named = head.groups()
    kind = (numbered or named).upper()
    rest = first[head.end() :]
    if named and kind in _STATUS:
        code = _CODE.match(rest)
        if code is None:
            return Answer(kind.decode(), text=rest)
        return Answer(
            kind.decode(), text=rest[code.end() :], code=code[1].decode().upper(), code_text=(code[2] or b"").strip()
        )
    return Answer(kind.decode(), int(number) if number else None, rest, parts=(rest, *parts[1:]))


def parse(parts: tuple[bytes, ...]) -> list[Token]:
    """Words, texts and lists of an answer."""
    if sum(map(len, parts[::2])) > _TEXT_BYTES:
        raise AnswerError(parts[0][:80])
    top: list[Token] = []
    stack: list[list[Token]] = [top]
    for index in range(0, len(parts), 2):
        text = parts[index]
        at, end = 0, len(text.rstrip())
        is_announced = False
        while at < end:
            found = _TOKEN.match(text, at, end)
            if found is None:
                raise AnswerError(text[at : at + 80])
            at = found.end()
            kind = found.lastgroup
            if kind == "atom":
                word = found["atom"]
                stack[-1].append(None if word in {b"NIL", b"nil"} else word)
            elif kind == "quoted":
                stack[-1].append(_unquoted(found["quoted"]))
            elif kind == "open":
                inner: list[Token] = []
                stack[-1].append(inner)
                stack.append(inner)
                if len(stack) > _DEPTH:
                    raise AnswerError(text[:80])
            elif kind == "close":
                stack.pop()
                if not stack:
                    raise AnswerError(text[:80])
            else:
                is_announced = True
        if is_announced != (index + 1 < len(parts)):
            raise AnswerError(text[-80:])
        if is_announced:
            stack[-1].append(parts[index + 1])
    if len(stack) != 1:
        raise AnswerError(parts[-1][-80:])
    return top


def fetched(answer: Answer) -> dict[str, Token]:
    """The items of a FETCH answer, by their names in upper case."""
    tokens = answer.tokens()
    if len(tokens) != 1 or not isinstance(tokens[0], list):
        raise AnswerError(answer.text[:80])
    items = tokens[0]
    if len(items) % 2:
        raise AnswerError(answer.text[:80])
    named: dict[str, Token] = {}
    for name, value in zip(items[::2], items[1::2], strict=True):
        if not isinstance(name, bytes):
            raise AnswerError(answer.text[:80])
        named[name.decode("ascii", "replace").upper()] = value
    return named


def number(token: Token | None) -> int:
    """A number of the protocol, below 2 to the 63rd."""
    if not isinstance(token, bytes) or not token.isdigit() or len(token) > 19:
        raise AnswerError(repr(token)[:80])
    return int(token)


def words_of(token: Token) -> list[str]:
    """A list of words, such as flags."""
    if not isinstance(token, list):
        raise AnswerError(repr(token)[:80])
    return [word.decode("ascii", "replace") for word in token if isinstance(word, bytes)]


@lru_cache(maxsize=256)
def _zone(minutes: int) -> timezone:
    return UTC if not minutes else timezone(timedelta(minutes=minutes))


def moment(token: Token) -> datetime | None:
    """An INTERNALDATE, aware; None for one no calendar has."""
    found = _DATE.fullmatch(token) if isinstance(token, bytes) else None
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    offset = (int(hours) * 60 + int(minutes)) * (-1 if sign == b"-" else 1)
    try:
        return datetime(
            int(year), _MONTHS[month.upper()], int(day), int(hour), int(minute), int(second), tzinfo=_zone(offset)
        )
    except (ValueError, KeyError):
        return None


def _unquoted(raw: bytes) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", raw) if b"\\" in raw else raw
