from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.proof.naming import bundle_name, is_safe, original_names, slug

DAY = date(2026, 11, 22)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Diffida ad adempiere – contratto n. 88/2025", "2026-11-22_diffida-ad-adempiere-contratto-n-88-2025_2d711642"),
        ("Perché è così?", "2026-11-22_perche-e-cosi_2d711642"),
        ("../../etc/passwd", "2026-11-22_etc-passwd_2d711642"),
        ("CON", "2026-11-22_con_2d711642"),
        ("العقد", "2026-11-22_senza-oggetto_2d711642"),
        ("", "2026-11-22_senza-oggetto_2d711642"),
    ],
)
def test_a_bundle_is_named_by_day_subject_and_identity(subject: str, name: str) -> None:
    assert bundle_name(DAY, subject, "x") == name


def test_originals_are_numbered_in_order_and_named_by_kind_and_address() -> None:
    pieces = [("messaggio-inviato", ""), ("accettazione", ""), ("consegna", "m.rossi@pec.example"), ("consegna", "..")]

    assert original_names(pieces) == (
        "00_messaggio-inviato.eml",
        "01_accettazione.eml",
        "02_consegna_m.rossi@pec.example.eml",
        "03_consegna.eml",
    )


def test_more_than_a_hundred_originals_keep_their_order() -> None:
    names = original_names([("consegna", "a@b.example")] * 120)

    assert list(names) == sorted(names)
    assert names[7] == "007_consegna_a@b.example.eml"


@given(st.text(max_size=300), st.text(max_size=100))
@settings(deadline=None)
def test_any_subject_gives_a_name_that_every_file_system_takes(subject: str, identity: str) -> None:
    name = bundle_name(DAY, subject, identity)

    assert len(name) <= 92
    assert re.fullmatch(r"2026-11-22_[a-z0-9]+(-[a-z0-9]+)*_[0-9a-f]{8}", name)
    assert name == bundle_name(DAY, subject, identity)


@given(
    st.lists(st.tuples(st.text(max_size=60), st.text(st.characters(exclude_categories=()), max_size=200)), max_size=5)
)
@settings(deadline=None)
def test_any_address_gives_safe_names_that_differ(pieces: list[tuple[str, str]]) -> None:
    names = original_names(pieces)

    assert all(is_safe(name) and len(name) <= 80 for name in names)
    assert len({name.casefold() for name in names}) == len(pieces)


@given(st.text())
@settings(deadline=None)
def test_a_slug_is_made_of_words_and_hyphens(text: str) -> None:
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug(text))
