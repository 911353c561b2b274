"""What became of a message, per recipient and as a whole: pure functions of the set of counting evidence.

Neither order of arrival nor the clock changes anything here (cli.md section 4).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from pecdesk.pec.daticert import CertificationData, RecipientType
from pecdesk.pec.message import MessageKind, normal_address
from pecdesk.pec.sending import SendState
from pecdesk.pec.transmission import RecipientOutcome, RecipientState, Role, State

FINAL_NOTICE_AGE = timedelta(hours=22)
"""The second timeout notice may be sent from 22 h after acceptance on (RFC 6109 §3.1.6)."""

FINAL_NOTICE_CODE = re.compile(r"\s*5\.4\.1\b")


@dataclass(frozen=True, slots=True)
class Proof:
    """One counting piece of evidence."""

    sha256: str
    certification: CertificationData

    @property
    def kind(self) -> MessageKind:
        """What it certifies."""
        return self.certification.kind

    @property
    def time(self) -> datetime:
        """When, as certified."""
        return self.certification.time


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody the message was addressed to, before anything is known of its fate."""

    address: str
    role: Role | None


def is_final_notice(certification: CertificationData, accepted_at: datetime | None) -> bool:
    """Whether a delay notice is the one after 24 hours, which means failure (RFC 6109 §3.1.6)."""
    if FINAL_NOTICE_CODE.match(certification.extended_error or ""):
        return True
    return accepted_at is not None and certification.time - accepted_at >= FINAL_NOTICE_AGE


def accepted_at(proofs: Collection[Proof]) -> datetime | None:
    """The certified time of acceptance; the earliest, should there be several."""
    return min((proof.time for proof in proofs if proof.kind is MessageKind.ACCEPTANCE), default=None)


def about(certification: CertificationData) -> tuple[str, ...]:
    """The recipients a piece of evidence speaks of, as certified; empty for all of them."""
    if certification.kind is MessageKind.TAKEN_IN_CHARGE and certification.taken_for:
        return certification.taken_for
    if certification.delivered_to:
        return (certification.delivered_to,)
    if certification.kind in SINGLE_RECIPIENT and len(certification.recipients) == 1:
        return (certification.recipients[0].address,)
    return ()


SINGLE_RECIPIENT = frozenset(
    {
        MessageKind.DELIVERY,
        MessageKind.NON_DELIVERY,
        MessageKind.DELAY_NOTICE,
        MessageKind.VIRUS_DETECTED,
    }
)
"""Kinds about one recipient; one that names none where there are several speaks of nobody."""


def outcomes(proofs: Collection[Proof], addressed: Collection[Recipient] = ()) -> tuple[RecipientOutcome, ...]:
    """The outcome of every recipient named by the evidence or by the original, in order of address."""
    accepted = accepted_at(proofs)
    names, types = _recipients(proofs, addressed)
    concerning = _by_recipient(proofs)
    roles = {normal_address(recipient.address): recipient.role for recipient in addressed}
    found = []
    for key in sorted(names):
        relevant = concerning.get(key, [])
        state, since = _state(relevant, types.get(key), accepted)
        found.append(
            RecipientOutcome(
                address=names[key],
                role=roles.get(key),
                type=types.get(key),
                state=state,
                since=since,
                evidence=tuple(proof.sha256 for proof in sorted(relevant, key=lambda p: (p.time, p.sha256))),
            )
        )
    return tuple(found)


def _recipients(
    proofs: Collection[Proof], addressed: Collection[Recipient]
) -> tuple[dict[str, str], dict[str, RecipientType]]:
    """Spelling and type of every recipient; the acceptance's word on the type before any other's."""
    names: dict[str, str] = {}
    types: dict[str, RecipientType] = {}
    ordered = sorted(proofs, key=lambda proof: (proof.kind is not MessageKind.ACCEPTANCE, proof.time, proof.sha256))
    for proof in ordered:
        for certified in proof.certification.recipients:
            key = normal_address(certified.address)
            names.setdefault(key, certified.address)
            types.setdefault(key, certified.type)
        for address in (proof.certification.delivered_to, *proof.certification.taken_for):
            if address:
                names.setdefault(normal_address(address), address)
    for recipient in addressed:
        names.setdefault(normal_address(recipient.address), recipient.address)
    return names, types


def _by_recipient(proofs: Collection[Proof]) -> dict[str, list[Proof]]:
    """The proofs that concern each recipient, in comparable form."""
    found: dict[str, list[Proof]] = defaultdict(list)
    for proof in proofs:
        recipients = about(proof.certification)
        if not recipients and proof.kind not in SINGLE_RECIPIENT:
            recipients = tuple(recipient.address for recipient in proof.certification.recipients)
        for key in dict.fromkeys(map(normal_address, recipients)):
            found[key].append(proof)
    return found


def _state(
    proofs: Collection[Proof], kind: RecipientType | None, accepted: datetime | None
) -> tuple[RecipientState, datetime | None]:
    """State and the time of the evidence that gives it: the first of that kind."""
    first: dict[MessageKind, datetime] = {}
    for proof in sorted(proofs, key=lambda proof: proof.time):
        first.setdefault(proof.kind, proof.time)
    notices = [proof for proof in proofs if proof.kind is MessageKind.DELAY_NOTICE]
    final = [notice.time for notice in notices if is_final_notice(notice.certification, accepted)]
    failures = [first[kind] for kind in (MessageKind.NON_DELIVERY, MessageKind.VIRUS_DETECTED) if kind in first]
    refused, delivered = first.pop(MessageKind.NON_ACCEPTANCE, None), first.get(MessageKind.DELIVERY)

    if refused is not None and first:
        return RecipientState.CONTRADICTORY, max(refused, min(first.values()))
    if refused is not None:
        return RecipientState.REFUSED, refused
    if failures and delivered is not None:
        return RecipientState.CONTRADICTORY, max(min(failures), delivered)
    if delivered is not None:
        return RecipientState.DELIVERED, delivered
    if failures or final:
        return RecipientState.FAILED, min(failures + final)
    if notices:
        return RecipientState.DELAYED, first[MessageKind.DELAY_NOTICE]
    if MessageKind.TAKEN_IN_CHARGE in first:
        return RecipientState.TAKEN_IN_CHARGE, first[MessageKind.TAKEN_IN_CHARGE]
    if kind is RecipientType.EXTERNAL:
        return RecipientState.NOT_PEC, first.get(MessageKind.ACCEPTANCE)
    if MessageKind.ACCEPTANCE in first:
        return RecipientState.ACCEPTED, first[MessageKind.ACCEPTANCE]
    return RecipientState.PENDING, None


def state_of(recipients: Collection[RecipientOutcome]) -> State:
    """The state of a sent transmission from its recipients: first rule that fits (cli.md section 4)."""
    states = [recipient.state for recipient in recipients]
    expected = [state for state in states if state is not RecipientState.NOT_PEC]
    if RecipientState.REFUSED in states:
        return State.REFUSED
    if RecipientState.CONTRADICTORY in states:
        return State.CONTRADICTORY
    if expected and all(state is RecipientState.DELIVERED for state in expected):
        return State.DELIVERED
    if RecipientState.DELIVERED in states:
        return State.PARTLY_DELIVERED
    if RecipientState.FAILED in states:
        return State.FAILED
    if RecipientState.DELAYED in states:
        return State.DELAYED
    if {RecipientState.ACCEPTED, RecipientState.TAKEN_IN_CHARGE, RecipientState.NOT_PEC} & set(states):
        return State.ACCEPTED
    return State.PENDING


STATE_OF_SENDING = {
    SendState.QUEUED: State.QUEUED,
    SendState.SENDING: State.SENDING,
    SendState.PENDING: State.PENDING,
    SendState.REFUSED: State.REFUSED,
    SendState.UNCERTAIN: State.UNCERTAIN,
    SendState.WITHDRAWN: State.DRAFT,
}
"""What the outbox's record makes of a transmission of which no evidence counts (cli.md section 4)."""
