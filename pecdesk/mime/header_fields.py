"""Header fields, written: folded lines, encoded words (RFC 2047), parameters (RFC 2231), addresses, ids, dates.

Whatever is given, one field comes out, or `ComposeError`: nothing in a value can end its line.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from datetime import datetime

from pecdesk.mime.addresses import Address, strict_address

FOLD_AT = 76
"""Signs of a line, where there is a place to break it."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_BLANK = re.compile(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PLAIN_PARAMETER = re.compile(r"[ !#$&-\[\]-~]*")
"""Without quotation marks, backslashes and percent signs."""
_Q_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_PARAMETER_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._")
_WORD_ROOM = 50
"""Signs between the marks of one encoded word, so that no line of them is longer than 76 (RFC 2047 §2)."""
_PIECE_ROOM = 60


class ComposeError(ValueError):
    """These values make no message that may be sent; the text says why, in English. Checks keep users from it."""


def is_mail_address(address: str) -> bool:
    """Whether this can stand in From, To or Cc: one plain ASCII address, nothing else."""
    return address.isascii() and strict_address([address.encode()])[0] == address


def is_message_id(text: str) -> bool:
    """Whether this, with its angle brackets, can stand in a field of ids."""
    return _MESSAGE_ID.fullmatch(text) is not None


def one_line(text: str) -> str:
    """A text as it may stand in a header field: white space of every sort is a blank, nothing in it is a control."""
    return without_controls(_BLANK.sub(" ", text)).strip()


def without_controls(text: str) -> str:
    """The text without control characters, line separators and halves of surrogate pairs."""
    return _CONTROL.sub("", text)


def date_field(moment: datetime) -> str:
    """RFC 5322 §3.3, whatever language the system speaks."""
    offset = moment.strftime("%z")[:5]
    if not offset:
        raise ComposeError("the date has no offset")
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment.day:02} {month} {moment.year:04} {moment:%H:%M:%S} {offset}"


def address_field(name: str, addresses: Sequence[Address]) -> bytes:
    """A field of addresses, each with its display name."""
    tokens: list[str] = []
    for each in addresses:
        if not is_mail_address(each.address):
            raise ComposeError(f"{each.address[:80]!r} is no mail address")
        if tokens:
            tokens[-1] += ","
        tokens += [*_phrase(each.name), f"<{each.address}>"] if each.name else [each.address]
    return folded(name, tokens)


def _phrase(name: str) -> list[str]:
    """A display name: one quoted string, or encoded words where it is not plain or long (RFC 2047 §5)."""
    _check_line(name)
    if name.isascii() and "=?" not in name and len(name) <= _WORD_ROOM:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return [f'"{escaped}"']
    return _encoded_words(name)


def words_of(text: str) -> list[str]:
    """The words of a line of text; all of it encoded where any of it has to be."""
    _check_line(text)
    words = text.split(" ")
    if text.isascii() and "=?" not in text and max(map(len, words)) <= FOLD_AT:
        return words
    return _encoded_words(text)


def _check_line(text: str) -> None:
    if text != one_line(text):
        raise ComposeError(f"{text[:80]!r} is not one line of text")


def _encoded_words(text: str) -> list[str]:
    data = text.encode()
    in_q = sum(1 if byte in _Q_PLAIN or byte == 0x20 else 3 for byte in data) <= len(data) * 4 / 3
    words: list[str] = []
    piece = ""
    for char in text:
        if piece and len(_encoded(piece + char, in_q=in_q)) > _WORD_ROOM:
            words.append(piece)
            piece = ""
        piece += char
    words.append(piece)
    return [f"=?utf-8?{'q' if in_q else 'b'}?{_encoded(word, in_q=in_q)}?=" for word in words]


def _encoded(text: str, *, in_q: bool) -> str:
    data = text.encode()
    if not in_q:
        return binascii.b2a_base64(data, newline=False).decode()
    return "".join("_" if byte == 0x20 else chr(byte) if byte in _Q_PLAIN else f"={byte:02X}" for byte in data)


def checked_ids(ids: Sequence[str]) -> list[str]:
    """Ids of messages as the words of a field."""
    for each in ids:
        if not is_message_id(each):
            raise ComposeError(f"{each[:80]!r} is no message id")
    return list(ids)


def folded(name: str, words: Sequence[str]) -> bytes:
    """One field, broken before words so that its lines stay short; blanks between words remain as they are."""
    lines, line = [], f"{name}:"
    for number, word in enumerate(words):
        # A line of nothing but blanks would end the headers for some; the field begins beside its name.
        if number and word and line.strip() and len(line) + 1 + len(word) > FOLD_AT:
            lines.append(line)
            line = ""
        line += f" {word}"
    line = line.rstrip(" ")
    return "\r\n".join([*lines, line, ""]).encode()


def parameter(name: str, value: str) -> list[str]:
    """One parameter: a quoted string, or in pieces of RFC 2231 where it is not plain or long."""
    if len(value) <= _PIECE_ROOM and _PLAIN_PARAMETER.fullmatch(value) and "=?" not in value:
        return [f'{name}="{value}"']
    signs = [chr(byte) if byte in _PARAMETER_PLAIN else f"%{byte:02X}" for byte in value.encode()]
    pieces = [""]
    for sign in signs:
        if len(pieces[-1]) + len(sign) > _PIECE_ROOM:
            pieces.append("")
        pieces[-1] += sign
    if len(pieces) == 1:
        return [f"{name}*=UTF-8''{pieces[0]}"]
    pieces[0] = f"UTF-8''{pieces[0]}"
    written = [f"{name}*{number}*={piece};" for number, piece in enumerate(pieces)]
    return [*written[:-1], written[-1].removesuffix(";")]
