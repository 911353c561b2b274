"""What the whole run knows of a test: whether it belongs to the core, and whether its file is one that takes long."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

CORE = ("unit/mime", "unit/trust", "unit/pec", "unit/examine", "unit/test_reading.py", "unit/test_disguise.py")
"""Whose tests alone have to reach every branch of `mime`, `trust`, `pec`, `examine` and `reading`."""
TIMED = ("unit/mime/test_hostile.py",)
"""Tests of the core that measure time, which counting branches would falsify."""
LONG = ("visual", "integration", "ui")
"""Begun first, so that no processor waits at the end for the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {item: item.path.relative_to(HERE).as_posix() for item in items}
    for item, place in places.items():
        if place.startswith(CORE) and not place.startswith(TIMED):
            item.add_marker("core")
    items.sort(key=lambda item: LONG.index(top) if (top := places[item].split("/")[0]) in LONG else len(LONG))
