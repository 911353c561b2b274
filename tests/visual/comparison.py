"""Pictures against pictures somebody looked at, by tolerance.

A difference is kept in `tests/visual/failed/`: what was expected, what came out, and where they differ. To accept new
pictures, look at them, then run with PECDESK_ACCEPT_PICTURES=1.
"""

from __future__ import annotations

import os
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

HERE = Path(__file__).parent
REFERENCES = HERE / "references"
FAILED = HERE / "failed"
MEAN_DIFFERENCE = 1.0
"""Of 255, over the whole picture: rasterisers differ at the edges of letters; a lost mark gives more."""
WORST_DIFFERENCE = 24.0
"""Of 255, in the worst square of 32 pixels."""
WORST_COLOUR_DIFFERENCE = 2.0
"""The same for colour alone, of which text has none: a mark that is lost or has another colour."""
SQUARE = 32


def accepting() -> bool:
    """Whether what comes out now is what somebody looked at and accepts."""
    return bool(os.environ.get("PECDESK_ACCEPT_PICTURES"))


def colour(picture: Image.Image) -> Image.Image:
    """How colourful every pixel is."""
    red, green, blue = picture.split()
    brightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return ImageChops.subtract(brightest, ImageChops.darker(ImageChops.darker(red, green), blue))


def worst_square(difference: Image.Image) -> float:
    """The mean of the square that differs most."""
    return max(difference.convert("F").reduce(SQUARE).get_flattened_data())


def differs(expected: Image.Image, actual: Image.Image, colour_tolerance: float = WORST_COLOUR_DIFFERENCE) -> bool:
    """Whether somebody would see the difference."""
    if expected.size != actual.size:
        return True
    difference = ImageChops.difference(expected, actual).convert("L")
    return (
        ImageStat.Stat(difference).mean[0] > MEAN_DIFFERENCE
        or worst_square(difference) > WORST_DIFFERENCE
        or worst_square(ImageChops.difference(colour(expected), colour(actual))) > colour_tolerance
    )


def keep_difference(name: str, expected: Image.Image, actual: Image.Image) -> None:
    """Keep what differed, for whoever looks."""
    FAILED.mkdir(exist_ok=True)
    expected.save(FAILED / f"{name}-expected.png")
    actual.save(FAILED / f"{name}-actual.png")
    if expected.size == actual.size:
        ImageChops.difference(expected, actual).save(FAILED / f"{name}-difference.png")
