"""The structure of messages: which bytes belong to which part."""

from __future__ import annotations

import pytest

from pecdesk.mime import Header, Limit, Part, Span, parse, walk
from pecdesk.mime.parse import MAX_DEPTH, MAX_HEADER_BYTES, MAX_HEADER_FIELDS, MAX_PARTS


def lines(*texts: str, end: str = "\n") -> bytes:
    return "".join(text + end for text in texts).encode("latin-1")


def multipart(boundary: str, *body: str, end: str = "\n") -> bytes:
    return lines(f"Content-Type: multipart/mixed; boundary={boundary}", "", *body, end=end)


def bodies(raw: bytes, part: Part | None = None) -> list[bytes]:
    return [child.body.of(raw) for child in (part or parse(raw)).children]


def test_empty_message_is_an_empty_text():
    part = parse(b"")
    assert part == Part(Span(0, 0), Span(0, 0), (), "text/plain", ())


def test_headers_end_at_the_first_empty_line():
    raw = b"Subject: a\nTo: b\n\nbody\n\nmore"
    part = parse(raw)
    assert part.headers == (Header("subject", b"a"), Header("to", b"b"))
    assert part.body.of(raw) == b"body\n\nmore"
    assert part.span == Span(0, len(raw))


@pytest.mark.parametrize("separator", [b"\n\n", b"\r\n\r\n", b"\n\r\n", b"\r\n\n"])
def test_empty_line_may_end_with_lf_or_crlf_or_both_mixed(separator):
    raw = b"Subject: a" + separator + b"body"
    part = parse(raw)
    assert part.headers == (Header("subject", b"a"),)
    assert part.body.of(raw) == b"body"


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_message_of_headers_only_has_an_empty_body(end):
    raw = b"Subject: a\nTo: b" + end
    part = parse(raw)
    assert part.values("to") == [b"b"]
    assert part.body == Span(len(raw), len(raw))


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_message_that_begins_with_an_empty_line_has_no_headers(end):
    raw = end + b"Subject: body"
    part = parse(raw)
    assert part.headers == ()
    assert part.body.of(raw) == b"Subject: body"


def test_block_without_any_field_is_body():
    raw = b"Gentile cliente,\n\nle scriviamo"
    part = parse(raw)
    assert part.headers == ()
    assert part.body.of(raw) == raw


def test_folded_value_keeps_its_fold():
    part = parse(b"Subject: a\r\n b\r\n\tc\r\nTo: d\r\n\r\n")
    assert part.headers == (Header("subject", b"a\r\n b\r\n\tc"), Header("to", b"d"))


def test_blanks_before_the_colon_and_around_the_value_are_tolerated():
    assert parse(b"Subject \t:\t a \n\n").headers == (Header("subject", b"a"),)


def test_empty_value_and_value_on_the_next_line_are_read():
    assert parse(b"A:\nB:\n b\n\n").headers == (Header("a", b""), Header("b", b"b"))


def test_mbox_separator_line_is_no_header():
    raw = b"From somebody@example.it Tue Nov 13 16:39:26 2018\nSubject: a\n\nbody"
    part = parse(raw)
    assert part.headers == (Header("subject", b"a"),)
    assert part.body.of(raw) == b"body"


def test_rubbish_between_fields_is_skipped_with_its_continuation():
    part = parse(b"A: 1\nrubbish\n continued: x\n\xff: y\nB: 2\n\nbody")
    assert part.headers == (Header("a", b"1"), Header("b", b"2"))


def test_lone_carriage_return_is_an_ordinary_byte():
    raw = b"A: 1\r\rB: 2\r\n\r\nbody"
    part = parse(raw)
    assert part.headers == (Header("a", b"1\r\rB: 2"),)
    assert part.body.of(raw) == b"body"


def test_delimiter_ends_the_headers_where_the_empty_line_was_forgotten():
    raw = lines("Content-Type: multipart/mixed; boundary=b", "--b", "", "text", "--b--")
    assert bodies(raw) == [b"text"]


def test_entity_that_begins_with_dashes_has_no_headers():
    raw = multipart("b", "--b", "--greeting: x", "", "text", "--b--")
    part = parse(raw).children[0]
    assert part.headers == ()
    assert part.body == part.span
    assert part.body.of(raw) == b"--greeting: x\n\ntext"


def test_part_finds_values_and_parameters_by_name():
    part = parse(b"Content-Type: text/plain; charset=utf-8\nReceived: a\nReceived: b\n\n")
    assert part.values("received") == [b"a", b"b"]
    assert part.value("received") == b"a"
    assert part.value("to") is None
    assert part.parameter("charset") == "utf-8"
    assert part.parameter("format") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("TEXT/HTML", "text/html"),
        ("text/plain charset=utf-8", "text/plain"),
        ("image/svg+xml; x=y", "image/svg+xml"),
        ("text", "text/plain"),
        ("", "text/plain"),
        ("/", "text/plain"),
        ("multipart", "text/plain"),
        ("text/h t m l", "text/h"),
        ("text/plain/html", "text/plain"),
    ],
)
def test_broken_media_type_means_plain_text(value, expected):
    assert parse(f"Content-Type: {value}\n\n".encode()).media_type == expected


def test_first_of_several_content_types_counts():
    assert parse(b"Content-Type: text/html\nContent-Type: image/png\n\n").media_type == "text/html"


def test_parts_of_a_digest_are_messages_by_default():
    raw = lines(
        "Content-Type: multipart/digest; boundary=b", "", "--b", "", "Subject: x", "", "--b",
        "Content-Type: text/plain", "", "index", "--b--",
    )  # fmt: skip
    assert [child.media_type for child in parse(raw).children] == ["message/rfc822", "text/plain"]


def test_message_inside_a_message_is_a_leaf():
    raw = multipart(
        "b",
        "--b",
        "Content-Type: message/rfc822",
        "",
        *multipart("c", "--c", "", "x", "--c--").decode().split("\n"),
        "--b--",
    )
    (leaf,) = parse(raw).children
    assert leaf.children == ()
    inner = parse(raw, leaf.body)
    assert bodies(raw, inner) == [b"x"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_end_before_a_delimiter_belongs_to_the_delimiter(end):
    raw = multipart("b", "--b", "A: 1", "", "one", "", "--b", "", "two", "--b--", end=end)
    part = parse(raw)
    e = end.encode()
    assert [child.span.of(raw) for child in part.children] == [b"A: 1" + e + e + b"one" + e, e + b"two"]
    assert bodies(raw) == [b"one" + e, b"two"]
    assert part.closed


def test_line_ends_may_be_mixed():
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\n--b\n\r\none\r\n--b\r\n\ntwo\n--b--"
    assert bodies(raw) == [b"one", b"two"]


def test_only_one_line_end_is_taken_off():
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\r\r\n--b--"
    assert bodies(raw) == [b"one\r"]


@pytest.mark.parametrize("body", [["--b", "--b", "--b--"], ["--b", "", "--b", "", "--b--"]])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_parts_may_be_empty(body, end):
    raw = multipart("b", *body, end=end)
    part = parse(raw)
    assert [child.body.of(raw) for child in part.children] == [b"", b""]
    assert all(child.span.start <= child.span.end for child in part.children)


def test_preamble_and_epilogue_belong_to_no_part():
    raw = multipart("b", "preamble", "--b", "", "one", "--b--", "epilogue", "--b", "", "two", "--b--")
    part = parse(raw)
    assert bodies(raw) == [b"one"]
    assert part.closed
    assert part.body.end == len(raw)


def test_missing_closing_delimiter_is_told_and_the_last_part_reaches_to_the_end():
    raw = multipart("b", "--b", "", "one", "--b", "", "two", "")
    part = parse(raw)
    assert not part.closed
    assert bodies(raw) == [b"one", b"two\n\n"]


def test_opening_delimiter_at_the_very_end_opens_an_empty_part():
    raw = multipart("b", "--b", "", "one", "--b").rstrip(b"\n")
    part = parse(raw)
    assert not part.closed
    assert bodies(raw) == [b"one", b""]


@pytest.mark.parametrize("close", [b"--b--", b"--b--\r", b"--b-- \t", b"--b--\t\r\n"])
def test_closing_delimiter_needs_no_line_end_behind_it(close):
    raw = multipart("b", "--b", "", "one") + close
    assert parse(raw).closed
    assert bodies(raw) == [b"one"]


def test_blanks_behind_a_delimiter_are_ignored():
    raw = multipart("b", "--b \t ", "", "one", "--b  ", "", "two", "--b--\t")
    assert bodies(raw) == [b"one", b"two"]
    assert parse(raw).closed


@pytest.mark.parametrize("line", ["--bx", "--b x", "--b--x", "--b-", " --b", "x--b", "--B", "-b", "--"])
def test_line_that_only_resembles_a_delimiter_is_content(line):
    raw = multipart("b", "--b", "", "one", line, "two", "--b--")
    assert bodies(raw) == [f"one\n{line}\ntwo".encode()]


def test_line_that_resembles_a_delimiter_may_stand_first():
    raw = multipart("b", "--bx", "--b", "", "one", "--b--")
    assert bodies(raw) == [b"one"]


def test_delimiter_stands_at_the_beginning_of_a_line_not_behind_a_lone_carriage_return():
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\r--b--\n"
    assert bodies(raw) == [b"one\r--b--\n"]


def test_boundary_that_is_the_beginning_of_another_does_not_match_it():
    raw = multipart(
        "b", "--b", "Content-Type: multipart/alternative; boundary=bb", "", "--bb", "", "one", "--bb", "", "two",
        "--bb--", "--b", "", "three", "--b--",
    )  # fmt: skip
    first, second = parse(raw).children
    assert bodies(raw, first) == [b"one", b"two"]
    assert first.closed
    assert second.body.of(raw) == b"three"


def test_outer_delimiter_ends_an_inner_multipart_that_was_never_closed():
    raw = multipart(
        "out", "--out", "Content-Type: multipart/mixed; boundary=in", "", "--in", "", "one", "--out", "", "two",
        "--in--", "--out--",
    )  # fmt: skip
    part = parse(raw)
    first, second = part.children
    assert part.closed
    assert not first.closed
    assert bodies(raw, first) == [b"one"]
    assert second.body.of(raw) == b"two\n--in--"


def test_inner_multipart_with_the_boundary_of_the_outer_one_has_no_parts():
    raw = multipart("b", "--b", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "one", "--b--", "--b--")
    inner, second = parse(raw).children
    assert inner.children == ()
    assert not inner.closed
    assert second.body.of(raw) == b"one"


@pytest.mark.parametrize(
    "parameter",
    ['boundary="a b?=\'c"', 'BOUNDARY="a b?=\'c"', 'boundary="a b?=\'c  "', "boundary*=us-ascii''a%20b%3F=%27c"],
)
def test_boundary_may_be_quoted_and_encoded(parameter):
    raw = lines(f"Content-Type: Multipart/Mixed;\n\t{parameter}", "", "--a b?='c", "", "one", "--a b?='c--")
    assert bodies(raw) == [b"one"]


def test_boundary_that_looks_like_an_encoded_word_is_taken_as_it_stands():
    raw = lines('Content-Type: multipart/mixed; boundary="=?utf-8?Q?x?="', "", "--=?utf-8?Q?x?=", "", "one")
    assert bodies(raw) == [b"one\n"]


def test_first_of_several_boundaries_counts():
    raw = lines("Content-Type: multipart/mixed; boundary=a; boundary=b", "", "--b", "", "no", "--a", "", "one", "--a--")
    assert bodies(raw) == [b"one"]


@pytest.mark.parametrize(
    "parameter",
    ["", "; boundary", "; boundary=", '; boundary=""', '; boundary=" "', "; boundary=\xe0", "; boundary=\xc3\xa0"],
)
def test_multipart_without_a_usable_boundary_is_a_leaf_that_keeps_its_type(parameter):
    raw = lines(
        f"Content-Type: multipart/mixed{parameter}", "", "--", "", "x", "----", "--\xe0", "", "x", "--\xc3\xa0", "", "x"
    )
    part = parse(raw)
    assert part.media_type == "multipart/mixed"
    assert part.children == ()
    assert not part.closed
    assert part.limits == frozenset()


def test_boundary_in_a_text_divides_nothing():
    raw = lines("Content-Type: text/plain; boundary=b", "", "--b", "", "x", "--b--")
    assert parse(raw).children == ()
    assert parse(raw).closed


def test_walk_goes_depth_first_itself_first():
    raw = multipart(
        "b", "--b", "Content-Type: multipart/alternative; boundary=c", "", "--c", "A: 1", "", "--c", "A: 2", "",
        "--c--", "--b", "A: 3", "", "--b--",
    )  # fmt: skip
    assert [part.value("a") or part.media_type for part in walk(parse(raw))] == [
        "multipart/mixed", "multipart/alternative", b"1", b"2", b"3",
    ]  # fmt: skip


def test_message_in_a_range_is_parsed_with_offsets_into_the_whole():
    inside = multipart("b", "--b", "", "one", "--b--")
    raw = b"--b\n" + inside + b"\n--b--"
    part = parse(raw, Span(4, 4 + len(inside)))
    assert part.span == Span(4, 4 + len(inside))
    assert bodies(raw, part) == [b"one"]


@pytest.mark.parametrize(
    ("inside", "after"),
    [
        (b"--b\n\none", b"\n--b\n\ntwo"),
        (b"--b\n\none\n--b", b"--\n"),
        (b"--b\n\none\n--b", b"x\n"),
        (b"--b\n\none\n-", b"-b--"),
        (b"-", b"-b\n\none"),
        (b"", b"--b\n\none"),
    ],
)
def test_what_follows_a_range_says_nothing_about_it(inside, after):
    inside = b"Content-Type: multipart/mixed; boundary=b\n\n" + inside
    assert parse(inside + after, Span(0, len(inside))) == parse(inside)


@pytest.mark.parametrize("span", [Span(-3, 99), Span(0, 99), Span(-1, 4)])
def test_range_beyond_the_bytes_is_cut(span):
    assert parse(b"A: b", span).span == Span(0, 4)


@pytest.mark.parametrize("span", [Span(3, 1), Span(9, 12), Span(-2, -1)])
def test_empty_range_gives_an_empty_part(span):
    part = parse(b"A: b", span)
    assert part.span.start == part.span.end
    assert part.headers == ()


def nested(depth: int) -> bytes:
    opening = [
        line
        for level in range(depth)
        for line in (f"Content-Type: multipart/mixed; boundary=b{level}.", "", f"--b{level}.")
    ]
    closing = [f"--b{level}.--" for level in reversed(range(depth))]
    return lines(*opening, "", "core", *closing)


def test_nesting_up_to_the_limit_is_followed():
    raw = nested(MAX_DEPTH)
    parts = list(walk(parse(raw)))
    assert len(parts) == MAX_DEPTH + 1
    assert parts[-1].body.of(raw) == b"core"
    assert all(part.closed and not part.limits for part in parts)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 2000])
def test_nesting_beyond_the_limit_stops_there_and_is_told_all_the_way_up(depth):
    parts = list(walk(parse(nested(depth))))
    assert len(parts) == MAX_DEPTH + 1
    assert all(part.limits == {Limit.DEPTH} for part in parts)
    assert parts[-1].media_type == "multipart/mixed"
    assert not parts[-1].closed


def test_as_many_parts_as_allowed_are_read():
    part = parse(multipart("b", *(["--b", "", "x"] * (MAX_PARTS - 1)), "--b--"))
    assert len(part.children) == MAX_PARTS - 1
    assert part.closed
    assert not part.limits


@pytest.mark.parametrize("siblings", [MAX_PARTS, 20_000])
def test_more_siblings_than_allowed_are_cut_off_and_told(siblings):
    raw = multipart("b", *(["--b", "", "x"] * siblings), "--b--")
    part = parse(raw)
    assert len(part.children) == MAX_PARTS - 1
    assert part.children[-1].body.of(raw) == b"x"
    assert part.limits == {Limit.PARTS}
    assert not part.closed
    assert not part.children[0].limits


def test_parts_are_counted_over_the_whole_message():
    inner = ["--b", "Content-Type: multipart/mixed; boundary=c", "", *(["--c", "", "x"] * (MAX_PARTS - 3)), "--c--"]
    part = parse(multipart("b", *inner, *inner, "--b--"))
    first, second = part.children
    assert len(first.children) == MAX_PARTS - 3
    assert not first.limits
    assert second.children == ()
    assert second.limits == {Limit.PARTS}
    assert part.limits == {Limit.PARTS}
    assert part.closed


def test_lines_that_resemble_delimiters_are_counted_too():
    part = parse(multipart("b", "--b", "", *(["--bx"] * 5 * MAX_PARTS), "--b--"))
    assert part.limits == {Limit.PARTS}
    assert part.children == ()


def test_header_block_of_the_allowed_size_is_read():
    raw = b"A: " + b"x" * (MAX_HEADER_BYTES - 3 - 2) + b"\n\nbody"
    part = parse(raw)
    assert part.limits == frozenset()
    assert part.body.of(raw) == b"body"


@pytest.mark.parametrize("filler", [b"x" * MAX_HEADER_BYTES, b"x\n " * MAX_HEADER_BYTES, b"x\nY: " * MAX_HEADER_BYTES])
def test_header_block_beyond_the_limit_is_told_and_its_body_still_found(filler):
    raw = b"Content-Type: multipart/mixed; boundary=b\nA: " + filler + b"\r\n\r\n--b\n\nx\n--b--\n"
    part = parse(raw)
    assert part.media_type == "multipart/mixed"
    assert part.limits == {Limit.HEADERS}
    assert part.children == ()
    assert not part.closed
    assert part.body.of(raw) == b"--b\n\nx\n--b--\n"
    assert sum(len(header.value) for header in part.headers) <= MAX_HEADER_BYTES


@pytest.mark.parametrize("offset", range(-4, 3))
def test_empty_line_across_the_limit_is_found(offset):
    raw = b"A: " + b"x" * (MAX_HEADER_BYTES - 3 + offset) + b"\r\n\r\nbody"
    assert parse(raw).body.of(raw) == b"body"


def test_header_block_beyond_the_limit_without_an_end_leaves_no_body():
    part = parse(b"A: " + b"x" * MAX_HEADER_BYTES)
    assert part.limits == {Limit.HEADERS}
    assert part.body.start == part.body.end == part.span.end


def test_long_text_without_headers_hits_no_limit():
    raw = b"x" * 3 * MAX_HEADER_BYTES
    part = parse(raw)
    assert part.limits == frozenset()
    assert part.body.of(raw) == raw


@pytest.mark.parametrize(("count", "limits"), [(MAX_HEADER_FIELDS, set()), (MAX_HEADER_FIELDS + 1, {Limit.HEADERS})])
def test_number_of_header_fields_is_limited(count, limits):
    part = parse(b"A: 1\n" * count + b"\nbody")
    assert part.limits == limits
    assert len(part.headers) == MAX_HEADER_FIELDS


def test_header_limit_of_an_inner_part_is_told_by_those_around_it():
    raw = multipart("b", "--b", "", "one", "--b", *(["A: 1"] * (MAX_HEADER_FIELDS + 1)), "", "two", "--b--")
    part = parse(raw)
    assert [child.limits for child in part.children] == [set(), {Limit.HEADERS}]
    assert part.limits == {Limit.HEADERS}
    assert part.closed
