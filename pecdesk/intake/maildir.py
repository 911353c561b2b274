"""Maildir: one file for each message, told by the folders `cur` and `new`; flags stand in the file's name."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

MESSAGES = frozenset({"cur", "new"})
UNFINISHED = "tmp"
"""Holds deliveries that are still being written; never read."""

_INFO = re.compile(r"[:;!]2,([A-Za-z]*)\Z")


def is_maildir(folders: Collection[str]) -> bool:
    """Whether a folder with these folders in it is a Maildir."""
    return MESSAGES.issubset(folders)


def is_inside_maildir(folder: Path) -> bool:
    """Whether this is the `cur` or `new` of a Maildir."""
    return folder.name in MESSAGES and all((folder.parent / name).is_dir() for name in MESSAGES)


def is_unseen(path: Path) -> bool:
    """Whether this message of a Maildir was never read: it lies in `new`, or bears no S."""
    return path.parent.name == "new" or "S" not in (flags(path.name) or "")


def flags(name: str) -> str | None:
    """The letters after `:2,` (on Windows `;2,` or `!2,`): S seen, R replied, F flagged, …; None without them."""
    info = _INFO.search(name)
    return info[1] if info else None
