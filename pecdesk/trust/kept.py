"""Revocation data as a keeper sees it: what it is, from when it is, whom it names, and whether it is worth keeping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from pecdesk.trust.anchors import AnchorSet
from pecdesk.trust.certificate import read_certificate, serial_text
from pecdesk.trust.crl import read_crl
from pecdesk.trust.names import name_text, same_name
from pecdesk.trust.ocsp import is_response, read_ocsp
from pecdesk.trust.verdict import Certificate


class DataKind(StrEnum):
    """What it is. The values are the suffixes of kept files."""

    CRL = "crl"
    OCSP = "ocsp"


@dataclass(frozen=True, slots=True)
class RevocationData:
    """A revocation list or an OCSP answer, as it says of itself. Serial numbers are lower-case hex."""

    kind: DataKind
    issuer: str
    """Name of who issued it, RFC 4514; of a responder that is named by its key alone, that key's digest."""
    this_update: datetime
    """Of several statuses the latest."""
    next_update: datetime | None
    revoked: Mapping[str, datetime]
    """From when each certificate it names is revoked."""
    keeps_expired_since: datetime | None = None
    """It goes on telling of certificates that expired after this time."""
    serials: frozenset[str] | None = None
    """The only certificates it is about; None: all of its issuer."""

    def revocation_of(self, certificate: Certificate) -> datetime | None:
        """From when it may say that this certificate is revoked."""
        return self.revoked.get(certificate.serial) if self._is_about(certificate) else None

    def may_clear(self, certificate: Certificate, at: datetime) -> bool:
        """Whether it may show that this certificate was not revoked at this time (the rule is `revocation`'s)."""
        until = max(self.this_update, self.next_update or self.this_update)
        told_of = min(self.this_update, self.keeps_expired_since or self.this_update) <= certificate.not_after
        return self._is_about(certificate) and told_of and at <= until

    def _is_about(self, certificate: Certificate) -> bool:
        if self.serials is not None:
            return certificate.serial in self.serials
        return _folded(self.issuer) == _folded(certificate.issuer)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def read_revocation_data(encoded: bytes) -> RevocationData | None:
    """What these bytes (DER) say of themselves; None if they are neither a list nor an answer about anything."""
    try:
        return _read_answer(encoded) if is_response(encoded) else _read_list(encoded)
    except ValueError:
        return None


def _read_list(encoded: bytes) -> RevocationData:
    crl = read_crl(encoded)
    return RevocationData(
        kind=DataKind.CRL,
        issuer=name_text(crl.issuer),
        this_update=crl.this_update,
        next_update=crl.next_update,
        revoked={serial_text(serial): from_then for serial, from_then in crl.all_revoked().items()},
        keeps_expired_since=crl.expired_since,
    )


def _read_answer(encoded: bytes) -> RevocationData | None:
    answer = read_ocsp(encoded)
    if not answer.statuses:
        return None
    latest = max(answer.statuses, key=lambda status: status.this_update)
    return RevocationData(
        kind=DataKind.OCSP,
        issuer=name_text(answer.responder_name) if answer.responder_name else answer.responder_key.hex(),
        this_update=latest.this_update,
        next_update=latest.next_update,
        revoked={serial_text(one.serial): one.revoked_at for one in answer.statuses if one.revoked_at is not None},
        keeps_expired_since=latest.archived_since,
        serials=frozenset(serial_text(one.serial) for one in answer.statuses),
    )


def is_from_known_authority(encoded: bytes, anchors: AnchorSet) -> bool:
    """Whether an authority these anchors lead to issued this list or answer: only such data is worth keeping."""
    # The cryptographic library takes 60 ms to import.
    from pecdesk.trust.revocation import is_genuine_list, is_genuine_response  # noqa: PLC0415

    try:
        if is_response(encoded):
            answer = read_ocsp(encoded)
            return any(is_genuine_response(answer, name, key) for name, key in _authorities(anchors))
        crl = read_crl(encoded)
    except ValueError:
        return False
    return any(same_name(name, crl.issuer) and is_genuine_list(crl, key) for name, key in _authorities(anchors))


@lru_cache(maxsize=4)
def _authorities(anchors: AnchorSet) -> tuple[tuple[bytes, bytes], ...]:
    """Name and key (DER) of every anchor, and of every authority that a policy names on the way to one."""
    from pecdesk.trust.path import judge_signer  # noqa: PLC0415

    found = []
    for policy in anchors.policies:
        found += [(anchor.subject, anchor.key) for anchor in policy.anchors if anchor.key is not None]
        candidates = [read_certificate(encoded) for encoded in policy.intermediates]
        found += [
            (one.subject, one.key)
            for one in candidates
            if one.extensions.is_authority and judge_signer(one, candidates, policy)
        ]
    return tuple(dict.fromkeys(found))
