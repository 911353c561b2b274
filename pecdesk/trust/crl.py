"""A certificate revocation list, read as far as it decides about one certificate (RFC 5280 §5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from pecdesk.trust.algorithms import AlgorithmIdentifier, read_algorithm
from pecdesk.trust.certificate import (
    critical_besides,
    extension_value,
    read_bits,
    read_distribution_point_name,
    read_extensions,
    read_fixed,
    read_time,
)
from pecdesk.trust.der import (
    GENERALIZED_TIME,
    INTEGER,
    SEQUENCE,
    UTC_TIME,
    DerError,
    Element,
    encode,
    expect,
    read_only_element,
)
from pecdesk.trust.names import read_name

MAX_BYTES = 16 << 20
"""A larger list is not read; those of authorities that certify mail providers have some kilobytes."""

INVALIDITY_DATE = "2.5.29.24"
ISSUING_DISTRIBUTION_POINT = "2.5.29.28"
EXPIRED_CERTIFICATES = "2.5.29.60"
_KNOWN = {"2.5.29.35", "2.5.29.20", ISSUING_DISTRIBUTION_POINT, EXPIRED_CERTIFICATES}
_KNOWN_OF_ENTRIES = {"2.5.29.21", INVALIDITY_DATE}


@dataclass(frozen=True, slots=True)
class Scope:
    """For which certificates a list speaks (RFC 5280 §5.2.5)."""

    points: frozenset[bytes] | None = None
    """General names (DER) of its distribution point; None: all certificates of the issuer."""
    users: bool = True
    authorities: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class RevocationList:
    """A list as it was issued; nothing about it is believed yet."""

    issuer: bytes
    """DER name."""
    this_update: datetime
    next_update: datetime | None
    entries: Element | None = field(repr=False)
    scope: Scope
    expired_since: datetime | None
    """It goes on listing certificates that expired after this time."""
    not_usable: str | None
    """Why it decides nothing: a delta, indirect, or with critical extensions nothing here obeys."""
    signed_part: bytes = field(repr=False)
    signature_algorithm: AlgorithmIdentifier
    signature: bytes = field(repr=False)

    def revoked_at(self, serial: bytes) -> datetime | None:
        """From when the certificate with this serial number (content as encoded) is revoked; None if not listed.

        An invalidity date before the revocation date counts: from then on the key was not only its owner's; of several
        entries the earliest. Raises ValueError if its entry cannot be understood.
        """
        entries = self.entries
        if entries is None or entries.data.find(encode(INTEGER, serial), entries.start, entries.end) < 0:
            return None
        found = (entry for entry in entries.children() if _serial_of(entry) == serial)
        return min(map(_revoked_from, found), default=None)

    def all_revoked(self) -> dict[bytes, datetime]:
        """From when each certificate of the list is revoked, by serial number; entries not understood are left out."""
        found: dict[bytes, datetime] = {}
        for entry in self.entries.children() if self.entries else ():
            try:
                serial, from_then = _serial_of(entry), _revoked_from(entry)
            except ValueError:
                continue
            found[serial] = min(from_then, found.get(serial, from_then))
        return found


def _serial_of(entry: Element) -> bytes:
    return read_fixed(entry, 2, 3)[0].content


def _revoked_from(entry: Element) -> datetime:
    _, date, *more = read_fixed(entry, 2, 3)
    times: list[datetime] = [read_time(date), *(_invalidity(more[0]) if more else ())]
    return min(times)


def _invalidity(element: Element) -> list[datetime]:
    extensions = read_extensions(element)
    if critical_besides(extensions, _KNOWN_OF_ENTRIES):
        raise DerError("an entry of a revocation list that is not understood")
    found = extension_value(extensions, INVALIDITY_DATE)
    return [read_time(found)] if found else []


@lru_cache(maxsize=32)
def read_crl(encoded: bytes) -> RevocationList:
    """Read a revocation list (DER). Raises DerError if it is malformed or too large."""
    if len(encoded) > MAX_BYTES:
        raise DerError("a revocation list that is too large")
    body, outer_algorithm, signature = read_fixed(read_only_element(encoded), 3)
    fields = list(expect(body, SEQUENCE).children())
    if fields and fields[0].tag == INTEGER:
        del fields[0]
    if len(fields) < 3 or fields[0].encoded != outer_algorithm.encoded:
        raise DerError("a revocation list with fields missing or two signature algorithms")
    read_name(fields[1])
    rest = fields[3:]
    next_update = read_time(rest.pop(0)) if rest and rest[0].tag in (UTC_TIME, GENERALIZED_TIME) else None
    entries = rest.pop(0) if rest and rest[0].tag == SEQUENCE else None
    extensions = read_extensions(read_only_element(rest.pop(0).content)) if rest and rest[0].tag == 0xA0 else {}
    if rest:
        raise DerError("a revocation list with more than it should hold")
    unknown = critical_besides(extensions, _KNOWN)
    point = extension_value(extensions, ISSUING_DISTRIBUTION_POINT)
    scope, not_usable = _read_scope(point) if point else (Scope(), None)
    expired = extension_value(extensions, EXPIRED_CERTIFICATES)
    return RevocationList(
        issuer=fields[1].encoded,
        this_update=read_time(fields[2]),
        next_update=next_update,
        entries=entries,
        scope=scope,
        expired_since=read_time(expired) if expired else None,
        not_usable=f"critical extension {unknown[0]}" if unknown else not_usable,
        signed_part=body.encoded,
        signature_algorithm=read_algorithm(outer_algorithm),
        signature=read_bits(signature),
    )


def _read_scope(element: Element) -> tuple[Scope, str | None]:
    points: frozenset[bytes] | None = None
    flags = set()
    for part in expect(element, SEQUENCE).children():
        if part.tag == 0xA0:
            points = frozenset(read_distribution_point_name(part))
        elif part.tag == 0x83 or part.content != b"\x00":
            flags.add(part.tag)
    scope = Scope(points, users=0x82 not in flags, authorities=0x81 not in flags)
    return scope, "it speaks for part of the reasons or certificates only" if flags & {0x83, 0x84, 0x85} else None
