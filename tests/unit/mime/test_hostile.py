"""Mail made to keep a parser busy: the time grows with the size, not with its square.

The attacks are those that kept Python's own parser busy for a minute or ended it with RecursionError.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from pecdesk.mime import (
    Limit,
    addresses_of,
    attachments,
    date_of,
    decoded,
    message_id_of,
    message_ids_of,
    parameters_of,
    parse,
    readable_text,
    strict_address,
    text_of,
    walk,
)
from pecdesk.mime.html_text import text_of_html
from pecdesk.mime.parse import MAX_DEPTH

READERS: dict[str, Callable[[bytes], object]] = {
    "text": text_of,
    "addresses": addresses_of,
    "strict": lambda value: strict_address([value]),
    "parameters": parameters_of,
    "date": date_of,
    "id": message_id_of,
    "ids": message_ids_of,
    "html": lambda value: text_of_html(value.decode("latin-1")),
    "flowed": lambda value: readable_text(
        flowed := b"Content-Type: text/plain; format=flowed\n\n" + value, parse(flowed)
    ),
}
ATTACKS: dict[str, tuple[bytes, bytes, bytes]] = {
    "angle brackets": (b"", b"<", b""),
    "angle brackets and quotes": (b"", b'<"', b""),
    "open comments": (b"", b"(", b""),
    "nested comments": (b"", b"(", b")" * 1000),
    "quotes": (b"a ", b'"', b""),
    "escapes": (b'"', b"\\", b""),
    "addresses without commas": (b"", b"a@b.it ", b""),
    "dots": (b"a@", b" .", b""),
    "encoded words": (b"", b"=?utf-8?Q?=41?= ", b""),
    "encoded words never closed": (b"", b"=?utf-8?Q?", b""),
    "encoded words begun": (b"", b"=?", b""),
    "equals and quotes": (b"", b'="', b""),
    "semicolons": (b"a/b", b";", b""),
    "semicolons and blanks": (b"a/b", b"; ", b""),
    "blanks": (b"a/b; x=", b" ", b"x"),
    "folds": (b"", b"\r\n ", b""),
    "parameters": (b"a/b", b"; a*1*=%41", b""),
    "long name": (b"", b"a", b""),
    "hyphens": (b"<a@", b"a-", b">"),
    "open tags": (b"", b"<a ", b""),
    "open attributes": (b"", b'<a b="', b"'"),
    "open comments in HTML": (b"", b"<!--", b""),
    "scripts": (b"", b"<script>", b""),
    "digits": (b"&#", b"9", b";"),
    "references": (b"", b"&#9", b""),
    "numbers": (b"Tue, 1", b"1", b""),
    "non-breaking blanks": (b"", b"&nbsp;", b"x"),
    "flowing lines": (b"", b"> a \n", b""),
}


def seconds(read: Callable[[bytes], object], value: bytes) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        read(value)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_time_grows_no_faster_than_the_size(attack, reader):
    before, unit, after = ATTACKS[attack]
    count = 4096 // len(unit)
    short, long = (before + unit * (count * times) + after for times in (1, 8))
    # Eight times the size: about 8 if linear, 64 if quadratic. The constant keeps the clock's grain out.
    assert seconds(READERS[reader], long) < 24 * (seconds(READERS[reader], short) + 0.0005)


def test_huge_header_is_cut_off_before_anything_is_decoded():
    raw = b"From: " + b"a <b@c.it> " * 20_000 + b"\n" + b"To: x@y.it\n\nbody"
    part = parse(raw)
    assert part.limits == {Limit.HEADERS}
    assert part.value("to") is None
    assert len(part.value("from") or b"") < 64 * 1024
    assert part.body.of(raw) == b"body"


def test_two_thousand_nested_parts_are_read_without_recursion():
    raw = b"".join(b"Content-Type: multipart/mixed; boundary=%d.\n\n--%d.\n" % (depth, depth) for depth in range(2000))
    part = parse(raw)
    assert part.limits == {Limit.DEPTH}
    assert len(list(walk(part))) == MAX_DEPTH + 1
    assert readable_text(raw, part).text == ""
    assert len(attachments(raw, part)) == 1


def test_three_thousand_nested_parentheses_are_read_without_recursion():
    (address,) = addresses_of(b"a@b.it " + b"(" * 3000 + b"x" + b")" * 3000)
    assert address.address == "a@b.it"


def test_one_part_of_many_megabytes_is_a_slice():
    size = 16 * 1024 * 1024
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + b"\0" * size + b"\n--b--"
    (leaf,) = parse(raw).children
    assert leaf.body.end - leaf.body.start == size
    assert len(decoded(raw, leaf)) == size


@pytest.mark.parametrize("inner", [b"--bx\n", b"\n--b", b"--b-\n"])
def test_time_of_a_body_full_of_near_delimiters_grows_no_faster_than_its_size(inner):
    head = b"Content-Type: multipart/mixed; boundary=b\n\n"
    short, long = (head + inner * (2000 * times) for times in (1, 8))
    assert seconds(parse, long) < 24 * (seconds(parse, short) + 0.0005)
