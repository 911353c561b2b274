"""How much memory a process and its children really take."""

from __future__ import annotations

import os
from pathlib import Path


def megabytes(process: int | None = None) -> float:
    """Resident memory of a process (this one by default) and its children, each shared page in shares (PSS)."""
    kilobytes = 0
    for number in family(process or os.getpid()):
        try:
            text = Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        kilobytes += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return kilobytes / 1024


def family(process: int) -> list[int]:
    """A process and all that descend from it."""
    found = [process]
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        for child in path.read_text(encoding="ascii").split():
            found += family(int(child))
    return found
