"""The parameters of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183, RFC 2231)."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from pecdesk.mime.charset import decode_text
from pecdesk.mime.words import decode_words, single_line, unfold

if TYPE_CHECKING:
    from pecdesk.mime.part import Part

MAX_PARAMETERS = 100
"""Parameters read from one value; the rest is not looked at."""
MAX_FILE_NAME = 1000
"""Characters of a file name; no file system takes a third of it."""

_MAIN = re.compile(r"[^;\s(\"]*+")
# "; name=value", the value quoted or reaching to the next semicolon: an unquoted file name with blanks is common.
_PARAMETER = re.compile(r';\s*+([^\s=;"]++)\s*+=\s*+(?:"((?>(?:[^"\\]|\\.)*))"?|([^;]*+))', re.DOTALL)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_COMMENT = re.compile(r"\s\([^()]*+\)\s*+\Z")
# RFC 2231: name*, name*0, name*0*
_PIECE = re.compile(r"([^*]+)\*(?:(0|[1-9][0-9]{0,2})(\*?))?")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")

Parameters = tuple[tuple[str, str], ...]


def parameters_of(value: bytes | None) -> tuple[str, Parameters]:
    """The leading word ("type/subtype" or disposition), lower case, and the parameters, names lower case, in order.

    Pieces and encodings of RFC 2231 are joined and decoded, and stand before a plain parameter of the same name, as
    RFC 6266 §4.3 wishes. Encoded words in file names are decoded too, against RFC 2047 §5 and as mailers do.
    """
    if value is None:
        return "", ()
    return _read_short(value) if len(value) <= _SHORT else _read(value)


_SHORT = 300
"""Bytes; shorter values are remembered: a message asks for each several times, and receipts resemble each other."""


@lru_cache(maxsize=512)
def _read_short(value: bytes) -> tuple[str, Parameters]:
    return _read(value)


def _read(value: bytes) -> tuple[str, Parameters]:
    text = unfold(value)
    main = _MAIN.match(text.lstrip())
    assert main is not None  # it may match nothing, but it matches
    plain: list[tuple[str, str]] = []
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for match in islice(_PARAMETER.finditer(text), MAX_PARAMETERS):
        name, content, unquoted = match.groups()
        name = name.lower()
        if content is None:
            content = _COMMENT.sub("", unquoted).rstrip()
        elif "\\" in content:
            content = _QUOTED_PAIR.sub(r"\1", content)
        piece = _PIECE.fullmatch(name) if "*" in name else None
        if piece is not None:
            encoded = piece[3] != ""  # "name*" and "name*0*", not "name*0"
            numbered, number = pieces.setdefault(piece[1], {}), int(piece[2] or 0)
            if number in numbered:  # said twice: the parameter then stands twice, for whoever refuses that
                plain.append((piece[1], single_line(content)))
            numbered.setdefault(number, (encoded, content))
        else:
            if name in ("name", "filename"):
                content = decode_words(content)
            plain.append((name, single_line(content)))
    if not pieces:
        return main[0].lower(), tuple(plain)
    joined = [(name, single_line(_join(numbered))) for name, numbered in pieces.items()]
    return main[0].lower(), (*joined, *plain)


def file_name_of(part: Part) -> str | None:
    """The file name a part gives itself, decoded but as sent: it may hold a path or anything else. None without one.

    An endless one is cut: a message may have thousands of parts, and all their names are kept.
    """
    for header, name in (("content-disposition", "filename"), ("content-type", "name")):
        parameters = part.parameters if header == "content-type" else parameters_of(part.value(header))[1]
        for key, value in parameters:
            if key == name and value.strip():
                return value.strip()[:MAX_FILE_NAME]
    return None


def _join(numbered: dict[int, tuple[bool, str]]) -> str:
    """The pieces of one RFC 2231 parameter in the order of their numbers; gaps are closed."""
    charset = ""
    data = []
    for position, (_, (encoded, text)) in enumerate(sorted(numbered.items())):
        if encoded and position == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)  # noqa: PLW2901
        piece = text.encode("utf-8", "replace")
        data.append(_PERCENT.sub(lambda match: bytes.fromhex(match[1].decode()), piece) if encoded else piece)
    return decode_text(b"".join(data), charset)
