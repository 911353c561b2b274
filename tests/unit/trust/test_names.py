"""Names in certificates: same, shown, limited."""

from __future__ import annotations

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.trust.der import SEQUENCE, DerError, encode, encode_object_identifier, encode_set, read_only_element
from pecdesk.trust.names import (
    NameConstraints,
    encode_name,
    name_text,
    parse_name,
    read_name,
    same_name,
    union,
)


def name_of(tag: int, content: bytes) -> bytes:
    attribute = encode(SEQUENCE, encode_object_identifier("2.5.4.10"), encode(tag, content))
    return encode(SEQUENCE, encode_set(attribute))


texts = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cs", "Cc")), min_size=1, max_size=12
)


@settings(deadline=None)
@given(values=st.lists(texts.filter(lambda text: not text.startswith("#")), min_size=1, max_size=4))
def test_text_of_a_name_reads_back_as_the_same_name(values: list[str]) -> None:
    relatives = [
        encode_set(encode(SEQUENCE, encode_object_identifier("2.5.4.11"), encode(0x0C, value.encode())))
        for value in values
    ]
    encoded = encode(SEQUENCE, *relatives)
    assert encode_name(name_text(encoded)) == encoded


def test_text_is_that_of_rfc_4514() -> None:
    text = r"CN=Rossi\, Mario+UID=7,OU=\ a \"b\"\ ,O=A\+B\\C,DC=example,C=IT"
    encoded = encode_name(text)
    assert name_text(encoded) == r"UID=7+CN=Rossi\, Mario,OU=\ a \"b\"\ ,O=A\+B\\C,DC=example,C=IT"
    assert x509.Name.from_rfc4514_string("CN=A,O=B,C=IT").rfc4514_string() == name_text(encode_name("CN=A,O=B,C=IT"))


def test_text_escapes_what_cannot_be_seen_and_shows_unknown_types_by_number() -> None:
    assert name_text(name_of(0x0C, b"a\x00b\x7f")) == r"O=a\00b\7F"
    assert name_text(encode_name("1.2.3.4=x,C=IT")) == "1.2.3.4=x,C=IT"
    assert encode_name(r"O=a\00b") == name_of(0x0C, b"a\x00b")
    assert name_text(name_of(0x02, b"\x05")) == "O=#020105"


def test_a_name_may_be_written_root_first_if_it_begins_with_the_country() -> None:
    assert encode_name("C=IT, O=Uno, CN=CA") == encode_name("CN=CA,O=Uno,C=IT")


@pytest.mark.parametrize("text", ["", "CN", "CN=", "=x", "CN=a,b", "Nonsense=x", "1.x=3", r"O=\ff"])
def test_texts_that_are_no_names_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        encode_name(text)


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (0x0C, "Società Uno".encode()),
        (0x14, "Società Uno".encode("latin-1")),
        (0x1E, "Società Uno".encode("utf-16-be")),
        (0x1C, "Società Uno".encode("utf-32-be")),
        (0x0C, "  SOCIETA\u0300   uno ".encode()),
    ],
)
def test_names_are_the_same_whatever_case_spacing_and_string_type(tag: int, content: bytes) -> None:
    assert same_name(name_of(tag, content), encode_name("O=Società Uno"))


def test_names_that_differ_are_not_the_same() -> None:
    one = encode_name("CN=A,O=B,C=IT")
    for other in ("CN=A,O=B", "O=B,CN=A,C=IT", "CN=A,OU=B,C=IT", "CN=AB,O=B,C=IT", "CN=A+O=B,C=IT"):
        assert not same_name(one, encode_name(other))
    assert not same_name(name_of(0x02, b"\x05"), name_of(0x02, b"\x06"))


@pytest.mark.parametrize(
    "encoded",
    [
        name_of(0x0C, b"\xff"),
        name_of(0x13, b"\xe0"),
        encode(SEQUENCE, encode_set(encode(SEQUENCE, encode_object_identifier("2.5.4.3")))),
        encode(SEQUENCE, encode(SEQUENCE)),
        encode(0x31),
    ],
)
def test_malformed_names_are_refused(encoded: bytes) -> None:
    with pytest.raises(DerError):
        read_name(read_only_element(encoded))


def test_a_name_may_be_empty() -> None:
    assert parse_name(encode(SEQUENCE)) == ()


@pytest.mark.parametrize(
    ("limit", "address", "within"),
    [
        ("pec.example.it", "posta@pec.example.it", True),
        ("pec.example.it", "posta@PEC.Example.it", True),
        ("pec.example.it", "posta@mail.pec.example.it", False),
        ("pec.example.it", "posta@evilpec.example.it", False),
        ("pec.example.it", "posta@pec.example.it.evil.example", False),
        (".example.it", "posta@pec.example.it", True),
        (".example.it", "posta@a.b.example.it", True),
        (".example.it", "posta@example.it", False),
        (".example.it", "posta@.example.it", False),
        (".example.it", "posta@evilexample.it", False),
        ("posta@pec.example.it", "posta@pec.example.it", True),
        ("posta@pec.example.it", "altra@pec.example.it", False),
    ],
)
def test_mail_limits_name_a_host_a_domain_or_an_address(limit: str, address: str, within: bool) -> None:
    assert (NameConstraints(permitted_mail=(limit,)).breach([address], [], []) is None) is within
    assert (NameConstraints(excluded_mail=(limit,)).breach([address], [], []) is not None) is within


@pytest.mark.parametrize(
    ("subject", "within"),
    [
        ("CN=Posta,O=Uno S.p.A.,L=Roma,C=IT", True),
        ("O=Uno S.p.A.,L=Roma,C=IT", True),
        ("CN=Posta,O=UNO  s.p.a.,L=roma,C=it", True),
        ("CN=Posta,O=Uno S.p.A. Bis,L=Roma,C=IT", False),
        ("CN=Posta,O=Uno S.p.A.,L=Milano,C=IT", False),
        ("CN=Posta,L=Roma,O=Uno S.p.A.,C=IT", False),
        ("O=Uno S.p.A.,L=Roma,C=IT,CN=Evil", False),
        ("L=Roma,C=IT", False),
    ],
)
def test_directory_limits_hold_from_the_root(subject: str, within: bool) -> None:
    limit = encode_name("O=Uno S.p.A.,L=Roma,C=IT")
    name = encode_name(subject)
    assert (NameConstraints(permitted_directories=(limit,)).breach([], [name], []) is None) is within
    assert (NameConstraints(excluded_directories=(limit,)).breach([], [name], []) is not None) is within


def test_other_forms_of_names_may_not_be_borne_where_they_are_limited() -> None:
    constraints = NameConstraints(closed_forms=("dns", "ip"))
    assert constraints.breach([], [], ["uri"]) is None
    assert constraints.breach([], [], ["uri", "ip"]) is not None


def test_every_name_must_be_permitted() -> None:
    constraints = NameConstraints(permitted_mail=("a.example", "b.example"))
    assert constraints.breach(["x@a.example", "x@b.example"], [], []) is None
    assert constraints.breach(["x@a.example", "x@c.example"], [], []) is not None


def test_union_permits_what_one_permits_and_excludes_what_all_exclude() -> None:
    one = NameConstraints(("a.example",), (b"1",), ("x.example", "y.example"), (b"8",), ("dns", "ip"))
    two = NameConstraints(("a.example", "b.example"), (b"2",), ("y.example",), (b"8", b"9"), ("ip",))
    assert union([one, two]) == NameConstraints(
        ("a.example", "b.example"), (b"1", b"2"), ("y.example",), (b"8",), ("ip",)
    )
    assert union([one]) == one


def test_union_with_something_unlimited_is_unlimited() -> None:
    one = NameConstraints(("a.example",), (b"1",))
    assert union([one, None]) is None
    assert union([]) is None
    assert union([one, NameConstraints((), (b"2",))]) == NameConstraints((), (b"1", b"2"))
