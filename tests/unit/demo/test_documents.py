"""The demo's files are what their names say."""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest

from pecdesk.demo.documents import (
    big_file,
    invoice,
    invoice_notice,
    pdf,
    pdf_file,
    protocol_mark,
    signed_look_alike,
    signed_pdf_file,
)


def test_a_pdf_can_be_opened_and_shows_its_lines() -> None:
    pikepdf = pytest.importorskip("pikepdf")
    made = pdf("Atto (prova) \\ perché", ["riga 1", "€ 1.250"])
    with pikepdf.open(BytesIO(made)) as document:
        assert len(document.pages) == 1
        drawn = document.pages[0].Contents.read_bytes()
    assert rb"DEMO - Atto \(prova\) \\ perch" in drawn
    assert "€ 1.250".encode("windows-1252") in drawn


def test_the_cross_references_of_a_pdf_point_at_its_objects() -> None:
    made = pdf("Titolo", ["testo"])
    places = [int(found) for found in re.findall(rb"(\d{10}) 00000 n", made)]
    assert [made[place : place + 7] for place in places] == [b"%d 0 obj" % number for number in range(1, 7)]


def test_a_signed_look_alike_is_cms_with_the_document_and_without_a_signature() -> None:
    cms = pytest.importorskip("asn1crypto.cms")
    content = b"DEMO" * 100
    found = cms.ContentInfo.load(signed_look_alike(content), strict=True)
    assert found["content_type"].native == "signed_data"
    assert found["content"]["encap_content_info"]["content"].native == content
    assert len(found["content"]["signer_infos"]) == 0


def test_file_names_carry_p7m_only_where_something_is_wrapped() -> None:
    assert signed_pdf_file("a.pdf", "t", []).name == "a.pdf.p7m"
    assert pdf_file("a.pdf", "t", []).content.startswith(b"%PDF-")


def test_an_invoice_answer_names_the_file_its_hash_and_the_pec_id() -> None:
    file = invoice("IT99999000001_00001.xml.p7m", "1/2026", "Studio & figli", "Cliente", "Parere", "1220.00")
    notice = ET.fromstring(invoice_notice("RicevutaConsegna", "n.xml", file, 7, "id@x.example", "nota").content)
    assert notice.findtext("NomeFile") == file.name
    assert notice.findtext("PecMessageId") == "id@x.example"
    assert len(notice.findtext("Hash") or "") == 64


def test_a_protocol_mark_is_xml() -> None:
    root = ET.fromstring(protocol_mark("Comune & C.", 12, "Oggetto <prova>").content)
    assert root.findtext(".//Oggetto") == "Oggetto <prova>"


def test_a_big_file_has_its_size_and_depends_on_its_seed() -> None:
    assert len(big_file("a.zip", 100_001, 1).content) == 100_001
    assert big_file("a.zip", 50, 1) == big_file("a.zip", 50, 1)
    assert big_file("a.zip", 50, 1) != big_file("a.zip", 50, 2)
