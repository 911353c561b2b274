"""Headers, encodings and multiparts as bytes."""

from __future__ import annotations

import email
import email.policy
from base64 import b64decode
from email.header import decode_header, make_header
from quopri import decodestring

from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.demo.mail import (
    crlf,
    enclosed,
    encoded,
    entity,
    file_entity,
    header,
    multipart,
    named,
    split_headers,
    token,
)

TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=300)


@settings(deadline=None)
@given(TEXT)
def test_any_subject_comes_back_from_its_header(subject: str) -> None:
    line = header("Subject", subject)
    value = line.partition(b": ")[2].replace(b"\r\n ", b" ").rstrip(b"\r\n").decode("ascii")
    decoded = str(make_header(decode_header(value))) if not subject.isascii() else value
    assert decoded.split() == subject.split()


@settings(deadline=None)
@given(TEXT)
def test_a_header_is_ascii_and_every_line_of_it_ends_in_crlf(subject: str) -> None:
    line = header("Subject", subject)
    assert line.isascii()
    assert line.endswith(b"\r\n")
    assert line.replace(b"\r\n", b"").find(b"\n") == -1
    assert all(part.startswith(b" ") for part in line.split(b"\r\n")[1:-1])


def test_a_long_subject_is_folded_and_unfolds_to_itself() -> None:
    subject = "Trasmissione di documenti " * 12
    line = header("Subject", subject.strip())
    assert max(map(len, line.split(b"\r\n"))) <= 78
    assert line.replace(b"\r\n ", b" ") == f"Subject: {subject.strip()}\r\n".encode()


def test_a_quoted_name_is_never_folded() -> None:
    line = header("From", '"Per conto di: ' + "a" * 60 + '@x.example" <posta-certificata@pec.example>')
    assert b"di: " + b"a" * 60 in line


def test_a_name_that_is_not_ascii_is_encoded_and_its_address_is_not() -> None:
    shown = named("a@x.example", "Società Perché")
    assert shown.isascii()
    assert shown.endswith(" <a@x.example>")
    assert str(make_header(decode_header(shown.partition(" <")[0]))) == "Società Perché"


@settings(deadline=None)
@given(st.binary(max_size=500))
def test_base64_gives_the_bytes_back(content: bytes) -> None:
    assert b64decode(encoded(content, "base64")) == content


@settings(deadline=None)
@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=300))
def test_quoted_printable_gives_the_text_back(text: str) -> None:
    assert decodestring(encoded(text.encode(), "quoted-printable")) == crlf(text.encode())


def test_a_multipart_has_its_parts_and_nothing_else() -> None:
    parts = [entity((("Content-Type", "text/plain"),), b"uno"), file_entity("àb.txt", b"due", "text/plain")]
    found = email.message_from_bytes(multipart("mixed", "x", parts), policy=email.policy.SMTP)
    bodies = [part.get_payload(decode=True) for part in found.iter_parts()]
    assert bodies == [b"uno", b"due"]
    assert [part.get_filename() for part in found.iter_parts()] == [None, "àb.txt"]


def test_the_text_before_and_after_the_parts_is_where_it_was_asked_for() -> None:
    body = enclosed("x", [b"\r\n"], b"prima\r\n", b"dopo\r\n")
    assert body == b"prima\r\n--x\r\n\r\n\r\n--x--\r\ndopo\r\n"


def test_header_fields_keep_their_folding() -> None:
    fields, body = split_headers(b"A: uno\r\n\tdue\r\nB: tre\r\n\r\ncorpo\r\n\r\naltro")
    assert fields == [b"A: uno\r\n\tdue\r\n", b"B: tre\r\n"]
    assert body == b"corpo\r\n\r\naltro"


def test_a_token_belongs_to_its_pieces_alone() -> None:
    assert token("a", 1) == token("a", 1)
    assert len({token("a", 1), token("a", 2), token("a1"), token("a", "1", "")}) == 4
