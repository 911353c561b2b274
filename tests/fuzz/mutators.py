"""Ways to change an input that know what it is: bytes, the lines and parts of a mail, the elements of DER and of XML.

All draw from the `Random` they are given and nothing else, so that a seed says everything about a run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from pecdesk.trust.der import DerError, Element, encode, read_element

Mutator = Callable[[bytes, Random], bytes]

MAX_BYTES = 200_000

WORDS = (
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\n\n", b"\0", b"\xff", b" ", b"\t", b"--", b":", b";", b"=", b'"', b"\\",
    b"(", b")", b"<", b">", b"@", b",", b"?", b"%", b"'", b"*", b"=?utf-8?B?", b"=?utf-8?Q?=00?=", b"?=", b"=\r\n",
    b"=0D=0A", b"From: ", b"From:", b"Content-Type: multipart/mixed; boundary=",
    b"Content-Type: multipart/signed; boundary=x", b"Content-Type: message/rfc822", b"Content-Type: text/html",
    b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: quoted-printable",
    b"Content-Transfer-Encoding: x-uuencode", b"begin 644 x\n", b"charset=utf-7", b"charset=utf-16",
    b"charset=iso-2022-jp", b"charset=", b"boundary=", b"name*0*=utf-8''%00", b"filename*=",
    b"format=flowed; delsp=yes", b"X-Ricevuta: ", b"avvenuta-consegna", b"accettazione", b"X-Trasporto: ",
    b"posta-certificata", b"errore", b"daticert.xml", b"postacert.eml", b"Subject: ", b"Message-ID: <a@b>",
    b"Date: ", b"Thu, 1 Jan 1970 00:00:60 +1400", b"-0000", b"<!DOCTYPE a>", b"<!ENTITY a 'b'>", b"&a;", b"&#x202e;",
    b"<![CDATA[", b"]]>", b"<?xml version='1.0' encoding='utf-16'?>", b"<msgid><", b"</", b"/>", b"<!--", b"-->",
    b"<style>", b"<a b='", b"\xe2\x80\xae", b"\xcc\x81", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xef\xbb\xbf",
    b"\xc3", b"+2AA-", b"99999999999999999999", b"-1", b"0", b"\x30\x80", b"\x30\x82\xff\xff", b"\x05\x00",
    b"\x00\x00", b"\xa0\x80", b"\x04\x00",
)  # fmt: skip
"""What parsers look for, and what they stumble over."""


def _place(data: bytes, chance: Random) -> int:
    return chance.randrange(len(data) + 1)


def _range(data: bytes, chance: Random) -> tuple[int, int]:
    start = _place(data, chance)
    return start, min(len(data), start + chance.choice((1, 2, 4, 8, 30, 100, 1000)))


def flip_bit(data: bytes, chance: Random) -> bytes:
    """One bit changed."""
    if not data:
        return b"\0"
    at = chance.randrange(len(data))
    return data[:at] + bytes((data[at] ^ (1 << chance.randrange(8)),)) + data[at + 1 :]


def set_byte(data: bytes, chance: Random) -> bytes:
    """One byte changed into any other."""
    if not data:
        return b"\xff"
    at = chance.randrange(len(data))
    return data[:at] + bytes((chance.randrange(256),)) + data[at + 1 :]


def delete(data: bytes, chance: Random) -> bytes:
    """Some bytes taken away."""
    start, end = _range(data, chance)
    return data[:start] + data[end:]


def double(data: bytes, chance: Random) -> bytes:
    """Some bytes repeated, once or many times."""
    start, end = _range(data, chance)
    times = chance.choice((2, 2, 3, 20, 200))
    return data[:start] + data[start:end] * times + data[end:]


def insert_word(data: bytes, chance: Random) -> bytes:
    """A word put in."""
    at = _place(data, chance)
    return data[:at] + chance.choice(WORDS) + data[at:]


def put_word(data: bytes, chance: Random) -> bytes:
    """A word put over what was there."""
    at, word = _place(data, chance), chance.choice(WORDS)
    return data[:at] + word + data[at + len(word) :]


def move(data: bytes, chance: Random) -> bytes:
    """Some bytes moved elsewhere."""
    start, end = _range(data, chance)
    rest = data[:start] + data[end:]
    at = _place(rest, chance)
    return rest[:at] + data[start:end] + rest[at:]


def cut(data: bytes, chance: Random) -> bytes:
    """The end taken away."""
    return data[: _place(data, chance)]


BYTES: tuple[Mutator, ...] = (flip_bit, set_byte, delete, double, insert_word, put_word, move, cut)


def _pieces(data: bytes, chance: Random, pieces: list[bytes], joined: bytes) -> bytes:
    """One piece left out, doubled, swapped, moved, or changed."""
    if not pieces:
        return data
    at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    match chance.randrange(5):
        case 0:
            del pieces[at]
        case 1:
            pieces.insert(other, pieces[at])
        case 2:
            pieces[at], pieces[other] = pieces[other], pieces[at]
        case 3:
            pieces.insert(other, pieces.pop(at))
        case _:
            pieces[at] = chance.choice(BYTES)(pieces[at], chance)
    return joined.join(pieces)


def lines(data: bytes, chance: Random) -> bytes:
    """The lines of a mail rearranged."""
    end = b"\r\n" if b"\r\n" in data else b"\n"
    return _pieces(data, chance, data.split(end), end)


def headers(data: bytes, chance: Random) -> bytes:
    """The lines of one header block rearranged, the outermost most often."""
    blocks = [match.start() for match in re.finditer(rb"(?:\A|\n)[A-Za-z-]+:", data)]
    if not blocks:
        return data
    start = 0 if chance.random() < 0.6 else chance.choice(blocks)
    end = data.find(b"\r\n\r\n", start)
    end = len(data) if end < 0 else end
    block = data[start:end].split(b"\r\n")
    return data[:start] + _pieces(data[start:end], chance, block, b"\r\n") + data[end:]


def parts(data: bytes, chance: Random) -> bytes:
    """The parts of one multipart rearranged."""
    boundaries = re.findall(rb'boundary="?([^";\r\n]+)', data)
    if not boundaries:
        return data
    mark = b"--" + chance.choice(boundaries)
    return _pieces(data, chance, data.split(mark), mark)


def line_ends(data: bytes, chance: Random) -> bytes:
    """One line end, or all, in another form."""
    other = chance.choice((b"\n", b"\r", b"\r\r\n", b"\n\n", b" \r\n"))
    return data.replace(b"\r\n", other, chance.choice((1, 1, 1, -1)))


MAIL: tuple[Mutator, ...] = (*BYTES, lines, headers, headers, headers, parts, line_ends)


def _elements(data: bytes) -> list[Element]:
    """Every element of a DER structure, as far as it can be read."""
    found: list[Element] = []
    waiting: list[Element] = []
    try:
        waiting.append(read_element(data))
    except DerError:
        return found
    while waiting and len(found) < 3000:
        element = waiting.pop()
        found.append(element)
        if element.tag & 0x20:
            try:
                waiting += list(element.children())
            except DerError:
                continue
    return found


def elements(data: bytes, chance: Random) -> bytes:
    """One element of DER changed, left out, doubled or exchanged for another; lengths around it stay right."""
    found = _elements(data)
    if len(found) < 2:
        return flip_bit(data, chance)
    one, other = chance.choice(found[1:]), chance.choice(found[1:])
    content = one.content
    match chance.randrange(9):
        case 0:
            new = b""
        case 1:
            new = one.encoded * 2
        case 2:
            new = other.encoded
        case 3:
            new = encode(one.tag ^ (1 << chance.randrange(8)), content)
        case 4:
            new = encode(one.tag, chance.choice(BYTES)(content, chance))
        case 5:
            new = bytes((one.tag, 0x80)) + content + b"\0\0"
        case 6:
            new = bytes((one.tag, 0x84)) + len(content).to_bytes(4) + content
        case 7:
            new = encode(one.tag, one.encoded)
        case _:
            new = bytes((one.tag, chance.choice((0x80, 0x85, 0xFF, 0x7F, 0x00)))) + content
    return _replaced(data, found[0], one, new)


def _replaced(data: bytes, around: Element, one: Element, new: bytes) -> bytes:
    """The structure with other bytes in the place of one element, and the lengths of all around it adapted."""
    if around.start == one.start and around.end == one.end:
        return data[: around.start] + new + data[around.end :]
    if not around.tag & 0x20:
        return data
    inside = b""
    for child in around.children():
        holds = child.start <= one.start and one.end <= child.end
        inside += _replaced(child.encoded, _moved(child), _moved(one, child.start), new) if holds else child.encoded
    return data[: around.start] + encode(around.tag, inside) + data[around.end :]


def _moved(element: Element, by: int | None = None) -> Element:
    """The same element, its places counted from elsewhere."""
    start = element.start if by is None else by
    return Element(
        element.data[start:],
        element.tag,
        element.start - start,
        element.content_start - start,
        element.content_end - start,
        element.end - start,
    )


DER: tuple[Mutator, ...] = (elements, elements, elements, elements, *BYTES)

_TAG = re.compile(rb"<[^<>]*>")


def tags(data: bytes, chance: Random) -> bytes:
    """The tags of XML, or the texts between them, rearranged."""
    pieces = re.split(rb"(<[^<>]*>)", data)
    return _pieces(data, chance, pieces, b"")


def texts(data: bytes, chance: Random) -> bytes:
    """One text of XML changed."""
    places = [match.end() for match in _TAG.finditer(data)]
    if not places:
        return data
    at = chance.choice(places)
    return data[:at] + chance.choice(WORDS) + data[at:]


XML: tuple[Mutator, ...] = (tags, tags, texts, texts, *BYTES)


def mutated(data: bytes, mutators: Sequence[Mutator], chance: Random) -> bytes:
    """One to six changes in a row."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        data = chance.choice(mutators)(data, chance)[:MAX_BYTES]
    return data
