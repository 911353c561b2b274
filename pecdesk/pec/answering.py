"""Whom an answer goes to, and by which ids it is tied to what it answers.

To a certified message: where its certified sender asked for answers (`risposte`), else to that sender (`mittente`,
RFC 6109 §3.1.5, §4.4). Never to the address with which the provider signs, which stands in the envelope's own From.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pecdesk.mime.addresses import Address, addresses_of
from pecdesk.mime.header_fields import is_message_id
from pecdesk.pec.composing import parse_recipient
from pecdesk.pec.daticert import CertificationData
from pecdesk.pec.message import Summary, normal_address

LONGEST_CHAIN = 20
"""Ids of ancestors that are handed on."""

_ANSWERED = re.compile(r"\s*(?:re|r|rif)\s*:", re.IGNORECASE)
_FORWARDED = re.compile(r"\s*(?:fwd?|i|inoltro)\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answered:
    """A message that is answered, as far as its headers and its certification go."""

    summary: Summary
    """Of the mail inside an envelope, else of the message itself."""
    certification: CertificationData | None = None
    """Proven facts of the envelope."""
    is_own: bool = False
    """The profile's owner sent it: an answer goes to those it was sent to."""


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom an answer goes to."""

    to: tuple[str, ...]
    cc: tuple[str, ...] = ()


def recipients_of_answer(answered: Answered, own: frozenset[str], *, everybody: bool) -> Recipients:
    """The recipients of an answer to the sender, or to `everybody`; `own`: one's own addresses, comparable form."""
    summary = answered.summary
    if answered.is_own:
        first = [*_sound(summary.to)]
        copies = [*_sound(summary.cc)] if everybody else []
    else:
        first = list(_answer_addresses(answered))
        others = [each for each in _others(answered) if everybody]
        copies = [each for each in _sound(summary.cc) if everybody]
        first += [each for each in others if normal_address(each) not in set(map(normal_address, copies))]
    kept = _each_once(first, own, frozenset())
    to = kept or _each_once(first, frozenset(), frozenset())
    return Recipients(to, _each_once(copies, own, frozenset(map(normal_address, to))))


def _answer_addresses(answered: Answered) -> Iterable[str]:
    certification, summary = answered.certification, answered.summary
    if certification is None:
        return tuple(_sound(summary.reply_to)) or tuple(_sound(summary.sender))[:1]
    wanted = addresses_of((certification.reply_to or "").encode())
    return tuple(_sound(wanted)) or tuple(_sound([Address(certification.sender)]))


def _others(answered: Answered) -> Iterable[str]:
    """Everybody else it was for: as certified, since To and Cc may be written in any way."""
    if answered.certification is None:
        return tuple(_sound(answered.summary.to))
    return tuple(_sound([Address(each.address) for each in answered.certification.recipients]))


def _sound(addresses: Iterable[Address]) -> Iterable[str]:
    """Those one can write to, without the names they were given."""
    for each in addresses:
        found = parse_recipient(each.address)
        if isinstance(found, Address):
            yield found.address


def _each_once(addresses: Iterable[str], own: frozenset[str], taken: frozenset[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for address in addresses:
        key = normal_address(address)
        if key not in own and key not in taken:
            found.setdefault(key, address)
    return tuple(found.values())


def ids_of_answer(answered: Answered) -> tuple[str | None, tuple[str, ...]]:
    """In-Reply-To and References, with angle brackets.

    The sender's own copy bears the id its program gave it, and what was delivered the provider's (RFC 6109 §2.2.1):
    both are named, the sender's last, by which the sender's program finds what was answered.
    """
    summary, certification = answered.summary, answered.certification
    client = (certification.message_id if certification else None) or summary.reference
    chain = [*summary.references[-LONGEST_CHAIN:], summary.message_id, client]
    ids = [f"<{each}>" for each in dict.fromkeys(filter(None, chain)) if is_message_id(f"<{each}>")]
    direct = client or summary.message_id
    parent = f"<{direct}>" if direct and f"<{direct}>" in ids else None
    return parent, (*(each for each in ids if each != parent), *([parent] if parent else []))


def answer_subject(subject: str) -> str:
    """The subject of an answer: "Re: ", once."""
    return subject if _ANSWERED.match(subject) else f"Re: {subject}"


def forward_subject(subject: str) -> str:
    """The subject of what is sent on: "Fwd: ", once."""
    return subject if _FORWARDED.match(subject) else f"Fwd: {subject}"
