"""A lost message back out of a full delivery receipt, and what the provider changed in it on its way.

The bytes are those in the receipt, not one invented or taken away: they are what was delivered and what the receipt's
signature covers. By the rules the provider gives the message its own id and keeps the sender's beside it (RFC 6109
§2.2.1), and mail servers add their lines (RFC 5321 §4.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pecdesk.mime import Span, message_id_of
from pecdesk.mime.parse import read_headers
from pecdesk.pec.message import normal_id


class Change(StrEnum):
    """What a provider does to a message it carries. Closed."""

    NEW_ID = "new-id"
    """Message-ID is the provider's; the sender's stands in X-Riferimento-Message-ID."""
    TRACES = "traces"
    """Lines of the servers it came through."""
    FIELDS = "fields"
    """Other fields of the provider's own."""


@dataclass(frozen=True, slots=True)
class ProviderChange:
    """One thing the provider changed."""

    kind: Change
    fields: tuple[str, ...]
    """Names of the header fields."""
    value: str = ""
    """Of `NEW_ID`: the id the sender's program had given it, without angle brackets."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A message out of a receipt."""

    raw: bytes
    """As it stands in the receipt, byte for byte."""
    changes: tuple[ProviderChange, ...]


_TRACES = frozenset({"received", "return-path", "delivered-to", "authentication-results", "dkim-signature"})
_OWN = ("x-trasporto", "x-ricevuta", "x-verificasicurezza", "x-riferimento-message-id")


def provider_changes(raw: bytes, identifier: str) -> tuple[ProviderChange, ...]:
    """What the provider changed in the message it delivered under that identificativo, as far as the bytes show it."""
    fields = read_headers(raw, Span(0, len(raw))).headers
    names = [field.name for field in fields]
    found: list[ProviderChange] = []
    ids = [normal_id(message_id_of(field.value)) for field in fields if field.name == "message-id"]
    if normal_id(identifier) in ids:
        before = next((message_id_of(field.value) for field in fields if field.name == _OWN[-1]), None) or ""
        found.append(ProviderChange(Change.NEW_ID, tuple(n for n in ("message-id", _OWN[-1]) if n in names), before))
    if traces := tuple(dict.fromkeys(name for name in names if name in _TRACES)):
        found.append(ProviderChange(Change.TRACES, traces))
    if others := tuple(dict.fromkeys(name for name in names if name in _OWN[:-1])):
        found.append(ProviderChange(Change.FIELDS, others))
    return tuple(found)
