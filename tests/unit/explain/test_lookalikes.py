"""Letters that pass for others: marked where they stand, and said in words wherever an address is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pecdesk.examine import examine
from pecdesk.explain.byline import byline
from pecdesk.explain.card import status_card
from pecdesk.explain.evidence_page import evidence_page
from pecdesk.explain.language import language
from pecdesk.explain.line import list_line
from pecdesk.explain.lookalikes import MAX_ADDRESS, MAX_NAMED, imitated, imitations, misleading
from pecdesk.explain.sentences import weak_points
from pecdesk.explain.visible import visible
from pecdesk.pec.transmission import RecipientOutcome, RecipientState, Transmission
from pecdesk.trust import AnchorSet
from tests.unit.pec.pieces import copy, envelope, only, receipt

NOW = datetime.fromisoformat("2026-11-22T09:30:00+01:00")
EN = language("en")
GENUINE = "procura@pec.giustizia.example"
FAKE = "procurа@pec.giustizia.example"
"""With a Cyrillic а."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pаypal", "p[U+0430]ypal"),
        ("Оggetto: Fattura", "[U+041E]ggetto: Fattura"),
        ("Diffida αd adempiere", "Diffida [U+03B1]d adempiere"),
        ("Ꭰiffida", "[U+13A0]iffida"),
        (FAKE, "procur[U+0430]@pec.giustizia.example"),
        ("posta@аррӏе.example", "posta@[U+0430][U+0440][U+0440][U+04CF][U+0435].example"),
        ("pec@gıustizia.example", "pec@g[U+0131]ustizia.example"),
        ("ｐec@x.example", "[U+FF50]ec@x.example"),
        ("𝐩ec@x.example", "[U+1D429]ec@x.example"),
        ("posta\u00adcert@x.example", "posta[U+00AD]cert@x.example"),
        ("nulla\u3164qui", "nulla[U+3164]qui"),
    ],
)
def test_a_letter_that_passes_for_another_stands_there_as_its_number(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Привет, мир",
        "Καλημέρα κόσμε",
        "вася@почта.рф",
        "città di Málaga, Łódź, İstanbul, ılık",
        "ΔT = 5 kΩ, 3 μm, β-bloccante",
        "n.º 1, 2ª rata, 5 m²",
        "sillabe\u00adspezzate",
        "mario.rossi@…, lucia@…",
        "josé@münchen.example",
        "Gazprom (Газпром)",
    ],
)
def test_what_is_a_language_is_left_as_it_is(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        (FAKE, GENUINE),
        ("posta@xn--80ak6aa92e.example", "posta@apple.example"),
        ("posta@pec.XN--80AK6AA92E.example", "posta@pec.apple.example"),
        ("posta@xn--mnchen-3ya.example", "posta@munchen.example"),
        ("posta\u00adcert@x.example", "postacert@x.example"),
        ("Pοsta@x.example", "posta@x.example"),
        (GENUINE, ""),
        ("", ""),
        ("вася@почта.рф", ""),
        ("posta@xn--fiqs8s.example", ""),
        ("posta@xn--99999999.example", ""),
        ("posta@xn--.example", ""),
        (f"{'a' * MAX_ADDRESS}а@x.example", ""),
    ],
)
def test_an_address_is_known_by_what_it_would_be_taken_for(address: str, seen: str) -> None:
    assert imitated(address) == seen


@settings(deadline=None)
@given(st.text(max_size=400))
@example("@\x1f¹")
def test_whatever_comes_is_marked_where_it_stands_and_never_twice(text: str) -> None:
    assert all(not text[at].isascii() for at in misleading(text))
    assert visible(visible(text)) == visible(text)
    assert imitated(text).isascii()


def test_only_some_addresses_are_told_apart() -> None:
    many = [f"{number}{FAKE}" for number in range(9)]

    assert len(imitations([GENUINE, *many, *many], EN)) == MAX_NAMED


def _received(sender: str) -> Transmission:
    return replace(only(envelope()), sender=sender)


def test_the_reader_says_that_a_certified_sender_is_not_whom_it_seems_to_be() -> None:
    fake, genuine = _received(FAKE), _received(GENUINE)

    assert "not the address it looks like" in byline(fake, EN)
    assert "not the address" not in byline(genuine, EN)
    needs = [need.sentence for need in status_card(fake, NOW, EN).needs]
    assert f"“{FAKE}” is not “{GENUINE}”, though it is easily taken for it." in needs
    assert GENUINE not in " ".join(need.sentence for need in status_card(genuine, NOW, EN).needs)


def test_the_list_marks_it_and_the_proof_counts_it_as_weak() -> None:
    fake = _received(FAKE)

    assert any(GENUINE in sentence for sentence in list_line(fake, NOW, EN).alert)
    assert "needs attention" in list_line(fake, NOW, EN).spoken
    assert any(GENUINE in point for point in weak_points(fake, NOW, EN))
    assert not any("taken for" in point for point in weak_points(_received(GENUINE), NOW, EN))


def test_of_a_sent_message_the_recipients_are_looked_at() -> None:
    outcome = RecipientOutcome(FAKE, None, None, RecipientState.ACCEPTED)
    sent = replace(only(receipt(), copy()), recipients=(outcome,))

    assert any(GENUINE in point for point in weak_points(sent, NOW, EN))
    assert "not the address" not in byline(sent, EN)


def test_the_inspector_names_it_whoever_claims_it() -> None:
    raw = f"From: {FAKE}\r\nTo: {GENUINE}\r\nSubject: x\r\n\r\ntesto\r\n".encode()

    page = evidence_page(examine(raw, AnchorSet(())), None, NOW, EN)

    assert page.weak[0] == f"“{FAKE}” is not “{GENUINE}”, though it is easily taken for it."
