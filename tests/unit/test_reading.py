"""What of a message is shown to a reader."""

from __future__ import annotations

import base64
import struct
from pathlib import Path

import pytest

from pecdesk.mime import Refusal
from pecdesk.reading import (
    MAX_ALL_BYTES,
    MAX_PICTURE_BYTES,
    MAX_PICTURES,
    MAX_PIXELS,
    MAX_SIDE,
    Picture,
    Reading,
    from_json,
    read_message,
    to_json,
    unread,
)
from tests.kit import messages
from tests.kit.hostile_html import mail, png

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
SMALL = png(2, 2)


def part(media_type: str, body: str, *headers: str) -> str:
    return "\r\n".join([f"Content-Type: {media_type}", *headers, "", body])


def multipart(subtype: str, *parts: str, boundary: str = "b") -> str:
    inner = "".join(f"\r\n--{boundary}\r\n{each}" for each in parts)
    return f"Content-Type: multipart/{subtype}; boundary={boundary}\r\n\r\n{inner}\r\n--{boundary}--\r\n"


def read(message: str) -> Reading:
    return read_message(message.encode())


# --- text and HTML ---------------------------------------------------------------------------------------------------


def test_a_plain_mail_is_its_text() -> None:
    assert read(part("text/plain", "Ciao")) == Reading("Ciao", None, None, (), 0)


def test_of_alternatives_text_and_html_are_read() -> None:
    reading = read(multipart("alternative", part("text/plain", "testo"), part("text/html", "<b>pagina</b>")))
    assert (reading.text, reading.html) == ("testo", "<b>pagina</b>")


def test_a_mail_of_html_alone_has_text_too() -> None:
    reading = read(part("text/html", "<p>uno<p>due<img src=http://x.example/>"))
    assert reading == Reading("uno\n\ndue", "<p>uno</p><p>due</p>", None, (), 1)


def test_an_empty_html_alternative_gives_way_to_the_text() -> None:
    assert read(multipart("alternative", part("text/plain", "testo"), part("text/html", "  "))).html is None


def test_all_bodies_stand_in_the_html_in_their_order() -> None:
    first = multipart("alternative", part("text/plain", "a"), part("text/html", "<i>a</i>"), boundary="c")
    reading = read(multipart("mixed", part("text/plain", "prima"), first, part("text/plain", "> piè <x>")))
    assert reading.html == (
        '<div style="white-space:pre-wrap">prima</div><i>a</i>'
        '<div style="white-space:pre-wrap">&gt; piè &lt;x&gt;</div>'
    )


def test_html_is_no_body_where_it_is_attached() -> None:
    attached = part("text/html", "<p>b", "Content-Disposition: attachment; filename=b.html")
    assert read(multipart("mixed", part("text/plain", "a"), attached)).html is None


@pytest.mark.parametrize(
    ("charset", "encoded"),
    [("utf-8", "perché".encode()), ("iso-8859-1", "perché".encode("latin-1")), ("utf-16", "perché".encode("utf-16"))],
)
def test_html_is_read_in_its_own_character_set(charset: str, encoded: bytes) -> None:
    head = f"Content-Type: text/html; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    assert read_message(head + base64.b64encode(encoded)).html == "perché"


def test_html_beyond_every_limit_is_refused_without_being_decoded_whole() -> None:
    head = b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    reading = read_message(head + base64.b64encode(b"parole " * 2_000_000))
    assert (reading.html, reading.html_refused, reading.pictures) == (None, Refusal.SIZE, ())
    assert reading.text.startswith("parole parole")


# --- the mail inside -------------------------------------------------------------------------------------------------


def test_of_a_delivery_receipt_the_mail_inside_is_read() -> None:
    taken = messages.sending(messages.draft(text="Il testo della diffida.\n"))
    assert read_message(messages.delivery(taken).sealed()).text == "Il testo della diffida."


def test_of_a_receipt_with_nothing_inside_the_provider_s_words_are_read() -> None:
    taken = messages.sending()
    statement = messages.provider().acceptance(taken)
    assert statement.title.splitlines()[0] in read_message(statement.sealed()).text


def test_of_an_ordinary_mail_nothing_attached_is_taken_for_the_mail_inside() -> None:
    attached = part("message/rfc822; name=postacert.eml", "Subject: x\r\n\r\nfalso")
    assert read(multipart("mixed", part("text/plain", "vero"), attached)).text == "vero"


def test_the_genuine_samples_are_read() -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the folder of genuine messages is not here")
    for path in sorted(SAMPLES.glob("*.eml")):
        reading = read_message(path.read_bytes())
        assert reading.text or reading.html or reading.pictures == ()
        assert reading.html_refused is None
        assert from_json(to_json(reading)) == reading


@pytest.mark.parametrize("raw", [b"", b"\x00" * 1000, bytes(range(256)) * 100])
def test_whatever_the_bytes_there_is_a_reading(raw: bytes) -> None:
    assert read_message(raw).pictures == ()


# --- pictures --------------------------------------------------------------------------------------------------------


def test_pictures_that_the_html_shows_come_with_it_under_names_of_ours() -> None:
    html = "<img src=cid:b><img src='cid:a@x'><img src=cid:b>"
    reading = read_message(mail(html, ("a@x", "a.png", SMALL), ("b", "/etc/passwd", png(3, 3)), ("c", "c.png", SMALL)))
    assert reading.html == '<img src="cid:1"><img src="cid:2"><img src="cid:1">'
    assert reading.pictures == (Picture("1", "image/png", png(3, 3)), Picture("2", "image/png", SMALL))


@pytest.mark.parametrize("picture", [b"<svg/>", b"%PDF-1.4", b"BM" + bytes(60), b"", SMALL[:10]])
def test_what_is_no_picture_is_none_whatever_it_is_declared_as(picture: bytes) -> None:
    reading = read_message(mail("<img src=cid:a alt=parola>", ("a", "a.png", picture)))
    assert (reading.html, reading.pictures) == (" [parola] ", ())


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (MAX_SIDE + 1, 1), (MAX_PIXELS, 2), (5000, 5000)])
def test_a_picture_too_large_to_be_decoded_never_reaches_a_decoder(width: int, height: int) -> None:
    bomb = SMALL[:16] + struct.pack(">II", width, height) + SMALL[24:]
    assert read_message(mail("<img src=cid:a>", ("a", "a.png", bomb))).pictures == ()


def test_all_pictures_together_have_only_so_many_dots() -> None:
    side = int((MAX_PIXELS / 3) ** 0.5)
    photo = SMALL[:16] + struct.pack(">II", side, side) + SMALL[24:]
    html = "".join(f"<img src=cid:{n}>" for n in range(5))
    reading = read_message(mail(html, *((str(n), "a.png", photo) for n in range(5))))
    assert len(reading.pictures) == 3
    assert reading.html == '<img src="cid:1"><img src="cid:2"><img src="cid:3">'


def test_there_are_only_so_many_pictures_and_bytes() -> None:
    many = range(MAX_PICTURES + 5)
    html = "".join(f"<img src=cid:{n}>" for n in many)
    assert len(read_message(mail(html, *((str(n), "a.png", SMALL) for n in many))).pictures) == MAX_PICTURES
    large = SMALL + bytes(MAX_PICTURE_BYTES - len(SMALL))
    assert len(read_message(mail("<img src=cid:a>", ("a", "a.png", large))).pictures) == 1
    assert read_message(mail("<img src=cid:a>", ("a", "a.png", large + b"x"))).pictures == ()
    three = tuple((str(n), "a.png", large) for n in range(3))
    assert len(read_message(mail(html, *three)).pictures) == MAX_ALL_BYTES // MAX_PICTURE_BYTES


def test_html_that_is_refused_brings_no_pictures() -> None:
    reading = read_message(mail("<img src=cid:a>" + "parole " * 40_000, ("a", "a.png", SMALL)))
    assert (reading.html_refused, reading.pictures) == (Refusal.SIZE, ())


# --- over the pipe ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reading",
    [
        unread(),
        Reading("testo\n€", "<p>a</p>", None, (Picture("1", "image/gif", bytes(range(256))),), 7),
        Reading("", None, Refusal.CELLS, (), 0),
    ],
)
def test_a_reading_survives_the_pipe(reading: Reading) -> None:
    assert from_json(to_json(reading)) == reading
