"""What holds for any bytes at all."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.mime import (
    Part,
    Span,
    attachments,
    parse,
    readable_text,
    walk,
)

PIECES = [
    b"", b"\n", b"\r\n", b"\r", b" ", b"--", b"--b", b"--bb", b"--b--", b"--bb--", b"\n--b\n", b"\r\n--b\r\n",
    b"\n--b--\n", b"\n\n", b"\r\n\r\n", b"A: 1\n", b"Subject: =?utf-8?Q?=E8?=\n", b"From a b\n", b"\xe8\x00",
    b"Content-Type: multipart/mixed; boundary=b\n", b'Content-Type: multipart/alternative;\r\n boundary="bb"\r\n',
    b"Content-Type: multipart/digest; boundary=b\n\n", b"Content-Type: text/html; charset=utf-16\n",
    b"Content-Type: message/rfc822\n\n", b"Content-Disposition: attachment; filename*=utf-8''%e8\n",
    b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: quoted-printable\n",
    b"Content-Transfer-Encoding: uuencode\n", b"begin 644 a\n", b"#86)C\n", b"end\n", b"QUJD", b"=", b"=41",
    b"<b>x</b>", b"Content-Type: text/plain; format=flowed; delsp=yes\n\n", b"> x \n",
]  # fmt: skip

messages = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=20).map(
        lambda pieces: b"Content-Type: multipart/mixed; boundary=b\n\n" + b"".join(pieces)
    ),
    st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=5)), max_size=40).map(b"".join),
    st.lists(st.sampled_from(PIECES), min_size=2, max_size=6).map(
        lambda parts: b"\n--b\n".join((b"Content-Type: multipart/mixed; boundary=b\n", *parts))
    ),
)
any_bytes = settings(deadline=None)


def shifted(part: Part, offset: int) -> Part:
    return replace(
        part,
        span=Span(part.span.start + offset, part.span.end + offset),
        body=Span(part.body.start + offset, part.body.end + offset),
        children=tuple(shifted(child, offset) for child in part.children),
    )


@any_bytes
@given(messages)
def test_parts_lie_inside_their_parents_in_order_and_apart(raw: bytes) -> None:
    root = parse(raw)
    assert root.span == Span(0, len(raw))
    for part in walk(root):
        assert part.span.start <= part.body.start <= part.body.end == part.span.end
        position = part.body.start
        for child in part.children:
            assert position < child.span.start <= child.span.end <= part.body.end
            position = child.span.end
        assert part.limits == frozenset()


@any_bytes
@given(messages)
def test_leaves_and_what_lies_between_them_give_back_the_bytes(raw: bytes) -> None:
    pieces = []
    position = 0
    for leaf in walk(parse(raw)):
        if not leaf.children:
            pieces += [raw[position : leaf.body.start], leaf.body.of(raw)]
            position = leaf.body.end
    assert b"".join([*pieces, raw[position:]]) == raw


@any_bytes
@given(messages, messages, messages)
def test_message_in_a_range_is_parsed_as_if_it_stood_alone(before: bytes, raw: bytes, after: bytes) -> None:
    span = Span(len(before), len(before) + len(raw))
    assert parse(before + raw + after, span) == shifted(parse(raw), len(before))


@any_bytes
@given(messages)
def test_every_header_value_stands_in_the_bytes(raw: bytes) -> None:
    for part in walk(parse(raw)):
        position = part.span.start
        for header in part.headers:
            position = raw.lower().index(header.name.encode(), position, part.body.start)
            position = raw.index(header.value, position, part.body.start) + len(header.value)


@any_bytes
@given(messages)
def test_everything_read_from_a_message_is_read_without_an_exception(raw: bytes) -> None:
    root = parse(raw)
    text = readable_text(raw, root)
    text.text.encode("utf-8")
    assert "\r" not in text.text
    assert "\x00" not in text.text
    leaves = [part for part in walk(root) if not part.children]
    assert {attachment.span for attachment in attachments(raw, root)} <= {leaf.body for leaf in leaves}
