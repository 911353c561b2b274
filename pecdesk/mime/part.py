"""A piece of a message and where it lies in the bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of byte offsets in the raw message."""

    start: int
    end: int

    def of(self, raw: bytes) -> bytes:
        """The bytes of this span."""
        return raw[self.start : self.end]


class Limit(StrEnum):
    """Which limit stopped the parser."""

    HEADERS = "header-limit"
    DEPTH = "depth-limit"
    PARTS = "part-limit"


class Header(NamedTuple):
    """One header field as it stands in the bytes: name lower-cased, value raw, folding kept."""

    name: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """One MIME entity: headers, body, children, each as a span over the raw bytes.

    `message/rfc822` is a leaf: whoever wants to look inside parses its body as a message of its own, one level
    at a time.
    """

    span: Span
    """Headers and body, without the line end that belongs to the next delimiter (RFC 2046 §5.1.1)."""
    body: Span
    headers: tuple[Header, ...]
    media_type: str
    """Type and subtype, lower case; the default of RFC 2045 §5.2 where none or a broken one is given."""
    parameters: tuple[tuple[str, str], ...]
    """Content-Type parameters in order, names lower-cased, RFC 2231 pieces joined and decoded."""
    children: tuple[Part, ...] = ()
    closed: bool = True
    """False for a multipart whose closing delimiter is missing."""
    limits: frozenset[Limit] = frozenset()
    """Limits hit in this part or below it."""

    def parameter(self, name: str) -> str | None:
        """The first Content-Type parameter of that name."""
        for key, value in self.parameters:
            if key == name:
                return value
        return None

    def values(self, name: str) -> list[bytes]:
        """All raw values of the header `name` (lower case), in order."""
        return [value for key, value in self.headers if key == name]

    def value(self, name: str) -> bytes | None:
        """The first raw value of the header `name` (lower case)."""
        for key, value in self.headers:
            if key == name:
                return value
        return None
