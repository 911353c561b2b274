"""Profiles in memory, where there is such a place: a kill loses nothing that was written, so no disk is waited for."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")


def quick_folder() -> Path:
    """A folder of its own, to be deleted by whoever asked for it."""
    return Path(tempfile.mkdtemp(prefix="outbox-", dir=MEMORY if MEMORY.is_dir() else None))


@pytest.fixture
def folder() -> Iterator[Path]:
    made = quick_folder()
    yield made
    shutil.rmtree(made)
