"""The lists that the public interface calls closed: the code knows these members and no others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pytest

from pecdesk.pec.daticert import RecipientType
from pecdesk.pec.message import COMPLETENESS_OF, Completeness, MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import (
    STATUS_OF_STATE,
    Attention,
    Direction,
    OriginalSource,
    RecipientState,
    Role,
    State,
    Status,
    TimeSource,
    TransmissionKind,
    status_of_standing,
)
from pecdesk.trust import CheckStatus, Note, Reason, SignatureStatus
from pecdesk.trust.algorithms import algorithm_table, judge_algorithms

CLOSED: dict[type[StrEnum], str] = {
    MessageKind: "acceptance non-acceptance taken-in-charge delivery non-delivery delay-notice virus-detected"
    " transport-envelope anomaly-envelope rem-dispatch rem-receipt delivery-status ordinary unknown",
    CheckStatus: "passed failed not-done",
    RecipientType: "certified external",
    Completeness: "full brief short",
    SignatureStatus: "passed failed indeterminate none",
    Standing: "certified certified-with-reserve altered not-certified undetermined",
    Note: "revocation-not-checked revoked-since certificate-expired-since sha1-at-the-time small-key-at-the-time"
    " header-missing trust-added-by-hand local-file",
    TransmissionKind: "pec anomaly ordinary rem unmatched claim",
    Direction: "sent received",
    Role: "to cc",
    OriginalSource: "own from-receipt none",
    TimeSource: "acceptance date-header none",
    RecipientState: "pending accepted not-pec taken-in-charge delayed delivered failed refused contradictory",
    State: "draft queued sending uncertain pending accepted partly-delivered delivered delayed failed refused"
    " contradictory received",
    Attention: "failed delayed waiting overdue not-pec contradictory forged altered no-acceptance content-differs"
    " log-deadline refused uncertain",
    Status: "bozza in-uscita in-invio incerto in-attesa parziale consegnato in-ritardo mancata rifiutato discordante"
    " certificata alterato non-autentico ordinaria non-verificabile",
}


@pytest.mark.parametrize("closed", CLOSED, ids=[closed.__name__ for closed in CLOSED])
def test_a_closed_list_has_exactly_the_members_of_the_interface(closed: type[StrEnum]) -> None:
    assert {str(member) for member in closed} == set(CLOSED[closed].split())


def test_the_reasons_the_interface_names_are_there() -> None:
    assert Reason("unknown-anchor") is Reason.UNKNOWN_ANCHOR


def test_a_declared_receipt_kind_has_three_values() -> None:
    assert COMPLETENESS_OF == {
        "completa": Completeness.FULL,
        "breve": Completeness.BRIEF,
        "sintetica": Completeness.SHORT,
    }


STATUS_BY_STATE = {
    "draft": "bozza",
    "queued": "in-uscita",
    "sending": "in-invio",
    "uncertain": "incerto",
    "pending": "in-attesa",
    "accepted": "in-attesa",
    "partly-delivered": "parziale",
    "delivered": "consegnato",
    "delayed": "in-ritardo",
    "failed": "mancata",
    "refused": "rifiutato",
    "contradictory": "discordante",
}


def test_every_state_of_a_sent_row_is_found_by_one_word() -> None:
    assert {str(state): str(status) for state, status in STATUS_OF_STATE.items()} == STATUS_BY_STATE
    assert set(State) - set(STATUS_OF_STATE) == {State.RECEIVED}


@pytest.mark.parametrize(
    ("standing", "pretends", "status"),
    [
        ("certified", True, "certificata"),
        ("certified", False, "certificata"),
        ("certified-with-reserve", True, "certificata"),
        ("altered", True, "alterato"),
        ("altered", False, "alterato"),
        ("not-certified", True, "non-autentico"),
        ("not-certified", False, "ordinaria"),
        ("undetermined", True, "non-verificabile"),
        ("undetermined", False, "non-verificabile"),
    ],
)
def test_every_standing_of_a_received_row_is_found_by_one_word(standing: str, pretends: bool, status: str) -> None:
    assert status_of_standing(Standing(standing), pretends=pretends) == status


def test_only_certified_and_with_reserve_move_a_transmission() -> None:
    assert {standing for standing in Standing if standing.proves} == {"certified", "certified-with-reserve"}


# dates as data

SHA1_ENDS = datetime(2027, 1, 1, tzinfo=UTC)
SMALL_KEYS_END = datetime(2018, 1, 1, tzinfo=UTC)
JUST_BEFORE = -timedelta(seconds=1)


def test_the_algorithm_table_holds_the_dates_of_the_interface() -> None:
    table = algorithm_table()

    assert table.weak_digests == {"sha1": SHA1_ENDS}
    assert table.forbidden_digests == {"md5"}
    assert (table.rsa_minimum, table.rsa_strong, table.rsa_weak_from) == (1024, 2048, SMALL_KEYS_END)


@pytest.mark.parametrize(
    ("digest", "bits", "at", "reason", "weak", "notes"),
    [
        ("sha1", 2048, SHA1_ENDS + JUST_BEFORE, None, False, {"sha1-at-the-time"}),
        ("sha1", 2048, SHA1_ENDS, Reason.WEAK_DIGEST, True, set()),
        ("sha256", 1024, SMALL_KEYS_END + JUST_BEFORE, None, False, {"small-key-at-the-time"}),
        ("sha256", 2047, SMALL_KEYS_END, Reason.WEAK_KEY, True, set()),
        ("sha256", 2048, SHA1_ENDS, None, False, set()),
        ("sha256", 1023, SMALL_KEYS_END + JUST_BEFORE, Reason.FORBIDDEN_ALGORITHM, False, set()),
        ("md5", 2048, SMALL_KEYS_END + JUST_BEFORE, Reason.FORBIDDEN_ALGORITHM, False, set()),
    ],
)
def test_an_algorithm_is_a_note_before_its_date_and_a_reserve_from_it_on(
    digest: str, bits: int, at: datetime, reason: Reason | None, weak: bool, notes: set[str]
) -> None:
    found = judge_algorithms([digest], [bits], at)

    assert (found.reason, found.weak, set(found.notes)) == (reason, weak, notes)
