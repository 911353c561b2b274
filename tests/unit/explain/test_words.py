"""Every member of every closed list has words of its own."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from pecdesk.explain import LANGUAGES, language
from pecdesk.explain.failures import failure
from pecdesk.explain.sentences import note_sentences, reason_sentences
from pecdesk.explain.words import (
    ATTENTION,
    CHECKS,
    COMPLETENESS,
    KINDS,
    NOTES,
    REASONS,
    RECIPIENTS,
    REQUESTED,
    ROLES,
    ROWS,
    STANDINGS,
    STATUSES,
)
from pecdesk.pec.message import COMPLETENESS_OF, Completeness, MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Attention, RecipientState, Role, TransmissionKind
from pecdesk.trust import CheckName, CheckStatus, Note, Reason

TABLES: list[tuple[type[StrEnum], Mapping[Any, str]]] = [
    (MessageKind, KINDS),
    (Standing, STANDINGS),
    (TransmissionKind, ROWS),
    (RecipientState, RECIPIENTS),
    (Role, ROLES),
    (Completeness, COMPLETENESS),
    (Attention, ATTENTION),
    (Reason, REASONS),
    (Note, NOTES),
    (CheckName, CHECKS),
    (CheckStatus, STATUSES),
]
EACH_TABLE = pytest.mark.parametrize(("closed", "table"), TABLES, ids=[closed.__name__ for closed, _ in TABLES])


@EACH_TABLE
def test_a_table_has_words_for_every_member_and_for_nothing_else(
    closed: type[StrEnum], table: Mapping[Any, str]
) -> None:
    assert list(table) == list(closed)


@EACH_TABLE
@pytest.mark.parametrize("code", LANGUAGES)
def test_no_two_members_share_their_words(closed: type[StrEnum], table: Mapping[Any, str], code: str) -> None:
    said = [language(code).say(text) for text in table.values()]

    assert all(text.strip() for text in said)
    assert len(set(said)) == len(said)


def test_every_kind_of_receipt_that_can_be_asked_for_has_a_word() -> None:
    assert {name: REQUESTED[name] for name in COMPLETENESS_OF} == {
        name: COMPLETENESS[kind] for name, kind in COMPLETENESS_OF.items()
    }
    assert set(REQUESTED) == set(COMPLETENESS_OF)


def test_notes_and_reasons_are_said_in_whole_sentences() -> None:
    english = language("en")

    assert note_sentences([str(note) for note in Note], english) == [NOTES[note] for note in Note]
    assert note_sentences([], english) == []
    assert reason_sentences(("revoked", "expired"), english) == [REASONS[Reason.REVOKED], REASONS[Reason.EXPIRED]]
    whole: tuple[Mapping[Any, str], ...] = (NOTES, REASONS, ATTENTION, STANDINGS)
    assert all(text.endswith(".") for table in whole for text in table.values())


@pytest.mark.parametrize(
    ("error", "detail", "said"),
    [
        ("altro", "5.1.1 - Gestore - indirizzo non valido", "The address does not exist or is not valid."),
        ("no-dest", "5.1.1 - Gestore", "The address does not exist or is not valid."),
        ("altro", " 5.2.2, Gestore, casella piena", "The recipient's mailbox is full."),
        ("altro", "5.4.1 - x", "The message was not delivered in the first 24 hours."),
        ("altro", "4.4.1 - x", "The message was not delivered in the first 12 hours."),
        ("virus", "5.5.1 - x", "A virus was found in the message."),
        ("virus", "DEMO.Prova.A", "A virus was found in the message."),
        ("no-dest", None, "The recipient does not exist."),
        ("no-dominio", "testo libero", "The recipient's domain does not exist."),
        ("no-dest", "5.9.9 - sconosciuto", "The recipient does not exist."),
        ("no-dominio", "5.1.9 - x", "The recipient's domain does not exist."),
        ("altro", "5.1.10 - altro", "Something is wrong with the recipient's address."),
        ("altro", "5.2.99 - x", "Something is wrong with the recipient's mailbox."),
        ("altro", "5.7.26 - x", "The recipient's provider does not let this message in."),
        ("altro", "4.2.2 - x", ""),
        ("altro", "2.1.5 - x", ""),
        ("altro", "5.5.4 - x", ""),
        ("altro", None, ""),
        (None, None, ""),
    ],
)
def test_why_a_message_failed_is_told_by_the_numeric_code_first(
    error: str | None, detail: str | None, said: str
) -> None:
    assert failure(error, detail) == said
