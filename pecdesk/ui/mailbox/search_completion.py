"""What the search field offers while one types: operators, and the values of those that have a closed list. No Qt."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pecdesk.errors import N_, UsageError
from pecdesk.explain import Language
from pecdesk.explain.badge import status_badge
from pecdesk.explain.words import KINDS
from pecdesk.pec.message import MessageKind
from pecdesk.pec.transmission import Status
from pecdesk.store.ordering import comparable
from pecdesk.store.search import OPERATORS, STATUS_WORDS, parse_query

_WORD = re.compile(r'(?:[A-Za-z]+:)?(?:"[^"]*"?|[^\s"]+)')
_DATE_SO_FAR = re.compile(r"[\d/-]{1,9}")

_MEANINGS = {
    "sender": N_("who sent it"),
    "recipients": N_("to whom it went"),
    "subject": N_("words of the subject"),
    "status": N_("what became of it"),
    "receipt": N_("a receipt of this kind is there"),
    "provider": N_("the provider that signed"),
    "attachments": N_("words of an attachment's name"),
    "before": N_("before a day: 2026-11-22"),
    "after": N_("from a day on: 2026-11-22"),
    "label": N_("carries this label"),
    "has": N_("has attachments"),
}

_SPOKEN = {
    "it": ("da", "a", "oggetto", "stato", "ricevuta", "gestore", "allegato", "prima", "dopo", "etichetta", "ha"),
    "en": ("from", "to", "subject", "state", "receipt", "provider", "attachment", "before", "after", "label", "has"),
}
"""The operators offered in each language; those of the other are understood too."""

_ATTACHMENT = {"it": "allegato", "en": "attachment"}

_RECEIPTS = {
    "accettazione": MessageKind.ACCEPTANCE,
    "non-accettazione": MessageKind.NON_ACCEPTANCE,
    "presa-in-carico": MessageKind.TAKEN_IN_CHARGE,
    "consegna": MessageKind.DELIVERY,
    "mancata-consegna": MessageKind.NON_DELIVERY,
    "preavviso": MessageKind.DELAY_NOTICE,
    "virus": MessageKind.VIRUS_DETECTED,
}
"""The short Italian words of `ricevuta:`; in English a kind is called by its own name."""

_ENGLISH_STATES = {status: word for word, status in STATUS_WORDS.items() if word != status}


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may stand in the field, and what it means."""

    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Completion:
    """What may stand in the place of the characters from `start` to `end`."""

    start: int
    end: int
    candidates: tuple[Candidate, ...]


def complete(text: str, cursor: int, language: Language, labels: Collection[str]) -> Completion:
    """What fits the word that ends at the cursor."""
    start, end = _word_at(text, cursor)
    written = text[start:cursor]
    operator, colon, value = written.partition(":")
    if colon:
        found = _values(operator.lower(), value.strip('"'), language, labels)
        candidates = tuple(Candidate(f"{operator}:{word}", meaning) for word, meaning in found)
    else:
        candidates = tuple(
            Candidate(_offered(name, language), language.say(_MEANINGS[OPERATORS[name]]))
            for name in _SPOKEN[language.code]
            if name.startswith(written.lower())
        )
    return Completion(start, end, tuple(one for one in candidates if one.text != written))


def _offered(name: str, language: Language) -> str:
    return f"{name}:{_ATTACHMENT[language.code]}" if OPERATORS[name] == "has" else f"{name}:"


def _word_at(text: str, cursor: int) -> tuple[int, int]:
    for match in _WORD.finditer(text):
        if match.start() < cursor <= match.end():
            return match.span()
    return cursor, cursor


def _values(operator: str, begun: str, language: Language, labels: Collection[str]) -> Iterator[tuple[str, str]]:
    """Values of an operator that begin like what was typed, and what they mean."""
    is_english = operator in _SPOKEN["en"]
    match OPERATORS.get(operator):
        case "status":
            for status in Status:
                word = _ENGLISH_STATES[status] if is_english else str(status)
                if word.startswith(begun.lower()):
                    yield word, status_badge(status, language).word.format(done="n", all="m")
        case "receipt":
            for word, kind in _RECEIPTS.items():
                offered = str(kind) if is_english else word
                if offered.startswith(begun.lower()):
                    yield offered, language.say(KINDS[kind])
        case "label":
            for name in labels:
                if comparable(name).startswith(comparable(begun)):
                    yield (f'"{name}"' if re.search(r"\s", name) else name), ""
        case "has":
            word = _ATTACHMENT["en" if is_english else "it"]
            if word.startswith(begun.lower()):
                yield word, language.say(_MEANINGS["has"])


def finished(text: str, cursor: int, language: Language) -> str:
    """The search without the operator that is just being typed, where it would be no question but a complaint."""
    start, end = _word_at(text, cursor)
    operator, colon, value = text[start:end].partition(":")
    name = OPERATORS.get(operator.lower()) if colon else None
    if name is None or end != cursor or not _is_begun(operator, name, value.strip('"'), language):
        return text
    return f"{text[:start]}{text[end:]}".strip()


def _is_begun(operator: str, name: str, value: str, language: Language) -> bool:
    """Whether a value means nothing yet and may come to mean something."""
    if not value:
        return True
    try:
        parse_query(f"{operator}:{value}")
    except UsageError:
        if name in ("before", "after"):
            return _DATE_SO_FAR.fullmatch(value) is not None
        return any(_values(operator.lower(), value, language, ()))
    return False
