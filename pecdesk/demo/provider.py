"""A made-up provider of certified mail: what it says at each step of a message's life (RFC 6109 §3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pecdesk.demo import wording
from pecdesk.demo.builders import Habits, Sealer, Statement
from pecdesk.demo.certification import Certification
from pecdesk.demo.clock import italian, mail_date
from pecdesk.demo.draft import Completeness, Draft, Recipient, original
from pecdesk.demo.inside import brief, inside_envelope
from pecdesk.demo.mail import token

DASHES = "-" * 40


@dataclass(frozen=True, slots=True)
class Sending:
    """One message in the hands of the sender's provider: what all its receipts repeat."""

    sender: str
    recipients: tuple[Recipient, ...]
    subject: str
    message_id: str
    """The client's id with its angle brackets, or nothing."""
    identifier: str
    """The PEC id (*identificativo*), without angle brackets."""
    original: bytes
    """As the client wrote it."""
    inside: bytes
    """As the provider carries it, with the PEC id."""
    accepted_at: datetime
    asked: Completeness | None = None
    """None: the sender's program set no X-TipoRicevuta."""

    def completeness_for(self, recipient: str) -> Completeness:
        """What a recipient's delivery receipt holds: those in Cc give a short one (RFC 6109 §3.3.2.1)."""
        copied = any(each.copy for each in self.recipients if each.address == recipient)
        return Completeness.SHORT if copied else self.asked or Completeness.FULL


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider: its name in daticert and certificate, its service domain, and the keys it signed with over time."""

    name: str
    domain: str
    signers: tuple[tuple[datetime, Sealer], ...]
    """Each with the moment it came into use, oldest first."""
    habits: Habits = field(default_factory=Habits)
    address_space: str = "192.0.2"
    """First three numbers of its made-up addresses (RFC 5737)."""

    @property
    def address(self) -> str:
        """The signing address."""
        return f"posta-certificata@{self.domain}"

    def signer(self, at: datetime) -> Sealer:
        """The signer in use at that time, the oldest one before all."""
        in_use = [signer for since, signer in self.signers if since <= at]
        return in_use[-1] if in_use else self.signers[0][1]

    def identifier(self, *pieces: object, at: datetime) -> str:
        """A PEC id in this provider's shape; ids are opaque."""
        digits = token(self.domain, at.isoformat(), *pieces, length=32)
        if self.habits.hexadecimal_ids:
            quarters = ".".join(digits[start : start + 8].upper() for start in range(0, 32, 8))
            return f"{quarters}.posta-certificata@{self.domain}"
        number, process, tail = int(digits[:4], 16) % 900, int(digits[4:9], 16) % 32768, int(digits[9:13], 16) % 900
        return f"opec{100 + number}.{at:%Y%m%d%H%M%S}.{process:05}.{tail}.1.{int(digits[13:15], 16)}@{self.domain}"

    def take(self, draft: Draft, at: datetime, raw: bytes | None = None) -> Sending:
        """Accept a draft (as its own bytes, or as `raw`): the message gets its PEC id and goes on its way."""
        at = italian(at)
        written = original(draft) if raw is None else raw
        identifier = self.identifier(draft.message_id, draft.sender, draft.subject, at=at)
        number = 10 + int(token(draft.sender, length=4), 16) % 200
        received = (
            f"Received: from [198.51.100.20] (linea-{number}.clienti.example [203.0.113.{number}])\r\n"
            "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n"
            f"\tby smtps.{self.domain} (Postfix) with ESMTPSA id {token(identifier, length=12)}\r\n"
            f"\tfor <{draft.recipients[0].address}>; {mail_date(at)}\r\n"
        )
        return Sending(
            sender=draft.sender,
            recipients=draft.recipients,
            subject=draft.subject,
            message_id=draft.message_id,
            identifier=identifier,
            original=written,
            inside=inside_envelope(written, identifier, received.encode()),
            accepted_at=at,
            asked=draft.asks_for,
        )

    # said by the sender's provider

    def acceptance(self, sending: Sending) -> Statement:
        """*Ricevuta di accettazione* (§3.1.4)."""
        return self._receipt("ACCETTAZIONE", self._certification("accettazione", sending, sending.accepted_at))

    def non_acceptance(self, sending: Sending, why: str, *, virus: bool = False) -> Statement:
        """*Avviso di non accettazione*, for a formal error (§3.1.2) or a virus (§3.1.3)."""
        error = "virus" if virus else "altro"
        at = sending.accepted_at
        said = self._certification("non-accettazione", sending, at, error=error, extended_error=why)
        prefix = "AVVISO DI NON ACCETTAZIONE PER VIRUS" if virus else "AVVISO DI NON ACCETTAZIONE"
        return self._receipt(prefix, said, virus=virus)

    def envelope(self, sending: Sending, mailbox: str) -> Statement:
        """*Busta di trasporto* (§3.1.5) as it lies in one recipient's mailbox."""
        at, asked = sending.accepted_at, sending.asked
        said = self._certification("posta-certificata", sending, at, receipt=asked or Completeness.FULL)
        copies = ", ".join(each.address for each in sending.recipients if each.copy)
        shown = asked or (Completeness.FULL if self.habits.always_completeness else None)
        fields = (
            *self._trace(sending.sender, mailbox, at),
            ("Subject", f"POSTA CERTIFICATA: {sending.subject}"),
            *([("X-Riferimento-Message-ID", sending.message_id)] if sending.message_id else []),
            ("Date", mail_date(at)),
            ("Message-ID", f"<{sending.identifier}>"),
            ("Reply-To", sending.sender),
            ("To", ", ".join(each.address for each in sending.recipients if not each.copy)),
            *([("Cc", copies)] if copies else []),
            ("X-Trasporto", "posta-certificata"),
            *([(self.habits.completeness_header, shown.value)] if shown else []),
            ("From", f'"Per conto di: {sending.sender}" <{self.address}>'),
        )
        return self._statement(fields, self._text(said), said, sending.inside, at)

    def delay_notice(self, sending: Sending, recipient: str, at: datetime, *, final: bool = False) -> Statement:
        """*Preavviso di mancata consegna* after 12 hours, or the last one after 24 (§3.1.6)."""
        code, when = (wording.FINAL_CODE, "ventiquattro") if final else ("4.4.1", "dodici")
        why = f"{code} - {self.name} - il messaggio non è stato consegnato nelle prime {when} ore dal suo invio"
        said = self._certification(
            "preavviso-errore-consegna", sending, at, error="altro", delivered_to=recipient, extended_error=why
        )
        return self._receipt("AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO", said)

    def virus_non_delivery(self, sending: Sending, recipient: str, at: datetime) -> Statement:
        """*Avviso di mancata consegna per virus* (§3.2.4)."""
        why = f"5.5.1 - {self.name} - presenza di un virus nel messaggio"
        said = self._certification(
            "errore-consegna", sending, at, error="virus", delivered_to=recipient, extended_error=why
        )
        return self._receipt("AVVISO DI MANCATA CONSEGNA PER VIRUS", said, virus=True)

    # said by the recipient's provider

    def taken_in_charge(self, sending: Sending, recipients: Sequence[str], at: datetime, service: str) -> Statement:
        """*Ricevuta di presa in carico* (§3.2.1), for the service mailbox of the sender's provider."""
        said = self._certification("presa-in-carico", sending, at, taken_for=tuple(recipients))
        return self._receipt("PRESA IN CARICO", said, to=service)

    def delivery(
        self, sending: Sending, recipient: str, at: datetime, completeness: Completeness | None = None
    ) -> Statement:
        """*Ricevuta di avvenuta consegna* (§3.3.2); what it holds follows from what was asked unless given."""
        holds = completeness or sending.completeness_for(recipient)
        asked = completeness or sending.asked or Completeness.FULL
        said = self._certification("avvenuta-consegna", sending, at, receipt=asked, delivered_to=recipient)
        inside: bytes | None = sending.inside
        if holds is Completeness.BRIEF:
            inside = brief(sending.inside, self.habits.hash_of)
        elif holds is Completeness.SHORT:
            inside = None
        return self._receipt("CONSEGNA", said, inside=inside, holds=holds)

    def non_delivery(
        self,
        sending: Sending,
        recipient: str,
        at: datetime,
        *,
        code: str = "5.1.1",
        words: str = "indirizzo non valido",
        error: str = "no-dest",
    ) -> Statement:
        """*Avviso di mancata consegna* (§3.3.3) with its code and words (protocol reference §2.7)."""
        why = f"{code} - {self.name} - {words}"
        said = self._certification(
            "errore-consegna", sending, at, error=error, delivered_to=recipient, extended_error=why
        )
        return self._receipt("AVVISO DI MANCATA CONSEGNA", said)

    def virus_detected(
        self, sending: Sending, recipient: str, at: datetime, service: str, virus: str = "DEMO.Prova.A"
    ) -> Statement:
        """*Avviso di rilevazione virus* (§3.2.3), for the service mailbox of the sender's provider."""
        said = self._certification(
            "rilevazione-virus", sending, at, error="virus", delivered_to=recipient, extended_error=virus
        )
        return self._receipt("PROBLEMA DI SICUREZZA", said, to=service, more=(("X-Mittente", sending.sender),))

    def anomaly(
        self,
        ordinary: bytes,
        draft: Draft,
        mailbox: str,
        at: datetime,
        why: str = "il messaggio non proviene da un gestore di posta certificata",
    ) -> Statement:
        """*Busta di anomalia* (§3.2.2): an ordinary mail, whole, under a signature that certifies nothing about it."""
        at = italian(at)
        text = wording.anomaly(at, draft.sender, draft.recipients, draft.subject, self.name, why)
        fields = (
            *self._trace(draft.sender, mailbox, at),
            ("Subject", f"ANOMALIA MESSAGGIO: {draft.subject}"),
            ("Date", mail_date(at)),
            *([("Message-ID", draft.message_id)] if draft.message_id else []),
            ("Reply-To", draft.sender),
            ("To", ", ".join(each.address for each in draft.recipients if not each.copy)),
            ("X-Trasporto", "errore"),
            ("From", f'"Per conto di: {draft.sender}" <{self.address}>'),
        )
        return self._statement(fields, text, None, ordinary, at)

    # the common parts

    def _certification(
        self,
        type_: str,
        sending: Sending,
        at: datetime,
        *,
        error: str = "nessuno",
        receipt: Completeness | None = None,
        delivered_to: str | None = None,
        taken_for: tuple[str, ...] = (),
        extended_error: str | None = None,
    ) -> Certification:
        return Certification(
            type=type_,
            error=error,
            sender=sending.sender,
            recipients=sending.recipients,
            reply_to=sending.sender,
            subject=sending.subject,
            issuer=self.name,
            time=italian(at),
            identifier=sending.identifier,
            message_id=sending.message_id or None,
            receipt=receipt,
            delivered_to=delivered_to,
            taken_for=taken_for,
            extended_error=extended_error,
        )

    def _receipt(
        self,
        prefix: str,
        said: Certification,
        *,
        inside: bytes | None = None,
        holds: Completeness | None = None,
        to: str | None = None,
        virus: bool = False,
        more: Sequence[tuple[str, str]] = (),
    ) -> Statement:
        """A receipt: headers of the master table (protocol reference §2.1), an id of its own."""
        at, recipient = said.time, to or said.sender
        own = self.identifier(said.type, said.identifier, said.delivered_to, said.taken_for, at=at)
        shown = self.habits.display_name
        fields = (
            *self._trace(self.address, recipient, at),
            ("Subject", f"{prefix}: {said.subject or ''}"),
            *([("X-Riferimento-Message-ID", said.message_id)] if said.message_id else []),
            ("Date", mail_date(at)),
            ("Message-ID", f"<r{own}>"),
            ("To", recipient),
            ("X-Ricevuta", said.type),
            *([("X-VerificaSicurezza", "errore")] if virus else []),
            *more,
            ("From", f'"{shown}" <{self.address}>' if shown else self.address),
        )
        return self._statement(fields, self._text(said, holds), said, inside, at)

    def _text(self, said: Certification, holds: Completeness | None = None) -> wording.Text:
        title, lines = wording.text_of(said, holds)
        if self.habits.english and said.type in wording.ENGLISH:
            lines = (*lines, DASHES, wording.ENGLISH[said.type])
        return title, lines

    def _statement(
        self,
        fields: Sequence[tuple[str, str]],
        text: wording.Text,
        said: Certification | None,
        inside: bytes | None,
        at: datetime,
    ) -> Statement:
        title, lines = text
        return Statement(
            fields=tuple(fields),
            title=title,
            lines=lines,
            certification=said,
            inside=inside,
            at=at,
            signer=self.signer(at),
            habits=self.habits,
        )

    def _trace(self, return_path: str, mailbox: str, at: datetime) -> tuple[tuple[str, str], ...]:
        """What the way into a mailbox leaves on top of a message."""
        number = 10 + int(token(self.domain, mailbox, length=4), 16) % 200
        host = f"mx{number % 4}.{self.domain}"
        received = (
            f"from {host} ({host} [{self.address_space}.{number}])\r\n"
            f"\tby mailbox.{mailbox.partition('@')[2]} (lmtpd) with LMTP id {token(mailbox, at, length=8)};\r\n"
            f"\t{mail_date(at + timedelta(seconds=1))}"
        )
        return (("Return-Path", f"<{return_path}>"), ("Delivered-To", mailbox), ("Received", received))
