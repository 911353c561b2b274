"""Whom an answer goes to: the certified sender, or where that sender asked; never the provider's own address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pecdesk.mime import Address
from pecdesk.pec.answering import Answered, answer_subject, forward_subject, ids_of_answer, recipients_of_answer
from pecdesk.pec.message import Summary
from pecdesk.pec.rebuilding import Change, ProviderChange, provider_changes
from tests.unit.pec.pieces import ANNA, BRUNO, CARLA, IDENTIFIER, ME, OTHER, certified, recipients

OWN = frozenset({ME})
SIGNER = "posta-certificata@pec.gestore.example"


def summary(sender: str = OTHER, to: tuple[str, ...] = (ME,), cc: tuple[str, ...] = (), **changes: Any) -> Summary:
    people = {"sender": (Address(sender),), "to": tuple(map(Address, to)), "cc": tuple(map(Address, cc))}
    made = Summary("Diffida", (), (), (), None, IDENTIFIER, None, None, ())
    return replace(made, **people, **changes)


def envelope(**data: Any) -> Answered:
    said = certified("posta-certificata", 0, None, sender=OTHER, recipients=recipients(ME, ANNA, BRUNO), **data)
    return Answered(summary(to=(ME, ANNA), cc=(BRUNO,)), said)


def asked(answered: Answered, *, everybody: bool = False) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = recipients_of_answer(answered, OWN, everybody=everybody)
    return found.to, found.cc


@pytest.mark.parametrize(
    ("reply_to", "to"),
    [(None, OTHER), ("", OTHER), (CARLA, CARLA), (SIGNER, OTHER), ("guasto", OTHER), (f"Carla <{CARLA}>", CARLA)],
)
def test_an_answer_goes_to_the_certified_sender_or_where_that_one_asked(reply_to: str | None, to: str) -> None:
    assert asked(envelope(reply_to=reply_to)) == ((to,), ())


def test_the_headers_of_a_certified_message_decide_nothing() -> None:
    lying = replace(envelope(), summary=summary(sender=CARLA, reply_to=(Address(CARLA),)))
    assert asked(lying) == ((OTHER,), ())


def test_an_answer_to_all_keeps_copies_as_copies_and_leaves_oneself_out() -> None:
    assert asked(envelope(), everybody=True) == ((OTHER, ANNA), (BRUNO,))


def test_ordinary_mail_is_answered_as_its_headers_say() -> None:
    assert asked(Answered(summary())) == ((OTHER,), ())
    assert asked(Answered(summary(reply_to=(Address(CARLA), Address(ANNA))))) == ((CARLA, ANNA), ())
    assert asked(Answered(summary(reply_to=(Address(SIGNER),)))) == ((OTHER,), ())
    assert asked(Answered(summary(to=(ME, ANNA), cc=(BRUNO, OTHER))), everybody=True) == ((OTHER, ANNA), (BRUNO,))


def test_an_answer_to_what_one_sent_goes_to_the_same_people() -> None:
    own = Answered(summary(sender=ME, to=(ANNA,), cc=(BRUNO,)), is_own=True)
    assert asked(own) == ((ANNA,), ())
    assert asked(own, everybody=True) == ((ANNA,), (BRUNO,))


def test_a_mail_to_oneself_is_answered_to_oneself() -> None:
    assert asked(Answered(summary(sender=ME))) == ((ME,), ())


def test_an_answer_is_tied_to_both_ids_the_senders_last() -> None:
    answered = replace(envelope(message_id="client@x.example"), summary=summary(references=("old@x.example",)))
    assert ids_of_answer(answered) == (
        "<client@x.example>",
        ("<old@x.example>", f"<{IDENTIFIER}>", "<client@x.example>"),
    )
    assert ids_of_answer(Answered(summary())) == (f"<{IDENTIFIER}>", (f"<{IDENTIFIER}>",))
    assert ids_of_answer(Answered(summary(message_id=None))) == (None, ())
    assert ids_of_answer(Answered(summary(message_id="a b\r\nBcc: x"))) == (None, ())


@pytest.mark.parametrize(
    ("subject", "answer", "forward"),
    [
        ("Diffida", "Re: Diffida", "Fwd: Diffida"),
        ("Re: Diffida", "Re: Diffida", "Fwd: Re: Diffida"),
        ("R: Diffida", "R: Diffida", "Fwd: R: Diffida"),
        ("I: Diffida", "Re: I: Diffida", "I: Diffida"),
        ("", "Re: ", "Fwd: "),
    ],
)
def test_subjects_say_once_what_they_are(subject: str, answer: str, forward: str) -> None:
    assert (answer_subject(subject), forward_subject(subject)) == (answer, forward)


def test_what_the_provider_changed_is_told_by_the_bytes() -> None:
    raw = (
        b"Received: from a by b\r\nReceived: from b by c\r\nFrom: a@b.example\r\nX-Trasporto: posta-certificata\r\n"
        b"Message-ID: <" + IDENTIFIER.encode() + b">\r\nX-Riferimento-Message-ID: <mio@x.example>\r\n\r\nTesto.\r\n"
    )
    assert provider_changes(raw, IDENTIFIER) == (
        ProviderChange(Change.NEW_ID, ("message-id", "x-riferimento-message-id"), "mio@x.example"),
        ProviderChange(Change.TRACES, ("received",)),
        ProviderChange(Change.FIELDS, ("x-trasporto",)),
    )
    assert provider_changes(b"From: a@b.example\r\n\r\n", IDENTIFIER) == ()
