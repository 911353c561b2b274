"""The access point of the made-up providers: what it takes, what it refuses at the door, what it takes and then refuses
(RFC 6109 §3.1.1 and §3.1.2; protocol reference §1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pecdesk.demo.draft import Completeness, Draft, Recipient
from pecdesk.demo.provider import Provider, Sending
from pecdesk.demo.world import PARTY_AT, PROVIDER_AT
from pecdesk.mime import parse
from pecdesk.pec.message import COMPLETENESS_OF, Summary, normal_address, summary_of

LIMIT = 100_000_000
"""Bytes of the message as it is transmitted, times its recipients: a usual limit of real providers."""
MOST_RECIPIENTS = 500

VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless text every virus scanner reports, by agreement of their makers."""

ASKED = {name: Completeness(name) for name in COMPLETENESS_OF}
"""By the value of X-TipoRicevuta."""


@dataclass(frozen=True, slots=True)
class RefusedAtTheDoor:
    """An SMTP answer instead of a message: nothing was taken."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class TakenThenRefused:
    """Taken with 250, and answered by a notice of non-acceptance."""

    sending: Sending
    why: str
    is_virus: bool = False


def provider_key(address: str) -> str | None:
    """Which of the made-up providers serves an address; None: nobody, it is ordinary mail."""
    known = normal_address(address)
    party = PARTY_AT.get(known)
    return party.provider if party is not None else PROVIDER_AT.get(known.rpartition("@")[2])


def at_the_door(user: str, sender: str, recipients: Sequence[str]) -> RefusedAtTheDoor | None:
    """What is refused before a byte of the message was seen; `user` is who logged in."""
    if normal_address(sender) != normal_address(user):
        return RefusedAtTheDoor(553, f"5.7.1 <{sender}>: Sender address rejected: not logged in")
    if not recipients:
        return RefusedAtTheDoor(503, "5.5.1 no recipient")
    if len(recipients) > MOST_RECIPIENTS:
        return RefusedAtTheDoor(452, f"4.5.3 more than {MOST_RECIPIENTS} recipients")
    return None


def take(
    provider: Provider, raw: bytes, sender: str, recipients: Sequence[str], at: datetime
) -> Sending | RefusedAtTheDoor | TakenThenRefused:
    """Take a message that came with this SMTP envelope, or say why not.

    What is wrong with the message itself is refused by a notice, as the rules have it; what is too big at the door.
    """
    if len(raw) * len(recipients) > LIMIT:
        return RefusedAtTheDoor(552, f"5.3.4 {len(raw)} bytes for {len(recipients)} recipients exceed {LIMIT}")
    part = parse(raw)
    said = summary_of(part)
    asked = (part.value("x-tiporicevuta") or b"").strip().decode("ascii", "replace").lower()
    draft = Draft(
        sender=sender,
        recipients=tuple(_recipients(said, recipients)),
        subject=said.subject,
        text="",
        date=said.date or at,
        message_id=f"<{said.message_id}>" if said.message_id else "",
        asks_for=ASKED.get(asked),
    )
    sending = provider.take(draft, at, raw)
    why = _formal_error(said, part.values("bcc"), sender, recipients)
    if why is not None:
        return TakenThenRefused(sending, why)
    if VIRUS in raw:
        return TakenThenRefused(sending, "virus", is_virus=True)
    return sending


def _recipients(said: Summary, envelope: Sequence[str]) -> Iterable[Recipient]:
    """Everybody the envelope names, as To and Cc name them."""
    names = {normal_address(one.address): one.name for one in (*said.to, *said.cc)}
    addressed = {normal_address(one.address) for one in said.to}
    for address in envelope:
        key = normal_address(address)
        is_certified = provider_key(address) is not None
        yield Recipient(address, names.get(key, ""), certified=is_certified, copy=key in names and key not in addressed)


def _formal_error(said: Summary, blind: Sequence[bytes], sender: str, recipients: Sequence[str]) -> str | None:
    if len(said.sender) != 1 or normal_address(said.sender_address) != normal_address(sender):
        return "il campo From non corrisponde al mittente"
    if not any("@" in one.address for one in said.to):
        return "il campo To non contiene alcun indirizzo valido"
    if any(value.strip() for value in blind):
        return "il campo Bcc non è ammesso"
    written = {normal_address(one.address) for one in (*said.to, *said.cc)}
    if any(normal_address(address) not in written for address in recipients):
        return "un destinatario non compare nei campi To e Cc"
    return None
