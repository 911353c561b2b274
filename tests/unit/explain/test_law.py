"""What a piece of evidence means in law: only what a source says, and nothing of what is not proven."""

from __future__ import annotations

import re
from itertools import product

import pytest

from pecdesk.explain import LANGUAGES, language
from pecdesk.explain.law import BY_HAND, CONTRADICTORY, MEANINGS, SENT_MEANING, UNDETERMINED, UNPROVEN, meaning_in_law
from pecdesk.pec.message import RECEIPTS, MessageKind
from pecdesk.pec.standing import Standing

EN = language("en")

READ = {
    "d.P.R. 68/2005": {"3", "4", "8"},
    "CAD": {"1"},
}
"""Sources that were read, with their articles: what is known from memory is not cited."""


def test_every_kind_has_a_meaning() -> None:
    assert set(MEANINGS) == set(MessageKind)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kind_of_every_standing_can_be_told_in_one_line(code: str) -> None:
    for kind, standing, by_hand, counts in product(MessageKind, Standing, (False, True), (False, True)):
        told = meaning_in_law(kind, standing, language(code), by_hand=by_hand, counts=counts)
        assert told.endswith(".")
        assert "\n" not in told
        assert "{" not in told


def test_only_articles_that_were_read_are_cited() -> None:
    texts = [*MEANINGS.values(), UNPROVEN, UNDETERMINED, BY_HAND, CONTRADICTORY, SENT_MEANING]
    cited = [
        (act, articles)
        for text in texts
        for act, articles in re.findall(r"(d\.P\.R\. 68/2005|CAD), arts?\. ([^;)]*)", text)
    ]

    assert cited
    for act, articles in cited:
        assert set(re.findall(r"\b(\d+)\b", re.sub(r"par\. [\w-]+", "", articles))) <= READ[act]


def test_only_a_certified_delivery_attests_a_delivery() -> None:
    claims = "It attests the delivery: from this moment"
    for kind, standing, by_hand, counts in product(MessageKind, Standing, (False, True), (False, True)):
        told = meaning_in_law(kind, standing, EN, by_hand=by_hand, counts=counts)
        proven = kind is MessageKind.DELIVERY and standing.proves and counts and not by_hand
        assert (claims in told) == proven


def test_an_acceptance_is_said_not_to_be_a_delivery() -> None:
    assert "not that it was delivered" in meaning_in_law(MessageKind.ACCEPTANCE, Standing.CERTIFIED, EN)
    assert "does not attest the delivery" in meaning_in_law(MessageKind.TAKEN_IN_CHARGE, Standing.CERTIFIED, EN)


def test_what_is_unproven_attests_nothing() -> None:
    for kind in (*RECEIPTS, MessageKind.TRANSPORT_ENVELOPE):
        assert meaning_in_law(kind, Standing.NOT_CERTIFIED, EN) == UNPROVEN
        assert meaning_in_law(kind, Standing.ALTERED, EN) == UNPROVEN
        assert meaning_in_law(kind, Standing.UNDETERMINED, EN) == UNDETERMINED
    assert meaning_in_law(MessageKind.ANOMALY_ENVELOPE, Standing.ALTERED, EN) == UNPROVEN
    assert meaning_in_law(MessageKind.REM_RECEIPT, Standing.NOT_CERTIFIED, EN) == UNPROVEN


def test_an_authority_added_by_hand_gives_no_legal_meaning() -> None:
    assert meaning_in_law(MessageKind.DELIVERY, Standing.CERTIFIED, EN, by_hand=True) == BY_HAND


def test_evidence_that_contradicts_itself_gives_none_either() -> None:
    told = meaning_in_law(MessageKind.DELIVERY, Standing.CERTIFIED_WITH_RESERVE, EN, counts=False)

    assert told == CONTRADICTORY


def test_a_reserve_is_added_to_the_meaning() -> None:
    full = meaning_in_law(MessageKind.DELIVERY, Standing.CERTIFIED, EN)
    reserved = meaning_in_law(MessageKind.DELIVERY, Standing.CERTIFIED_WITH_RESERVE, EN)

    assert reserved.startswith(full)
    assert reserved != full


def test_ordinary_mail_and_anomalies_are_told_to_be_no_certified_mail() -> None:
    for kind in (MessageKind.ORDINARY, MessageKind.ANOMALY_ENVELOPE):
        assert meaning_in_law(kind, Standing.NOT_CERTIFIED, EN).startswith("It is not certified mail")
