"""What is written here: read back by our parser and by Python's, whatever the values; nothing can end its line."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.mime import (
    Address,
    addresses_of,
    attachments,
    date_of,
    decoded,
    file_name_of,
    parse,
    readable_text,
    text_of,
)
from pecdesk.mime.compose import MESSAGE_TYPE, Letter, OutgoingFile, base64_size, compose, defect_of
from pecdesk.mime.file_names import safe_file_name
from pecdesk.mime.header_fields import ComposeError, is_mail_address, is_message_id, one_line

NOON = datetime(2026, 11, 22, 12, 0, 5, tzinfo=timezone(timedelta(hours=1)))
ME = Address("studio.verdi@pec.gestoreuno.example", "Studio Verdi")
ANNA = Address("anna@certimail.example")
ID = "<0123456789abcdef@pec.gestoreuno.example>"


def letter(**changes: object) -> Letter:
    values: dict[str, object] = {
        "sender": ME, "to": (ANNA,), "subject": "Diffida", "text": "Vi diffido.\n", "date": NOON, "message_id": ID,
    }  # fmt: skip
    return Letter(**{**values, **changes})  # type: ignore[arg-type]


def file(name: str, content: bytes, media_type: str = "application/pdf") -> OutgoingFile:
    return OutgoingFile(name, lambda: content, media_type)


def by_python(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_plain_message_is_written_in_the_plainest_way() -> None:
    assert compose(letter()) == (
        b"Date: Sun, 22 Nov 2026 12:00:05 +0100\r\n"
        b'From: "Studio Verdi" <studio.verdi@pec.gestoreuno.example>\r\n'
        b"To: anna@certimail.example\r\n"
        b"Subject: Diffida\r\n"
        b"Message-ID: <0123456789abcdef@pec.gestoreuno.example>\r\n"
        b"MIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=us-ascii\r\n"
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"\r\n"
        b"Vi diffido.\r\n"
    )


def test_the_same_values_give_the_same_bytes() -> None:
    one = letter(files=(file("atto.pdf", b"x" * 1000),))
    assert compose(one) == compose(one)


# values of any kind

lines = st.text(st.characters(codec="utf-8"), max_size=120).map(one_line)
texts = st.text(st.sampled_from("aàè€\U0001f600 .=\t\r\n") | st.characters(codec="utf-8"), max_size=400)
contents = st.binary(max_size=300)


@given(lines, lines, texts, lines, contents)
def test_any_subject_name_text_and_file_survives(
    subject: str, name: str, text: str, file_name: str, content: bytes
) -> None:
    to = (Address(ANNA.address, name), Address("bruno@pec.due.example"))
    raw = compose(letter(subject=subject, to=to, text=text, files=(file(file_name, content),)))
    part = parse(raw)

    assert defect_of(raw) is None
    assert text_of(part.value("subject")) == subject
    assert addresses_of(part.value("to")) == to
    first, second = part.children
    assert decoded(raw, first).decode() == _written(text)
    assert decoded(raw, second) == content
    assert file_name_of(second) == safe_file_name(file_name)
    assert [one.size for one in attachments(raw, part)] == [len(content)]

    message = by_python(raw)
    assert message["from"].addresses[0].addr_spec == ME.address
    assert [each.addr_spec for each in message["to"].addresses] == [each.address for each in to]
    body, attached = message.iter_parts()
    assert body.get_content().replace("\r\n", "\n") == _written(text).replace("\r\n", "\n")
    assert attached.get_payload(decode=True) == content
    assert len(message.defects) == 0


def _written(text: str) -> str:
    """With CRLF, and one at the end."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    return (whole if whole.endswith("\n") or not whole else f"{whole}\n").replace("\n", "\r\n")


@given(lines.filter(lambda text: text.isascii()))
def test_plain_subjects_are_read_alike_by_python(subject: str) -> None:
    assert by_python(compose(letter(subject=subject)))["subject"].split() == subject.split()


@given(st.text(st.characters(codec="utf-8"), max_size=200).map(one_line))
def test_encoded_subjects_are_read_alike_by_python(subject: str) -> None:
    written = f"è {subject} è".replace("\xad", "")
    assert by_python(compose(letter(subject=one_line(written))))["subject"].split() == one_line(written).split()


INJECTED = ("Bcc", "Cc", "X-TipoRicevuta", "In-Reply-To", "X-Altro")
PLACES = ("subject", "to name", "from name", "message id", "reply", "receipt", "type", "file name")


@given(st.text(max_size=60), st.sampled_from(PLACES), st.sampled_from(INJECTED), st.sampled_from(["\r\n", "\n", "\r"]))
def test_nothing_that_is_given_makes_another_field(text: str, place: str, field: str, end: str) -> None:
    evil = f"x{end}{field}: vittima@posta.example{end}{text}"
    changes: dict[str, dict[str, object]] = {
        "subject": {"subject": evil},
        "to name": {"to": (Address(ANNA.address, evil),)},
        "from name": {"sender": Address(ME.address, evil)},
        "message id": {"message_id": f"<{evil}>"},
        "reply": {"in_reply_to": f"<{evil}>"},
        "receipt": {"receipt": evil},
        "type": {"files": (file("a.pdf", b"x", evil),)},
        "file name": {"files": (file(evil, b"x"),)},
    }
    try:
        raw = compose(letter(**changes[place]))
    except ComposeError:
        return
    assert place in ("type", "file name")
    part = parse(raw)
    for one in (part, *part.children):
        assert field.lower() not in {header.name for header in one.headers}


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@", "@b.example", "a b@c.example", "a@b.example>", "a@b.example, c@d.example", "à@b.example",
     "a@b.example\r\nBcc: c@d.example", "a@b.example\n", '"a"@b.example', "a@[192.0.2.1]", "x" * 300 + "@b.example"],
)  # fmt: skip
def test_what_is_no_plain_address_goes_nowhere(address: str) -> None:
    assert not is_mail_address(address)
    for changes in ({"to": (Address(address),)}, {"cc": (Address(address),)}, {"sender": Address(address)}):
        with pytest.raises(ComposeError):
            compose(letter(**changes))


def test_there_is_no_message_without_somebody_in_to() -> None:
    with pytest.raises(ComposeError):
        compose(letter(to=(), cc=(ANNA,)))


def test_ids_stand_in_one_line_each_and_are_checked() -> None:
    ids = tuple(f"<{'x' * 60}.{number}@pec.example>" for number in range(4))
    raw = compose(letter(in_reply_to=ids[0], references=ids))
    assert raw.count(b"\r\n <xxx") == 3
    assert not is_message_id("<a b@c>")
    assert not is_message_id("a@c")
    with pytest.raises(ComposeError):
        compose(letter(references=("<a@b>\r\nBcc: x",)))


def test_a_moment_without_offset_is_refused_and_any_offset_is_read_back() -> None:
    with pytest.raises(ComposeError):
        compose(letter(date=NOON.replace(tzinfo=None)))
    for offset in (timedelta(0), timedelta(hours=-5, minutes=-30), timedelta(hours=14)):
        moment = NOON.replace(tzinfo=timezone(offset))
        assert date_of(parse(compose(letter(date=moment))).value("date")) == moment


# texts

LONG = "parola " * 50


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Vi diffido.\n", "7bit"),
        ("perché\n", "quoted-printable"),
        (LONG, "quoted-printable"),
        ("fine con blanco \n", "quoted-printable"),
        ("From me to you\n", "quoted-printable"),
        (".\n", "quoted-printable"),
        ("日本語の本文です。" * 10, "base64"),
        ("\x00\x01", "quoted-printable"),
        ("", "7bit"),
    ],
)
def test_a_text_is_encoded_only_where_something_on_the_way_could_touch_it(text: str, encoding: str) -> None:
    raw = compose(letter(text=text))
    part = parse(raw)
    assert (part.value("content-transfer-encoding") or b"").decode() == encoding
    assert decoded(raw, part).decode() == _written(text)
    assert readable_text(raw, part).text.split() == text.replace("\0", "\ufffd").replace("\x01", "\ufffd").split()
    assert b"\nFrom " not in raw
    assert b"\r\n.\r\n" not in raw


@given(texts)
def test_no_line_of_a_text_is_longer_than_76(text: str) -> None:
    body = compose(letter(text=text)).partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 76


def test_halves_of_surrogate_pairs_do_not_stop_a_message() -> None:
    raw = compose(letter(text="a\ud800b"))
    assert decoded(raw, parse(raw)) == b"a?b\r\n"


# files


def test_names_are_safe_and_none_stands_twice() -> None:
    names = (
        "../../etc/passwd",
        "atto.pdf",
        "ATTO.pdf",
        "nul",
        'a"b\\c%.pdf',
        "ricorso\u202efdp.exe",
        "è" * 100 + ".pdf",
    )
    raw = compose(letter(files=tuple(file(name, b"x") for name in names)))
    found = [file_name_of(part) for part in parse(raw).children[1:]]
    assert found[:4] == ["passwd", "atto.pdf", "ATTO (2).pdf", "_nul"]
    assert found[4:6] == ["c%.pdf", "ricorsofdp.exe"]
    assert (found[6] or "").endswith("è.pdf")
    assert [part.get_filename() for part in by_python(raw).iter_attachments()] == found


@pytest.mark.parametrize(
    "media_type", ["", "x", "multipart/mixed", "message/partial", "text/plain; charset=x", "a/b\r\nX: y"]
)
def test_a_type_that_could_be_misread_is_none(media_type: str) -> None:
    raw = compose(letter(files=(file("a.bin", b"x", media_type),)))
    assert parse(raw).children[1].media_type == "application/octet-stream"


@given(st.integers(0, 400))
def test_the_size_of_a_file_in_a_message_is_known_before(size: int) -> None:
    with_file, without = (compose(letter(files=(file("a.pdf", bytes(number)),))) for number in (size, 0))
    assert len(with_file) - len(without) == base64_size(size) - 2 * bool(size)


TRAVELLED = b"Subject: x\r\nFrom: a@b.example\r\n\r\ncorpo\r\nFrom qui\r\n.\r\nfine"


def test_a_message_that_travelled_is_sent_on_byte_for_byte() -> None:
    raw = compose(letter(files=(file("messaggio.eml", TRAVELLED, MESSAGE_TYPE),)))
    part = parse(raw).children[1]
    assert part.media_type == MESSAGE_TYPE
    assert part.value("content-transfer-encoding") == b"7bit"
    assert part.body.of(raw) == TRAVELLED
    assert by_python(raw).get_payload(1).get_payload(0)["subject"] == "x"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "content",
    [
        TRAVELLED.replace(b"corpo", "perché".encode()),
        TRAVELLED.replace(b"\r\n", b"\n"),
        TRAVELLED.replace(b"corpo", b"corpo\rrotto"),
        TRAVELLED.replace(b"corpo", b"x" * 999),
        TRAVELLED.replace(b"corpo", b"\0"),
        b"nessuna intestazione",
        b"",
    ],
)
def test_a_message_that_might_be_written_anew_on_the_way_goes_as_a_file_with_all_its_bytes(content: bytes) -> None:
    raw = compose(letter(files=(file("messaggio", content, MESSAGE_TYPE),)))
    part = parse(raw).children[1]
    assert part.media_type == "application/octet-stream"
    assert file_name_of(part) == "messaggio.eml"
    assert decoded(raw, part) == content


def test_a_message_that_holds_a_delimiter_of_ours_does_not_close_it() -> None:
    first = compose(letter(files=(file("m.eml", TRAVELLED, MESSAGE_TYPE),)))
    again = compose(letter(files=(file("m.eml", first, MESSAGE_TYPE), file("a.pdf", b"x"))))
    assert parse(again).children[1].body.of(again) == first
    assert len(parse(again).children) == 3


# the finished bytes

GOOD = compose(letter())


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        GOOD.replace(b"\r\n", b"\n"),
        GOOD.removesuffix(b"\r\n"),
        GOOD + b"a\rb\r\n",
        GOOD + "è\r\n".encode(),
        GOOD + b"\0\r\n",
        GOOD + b"x" * 999 + b"\r\n",
        b"Bcc: x@y.example\r\n" + GOOD,
        b"Sender: x@y.example\r\n" + GOOD,
        b"Subject: y\r\n" + GOOD,
        GOOD.replace(b"Message-ID", b"X-Message-ID"),
        b"To: " + b"a" * 900 + b"\r\n" * 1 + b"\r\n",
        b"".join(b"X-%d: y\r\n" % number for number in range(9000)) + GOOD,
    ],
)
def test_bytes_that_may_not_leave_are_found_out(bad: bytes) -> None:
    assert defect_of(GOOD) is None
    assert defect_of(bad) is not None


def test_more_recipients_than_fit_into_headers_are_refused() -> None:
    many = tuple(Address(f"destinatario.numero.{number}@pec.uno.example") for number in range(2000))
    with pytest.raises(ComposeError, match="longer"):
        compose(letter(to=many))


def test_moments_in_utc_are_written_with_an_offset() -> None:
    assert b"+0000\r\n" in compose(letter(date=NOON.astimezone(UTC)))


@pytest.mark.parametrize(
    "changes",
    [
        {"receipt": "completa\r\nBcc: x@y.example"},
        {"subject": "Diffida\r\nBcc: x@y.example"},
        {"to": (Address(ANNA.address, "Anna\nBcc: x@y.example"),)},
    ],
)
def test_what_is_not_one_line_makes_no_message(changes: dict[str, object]) -> None:
    with pytest.raises(ComposeError):
        compose(letter(**changes))


@pytest.mark.parametrize("words", ["Perché così", "合同终止通知书", "=?utf-8?q?x?=", "parola" * 20])
def test_names_and_subjects_that_are_not_plain_are_read_back(words: str) -> None:
    raw = compose(letter(subject=words, to=(Address(ANNA.address, words),)))

    assert raw.isascii()
    assert by_python(raw)["subject"] == words
    assert addresses_of(parse(raw).value("to")) == (Address(ANNA.address, words),)
