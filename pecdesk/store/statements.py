"""Statements about many rows at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

V = TypeVar("V", int, str)

MAX_VARIABLES = 900
"""SQLite's old limit on variables in one statement is 999."""


def chunks(values: Iterable[V]) -> Iterator[list[V]]:
    """Lists short enough for one statement."""
    found = list(values)
    for start in range(0, len(found), MAX_VARIABLES):
        yield found[start : start + MAX_VARIABLES]


def placeholders(values: Collection[object]) -> str:
    """Placeholders for a list of values."""
    return ",".join("?" * len(values))
