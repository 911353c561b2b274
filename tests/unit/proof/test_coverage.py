from __future__ import annotations

import pytest

from pecdesk.proof.coverage import FAMILIES, Coverage, characters, shipped_coverage
from pecdesk.resources import resources

FONTS = resources() / "fonts"


@pytest.mark.parametrize(
    "text",
    [
        "Perché l’è così: «Ñandú», ß, Œuvre, Łódź – €",
        "Πειραιώς",
        "улица Мира",
        "שלום",
        "العربية",
        "گچپژ",
        "Հայաստան",
        "საქართველო",
        "→ ✓ ☐ № ½",
    ],
)
def test_the_scripts_promised_have_glyphs(text: str) -> None:
    coverage = shipped_coverage(FONTS)

    assert [character for character in text if not coverage.shows(character)] == []


@pytest.mark.parametrize("text", ["漢", "ไ", "\U0001d11e\U0001d120", "\U00012031", "\uffff"])
def test_what_no_font_has_is_known_to_be_missing(text: str) -> None:
    assert not shipped_coverage(FONTS).shows(text)


def test_a_cluster_needs_one_family_that_has_all_of_it() -> None:
    arabic = characters((FONTS / "NotoNaskhArabic-Regular.ttf").read_bytes())
    latin = characters((FONTS / "LibertinusSerif-Regular.otf").read_bytes())
    assert 0x06FF in arabic - latin
    assert 0x1E9E in latin - arabic

    assert not Coverage((arabic, latin)).shows("\u06ff\u1e9e")
    assert shipped_coverage(FONTS).shows("e\u0301")


def test_every_font_shipped_is_used_and_carries_its_licence() -> None:
    shipped = {path.name for path in FONTS.iterdir() if path.suffix in {".otf", ".ttf"}}
    licences = (FONTS / "OFL.txt").read_text(encoding="utf-8") + (FONTS / "DejaVu-LICENSE.txt").read_text(
        encoding="utf-8"
    )

    assert shipped == {name for names in FAMILIES.values() for name in names}
    assert all(name in licences for name in shipped)
    assert sum((FONTS / name).stat().st_size for name in shipped) < 3_000_000


def test_the_template_names_exactly_these_families() -> None:
    template = (resources() / "report" / "runs.typ").read_text(encoding="utf-8")

    assert all(template.count(f'"{family}"') == 2 for family in FAMILIES)


@pytest.mark.parametrize("name", [name for names in FAMILIES.values() for name in names])
def test_characters_agree_with_fonttools(name: str) -> None:
    library = pytest.importorskip("fontTools.ttLib", reason="fontTools is not installed")

    assert characters((FONTS / name).read_bytes()) == set(library.TTFont(FONTS / name)["cmap"].getBestCmap())
