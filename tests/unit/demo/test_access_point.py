"""What the made-up provider takes at its door, what it refuses there, and what it answers with a notice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pecdesk.demo.access_point import LIMIT, VIRUS, RefusedAtTheDoor, TakenThenRefused, at_the_door, provider_key, take
from pecdesk.demo.courier import post
from pecdesk.demo.draft import Completeness, original
from pecdesk.demo.provider import Sending
from pecdesk.demo.world import ELENA, STUDIO
from pecdesk.examine import Examination, examine
from tests.kit.messages import EXTERNAL, NOW, RECIPIENT, SENDER, anchors, draft, provider, world

UNKNOWN = "nessuno@certimail.example"
FULL = "casella.piena@pec.avvocatidemo.example"


def taken(*recipients: str, raw: bytes | None = None) -> Sending | RefusedAtTheDoor | TakenThenRefused:
    written = raw or original(draft(recipients=recipients or (RECIPIENT,)))
    return take(provider(), written, SENDER, recipients or (RECIPIENT,), NOW)


def answers(given: Sending | TakenThenRefused) -> list[Examination]:
    return [examine(posted.raw, anchors(), now=NOW) for posted in post(world().providers, given, "uno")]


def with_field(name: bytes, value: bytes) -> bytes:
    return name + b": " + value + b"\r\n" + original(draft())


def without_field(name: bytes) -> bytes:
    lines = original(draft()).split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith(name + b":"))


def test_who_is_served_by_a_provider_gets_certified_mail_and_nobody_else() -> None:
    assert provider_key(RECIPIENT) == "tre"
    assert provider_key(UNKNOWN) == "tre"
    assert provider_key(STUDIO) == "uno"
    assert provider_key(EXTERNAL.address) is None
    assert provider_key("a@nowhere.example") is None


@pytest.mark.parametrize(
    ("sender", "recipients", "code"),
    [
        ("altro@pec.gestoreuno.example", [RECIPIENT], 553),
        (SENDER, [], 503),
        (SENDER, [f"r{n}@certimail.example" for n in range(501)], 452),
    ],
)
def test_an_envelope_that_breaks_a_rule_is_refused_before_the_message(
    sender: str, recipients: list[str], code: int
) -> None:
    refused = at_the_door(SENDER, sender, recipients)

    assert refused is not None
    assert refused.code == code
    assert at_the_door(SENDER, SENDER.upper(), [RECIPIENT]) is None


def test_size_counts_once_for_each_recipient() -> None:
    raw = original(draft()) + b"x" * (LIMIT // 2)

    assert isinstance(take(provider(), raw, SENDER, [RECIPIENT, UNKNOWN], NOW), RefusedAtTheDoor)
    assert isinstance(take(provider(), raw, SENDER, [RECIPIENT], NOW), Sending)


@pytest.mark.parametrize(
    ("raw", "recipients", "why"),
    [
        (with_field(b"Bcc", b"x@certimail.example"), [RECIPIENT], "Bcc"),
        (without_field(b"To"), [RECIPIENT], "To"),
        (with_field(b"From", b"altro@certimail.example"), [RECIPIENT], "From"),
        (original(draft()), [RECIPIENT, UNKNOWN], "To e Cc"),
    ],
)
def test_what_is_wrong_with_the_message_is_answered_by_a_notice_of_non_acceptance(
    raw: bytes, recipients: list[str], why: str
) -> None:
    found = take(provider(), raw, SENDER, recipients, NOW)

    assert isinstance(found, TakenThenRefused)
    assert why in found.why
    (notice,) = answers(found)
    assert (notice.kind, notice.standing) == ("non-acceptance", "certified")


def test_a_virus_is_answered_by_the_notice_that_says_so() -> None:
    found = taken(raw=original(draft(text=VIRUS.decode())))

    assert isinstance(found, TakenThenRefused)
    (notice,) = answers(found)
    assert notice.certification is not None
    assert notice.certification.error == "virus"


def test_every_certified_recipient_is_answered_for_and_no_other() -> None:
    found = taken(RECIPIENT, UNKNOWN, FULL, EXTERNAL.address)
    assert isinstance(found, Sending)
    acceptance, *others = answers(found)

    assert acceptance.kind == "acceptance"
    assert acceptance.certification is not None
    types = {one.address: one.type for one in acceptance.certification.recipients}
    assert types == {RECIPIENT: "certified", UNKNOWN: "certified", FULL: "certified", EXTERNAL.address: "external"}
    outcomes = {one.certification.delivered_to: str(one.kind) for one in others if one.certification}
    assert outcomes == {RECIPIENT: "delivery", UNKNOWN: "non-delivery", FULL: "non-delivery"}
    assert all(one.standing == "certified" for one in (acceptance, *others))
    details = [one.certification.extended_error or "" for one in others if one.certification]
    assert [detail[:5] for detail in details if detail] == ["5.1.1", "5.2.2"]


def test_acceptance_comes_first_and_deliveries_one_by_one() -> None:
    found = taken(RECIPIENT, UNKNOWN, FULL)
    assert isinstance(found, Sending)
    times = [posted.after for posted in post(world().providers, found, "uno")]

    assert times == sorted(times)
    assert times[0] < times[1]
    assert times[-1] < timedelta(seconds=10)


def test_a_mailbox_of_the_office_gets_the_envelope() -> None:
    found = taken(ELENA)
    assert isinstance(found, Sending)
    posted = list(post(world().providers, found, "uno"))

    assert [one.mailbox for one in posted] == [SENDER, ELENA, SENDER]
    assert examine(posted[1].raw, anchors(), now=NOW).kind == "transport-envelope"


def test_the_kind_of_receipt_that_was_asked_for_is_given() -> None:
    written = original(draft(asks_for=Completeness.SHORT))
    found = taken(raw=written)
    assert isinstance(found, Sending)
    delivery = answers(found)[1]

    assert delivery.receipt_actual == "short"
