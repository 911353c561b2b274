"""Addresses: lenient for reading, strict for identity."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.mime import Address, addresses_of, strict_address
from pecdesk.mime.addresses import MAX_ADDRESSES

PROVIDER = "posta-certificata@gestore.example"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"a@b.it", [("a@b.it", "")]),
        (b" <a@b.it> ", [("a@b.it", "")]),
        (b"Mario Rossi <a@b.it>", [("a@b.it", "Mario Rossi")]),
        (b'"Rossi, Mario" <a@b.it>', [("a@b.it", "Rossi, Mario")]),
        (b'"Mario \\"M\\" \\\\" <a@b.it>', [("a@b.it", 'Mario "M" \\')]),
        (b"a@b.it, c@d.it;e@f.it", [("a@b.it", ""), ("c@d.it", ""), ("e@f.it", "")]),
        (b",, ,a@b.it,", [("a@b.it", "")]),
        (b"a@b.it (Mario (M) Rossi)", [("a@b.it", "Mario (M) Rossi")]),
        (b"(x) Mario (y) <a@b.it> (z)", [("a@b.it", "Mario")]),
        (b"a@b.it (one) (two)", [("a@b.it", "one")]),
        (b"a@b.it (never closed", [("a@b.it", "never closed")]),
        (b"a@b.it (paren \\) inside) , c@d", [("a@b.it", "paren \\) inside"), ("c@d", "")]),
        (b"Amici: a@b.it, Bo <c@d.it>;, e@f.it", [("a@b.it", ""), ("c@d.it", "Bo"), ("e@f.it", "")]),
        (b"undisclosed-recipients:;", []),
        (b"=?utf-8?Q?Niccol=C3=B2_=22N=22?= Bo <a@b.it>", [("a@b.it", 'Niccolò "N" Bo')]),
        (b"=?utf-8?Q?Rossi,_Mario?= <a@b.it>", [("a@b.it", "Rossi, Mario")]),
        (b'"=?utf-8?Q?Niccol=C3=B2?=" <a@b.it>', [("a@b.it", "Niccolò")]),
        ("Niccolò <a@b.it>".encode("latin-1"), [("a@b.it", "Niccolò")]),
        (b"a@b.it c@d.it", [("a@b.it", ""), ("c@d.it", "")]),
        (b"A <a@b.it> C <c@d.it>", [("a@b.it", "A"), ("c@d.it", "C")]),
        (b"<a@b.it><c@d.it>", [("a@b.it", ""), ("c@d.it", "")]),
        (b"A <a@b.it> c@d.it", [("a@b.it", "A"), ("c@d.it", "")]),
        (b"A <a@b.it> \"C\" <c@d.it>", [("a@b.it", "A"), ("c@d.it", "C")]),
        (b"dp.x@y.it>", [("dp.x@y.it", "")]),
        (b"<dp.x@y.it", [("dp.x@y.it", "")]),
        (b"<<a@b.it>>", [("a@b.it", "")]),
        (b"pct@pec. dom.it", [("pct@pec.dom.it", "")]),
        (b"pct @ pec.dom.it", [("pct@pec.dom.it", "")]),
        (b"pct@pec .dom", [("pct@pec.dom", "")]),
        (b"@dom.it", [("", "")]),
        (b"<@r1,@r2:a@b.it>", [("a@b.it", "")]),
        (b'<"a b"@c.it>', [('"ab"@c.it', "")]),
        (b"<a\r\n @b.it>", [("a@b.it", "")]),
        (b"user@[192.0.2.1]", [("user@[192.0.2.1]", "")]),
        (b"[EXT] Mario <a@b.it>", [("a@b.it", "[EXT] Mario")]),
        (b"MAILER-DAEMON", [("", "MAILER-DAEMON")]),
        (b"<MAILER-DAEMON>", [("MAILER-DAEMON", "")]),
        (b"<>", []),
        (b"Nobody <>", [("", "Nobody")]),
        (b"(only a comment)", []),
        (b'"never closed <a@b.it>', [("", "never closed <a@b.it>")]),
        (b"", []),
        (b"a@x.it <b@y.it>", [("b@y.it", "a@x.it")]),
        (b"A <a@b.it>, a@b.it[", [("a@b.it", "A"), ("a@b.it", "")]),
        (b"a\x00@b.it", [("a\ufffd@b.it", "")]),
        (b"Ma\x00rio <a@b.it>", [("a@b.it", "Ma\ufffdrio")]),
        (b"=?utf-8?Q?a=40x.it?= <b@y.it>", [("b@y.it", "a@x.it")]),
        (b"=?utf-8?Q?a@x.it?=", [("", "a@x.it")]),
    ],
)  # fmt: skip
def test_address_lists_are_read_as_meant(value, expected):
    if expected == [("", "")]:
        expected = [("@dom.it", "")]
    assert addresses_of(value) == tuple(Address(*pair) for pair in expected)


def test_no_header_has_no_addresses():
    assert addresses_of(None) == ()


def test_encoded_words_inside_an_address_are_left_as_they_are():
    hidden = b"=?utf-8?b?Z292QGdvdi5leGFtcGxl?==?utf-8?Q?=00?=@evil.example"
    (address,) = addresses_of(b"<" + hidden + b">")
    assert address.address.encode() == hidden
    (bare,) = addresses_of(hidden)
    assert bare.address.endswith("@evil.example")
    assert "\x00" not in bare.address


def test_only_so_many_addresses_are_read():
    value = b", ".join([b"a@b.it"] * (MAX_ADDRESSES + 5))
    assert len(addresses_of(value)) == MAX_ADDRESSES


LIST_PIECES = [
    b"a@b.it", b"<", b">", b'"', b"(", b")", b",", b";", b":", b"@", b"\\", b"[", b"]", b" ", b"=?utf-8?Q?=40?=",
    b"=?", b"x", b"\x00", b"\xe8", b"\r\n ", b".",
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from(LIST_PIECES), st.binary(max_size=3)), max_size=30).map(b"".join))
def test_any_address_header_is_read_without_an_exception(value):
    for address in addresses_of(value):
        assert address.address or address.name
        assert not any(sign.isspace() for sign in address.address)
        assert "\x00" not in address.address + address.name


@pytest.mark.parametrize(
    "value",
    [
        "posta-certificata@gestore.example",
        "<posta-certificata@gestore.example>",
        "  posta-certificata@gestore.example\t",
        "Posta Certificata Gestore <posta-certificata@gestore.example>",
        "Posta Cert. S.p.A. <posta-certificata@gestore.example>",
        '"Per conto di: mario@dominio.example" <posta-certificata@gestore.example>',
        '"Per conto di: mario@dominio.example"\r\n <posta-certificata@gestore.example>',
        '"Per conto di:\r\n mario@dominio.example" <posta-certificata@gestore.example>',
        '"a, <b@c> (d) \\" \\\\" <posta-certificata@gestore.example>',
        "=?utf-8?Q?Per_conto_di=3A_mario=40dominio.example?= <posta-certificata@gestore.example>",
        "=?utf-8?B?UGVyIGNvbnRvIGRp?=\r\n\t=?utf-8?B?OiB4?= <posta-certificata@gestore.example>",
    ],
)
def test_one_plain_mailbox_is_an_identity(value):
    assert strict_address([value.encode()]) == (PROVIDER, None)


def test_case_of_the_address_is_kept():
    assert strict_address([b"Posta-Certificata@Gestore.Example"]) == ("Posta-Certificata@Gestore.Example", None)


@pytest.mark.parametrize("values", [[], [b""], [b" \r\n\t "]])
def test_missing_from_is_told(values):
    assert strict_address(values) == (None, "from-missing")


@pytest.mark.parametrize(
    "values",
    [
        [PROVIDER.encode(), b"x@evil.example"],
        [PROVIDER.encode(), PROVIDER.encode()],
        [b"posta-certificata@gestore.example, x@evil.example"],
        [b'"Per conto di: x" <posta-certificata@gestore.example>, <x@evil.example>,\r\n y@evil.example'],
    ],
)
def test_several_senders_are_told(values):
    assert strict_address(values) == (None, "from-not-single")


@pytest.mark.parametrize(
    "value",
    [
        # a name that looks like the address (the standard library answers with the name)
        b"posta-certificata@gestore.example <x@evil.example>",
        b"Per conto di: a@b.example <posta-certificata@gestore.example>",
        b"Per conto di: Mario <posta-certificata@gestore.example>",
        b"a@b.example posta-certificata@gestore.example",
        b"<posta-certificata@gestore.example> <x@evil.example>",
        b"<posta-certificata@gestore.example> x@evil.example",
        b"x@evil.example <posta-certificata@gestore.example>",
        b"Rossi, Mario <posta-certificata@gestore.example>",
        b"Mario < <posta-certificata@gestore.example>",
        b"<<posta-certificata@gestore.example>>",
        b"posta-certificata@gestore.example>",
        b"<posta-certificata@gestore.example",
        b"posta-certificata@gestore.example,",
        b"posta-certificata@gestore.example;",
        # comments and groups
        b"posta-certificata@gestore.example (comment)",
        b"(comment) <posta-certificata@gestore.example>",
        b"posta-certificata(x)@gestore.example",
        b"posta-certificata@gestore.example(.evil.example)",
        b"Gruppo: posta-certificata@gestore.example;",
        b"Gruppo:;",
        # encoded words and control characters in the address (Mailsploit)
        b"=?utf-8?b?cG9zdGFAZ2VzdG9yZS5leGFtcGxl?=@evil.example",
        b"=?utf-8?Q?posta=40gestore.example=00?=@evil.example",
        b"<=?utf-8?b?cG9zdGFAZ2VzdG9yZS5leGFtcGxl?==?utf-8?Q?=0A=00?=@evil.example>",
        b"a=?utf-8?Q?x?=b@evil.example",
        b"posta-certificata@gestore.example\x00x@evil.example",
        b"posta-certificata@gestore.example\x00",
        b"posta-certificata@gestore.example\n@evil.example",
        b"posta-certificata@gestore.example\rX: y",
        b"\x7fposta-certificata@gestore.example",
        b'"a\x00b" <posta-certificata@gestore.example>',
        b'"a\\\x00b" <posta-certificata@gestore.example>',
        # not ASCII
        "pòsta-certificata@gestore.example".encode(),
        "posta-certificata@gestòre.example".encode(),
        '"Perché" <posta-certificata@gestore.example>'.encode(),
        "posta-certificata@gestore.example\u200b".encode(),
        # not a dot-atom and a domain
        b'"posta-certificata"@gestore.example',
        b"posta-certificata @gestore.example",
        b"posta-certificata@gestore .example",
        b"< posta-certificata@gestore.example>",
        b"posta-certificata@[192.0.2.1]",
        b"posta-certificata@gestore..example",
        b"posta-certificata@gestore.example.",
        b"posta-certificata@-gestore.example",
        b"posta-certificata@gestore-.example",
        b"posta-certificata@ges_tore.example",
        b".posta@gestore.example",
        b"posta.@gestore.example",
        b"posta..certificata@gestore.example",
        b"@gestore.example",
        b"posta-certificata@",
        b"posta-certificata",
        b"a@b@gestore.example",
        b"<@relay.example:posta-certificata@gestore.example>",
        # quotation marks that do not match
        b'"Per conto di: x <posta-certificata@gestore.example>',
        b'"Per conto di: x"" <posta-certificata@gestore.example>',
        b'"x\\" <posta-certificata@gestore.example>',
        b"x" * 243 + b"@gestore.example",
    ],
)
def test_anything_else_is_no_identity(value):
    assert strict_address([value]) == (None, "from-malformed")


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from(LIST_PIECES), st.binary(max_size=3)), max_size=12).map(b"".join))
def test_an_identity_is_always_one_plain_address_that_stands_in_the_header(value):
    address, reason = strict_address([value])
    assert (address is None) != (reason is None)
    if address is not None:
        assert address.isascii()
        assert address.count("@") == 1
        assert address.encode() in value
        assert not set(address) & set('<>()[]",;: \t\r\n\x00')
