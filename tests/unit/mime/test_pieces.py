"""What is gone through in pieces is what would have been found in one go, wherever the pieces end."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.mime import attachments, decoded, parse
from pecdesk.mime import decode as decoding
from pecdesk.mime.decode import decoded_pieces
from pecdesk.mime.signed_documents import FormatFinder, SignedFormat, signed_format
from pecdesk.pec import comparison
from pecdesk.pec.comparison import HASH_ALGORITHMS, fingerprint_of


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_PIECE", 23)
    monkeypatch.setattr(decoding, "_FEW", 12)
    monkeypatch.setattr(comparison, "_PIECE", 7)


SIGNS = st.text("ABCDabcd0189+/=\r\n ¿-", max_size=200).map(lambda text: text.encode("latin-1"))


@given(SIGNS, st.sampled_from((b"base64", b"7bit", b"quoted-printable", b"8bit")))
def test_pieces_of_a_body_are_the_body(body: bytes, encoding: bytes) -> None:
    raw = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body
    part = parse(raw)
    assert b"".join(decoded_pieces(raw, part)) == decoded(raw, part)
    (found,) = attachments(raw, part)
    assert (found.size, found.sha256) == (len(decoded(raw, part)), hashlib.sha256(decoded(raw, part)).hexdigest())


@pytest.mark.parametrize(
    ("encoding", "body"), [(b"quoted-printable", b"=41=\r\nB=C3=A8"), (b"x-uue", b"begin 644 f\n"), (b"7bit", b"")]
)
def test_what_cannot_be_decoded_in_pieces_comes_as_one(encoding: bytes, body: bytes) -> None:
    raw = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body
    part = parse(raw)

    assert b"".join(decoded_pieces(raw, part)) == decoded(raw, part)


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b"\r\n" * 20 + b"QUJDREVGR0hJSktMTU5P" + b"\n" * 30 + b"UFE=", [b"ABCDEFGHIJKLMNO", b"PQ"]),
        (b"QUJDREVGR0hJSktMTU5PUFFS\r\nU1RV\r\nVlc=", [b"ABCDEFGHIJKLMNO", b"PQRSTUVW"]),
        (b"QUJDREVGR0hJSktMTU5PUFFSU1RVV", [b"ABCDEFGHIJKLMNO", b"PQRSTU"]),
        (b"QUJD\r\nR", [b"ABC"]),
        (b"R", []),
    ],
)
def test_a_piece_of_few_signs_waits_for_the_next(body: bytes, content: list[bytes]) -> None:
    raw = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body

    assert list(decoded_pieces(raw, parse(raw))) == content


DOCUMENTS = (
    (b"%PDF-1.7\n" + b"x" * 3000 + b"/ByteRange [0 1 2 3] /SubFilter /ETSI.CAdES.detached" + b"y" * 900, "PAdES"),
    (b"%PDF-1.7\n" + b"x" * 3000 + b"/ByteRange [0 1 2 3]", None),
    (
        b"<?xml version='1.0'?><a xmlns:ds='http://www.w3.org/2000/09/xmldsig#'>"
        + b" " * 2000
        + b"<ds:Signature><b xmlns='http://uri.etsi.org/01903/v1.3.2#'/></ds:Signature></a>",
        "XAdES",
    ),
    (b"plain text " * 300, None),
    (b"", None),
)


@pytest.mark.parametrize(("content", "expected"), DOCUMENTS)
@pytest.mark.parametrize("size", [1024, 1025, 1100, 3010, 5000])
def test_a_signed_document_is_known_wherever_its_pieces_end(content: bytes, expected: str | None, size: int) -> None:
    finder = FormatFinder()
    for start in range(0, len(content), size):
        finder.feed(content[start : start + size])
    wanted = SignedFormat(expected) if expected else None
    assert finder.found() == signed_format(content) == wanted


def forms_at_once(content: bytes) -> set[str]:
    """The hashes of lines, from the definition."""
    unix = content.replace(b"\r\n", b"\n")
    lines = unix.rstrip(b"\n")
    end = unix[len(lines) :]
    ends = {b"", b"\n", end, end + b"\n"}
    wanted = {lines + each for each in ends}
    wanted |= {(lines + each).replace(b"\n", b"\r\n") for each in ends}
    wanted |= {lines.replace(b"\n", b"")}
    return {hashlib.new(name, each).hexdigest() for each in wanted for name in HASH_ALGORITHMS}


@given(st.text("ab\r\n", max_size=60).map(str.encode))
def test_hashes_over_lines_do_not_depend_on_where_pieces_end(body: bytes) -> None:
    raw = b'Content-Type: application/octet-stream; name="a.bin"\r\n\r\n' + body
    (part,) = fingerprint_of(raw, parse(raw), with_forms=True).parts
    assert forms_at_once(decoded(raw, parse(raw))) <= set(part.forms)
