"""Names of attachments made fit for every file system: what a stranger wrote names a file, and nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MAX_NAME_BYTES = 120
"""In UTF-8, the extension included; with a path before it that fits wherever files can be saved."""
MAX_EXTENSION = 16
"""Characters of what counts as an extension."""
FALLBACK = "allegato"
"""Where nothing of a name is left; the same word as for parts without a name."""
_LOOKED_AT = 1000

# Controls, directions, joiners, private and unassigned characters, line separators; and what Windows refuses.
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_REFUSED = frozenset('<>:"|?*')

_BLANKS = re.compile(r"\s+")
_SEPARATOR = re.compile(r"[/\\]")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)


def safe_file_name(name: str) -> str:
    """A name without folders, hidden characters, device names, dots at its ends or undue length.

    The extension is kept and stays what it was: neither blanks nor invisible characters hide it.
    """
    name = unicodedata.normalize("NFC", name[-_LOOKED_AT:])
    base = _SEPARATOR.split(name)[-1]
    shown = "".join("_" if char in _REFUSED else char for char in base if unicodedata.category(char) not in _HIDDEN)
    plain = _BLANKS.sub(" ", shown).strip().rstrip(". ")
    if plain.startswith("."):
        plain = f"{FALLBACK}.{plain.lstrip('. ')}"
    if _DEVICE.fullmatch(plain.partition(".")[0].rstrip()):
        plain = f"_{plain}"
    return _shortened(plain) or FALLBACK


def extension_of(name: str) -> str:
    """What follows the last dot of the last part of a name, lower case; empty where that is none."""
    stem, dot, extension = _SEPARATOR.split(name)[-1].rpartition(".")
    return extension.lower() if dot and stem and 0 < len(extension) <= MAX_EXTENSION and " " not in extension else ""


def unique_name(name: str, taken: Iterable[str]) -> str:
    """`name`, or `name (2)`, ... where one of `taken` is the same to a file system that knows no capitals."""
    used = {_folded(each) for each in taken}
    extension = extension_of(name)
    tail = f".{name[-len(extension) :]}" if extension else ""
    stem = name[: len(name) - len(tail)]
    found, number = name, 1
    while _folded(found) in used:
        number += 1
        mark = f" ({number}){tail}"
        found = _cut(stem, MAX_NAME_BYTES - len(mark.encode())).rstrip(". ") + mark
    return found


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    extension = extension_of(name)
    tail = f".{name[-len(extension) :]}" if extension else ""
    return _cut(name[: len(name) - len(tail)], MAX_NAME_BYTES - len(tail.encode())).rstrip(". ") + tail


def _cut(text: str, room: int) -> str:
    return text.encode()[: max(1, room)].decode("utf-8", "ignore")
