"""Parameters of Content-Type and Content-Disposition."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.mime import file_name_of, parameters_of, parse
from pecdesk.mime.parameters import MAX_PARAMETERS


@pytest.mark.parametrize(
    ("value", "main", "parameters"),
    [
        (b"text/plain", "text/plain", []),
        (b" Text/PLAIN ; Charset=UTF-8", "text/plain", [("charset", "UTF-8")]),
        (b"inline", "inline", []),
        (b"", "", []),
        (b"text/plain (a comment); charset=us-ascii (Plain text)", "text/plain", [("charset", "us-ascii")]),
        (b'a/b; x="1;2"; y=3', "a/b", [("x", "1;2"), ("y", "3")]),
        (b'a/b; x="a\\"b\\\\"', "a/b", [("x", 'a"b\\')]),
        (b'a/b; x="never closed; y=1', "a/b", [("x", "never closed; y=1")]),
        (b'a/b; x="quoted"rubbish; y=1', "a/b", [("x", "quoted"), ("y", "1")]),
        (b"a/b; x = 1 ; y= 2", "a/b", [("x", "1"), ("y", "2")]),
        (b"a/b; x=a b (1).pdf; y=1", "a/b", [("x", "a b (1).pdf"), ("y", "1")]),
        (b"a/b;; x; =2; y=; z=1;", "a/b", [("y", ""), ("z", "1")]),
        (b"a/b; x=1; x=2", "a/b", [("x", "1"), ("x", "2")]),
        (b'multipart/x;\r\n\tboundary="a b"', "multipart/x", [("boundary", "a b")]),
        (b'a/b; name="=?utf-8?Q?perch=C3=A9?="', "a/b", [("name", "perché")]),
        (b'a/b; name="=?utf-8?Q?a?=\r\n =?utf-8?Q?b?="', "a/b", [("name", "ab")]),
        (b'a/b; boundary="=?utf-8?Q?a?="', "a/b", [("boundary", "=?utf-8?Q?a?=")]),
        (b"a/b; name=perch\xe9", "a/b", [("name", "perché")]),
        (b'a/b; name="a\x00b"', "a/b", [("name", "a\ufffdb")]),
        # RFC 2231
        (b"a/b; name*=utf-8'it'perch%C3%A9", "a/b", [("name", "perché")]),
        (b"a/b; name*=iso-8859-1''perch%E9", "a/b", [("name", "perché")]),
        (b"a/b; name*=perch%E9", "a/b", [("name", "perché")]),
        (b"a/b; name*=it's", "a/b", [("name", "it's")]),
        (b"a/b; name*0*=utf-8''a; name*1*=b'c'd", "a/b", [("name", "ab'c'd")]),
        (b'a/b; x=" y "', "a/b", [("x", " y ")]),
        (b"a/b; name*=utf-8''100%zz'x", "a/b", [("name", "100%zz'x")]),
        (b"a/b; name*=utf-8''a%00b", "a/b", [("name", "a\ufffdb")]),
        (b'a/b; name*0="one "; name*1=two', "a/b", [("name", "one two")]),
        (b"a/b; name*1*=%C3%A9; name*0*=utf-8''perch", "a/b", [("name", "perché")]),
        (b"a/b; name*0*=utf-8''a%C3; name*1*=%A9; name*2=%41", "a/b", [("name", "aé%41")]),
        (b"a/b; name*2=b; name*9=c", "a/b", [("name", "bc")]),
        (b"a/b; name*0=a; name*0=b", "a/b", [("name", "a"), ("name", "b")]),
        (b"a/b; name=plain; name*=utf-8''better", "a/b", [("name", "better"), ("name", "plain")]),
        (
            b"a/b; name*01=x; name**=y; *=z; name*1000=w",
            "a/b",
            [("name*01", "x"), ("name**", "y"), ("*", "z"), ("name*1000", "w")],
        ),
    ],
)
def test_values_with_parameters_are_read(value, main, parameters):
    assert parameters_of(value) == (main, tuple(parameters))


def test_no_value_has_no_parameters():
    assert parameters_of(None) == ("", ())


def test_only_so_many_parameters_are_read():
    _, parameters = parameters_of(b"a/b" + b"; x=1" * (MAX_PARAMETERS + 1))
    assert len(parameters) == MAX_PARAMETERS


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (b"", None),
        (b"Content-Type: a/b; name=x", "x"),
        (b"Content-Disposition: attachment; filename=y\nContent-Type: a/b; name=x", "y"),
        (b'Content-Disposition: attachment; filename=""\nContent-Type: a/b; name=x', "x"),
        (b"Content-Disposition: attachment\nContent-Type: a/b; name=", None),
        (
            b"Content-Disposition: attachment; filename=../../etc/x; filename*=utf-8''..%2F%E2%80%AEfdp.exe",
            "../\u202efdp.exe",
        ),
        (b"Content-Disposition: attachment; filename=/etc/passwd", "/etc/passwd"),
        (b'Content-Disposition: attachment; filename=" a b "', "a b"),
    ],
)
def test_file_name_is_what_the_sender_wrote(headers, expected):
    assert file_name_of(parse(headers + b"\n\n")) == expected


PIECES = [
    b";",
    b"=",
    b'"',
    b"\\",
    b"*",
    b"*0",
    b"*0*",
    b"name",
    b"utf-8''",
    b"%",
    b"%C3",
    b"'",
    b"(",
    b")",
    b" ",
    b"\r\n ",
    b"x",
]


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=3)), max_size=30).map(b"".join))
def test_any_value_has_readable_parameters(value):
    main, parameters = parameters_of(value)
    assert main == main.lower()
    for name, content in parameters:
        assert name
        assert "\x00" not in content
        content.encode("utf-8")


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1))
def test_encoded_file_name_is_read_back(name):
    from urllib.parse import quote

    value = f"attachment; filename*=utf-8''{quote(name, safe='')}".encode()
    assert parameters_of(value) == ("attachment", (("filename", name),))
