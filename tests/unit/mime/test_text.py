"""The readable text of a message."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.mime import Text, parse, readable_text
from pecdesk.mime.charset import decode_text
from pecdesk.mime.html_text import text_of_html
from pecdesk.mime.text import MAX_TEXT


def read(raw: str | bytes) -> Text:
    data = raw.encode("utf-8") if isinstance(raw, str) else raw
    return readable_text(data, parse(data))


def part(media_type: str, body: str, *headers: str) -> str:
    return "\n".join([f"Content-Type: {media_type}", *headers, "", body])


def multipart(subtype: str, *parts: str, boundary: str = "b") -> str:
    return "\n".join(
        [f"Content-Type: multipart/{subtype}; boundary={boundary}", ""]
        + [f"--{boundary}\n{each}" for each in parts]
        + [f"--{boundary}--"]
    )


def test_text_of_a_plain_message_is_its_body():
    assert read("Subject: x\n\nciao\n\n mondo \n\n") == Text("ciao\n\n mondo")


def test_empty_message_has_no_text():
    assert read("") == Text("")


def test_of_alternatives_the_plain_one_is_read_wherever_it_stands():
    assert read(multipart("alternative", part("text/html", "<b>h</b>"), part("text/plain", "p"))) == Text("p")


def test_empty_plain_alternative_gives_way_to_html():
    message = multipart("alternative", part("text/plain", " \n\t\n"), part("text/html", "<b>h</b>"))
    assert read(message) == Text("h", from_html=True)


def test_alternatives_without_any_text_have_none():
    assert read(multipart("alternative", part("image/png", "x"), part("text/plain", ""))) == Text("")


def test_plain_text_is_found_in_nested_structure():
    related = multipart("related", part("text/html", "h"), part("image/png", "x"), boundary="c")
    mixed = multipart("mixed", part("image/png", "x"), part("text/plain", "p"), boundary="d")
    assert read(multipart("alternative", related, mixed)) == Text("p")


def test_html_in_a_related_part_is_read_where_there_is_nothing_else():
    related = multipart("related", part("text/html", "h"), part("image/png", "x"), boundary="c")
    assert read(multipart("mixed", related)) == Text("h", from_html=True)


def test_several_inline_texts_are_joined_in_order():
    message = multipart(
        "mixed", part("text/plain", "one\n"), part("text/html", "<p>two"), part("text/plain", "\nthree")
    )
    assert read(message) == Text("one\n\ntwo\n\nthree", from_html=True)


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Disposition: attachment"],
        ["Content-Disposition: inline; filename=a.txt"],
        ["Content-Disposition: ATTACHMENT; x=y"],
    ],
)
def test_attached_text_is_not_the_text_of_the_message(headers):
    assert read(multipart("mixed", part("text/plain", "one"), part("text/plain", "two", *headers))) == Text("one")


def test_attached_message_is_not_read():
    assert read(multipart("mixed", part("text/plain", "one"), part("message/rfc822", "Subject: x\n\ntwo"))) == Text(
        "one"
    )


def test_signed_text_is_read():
    signature = part("application/pkcs7-signature", "MIIx", "Content-Transfer-Encoding: base64")
    assert read(multipart("signed", part("text/plain", "one"), signature)) == Text("one")


@pytest.mark.parametrize(
    ("charset", "body", "expected"),
    [
        ("iso-8859-1", b"perch\xe9 \x80", "perché €"),
        ("ISO_8859-1", b"\xe9", "é"),
        ("utf-8", b"perch\xc3\xa9", "perché"),
        ("utf-8", b"perch\xe9", "perché"),
        ("utf-8", b"\xef\xbb\xbfx", "x"),
        ("us-ascii", b"perch\xc3\xa9", "perché"),
        ("us-ascii", b"perch\xe9", "perché"),
        ("nonsense", b"perch\xe9", "perché"),
        ("unicode_escape", b"\\u0041", "\\u0041"),
        ("iso-8859-15", b"\xa4", "€"),
        ("koi8-r", b"\xc1", "а"),
        ("utf-16", b"\xfe\xff\x00\xe9", "é"),
        ("utf-16", b"\xe9\x00", "é"),
        ("shift_jis", b"\x93\xfa\x93", "日\ufffd"),
        ("iso-2022-jp", "perché".encode(), "perché"),
        ("iso-2022-jp", b"\x1b$BF|K\\\x1b(B", "日本"),
        ("windows-1252", b"\x81", "\ufffd"),
    ],
)
def test_text_is_decoded_as_declared_or_as_it_can_be(charset, body, expected):
    assert read(f"Content-Type: text/plain; charset={charset}\n\n".encode() + body).text == expected


def test_transfer_encoding_is_undone():
    assert read("Content-Transfer-Encoding: quoted-printable\n\nperch=C3=A9 =\nno").text == "perché no"


def test_line_ends_become_lf_and_controls_visible():
    assert read(b"\n\ta\r\nb\rc\x00d\x1be\x0cf\xc2\x85g").text == "\ta\nb\nc\ufffdd\ufffde\ufffdf\ufffdg"


@pytest.mark.parametrize(
    ("parameters", "body", "expected"),
    [
        ("format=flowed", "one \ntwo \nthree\nfour", "one two three\nfour"),
        ("format=Flowed; delsp=YES", "one \ntwo \nthree", "onetwothree"),
        ("format=flowed", " From here\n  x", "From here\n x"),
        ("format=flowed", "a \n-- \nMario", "a \n-- \nMario"),
        ("format=flowed", ">a \n>b\n>> c \n> d \ne", "> ab\n>> c \n> d \ne".replace("ab", "a b")),
        ("format=flowed", "a \n", "a"),
        ("format=flowed", "open \n>", "open \n> "),
        ("format=flowed", "a\nopen ", "a\nopen"),
        ("", "one \ntwo", "one \ntwo"),
    ],
)
def test_flowed_paragraphs_are_put_together(parameters, body, expected):
    assert read(f"Content-Type: text/plain; {parameters}\n\n{body}").text == expected.rstrip()


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<p>one</p><p>two<br>three<br/><br>four</p>", "one\n\ntwo\nthree\n\nfour"),
        ("<div>a</div><div>b</div>c", "a\nb\nc"),
        ("<div>a<div> b</div></div> <div>c", "a\nb\nc"),
        ("<table><tr><td>a</td><td>b</td></tr>\n<tr><td>c</td></tr></table>d", "a b\nc\n\nd".replace("a b", "a  b")),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("a\n  b\t\r\nc", "a b c"),
        ("<b>a</b><i>b</i>", "ab"),
        ("<TITLE>t</TITLE><Style>p{}</sTYLE ><script>if (a<b) x('</b>')</script>text", "text"),
        ("<script>never closed text", ""),
        ("</script>text", "text"),
        ("<script>a</scripty>b</script>c", "c"),
        ("<title>x<b>y</title>z", "z"),
        ("a<!-- <b>x</b> -->b<!-->c<!--[if mso]>d<![endif]-->e<!doctype html>f<?xml x?>g", "abcefg"),
        ("a<!-- never closed", "a"),
        ("a<! never closed", "a"),
        ("a</ never closed", "a"),
        ("a<b never closed", "a"),
        ("1 < 2 <3 <é> <", "1 < 2 <3 <é> <"),
        ("<a title='>' href=\">\">x</a>", "x"),
        ("<p don't>it's</p>", "it's"),
        ('<a title=">x', "x"),
        ("<a =b c = 'd>' >x", "x"),
        ("&lt;b&gt;&amp;amp; &egrave;&#232;&#xE8;&nbsp;x &bogus; &", "<b>&amp; èèè x &bogus; &"),
        ("&#0;&#xD800;&#99999999999;&#x" + "f" * 5000 + ";&#" + "9" * 5000 + ";", "\ufffd" * 5),
        ("&nbsp; a &nbsp; <br> &nbsp; b", "a\nb"),
        ("<p></p><p> </p><p>&nbsp;</p>a<p></p><p></p><p></p>b", "a\n\nb"),
    ],
)
def test_html_is_reduced_to_text(html, expected):
    assert text_of_html(html) == expected


def test_html_message_is_told_as_such():
    message = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPHA+cGVyY2jDqTwvcD4="
    assert read(message) == Text("perché", from_html=True)


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["<", ">", "=", '"', "'", "&", ";", "<!--", "-->", "<p>", "</p>", "<br>", "<script>", "a", "#"]
            ),
            st.text(max_size=3),
        )
    ).map("".join)
)
def test_any_html_has_a_text(html):
    text = text_of_html(html)
    assert "\n\n\n" not in text
    assert text == text.strip("\n")


def test_text_of_the_allowed_length_is_whole():
    assert read(b"\n" + b"x" * MAX_TEXT) == Text("x" * MAX_TEXT)


def test_longer_text_is_cut_and_told():
    assert read(b"\n" + b"x" * (MAX_TEXT + 1)) == Text("x" * MAX_TEXT, truncated=True)


def test_what_follows_a_long_text_is_told_as_missing():
    message = multipart("mixed", part("text/plain", "x" * (MAX_TEXT + 1)), part("text/html", "<p>more"))
    assert read(message) == Text("x" * MAX_TEXT, truncated=True)


def test_very_long_body_is_decoded_only_as_far_as_needed():
    raw = b"Content-Type: text/plain; charset=utf-8\n\n" + "è".encode() * (8 * MAX_TEXT + 1)
    assert read(raw) == Text("è" * MAX_TEXT, truncated=True)


def test_cut_text_that_a_codec_gives_up_on_is_read_another_way():
    assert decode_text(b"\x1b($~\x00\xff\x00\x00-", "iso-2022-jp", complete=False)


def test_very_long_body_without_text_is_told_as_not_read_to_its_end():
    assert read(b"Content-Type: text/html\n\n<!--" + b" " * 9 * MAX_TEXT + b"-->x") == Text("", truncated=True)


@pytest.mark.parametrize(("charset", "data"), [("utf-8", "aè"), ("utf-16", "è"), ("shift_jis", "日")])
def test_character_cut_in_two_is_dropped(charset, data):
    encoded = data.encode("utf-16-le" if charset == "utf-16" else charset)
    assert decode_text(encoded[:-1], charset, complete=False) == data[:-1]
