"""Hostile strings made printable: a string becomes a list of runs, the only form in which text reaches the typesetter.

A run is one of

    "text"        printed as it is
    ["u", "202E"] a character that cannot be seen or has no glyph, printed small and grey as [U+202E]
    ["b"]         a place inside a long word where a line may end; prints nothing and leaves nothing in the text
    ["n"]         the end of a line
    ["c", 1234]   so many characters were left out here, printed as [… +1234]

What counts as invisible: controls, format characters (bidi overrides, zero-width ones, soft hyphens, tags), variation
selectors, fillers that look like nothing, private use, surrogates, unassigned code points, combining marks with nothing
to stand on and more than four of them on one letter (they would be drawn over the lines above). Emoji and other picture
characters are always named by their code point: what they look like differs from font to font, and so what they say.
So are, in one-line fields, letters of another alphabet that pass for Latin ones (`pecdesk.explain.lookalikes`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pecdesk.explain.lookalikes import misleading
from pecdesk.explain.visible import BLANKS
from pecdesk.proof.coverage import Coverage

Run = str | tuple[str] | tuple[str, str | int]

FIELD_LIMIT = 4_000
"""Characters of one field that are printed."""
TITLE_LIMIT = 300
TEXT_LIMIT = 200_000
"""Characters of the message's own text that are printed; the whole of it is in the embedded original."""

_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_SELECTORS = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_PICTURES = range(0x1F000, 0x20000)
_STACKED_MARKS = 4
_BREAK_AFTER = frozenset(".@_-/\\?&=+:;,|")
_LONG_WORD = 12
_LONG_PIECE = 10.0  # em: the narrowest column holds this much
_STEP = 4
_TAB = 8
_HARD_LENGTH = 40
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


@dataclass(frozen=True, slots=True)
class Legible:
    """Makes runs for fonts of a given coverage. `strict` trusts them with Latin letters without marks only."""

    coverage: Coverage
    strict: bool = False

    def line(self, text: str, limit: int = FIELD_LIMIT, *, code: bool = False) -> list[Run]:
        """One field: everything is shown in place, ends of lines too. `code` is for fixed-width identifiers."""
        kept, cut = text[:limit], max(0, len(text) - limit)
        runs = _breakable(self._marked(kept, misleading(kept)), code=code)
        return [*runs, ("c", cut)] if cut else runs

    def lines(self, text: str, limit: int = TEXT_LIMIT, *, preformatted: bool = False) -> list[list[Run]]:
        """Running text, one list for each line; tabs become spaces. A preformatted line keeps its spaces."""
        kept, cut = text[:limit], max(0, len(text) - limit)
        rows = kept.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        out: list[list[Run]] = []
        for row in rows:
            spaced = row.expandtabs(_TAB)
            if preformatted:
                spaced = _kept_spaces(spaced)
            out.append(_breakable(self._marked(spaced), code=preformatted))
        if cut:
            out[-1].append(("c", cut))
        return out

    def plain(self, text: str, limit: int = TITLE_LIMIT) -> str:
        """The same without runs, for the document's own title, which no font shows."""
        shown = "".join(
            run if isinstance(run, str) else f"[U+{run[-1]}]"
            for run in self._marked(text[:limit], misleading(text[:limit]))
        )
        return f"{shown}…" if len(text) > limit else shown

    def _marked(self, text: str, misleading_at: frozenset[int] = frozenset()) -> Iterator[Run]:
        """Clusters that can be printed, and marks for what cannot, or passes for another letter."""
        end = 0
        for cluster in _clusters(text):
            start, end = end, end + len(cluster)
            if start in misleading_at:
                yield from map(_mark, cluster)
            elif is_invisible(cluster[0]) or _is_combining(cluster[0]):
                yield _mark(cluster[0])
            elif self._shows(cluster):
                yield cluster
            else:
                yield cluster[0] if self._shows(cluster[0]) else _mark(cluster[0])
                yield from (_mark(character) for character in cluster[1:])

    def _shows(self, cluster: str) -> bool:
        if self.strict:
            return len(cluster) == 1 and " " <= cluster <= "~"
        composed = unicodedata.normalize("NFC", cluster)
        return self.coverage.shows(cluster) or (len(cluster) > 1 and self.coverage.shows(composed))


def is_right_to_left(text: str) -> bool:
    """True when the first letter with a direction is written from right to left (Unicode annex 9, rule P2)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == "L":
            return False
        if direction in _RIGHT_TO_LEFT:
            return True
    return False


@lru_cache(maxsize=4096)
def is_invisible(character: str) -> bool:
    """True for what prints nothing, reorders, or looks and means something else in each font."""
    return (
        unicodedata.category(character) in _INVISIBLE_CATEGORIES
        or character in BLANKS
        or ord(character) in _PICTURES
        or any(ord(character) in selectors for selectors in _SELECTORS)
    )


def _mark(character: str) -> Run:
    return ("u", f"{ord(character):04X}")


def _is_combining(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _clusters(text: str) -> Iterator[str]:
    """Letters with the combining marks on them; what is invisible or has nothing to stand on comes alone."""
    cluster = ""
    for character in text:
        if _is_combining(character) and not is_invisible(character) and _can_carry(cluster):
            cluster += character
            continue
        if cluster:
            yield cluster
        cluster = character
    if cluster:
        yield cluster


def _can_carry(cluster: str) -> bool:
    return (
        bool(cluster)
        and len(cluster) <= _STACKED_MARKS
        and not cluster[0].isspace()
        and not is_invisible(cluster[0])
        and not _is_combining(cluster[0])
    )


def _kept_spaces(row: str) -> str:
    """Indentation and rows of spaces as no-break spaces, which the typesetter does not fold into one."""
    return re.sub(r"^ +| {2,}", lambda found: "\u00a0" * len(found[0]), row)


def _breakable(items: Iterator[Run], *, code: bool) -> list[Run]:
    """Joins clusters into strings and lets long words end a line inside."""
    clusters = list(items)
    mixed = any(isinstance(item, str) and unicodedata.bidirectional(item[0]) in _RIGHT_TO_LEFT for item in clusters)
    runs: list[Run] = []
    word: list[str] = []

    def add(run: Run) -> None:
        if isinstance(run, str) and runs and isinstance(runs[-1], str):
            runs[-1] += run
        elif run:
            runs.append(run)

    for item in [*clusters, " "]:
        if isinstance(item, str) and item != " ":
            word.append(item)
            continue
        for run in _pieces(word, code=code, mixed=mixed):
            add(run)
        word = []
        add(item)
    if isinstance(runs[-1], str):
        runs[-1] = runs[-1][:-1]
    return [run for run in runs if run]


def _pieces(word: list[str], *, code: bool, mixed: bool) -> Iterator[Run]:
    """One word with its places to break: after punctuation, and every few letters where it would still be too wide.

    A break is a neutral thing to the bidirectional algorithm and could turn digits round beside right-to-left letters:
    in such text (`mixed`) it stands only between two left-to-right letters, and what stays too long ends its line.
    """
    if len(word) <= _LONG_WORD:
        yield "".join(word)
        return
    since, last = 0, ""
    for piece in _split(word, code=code):
        if last:
            left, right = unicodedata.bidirectional(last), unicodedata.bidirectional(piece[0][0])
            if not mixed or left == right == "L":
                yield ("b",)
                since = 0
            elif since >= _HARD_LENGTH:
                yield ("n",)
                since = 0
        yield "".join(piece)
        since += len(piece)
        last = piece[-1][0]


def _split(word: list[str], *, code: bool) -> Iterator[list[str]]:
    piece: list[str] = []
    for cluster in word:
        piece.append(cluster)
        if cluster in _BREAK_AFTER:
            yield from _narrow(piece, code=code)
            piece = []
    yield from _narrow(piece, code=code)


def _narrow(piece: list[str], *, code: bool) -> Iterator[list[str]]:
    if not piece:
        return
    too_wide = len(piece) > _LONG_WORD if code else sum(map(_width, piece)) > _LONG_PIECE
    step = _STEP if too_wide else len(piece)
    for start in range(0, len(piece), step):
        yield piece[start : start + step]


def _width(cluster: str) -> float:
    """A rough width in em of a cluster in the text font, rather too much than too little."""
    letter = cluster[0]
    if letter in "ijlftr.,:;'()|":
        return 0.35
    if letter in "MWmw@%" or ord(letter) > 0x2000:
        return 0.95
    return 0.72 if letter.isupper() else 0.53
