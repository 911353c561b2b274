"""The long run, by hand.

    python -m tests.fuzz [SECONDS [TARGET …]] [--seed N] [--blind]

fuzzes each target (mime, cms, daticert, examine) for so many seconds (60), guided by coverage unless blind, prints what
was tried and what broke, and keeps every breaking input in `tests/fuzz/regressions`. Exit 1 if anything broke.
"""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial
from random import Random

from tests.fuzz.engine import Run, keep
from tests.fuzz.targets import TARGETS


def _is_over(end: float, _: Run) -> bool:
    return time.monotonic() > end


def main() -> int:
    """Fuzz, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("seconds", nargs="?", type=float, default=60.0)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="one of " + ", ".join(TARGETS))
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--blind", action="store_true")
    words = parser.parse_args()
    broken = 0
    for name in words.targets or TARGETS:
        run = Run(TARGETS[name], Random(words.seed), guided=not words.blind)
        end = time.monotonic() + words.seconds
        run.go(partial(_is_over, end))
        print(
            f"{name:10} seed {words.seed}: {run.tried} inputs, corpus {len(run.corpus)}, {len(run.edges)} edges,"
            f" {len(run.broken)} broken, {len(run.slow)} slow",
            flush=True,
        )
        for where in run.broken:
            print(f"    {where}", flush=True)
        for path in keep(run):
            print(f"    kept {path}", flush=True)
        broken += len(run.broken) + len(run.slow)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
