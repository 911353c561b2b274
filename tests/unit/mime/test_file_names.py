"""Names of attachments made fit for every file system."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.mime import safe_file_name, unique_name
from pecdesk.mime.file_names import FALLBACK, MAX_NAME_BYTES, extension_of


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Relazione tecnica n. 3 (bozza).pdf", "Relazione tecnica n. 3 (bozza).pdf"),
        ("perché€.pdf.p7m", "perché€.pdf.p7m"),
        ("../../../.bashrc", f"{FALLBACK}.bashrc"),
        ("/etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\cmd.exe", "cmd.exe"),
        ("a/b\\c.pdf", "c.pdf"),
        ("a:b.txt", "a_b.txt"),
        ('<a>"b"|c?*.txt', "_a__b__c__.txt"),
        ("file.txt:stream", "file.txt_stream"),
        ("", FALLBACK),
        ("..", FALLBACK),
        (" . . ", FALLBACK),
        ("/", FALLBACK),
        (".pdf", f"{FALLBACK}.pdf"),
        ("\ud800.pdf", f"{FALLBACK}.pdf"),
        ("x.exe.", "x.exe"),
        ("x.exe. . ", "x.exe"),
        ("x.exe\u200b", "x.exe"),
        ("x\u202efdp.exe", "xfdp.exe"),
        ("fattura.pdf          \u3000      .exe", "fattura.pdf .exe"),
        ("a\r\nb\t\x00c.pdf", "abc.pdf"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("nul .pdf", "_nul .pdf"),
        ("COM1.tar.gz", "_COM1.tar.gz"),
        ("lpt².pdf", "_lpt².pdf"),
        ("CONIN$", "_CONIN$"),
        ("console.txt", "console.txt"),
        ("com10.txt", "com10.txt"),
        ("cafe\u0301.pdf", "café.pdf"),
    ],
)
def test_a_name_names_a_file_and_nothing_else(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe


@pytest.mark.parametrize("tail", ["", ".pdf", ".pdf.p7m"])
@pytest.mark.parametrize("letter", ["a", "è", "漢", "\U0001f600"])
def test_a_long_name_is_cut_before_its_extension(letter: str, tail: str) -> None:
    safe = safe_file_name(letter * 500 + tail)
    assert len(safe.encode()) <= MAX_NAME_BYTES
    assert safe.startswith(letter * 20)
    assert extension_of(safe) == extension_of("x" + tail)


@given(st.text(max_size=200))
def test_whatever_the_name_it_is_safe_and_safe_for_good(name: str) -> None:
    safe = safe_file_name(name)
    assert 0 < len(safe.encode()) <= MAX_NAME_BYTES
    assert not set(safe) & set('/\\:<>"|?*')
    assert safe not in (".", "..")
    assert not safe.startswith(".")
    assert not safe.endswith((".", " "))
    assert all(unicodedata.category(char)[0] != "C" for char in safe)
    assert safe_file_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("a.PDF", "pdf"),
        ("a.tar.gz", "gz"),
        ("a", ""),
        (".pdf", ""),
        ("a.", ""),
        ("a.b c", ""),
        ("../passwd", ""),
        ("a." + "x" * 17, ""),
    ],
)
def test_an_extension_is_what_follows_the_last_dot(name: str, extension: str) -> None:
    assert extension_of(name) == extension


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], "a.pdf"),
        (["b.pdf"], "a.pdf"),
        (["a.pdf"], "a (2).pdf"),
        (["A.PDF", "a (2).pdf"], "a (3).pdf"),
        (["ａ.pdf"], "a (2).pdf"),
    ],
)
def test_a_name_that_is_taken_gets_a_number(taken: list[str], free: str) -> None:
    assert unique_name("a.pdf", taken) == free


def test_a_number_makes_no_name_too_long() -> None:
    name = safe_file_name("è" * 500 + ".pdf")
    free = unique_name(name, [name])
    assert free != name
    assert free.endswith(" (2).pdf")
    assert len(free.encode()) <= MAX_NAME_BYTES
    assert unique_name("senza estensione", ["Senza Estensione"]) == "senza estensione (2)"
