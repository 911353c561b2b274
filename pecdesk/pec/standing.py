"""What may be said of a message, as one total table (cli.md section 3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pecdesk.pec.message import MessageKind
from pecdesk.trust import SignatureStatus


class Standing(StrEnum):
    """What may be said of a message. Only `CERTIFIED` may ever be green. Closed."""

    CERTIFIED = "certified"
    CERTIFIED_WITH_RESERVE = "certified-with-reserve"
    ALTERED = "altered"
    NOT_CERTIFIED = "not-certified"
    UNDETERMINED = "undetermined"

    @property
    def proves(self) -> bool:
        """Evidence of this standing moves the state of a transmission."""
        return self in (Standing.CERTIFIED, Standing.CERTIFIED_WITH_RESERVE)


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """Everything the standing depends on, and nothing else."""

    kind: MessageKind
    signature: SignatureStatus
    limit_hit: bool
    incomplete: bool
    """A top-level multipart/signed lacks its closing boundary."""
    anchor_reached: bool
    """There is a path from the signer to a known anchor."""
    provider_proven: bool
    """The certificate is a provider's: path, policy, purpose, names."""
    content_broken: bool
    """The digest or the CMS value is wrong, or the CMS cannot be read."""
    certification_needed: bool
    """False only under a trust policy with `daticert = false`."""
    certification_valid: bool
    """daticert.xml is at its place and valid; of a REM message, the evidence is at its place in the signed part."""
    disagrees_or_weak: bool


Row = tuple[str, Callable[[StandingFacts], bool], Standing]


def _signed(facts: StandingFacts) -> bool:
    return facts.signature is not SignatureStatus.NONE


def _certification_lacking(facts: StandingFacts) -> bool:
    return facts.certification_needed and not facts.certification_valid


TABLE: tuple[Row, ...] = (
    ("limit or incomplete", lambda f: f.limit_hit or f.incomplete, Standing.UNDETERMINED),
    ("REM, unknown circuit", lambda f: f.kind.is_rem and _signed(f) and not f.anchor_reached, Standing.UNDETERMINED),
    ("no signature over the whole", lambda f: not _signed(f), Standing.NOT_CERTIFIED),
    ("a provider's, broken", lambda f: f.provider_proven and f.content_broken, Standing.ALTERED),
    (
        "failed, or no anchor",
        lambda f: f.signature is SignatureStatus.FAILED or not f.anchor_reached,
        Standing.NOT_CERTIFIED,
    ),
    # An anchor was reached and nothing is false, yet something could not be decided (no reference time, revocation
    # data demanded and absent): cli.md's rows speak of passed and failed only, and this is neither.
    ("could not be decided", lambda f: f.signature is SignatureStatus.INDETERMINATE, Standing.UNDETERMINED),
    (
        "anomaly envelope",
        lambda f: f.certification_needed and f.kind is MessageKind.ANOMALY_ENVELOPE,
        Standing.NOT_CERTIFIED,
    ),
    ("daticert missing or not valid", _certification_lacking, Standing.NOT_CERTIFIED),
    ("disagrees or weak", lambda f: f.disagrees_or_weak, Standing.CERTIFIED_WITH_RESERVE),
    ("everything agrees", lambda _: True, Standing.CERTIFIED),
)


def standing_of(facts: StandingFacts) -> Standing:
    """The standing of the first row that fits; the last row always does."""
    return next(standing for _, fits, standing in TABLE if fits(facts))
