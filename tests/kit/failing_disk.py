"""A disk that fails at one step, for a program run as a process of its own: see `failing_disk.c`.

For Linux with a compiler. Killing is all there is to see of a crash here: what a power cut takes from a disk's cache
is not taken.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".c")


class How(StrEnum):
    """What happens at the step."""

    KILL = "kill"
    """The program is killed before it."""
    TORN = "torn"
    """The program is killed in the middle of a write, or after any other step."""
    FULL = "full"
    """The disk is full in the middle of it, and from then on."""


def missing() -> str:
    """Why there can be no failing disk here; empty where there can."""
    if sys.platform != "linux":
        return "the failing disk is made for Linux"
    return "" if shutil.which("cc") else "there is no C compiler"


@dataclass(frozen=True)
class Step:
    """One thing a program did to a file."""

    number: int
    what: str
    path: str
    """From the folder watched."""


class FailingDisk:
    """Compiles the library into a folder."""

    def __init__(self, folder: Path) -> None:
        self._library = folder / "failing_disk.so"
        command = ["cc", "-O1", "-shared", "-fPIC", "-D_LARGEFILE64_SOURCE", "-o", str(self._library), str(SOURCE)]
        subprocess.run([*command, "-ldl"], check=True, capture_output=True)

    def environment(self, root: Path, at: int, how: How = How.KILL, log: Path | None = None) -> dict[str, str]:
        """For a program that is to fail at that step below `root`, from 1; at 0 it does not. `log` gets the steps."""
        told = {
            "LD_PRELOAD": str(self._library),
            "FAILING_DISK_ROOT": str(root.resolve()),
            "FAILING_DISK_AT": str(at),
            "FAILING_DISK_HOW": str(how),
        }
        return {**os.environ, **told, **({"FAILING_DISK_LOG": str(log)} if log else {})}


def read_steps(log: Path) -> list[Step]:
    """The steps that were taken."""
    lines = (line.split(" ", 2) for line in log.read_text(errors="replace").splitlines())
    return [Step(int(number), what, path) for number, what, path in lines]
