"""What a long run must not let grow: memory, open files, threads."""

from __future__ import annotations

import ctypes
import gc
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from tests.benchmarks.processes import megabytes


@dataclass(frozen=True)
class Figures:
    """Of this process; memory with its helpers."""

    megabytes: float
    descriptors: int
    threads: int

    @classmethod
    def now(cls) -> Self:
        # What is held counts, not what was once needed: the oracle has just read the whole mailbox.
        gc.collect()
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)
        return cls(megabytes(), len(os.listdir("/proc/self/fd")), threading.active_count())  # noqa: PTH208

    def __str__(self) -> str:
        return f"{self.megabytes:6.1f} MB {self.descriptors:4} descriptors {self.threads:3} threads"
