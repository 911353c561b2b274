"""What may be handed to an access point, and what may be added before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.errors import PecdeskError, UsageError
from pecdesk.mime import parse
from pecdesk.mime.addresses import strict_addresses
from pecdesk.pec.acceptable import (
    OBJECTIONS,
    Objected,
    Objection,
    UnacceptableError,
    addressed,
    completed,
    objections,
)
from pecdesk.pec.composing import message_of
from pecdesk.pec.draft import Draft
from pecdesk.pec.message import normal_address

ME, ANNA, BRUNO = "studio@pec.example", "anna@pec.example", "bruno@pec.example"
AT = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
ID = "<uno@pec.example>"
FIELDS = {
    "From": ME,
    "To": f"Anna <{ANNA}>",
    "Cc": f'{BRUNO}, "Prima, Anna" <{ANNA.upper()}>',
    "Subject": "Diffida",
    "Date": "Sun, 22 Nov 2026 10:30:00 +0000",
    "Message-ID": ID,
}


def mail(*more: str, body: str = "Testo.", **changes: str | None) -> bytes:
    fields = {**FIELDS, **{name.replace("_", "-"): value for name, value in changes.items()}}
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "\r\n".join([*lines, *more, "", body, ""]).encode()


def kinds(raw: bytes, account: str = ME, receipt: str | None = None) -> list[str]:
    return [str(each.kind) for each in objections(raw, account, receipt=receipt)]


def test_an_ordinary_mail_is_taken_and_says_who_gets_it() -> None:
    assert kinds(mail()) == []
    found = addressed(mail())
    assert (found.sender, found.recipients, found.message_id) == (ME, (ANNA, BRUNO), "uno@pec.example")


REFUSED = [
    (mail(From=None), "from-unclear"),
    (mail(From=f"{ME}, {ANNA}"), "from-unclear"),
    (mail(From=f"{ME} <{ANNA}>"), "from-unclear"),
    (mail(From=ANNA), "from-other"),
    (mail(To=None), "no-recipient"),
    (mail(To="  "), "no-recipient"),
    (mail(To=f"anna@pec.example {BRUNO}"), "recipients-unclear"),
    (mail(To="undisclosed-recipients:;"), "recipients-unclear"),
    (mail(To=f"<{ANNA}> ({BRUNO})"), "recipients-unclear"),
    (mail(To=f"{ANNA},"), "recipients-unclear"),
    (mail(Cc="chi?"), "recipients-unclear"),
    (mail(f"Bcc: {BRUNO}"), "blind-copy"),
    (mail("Bcc:"), "blind-copy"),
    (mail(f"Resent-Bcc: {BRUNO}"), "blind-copy"),
    (mail(f"To: {BRUNO}"), "repeated-field"),
    (mail("message-id: <due@pec.example>"), "repeated-field"),
    (mail("X-Ricevuta: accettazione"), "field-of-providers"),
    (mail("X-Trasporto: posta-certificata"), "field-of-providers"),
    (mail(Message_ID="uno"), "field-unclear"),
    (mail(Message_ID=None), "field-unclear"),
    (mail(Date="ieri"), "field-unclear"),
    (mail("X-TipoRicevuta: lunghissima"), "receipt-unknown"),
    (mail(body="x" * 999), "long-line"),
    (mail(Subject="x" * 990), "long-line"),
    (b"\r\n" + mail(), "headers"),
    (b"From io\r\n" + mail(), "headers"),
    (mail(": niente"), "headers"),
    (mail("Oggetto senza due punti"), "headers"),
    (mail("X: a", "\t "), "headers"),
    (mail(*[f"X-{number}: x" for number in range(1000)]), "headers"),
    (mail(body="a\nb"), "line-ends"),
    (mail(body="a\rb"), "line-ends"),
    (mail(body="a\0b"), "line-ends"),
    (mail()[:-2], "line-ends"),
]


@pytest.mark.parametrize(("raw", "kind"), REFUSED)
def test_what_a_provider_or_a_reader_might_stumble_over_is_refused_with_its_reason(raw: bytes, kind: str) -> None:
    assert kinds(raw) == [kind]


def test_all_that_stands_against_it_is_told_at_once() -> None:
    assert kinds(mail(f"Bcc: {BRUNO}", From=ANNA, Date=None)) == ["from-other", "blind-copy", "field-unclear"]


def test_the_kind_of_receipt_must_not_contradict_what_is_asked_for() -> None:
    asked = mail("X-TipoRicevuta: Breve")
    assert kinds(asked) == kinds(asked, receipt="breve") == []
    assert kinds(asked, receipt="completa") == ["receipt-conflict"]


def test_limits_of_the_provider_count_what_is_encoded_times_who_gets_it() -> None:
    size = len(mail())
    assert objections(mail(), ME, size_limit=2 * size, recipients_limit=2) == ()
    assert [each.kind for each in objections(mail(), ME, size_limit=2 * size - 1, recipients_limit=1)] == [
        Objection.TOO_MANY_RECIPIENTS,
        Objection.TOO_BIG,
    ]


def test_every_objection_has_a_sentence_that_its_fields_fill() -> None:
    assert set(OBJECTIONS) == set(Objection)
    for raw, _ in REFUSED:
        for each in objections(raw, ME):
            assert "{" not in each.sentence.format(**each.fields)
    both = (Objected(Objection.BLIND_COPY), Objected(Objection.NO_RECIPIENT))
    error: PecdeskError = UnacceptableError(objections=both)
    assert "Bcc" in str(error)


def test_a_file_with_bare_line_feeds_gets_proper_ones_and_the_fields_it_lacks() -> None:
    raw = mail(Message_ID=None, Date=None).replace(b"\r\n", b"\n")
    made = completed(raw, message_id=ID, date=AT, receipt="breve")
    assert made.added == (
        ("Message-ID", ID),
        ("Date", "Sun, 22 Nov 2026 10:30:00 +0000"),
        ("X-TipoRicevuta", "breve"),
    )
    assert made.line_ends_changed
    assert made.raw.endswith(mail(Message_ID=None, Date=None))
    assert kinds(made.raw) == []


def test_a_file_that_has_everything_is_sent_byte_for_byte() -> None:
    raw = mail("x-tiporicevuta: breve")
    made = completed(raw, message_id="<altro@pec.example>", date=AT, receipt="breve")
    assert (made.raw, made.added, made.line_ends_changed) == (raw, (), False)


def test_the_last_line_gets_its_end_and_mixed_ends_are_left_for_the_refusal() -> None:
    made = completed(mail()[:-2], message_id=ID, date=AT)
    assert (made.raw, made.line_ends_changed) == (mail(), True)
    mixed = mail(body="a\nb")
    assert completed(mixed, message_id=ID, date=AT).raw == mixed


TEXTS = st.text(alphabet=st.sampled_from('aA1.@<>,;:()"\\ \t\r\n=?\0è-'), max_size=40)


@given(TEXTS, TEXTS, TEXTS)
def test_whatever_stands_in_the_fields_nobody_gets_it_who_is_not_plainly_named(to: str, cc: str, subject: str) -> None:
    raw = mail(To=f"{ANNA}{to}", Cc=cc, Subject=subject)
    if kinds(raw):
        return
    part = parse(raw)
    assert len(part.values("to")) == 1
    named = {
        normal_address(address)
        for value in (*part.values("to"), *part.values("cc"))
        if value
        for address in strict_addresses(value) or ()
    }
    found = addressed(raw)
    assert {normal_address(address) for address in found.recipients} == named
    assert found.sender == ME


@given(st.lists(st.sampled_from([ANNA, f"Anna <{ANNA}>", f'"a, b" <{BRUNO}>', BRUNO]), min_size=1, max_size=5))
def test_plain_lists_are_read_strictly(written: list[str]) -> None:
    expected = tuple(ANNA if ANNA in each else BRUNO for each in written)
    assert strict_addresses(", ".join(written).encode()) == expected


@pytest.mark.parametrize(
    "value",
    [b"", b"a", b"a@b.it;c@d.it", b"<a@b.it", b"=?x?@b.it", b"a" * 250 + b"@b.it", b"a@b.it,,c@d.it", b"a@b.it,"],
)
def test_what_can_be_read_in_two_ways_is_not_read(value: bytes) -> None:
    assert strict_addresses(value) is None


HOSTILE = st.text(alphabet=st.sampled_from('aZ è\r\n\0\u2028:;,<>@"\\=?.\t'), max_size=60)
WRITTEN = {"from", "to", "cc", "subject", "date", "message-id", "mime-version", "content-type"} | {
    "content-transfer-encoding",
    "in-reply-to",
    "references",
    "x-tiporicevuta",
    "user-agent",
    "content-disposition",
}


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_no_field_of_a_draft_becomes_a_line_of_its_own_or_a_recipient(
    subject: str, text: str, name: str, to: str, parent: str
) -> None:
    written = Draft(
        "0" * 32,
        ME,
        to=(ANNA, f"{to} <{BRUNO}>"),
        subject=f"{subject}\r\nBcc: {BRUNO}",
        text=f"{text}\r\n.\r\nMAIL FROM:<{ANNA}>",
        in_reply_to=parent,
        references=(parent, ID),
    )
    try:
        raw = message_of(written, name, lambda _: b"", ID, AT)
    except UsageError:
        return
    assert objections(raw, ME) == ()
    assert {header.name for header in parse(raw).headers} <= WRITTEN
    assert set(addressed(raw).recipients) == {ANNA, BRUNO}
    assert addressed(raw).message_id == "uno@pec.example"
