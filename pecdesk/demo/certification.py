"""daticert.xml as providers write it (RFC 6109 §4.4).

A writer of its own: it shares nothing with the reader that it tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from pecdesk.demo.draft import Completeness, Recipient


@dataclass(frozen=True, slots=True)
class Certification:
    """Every field of a daticert.xml; `None` leaves the element out."""

    type: str
    """`postacert/@tipo`."""
    sender: str
    recipients: tuple[Recipient, ...]
    issuer: str
    time: datetime
    identifier: str
    """Without angle brackets."""
    message_id: str | None
    """The client's id, with its angle brackets."""
    subject: str | None
    error: str = "nessuno"
    reply_to: str = ""
    receipt: Completeness | None = None
    delivered_to: str | None = None
    taken_for: tuple[str, ...] = ()
    extended_error: str | None = None


def daticert(certification: Certification, *, indent: int = 4, empty_pair: bool = False) -> bytes:
    """The document in UTF-8. `empty_pair` writes `<ricevuta …></ricevuta>` instead of the short form."""
    said = certification
    heading = [
        _element("mittente", said.sender),
        *(_element("destinatari", each.address, ("tipo", _type(each))) for each in said.recipients),
        _element("risposte", said.reply_to),
        *_optional("oggetto", said.subject),
    ]
    receipt = said.receipt
    facts = [
        _element("gestore-emittente", said.issuer),
        *_nested(
            f'<data zona="{said.time:%z}">',
            [_element("giorno", f"{said.time:%d/%m/%Y}"), _element("ora", f"{said.time:%H:%M:%S}")],
            "</data>",
            indent,
        ),
        _element("identificativo", said.identifier),
        *_optional("msgid", said.message_id),
        *([f'<ricevuta tipo="{receipt}"' + ("></ricevuta>" if empty_pair else " />")] if receipt else []),
        *_optional("consegna", said.delivered_to),
        *(_element("ricezione", address) for address in said.taken_for),
        *_optional("errore-esteso", said.extended_error),
    ]
    document = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        *_nested(
            f"<postacert tipo={quoteattr(said.type)} errore={quoteattr(said.error)}>",
            [
                *_nested("<intestazione>", heading, "</intestazione>", indent),
                *_nested("<dati>", facts, "</dati>", indent),
            ],
            "</postacert>",
            indent,
        ),
    ]
    return ("\n".join(document) + "\n").encode()


def _type(recipient: Recipient) -> str:
    return "certificato" if recipient.certified else "esterno"


def _element(name: str, text: str, *attributes: tuple[str, str]) -> str:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes)
    return f"<{name}{written}>{escape(text)}</{name}>"


def _optional(name: str, text: str | None) -> list[str]:
    return [] if text is None else [_element(name, text)]


def _nested(opening: str, lines: Sequence[str], closing: str, indent: int) -> list[str]:
    return [opening, *(" " * indent + line for line in lines), closing]
