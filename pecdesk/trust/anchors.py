"""All that is trusted at one time: policies shipped with the program, policies added by hand, and their text form."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import msgspec

from pecdesk.errors import N_, TrustError
from pecdesk.resources import resources
from pecdesk.trust.algorithms import algorithm_table
from pecdesk.trust.names import NameConstraints, encode_name
from pecdesk.trust.pem import decode_pem
from pecdesk.trust.policy import Anchor, Purpose, RevocationMode, TrustPolicy


@dataclass(frozen=True, slots=True, eq=False)
class AnchorSet:
    """The policies a signature is judged under, in the order in which they are tried. Names are unique."""

    policies: tuple[TrustPolicy, ...]
    crls: tuple[bytes, ...] = ()
    """DER: lists a profile has kept, used under every policy."""
    ocsp: tuple[bytes, ...] = ()
    """DER: OCSP answers a profile has kept, used under every policy."""
    fingerprint: str = field(init=False)
    """SHA-256 of everything a verdict depends on here, lower-case hex."""
    version: str = field(init=False)
    """Date of the shipped data and a short fingerprint of all but what was kept; stored beside verdicts, which are void
    under another. (What is newly kept concerns few of them: those alone are made again.)"""

    def __post_init__(self) -> None:
        names = [policy.name for policy in self.policies]
        for name in names:
            if names.count(name) > 1:
                raise TrustError(N_("Two trust policies are called “{name}”."), name=name)
        table = algorithm_table()
        digest = hashlib.sha256(msgspec.json.encode(_Stored(self.policies), order="sorted"))
        digest.update(msgspec.json.encode(table, order="sorted"))
        object.__setattr__(self, "version", f"{table.date}+{digest.hexdigest()[:16]}")
        for kept in (self.crls, self.ocsp):
            digest.update(b"".join(hashlib.sha256(one).digest() for one in (*kept, b"")))
        object.__setattr__(self, "fingerprint", digest.hexdigest())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AnchorSet) and other.fingerprint == self.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def with_kept(self, crls: Sequence[bytes], ocsp: Sequence[bytes]) -> AnchorSet:
        """The same with this revocation data and no other, of the same version."""
        return AnchorSet(self.policies, tuple(crls), tuple(ocsp))


@cache
def shipped_anchors() -> AnchorSet:
    """The circuits every installation trusts: each `*.toml` in `resources/trust` that names a circuit."""
    return AnchorSet((read_shipped("agid-ca1.toml"),))


def read_shipped(file_name: str) -> TrustPolicy:
    """The circuit in one file of the shipped trust data."""
    data = tomllib.loads((resources() / "trust" / file_name).read_text(encoding="utf-8"))
    anchor = data["anchor"]
    key = decode_pem(anchor["key"].encode(), "PUBLIC KEY")[0]
    if hashlib.sha256(key).hexdigest() != anchor["spki_sha256"]:
        raise TrustError(N_("The trust data shipped with the program is damaged: {file}."), file=file_name)
    return TrustPolicy(
        name=data["name"],
        anchors=(
            Anchor(
                subject=encode_name(anchor["subject"]),
                key_sha256=anchor["spki_sha256"],
                key=key,
                constraints=NameConstraints(
                    permitted_mail=tuple(anchor["permitted_mail"]),
                    permitted_directories=tuple(map(encode_name, anchor["permitted_directories"])),
                    closed_forms=tuple(anchor["closed_forms"]),
                ),
                path_length=anchor["path_length"],
            ),
        ),
        required_policy=data["require"]["policy"],
        purpose=Purpose(data["require"]["purpose"]),
        revocation=RevocationMode(data["revocation"]["mode"]),
    )


def policy_to_text(policy: TrustPolicy) -> str:
    """The policy with everything it refers to, as JSON text that `policy_from_text` reads."""
    return msgspec.json.format(msgspec.json.encode(_Stored((policy,)), order="sorted"), indent=1).decode()


def policy_from_text(text: str) -> TrustPolicy:
    """The policy in a text made by `policy_to_text`."""
    policies = anchors_from_json(text.encode()).policies
    if len(policies) != 1:
        raise TrustError(N_("Stored trust data cannot be read: {detail}."), detail=f"{len(policies)} policies")
    return policies[0]


def anchors_to_json(anchors: AnchorSet) -> bytes:
    """The whole set, self-contained, for another process. The same set gives the same bytes."""
    return msgspec.json.encode(_Stored(anchors.policies, anchors.crls, anchors.ocsp), order="sorted")


def anchors_from_json(data: bytes) -> AnchorSet:
    """The set in bytes made by `anchors_to_json`."""
    try:
        stored = msgspec.json.decode(data, type=_Stored)
        return AnchorSet(stored.policies, stored.crls, stored.ocsp)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise TrustError(N_("Stored trust data cannot be read: {detail}."), detail=error) from error


@dataclass(frozen=True, slots=True)
class _Stored:
    policies: tuple[TrustPolicy, ...]
    crls: tuple[bytes, ...] = ()
    ocsp: tuple[bytes, ...] = ()
    format: int = 1
