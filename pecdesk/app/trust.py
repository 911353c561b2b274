"""The trust of one profile: what is shipped, and what was added by hand."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pecdesk.app.keeper import RevocationKeeper
from pecdesk.errors import N_, TrustError, UsageError
from pecdesk.profile import Profile
from pecdesk.resources import resources
from pecdesk.store.disk import write_file
from pecdesk.trust import (
    AnchorSet,
    DataKind,
    TrustPolicy,
    load_policy,
    policy_from_text,
    policy_to_text,
    shipped_anchors,
)


def anchors_of(profile: Profile) -> AnchorSet:
    """The shipped anchors and those of a profile, with the revocation data it has kept."""
    added = tuple(policy_from_text(file.read_text(encoding="utf-8")) for file in _files(profile))
    anchors = AnchorSet(policies=(*shipped_anchors().policies, *added)) if added else shipped_anchors()
    kept = RevocationKeeper(profile).handed_over()
    return anchors.with_kept(kept[DataKind.CRL], kept[DataKind.OCSP])


def trust_stamp(profile: Profile) -> str:
    """A fingerprint of all trust data on disk, without reading it as such."""
    digest = hashlib.sha256()
    for file in [*sorted((resources() / "trust").iterdir()), *_files(profile)]:
        content = file.read_bytes()
        digest.update(f"{file.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def read_policy(file: Path, known: AnchorSet, *, by_hand: bool) -> TrustPolicy:
    """A policy file that may be trusted for good. Raises `TrustError` or `UsageError`."""
    policy = load_policy(file, by_hand=by_hand)
    if not policy.address or not policy.daticert:
        raise TrustError(
            N_("A policy with address = false or daticert = false cannot be added to a profile."),
            N_("Use it with `verify --trust` alone."),
        )
    if policy.name in {other.name for other in known.policies}:
        raise UsageError(N_("A circuit named {name} is known already."), name=policy.name)
    return policy


def keep_policy(profile: Profile, text: str) -> None:
    """Trust a policy, given in its self-contained form, from now on."""
    profile.trust.mkdir(mode=0o700, exist_ok=True)
    write_file(_file(profile, policy_from_text(text).name), text.encode())


def drop_policy(profile: Profile, name: str) -> None:
    """Trust it no longer."""
    _file(profile, name).unlink(missing_ok=True)


def is_kept(profile: Profile, name: str) -> bool:
    """Whether a policy of that name was added to the profile."""
    return _file(profile, name).exists()


def text_of(policy: TrustPolicy) -> str:
    """The self-contained form of a policy, certificates inside."""
    return policy_to_text(policy)


def _files(profile: Profile) -> list[Path]:
    return sorted(profile.trust.glob("*.json")) if profile.trust.is_dir() else []


def _file(profile: Profile, name: str) -> Path:
    """A harmless file name for a policy of that name, its own."""
    plain = "".join(char if char.isascii() and char.isalnum() else "-" for char in name)[:40]
    return profile.trust / f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}.json"
