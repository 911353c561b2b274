"""The proof's pages as pictures, against pictures somebody looked at.

A difference is kept in `tests/visual/failed/`: what was expected, what came out, and where they differ. To accept new
pages, look at them, then run with PECDESK_ACCEPT_PICTURES=1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from pecdesk.proof.page import Report
from pecdesk.proof.pdf import render
from tests.unit.proof.made_up import MADE_AT, embedded, english, italian

HERE = Path(__file__).parent
REFERENCES = HERE / "references"
FAILED = HERE / "failed"
DOTS_PER_INCH = 60
MEAN_DIFFERENCE = 1.0
"""Of 255, over the whole page: rasterisers differ at the edges of letters; a moved line or a lost mark gives more."""
WORST_DIFFERENCE = 24.0
"""Of 255, in the worst square of 32 pixels."""
SQUARE = 32

pytestmark = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler-utils) is missing")


def pages(document: bytes, folder: Path) -> list[Image.Image]:
    command = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", "-", str(folder / "page")]
    subprocess.run(command, input=document, check=True, capture_output=True)
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("page*.png"))]


def differs(expected: Image.Image, actual: Image.Image) -> bool:
    if expected.size != actual.size:
        return True
    difference = ImageChops.difference(expected, actual).convert("L")
    squares = difference.reduce(SQUARE)
    return ImageStat.Stat(difference).mean[0] > MEAN_DIFFERENCE or squares.getextrema()[1] > WORST_DIFFERENCE


@pytest.mark.parametrize(("name", "make"), [("italian", italian), ("english", english)])
def test_the_pages_look_as_they_were_looked_at(name: str, make: Callable[[], Report], tmp_path: Path) -> None:
    actual = pages(render(make(), embedded(tmp_path), MADE_AT), tmp_path)
    if os.environ.get("PECDESK_ACCEPT_PICTURES"):
        for number, page in enumerate(actual, start=1):
            page.quantize(48).save(REFERENCES / f"proof-{name}-{number}.png", optimize=True)
    references = sorted(REFERENCES.glob(f"proof-{name}-*.png"))

    assert len(actual) == len(references)
    wrong = []
    for path, page in zip(references, actual, strict=True):
        expected = Image.open(path).convert("RGB")
        if differs(expected, page):
            wrong.append(path.stem)
            FAILED.mkdir(exist_ok=True)
            expected.save(FAILED / f"{path.stem}-expected.png")
            page.save(FAILED / f"{path.stem}-actual.png")
            ImageChops.difference(expected, page).save(FAILED / f"{path.stem}-difference.png")
    assert wrong == []


def test_the_comparison_sees_a_lost_mark_and_a_moved_line() -> None:
    page = Image.open(REFERENCES / "proof-italian-1.png").convert("RGB")
    lost = page.copy()
    lost.paste((255, 255, 255), (200, 200, 232, 225))

    assert not differs(page, page)
    assert differs(page, ImageChops.offset(page, 0, 3))
    assert differs(page, page.resize((page.width - 1, page.height)))
    assert lost.tobytes() != page.tobytes()
