"""What the end of an attempt means, as one table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pecdesk.errors import BusyError, DiskFullError, LoginError, NetworkError, PasswordError, UsageError
from pecdesk.outbox.states import JITTER, PAUSES, UNKNOWN, UNKNOWN_AT_THE_END, end_of, pause
from pecdesk.outbox.transport import PostponedError, RefusedError, Taken, UncertainError
from pecdesk.pec.sending import SendState
from tests.kit.messages import NOW

LATER = NOW + PAUSES[0]
Q, P, R, U = SendState.QUEUED, SendState.PENDING, SendState.REFUSED, SendState.UNCERTAIN

TABLE = [
    # what happened, then for before and after the end of the data: state, tried again by itself, holds the account
    (Taken("250"), (P, False, False), (P, False, False)),
    (RefusedError("550"), (R, False, False), (R, False, False)),
    (PostponedError("451"), (Q, True, False), (Q, True, False)),
    (UncertainError("cut"), (U, False, False), (U, False, False)),
    (LoginError("535"), (Q, False, True), (U, False, False)),
    (PasswordError("none"), (Q, False, True), (U, False, False)),
    (UsageError("no account"), (Q, False, False), (U, False, False)),
    (NetworkError("gone"), (Q, True, False), (U, False, False)),
    (DiskFullError("full"), (Q, True, False), (U, False, False)),
    (BusyError("busy"), (Q, True, False), (U, False, False)),
    (ZeroDivisionError(), (Q, False, False), (U, False, False)),
]


@pytest.mark.parametrize(("outcome", "before", "after"), TABLE, ids=lambda value: type(value).__name__)
def test_what_follows_from_how_it_ended(
    outcome: Taken | Exception, before: tuple[SendState, bool, bool], after: tuple[SendState, bool, bool]
) -> None:
    for was_closing, (state, is_repeated, holds_account) in ((False, before), (True, after)):
        end = end_of(outcome, was_closing=was_closing, attempt=1, now=NOW, jitter=0.0)
        assert end.state is state
        assert end.next_try_at == (LATER if is_repeated else None)
        assert end.holds_account is holds_account
        assert end.is_held is (state is Q and not is_repeated)
        assert (end.error is None) is (state is P)
        assert end.reply == ("250" if state is P else "")


def test_a_bug_is_said_in_words_for_people() -> None:
    ends = [end_of(ZeroDivisionError(), was_closing=late, attempt=1, now=NOW, jitter=0.0) for late in (False, True)]
    assert [end.error for end in ends] == [UNKNOWN, UNKNOWN_AT_THE_END]


def test_pauses_grow_to_an_hour_and_are_never_the_same_for_all() -> None:
    assert [pause(number, 0.0) for number in range(1, 9)] == [*PAUSES, PAUSES[-1], PAUSES[-1]]
    assert list(PAUSES) == sorted(PAUSES)
    assert PAUSES[-1] == timedelta(hours=1)
    assert pause(1, 1.0) == PAUSES[0] * (1 + JITTER)
