"""Every warning before a message leaves and every reason why one did not, as the window shows them: for eyes that judge
the words. Italian alone: what is written in English is the same sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pecdesk.explain.badge import badge
from pecdesk.explain.before_sending import advice_of, checks_before_send, sentence_of
from pecdesk.explain.card import status_card
from pecdesk.pec.outcome import STATE_OF_SENDING
from pecdesk.pec.sending import Failure, SendState
from pecdesk.pec.transmission import Transmission
from pecdesk.ui.compose.check_panel import CheckLine, CheckPanel
from pecdesk.ui.reader.status_card import StatusCardView
from tests.unit.explain.test_before_sending import CASES
from tests.unit.pec.pieces import after, copy, only

if TYPE_CHECKING:
    from tests.visual.windows import Studio

AT_ONCE = 6
"""Warnings in one picture."""

REPLY, HOST = (("reply", "552 5.3.4 message too big"),), (("host", "sendm.cert.example"),)
FAILURES = {
    "refused": (SendState.REFUSED, Failure("The provider refuses the message: {reply}.", "Nothing was sent.", REPLY)),
    "postponed": (
        SendState.QUEUED,
        Failure(
            "The connection to {host} was cut before the message was handed over: nothing was sent.",
            "It is tried again by itself.",
            HOST,
        ),
    ),
    "held": (
        SendState.QUEUED,
        Failure(
            "{host} does not accept user or password: {reply}.",
            "Correct them in the settings of the account: it is not tried again by itself.",
            (("reply", "535 5.7.8 authentication failed"), *HOST),
        ),
    ),
    "uncertain": (
        SendState.UNCERTAIN,
        Failure(
            "The connection to {host} was cut after the message was handed over and before the provider had answered:"
            " it may have been sent.",
            "Wait for the acceptance receipt; if none comes, say yourself whether it was sent.",
            HOST,
        ),
    ),
}


def warnings(studio: Studio) -> None:
    """Take the pictures."""
    if studio.desk.language.code != "it":
        return
    lines = list(_lines(studio))
    for start in range(0, len(lines), AT_ONCE):
        panel = CheckPanel(studio.desk)
        panel.resize(860, 520)
        panel.show_lines(lines[start : start + AT_ONCE])
        studio.take(panel, f"warnings-{start // AT_ONCE + 1}")
        studio.away(panel)
    for name in FAILURES:
        row, card, ground = _row(name), StatusCardView(studio.desk), QWidget()
        column = QVBoxLayout(ground)
        column.addWidget(card)
        column.addStretch(1)
        ground.resize(860, 300)
        card.show_card(status_card(row, after(0), studio.desk.language), badge(row, studio.desk.language))
        studio.take(ground, f"failure-{name}")
        studio.away(ground)


def _lines(studio: Studio) -> Iterator[CheckLine]:
    language = studio.desk.language
    for _, draft, facts, _ in CASES:
        for check in checks_before_send(draft, facts):
            yield CheckLine(check.level, sentence_of(check, language), advice_of(check, language))


def _row(name: str) -> Transmission:
    outbox, why = FAILURES[name]
    again = after(0) + timedelta(minutes=5) if name == "postponed" else None
    return replace(
        only(copy()), outbox=outbox, state=STATE_OF_SENDING[outbox], last_error=why, next_try_at=again, attention=()
    )
