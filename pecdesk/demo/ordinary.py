"""Mail that is no PEC: ordinary messages, delivery status notifications, and mail of the European successor (REM)."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from xml.sax.saxutils import escape

from pecdesk.demo.builders import Sealer, signed_mail
from pecdesk.demo.clock import italian, mail_date
from pecdesk.demo.draft import Draft, original
from pecdesk.demo.inside import inside_envelope
from pecdesk.demo.mail import encoded, entity, header, headers, multipart, text_entity, token

REM_TYPE = "http://uri.etsi.org/19522/v1#/ERDMessageType/"
REM_EVENT = "http://uri.etsi.org/19522/Event/"


def ordinary(draft: Draft) -> bytes:
    """An ordinary mail as it lies in the recipient's mailbox."""
    to = draft.recipients[0].address
    host = f"mail.{draft.sender.partition('@')[2]}"
    received = (
        f"from {host} ({host} [198.51.100.{10 + len(draft.sender)}])\r\n"
        f"\tby mx.{to.partition('@')[2]} (Postfix) with ESMTPS id {token(draft.message_id, length=11)}\r\n"
        f"\tfor <{to}>; {mail_date(italian(draft.date))}"
    )
    return header("Return-Path", f"<{draft.sender}>") + header("Received", received) + original(draft)


def bounce(draft: Draft, failed: str, at: datetime) -> bytes:
    """An ordinary delivery status notification about a draft (RFC 3464)."""
    at = italian(at)
    host = f"mx.{failed.partition('@')[2]}"
    said = (
        f"Questo messaggio è stato generato dal server di posta {host} (DEMO).\n\n"
        f"Il messaggio inviato a {failed} non ha potuto essere recapitato.\n\n550 5.1.1 casella inesistente\n"
    )
    facts = (
        f"Reporting-MTA: dns; {host}\r\nArrival-Date: {mail_date(at)}\r\n\r\n"
        f"Final-Recipient: rfc822; {failed}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 mailbox unavailable\r\n"
    )
    boundary = f"=_{token(draft.message_id, failed, at)}"
    quoted, _, _ = original(draft).partition(b"\r\n\r\n")
    parts = [
        text_entity(said, charset="utf-8"),
        entity((("Content-Type", "message/delivery-status"),), facts.encode()),
        entity((("Content-Type", "text/rfc822-headers"),), quoted + b"\r\n"),
    ]
    fields = (
        ("Return-Path", "<>"),
        ("Date", mail_date(at)),
        ("From", f'"Mail Delivery System (DEMO)" <mailer-daemon@{host}>'),
        ("To", draft.sender),
        ("Subject", "Undelivered Mail Returned to Sender"),
        ("Message-ID", f"<{token(draft.message_id, 'bounce')}@{host}>"),
        *([("In-Reply-To", draft.message_id)] if draft.message_id else []),
        ("Auto-Submitted", "auto-replied"),
        ("MIME-Version", "1.0"),
    )
    return headers(fields) + multipart("report", boundary, parts, parameters="report-type=delivery-status; ")


def rem_dispatch(draft: Draft, service: str, signer: Sealer, at: datetime) -> bytes:
    """A REM dispatch in simple form (ETSI EN 319 532-3): introduction, original, evidence, signature."""
    identifier = f"{token(draft.message_id, at)}@{service.partition('@')[2]}"
    fields = (
        ("Date", mail_date(italian(at))),
        ("From", f'"On behalf of: {draft.sender}" <{service}>'),
        ("To", ", ".join(each.address for each in draft.recipients)),
        ("Reply-To", draft.sender),
        ("Subject", f"REM Dispatch: {draft.subject}"),
        ("Message-ID", f"<{identifier}>"),
        *_rem_fields("dispatch", "SubmissionAcceptance", draft),
    )
    inside = entity(
        (
            ("Content-Type", "message/rfc822; name=AttachedMimeMessage"),
            ("Content-Transfer-Encoding", "binary"),
            ("REM-Section-Type", "rem_message/original"),
        ),
        inside_envelope(original(draft), identifier),
    )
    return _rem(fields, draft, [inside], "SubmissionAcceptance", identifier, signer, at)


def rem_receipt(draft: Draft, service: str, signer: Sealer, at: datetime, event: str = "ContentConsignment") -> bytes:
    """A REM receipt about a draft: evidence only, never the original."""
    identifier = f"{token(draft.message_id, at, event)}@{service.partition('@')[2]}"
    fields = (
        ("Date", mail_date(italian(at))),
        ("From", service),
        ("To", draft.sender),
        ("Subject", f"REM {event}: {draft.subject}"),
        ("Message-ID", f"<{identifier}>"),
        *_rem_fields("receipt", event, draft),
    )
    return _rem(fields, draft, [], event, identifier, signer, at)


def _rem_fields(kind: str, event: str, draft: Draft) -> tuple[tuple[str, str], ...]:
    return (
        ("REM-MetadataVersion", "EN31953203V010201"),
        ("REM-MessageType", REM_TYPE + kind),
        ("REM-EventIdentifier", REM_EVENT + event),
        ("REM-UAMessageIdentifier", draft.message_id),
        ("REM-DigestAlgorithm", "http://www.w3.org/2001/04/xmlenc#sha256"),
        ("REM-DigestValue", b64encode(sha256(original(draft)).digest()).decode()),
    )


def _rem(
    fields: tuple[tuple[str, str], ...],
    draft: Draft,
    inside: list[bytes],
    event: str,
    identifier: str,
    signer: Sealer,
    at: datetime,
) -> bytes:
    words = text_entity(f"{event} (DEMO)\n\n{draft.subject}\n{draft.sender}\n", charset="utf-8")
    facts = entity(
        (
            ("Content-Type", f'application/xml; name="{event}.xml"'),
            ("Content-Transfer-Encoding", "base64"),
            ("REM-Section-Type", "rem_message/xml_evidence"),
        ),
        encoded(_evidence(draft, event, identifier, at), "base64"),
    )
    boundary = token(identifier, event)
    content = multipart("mixed", f"=_{boundary}_1", [words, *inside, facts])
    return signed_mail(fields, content, signer.sign(content, at), f"=_{boundary}_2", preamble=b"")


def _evidence(draft: Draft, event: str, identifier: str, at: datetime) -> bytes:
    """The facts of an Evidence element; its own XAdES signature is left out."""
    recipients = "".join(
        f'<RecipientDetails><Identifier IdentifierSchemeName="mailto">{escape(each.address)}</Identifier>'
        "</RecipientDetails>"
        for each in draft.recipients
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<tns:Evidence xmlns:tns="http://uri.etsi.org/19522/v1#" version="EN319522v1.1.1">'
        f"<tns:EvidenceIdentifier>{token(identifier, 'evidence')}</tns:EvidenceIdentifier>"
        f"<ERDSEventId>{REM_EVENT}{event}</ERDSEventId>"
        f"<EventTime>{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</EventTime>"
        f'<SenderDetails><Identifier IdentifierSchemeName="mailto">{escape(draft.sender)}</Identifier></SenderDetails>'
        f"{recipients}<MessageIdentifier>{escape(identifier)}</MessageIdentifier></tns:Evidence>\n"
    ).encode()


def painted(draft: Draft) -> Draft:
    """The draft as HTML alone, with a picture of a seal: what a forger would draw, in his own page."""
    page = (
        "<html><head><style>.barra{position:fixed;top:0;left:0;right:0;background:#1a7f37;color:#fff;padding:10px}"
        "</style></head><body><div class='barra'>&#10004; PEC CERTIFICATA &ndash; firma del gestore verificata</div>"
        + "".join(f"<p>{escape(paragraph)}</p>" for paragraph in draft.text.split("\n\n"))
        + "</body></html>"
    )
    return replace(draft, text="", html=page)
