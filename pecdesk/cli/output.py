"""What is said on the terminal: sentences, tables, progress, or one JSON document."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from pecdesk.errors import PecdeskError
from pecdesk.explain import Badge, Language, Tone

COLOURS = {Tone.GREEN: "32", Tone.BLUE: "34", Tone.AMBER: "33", Tone.RED: "31", Tone.GREY: "90"}


@dataclass(slots=True)
class Output:
    """Standard output and standard error, in one language."""

    language: Language
    json: bool = False

    def say(self, message: str, /, **fields: object) -> None:
        """A sentence for people; on standard error when JSON is wanted."""
        print(self.language.say(message, **fields), file=sys.stderr if self.json else sys.stdout)

    def line(self, text: str = "") -> None:
        """A line for people that is in their language already."""
        if not self.json:
            print(text)

    def document(self, document: object) -> None:
        """The JSON document, when it is wanted."""
        if self.json:
            sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")
            sys.stdout.buffer.flush()

    def complain(self, error: PecdeskError) -> None:
        """What went wrong and what to do, on standard error."""
        print(f"pecdesk: {self.language.error(error)}", file=sys.stderr)

    def progress(self, done: int, of: int | None) -> None:
        """A line that is written over, on a terminal only."""
        if sys.stderr.isatty():
            text = f"{done}" if of is None else f"{done} / {of}"
            print(f"\r\033[K{text}", end="\n" if done == of else "", file=sys.stderr, flush=True)

    def mark(self, badge: Badge) -> str:
        """The word of a badge, in its colour on a terminal."""
        return self.coloured(badge.word, badge.tone)

    @staticmethod
    def coloured(text: str, tone: Tone) -> str:
        """A text in the colour of a tone, on a terminal."""
        return f"\033[{COLOURS[tone]}m{text}\033[0m" if sys.stdout.isatty() else text

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[int], tones: Sequence[Tone | None] = ()) -> None:
        """Columns of fixed width, the last one as wide as the terminal allows; `tones` colour the first column."""
        room = max(shutil.get_terminal_size((120, 40)).columns - sum(widths) - 2 * len(widths), 20)
        for number, row in enumerate(rows):
            cells = [fitted(cell, width) for cell, width in zip(row, [*widths, room], strict=True)]
            tone = tones[number] if number < len(tones) else None
            if tone is not None:
                cells[0] = self.coloured(cells[0], tone)
            self.line("  ".join(cells).rstrip())


def fitted(text: str, width: int) -> str:
    """A text in exactly that many columns of a terminal, cut with an ellipsis; nothing in it controls the terminal."""
    text = visible(text)
    used = 0
    for position, char in enumerate(text):
        wide = columns(char)
        if used + wide > width:
            kept = text[:position]
            while kept and columns(kept) > width - 1:
                kept = kept[:-1]
            return f"{kept}…" + " " * (width - columns(kept) - 1)
        used += wide
    return text + " " * (width - used)


def columns(text: str) -> int:
    """How many columns a text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def visible(text: str) -> str:
    """The text with control and bidirectional characters shown as marks, so that mail cannot paint the terminal."""
    return "".join(
        f"[U+{ord(char):04X}]"
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") and char != "\u00ad"
        else char
        for char in text
    )
