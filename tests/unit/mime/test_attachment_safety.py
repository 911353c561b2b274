"""Which attachments may be opened, by name and by content."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from pecdesk.mime import Danger, danger_of_name, judged
from pecdesk.mime.attachment_safety import _KINDS, _TEXTS
from pecdesk.mime.zip_contents import MAX_ENTRIES, names_in_zip
from tests.kit.hostile_html import png

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
DER = b"0\x82\x01\x00" + bytes(256)


def zipped(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")
ODT = zipped("mimetype", "content.xml")

HARMLESS = {
    "lettera.pdf": b"%PDF-1.7\n...",
    "scansione.PDF": b"\xef\xbb\xbf\n%PDF-1.4",
    "foto.jpg": b"\xff\xd8\xff\xe0",
    "foto.png": png(1, 1),
    "mappa.tiff": b"II*\x00",
    "atto.docx": DOCX,
    "conti.xlsx": XLSX,
    "nota.odt": ODT,
    "vecchio.doc": OLE + "WordDocument".encode("utf-16-le"),
    "nota.rtf": b"{\\rtf1 ciao}",
    "atto.pdf.p7m": DER,
    "atto.pdf.p7m.p7m": DER,
    "atto.p7m": b"-----BEGIN PKCS7-----\n",
    "conti.zip.p7m": DER,
    "pacco.zip": zipped("a/lettera.pdf", "b/foto.jpg", "c/"),
    "segnatura.xml": b"<?xml version='1.0'?><a/>",
    "dati.csv": b"a;b",
    "nota.txt": b"ciao",
    "messaggio.eml": b"Subject: x\n\nx",
    "tavola.dwg": b"AC1032",
    "www.studio.example.pdf": b"%PDF-1.4",
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_people_send_each_other_may_be_opened(name: str) -> None:
    found = judged(name, HARMLESS[name])
    assert found.danger is None
    assert found.may_open
    assert danger_of_name(name) is None


def test_text_of_any_sort_is_handed_over_as_text() -> None:
    assert judged("fattura.XML", b"<a/>").open_name == "fattura.XML.txt"
    assert judged("dati.csv", b"=cmd|' /C calc'!A0").open_name == "dati.csv.txt"
    assert judged("nota.txt", b"x").open_name == "nota.txt"
    assert judged("atto.pdf", b"%PDF-1.4").open_name == "atto.pdf"


@pytest.mark.parametrize(
    ("name", "danger"),
    [
        ("x.exe", Danger.PROGRAM),
        ("x.SCR", Danger.PROGRAM),
        ("x.com", Danger.PROGRAM),
        ("x.jar", Danger.PROGRAM),
        ("x.bat", Danger.SCRIPT),
        ("x.cmd", Danger.SCRIPT),
        ("x.js", Danger.SCRIPT),
        ("x.vbs", Danger.SCRIPT),
        ("x.ps1", Danger.SCRIPT),
        ("x.hta", Danger.SCRIPT),
        ("x.sh", Danger.SCRIPT),
        ("x.py", Danger.SCRIPT),
        ("x.reg", Danger.SCRIPT),
        ("x.lnk", Danger.SHORTCUT),
        ("x.url", Danger.SHORTCUT),
        ("x.desktop", Danger.SHORTCUT),
        ("x.msi", Danger.INSTALLER),
        ("x.deb", Danger.INSTALLER),
        ("x.iso", Danger.DISK_IMAGE),
        ("x.html", Danger.WEB_PAGE),
        ("x.svg", Danger.WEB_PAGE),
        ("x.docm", Danger.MACROS),
        ("x.xlsm", Danger.MACROS),
        ("x.rar", Danger.ARCHIVE),
        ("x.tar.gz", Danger.ARCHIVE),
        ("fattura.pdf.exe", Danger.DISGUISED),
        ("fattura.pdf         .js", Danger.DISGUISED),
        ("foto.jpg.lnk", Danger.DISGUISED),
        ("segnatura.xml.html", Danger.DISGUISED),
        ("fattura.exe\u200b", Danger.PROGRAM),
        ("fattura.exe. ", Danger.PROGRAM),
        ("fattura\u202efdp.exe", Danger.PROGRAM),
        ("..\\..\\x.pdf.exe", Danger.DISGUISED),
        ("programma.exe.p7m", Danger.PROGRAM),
        ("programma.exe.p7m.p7m", Danger.PROGRAM),
        ("pagina.html.p7m", Danger.WEB_PAGE),
        ("senza estensione", Danger.UNKNOWN),
        ("x.xyz", Danger.UNKNOWN),
        ("", Danger.UNKNOWN),
    ],
)
def test_the_name_alone_says_what_is_only_saved(name: str, danger: Danger) -> None:
    assert danger_of_name(name) is danger
    assert judged(name, b"%PDF-1.4").danger is danger


@pytest.mark.parametrize("name", ["a.pdf", "a.txt", "a.xml", "a.zip", "a.pdf.p7m", "a.docx", "a.jpg"])
@pytest.mark.parametrize(
    ("content", "danger"),
    [
        (b"MZ\x90\x00", Danger.PROGRAM),
        (b"\x7fELF\x02", Danger.PROGRAM),
        (b"\xcf\xfa\xed\xfe", Danger.PROGRAM),
        (b"\xca\xfe\xba\xbe", Danger.PROGRAM),
        (b"#!/bin/sh\n", Danger.SCRIPT),
        (b"L\x00\x00\x00\x01\x14\x02\x00\x00", Danger.SHORTCUT),
        (b"[InternetShortcut]\r\nURL=file:", Danger.SHORTCUT),
        (b"[Desktop Entry]\nExec=x", Danger.SHORTCUT),
        (b"MSCF\x00", Danger.INSTALLER),
    ],
)
def test_a_program_is_one_whatever_it_is_called(name: str, content: bytes, danger: Danger) -> None:
    assert judged(name, content).danger is danger


@pytest.mark.parametrize("name", sorted(f"x.{kind}" for kind in _KINDS))
def test_a_name_that_its_content_does_not_bear_out_is_not_opened(name: str) -> None:
    for content in (b"", b"<html><script>", b"qualcosa d'altro"):
        assert judged(name, content).danger is Danger.MISMATCH


def test_macros_are_found_inside_documents_that_do_not_say_so() -> None:
    assert judged("a.docx", zipped("word/document.xml", "word/vbaProject.bin")).danger is Danger.MACROS
    assert judged("a.xlsx", zipped("xl/workbook.xml", "xl/macrosheets/sheet1.xml")).danger is Danger.MACROS
    assert judged("a.odt", zipped("content.xml", "Basic/Standard/Module1.xml")).danger is Danger.MACROS
    assert judged("a.odt", zipped("content.xml", "Scripts/python/x.py")).danger is Danger.MACROS
    assert judged("a.doc", OLE + "_VBA_PROJECT".encode("utf-16-le")).danger is Danger.MACROS
    assert judged("a.rtf", b"{\\rtf1{\\object\\objemb{\\*\\objdata 0105}}}").danger is Danger.MACROS


@pytest.mark.parametrize("inside", ["x.exe", "a/b/x.js", "x.pdf.lnk", "X.SCR", "x.exe.", "a\\x.bat", "x.docm", "x.iso"])
def test_an_archive_with_a_program_in_it_is_not_opened(inside: str) -> None:
    assert judged("a.zip", zipped("lettera.pdf", inside)).danger is Danger.ARCHIVE_WITH_PROGRAM


@pytest.mark.parametrize("inside", ["altro.zip", "altro.rar", "pagina.html"])
def test_an_archive_may_hold_what_the_system_does_not_start_from_it(inside: str) -> None:
    assert judged("a.zip", zipped(inside)).danger is None


def test_an_archive_that_cannot_be_looked_into_is_not_opened() -> None:
    whole = zipped("a.pdf", "b.pdf")
    end = whole.rfind(b"PK\x05\x06")
    more_than_said = whole[: end + 8] + struct.pack("<HH", 1, 1) + whole[end + 12 :]
    too_many = whole[: end + 8] + struct.pack("<HH", MAX_ENTRIES + 1, MAX_ENTRIES + 1) + whole[end + 12 :]
    for content in (
        whole[:-30],
        b"PK\x03\x04",
        whole + b"behind",
        b"PK\x03\x04before" + whole,
        more_than_said,
        too_many,
    ):
        assert names_in_zip(content) is None
        assert judged("a.zip", content).danger is Danger.ARCHIVE


def test_names_in_a_zip_are_read_in_their_own_alphabet() -> None:
    assert names_in_zip(zipped("perché/", "perché/€.pdf")) == ("perché/", "perché/€.pdf")
    assert names_in_zip(zipped()) == ()


def test_no_kind_is_both_text_and_something_else() -> None:
    assert not _KINDS.keys() & _TEXTS
