"""What is in the demo, read once: every test has a copy of the same."""

from __future__ import annotations

from pathlib import Path

from pecdesk.examine import Examination
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.store import Filter
from pecdesk.ui.desk import Desk
from tests.ui.conftest import NOW

_read: dict[Path, list[Examination]] = {}


def all_messages(made_demo: Path, desk: Desk) -> list[Examination]:
    """Every message of the demo as it is stored; `desk` stands before a copy of it."""
    if made_demo not in _read:
        rows = desk.app.rows(Filter(limit=0), NOW)
        _read[made_demo] = [message.examination for row in rows for message in desk.app.messages(row)]
    return _read[made_demo]


def first_of(
    messages: list[Examination], kind: MessageKind, standing: Standing, actual: Completeness | None
) -> Examination:
    """The first message of that sort."""
    return next(
        found
        for found in messages
        if found.kind is kind and found.standing is standing and actual in (None, found.receipt_actual)
    )
