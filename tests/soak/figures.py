"""What a long run must not let grow: memory, open files, threads."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar, Self

from tests.benchmarks.processes import megabytes


@dataclass(frozen=True)
class Figures:
    """Of this process. What it holds tells a leak; resident memory (with the helpers) also has the holes that SQLite's
    page cache, emptied before every look, leaves in the heap."""

    megabytes: float
    held: float
    """Handed out by the C library's heap (SQLite, OpenSSL, …) and not given back, in MB; 0 where it does not tell."""
    blocks: int
    """Handed out by the interpreter and not given back, in thousands."""
    descriptors: int
    threads: int

    @classmethod
    def now(cls) -> Self:
        # What is held counts, not what was once needed: the oracle has just read the whole mailbox.
        gc.collect()
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)
        return cls(
            megabytes(),
            _held(),
            sys.getallocatedblocks() // 1000,
            len(os.listdir("/proc/self/fd")),  # noqa: PTH208
            threading.active_count(),
        )

    def __str__(self) -> str:
        held = f"{self.held:4.1f} MB and {self.blocks}k blocks held"
        return f"{self.megabytes:6.1f} MB ({held}) {self.descriptors:4} descriptors {self.threads:3} threads"


class _HeapFigures(ctypes.Structure):
    """`struct mallinfo2` of glibc."""

    _fields_: ClassVar = [
        *((f"before_{number}", ctypes.c_size_t) for number in range(4)),
        ("mapped", ctypes.c_size_t),
        *((f"between_{number}", ctypes.c_size_t) for number in range(2)),
        ("in_use", ctypes.c_size_t),
        *((f"after_{number}", ctypes.c_size_t) for number in range(2)),
    ]


def _held() -> float:
    try:
        told = ctypes.CDLL(None).mallinfo2
    except (AttributeError, OSError):
        return 0.0
    told.restype = _HeapFigures
    heap = told()
    return float(heap.mapped + heap.in_use) / (1 << 20)
