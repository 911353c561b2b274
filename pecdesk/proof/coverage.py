"""Which characters the shipped fonts can show.

The typesetter refuses a whole PDF/A document for one missing glyph, so every string is looked through before. A cluster
(a letter with its combining marks) is shaped with one font only, hence the question is asked per family.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FAMILIES = {
    "Libertinus Serif": ("LibertinusSerif-Regular.otf", "LibertinusSerif-Semibold.otf", "LibertinusSerif-Italic.otf"),
    "Noto Naskh Arabic": ("NotoNaskhArabic-Regular.ttf",),
    "DejaVu Sans": ("DejaVuSans.ttf",),
    "DejaVu Sans Mono": ("DejaVuSansMono.ttf",),
}
"""Every family the template names, with its files in `resources/fonts`; only what all files of a family have counts."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The code points of each family."""

    families: tuple[frozenset[int], ...]

    def shows(self, cluster: str) -> bool:
        """True when one family has every character of `cluster`."""
        needed = {ord(character) for character in cluster}
        return any(needed <= family for family in self.families)


@cache
def shipped_coverage(folder: Path) -> Coverage:
    """The coverage of the fonts in `folder`; raises `OSError` when one is missing."""
    return Coverage(
        tuple(
            frozenset.intersection(*(characters((folder / name).read_bytes()) for name in names))
            for names in FAMILIES.values()
        )
    )


def characters(font: bytes) -> frozenset[int]:
    """The code points an OpenType font maps to a glyph (table `cmap`, Unicode subtables of format 4 and 12)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    for index in range(tables):
        tag, _, start, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        if tag == b"cmap":
            break
    else:
        return frozenset()
    found: set[int] = set()
    (subtables,) = struct.unpack_from(">H", font, start + 2)
    for index in range(subtables):
        platform, encoding, offset = struct.unpack_from(">HHL", font, start + 4 + 8 * index)
        if platform == 0 or (platform, encoding) in ((3, 1), (3, 10)):
            (form,) = struct.unpack_from(">H", font, start + offset)
            if form == 4:
                found |= _segments(font, start + offset)
            elif form == 12:
                found |= _groups(font, start + offset)
    return frozenset(found)


def _segments(font: bytes, at: int) -> set[int]:
    """Format 4: segments of the basic plane; a glyph number of zero means missing."""
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    layout = f">{count}H"
    ends = struct.unpack_from(layout, font, at + 14)
    starts = struct.unpack_from(layout, font, at + 16 + 2 * count)
    deltas = struct.unpack_from(layout, font, at + 16 + 4 * count)
    ranges_at = at + 16 + 6 * count
    ranges = struct.unpack_from(layout, font, ranges_at)
    found: set[int] = set()
    for index, (first, last, delta, jump) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for point in range(first, min(last, 0xFFFE) + 1):
            glyph = point
            if jump:
                (glyph,) = struct.unpack_from(">H", font, ranges_at + 2 * index + jump + 2 * (point - first))
                if not glyph:
                    continue
            if (glyph + delta) & 0xFFFF:
                found.add(point)
    return found


def _groups(font: bytes, at: int) -> set[int]:
    """Format 12: groups over all planes."""
    (count,) = struct.unpack_from(">L", font, at + 12)
    found: set[int] = set()
    for index in range(count):
        first, last, glyph = struct.unpack_from(">LLL", font, at + 16 + 12 * index)
        found.update(range(first + (glyph == 0), last + 1))
    return found
