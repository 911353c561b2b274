"""Text from mail as it may be shown: what is invisible, moves other letters about or passes for another letter stands
there as a mark."""

from __future__ import annotations

import re
import unicodedata

from pecdesk.explain.lookalikes import misleading

STACKED_MARKS = 4
"""Combining marks on one letter; more of them paint over the lines above and below."""

BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc")
"""Letters and signs of which nothing is seen."""

_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_SOFT_HYPHEN = "\u00ad"
_SEEMING_SEALS = frozenset("\u2705\u2714\u2611\u274e\U0001f7e2\U0001f7e9\U0001f49a\U0001f5f8\U0001f5f9")
"""Ticks, and what colour fonts paint green: in a subject or a name they would stand beside our own seals."""
_PLAIN = re.compile("[ -\u02ff\u2010-\u2027\u2030-\u205e]*")
"""Latin letters and usual punctuation: no marks among them, and what is invisible is not printable."""


def visible(text: str) -> str:
    """The text with control and bidirectional characters written as `[U+202E]`, so that mail cannot paint with them;
    for one-line fields, where what looks like a seal, or like a letter that it is not, is written so as well."""
    return _shown(text, _SEEMING_SEALS, misleading(text))


def visible_lines(text: str) -> str:
    """The same for the text of a message, framed as such: line ends, tabs and ticks stay."""
    lines = (line.split("\t") for line in text.split("\n"))
    return "\n".join("\t".join(_shown(piece, frozenset()) for piece in line) for line in lines)


def _shown(text: str, refused: frozenset[str], misleading_at: frozenset[int] = frozenset()) -> str:
    if not misleading_at and text.isprintable() and _PLAIN.fullmatch(text):
        return text
    shown: list[str] = []
    marks = 0
    for at, char in enumerate(text):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        unseen = (category in _INVISIBLE and char != _SOFT_HYPHEN) or char in BLANKS
        hidden = unseen or char in refused or at in misleading_at
        shown.append(f"[U+{ord(char):04X}]" if hidden or marks > STACKED_MARKS else char)
    return "".join(shown)
