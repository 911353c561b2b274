"""ASN.1 elements as spans over their bytes: a strict reader for BER and DER, and a small writer.

Signatures are judged on exact bytes, so the reader never copies or re-encodes; it accepts indefinite lengths, which CMS
allows, and refuses everything that could be read in two ways (X.690 §8.1, §10.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

INTEGER = 0x02
OCTET_STRING = 0x04
NULL = 0x05
OBJECT_IDENTIFIER = 0x06
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
SEQUENCE = 0x30
SET = 0x31

MAX_DEPTH = 24
"""Nested indefinite lengths beyond this are refused; a signature needs seven."""

MAX_IDENTIFIER_BYTES = 64
"""An object identifier in more bytes is refused; real ones have a dozen."""


class DerError(ValueError):
    """The bytes are not one well-formed element. Never leaves `trust`: it becomes a failed check."""


class Element(NamedTuple):
    """One element: tag byte, where it starts, where its content starts and ends, where the next one starts.

    A named tuple because fifty are made for each message, in a quarter of a data class's time.
    """

    data: bytes
    tag: int
    start: int
    content_start: int
    content_end: int
    end: int

    @property
    def content(self) -> bytes:
        """The content without tag and length."""
        return self.data[self.content_start : self.content_end]

    @property
    def encoded(self) -> bytes:
        """The whole element as it stands in the bytes."""
        return self.data[self.start : self.end]

    def children(self) -> Iterator[Element]:
        """The elements inside, in order."""
        if not self.tag & 0x20:
            raise DerError("a primitive element has nothing inside")
        position = self.content_start
        while position < self.content_end:
            child = read_element(self.data, position, self.content_end)
            yield child
            position = child.end


def read_element(data: bytes, start: int = 0, limit: int | None = None, depth: int = 0) -> Element:
    """Read the element that starts at `start` and must end at or before `limit`."""
    if limit is None:
        limit = len(data)
    if start + 2 > limit:
        raise DerError("an element is cut short")
    tag = data[start]
    if tag & 0x1F == 0x1F or tag == 0:
        raise DerError("a tag that has no place here")
    length = data[start + 1]
    position = start + 2
    if length < 0x80:
        end = position + length
        if end > limit:
            raise DerError("an element reaches beyond its frame")
        return Element(data, tag, start, position, end, end)
    if length == 0x80:
        return _read_indefinite(data, tag, start, limit, depth)
    size = length & 0x7F
    if size > 4:
        raise DerError("a length that cannot be")
    end = position + size + int.from_bytes(data[position : position + size])
    if end > limit:
        raise DerError("an element reaches beyond its frame")
    return Element(data, tag, start, position + size, end, end)


def _read_indefinite(data: bytes, tag: int, start: int, limit: int, depth: int) -> Element:
    if not tag & 0x20:
        raise DerError("a primitive element without a length")
    if depth >= MAX_DEPTH:
        raise DerError("too many elements inside one another")
    position = start + 2
    while True:
        if position + 2 > limit:
            raise DerError("an element without an end")
        if data[position] == 0:
            if data[position + 1]:
                raise DerError("a wrong end marker")
            return Element(data, tag, start, start + 2, position, position + 2)
        position = read_element(data, position, limit, depth + 1).end


def read_only_element(data: bytes) -> Element:
    """Read the element that is all there is in `data`: nothing may follow it."""
    element = read_element(data)
    if element.end != len(data):
        raise DerError("bytes follow the element")
    return element


def expect(element: Element | None, tag: int) -> Element:
    """The element itself, if it is there and has this tag."""
    if element is None or element.tag != tag:
        raise DerError(f"an element with tag 0x{tag:02x} is missing")
    return element


def read_octets(element: Element, tag: int = OCTET_STRING) -> bytes:
    """The bytes of an OCTET STRING, in one piece or, as BER allows, in several."""
    if element.tag == tag:
        return element.content
    if element.tag == tag | 0x20:
        return b"".join(expect(piece, OCTET_STRING).content for piece in element.children())
    raise DerError("an octet string is missing")


def read_object_identifier(element: Element) -> str:
    """An object identifier in dotted form."""
    return _dotted(expect(element, OBJECT_IDENTIFIER).content)


@lru_cache(maxsize=512)
def _dotted(content: bytes) -> str:
    if not content or content[-1] & 0x80 or len(content) > MAX_IDENTIFIER_BYTES:
        raise DerError("an object identifier of a length that cannot be")
    arcs: list[int] = []
    value = 0
    for byte in content:
        if value == 0 and byte == 0x80:
            raise DerError("an object identifier with padding")
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def encode(tag: int, *contents: bytes) -> bytes:
    """One element from its contents, with the shortest length."""
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + length.to_bytes(size) + content


def encode_object_identifier(dotted: str) -> bytes:
    """An object identifier from its dotted form."""
    first, second, *rest = map(int, dotted.split("."))
    encoded = bytearray()
    for arc in (first * 40 + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        encoded += bytes(reversed(groups))
    return encode(OBJECT_IDENTIFIER, bytes(encoded))


def encode_integer(value: int) -> bytes:
    """A whole number, two's complement, shortest."""
    return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, signed=True))


def encode_set(*elements: bytes) -> bytes:
    """A SET OF in DER order (X.690 §11.6)."""
    return encode(SET, *sorted(elements))
