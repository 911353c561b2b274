from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import count
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from pecdesk.errors import CancelledError, InputError, PecdeskError
from pecdesk.proof.coverage import Coverage
from pecdesk.proof.page import Fact, Mark, RecipientRow, Setting
from pecdesk.proof.pdf import Embedded, render, render_to

from .made_up import MADE_AT, ORIGINALS, embedded, english, italian, original, sha256

needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is missing")

PAYLOADS = (
    '#read("x")',
    "$x^2$ \\u{41}",
    "*b* _i_ `r`",
    "@ref <lab> https://e.it",
    "// /* #{1+1} */ \\",
    "= - + / ~ -- ... \"q\" 'a'",
    "a\u202eb\x00c\u200bd\ue000e\U0001f600f",
    "e\u0301 \u0301 \udc80 漢 \ufeff",
    ']#import "@preview/a:1"',
)


def map_strings(value: Any, change: Callable[[str], str]) -> Any:
    """The same report with every string changed, except what is not text: marks, tones, the language."""
    if isinstance(value, Enum) or value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(map_strings(item, change) for item in value)
    if isinstance(value, dict):
        return {key: map_strings(item, change) for key, item in value.items()}
    assert is_dataclass(value)
    return type(value)(
        **{
            field.name: getattr(value, field.name)
            if field.name == "language"
            else map_strings(getattr(value, field.name), change)
            for field in fields(value)
        }
    )


def page_text(document: bytes) -> str:
    """The words on the pages in the order they were set, without white space."""
    run = subprocess.run(["pdftotext", "-raw", "-", "-"], input=document, capture_output=True, check=True)
    return squeezed(run.stdout.decode())


def squeezed(text: str) -> str:
    return unicodedata.normalize("NFC", re.sub(r"\s+", "", text))


def shown(text: str) -> str:
    """What the page must say for a payload."""
    named = re.sub(
        "[\u202e\x00\u200b\ue000\U0001f600\udc80漢\ufeff]|(?<= )\u0301", lambda found: f"[U+{ord(found[0]):04X}]", text
    )
    return squeezed(named)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return render(italian(), embedded(tmp_path_factory.mktemp("originals")), MADE_AT)


@pytest.fixture
def opened(document: bytes, tmp_path: Path) -> Iterator[pikepdf.Pdf]:
    path = tmp_path / "prova.pdf"
    path.write_bytes(document)
    with pikepdf.open(path) as pdf:
        yield pdf


def test_it_claims_pdf_a_3a_and_pdf_ua_1(opened: pikepdf.Pdf) -> None:
    with opened.open_metadata() as claims:
        assert (claims["pdfaid:part"], claims["pdfaid:conformance"], claims["pdfuaid:part"]) == ("3", "A", "1")
        assert claims["dc:title"] == italian().title
    assert opened.check_pdf_syntax() == []


def test_it_has_what_those_standards_ask_for(opened: pikepdf.Pdf) -> None:
    root = opened.Root

    assert root.OutputIntents[0].S == "/GTS_PDFA1"
    assert "/DestOutputProfile" in root.OutputIntents[0]
    assert root.MarkInfo.Marked
    assert str(root.Lang) == "it"
    assert root.ViewerPreferences.DisplayDocTitle
    assert "/Encrypt" not in opened.trailer
    assert all("/StructParents" in page and page.get("/Tabs") == "/S" for page in opened.pages)


def structure(element: Any) -> Iterator[Any]:
    if isinstance(element, pikepdf.Array):
        for item in element:
            yield from structure(item)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        yield element
        yield from structure(element.get("/K", pikepdf.Array()))


def test_its_tags_are_those_of_a_document(opened: pikepdf.Pdf) -> None:
    tags = [str(element.S) for element in structure(opened.Root.StructTreeRoot.K)]
    report = italian()

    assert tags.count("/Title") == 1
    assert tags.count("/H1") == 7
    assert tags.count("/H2") == len(report.receipts.sheets) + 1
    assert tags.count("/Table") == 4
    assert tags.count("/TH") == 4 + 3 + 4 + 3
    assert tags.count("/LI") == len(report.weak_points.points)


def test_every_drawing_has_its_words(opened: pikepdf.Pdf) -> None:
    figures = [element for element in structure(opened.Root.StructTreeRoot.K) if element.S == "/Figure"]

    words = {str(figure.get("/Alt")) for figure in figures}
    assert words <= set(italian().alternatives.values())
    assert italian().alternatives[Mark.PARTLY_DELIVERED] in words
    assert italian().alternatives[Mark.FORGED] in words


def test_all_fonts_are_embedded(opened: pikepdf.Pdf) -> None:
    fonts = [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"]
    descriptors = [font.FontDescriptor for font in fonts if "/FontDescriptor" in font]

    assert len(descriptors) >= 4
    assert all("/FontFile2" in each or "/FontFile3" in each for each in descriptors)
    assert all("/ToUnicode" in font for font in fonts if font.Subtype == "/Type0")
    assert {font.Subtype for font in fonts} <= {"/Type0", "/CIDFontType0", "/CIDFontType2"}


def test_it_does_nothing_by_itself(opened: pikepdf.Pdf) -> None:
    forbidden = {
        "/JS",
        "/JavaScript",
        "/AA",
        "/OpenAction",
        "/Launch",
        "/URI",
        "/SubmitForm",
        "/RichMedia",
        "/AcroForm",
    }
    for item in opened.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            assert not forbidden & set(item.keys())
            assert str(item.get("/S", "")) not in forbidden


def test_the_originals_are_inside_byte_for_byte(opened: pikepdf.Pdf) -> None:
    assert list(opened.attachments) == sorted(ORIGINALS)
    for name, attachment in opened.attachments.items():
        assert attachment.get_file().read_bytes() == original(name)
        assert attachment.get_file().mime_type == "message/rfc822"
        assert attachment.description == f"Messaggio originale: {name}"

    associated = list(opened.Root.AF)
    assert len(associated) == len(ORIGINALS)
    assert all(each.AFRelationship == "/Source" for each in associated)


def test_the_same_input_gives_the_same_bytes_in_another_process_and_place(document: bytes, tmp_path: Path) -> None:
    assert render(italian(), embedded(tmp_path), MADE_AT) == document


def test_the_time_of_making_is_in_the_document(tmp_path: Path, document: bytes) -> None:
    later = render(italian(), embedded(tmp_path), MADE_AT + timedelta(seconds=1))

    assert later != document
    assert b"2026-11-22T20:40:01" in later or b"2026-11-22T21:40:01" in later


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        render(italian(), (), datetime(2026, 11, 22))  # noqa: DTZ001


@needs_pdftotext
@pytest.mark.parametrize("shift", range(len(PAYLOADS)))
def test_every_field_is_printed_as_it_is_and_never_read_as_source(shift: int) -> None:
    numbers = count(shift)
    payloads: list[str] = []

    def payload(_: str) -> str:
        number = next(numbers)
        payloads.append(f"{PAYLOADS[number % len(PAYLOADS)]} M{number}Z")
        return payloads[-1]

    report = english() if shift % 2 else replace(italian(), banner="DEMO")
    hostile = replace(map_strings(replace(report, alternatives={}), payload), alternatives=report.alternatives)
    unsaid = {hostile.message.none}
    unsaid |= {hostile.weak_points.none} if hostile.weak_points.points else set()
    unsaid |= {hostile.attachments.none} if hostile.attachments.rows else {*hostile.attachments.columns}
    text = page_text(render(hostile, (), MADE_AT))

    assert [each for each in payloads if shown(each) not in text and each not in unsaid] == []
    assert len(payloads) > 100


@needs_pdftotext
def test_what_is_said_of_an_empty_part_is_printed_as_it_is_too() -> None:
    report = replace(
        italian(),
        weak_points=replace(italian().weak_points, points=(), none="#none(1)"),
        message=replace(italian().message, text="", none="#none(2)"),
        attachments=replace(italian().attachments, rows=(), none="#none(3)"),
    )

    text = page_text(render(report, (), MADE_AT))

    assert all(words in text for words in ("#none(1)", "#none(2)", "#none(3)"))


def test_hostile_words_for_a_drawing_and_a_title_stay_words(tmp_path: Path) -> None:
    hostile = '#read("x") \u202e) /Alt (x'
    report = replace(italian(), title=hostile, alternatives=dict.fromkeys(Mark, hostile))

    (tmp_path / "x.pdf").write_bytes(render(report, (), MADE_AT))

    with pikepdf.open(tmp_path / "x.pdf") as pdf, pdf.open_metadata() as claims:
        assert claims["dc:title"] == '#read("x") [U+202E]) /Alt (x'
        figures = [element for element in structure(pdf.Root.StructTreeRoot.K) if element.S == "/Figure"]
        assert {str(figure.Alt) for figure in figures} == {'#read("x") [U+202E]) /Alt (x'}


@needs_pdftotext
@pytest.mark.parametrize("recipients", [50, 200])
def test_many_recipients_run_over_pages_with_their_headings(recipients: int) -> None:
    rows = tuple(
        RecipientRow(f"ufficio.{number:03}@pec.comune.example", Mark.DELIVERED, "Consegnato", "22/11/2026", "Gestore")
        for number in range(recipients)
    )
    report = replace(italian(), recipients=replace(italian().recipients, rows=rows))

    text = page_text(render(report, (), MADE_AT))

    assert all(f"ufficio.{number:03}@pec.comune.example" in text for number in range(recipients))
    assert text.count("DestinatarioStatoIstantecertificatoGestore") >= recipients // 50


@needs_pdftotext
def test_long_words_break_inside_the_page() -> None:
    report = replace(
        italian(),
        title="A" * 290,
        facts=(Fact("Oggetto", "W" * 1500), Fact("Identificativo", "x" * 900, Setting.CODE)),
    )
    document = render(report, (), MADE_AT)

    text = page_text(document)
    assert "A" * 290 in text
    assert "W" * 1500 in text
    assert "x" * 900 in text
    boxes = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=document, capture_output=True, check=True)
    assert max(float(edge) for edge in re.findall(rb'xMax="([\d.]+)"', boxes.stdout)) < 595 - 50


@needs_pdftotext
def test_right_to_left_and_combining_text_keeps_its_letters() -> None:
    message = replace(italian().message, text="שלום\n\nперспектива Καλημέρα caffe\u0301 n\u0303 ạ\u0302")

    text = page_text(render(replace(italian(), title="العقد", message=message), (), MADE_AT))

    assert all(squeezed(word) in text for word in ("שלום", "перспектива", "Καλημέρα", "caffe\u0301", "n\u0303"))
    assert "[U+" not in text


@needs_pdftotext
def test_a_glyph_that_is_missing_after_all_is_named_instead_of_failing(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Coverage((frozenset(range(0x20, 0x10000)),))
    monkeypatch.setattr("pecdesk.proof.pdf.shipped_coverage", lambda folder: wrong)

    text = page_text(render(replace(italian(), title="漢 diffida"), (), MADE_AT))

    assert text.count("[U+6F22]diffida") >= 1


def test_an_original_that_is_not_what_it_should_be_is_refused(tmp_path: Path) -> None:
    (first, *_) = embedded(tmp_path)
    target = tmp_path / "out" / "prova.pdf"
    target.parent.mkdir()

    with pytest.raises(InputError, match=r"00_messaggio-inviato\.eml"):
        render_to(target, italian(), (replace(first, sha256="0" * 64),), MADE_AT)

    assert list(target.parent.iterdir()) == []


def test_a_name_that_could_mean_a_path_is_refused(tmp_path: Path) -> None:
    for name in ("../x", "a/b", "a\\b", "", "#x", "a\x00", "x."):
        with pytest.raises(ValueError, match="safe"):
            render(italian(), (Embedded(name, tmp_path, "", ""),), MADE_AT)


def test_a_child_that_fails_is_told_in_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(PecdeskError, match="could not be set") as failure:
        render_to(tmp_path / "prova.pdf", replace(italian(), alternatives={}), (), MADE_AT)

    assert "Traceback" not in str(failure.value)
    assert list(tmp_path.iterdir()) == []


def test_it_can_be_cancelled_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(CancelledError):
        render_to(tmp_path / "prova.pdf", italian(), (), MADE_AT, cancelled=lambda: True)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PecdeskError, match="could not be written"):
        render_to(tmp_path / "no" / "prova.pdf", italian(), (), MADE_AT)


def test_a_large_original_costs_this_process_no_memory(tmp_path: Path) -> None:
    content = os.urandom(1 << 20) * 20
    (tmp_path / "big").write_bytes(content)
    program = f"""
import resource, sys
from pathlib import Path
from tests.unit.proof.made_up import MADE_AT, italian
from pecdesk.proof.pdf import Embedded, render_to
folder = Path({str(tmp_path)!r})
render_to(folder / "small.pdf", italian(), (), MADE_AT)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
render_to(folder / "big.pdf", italian(), (Embedded("x.eml", folder / "big", {sha256(content)!r}, ""),), MADE_AT)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    grown = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=Path.cwd())

    with pikepdf.open(tmp_path / "big.pdf") as pdf:
        assert hashlib.sha256(pdf.attachments["x.eml"].get_file().read_bytes()).hexdigest() == sha256(content)
    assert int(grown.stdout) < 5_000  # kilobytes


def test_typesetter_is_loaded_by_the_child_only() -> None:
    program = "import sys, pecdesk.proof.pdf, pecdesk.proof.bundle; sys.exit('typst' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_made_at_in_another_zone_is_the_same_moment(tmp_path: Path, document: bytes) -> None:
    assert render(italian(), embedded(tmp_path), MADE_AT.astimezone(UTC)) == document
