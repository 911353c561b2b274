"""The plan: every case of two sides of a folder as a row of a table, and what must hold of any two."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.store.pending import Pending, Place, Wish
from pecdesk.sync.plan import (
    Action,
    Case,
    Fetch,
    FindAgain,
    Forget,
    Look,
    Miss,
    TakeFlags,
    Tell,
    Unlist,
    case_of,
    is_watched,
    must_ask,
    order_of,
    plan,
    plan_wishes,
)
from pecdesk.sync.server import FolderRole
from pecdesk.sync.state import FolderState, surely_there

NAME = "INBOX"


def here(uids: Any = (1, 2, 3), **known: Any) -> FolderState:
    """The store's side of a folder that was looked through."""
    uids = frozenset(uids)
    return FolderState(
        NAME,
        **{
            "uidvalidity": 7,
            "uidnext": max(uids, default=0) + 1,
            "messages": len(uids),
            "highest_modseq": 20,
            "uids": uids,
            "is_complete": True,
            **known,
        },
    )


def there(uids: Any = (1, 2, 3), **known: Any) -> FolderState:
    """The server's side."""
    return replace(here(uids, **known), is_complete=False)


def unasked(uids: Any = (1, 2, 3), **known: Any) -> FolderState:
    """The same before its UIDs were listed."""
    return replace(there(uids, **known), uids=None)


SEEN = frozenset({"\\Seen"})
NEVER = FolderState(NAME)
GONE = FolderState(NAME)

TABLE: dict[str, tuple[FolderState, FolderState, Case, list[Action]]] = {
    "a folder that was never seen is listed": (NEVER, unasked(), Case.FIRST_TIME, [Look(NAME, Case.FIRST_TIME)]),
    "and fetched, the newest first": (NEVER, there(), Case.FIRST_TIME, [Fetch(NAME, (3, 2, 1))]),
    "an empty one needs nothing": (NEVER, there(()), Case.FIRST_TIME, []),
    "one that is the same on both sides needs nothing": (here(), unasked(), Case.NOTHING_NEW, []),
    "a new message is looked for": (
        here(),
        unasked((1, 2, 3, 4)),
        Case.ONLY_ADDITIONS,
        [Look(NAME, Case.ONLY_ADDITIONS)],
    ),
    "and fetched, nothing else": (here(), there((1, 2, 3, 4)), Case.ONLY_ADDITIONS, [Fetch(NAME, (4,))]),
    "flags that others set are taken": (
        here(flags={2: frozenset()}),
        there(highest_modseq=21, flags={2: SEEN}),
        Case.GENERIC,
        [TakeFlags(NAME, {2: SEEN})],
    ),
    "flags that are the same are left": (
        here(flags={2: SEEN}),
        there(highest_modseq=21, flags={2: SEEN}),
        Case.GENERIC,
        [],
    ),
    "what the server lost is forgotten by the folder": (
        here(),
        there((1, 3), highest_modseq=22),
        Case.GENERIC,
        [Forget(NAME, (2,))],
    ),
    "all of it at once is not simply forgotten": (
        here(),
        there((), highest_modseq=22),
        Case.GENERIC,
        [Miss(NAME, (3, 2, 1))],
    ),
    "not even when something new came in meanwhile": (
        here(),
        there((4,), highest_modseq=22),
        Case.GENERIC,
        [Miss(NAME, (3, 2, 1)), Fetch(NAME, (4,))],
    ),
    "what was missing and is there again is found again": (
        here((3,), missing=frozenset({1, 2})),
        there((1, 3), highest_modseq=22),
        Case.GENERIC,
        [FindAgain(NAME, (1,))],
    ),
    "what we meant to delete and is gone is forgotten": (
        here((1, 2), leaving=frozenset({3})),
        there((1, 2)),
        Case.GENERIC,
        [Forget(NAME, (3,))],
    ),
    "what we meant to delete and did not stays": (
        here((1, 2), leaving=frozenset({3})),
        there((1, 2, 3)),
        Case.GENERIC,
        [FindAgain(NAME, (3,))],
    ),
    "a look that was not finished is taken up again": (
        here((3,), is_complete=False, uidnext=0),
        there(),
        Case.GENERIC,
        [Fetch(NAME, (2, 1))],
    ),
    "numbered anew, every message is to be recognised": (
        here(),
        there((8, 9), uidvalidity=8),
        Case.NEW_IDENTITY,
        [Fetch(NAME, (9, 8))],
    ),
    "numbered anew and never finished, too": (
        replace(NEVER, has_earlier=True),
        there((8, 9), uidvalidity=8),
        Case.NEW_IDENTITY,
        [Fetch(NAME, (9, 8))],
    ),
    "numbered anew, it is listed first": (
        here(),
        unasked(uidvalidity=8),
        Case.NEW_IDENTITY,
        [Look(NAME, Case.NEW_IDENTITY)],
    ),
    "one that is no longer listed is let go": (here(), GONE, Case.UNLISTED, [Unlist(NAME)]),
    "once": (replace(here(), uidvalidity=None), GONE, Case.UNLISTED, []),
    "what was not handed out is not asked for by itself": (
        here((1, 2), unfetched=frozenset({3}), uidnext=4, messages=3),
        unasked(),
        Case.NOTHING_NEW,
        [],
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_every_case_of_the_table(name: str) -> None:
    local, remote, case, actions = TABLE[name]
    assert case_of(local, remote) is case
    assert plan(local, remote) == actions


def test_every_case_is_in_the_table() -> None:
    assert {case for _, _, case, _ in TABLE.values()} == set(Case)


def test_what_was_not_handed_out_is_asked_for_once_more_on_a_new_connection() -> None:
    local = here((1, 2), unfetched=frozenset({3}), uidnext=4, messages=3)
    assert plan(local, unasked(), tries_again=True) == [Look(NAME, Case.GENERIC)]
    assert plan(local, there(), tries_again=True) == [Fetch(NAME, (3,))]
    assert plan(local, there((1, 2), highest_modseq=30)) == [Forget(NAME, (3,))]


def test_a_server_that_does_not_tell_what_changed_is_looked_through_when_flags_are_compared() -> None:
    local, remote = here(highest_modseq=None), unasked(highest_modseq=None)
    assert plan(local, remote) == [Look(NAME, Case.GENERIC)]
    assert plan(local, remote, compares_flags=False) == []
    assert plan(local, unasked((1, 2, 3, 4), highest_modseq=None), compares_flags=False) != []


def test_a_server_that_begins_to_tell_what_changed_is_looked_through_once() -> None:
    assert plan(here(highest_modseq=None), unasked()) == [Look(NAME, Case.GENERIC)]


UIDS = st.frozensets(st.integers(1, 12), max_size=8)


@given(UIDS, UIDS, UIDS, UIDS, UIDS, st.booleans(), st.booleans())
def test_the_actions_of_any_two_sides_make_them_the_same(
    known: frozenset[int],
    missing: frozenset[int],
    leaving: frozenset[int],
    unfetched: frozenset[int],
    server: frozenset[int],
    complete: bool,
    tries_again: bool,
) -> None:
    missing -= known
    leaving -= known | missing
    unfetched -= known | missing | leaving
    local = here(known, missing=missing, leaving=leaving, unfetched=unfetched, is_complete=complete)
    actions = plan(local, there(server, highest_modseq=99), tries_again=tries_again)
    fetched, forgotten, missed, found = (
        {uid for action in actions if isinstance(action, kind) for uid in action.uids}
        for kind in (Fetch, Forget, Miss, FindAgain)
    )
    after = (known - forgotten - missed) | found | fetched
    assert after | (unfetched & server) >= server
    assert after <= server
    assert fetched.isdisjoint(known | missing | leaving)
    assert forgotten.isdisjoint(server)
    # Nothing is forgotten where it might be all there was.
    assert not (known and forgotten & known == known)


@given(UIDS, UIDS, UIDS)
def test_what_changed_tells_what_is_there_or_says_that_it_does_not(
    known: frozenset[int], new: frozenset[int], lost: frozenset[int]
) -> None:
    new -= known
    server = (known - lost) | new
    told = surely_there(here(known), new, len(server))
    assert told in (None, server)
    assert told == server or lost & known


def test_wishes_become_one_command_for_each_folder() -> None:
    def place(folder: str, uid: int) -> Place:
        return Place(1, folder, 7, uid, frozenset())

    wishes = [
        Pending(1, Wish.ADD_FLAG, "\\Seen", "a", 1, (place("INBOX", 4), place("Ricevute", 9)), 0),
        Pending(2, Wish.ADD_FLAG, "\\Seen", "b", 2, (place("INBOX", 3),), 0),
        Pending(3, Wish.MOVE, "Clienti", "c", 3, (place("INBOX", 5),), 0),
        Pending(4, Wish.REMOVE_FLAG, "\\Seen", "d", 4, (), 0),
    ]
    assert plan_wishes(wishes) == [
        Tell("INBOX", Wish.ADD_FLAG, "\\Seen", (3, 4)),
        Tell("Ricevute", Wish.ADD_FLAG, "\\Seen", (9,)),
        Tell("INBOX", Wish.MOVE, "Clienti", (5,)),
    ]


def test_the_user_is_asked_about_what_nobody_empties_every_day() -> None:
    assert must_ask(None, 2)
    assert must_ask(FolderRole.INBOX, 20)
    assert not must_ask(FolderRole.INBOX, 1)
    assert not any(must_ask(role, 20) for role in (FolderRole.TRASH, FolderRole.SPAM, FolderRole.DRAFTS))


def test_everything_but_drafts_is_watched_and_the_inbox_comes_first() -> None:
    assert [role for role in (None, *FolderRole) if not is_watched(role)] == [FolderRole.DRAFTS]
    ordered = sorted((None, *FolderRole), key=order_of)
    assert ordered[0] is FolderRole.INBOX
    assert set(ordered[-3:]) == {FolderRole.ARCHIVE, FolderRole.SPAM, FolderRole.TRASH}


def test_every_action_is_a_sentence() -> None:
    actions = [action for *_, actions in TABLE.values() for action in actions]
    actions += [Look(NAME, case) for case in (Case.FIRST_TIME, Case.ONLY_ADDITIONS, Case.GENERIC, Case.NEW_IDENTITY)]
    actions += [Tell(NAME, wish, "\\Seen", (1, 2)) for wish in Wish]
    kinds = {type(action) for action in actions}
    assert kinds == {Look, Fetch, Forget, Miss, FindAgain, TakeFlags, Unlist, Tell}
    for action in actions:
        assert action.template.format(**action.fields).startswith("INBOX: ")
