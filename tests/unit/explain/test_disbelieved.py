"""A row whose record was changed from outside says so, says what to do, and is green nowhere."""

from __future__ import annotations

import pytest

from pecdesk.explain import language
from pecdesk.explain.badge import Shape, Tone, badge
from pecdesk.explain.card import status_card
from pecdesk.explain.line import list_line
from pecdesk.pec.transmission import Transmission, disbelieved
from tests.unit.pec.pieces import after, copy, delivery, envelope, mail, only, receipt

ROWS = [only(copy(), receipt(), delivery(), delivery("bruno@pec.due.example")), only(envelope()), only(mail())]


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("code", ["en", "it"])
def test_it_says_so_and_what_to_do(row: Transmission, code: str) -> None:
    told, now = disbelieved(row, row.messages), after(1)
    card, line = status_card(told, now, language(code)), list_line(told, now, language(code))

    assert (badge(told, language(code)).tone, badge(told, language(code)).shape) == (Tone.GREY, Shape.DOTTED_SEAL)
    assert [need.what_to_do for need in card.needs if "pecdesk doctor --rebuild" in need.what_to_do]
    assert card.headline == card.needs[0].sentence
    assert [seal.shape for seal in line.seals] == [Shape.DOTTED_SEAL]
    stages = [stage.tone for recipient in card.rows for stage in (*recipient.stages, recipient.outcome)]
    assert Tone.GREEN not in {card.tone, line.badge.tone, *stages}
