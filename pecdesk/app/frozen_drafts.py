"""A message of the outbox as a draft again, made from its frozen bytes: where it was a file, or its draft is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from pecdesk.mime import parse
from pecdesk.pec.draft import Draft, Relation
from pecdesk.pec.message import COMPLETENESS_OF
from pecdesk.pec.sending import Sending
from pecdesk.store.drafts import new_draft_id

if TYPE_CHECKING:
    from pecdesk.app.app import App


def draft_from_message(
    app: App, sending: Sending, at: datetime, *, draft_id: str | None = None, relation: Relation = Relation.NEW
) -> Draft:
    """A saved draft with the message's text, recipients and attachments; `StoreError` where its bytes are damaged."""
    message = app.message(sending.sha256)
    assert message is not None  # what is in the outbox was examined before
    examination = message.examination
    summary = examination.summary
    asked = parse(app.raw(sending.sha256)).value("x-tiporicevuta") or b""
    draft = Draft(
        id=draft_id or new_draft_id(),
        account=sending.sender,
        to=tuple(f"{one.name} <{one.address}>" if one.name else one.address for one in summary.to),
        cc=tuple(f"{one.name} <{one.address}>" if one.name else one.address for one in summary.cc),
        subject=summary.subject,
        text=examination.text,
        receipt=COMPLETENESS_OF.get(asked.decode("ascii", "replace").strip().lower()),
        relation=relation,
        related=sending.sha256 if relation is Relation.RESEND else None,
        in_reply_to=f"<{summary.in_reply_to}>" if summary.in_reply_to else None,
        references=tuple(f"<{each}>" for each in summary.references),
        written_at=at,
    )
    for number, attachment in enumerate(examination.attachments):
        raw = app.attachment(sending.sha256, number)
        draft = app.drafting.attach_bytes(draft, attachment.name, raw, attachment.media_type)
    return app.drafting.save(replace(draft, written_at=at), at)
