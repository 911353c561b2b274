"""Sent against delivered: by content, whatever the transport did; brief receipts by every plausible hash."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable

import pytest

from pecdesk.demo.draft import Attachment, Draft, Recipient, original
from pecdesk.demo.inside import brief, inside_envelope
from pecdesk.demo.mail import base64_lines, crlf, entity, headers, multipart
from pecdesk.mime import attachments, parse
from pecdesk.pec import comparison
from pecdesk.pec.comparison import Agreement, Comparison, Fingerprint, compare, fingerprint_of
from tests.unit.pec.pieces import ANNA, IDENTIFIER, ME, START

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20
FILES = (
    Attachment("atto.pdf", PDF, "application/pdf"),
    Attachment("perché è così.txt", b"riga\r\n" * 30, "text/plain"),
)


def mail(text: str = "Vi diffido.\n", html: str | None = None, files: tuple[Attachment, ...] = FILES) -> bytes:
    to = (Recipient(ANNA),)
    return original(Draft(ME, to, "Diffida", text, START, "<nota.1@x.example>", html=html, attachments=files))


def fingerprint(raw: bytes, *, with_forms: bool = False) -> Fingerprint:
    return fingerprint_of(raw, parse(raw), with_forms=with_forms)


def compared(sent: bytes, delivered: bytes) -> Comparison:
    return compare(fingerprint(sent, with_forms=True), fingerprint(delivered))


def same(sent: bytes, delivered: bytes) -> bool:
    return compared(sent, delivered).agreement is Agreement.SAME


def part(body: bytes, encoding: str = "7bit", content_type: str = "text/plain; charset=utf-8") -> bytes:
    """A mail of one part."""
    return entity((("Content-Type", content_type), ("Content-Transfer-Encoding", encoding)), body)


# the same


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
def test_attachments_that_were_hashed_before_are_not_hashed_otherwise(line_end: bytes) -> None:
    files = (*FILES, Attachment("firma.p7m.hash", b"a" * 64, "application/octet-stream"))
    raw = mail(html="<p>Vi diffido.</p>\n", files=files).replace(b"\r\n", line_end)
    root = parse(raw)

    known = attachments(raw, root)
    assert len(known) == 3
    assert fingerprint_of(raw, root, known=known) == fingerprint_of(raw, root, known=known[1:]) == fingerprint(raw)


def test_what_a_provider_carries_is_the_same_although_headers_were_added() -> None:
    sent = mail()
    delivered = inside_envelope(sent, IDENTIFIER, b"Received: from a by b\r\n")

    assert compared(sent, delivered) == Comparison(Agreement.SAME, (), 3)


def test_a_mail_is_the_same_with_lf_line_ends() -> None:
    sent = mail(html="<p>Vi diffido.</p>\n")
    assert same(sent.replace(b"\r\n", b"\n"), sent)


LETTER = "Perché così: «è vero».\nSeconda riga.\n"


@pytest.mark.parametrize(
    "delivered",
    [
        part(crlf(LETTER.encode()), "8bit"),
        part(base64_lines(crlf(LETTER.encode())), "base64"),
        part(base64_lines(LETTER.encode(), 60), "BASE64"),
        part(b"Perch=C3=A9 cos=C3=AC: =C2=AB=C3=A8 =\r\nvero=C2=BB.\r\nSeconda riga.\r\n", "quoted-printable"),
        part(crlf(LETTER.encode("cp1252")), "8bit", "text/plain; charset=windows-1252"),
        part(crlf(LETTER.replace("\n", "  \n").encode()) + b"\r\n\r\n", "8bit"),
        part(crlf(LETTER.encode()), "8bit", 'text/plain; charset="UTF-8"; format=flowed'),
    ],
)
def test_transfer_encoding_charset_and_trailing_blanks_do_not_matter(delivered: bytes) -> None:
    assert same(part(crlf(LETTER.encode()), "8bit"), delivered)


def test_line_ends_of_attached_texts_and_mails_do_not_matter() -> None:
    def with_files(line_end: bytes) -> bytes:
        return multipart(
            "mixed",
            "b",
            [
                part(b"a\r\n"),
                part(b"<x>" + line_end + b"</x>", content_type='application/xml; name="fattura.xml"'),
                part(b"riga" + line_end, content_type='text/plain; name="nota.txt"'),
                part(b"Subject: x" + line_end * 2 + b"corpo", content_type="message/rfc822"),
            ],
        )

    assert same(with_files(b"\n"), with_files(b"\r\n"))


def test_the_order_of_parts_does_not_matter() -> None:
    first, second = FILES
    assert same(mail(files=(first, second)), mail(files=(second, first)))


# different


@pytest.mark.parametrize(
    ("delivered", "names"),
    [
        (mail("Vi diffidiamo.\n"), ("",)),
        (mail(files=FILES[:1]), ("perché è così.txt",)),
        (mail(files=(*FILES, Attachment("in più.pdf", b"x"))), ("in più.pdf",)),
        (mail(files=(Attachment("atto.pdf", PDF + b"\n", "application/pdf"), FILES[1])), ("atto.pdf",)),
        (mail(files=(Attachment("altro.pdf", PDF[:-1], "application/pdf"), FILES[1])), ("altro.pdf", "atto.pdf")),
        (mail("Altro", files=()), ("", "atto.pdf", "perché è così.txt")),
        (mail(files=(*FILES, FILES[0])), ("atto.pdf",)),
    ],
)
def test_every_part_that_changed_is_named(delivered: bytes, names: tuple[str, ...]) -> None:
    assert compared(mail(), delivered) == Comparison(Agreement.DIFFERENT, names, 3)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<a href="https://a.example">qui</a>', b'<a href="https://b.example">qui</a>'),
        (b"<p>qui</p>", b"<p>qui</p><!-- x -->"),
    ],
)
def test_a_changed_page_is_different_although_it_reads_the_same(old: bytes, new: bytes) -> None:
    html = "text/html; charset=utf-8"
    assert not same(part(old, content_type=html), part(new, content_type=html))


def test_a_change_far_behind_in_a_long_text_is_found() -> None:
    long = b"riga di testo\r\n" * 300_000
    assert not same(part(long + b"a"), part(long + b"b"))


def test_a_binary_file_whose_line_ends_were_changed_is_different() -> None:
    changed = Attachment("atto.pdf", PDF.replace(b"\n", b"\r\n"), "application/pdf")
    assert compared(mail(), mail(files=(changed, FILES[1]))).different == ("atto.pdf",)


def test_trailing_blanks_of_an_attached_text_do_matter() -> None:
    blanks = Attachment(FILES[1].name, FILES[1].content.replace(b"\r\n", b" \r\n"), "text/plain")
    assert compared(mail(), mail(files=(FILES[0], blanks))).different == (FILES[1].name,)


def test_a_mail_of_nothing_is_the_same_as_itself_and_different_from_any_other() -> None:
    assert same(b"", b"")
    assert not same(b"", mail())


# brief receipts

BODY = base64_lines(PDF)


@pytest.mark.parametrize("digest", [hashlib.sha1, hashlib.sha256, hashlib.sha512])
@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda body: body, id="as transmitted"),
        pytest.param(lambda body: body.rstrip(b"\r\n"), id="without the last line end"),
        pytest.param(lambda body: body.replace(b"\r\n", b""), id="in one run"),
        pytest.param(lambda body: body.replace(b"\r\n", b"\n"), id="with LF"),
        pytest.param(lambda _: PDF, id="decoded"),
    ],
)
def test_a_hash_over_any_plausible_form_of_a_part_agrees(
    form: Callable[[bytes], bytes], digest: Callable[[bytes], hashlib._Hash]
) -> None:
    sent = mail()
    hashed = brief(
        inside_envelope(sent, IDENTIFIER), lambda body: digest(form(body) if body != TEXT else body).hexdigest()
    )

    assert fingerprint(hashed).is_hashed
    assert compared(sent, hashed) == Comparison(Agreement.SAME, (), 3)


TEXT = base64_lines(b"riga\r\n" * 30)


@pytest.mark.parametrize("body", [b"<x/>\r\n" * 40 + b"<y/>", b"<x/>\r\n" * 40])
@pytest.mark.parametrize(
    "form",
    [
        b64encode,
        base64_lines,
        lambda body: base64_lines(body).removesuffix(b"\r\n"),
        lambda body: body,
    ],
)
def test_a_hash_over_the_base64_form_of_a_part_that_was_sent_plain_agrees(
    body: bytes, form: Callable[[bytes], bytes]
) -> None:
    sent = multipart("mixed", "b", [part(b"a"), part(body, content_type='application/xml; name="f.xml"')])
    hashed = brief(sent, lambda _: hashlib.sha1(form(body)).hexdigest())

    assert same(sent, hashed)


def test_a_hash_may_be_written_in_capitals_with_blanks_around_it() -> None:
    sent = mail()
    hashed = brief(sent, lambda body: f" {hashlib.sha1(body).hexdigest().upper()}\r\n")

    assert same(sent, hashed)


def test_a_brief_receipt_of_another_file_is_different() -> None:
    changed = mail(files=(Attachment("atto.pdf", PDF + b"x", "application/pdf"), FILES[1]))
    found = compared(mail(), brief(changed))

    assert found == Comparison(Agreement.DIFFERENT, ("atto.pdf",), 3)


def test_the_right_hash_under_another_name_is_different() -> None:
    renamed = mail(files=(Attachment("altro.pdf", PDF, "application/pdf"), FILES[1]))

    assert compared(mail(), brief(renamed)).different == ("altro.pdf", "atto.pdf")


def test_what_only_resembles_a_hash_is_a_file_like_any_other() -> None:
    for content in (b"a" * 39, b"a" * 41, b"g" * 40, b"a" * 64 + b" " * 2000, b"a" * 20 + b" " + b"a" * 20):
        raw = mail(files=(Attachment("atto.pdf.hash", content, "text/plain"),))
        assert not fingerprint(raw).is_hashed


def test_a_users_own_hash_file_beside_others_makes_no_brief_receipt() -> None:
    own = Attachment("atto.pdf.hash", hashlib.sha1(PDF).hexdigest().encode(), "text/plain")
    sent = mail(files=(FILES[0], own))

    assert not fingerprint(sent).is_hashed
    assert same(sent, inside_envelope(sent, IDENTIFIER))
    assert same(sent, brief(sent))


def test_a_brief_receipt_leaves_signature_files_as_they_are() -> None:
    signature = part(base64_lines(b"0\x82"), "base64", 'application/pkcs7-signature; name="smime.p7s"')
    hashed = multipart("signed", "s", [brief(mail(files=FILES[:1])), signature])

    assert fingerprint(hashed).is_hashed


def test_a_mail_without_named_parts_is_never_brief() -> None:
    assert not fingerprint(mail(files=())).is_hashed
    assert not fingerprint(headers((("Subject", "x"),)) + b"\r\n").is_hashed


def test_forms_are_only_made_where_they_are_asked_for() -> None:
    sent = mail()

    assert all(not found.forms for found in fingerprint(sent).parts)
    assert [bool(found.forms) for found in fingerprint(sent, with_forms=True).parts] == [False, True, True]


def test_a_hash_over_the_usual_base64_of_a_part_that_was_sent_in_other_lines_agrees() -> None:
    attached = entity(
        (("Content-Type", 'application/pdf; name="f.pdf"'), ("Content-Transfer-Encoding", "base64")),
        base64_lines(PDF, 60),
    )
    sent = multipart("mixed", "b", [part(b"a"), attached])
    hashed = brief(sent, lambda _: hashlib.sha1(base64_lines(PDF)).hexdigest())

    assert same(sent, hashed)


@pytest.mark.parametrize("encoding", ["7bit", "base64"])
def test_a_hash_over_an_attached_text_with_either_line_end_agrees(encoding: str) -> None:
    body = b"<x/>\r\n<y/>"
    content = base64_lines(body) if encoding == "base64" else body
    sent = multipart("mixed", "b", [part(b"a"), part(content, encoding, 'application/xml; name="f.xml"')])
    for form in (b"<x/>\n<y/>", b"<x/>\r\n<y/>"):
        digest = hashlib.sha1(form).hexdigest()
        assert same(sent, brief(sent, lambda _, digest=digest: digest))


def test_a_hash_over_a_part_with_its_header_fields_agrees() -> None:
    sent = mail(files=FILES[:1])
    digest = hashlib.sha1(parse(sent).children[1].span.of(sent)).hexdigest()

    assert same(sent, brief(sent, lambda _: digest))


def test_the_rare_forms_of_a_large_part_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = mail(files=FILES[:1])
    digest = hashlib.sha1(parse(sent).children[1].span.of(sent)).hexdigest()
    monkeypatch.setattr(comparison, "MAX_WITH_RARE_FORMS", 100)

    assert not same(sent, brief(sent, lambda _: digest))


@pytest.mark.parametrize("size", range(1, 9))
def test_a_hash_over_lines_does_not_depend_on_where_its_pieces_end(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    body = b"<x/>\r\n\r\n<y/>\r\n"
    sent = multipart("mixed", "b", [part(b"a"), part(body, content_type='application/xml; name="f.xml"')])
    monkeypatch.setattr(comparison, "_PIECE", size)

    for form in (body, body.replace(b"\r\n", b"\n"), body.replace(b"\r\n", b"")):
        digest = hashlib.sha1(form).hexdigest()
        assert same(sent, brief(sent, lambda _, digest=digest: digest))
