"""Recipients as people type them, and drafts as bytes: what comes out is what the access point takes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.errors import StoreError, UsageError
from pecdesk.mime import Address, decoded, parse, text_of
from pecdesk.mime.compose import MESSAGE_TYPE
from pecdesk.pec.acceptable import addressed, objections
from pecdesk.pec.composing import (
    LONGEST_SUBJECT,
    RecipientProblem,
    encoded_size,
    message_of,
    new_message_id,
    parse_recipient,
    recipients_of,
    split_recipients,
)
from pecdesk.pec.draft import Draft, DraftAttachment
from pecdesk.pec.message import Completeness, summary_of

NOW = datetime(2026, 11, 22, 12, 0, 5, 999, tzinfo=UTC)
ME, ANNA, BRUNO = "studio@pec.gestore.example", "anna@pec.uno.example", "bruno@pec.due.example"
ID = "<abc@pec.gestore.example>"


def draft(**fields: Any) -> Draft:
    return Draft("0" * 32, ME, **{"to": (ANNA,), "subject": "Diffida", "text": "Testo.\n", **fields})


def file(raw: bytes, name: str = "atto.pdf", media_type: str = "application/pdf") -> DraftAttachment:
    return DraftAttachment(name, raw.hex(), len(raw), media_type)


def written(one: Draft, name: str = "Studio Verdi") -> bytes:
    return message_of(one, name, lambda attachment: bytes.fromhex(attachment.sha256), ID, NOW)


# recipients


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ANNA, Address(ANNA)),
        (f"  {ANNA} ; ", Address(ANNA)),
        (f"Anna Bianchi <{ANNA}>", Address(ANNA, "Anna Bianchi")),
        (f'"Bianchi, Anna" <{ANNA}>,', Address(ANNA, "Bianchi, Anna")),
        (f"Società Però S.r.l. <{ANNA}>", Address(ANNA, "Società Però S.r.l.")),
        (f"a\r\nBcc: x <{ANNA}>", Address(ANNA, "a Bcc: x")),
        (f"'{ANNA}' <{ANNA}>", Address(ANNA)),
        (f"{BRUNO} <{ANNA}>", RecipientProblem.SEVERAL),
        ("Anna.B+pec@Uno.Example", Address("Anna.B+pec@Uno.Example")),
        ("", RecipientProblem.MALFORMED),
        ("anna", RecipientProblem.NO_DOMAIN),
        ("anna@", RecipientProblem.NO_DOMAIN),
        ("anna@pec", RecipientProblem.NO_DOMAIN),
        ("@pec.uno.example", RecipientProblem.MALFORMED),
        ("anna @pec.uno.example", RecipientProblem.MALFORMED),
        ("an na@pec.uno.example", RecipientProblem.MALFORMED),
        ("anna@pec..example", RecipientProblem.MALFORMED),
        ("anna@pec.uno.example.", RecipientProblem.MALFORMED),
        ("perché@pec.uno.example", RecipientProblem.NOT_ASCII),
        ("anna@città.example", RecipientProblem.NOT_ASCII),
        (f"{ANNA} {BRUNO}", RecipientProblem.SEVERAL),
        (f"{ANNA},{BRUNO}", RecipientProblem.SEVERAL),
        (f"A <{ANNA}> B <{BRUNO}>", RecipientProblem.SEVERAL),
        (f"A <{ANNA} <{BRUNO}>", RecipientProblem.SEVERAL),
        (f'"A <{ANNA}>" <{BRUNO}>', RecipientProblem.SEVERAL),
        ("posta-certificata@pec.gestore.example", RecipientProblem.PROVIDER),
        ("Posta-Certificata@legal.example", RecipientProblem.PROVIDER),
        ("anna@pec.uno.example\r\nRCPT TO:<x@y.example>", RecipientProblem.SEVERAL),
        ("x" * 300 + "@pec.uno.example", RecipientProblem.MALFORMED),
    ],
)
def test_one_recipient_as_it_is_typed(text: str, found: Address | RecipientProblem) -> None:
    assert parse_recipient(text) == found


typed = st.sampled_from([*'ab.@<>,;" \r\n()\\è', "a@b.example", "<a@b.example>", "Anna "])


@given(st.lists(typed, max_size=12).map("".join))
def test_whatever_is_typed_is_an_address_that_can_be_written_or_a_problem(text: str) -> None:
    found = parse_recipient(text)
    if isinstance(found, Address):
        assert found.address.isascii()
        assert not set(found.address) & set(' \r\n,;<>"()\\')
        assert parse(written(draft(to=(text,)))).value("to") is not None


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", ()),
        (f"{ANNA}, {BRUNO}", (ANNA, BRUNO)),
        (f"{ANNA};{BRUNO}\r\n\tc@x.example", (ANNA, BRUNO, "c@x.example")),
        (f'"Bianchi, Anna" <{ANNA}>; Bruno <{BRUNO}>', (f'"Bianchi, Anna" <{ANNA}>', f"Bruno <{BRUNO}>")),
        (" , ;\n", ()),
        ('"aperto, ' + ANNA, ('"aperto', ANNA)),
    ],
)
def test_a_pasted_list_is_taken_apart_outside_names(text: str, pieces: tuple[str, ...]) -> None:
    assert split_recipients(text) == pieces


def test_everybody_gets_it_once_and_in_to_rather_than_in_cc() -> None:
    one = draft(to=(ANNA, "quasi@", ANNA.upper()), cc=(ANNA, f"B <{BRUNO}>"))
    assert [(each.address, str(each.role)) for each in recipients_of(one)] == [
        (Address(ANNA), "to"),
        (Address(BRUNO, "B"), "cc"),
    ]


# bytes


def test_a_draft_becomes_a_message_with_everything_in_it() -> None:
    raw = written(
        draft(
            to=(f"Anna <{ANNA}>",),
            cc=(BRUNO,),
            attachments=(file(b"%PDF-1.7"),),
            receipt=Completeness.BRIEF,
            in_reply_to="<1@x.example>",
            references=("<0@x.example>", "guasto", "<1@x.example>"),
        )
    )
    part = parse(raw)
    found = summary_of(part)
    assert (found.sender, found.to, found.cc) == (
        (Address(ME, "Studio Verdi"),), (Address(ANNA, "Anna"),), (Address(BRUNO),),
    )  # fmt: skip
    assert (found.subject, found.date, found.message_id) == ("Diffida", NOW.replace(microsecond=0), ID[1:-1])
    assert (found.in_reply_to, found.references) == ("1@x.example", ("0@x.example", "1@x.example"))
    assert part.value("x-tiporicevuta") == b"breve"
    assert decoded(raw, part.children[1]) == b"%PDF-1.7"


def test_no_kind_of_receipt_is_asked_for_where_the_user_did_not_choose_one() -> None:
    assert parse(written(draft())).value("x-tiporicevuta") is None
    for kind, word in ((Completeness.FULL, b"completa"), (Completeness.SHORT, b"sintetica")):
        assert parse(written(draft(receipt=kind))).value("x-tiporicevuta") == word


def test_subjects_stand_in_one_line() -> None:
    raw = written(draft(subject=" Riga\r\nBcc: x@y.example\tfine\x00 "))
    assert text_of(parse(raw).value("subject")) == "Riga Bcc: x@y.example fine"


@pytest.mark.parametrize("fields", [{"to": ()}, {"to": (), "cc": (ANNA,)}, {"to": ("quasi@",)}, {"cc": ("no",)}])
def test_a_draft_that_makes_no_message_is_refused_in_a_sentence(fields: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        written(draft(**fields))


def test_a_missing_file_stops_the_message() -> None:
    def missing(_: DraftAttachment) -> bytes:
        raise StoreError("weg")

    with pytest.raises(StoreError):
        message_of(draft(attachments=(file(b"x"),)), "", missing, ID, NOW)


def test_ids_cannot_be_guessed_and_bear_the_domain_of_the_account() -> None:
    ids = {new_message_id("Studio@PEC.Gestore.example") for _ in range(50)}
    assert len(ids) == 50
    assert all(each.endswith("@pec.gestore.example>") and len(each) == 32 + 22 for each in ids)


texts = st.text(st.sampled_from("aà€\U0001f600 \n.="), max_size=200)


@given(
    texts,
    texts,
    st.lists(st.tuples(st.sampled_from(["atto.pdf", "è.txt", "m.eml"]), st.binary(max_size=120)), max_size=3),
    st.sampled_from(["", "Studio Verdi", "Società"]),
)
def test_the_size_is_known_before_it_is_written(
    subject: str, text: str, files: list[tuple[str, bytes]], name: str
) -> None:
    attachments = tuple(file(raw, title) for title, raw in files)
    one = draft(subject=subject, text=text, attachments=attachments, cc=(BRUNO,), receipt=Completeness.FULL)
    raw = message_of(one, name, lambda attachment: bytes.fromhex(attachment.sha256), new_message_id(ME), NOW)
    assert encoded_size(one, name) == len(raw)


@given(st.binary(max_size=300) | st.just(b"Subject: x\r\n\r\ncorpo\r\n" * 20))
def test_the_size_of_a_message_sent_on_is_never_told_too_small(content: bytes) -> None:
    one = draft(attachments=(file(content, "m.eml", MESSAGE_TYPE),))
    raw = message_of(one, "", lambda _: content, new_message_id(ME), NOW)
    assert encoded_size(one) >= len(raw)


names = st.text(st.sampled_from("aA ,;:.\"'\\()<>[]=?èß\U0001f600") | st.characters(codec="utf-8"), max_size=70)


@given(names, names, st.text(max_size=60), texts)
def test_whatever_is_written_here_is_what_an_access_point_takes(mine: str, other: str, subject: str, text: str) -> None:
    to = f"{other.replace('<', '').replace('>', '').replace('@', '')} <{ANNA}>"
    if not isinstance(parse_recipient(to), Address):
        return
    raw = written(draft(to=(to,), cc=(BRUNO,), subject=subject, text=text), mine)
    assert objections(raw, ME) == ()
    assert addressed(raw).recipients == (ANNA, BRUNO)
    assert summary_of(parse(raw)).to == (parse_recipient(to),)


def test_a_draft_that_cannot_be_sent_yet_has_a_size_too() -> None:
    assert encoded_size(draft(to=(), text="x" * 5000)) > 5000
    assert encoded_size(Draft("0" * 32, "nessuno", text="x" * 5000)) >= 5000
    assert encoded_size(draft(subject="x" * 90_000, text="x")) > 0
    assert LONGEST_SUBJECT < 90_000
