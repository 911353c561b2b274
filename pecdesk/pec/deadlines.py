"""When silence begins to mean something, and what the clock adds to a transmission.

12 and 24 hours: RFC 6109 §3.1.6. 30 months: how long providers keep the log from which a lost receipt can be
attested (RFC 6109 §2.3).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta

from pecdesk.pec.transmission import Attention, Direction, RecipientState, State, Transmission, TransmissionKind

NO_ACCEPTANCE_AFTER = timedelta(minutes=30)
WAITING_AFTER = timedelta(hours=12)
OVERDUE_AFTER = timedelta(hours=24)
LOG_WARNING_MONTHS = 27
LOG_KEPT_MONTHS = 30

SILENT = (RecipientState.ACCEPTED, RecipientState.TAKEN_IN_CHARGE)
UNSETTLED = (*SILENT, RecipientState.DELAYED, RecipientState.PENDING)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The moments at which a transmission begins, or ceases, to need attention. None: never."""

    no_acceptance_at: datetime | None = None
    waiting_at: datetime | None = None
    overdue_at: datetime | None = None
    log_warning_at: datetime | None = None
    log_lost_at: datetime | None = None


def deadlines(transmission: Transmission) -> Deadlines:
    """The deadlines of a transmission, from what is known of it now."""
    if transmission.direction is not Direction.SENT or transmission.kind is not TransmissionKind.PEC:
        return Deadlines()
    if transmission.accepted_at is None:
        left_at = transmission.handed_over_at or transmission.sent_at
        silent = transmission.state is State.PENDING
        return Deadlines(no_acceptance_at=_after(left_at, NO_ACCEPTANCE_AFTER) if silent else None)
    accepted = transmission.accepted_at
    states = [recipient.state for recipient in transmission.recipients]
    waiting = any(state in SILENT for state in states)
    unsettled = any(state in UNSETTLED for state in states)
    return Deadlines(
        waiting_at=_after(accepted, WAITING_AFTER) if waiting else None,
        overdue_at=_after(accepted, OVERDUE_AFTER) if unsettled else None,
        log_warning_at=months_after(accepted, LOG_WARNING_MONTHS) if unsettled else None,
        log_lost_at=months_after(accepted, LOG_KEPT_MONTHS) if unsettled else None,
    )


def attention(transmission: Transmission, now: datetime) -> tuple[Attention, ...]:
    """Why this transmission needs a person at `now`, sorted."""
    found = set(transmission.attention) | clock_attention(deadlines(transmission), now)
    return tuple(sorted(found))


def clock_attention(due: Deadlines, now: datetime) -> set[Attention]:
    """What the clock adds at `now`."""
    found = set()
    if due.no_acceptance_at and now >= due.no_acceptance_at:
        found.add(Attention.NO_ACCEPTANCE)
    if due.overdue_at and now >= due.overdue_at:
        found.add(Attention.OVERDUE)
    elif due.waiting_at and now >= due.waiting_at:
        found.add(Attention.WAITING)
    if due.log_warning_at and due.log_lost_at and due.log_warning_at <= now < due.log_lost_at:
        found.add(Attention.LOG_DEADLINE)
    return found


def _after(moment: datetime | None, span: timedelta) -> datetime | None:
    try:
        return moment + span if moment is not None else None
    except OverflowError:
        return None


def months_after(moment: datetime, months: int) -> datetime | None:
    """The same day and time `months` later, or the last day of a shorter month; None past the end of time."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    try:
        return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
    except ValueError:
        return None
