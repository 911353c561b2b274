"""Telling the story of one transmission after another: each step leaves a message in a mailbox, each story says what
the program must make of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from pecdesk.demo.builders import Statement
from pecdesk.demo.certification import Certification
from pecdesk.demo.clock import italian
from pecdesk.demo.draft import Draft, original
from pecdesk.demo.mail import token
from pecdesk.demo.provider import Provider, Sending
from pecdesk.demo.world import World

Folder = Literal["sent", "inbox"]

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FRIDAY = 4


@dataclass(frozen=True, slots=True)
class DemoMessage:
    """One file of the demo, and what `verify` must say of it (cli.md section 3)."""

    file_name: str
    raw: bytes
    folder: Folder
    account: str
    kind: str
    standing: str


@dataclass(frozen=True, slots=True)
class ExpectedRecipient:
    """One line of a transmission's table."""

    address: str
    state: str


@dataclass(frozen=True, slots=True)
class ExpectedTransmission:
    """What `list` must say of one transmission; words of cli.md section 4."""

    kind: str
    direction: str
    account: str
    subject: str
    state: str
    sender: str
    attention: frozenset[str] = frozenset()
    """Exactly these, at the moment the office is looked at."""
    sealed: str | None = None
    """Standing of the envelope; None for sent ones."""
    original: str = "own"
    identifier: str | None = None
    """The PEC id, where something proven tells it."""
    recipients: tuple[ExpectedRecipient, ...] = ()
    """Of sent ones, in order of address."""


class Fate(StrEnum):
    """What becomes of a message at one recipient."""

    DELIVERED = "delivered"
    LATE = "late"
    """A notice after 12 hours, then delivered."""
    DELAYED = "delayed"
    """A notice after 12 hours, nothing since."""
    TIMED_OUT = "timed-out"
    """Both notices."""
    UNKNOWN_MAILBOX = "unknown-mailbox"
    MAILBOX_FULL = "mailbox-full"
    VIRUS = "virus"
    CONTRADICTORY = "contradictory"
    """Delivered and not delivered."""
    NOT_PEC = "not-pec"
    SILENT = "silent"
    TAKEN_IN_CHARGE = "taken-in-charge"


STATE_OF: Mapping[Fate, str] = {
    Fate.DELIVERED: "delivered",
    Fate.LATE: "delivered",
    Fate.DELAYED: "delayed",
    Fate.TIMED_OUT: "failed",
    Fate.UNKNOWN_MAILBOX: "failed",
    Fate.MAILBOX_FULL: "failed",
    Fate.VIRUS: "failed",
    Fate.CONTRADICTORY: "contradictory",
    Fate.NOT_PEC: "not-pec",
    Fate.SILENT: "accepted",
    Fate.TAKEN_IN_CHARGE: "taken-in-charge",
}
"""The state of a recipient by what happened to it (cli.md section 4)."""


class Desk:
    """The office's mailboxes as they fill."""

    def __init__(self, world: World, now: datetime) -> None:
        self.world = world
        self.now = now
        self.messages: list[DemoMessage] = []
        self.expected: list[ExpectedTransmission] = []
        self._names: set[tuple[str, str, str]] = set()

    def days_ago(self, days: int) -> datetime:
        """A moment in the office hours of a working day about that many days before now."""
        day = italian(self.now - timedelta(days=days))
        day -= timedelta(days=max(0, day.weekday() - FRIDAY))
        drawn = int(token("hour", days), 16)
        return day.replace(hour=8 + drawn % 11, minute=drawn // 11 % 60, second=drawn // 660 % 60)

    def put(
        self, folder: Folder, account: str, at: datetime, what: str, raw: bytes, *, kind: str, standing: str
    ) -> None:
        """A file into a mailbox; `what` becomes its readable name."""
        stem = f"{italian(at):%Y-%m-%d_%H%M%S}_{slug(what)}"
        name, number = stem, 1
        while (account, folder, name) in self._names:
            number += 1
            name = f"{stem}_{number}"
        self._names.add((account, folder, name))
        self.messages.append(DemoMessage(f"{name}.eml", raw, folder, account, kind, standing))

    def receipt(
        self,
        sending: Sending,
        statement: Statement,
        kind: str,
        *,
        standing: str = "certified",
        raw: bytes | None = None,
        account: str | None = None,
    ) -> None:
        """A receipt into the sender's mailbox, as its provider sealed it or as `raw`."""
        sealed = statement.sealed() if raw is None else raw
        said = statement.certification
        about = said.delivered_to if isinstance(said, Certification) else None
        whom = f"{about.partition('@')[0]}_" if about else ""
        what = f"{ITALIAN[kind]}_{whom}{sending.subject}"
        self.put("inbox", account or sending.sender, statement.at, what, sealed, kind=kind, standing=standing)

    def keep_copy(self, draft: Draft, raw: bytes | None = None) -> None:
        """The sender's own copy, as mail programs put it in the Sent folder."""
        content = original(draft) if raw is None else raw
        what = f"inviato_{draft.subject}"
        self.put("sent", draft.sender, draft.date, what, content, kind="ordinary", standing="not-certified")

    def accept(self, draft: Draft, raw: bytes | None = None) -> Sending:
        """The sender's provider takes the message: an acceptance in the mailbox."""
        provider = self.world.provider_of(draft.sender)
        sending = provider.take(draft, draft.date + timedelta(seconds=2 + len(draft.subject) % 5), raw)
        self.receipt(sending, provider.acceptance(sending), "acceptance")
        return sending

    def follow(self, sending: Sending, recipient: str, fate: Fate) -> None:
        """What comes back about one recipient."""
        own, other = self.world.provider_of(sending.sender), self.world.provider_of(recipient)
        soon = sending.accepted_at + timedelta(seconds=2 + int(token(recipient, length=3), 16) % 50)
        if fate in (Fate.LATE, Fate.DELAYED, Fate.TIMED_OUT):
            notice = own.delay_notice(sending, recipient, sending.accepted_at + 12 * HOUR + MINUTE)
            self.receipt(sending, notice, "delay-notice")
        if fate is Fate.TIMED_OUT:
            last = own.delay_notice(sending, recipient, sending.accepted_at + 23 * HOUR, final=True)
            self.receipt(sending, last, "delay-notice")
        if fate in (Fate.DELIVERED, Fate.CONTRADICTORY, Fate.LATE):
            arrived = soon if fate is not Fate.LATE else sending.accepted_at + 15 * HOUR
            self.receipt(sending, other.delivery(sending, recipient, arrived), "delivery")
        if fate in (Fate.UNKNOWN_MAILBOX, Fate.MAILBOX_FULL, Fate.CONTRADICTORY):
            self.receipt(sending, _failure(other, sending, recipient, soon + MINUTE, fate), "non-delivery")
        if fate is Fate.VIRUS:
            self.receipt(sending, own.virus_non_delivery(sending, recipient, soon), "non-delivery")
        if fate is Fate.TAKEN_IN_CHARGE:
            taken = other.taken_in_charge(sending, [recipient], soon, own.address)
            self.receipt(sending, taken, "taken-in-charge")

    def transmit(
        self,
        draft: Draft,
        *fates: Fate,
        state: str = "delivered",
        attention: Iterable[str] = (),
        keeps_copy: bool = True,
        original: str = "own",
    ) -> Sending:
        """A whole transmission: copy, acceptance, and what comes back about each recipient, in their order."""
        if keeps_copy:
            self.keep_copy(draft)
        sending = self.accept(draft)
        for recipient, fate in zip(draft.recipients, fates, strict=True):
            self.follow(sending, recipient.address, fate)
        states = {each.address: STATE_OF[fate] for each, fate in zip(draft.recipients, fates, strict=True)}
        self.expect_sent(draft, states, state, attention, sending=sending, original=original)
        return sending

    def expect_sent(
        self,
        draft: Draft,
        states: Mapping[str, str],
        state: str,
        attention: Iterable[str] = (),
        *,
        sending: Sending | None = None,
        original: str = "own",
    ) -> None:
        """What `list` must say of a sent message; `sending` when proven receipts tell its PEC id."""
        self.expected.append(
            ExpectedTransmission(
                kind="pec",
                direction="sent",
                account=draft.sender,
                subject=draft.subject,
                state=state,
                sender=draft.sender,
                attention=frozenset(attention),
                original=original,
                identifier=sending.identifier if sending else None,
                recipients=tuple(ExpectedRecipient(address, states[address]) for address in sorted(states)),
            )
        )

    def receive(self, draft: Draft, mailbox: str) -> Sending:
        """A certified message from somebody else arrives."""
        provider = self.world.provider_of(draft.sender)
        sending = provider.take(draft, draft.date + timedelta(seconds=3))
        self.arrive(draft, mailbox, provider.envelope(sending, mailbox).sealed(), "transport-envelope", "certified")
        self.expect_received("pec", draft, mailbox, "certified", identifier=sending.identifier)
        return sending

    def arrive(self, draft: Draft, mailbox: str, raw: bytes, kind: str, standing: str) -> None:
        """Any message from somebody else into the mailbox."""
        self.put("inbox", mailbox, draft.date, f"{ITALIAN[kind]}_{draft.subject}", raw, kind=kind, standing=standing)

    def expect_received(
        self,
        kind: str,
        draft: Draft,
        mailbox: str,
        sealed: str,
        attention: Iterable[str] = (),
        *,
        subject: str = "",
        identifier: str | None = None,
    ) -> None:
        """What `list` must say of a received message."""
        self.expected.append(
            ExpectedTransmission(
                kind=kind,
                direction="received",
                account=mailbox,
                subject=subject or draft.subject,
                state="received",
                sender=draft.sender,
                attention=frozenset(attention),
                sealed=sealed,
                identifier=identifier,
            )
        )


ITALIAN = {
    "acceptance": "accettazione",
    "non-acceptance": "non-accettazione",
    "taken-in-charge": "presa-in-carico",
    "delivery": "consegna",
    "non-delivery": "mancata-consegna",
    "delay-notice": "preavviso-mancata-consegna",
    "virus-detected": "rilevazione-virus",
    "transport-envelope": "ricevuto",
    "anomaly-envelope": "anomalia",
    "rem-dispatch": "rem",
    "rem-receipt": "rem-ricevuta",
    "delivery-status": "mancato-recapito",
    "ordinary": "posta-ordinaria",
}
"""Kinds in file names."""


def _failure(provider: Provider, sending: Sending, recipient: str, at: datetime, fate: Fate) -> Statement:
    if fate is Fate.MAILBOX_FULL:
        return provider.non_delivery(sending, recipient, at, code="5.2.2", words="casella piena", error="altro")
    return provider.non_delivery(sending, recipient, at)


def slug(text: str, length: int = 60) -> str:
    """A text as a file name: plain letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_.]+", "-", plain).strip("-.")[:length].rstrip("-.") or "messaggio"
