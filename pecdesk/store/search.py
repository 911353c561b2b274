"""A search in words and operators, turned into conditions on rows.

Words are found in any message of a row, as prefixes, without regard to case and accents. Operators are Italian or
English: `da:` `a:` `oggetto:` `stato:` `ricevuta:` `gestore:` `allegato:` `prima:` `dopo:` `etichetta:` `ha:allegato`.
What is typed reaches the database only as values.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from datetime import datetime

from pecdesk.errors import N_, UsageError
from pecdesk.pec.message import KIND_OF_RECEIPT, MessageKind
from pecdesk.pec.transmission import Status
from pecdesk.store.ordering import comparable

OPERATORS = {
    "da": "sender",
    "from": "sender",
    "a": "recipients",
    "to": "recipients",
    "oggetto": "subject",
    "subject": "subject",
    "gestore": "provider",
    "provider": "provider",
    "allegato": "attachments",
    "attachment": "attachments",
    "stato": "status",
    "state": "status",
    "ricevuta": "receipt",
    "receipt": "receipt",
    "prima": "before",
    "before": "before",
    "dopo": "after",
    "after": "after",
    "etichetta": "label",
    "label": "label",
    "ha": "has",
    "has": "has",
}

COLUMNS = frozenset({"sender", "recipients", "subject", "provider", "attachments"})

STATUS_WORDS = {str(status): status for status in Status} | {
    "draft": Status.DRAFT,
    "queued": Status.QUEUED,
    "sending": Status.SENDING,
    "uncertain": Status.UNCERTAIN,
    "waiting": Status.WAITING,
    "partly-delivered": Status.PARTLY_DELIVERED,
    "delivered": Status.DELIVERED,
    "delayed": Status.DELAYED,
    "failed": Status.FAILED,
    "refused": Status.REFUSED,
    "contradictory": Status.CONTRADICTORY,
    "certified": Status.CERTIFIED,
    "altered": Status.ALTERED,
    "forged": Status.FORGED,
    "ordinary": Status.ORDINARY,
    "undetermined": Status.UNDETERMINED,
}

RECEIPT_WORDS = (
    KIND_OF_RECEIPT
    | {str(kind): kind for kind in MessageKind if kind.is_receipt}
    | {
        "consegna": MessageKind.DELIVERY,
        "mancata": MessageKind.NON_DELIVERY,
        "mancata-consegna": MessageKind.NON_DELIVERY,
        "preavviso": MessageKind.DELAY_NOTICE,
        "virus": MessageKind.VIRUS_DETECTED,
    }
)

FOUND_BY_WORD = (
    "t.id IN (SELECT m.transmission FROM search JOIN membership AS m ON m.message = search.rowid WHERE search MATCH"
)
HAS_ATTACHMENT = (
    "t.id IN (SELECT m.transmission FROM message AS g JOIN membership AS m ON m.message = g.id WHERE g.attachments > 0)"
)
HOLDS_KIND = "t.id IN (SELECT m.transmission FROM message AS g JOIN membership AS m ON m.message = g.id WHERE g.kind ="

LABELLED = "t.id IN (SELECT m.transmission FROM label AS l JOIN membership AS m ON m.message = l.message WHERE l.key >="

MAX_WORDS = 500
"""SQLite takes a thousand conditions."""

TERM = re.compile(r'(?:([A-Za-z]+):)?(?:"([^"]*)"?|(\S+))')
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m", "%m/%Y", "%Y")


@dataclass(slots=True)
class Query:
    """Conditions on `transmission AS t`, and their values."""

    conditions: list[str] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)

    def bind(self, value: object) -> str:
        """A placeholder for a value."""
        name = f"q{len(self.values)}"
        self.values[name] = value
        return f":{name}"


def parse_query(text: str) -> Query:
    """Read what was typed. Raises `UsageError` for an operator's value that means nothing."""
    query = Query()
    words: list[str] = []
    for operator, quoted, bare in TERM.findall(text):
        name = OPERATORS.get(operator.lower()) if operator else None
        value = quoted or bare
        if operator and name is None:
            words.append(_phrase(f"{operator}:{value}"))
        elif name is None:
            words.append(_phrase(value))
        elif name in COLUMNS:
            words.append(f"{{{name}}} : {_phrase(value)}")
        else:
            _add(query, name, value.lower())
    words = [word for word in dict.fromkeys(words) if not word.endswith('""*')]
    if len(words) > MAX_WORDS:
        raise UsageError(N_("A search cannot have more than {number} words."), number=MAX_WORDS)
    for word in words:
        query.conditions.append(f"{FOUND_BY_WORD} {query.bind(word)})")
    return query


def _phrase(value: str) -> str:
    """A term of the full-text index: letters and digits only, as a prefix, so that nothing typed is syntax."""
    cleaned = " ".join(re.findall(r"\w+", value))
    return f'"{cleaned}"*'


def _add(query: Query, name: str, value: str) -> None:
    if name == "status":
        status = STATUS_WORDS.get(value)
        if status is None:
            raise UsageError(
                N_("{value!r} is no state to search for."),
                N_("Possible: {possible}."),
                value=value,
                possible=", ".join(Status),
            )
        query.conditions.append(f"t.status = {query.bind(status)}")
    elif name == "receipt":
        kind = RECEIPT_WORDS.get(value)
        if kind is None:
            raise UsageError(
                N_("{value!r} is no kind of receipt to search for."),
                N_("Possible: {possible}."),
                value=value,
                possible=", ".join(KIND_OF_RECEIPT),
            )
        query.conditions.append(f"{HOLDS_KIND} {query.bind(kind)})")
    elif name == "label":
        key = comparable(value)
        query.conditions.append(f"{LABELLED} {query.bind(key)} AND l.key < {query.bind(key + chr(sys.maxunicode))})")
    elif name == "has":
        if value not in ("allegato", "allegati", "attachment", "attachments"):
            raise UsageError(N_("{value!r} is nothing a message can have."), N_("Possible: ha:allegato."), value=value)
        query.conditions.append(HAS_ATTACHMENT)
    else:
        query.conditions.append(f"t.sent_at {'<' if name == 'before' else '>='} {query.bind(_day(value))}")


def _day(value: str) -> float:
    for written in DATE_FORMATS:
        try:
            return datetime.strptime(value, written).astimezone().timestamp()
        except (ValueError, OverflowError):
            continue
    raise UsageError(N_("{value!r} is no date."), N_("Write it as 2026-11-22 or 22/11/2026."), value=value)
