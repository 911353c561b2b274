"""Receipts that lie, repeat, contradict or belong to others move no row but their own (security page 2.2, cli.md 4).

All scenarios are imported together, by one `pecdesk import`; each is told by its name, the subject of its mail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pecdesk.app import App
from pecdesk.demo.builders import Statement, certifying, with_header
from pecdesk.demo.certification import Certification, daticert
from pecdesk.demo.draft import Attachment, Completeness, Recipient, original
from pecdesk.demo.forgery import mutated, unsigned, wrapped
from pecdesk.demo.inside import inside_envelope
from pecdesk.demo.mail import CRLF
from pecdesk.demo.ordinary import rem_receipt
from pecdesk.demo.provider import Sending
from pecdesk.demo.world import REM_SERVICE
from pecdesk.explain.documents import transmission_document
from pecdesk.intake import Import, find_messages
from pecdesk.store import Filter
from tests.hostile.bench import Bench
from tests.hostile.mailbox import Mailbox, Rows, without_numbers
from tests.hostile.structure import taken_apart
from tests.kit import messages
from tests.kit.messages import EXTERNAL, RECIPIENT, SECOND, SENDER, SERVICE, delivery, draft, provider, sending

SEED = 20261122
STRANGER = "nessuno@pec.altrove.example"

Mails = list[bytes]
Check = Callable[[Rows], None]
Scenario = Callable[[str], tuple[Mails, Check]]
SCENARIOS: dict[str, Scenario] = {}


def scenario(name: str) -> Callable[[Scenario], Scenario]:
    """Enter a scenario: what makes its mail, with its name in every subject, and what must be true of its rows."""

    def enter(made: Scenario) -> Scenario:
        assert name not in SCENARIOS
        SCENARIOS[name] = made
        return made

    return enter


def acceptance(taken: Sending) -> bytes:
    return provider().acceptance(taken).sealed()


def the_one(rows: Rows, **wanted: object) -> dict[str, Any]:
    (found,) = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    return found


def lines(row: dict[str, Any]) -> list[tuple[str, str, bool, int]]:
    return [(line["kind"], line["standing"], line["counts"], line["copies"]) for line in row["evidence"]]


def fates(row: dict[str, Any]) -> dict[str, str]:
    return {recipient["address"]: recipient["state"] for recipient in row["recipients"]}


def reheaded(raw: bytes, *changes: tuple[bytes, bytes | None]) -> bytes:
    """A sealed message with outer headers changed, added in front, or (None) taken away; what is signed is the same."""
    fields = taken_apart(raw).fields
    for name, value in changes:
        fields = [field for field in fields if not field.lower().startswith(name.lower() + b":")]
        if value is not None:
            fields = [name + b": " + value + CRLF, *fields]
    return b"".join(fields) + CRLF + raw.partition(CRLF + CRLF)[2]


# --- B1: contradictions between what is signed and what is not -------------------------------------------------------

CONTRADICTING: dict[str, tuple[str, str, str]] = {
    "B1 another Subject": ("Subject", "CONSEGNA: Tutt'altro", "certified-with-reserve"),
    "B1 another kind": ("X-Ricevuta", "errore-consegna", "certified-with-reserve"),
    "B1 another reference": ("X-Riferimento-Message-ID", "<altro@evil.example>", "certified-with-reserve"),
    "B1 another To": ("To", "x@evil.example", "certified-with-reserve"),
    "B1 a Cc": ("Cc", "x@evil.example", "certified-with-reserve"),
    "B1 another Date": ("Date", "Thu, 1 Jan 1970 00:00:00 +0000", "certified-with-reserve"),
    "B1 a Reply-To, which a receipt has not": ("Reply-To", "x@evil.example", "certified"),
}


def _contradicting(header: str, value: str, standing: str) -> Scenario:
    def make(name: str) -> tuple[Mails, Check]:
        taken = sending(draft(name))

        def check(rows: Rows) -> None:
            (row,) = rows
            assert (row["state"], row["subject"], row["identifier"]) == ("delivered", name, taken.identifier)
            assert fates(row) == {RECIPIENT: "delivered"}
            assert lines(row)[-1] == ("delivery", standing, True, 1)

        return [taken.original, acceptance(taken), with_header(delivery(taken), header, value).sealed()], check

    return make


SCENARIOS |= {name: _contradicting(*change) for name, change in CONTRADICTING.items()}


def _counts_for_nothing(name: str, changed: Callable[[Sending, Statement], Statement]) -> tuple[Mails, Check]:
    taken = sending(draft(name))

    def check(rows: Rows) -> None:
        (row,) = rows
        assert row["state"] == "accepted"
        assert ("delivery", "certified-with-reserve", False, 1) in lines(row)
        assert "contradictory" in row["attention"]

    return [taken.original, acceptance(taken), changed(taken, delivery(taken)).sealed()], check


@scenario("B1 another identificativo inside")
def _(name: str) -> tuple[Mails, Check]:
    def lie(taken: Sending, receipt: Statement) -> Statement:
        other = provider().identifier("x", at=taken.accepted_at)
        return replace(receipt, inside=inside_envelope(taken.original, other))

    return _counts_for_nothing(name, lie)


@scenario("B1 another msgid inside")
def _(name: str) -> tuple[Mails, Check]:
    return _counts_for_nothing(name, lambda _, receipt: certifying(receipt, message_id="<altro@x.example>"))


# --- B2, B3: receipts of others -------------------------------------------------------------------------------------


@scenario("B2 a receipt for what was never sent")
def _(name: str) -> tuple[Mails, Check]:
    taken, never = sending(draft(name)), sending(draft(f"{name}, davvero"))

    def check(rows: Rows) -> None:
        assert the_one(rows, identifier=taken.identifier)["state"] == "accepted"
        stranger = the_one(rows, identifier=never.identifier)
        assert (stranger["kind"], stranger["state"], stranger["original"]) == ("pec", "delivered", "from-receipt")

    return [taken.original, acceptance(taken), delivery(never).sealed()], check


@scenario("B3 a replayed receipt of somebody else")
def _(name: str) -> tuple[Mails, Check]:
    taken, theirs = sending(draft(name)), sending(draft(name, sender=SECOND), "due")

    def check(rows: Rows) -> None:
        assert the_one(rows, identifier=taken.identifier)["state"] == "accepted"
        other = the_one(rows, identifier=theirs.identifier)
        assert (other["kind"], other["sender"]) == ("unmatched", SECOND)

    return [taken.original, acceptance(taken), delivery(theirs).sealed()], check


@scenario("B3 genuine receipts of a stranger who chose our Message-ID")
def _(name: str) -> tuple[Mails, Check]:
    taken = sending(draft(name))
    theirs = provider("due").take(draft(name, sender=SECOND, message_id=taken.message_id), taken.accepted_at)

    def check(rows: Rows) -> None:
        ours = the_one(rows, identifier=taken.identifier)
        assert (ours["state"], ours["kind"], ours["original"], ours["rivals"]) == ("accepted", "pec", "own", [])
        assert the_one(rows, identifier=theirs.identifier)["kind"] == "unmatched"

    receipts = [provider("due").acceptance(theirs).sealed(), delivery(theirs).sealed()]
    return [*receipts, taken.original, acceptance(taken)], check


@scenario("B3 a receipt about somebody who was never addressed")
def _(name: str) -> tuple[Mails, Check]:
    taken = sending(draft(name, recipients=(RECIPIENT, SECOND)))

    def check(rows: Rows) -> None:
        (row,) = rows
        assert fates(row) == {RECIPIENT: "accepted", SECOND: "accepted", STRANGER: "delivered"}
        assert row["state"] == "partly-delivered"
        assert "contradictory" in row["attention"]

    return [taken.original, acceptance(taken), certifying(delivery(taken), delivered_to=STRANGER).sealed()], check


@scenario("B3 an acceptance for somebody who was never addressed")
def _(name: str) -> tuple[Mails, Check]:
    taken = sending(draft(name))
    accepted = certifying(provider().acceptance(taken), recipients=(Recipient(RECIPIENT), Recipient(STRANGER)))

    def check(rows: Rows) -> None:
        (row,) = rows
        assert fates(row) == {RECIPIENT: "accepted", STRANGER: "accepted"}
        assert "contradictory" in row["attention"]

    return [taken.original, accepted.sealed()], check


# --- B4, B5 ---------------------------------------------------------------------------------------------------------


@scenario("B4 copies of one receipt with other headers")
def _(name: str) -> tuple[Mails, Check]:
    taken = sending(draft(name))
    receipt = delivery(taken).sealed()

    def check(rows: Rows) -> None:
        (row,) = rows
        assert lines(row) == [("acceptance", "certified", True, 1), ("delivery", "certified", True, 6)]

    return [
        taken.original,
        acceptance(taken),
        receipt,
        receipt,
        receipt.replace(CRLF, b"\n"),
        reheaded(receipt, (b"Message-ID", b"<copia@x.example>")),
        reheaded(receipt, (b"Received", b"from x by y; Fri, 20 Nov 2026 10:00:00 +0100")),
        reheaded(receipt, (b"Delivered-To", None), (b"Return-Path", None)),
        reheaded(receipt, (b"X-Ricevuta", None)),
    ], check


FILE = Attachment("atto.pdf", b"%PDF-1.4 quello vero\n" * 30, "application/pdf")
OTHER_FILE = replace(FILE, content=b"%PDF-1.4 un altro\n" * 30)


def _comparing(file: Attachment, holds: Completeness, attention: list[str]) -> Scenario:
    def make(name: str) -> tuple[Mails, Check]:
        sent = draft(name, attachments=(FILE,))
        taken = provider().take(sent, sent.date, raw=original(replace(sent, attachments=(file,))))

        def check(rows: Rows) -> None:
            (row,) = rows
            assert (row["state"], row["attention"]) == ("delivered", attention)
            assert row["evidence"][-1]["comparison"] == {
                "agreement": "different" if attention else "same",
                "different": ["atto.pdf"] if attention else [],
                "other_subject": False,
            }

        return [original(sent), acceptance(taken), delivery(taken, completeness=holds).sealed()], check

    return make


SCENARIOS |= {
    "B5 a full receipt of another content": _comparing(OTHER_FILE, Completeness.FULL, ["content-differs"]),
    "B5 a brief receipt of another content": _comparing(OTHER_FILE, Completeness.BRIEF, ["content-differs"]),
    "B5 twin, full": _comparing(FILE, Completeness.FULL, []),
    "B5 twin, brief": _comparing(FILE, Completeness.BRIEF, []),
}


@scenario("B5 a receipt of another subject")
def _(name: str) -> tuple[Mails, Check]:
    taken = sending(draft(name))
    ours = original(replace(draft(f"{name}, bozza"), message_id=taken.message_id))

    def check(rows: Rows) -> None:
        (row,) = rows
        assert (row["state"], row["attention"], row["subject"]) == ("delivered", ["content-differs"], name)
        compared = row["evidence"][-1]["comparison"]
        assert compared == {"agreement": "different", "different": [], "other_subject": True}

    return [ours, acceptance(taken), delivery(taken).sealed()], check


# --- B6 to B9 -------------------------------------------------------------------------------------------------------


@scenario("B6 delivered and not delivered")
def _(name: str) -> tuple[Mails, Check]:
    taken = sending(draft(name))
    failed = provider("tre").non_delivery(taken, RECIPIENT, taken.accepted_at + timedelta(minutes=2))

    def check(rows: Rows) -> None:
        (row,) = rows
        assert (row["state"], fates(row)) == ("contradictory", {RECIPIENT: "contradictory"})
        assert {line[0] for line in lines(row)} == {"acceptance", "delivery", "non-delivery"}
        assert "contradictory" in row["attention"]

    return [delivery(taken).sealed(), failed.sealed(), acceptance(taken)], check


@scenario("B6 accepted and refused")
def _(name: str) -> tuple[Mails, Check]:
    taken = sending(draft(name))

    def check(rows: Rows) -> None:
        (row,) = rows
        assert row["state"] == "contradictory"

    return [acceptance(taken), provider().non_acceptance(taken, "campo To errato").sealed()], check


@scenario("B7 one delivery of three")
def _(name: str) -> tuple[Mails, Check]:
    taken = sending(draft(name, recipients=(RECIPIENT, Recipient(SECOND, copy=True), EXTERNAL)))

    def check(rows: Rows) -> None:
        (row,) = rows
        assert row["state"] == "partly-delivered"
        assert fates(row) == {RECIPIENT: "delivered", SECOND: "accepted", EXTERNAL.address: "not-pec"}

    return [taken.original, acceptance(taken), delivery(taken).sealed()], check


@scenario("B7 a delivery that names nobody among several")
def _(name: str) -> tuple[Mails, Check]:
    taken = sending(draft(name, recipients=(RECIPIENT, SECOND)))

    def check(rows: Rows) -> None:
        (row,) = rows
        assert set(fates(row).values()) == {"accepted"}

    return [acceptance(taken), certifying(delivery(taken), delivered_to=None).sealed()], check


def _notices(taken: Sending) -> list[bytes]:
    soon = taken.accepted_at + timedelta(minutes=1)
    return [
        acceptance(taken),
        provider("tre").taken_in_charge(taken, [RECIPIENT], soon, SERVICE).sealed(),
        provider().delay_notice(taken, RECIPIENT, taken.accepted_at + timedelta(hours=12)).sealed(),
        provider().delay_notice(taken, RECIPIENT, taken.accepted_at + timedelta(hours=23), final=True).sealed(),
        delivery(taken).sealed(),
    ]


def _up_to(number: int, state: str) -> Scenario:
    def make(name: str) -> tuple[Mails, Check]:
        def check(rows: Rows) -> None:
            (row,) = rows
            assert fates(row) == {RECIPIENT: state}
            assert len(lines(row)) == number

        return _notices(sending(draft(name)))[:number], check

    return make


SCENARIOS |= {
    "B8 taken in charge": _up_to(2, "taken-in-charge"),
    "B8 a first notice": _up_to(3, "delayed"),
    "B8 a last notice": _up_to(4, "failed"),
    "B8 delivered after the last notice": _up_to(5, "delivered"),
}


@scenario("B8 a kind that nobody knows")
def _(name: str) -> tuple[Mails, Check]:
    taken = sending(draft(name))
    receipt = delivery(taken)
    unknown = daticert(replace(_facts(receipt), type="avvenuta-lettura"))
    strange = with_header(replace(receipt, certification=unknown), "X-Ricevuta", "avvenuta-lettura")

    def check(rows: Rows) -> None:
        assert the_one(rows, identifier=taken.identifier)["state"] == "accepted"
        assert not any(row["status"] == "certificata" for row in rows)

    return [taken.original, acceptance(taken), strange.sealed()], check


def _cut_at(share: float) -> Scenario:
    def make(name: str) -> tuple[Mails, Check]:
        taken = sending(draft(name))

        def check(rows: Rows) -> None:
            assert the_one(rows, identifier=taken.identifier)["state"] == "accepted"
            standings = [line["standing"] for row in rows for line in row["evidence"] if line["kind"] != "acceptance"]
            assert standings in ([], ["undetermined"])

        return [taken.original, acceptance(taken), messages.truncated(delivery(taken).sealed(), share)], check

    return make


SCENARIOS |= {f"B9 {share:.0%} of a receipt": _cut_at(share) for share in (0.3, 0.6, 0.9, 0.99)}


@scenario("B9 a receipt after half of it")
def _(name: str) -> tuple[Mails, Check]:
    taken = sending(draft(name))
    receipt = delivery(taken).sealed()

    def check(rows: Rows) -> None:
        assert the_one(rows, identifier=taken.identifier)["state"] == "delivered"

    return [messages.truncated(receipt, 0.9), acceptance(taken), receipt], check


# --- forgeries ------------------------------------------------------------------------------------------------------


def unproven(statement: Statement, name: str) -> Mails:
    """All ways in which a receipt may come without proving anything."""
    raw = statement.sealed()
    return [
        unsigned(statement),
        messages.signed_by_foreign(statement),
        messages.with_third_part(statement),
        mutated(raw, b"Content-Type: application/xml", b"Content-Type: Application/xml"),
        messages.with_signature_of_other_bytes(statement),
        replace(statement, certification=messages.with_entities(_facts(statement))).sealed(),
        messages.truncated(raw, 0.8),
        wrapped(raw, draft(name, sender=EXTERNAL.address, recipients=(SENDER,), message_id=f"<w{len(raw)}@x>")),
    ]


def _facts(statement: Statement) -> Certification:
    assert isinstance(statement.certification, Certification)
    return statement.certification


@scenario("forgeries of every outcome")
def _(name: str) -> tuple[Mails, Check]:
    taken = sending(draft(name))
    soon = taken.accepted_at + timedelta(minutes=3)
    statements = (
        delivery(taken),
        provider("tre").non_delivery(taken, RECIPIENT, soon),
        provider().non_acceptance(taken, "campo To errato"),
        provider("tre").virus_detected(taken, RECIPIENT, soon, SERVICE),
    )

    def check(rows: Rows) -> None:
        row = the_one(rows, identifier=taken.identifier)
        assert (row["state"], fates(row), row["original"]) == ("accepted", {RECIPIENT: "accepted"}, "own")
        assert {"forged", "altered"} <= set(row["attention"])
        assert [line["kind"] for line in row["evidence"] if line["counts"]] == ["acceptance"]
        assert len(row["evidence"]) > 20
        assert not any(other["status"] == "certificata" for other in rows)

    forged = [raw for statement in statements for raw in unproven(statement, name)]
    return [*forged[::2], taken.original, acceptance(taken), *forged[1::2]], check


@scenario("a forged envelope of a genuine one")
def _(name: str) -> tuple[Mails, Check]:
    came = provider("due").take(draft(name, sender=SECOND, recipients=(SENDER,)), messages.SENT_AT)
    envelope = provider("due").envelope(came, SENDER)
    lie = certifying(envelope, sender="procura@pec.giustizia.example")

    def check(rows: Rows) -> None:
        (row,) = rows
        assert (row["direction"], row["sealed"], row["sender"]) == ("received", "certified", SECOND)
        assert "forged" in row["attention"]

    return [unsigned(lie), messages.signed_by_foreign(lie), envelope.sealed()], check


# --- REM ------------------------------------------------------------------------------------------------------------


def _rem(name: str, *events: str) -> Mails:
    return [rem_receipt(draft(name), REM_SERVICE, messages.world().rem, messages.NOW, event) for event in events]


@scenario("REM receipts stand under what they name and prove nothing")
def _(name: str) -> tuple[Mails, Check]:
    def check(rows: Rows) -> None:
        (row,) = rows
        assert (row["direction"], row["state"], row["original"]) == ("sent", "pending", "own")
        assert lines(row) == [("rem-receipt", "undetermined", False, 1)] * 2
        assert "forged" not in row["attention"]

    return [*_rem(name, "ContentConsignment"), original(draft(name)), *_rem(name, "SubmissionAcceptance")], check


@scenario("a REM receipt beside those of PEC")
def _(name: str) -> tuple[Mails, Check]:
    taken = sending(draft(name))

    def check(rows: Rows) -> None:
        (row,) = rows
        assert (row["state"], fates(row)) == ("accepted", {RECIPIENT: "accepted"})
        assert lines(row) == [("acceptance", "certified", True, 1), ("rem-receipt", "undetermined", False, 1)]

    return [*_rem(name, "ContentConsignment"), acceptance(taken), taken.original], check


@scenario("a REM receipt that nobody signed")
def _(name: str) -> tuple[Mails, Check]:
    (raw,) = _rem(name, "ContentConsignment")
    fake = reheaded(raw, (b"Content-Type", b"multipart/mixed; boundary=altro"))

    def check(rows: Rows) -> None:
        (row,) = rows
        assert lines(row) == [("rem-receipt", "not-certified", False, 1)]
        assert "forged" in row["attention"]

    return [original(draft(name)), fake], check


@scenario("a REM receipt of what is not here")
def _(name: str) -> tuple[Mails, Check]:
    def check(rows: Rows) -> None:
        (row,) = rows
        assert (row["kind"], row["direction"], row["status"]) == ("rem", "received", "non-verificabile")

    return _rem(name, "ContentConsignment"), check


# --- ids and oneself ------------------------------------------------------------------------------------------------


@scenario("a mail to oneself")
def _(name: str) -> tuple[Mails, Check]:
    taken = sending(draft(name, recipients=(SENDER,)))

    def check(rows: Rows) -> None:
        sent, received = the_one(rows, direction="sent"), the_one(rows, direction="received")
        assert (sent["linked"], received["linked"]) == ([received["id"]], [sent["id"]])
        assert (sent["state"], received["sealed"]) == ("delivered", "certified")

    receipts = [acceptance(taken), delivery(taken, SENDER, by="uno").sealed()]
    return [taken.original, *receipts, provider().envelope(taken, SENDER).sealed()], check


def _lettered(letters: Callable[[str, str], str], states: list[str]) -> Scenario:
    def make(name: str) -> tuple[Mails, Check]:
        taken = sending(draft(name))
        local, _, domain = taken.identifier.rpartition("@")
        other = replace(certifying(delivery(taken), identifier=letters(local, domain)), inside=None)

        def check(rows: Rows) -> None:
            assert sorted(row["state"] for row in rows) == states

        return [taken.original, acceptance(taken), other.sealed()], check

    return make


SCENARIOS |= {
    "an identificativo whose domain is in capitals is the same": _lettered(
        lambda local, domain: f"{local}@{domain.upper()}", ["delivered"]
    ),
    # Ids are opaque (RFC 6109 §2.2.1): nothing is merged that a provider keeps apart.
    "an identificativo in capitals before the at is another": _lettered(
        lambda local, domain: f"{local.upper()}@{domain}", ["accepted", "delivered"]
    ),
    "an identificativo in angle brackets is the same": _lettered(
        lambda local, domain: f"<{local}@{domain}>", ["delivered"]
    ),
}


# --- the tests ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("receipts"))


@pytest.fixture(scope="module")
def made() -> dict[str, tuple[Mails, Check]]:
    return {name: make(name) for name, make in SCENARIOS.items()}


@pytest.fixture(scope="module")
def rows(bench: Bench, made: dict[str, tuple[Mails, Check]]) -> Rows:
    studio = Mailbox.empty(bench, SENDER)
    studio.receive(*(raw for mails, _ in made.values() for raw in mails))
    return studio.rows()


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_receipt_moves_no_row_but_its_own(made: dict[str, tuple[Mails, Check]], rows: Rows, name: str) -> None:
    _, check = made[name]
    check([row for row in rows if name in row["subject"]])


ROWS_OF_THE_PAGE = {f"B{number}" for number in range(1, 10)}


def test_every_row_of_the_page_is_told() -> None:
    assert {name.split()[0] for name in SCENARIOS if name.startswith("B")} == ROWS_OF_THE_PAGE


def test_the_twin_of_every_lie_is_certified(bench: Bench) -> None:
    """The same mail with the receipts as they should be: delivered, all of it certified, nothing to complain of."""
    lies = [name for name in SCENARIOS if name.startswith("B")]
    twins = {name: sending(draft(name)) for name in lies}
    studio = Mailbox.empty(bench, SENDER)
    studio.receive(*(raw for one in twins.values() for raw in (delivery(one).sealed(), one.original, acceptance(one))))
    rows = {row["subject"]: row for row in studio.rows()}
    assert rows.keys() == twins.keys()
    for row in rows.values():
        assert (row["state"], row["status"], row["attention"]) == ("delivered", "consegnato", [])
        assert lines(row) == [("acceptance", "certified", True, 1), ("delivery", "certified", True, 1)]


def test_two_mailboxes_of_one_profile_keep_their_own_rows(bench: Bench) -> None:
    """The same receipt in both mailboxes belongs to the sender in one and to a stranger in the other."""
    taken = sending(draft(recipients=(SECOND,)))
    receipt = provider("due").delivery(taken, SECOND, taken.accepted_at + timedelta(minutes=1)).sealed()
    both = Mailbox.empty(bench)
    both.receive(taken.original, acceptance(taken), receipt, account=SENDER)
    both.receive(provider().envelope(taken, SECOND).sealed(), receipt, account=SECOND)
    found = both.rows()
    ours = the_one(found, direction="sent", account=SENDER)
    assert (ours["kind"], ours["state"]) == ("pec", "delivered")
    assert the_one(found, direction="received", account=SECOND)["sealed"] == "certified"
    stray = the_one(found, direction="sent", account=SECOND)
    assert (stray["kind"], stray["state"]) == ("unmatched", "delivered")


class Arrivals:
    """Imports into fresh profiles, all through one examiner."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.stack = ExitStack()
        with App.open(Mailbox.empty(bench).profile) as app:
            self.examiner = self.stack.enter_context(app.examiner(now=messages.NOW))

    def rows(self, *arrivals: Mails) -> list[Any]:
        """The rows of a profile into which these came one import after the other."""
        profile = Mailbox.empty(self.bench).profile
        with App.open(profile) as app:
            app.store.add_account(SENDER, messages.NOW)
            for number, mails in enumerate(arrivals):
                paths = self.bench.write({str(n): raw for n, raw in enumerate(mails)}, f"{profile.name}-{number}")
                arrival = Import(app.store, self.examiner, account=SENDER, seen_at=messages.NOW)
                arrival.run(find_messages(paths.values()))
            shown = app.rows(Filter(limit=0), messages.NOW)
            return without_numbers(
                transmission_document(row.transmission, row.id, row.message_ids, messages.NOW, row.linked)
                for row in shown
            )


@pytest.fixture(scope="module")
def arrivals(bench: Bench) -> Iterator[Arrivals]:
    found = Arrivals(bench)
    with found.stack:
        yield found


def test_no_order_of_arrival_changes_a_row(arrivals: Arrivals, made: dict[str, tuple[Mails, Check]]) -> None:
    mails = list(dict.fromkeys(raw for each, _ in made.values() for raw in each))
    rival = sending(draft("B7 one delivery of three", text="Un altro testo.\n")).original
    mails.append(rival)
    wanted = arrivals.rows(mails)
    assert len({row["state"] for row in wanted}) >= 6
    chance = Random(SEED)
    for count in (2, 5, 11):
        shuffled = chance.sample(mails, len(mails))
        size = -(-len(mails) // count)
        assert arrivals.rows(*(shuffled[start : start + size] for start in range(0, len(mails), size))) == wanted


def test_a_mail_from_the_inbox_never_stands_in_for_what_was_sent(bench: Bench, tmp_path: Path) -> None:
    """Whoever knows our Message-ID may send a mail that pretends to be ours; a stated mailbox does not vouch for it."""
    taken = sending(draft("rivali"))
    short = delivery(taken, completeness=Completeness.SHORT).sealed()
    texts = (original(replace(draft("rivali", text=f"Altro, {n}.\n"), message_id=taken.message_id)) for n in range(999))
    forged = next(raw for raw in texts if sha256(raw).digest() < sha256(taken.original).digest())
    for name, raws in (("Sent", [taken.original]), ("Inbox", [forged, acceptance(taken), short])):
        (tmp_path / name).mkdir()
        for place, raw in enumerate(raws):
            (tmp_path / name / f"{place}.eml").write_bytes(raw)
    studio = Mailbox.empty(bench, SENDER)
    assert studio.command("import", tmp_path, "--account", SENDER).code == 0
    row = studio.row(taken.identifier)
    assert (row["original"], len(row["rivals"])) == ("own", 1)
    assert "Altro" not in row["text"]


def test_an_import_of_the_same_again_changes_nothing(tmp_path: Path, bench: Bench) -> None:
    taken = sending(draft("ancora"))
    studio = Mailbox.empty(bench, SENDER)
    studio.receive(taken.original, acceptance(taken))
    before = studio.rows()
    assert studio.receive(acceptance(taken), taken.original, acceptance(taken)) == {
        "new": 0,
        "known": 3,
        "unreadable": [],
        "mismatched": 0,
    }
    assert studio.rows() == before
