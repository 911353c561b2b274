"""What a compose window asks of `App`, without an archive: drafts, contacts and an outbox in memory."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pecdesk.errors import InputError, PecdeskError, StoreError
from pecdesk.explain.before_sending import KnownRecipient, SendCheck, SendingFacts, checks_before_send
from pecdesk.pec.composing import encoded_size
from pecdesk.pec.draft import Draft, DraftAttachment
from pecdesk.pec.message import normal_address
from pecdesk.ui.compose.senders import Sender

STUDIO = "studio.verdi@pec.gestoreuno.example"
OTHER = "condominio.aurora@pec.gestoredue.example"
SENDERS = (
    Sender(STUDIO, "Studio legale Verdi", "Gestore Uno S.p.A.", size_limit=100_000_000),
    Sender(OTHER, "Condominio Aurora", "Gestore Due S.r.l."),
)
LEARNED = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FakeContact:
    address: str
    name: str = ""
    type: str | None = None
    known_at: datetime | None = None
    last_outcome: Any = None
    uses: int = 1


CONTACTS = (
    FakeContact("m.rossi@pec.avvocati.example", "Mario Rossi", "certified", LEARNED),
    FakeContact("rossini.srl@legal.example", "Rossini S.r.l.", "certified", LEARNED),
    FakeContact("info@rosticceria.example", "", "external", LEARNED),
    FakeContact("protocollo@pec.comune.example", "Comune di Siena", "certified", LEARNED),
)


@dataclass
class FakeDrafting:
    """Drafts in a dictionary."""

    known: Sequence[FakeContact] = CONTACTS
    usual: str | None = None
    saved: dict[str, Draft] = field(default_factory=dict)
    savings: list[Draft] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)
    extra_checks: tuple[SendCheck, ...] = ()
    fails: PecdeskError | None = None
    gate: threading.Event | None = None
    """Saving waits for it."""

    def new(self, account: str, **fields: Any) -> Draft:
        return Draft(secrets.token_hex(16), account, **fields)

    def save(self, draft: Draft, at: datetime) -> Draft:
        if self.gate is not None:
            self.gate.wait(10)
        if self.fails is not None:
            raise self.fails
        written = replace(draft, written_at=at)
        self.saved[draft.id] = written
        self.savings.append(written)
        return written

    def get(self, draft_id: str) -> Draft:
        return self.saved[draft_id]

    def discard(self, draft_id: str, at: datetime) -> None:
        if self.fails is not None:
            raise self.fails
        self.saved.pop(draft_id, None)
        self.discarded.append(draft_id)

    def attach(self, draft: Draft, path: Path, at: datetime) -> Draft:
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise InputError("{path} cannot be read: {reason}.", path=path, reason=error.strerror) from error
        return self.attach_bytes(draft, path.name, raw, "application/octet-stream")

    def attach_bytes(self, draft: Draft, name: str, raw: bytes, media_type: str) -> Draft:
        sha256 = hashlib.sha256(raw).hexdigest()
        self.blobs[sha256] = raw
        added = DraftAttachment(name, sha256, len(raw), media_type)
        return replace(draft, attachments=(*draft.attachments, added))

    def attachment(self, attachment: DraftAttachment) -> bytes:
        return self.blobs[attachment.sha256]

    def contacts(self, prefix: str, limit: int = 8) -> list[FakeContact]:
        wanted = prefix.lower()
        fits = (one for one in self.known if wanted in f"{one.name} {one.address}".lower())
        return [one for _, one in zip(range(limit), fits, strict=False)]

    def contact(self, address: str) -> FakeContact | None:
        return next((one for one in self.known if one.address == normal_address(address)), None)

    def usual_account(self, recipients: Sequence[str]) -> str | None:
        return self.usual

    def checks(self, draft: Draft, at: datetime) -> tuple[SendCheck, ...]:
        known = {one.address: KnownRecipient(one.type, one.known_at, None) for one in self.known}
        facts = SendingFacts(size=encoded_size(draft), known=known, usual_account=self.usual, size_limit=100_000_000)
        return (*checks_before_send(draft, facts), *self.extra_checks)


@dataclass
class FakeOutgoing:
    """An outbox that keeps what it is given."""

    drafting: FakeDrafting
    queue: dict[int, tuple[Draft, datetime | None]] = field(default_factory=dict)
    too_late: bool = False

    def send(self, draft: Draft, at: datetime, *, not_before: datetime | None = None) -> int:
        row_id = 100 + len(self.queue)
        self.queue[row_id] = (draft, not_before)
        self.drafting.saved.pop(draft.id, None)
        return row_id

    def withdraw(self, row_id: int, at: datetime) -> Draft:
        if self.too_late:
            raise StoreError("The message has left already.")
        draft, _ = self.queue.pop(row_id)
        return self.drafting.save(draft, at)
