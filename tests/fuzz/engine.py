"""The fuzzer: keeps what reaches lines in an order not seen before, changes it again, and writes down what breaks.

Coverage is measured with `sys.settrace` over the program's own parsers, as pairs of one line and the next, which costs
a factor of ten and finds its way into corners that blind changes do not reach.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

import pecdesk
from tests.fuzz.mutators import mutated
from tests.fuzz.targets import Target

REGRESSIONS = Path(__file__).parent / "regressions"
SLOW_SECONDS = 2.0
"""An input of 200 kB that takes longer is written down too."""

_HERE = str(Path(pecdesk.__file__).parent)
_WATCHED = tuple(str(Path(_HERE) / name) + os.sep for name in ("mime", "trust", "pec", "examine"))

Edge = tuple[int, int, int]


@dataclass
class Run:
    """A fuzzing run and what came of it."""

    target: Target
    chance: Random
    guided: bool = False
    corpus: list[bytes] = field(default_factory=list)
    edges: set[Edge] = field(default_factory=set)
    tried: int = 0
    broken: dict[str, bytes] = field(default_factory=dict)
    """Where it broke, and the shortest input that does it."""
    slow: list[bytes] = field(default_factory=list)

    def go(self, enough: Callable[[Run], bool]) -> None:
        """Try changed inputs until there is enough."""
        for seed in (*self.target.seeds(), *regressions(self.target.name)):
            self._try(seed)
            self.corpus.append(seed)
        while not enough(self):
            raw = mutated(self.chance.choice(self.corpus), self.target.mutators, self.chance)
            if self._try(raw) and self.guided:
                self.corpus.append(raw)

    def _try(self, raw: bytes) -> bool:
        """Whether it reached something new."""
        self.tried += 1
        before = len(self.edges)
        began = time.monotonic()
        try:
            if self.guided:
                with_trace(self.target.run, raw, self.edges)
            else:
                self.target.run(raw)
        except Exception as error:  # noqa: BLE001 - this is what we are looking for
            where = _where(error)
            if where not in self.broken or len(raw) < len(self.broken[where]):
                self.broken[where] = raw
        if time.monotonic() - began > SLOW_SECONDS * (10 if self.guided else 1):
            self.slow.append(raw)
        return len(self.edges) > before


def _where(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name} ({Path(last.filename).name}:{last.lineno}): {str(error)[:80]}"


def with_trace(run: Callable[[bytes], None], raw: bytes, edges: set[Edge]) -> None:
    """Run with every step from line to line in the watched files noted."""

    def follow(frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if not code.co_filename.startswith(_WATCHED):
            return None
        last = code.co_firstlineno

        def step(inner: FrameType, event: str, argument: Any) -> Any:
            nonlocal last
            if event == "line":
                edges.add((id(code), last, inner.f_lineno))
                last = inner.f_lineno
            return step

        return step

    sys.settrace(follow)
    try:
        run(raw)
    finally:
        sys.settrace(None)


def regressions(target: str) -> Iterator[bytes]:
    """Inputs that once broke something."""
    for path in sorted(REGRESSIONS.glob(f"{target}-*")):
        yield path.read_bytes()


def keep(run: Run) -> list[Path]:
    """Write what broke, and what was slow, beside the other regressions."""
    REGRESSIONS.mkdir(exist_ok=True)
    kept = []
    for raw in (*run.broken.values(), *run.slow):
        path = REGRESSIONS / f"{run.target.name}-{hashlib.sha256(raw).hexdigest()[:12]}"
        path.write_bytes(raw)
        kept.append(path)
    return kept
