"""Bytes: any change inside the signed span is seen, none outside it makes a certified fact another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.demo.builders import Statement, signed_mail
from pecdesk.demo.mail import crlf
from pecdesk.examine import Examination, examine
from tests.kit.messages import (
    FILES,
    NOW,
    RECIPIENT,
    anchors,
    delivery,
    draft,
    provider,
    sending,
    signed_span,
    taken_apart,
    with_epilogue,
    with_preamble,
)

BYTES = st.integers(0, 255)


@cache
def statements() -> tuple[Statement, ...]:
    taken = sending(draft(attachments=FILES))
    return (delivery(taken), provider().acceptance(taken), provider("due").envelope(sending(draft(), "due"), RECIPIENT))


@cache
def sealed() -> tuple[bytes, ...]:
    return tuple(statement.sealed() for statement in statements())


@cache
def genuine(which: int) -> Examination:
    found = judged(sealed()[which])
    assert found.standing == "certified"
    return found


def judged(raw: bytes) -> Examination:
    return examine(raw, anchors(), now=NOW)


# inside the signed span


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_any_byte_changed_inside_the_signed_span_is_never_certified(which: int, share: float, change: int) -> None:
    raw, span = sealed()[which], signed_span(sealed()[which], statements()[which])
    at = span[int(share * len(span))]
    found = judged(raw[:at] + bytes((raw[at] ^ change,)) + raw[at + 1 :])

    assert not found.standing.proves
    assert found.certification is None
    assert not found.counts


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2), st.floats(0, 1), st.binary(max_size=3), st.integers(0, 3))
def test_bytes_put_in_or_taken_out_of_the_signed_span_are_seen(
    which: int, share: float, put_in: bytes, taken_out: int
) -> None:
    raw, span = sealed()[which], signed_span(sealed()[which], statements()[which])
    at = span.start + int(share * (len(span) - taken_out))
    changed = raw[:at] + put_in + raw[at + taken_out :]

    assert changed == raw or not judged(changed).standing.proves


# outside it


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2), st.floats(0, 1, exclude_max=True), st.binary(max_size=3), st.integers(0, 3))
def test_a_change_outside_the_signed_span_makes_no_certified_fact_another(
    which: int, share: float, put_in: bytes, taken_out: int
) -> None:
    raw, span = sealed()[which], signed_span(sealed()[which], statements()[which])
    outside = [*range(span.start - taken_out), *range(span.stop, len(raw) - taken_out)]
    at = outside[int(share * len(outside))]
    found, before = judged(raw[:at] + put_in + raw[at + taken_out :]), genuine(which)

    assert found.certification in (None, before.certification)
    if found.standing.proves:
        assert (found.kind, found.certification, found.circuit) == (before.kind, before.certification, before.circuit)
        assert (found.signed_sha256, found.reference_time) == (before.signed_sha256, before.reference_time)
        assert (found.text, found.notice, found.attachments and found.attachments[0].sha256) == (
            before.text, before.notice, before.attachments and before.attachments[0].sha256,
        )  # fmt: skip


@pytest.mark.parametrize("dress", [with_epilogue, with_preamble])
def test_text_around_the_parts_changes_nothing_that_is_certified(dress: Callable[[Statement], bytes]) -> None:
    found, before = judged(dress(statements()[0])), genuine(0)

    assert (found.standing, found.certification, found.text) == (before.standing, before.certification, before.text)
    assert found.sha256 != before.sha256
    assert found.signed_sha256 == before.signed_sha256


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2), st.floats(0, 1, exclude_max=True))
def test_a_message_cut_off_anywhere_is_never_certified(which: int, share: float) -> None:
    raw = sealed()[which]
    found = judged(raw[: int(share * (len(raw) - len(b"--\r\n")))])

    assert found.standing in ("undetermined", "not-certified")


def test_a_message_cut_off_behind_its_headers_is_undetermined_but_at_the_seam_of_its_parts() -> None:
    raw, statement = sealed()[0], statements()[0]
    span = signed_span(raw, statement)
    standings = {at: judged(raw[:at]).standing for at in (*range(span.stop - 6, span.stop + 12), len(raw) - 8)}

    assert [at for at, standing in standings.items() if standing == "not-certified"] == [
        *range(span.stop - len(b"\r\n"), span.stop + len(b"\r\n") + 1)
    ]
    assert set(standings.values()) == {"undetermined", "not-certified"}


# line ends


def dressed(content: bytes) -> bytes:
    """The first message with another first part than the one that was signed."""
    _, signature, boundary = taken_apart(statements()[0])
    return signed_mail(statements()[0].fields, content, signature, boundary)


def facts(found: Examination) -> tuple[object, ...]:
    return found.standing, found.kind, found.certification, found.text, found.signature.status


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_file_without_any_cr_is_read_as_one_with_crlf(which: int) -> None:
    found = judged(sealed()[which].replace(b"\r\n", b"\n"))

    assert facts(found) == facts(genuine(which))
    assert found.reasons == ()


@pytest.mark.parametrize(
    "add",
    [
        lambda raw: raw + b"\r",
        lambda raw: raw + b"\r\n",
        lambda raw: b"X-Nuovo: a\r\n" + raw,
        lambda raw: raw.replace(b"Subject: ", b"Subject: \r", 1),
        lambda raw: raw.replace(b"\n\n", b"\n\r\n", 1),
    ],
)
def test_one_cr_anywhere_ends_that_reading(add: Callable[[bytes], bytes]) -> None:
    raw = add(sealed()[0].replace(b"\r\n", b"\n"))

    assert judged(raw).standing == "altered"


def test_mixed_line_ends_inside_the_signed_part_are_altered() -> None:
    content = taken_apart(statements()[0])[0]
    for position in (0, content.count(b"\r\n") // 2):
        lines = content.split(b"\r\n")
        mixed = b"\r\n".join(lines[: position + 1]) + b"\n" + b"\r\n".join(lines[position + 1 :])
        assert judged(dressed(mixed)).standing == "altered"


def test_line_ends_outside_the_signed_part_do_not_matter_while_the_signed_ones_are_right() -> None:
    raw, span = sealed()[0], signed_span(sealed()[0], statements()[0])
    headers, rest = raw[: span.start].replace(b"\r\n", b"\n"), raw[span.stop :]
    # the line end before the first delimiter belongs to the delimiter, the one after it ends its line
    assert judged(headers + raw[span.start : span.stop] + rest).standing == "certified"


def test_content_signed_with_lf_is_certified_only_while_the_file_holds_a_cr() -> None:
    content = taken_apart(statements()[0])[0].replace(b"\r\n", b"\n")
    signature = statements()[0].signer.sign(content, statements()[0].at)
    raw = signed_mail(statements()[0].fields, content, signature, "fuori")

    assert judged(raw).standing == "certified"
    assert judged(raw.replace(b"\r\n", b"\n")).standing == "altered"


def test_a_bare_cr_or_lf_that_was_signed_stays_what_it_is() -> None:
    inside = crlf(b"Subject: x\n\n") + b"a\rb\nc\r\n"
    raw = replace(statements()[1], inside=inside).sealed()

    assert judged(raw).signature.status == "passed"
    assert judged(raw.replace(b"a\rb\nc", b"a\r\nb\nc")).standing == "altered"
    assert judged(raw.replace(b"a\rb\nc", b"a\nb\nc")).standing == "altered"
