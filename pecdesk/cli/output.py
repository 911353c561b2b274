"""What is said on the terminal: sentences, tables, progress, or one JSON document."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile

import msgspec

from pecdesk.errors import PecdeskError
from pecdesk.explain import Badge, Language, Tone
from pecdesk.explain.language import ended
from pecdesk.explain.visible import visible

COLOURS = {Tone.GREEN: "32", Tone.BLUE: "34", Tone.AMBER: "33", Tone.RED: "31", Tone.GREY: "90"}


KEPT_IN_MEMORY = 1 << 20
"""Bytes of a long document; what is more waits on the disk."""


@dataclass(slots=True)
class Output:
    """Standard output and standard error, in one language."""

    language: Language
    json: bool = False

    def say(self, message: str, /, **fields: object) -> None:
        """A sentence for people; on standard error when JSON is wanted."""
        print(visible(self.language.say(message, **fields)), file=sys.stderr if self.json else sys.stdout)

    def line(self, text: str = "") -> None:
        """A line for people that is in their language already."""
        if not self.json:
            print(text)

    def document(self, document: object) -> None:
        """The JSON document, when it is wanted."""
        if self.json:
            sys.stdout.buffer.write(_encoded(document) + b"\n")
            sys.stdout.buffer.flush()

    def documents(self, name: str, entries: Iterable[object]) -> None:
        """The same with one list in it, of which only one entry is in memory at a time; the entries are gone through
        when no JSON is wanted too. Nothing is written before the last is there."""
        with SpooledTemporaryFile(KEPT_IN_MEMORY) as kept:
            for number, entry in enumerate(entries):
                if self.json:
                    kept.write((b"," if number else b"") + b"\n    " + _encoded(entry).replace(b"\n", b"\n    "))
            if self.json:
                kept.seek(0)
                sys.stdout.buffer.write(b'{\n  "%s": [' % name.encode())
                shutil.copyfileobj(kept, sys.stdout.buffer)
                sys.stdout.buffer.write(b"\n  ]\n}\n")
                sys.stdout.buffer.flush()

    def complain(self, error: PecdeskError) -> None:
        """What went wrong and what to do, on standard error."""
        print(f"pecdesk: {visible(self.language.error(error))}", file=sys.stderr)

    def complain_in_words(self, sentence: str, next_step: str) -> None:
        """The same in words that are chosen already."""
        print(f"pecdesk: {visible(f'{ended(sentence)} {next_step}'.strip())}", file=sys.stderr)

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
        """A text in the colour of a tone, on a terminal that has colours and whose user wants them (no-color.org)."""
        wanted = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return f"\033[{COLOURS[tone]}m{text}\033[0m" if wanted else text

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[int], tones: Sequence[Tone | None] = ()) -> None:
        """Columns of fixed width, the last one as wide as the terminal allows; `tones` colour the first column."""
        room = max(shutil.get_terminal_size((120, 40)).columns - sum(widths) - 2 * len(widths), 20)
        for number, row in enumerate(rows):
            cells = [fitted(cell, width) for cell, width in zip(row, [*widths, room], strict=True)]
            tone = tones[number] if number < len(tones) else None
            if tone is not None:
                cells[0] = self.coloured(cells[0], tone)
            self.line("  ".join(cells).rstrip())


def _encoded(document: object) -> bytes:
    try:
        encoded = msgspec.json.encode(document)
    except UnicodeEncodeError:  # the name of a file that is no text
        encoded = msgspec.json.encode(as_text(document))
    return msgspec.json.format(encoded, indent=2)


def as_text(value: object) -> object:
    """The same with bytes that are no text replaced: file names and words of the command line may hold any."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if isinstance(value, dict):
        return {key: as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return value


def fitted(text: str, width: int) -> str:
    """A text in exactly that many columns of a terminal, cut with an ellipsis; nothing in it controls the terminal."""
    text = visible(text)
    used = 0
    end = room = 0
    for position, char in enumerate(text):
        wide = columns(char)
        if used + wide > width:
            return f"{text[:end]}…" + " " * (width - room - 1)
        used += wide
        if used < width:  # up to here the ellipsis has its place
            end, room = position + 1, used
    return text + " " * (width - used)


def columns(text: str) -> int:
    """How many columns a text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
