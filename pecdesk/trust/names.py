"""Names in certificates: comparing, showing and limiting them.

Directory names compare without regard to case, spacing and string type (RFC 5280 §7.1), mail addresses without regard
to case. Name constraints follow RFC 5280 §4.2.1.10.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import TypeVar

from pecdesk.trust.der import (
    SEQUENCE,
    SET,
    DerError,
    Element,
    encode,
    encode_object_identifier,
    encode_set,
    expect,
    read_object_identifier,
    read_only_element,
)

TYPE_NAMES = {
    "2.5.4.3": "CN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.97": "organizationIdentifier",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "emailAddress",
}
EMAIL_ADDRESS = "1.2.840.113549.1.9.1"
_TYPES = {name.lower(): identifier for identifier, name in TYPE_NAMES.items()}

_CODECS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be", 0x1C: "utf-32-be"}
_UTF8_STRING = 0x0C

T = TypeVar("T")

Attribute = tuple[str, str]
Name = tuple[tuple[Attribute, ...], ...]
"""Relative names, root first, each a sorted tuple of (type, value)."""


def read_name(element: Element) -> Name:
    """The relative names of a directory name, root first, with their values as text."""
    return tuple(
        tuple(sorted(_read_attribute(attribute) for attribute in expect(relative, SET).children()))
        for relative in expect(element, SEQUENCE).children()
    )


def _read_attribute(element: Element) -> Attribute:
    try:
        kind, value = expect(element, SEQUENCE).children()
    except ValueError as error:
        raise DerError("a name with a malformed attribute") from error
    codec = _CODECS.get(value.tag)
    if codec is None:
        return read_object_identifier(kind), "#" + value.encoded.hex()
    try:
        return read_object_identifier(kind), value.content.decode(codec)
    except UnicodeDecodeError as error:
        raise DerError("a name that is not text") from error


@lru_cache(maxsize=1024)
def parse_name(encoded: bytes) -> Name:
    """The directory name in these bytes (DER)."""
    return read_name(read_only_element(encoded))


def prepared(name: Name) -> Name:
    """The form in which two names are the same if they mean the same."""
    return tuple(tuple(sorted((kind, _prepare(value)) for kind, value in relative)) for relative in name)


@lru_cache(maxsize=1024)
def prepared_name(encoded: bytes) -> Name:
    """The comparable form of the directory name in these bytes (DER)."""
    return prepared(parse_name(encoded))


_MAX_NORMALISED = 1000
"""Characters; NFKC takes the square of a row of combining marks. RFC 5280 stops at 64 (appendix A.1)."""


def _prepare(value: str) -> str:
    normal = unicodedata.normalize("NFKC", value) if len(value) <= _MAX_NORMALISED else value
    return re.sub(" +", " ", normal.casefold().strip(" "))


def same_name(one: bytes, other: bytes) -> bool:
    """Two directory names (DER) mean the same."""
    return one == other or prepared_name(one) == prepared_name(other)


@lru_cache(maxsize=1024)
def name_text(encoded: bytes) -> str:
    """The directory name as RFC 4514 writes it: most specific first."""
    return ",".join(
        "+".join(f"{TYPE_NAMES.get(kind, kind)}={_escape(value)}" for kind, value in relative)
        for relative in reversed(parse_name(encoded))
    )


def _escape(value: str) -> str:
    if value.startswith("#"):
        return value
    escaped = re.sub(r'([,+"\\<>;])', r"\\\1", value)
    escaped = "".join(f"\\{ord(c):02X}" if ord(c) < 0x20 or ord(c) == 0x7F else c for c in escaped)
    if escaped.startswith(" "):
        escaped = "\\" + escaped
    if escaped.endswith(" ") and not escaped.endswith("\\ "):
        escaped = escaped[:-1] + "\\ "
    return escaped


def encode_name(text: str) -> bytes:
    """The directory name (DER) from its text, most specific first; root first is understood when it begins with C=.

    Raises ValueError with a sentence.
    """
    relatives = [_parse_relative(part) for part in _split(text, ",")]
    if not relatives:
        raise ValueError("the name is empty")
    if relatives[0][0][0] == _TYPES["c"]:
        relatives.reverse()
    return encode(
        SEQUENCE,
        *(
            encode_set(
                *(
                    encode(SEQUENCE, encode_object_identifier(kind), encode(_UTF8_STRING, value.encode()))
                    for kind, value in relative
                )
            )
            for relative in reversed(relatives)
        ),
    )


def _parse_relative(text: str) -> tuple[Attribute, ...]:
    attributes = []
    for part in _split(text, "+"):
        # Spaces around a value do not count, unless escaped.
        found = re.fullmatch(r"\s*([\w.]+)\s*=\s*((?:\\.|[^\\])+?)\s*", part, re.DOTALL | re.ASCII)
        identifier = _TYPES.get(found[1].lower(), found[1]) if found else ""
        if found is None or not re.fullmatch(r"[0-2](\.\d+)+", identifier, re.ASCII):
            raise ValueError(f"“{part.strip()}” is not of the form TYPE=value")
        attributes.append((identifier, _unescape(found[2])))
    return tuple(attributes)


def _split(text: str, separator: str) -> list[str]:
    return re.findall(rf"(?:\\.|[^{separator}\\])+", text, re.DOTALL)


def _unescape(value: str) -> str:
    pieces = re.sub(
        rb"\\([0-9A-Fa-f]{2}|.)",
        lambda match: bytes.fromhex(match[1].decode()) if len(match[1]) == 2 else match[1],
        value.encode(),
        flags=re.DOTALL,
    )
    return pieces.decode()


@dataclass(frozen=True, slots=True)
class NameConstraints:
    """Which names an authority may put into certificates. An empty `permitted` tuple limits nothing."""

    permitted_mail: tuple[str, ...] = ()
    """Hosts, domains (with a leading dot) or whole addresses, lower case."""
    permitted_directories: tuple[bytes, ...] = ()
    """Directory names (DER) under which the subject must stand."""
    excluded_mail: tuple[str, ...] = ()
    excluded_directories: tuple[bytes, ...] = ()
    closed_forms: tuple[str, ...] = ()
    """Other forms of names (dns, ip, uri, other) that are limited in any way: a certificate may not bear them."""

    def breach(self, addresses: Iterable[str], directories: Iterable[bytes], other_forms: Iterable[str]) -> str | None:
        """The first name that is not permitted, in words, or None."""
        for address in addresses:
            if self.permitted_mail and not any(_mail_within(address, limit) for limit in self.permitted_mail):
                return f"the address {address} is outside the permitted domains"
            if any(_mail_within(address, limit) for limit in self.excluded_mail):
                return f"the address {address} is in an excluded domain"
        for directory in directories:
            if self.permitted_directories and not any(
                _directory_within(directory, limit) for limit in self.permitted_directories
            ):
                return f"the name {name_text(directory)} is outside the permitted names"
            if any(_directory_within(directory, limit) for limit in self.excluded_directories):
                return f"the name {name_text(directory)} is among the excluded names"
        for form in other_forms:
            if form in self.closed_forms:
                return f"a name of the form {form} is not permitted"
        return None


def _mail_within(address: str, limit: str) -> bool:
    address, limit = address.lower(), limit.lower()
    if "@" in limit:
        return address == limit
    host = address.rpartition("@")[2]
    if limit.startswith("."):
        return host.endswith(limit) and host != limit
    return host == limit


def _directory_within(name: bytes, limit: bytes) -> bool:
    base = prepared_name(limit)
    return prepared_name(name)[: len(base)] == base


def union(constraints: Iterable[NameConstraints | None]) -> NameConstraints | None:
    """What at least one of these permits: for several certificates of one name and key. None limits nothing."""
    all_of_them = list(constraints)
    limiting = [one for one in all_of_them if one is not None]
    if not limiting or len(limiting) < len(all_of_them):
        return None
    return reduce(_union, limiting)


def _union(one: NameConstraints, other: NameConstraints) -> NameConstraints:
    return NameConstraints(
        permitted_mail=_either(one.permitted_mail, other.permitted_mail),
        permitted_directories=_either(one.permitted_directories, other.permitted_directories),
        excluded_mail=_both(one.excluded_mail, other.excluded_mail),
        excluded_directories=_both(one.excluded_directories, other.excluded_directories),
        closed_forms=_both(one.closed_forms, other.closed_forms),
    )


def _either(one: tuple[T, ...], other: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*one, *other))) if one and other else ()


def _both(one: tuple[T, ...], other: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(item for item in one if item in other)
