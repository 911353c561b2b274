"""The strict reader of ASN.1 elements."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.trust.der import (
    INTEGER,
    MAX_DEPTH,
    MAX_IDENTIFIER_BYTES,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    SET,
    DerError,
    encode,
    encode_integer,
    encode_object_identifier,
    encode_set,
    expect,
    read_element,
    read_object_identifier,
    read_octets,
    read_only_element,
)

element_trees = st.recursive(
    st.binary(max_size=200).map(lambda content: encode(OCTET_STRING, content)),
    lambda inner: st.lists(inner, max_size=4).map(lambda parts: encode(SEQUENCE, *parts)),
    max_leaves=12,
)


@settings(deadline=None)
@given(encoded=element_trees)
def test_what_was_written_is_read(encoded: bytes) -> None:
    element = read_only_element(encoded)
    assert element.encoded == encoded
    if element.tag == SEQUENCE:
        assert b"".join(child.encoded for child in element.children()) == element.content


@settings(deadline=None)
@given(data=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        element = read_only_element(data)
        if element.tag & 0x20:
            list(element.children())
    except DerError:
        return
    assert element.encoded == data


@pytest.mark.parametrize("length", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_lengths_of_every_size_are_read(length: int) -> None:
    element = read_only_element(encode(OCTET_STRING, b"x" * length))
    assert len(element.content) == length


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x04",
        b"\x04\x01",
        b"\x04\x81",
        b"\x04\x82\x01",
        b"\x04\x81\x02x",
        b"\x04\x85\x00\x00\x00\x00\x00",
        b"\x04\xff",
        b"\x1f\x01\x00",
        b"\x00\x00",
        b"\x04\x80\x00\x00",
        b"\x30\x80",
        b"\x30\x80\x00",
        b"\x30\x80\x00\x01",
        b"\x30\x80\x04\x00",
        b"\x30\x80\x04\x01\x00\x00",
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(DerError):
        read_only_element(data)


def test_nothing_may_follow_the_only_element() -> None:
    assert read_element(b"\x04\x00\x00").end == 2
    with pytest.raises(DerError):
        read_only_element(b"\x04\x00\x00")


def test_indefinite_lengths_are_read_to_their_end_marker() -> None:
    element = read_only_element(b"\x30\x80\x04\x01x\x30\x80\x00\x00\x00\x00")
    assert [child.tag for child in element.children()] == [OCTET_STRING, SEQUENCE]
    assert element.content == b"\x04\x01x\x30\x80\x00\x00"


def test_indefinite_lengths_inside_one_another_have_a_limit() -> None:
    def nested(depth: int) -> bytes:
        return b"\x30\x80" * depth + b"\x00\x00" * depth

    assert read_only_element(nested(MAX_DEPTH)).tag == SEQUENCE
    with pytest.raises(DerError):
        read_only_element(nested(MAX_DEPTH + 1))


def test_a_child_may_not_reach_beyond_its_parent() -> None:
    with pytest.raises(DerError):
        list(read_element(b"\x30\x03\x04\x02xyz").children())


def test_a_primitive_element_has_no_children() -> None:
    with pytest.raises(DerError):
        list(read_only_element(b"\x04\x02\x04\x00").children())


def test_the_expected_element_must_be_there() -> None:
    element = read_only_element(encode_integer(5))
    assert expect(element, INTEGER) is element
    for wrong in (None, read_only_element(b"\x04\x00")):
        with pytest.raises(DerError):
            expect(wrong, INTEGER)


def test_octets_come_in_one_piece_or_several() -> None:
    assert read_octets(read_only_element(encode(OCTET_STRING, b"abc"))) == b"abc"
    pieces = encode(OCTET_STRING | 0x20, encode(OCTET_STRING, b"a"), encode(OCTET_STRING, b"bc"))
    assert read_octets(read_only_element(pieces)) == b"abc"
    for wrong in (encode(INTEGER, b"a"), encode(OCTET_STRING | 0x20, encode(INTEGER, b"a"))):
        with pytest.raises(DerError):
            read_octets(read_only_element(wrong))


@pytest.mark.parametrize(
    "dotted", ["1.2.840.113549.1.9.3", "2.5.4.3", "0.9.2342.19200300.100.1.25", "2.999.1", "1.3.127.128"]
)
def test_object_identifiers_come_back_as_written(dotted: str) -> None:
    assert read_object_identifier(read_only_element(encode_object_identifier(dotted))) == dotted


@pytest.mark.parametrize("content", [b"", b"\x2a\x86", b"\x2a\x80\x01", b"\x2a" * (MAX_IDENTIFIER_BYTES + 1)])
def test_malformed_object_identifiers_are_refused(content: bytes) -> None:
    with pytest.raises(DerError):
        read_object_identifier(read_only_element(encode(OBJECT_IDENTIFIER, content)))


@pytest.mark.parametrize(("value", "content"), [(0, b"\x00"), (127, b"\x7f"), (128, b"\x00\x80"), (256, b"\x01\x00")])
def test_whole_numbers_are_written_in_the_shortest_form(value: int, content: bytes) -> None:
    assert encode_integer(value) == encode(INTEGER, content)


def test_sets_are_written_in_order() -> None:
    assert encode_set(b"\x04\x01b", b"\x04\x01a") == encode(SET, b"\x04\x01a", b"\x04\x01b")
