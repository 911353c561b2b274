"""How much memory a process and its children really take."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def megabytes(process: int | None = None, *, alone: bool = False) -> float:
    """Resident memory of a process (this one by default) and its children, each shared page in shares (PSS); or of the
    process alone."""
    kilobytes = 0
    process = process or os.getpid()
    for number in [process] if alone else family(process):
        try:
            text = Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        kilobytes += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return kilobytes / 1024


def resident(process: int) -> float:
    """Resident memory of one process, each shared page as a whole (RSS)."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def family(process: int) -> list[int]:
    """A process and all that descend from it."""
    found = [process]
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):  # the thread has ended meanwhile
            for child in path.read_text(encoding="ascii").split():
                found += family(int(child))
    return found
