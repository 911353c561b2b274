"""How urgently a row needs a person: by what an ordered list of rows stands, the worst first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import IntEnum

from pecdesk.pec.transmission import Attention, Direction


class Urgency(IntEnum):
    """From the most urgent on. Closed."""

    WRONG = 0
    """It went wrong, or it is not known whether it left, or it is not what it claims to be."""
    DOUBTFUL = 1
    """A message that was sent has a receipt nobody can rely on, or one that shows another content."""
    LATE = 2
    """What should be here by now is not."""
    WAITING = 3
    """It takes long, and still has time."""
    FADING = 4
    """A receipt is missing for so long that soon nobody can attest it any more."""
    OTHER = 5
    """It needs somebody for another reason, or nobody."""


FALSE = frozenset({Attention.FORGED, Attention.ALTERED})
"""Of what was received they speak of the message itself; of what was sent, of a receipt."""

CAUSES: dict[Urgency, frozenset[Attention]] = {
    Urgency.WRONG: frozenset({Attention.FAILED, Attention.REFUSED, Attention.CONTRADICTORY, Attention.UNCERTAIN}),
    Urgency.DOUBTFUL: frozenset({*FALSE, Attention.CONTENT_DIFFERS}),
    Urgency.FADING: frozenset({Attention.LOG_DEADLINE}),
    Urgency.LATE: frozenset({Attention.DELAYED, Attention.OVERDUE, Attention.NO_ACCEPTANCE}),
    Urgency.WAITING: frozenset({Attention.WAITING}),
}
"""What makes a row so urgent. The first that fits holds: what is about to fade is late as well."""


WORST_FIRST = (
    Attention.REFUSED,
    Attention.FAILED,
    Attention.UNCERTAIN,
    Attention.CONTRADICTORY,
    Attention.FORGED,
    Attention.ALTERED,
    Attention.CONTENT_DIFFERS,
    Attention.OVERDUE,
    Attention.NO_ACCEPTANCE,
    Attention.DELAYED,
    Attention.WAITING,
    Attention.LOG_DEADLINE,
    Attention.NOT_PEC,
)
"""All of them, in the order in which one row's are told where that is a list."""


def worst_first(needs: Iterable[Attention]) -> list[Attention]:
    """These, in the order of `WORST_FIRST`."""
    return sorted(needs, key=WORST_FIRST.index)


def urgency(needs: Collection[Attention], direction: Direction) -> Urgency:
    """How urgent a row is that needs a person for these reasons."""
    if direction is Direction.RECEIVED and not FALSE.isdisjoint(needs):
        return Urgency.WRONG
    return next((urgent for urgent, causes in CAUSES.items() if not causes.isdisjoint(needs)), Urgency.OTHER)
