"""The proof's pages as pictures, against pictures somebody looked at."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from pecdesk.proof.page import Report
from pecdesk.proof.pdf import render
from tests.unit.proof.made_up import MADE_AT, embedded, english, italian
from tests.visual.comparison import REFERENCES, accepting, colour, differs, keep_difference

DOTS_PER_INCH = 60

pytestmark = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler-utils) is missing")


def pages(document: bytes, folder: Path) -> list[Image.Image]:
    command = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", "-", str(folder / "page")]
    subprocess.run(command, input=document, check=True, capture_output=True)
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("page*.png"))]


@pytest.mark.parametrize(("name", "make"), [("italian", italian), ("english", english)])
def test_the_pages_look_as_they_were_looked_at(name: str, make: Callable[[], Report], tmp_path: Path) -> None:
    actual = pages(render(make(), embedded(tmp_path), MADE_AT), tmp_path)
    if accepting():
        for number, page in enumerate(actual, start=1):
            page.save(REFERENCES / f"proof-{name}-{number}.png", optimize=True)
    references = sorted(REFERENCES.glob(f"proof-{name}-*.png"))

    assert len(actual) == len(references)
    wrong = []
    for path, page in zip(references, actual, strict=True):
        expected = Image.open(path).convert("RGB")
        if differs(expected, page):
            wrong.append(path.stem)
            keep_difference(path.stem, expected, page)
    assert wrong == []


def test_the_comparison_sees_a_lost_mark_a_lost_colour_and_a_moved_line() -> None:
    page = Image.open(REFERENCES / "proof-italian-1.png").convert("RGB")
    below = page.height // 2
    left, top, *_ = colour(page).point(lambda value: 255 * (value > 60)).crop((0, below, *page.size)).getbbox() or ()
    lost = page.copy()
    lost.paste((255, 255, 255), (left, below + top, left + 10, below + top + 10))

    assert not differs(page, page)
    assert differs(page, lost)
    assert differs(page, page.convert("L").convert("RGB"))
    assert differs(page, ImageChops.offset(page, 0, 3))
    assert differs(page, page.resize((page.width - 1, page.height)))
