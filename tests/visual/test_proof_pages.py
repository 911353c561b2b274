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
WORST_COLOUR_DIFFERENCE = 2.0
"""The same for colour alone, of which text has none: a mark that is lost or has another colour."""
SQUARE = 32

pytestmark = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler-utils) is missing")


def pages(document: bytes, folder: Path) -> list[Image.Image]:
    command = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", "-", str(folder / "page")]
    subprocess.run(command, input=document, check=True, capture_output=True)
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("page*.png"))]


def colour(picture: Image.Image) -> Image.Image:
    red, green, blue = picture.split()
    brightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return ImageChops.subtract(brightest, ImageChops.darker(ImageChops.darker(red, green), blue))


def worst_square(difference: Image.Image) -> float:
    return max(difference.convert("F").reduce(SQUARE).get_flattened_data())


def differs(expected: Image.Image, actual: Image.Image) -> bool:
    if expected.size != actual.size:
        return True
    difference = ImageChops.difference(expected, actual).convert("L")
    return (
        ImageStat.Stat(difference).mean[0] > MEAN_DIFFERENCE
        or worst_square(difference) > WORST_DIFFERENCE
        or worst_square(ImageChops.difference(colour(expected), colour(actual))) > WORST_COLOUR_DIFFERENCE
    )


@pytest.mark.parametrize(("name", "make"), [("italian", italian), ("english", english)])
def test_the_pages_look_as_they_were_looked_at(name: str, make: Callable[[], Report], tmp_path: Path) -> None:
    actual = pages(render(make(), embedded(tmp_path), MADE_AT), tmp_path)
    if os.environ.get("PECDESK_ACCEPT_PICTURES"):
        for number, page in enumerate(actual, start=1):
            page.save(REFERENCES / f"proof-{name}-{number}.png", optimize=True)
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
