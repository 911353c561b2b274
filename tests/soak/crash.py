"""A small synchronisation killed, torn, and left without room at every step it takes on the disk; each time it is run
again, and the oracle looks. Prints a table; ends with 1 where something was not as it must be.

Run by hand: `python -m tests.soak.crash --all`. A minute or two for each hundred runs. Pages of the database are steps
only with `--pages`: SQLite answers for them, and they are most of all.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from pecdesk.app.trust import anchors_of
from pecdesk.examiner import Examiner
from pecdesk.profile import Profile
from pecdesk.trust import anchors_to_json
from tests.kit import dovecot, failing_disk
from tests.kit.crash_bench import CrashBench
from tests.kit.failing_disk import How, Step


def is_page(step: Step) -> bool:
    """Whether it is one of the many that SQLite takes inside a transaction."""
    return step.what == "write" and "/pecdesk.db" in step.path


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--all", action="store_true", help="every step, instead of some chosen by chance")
    words.add_argument("--count", type=int, default=20, help="of those")
    words.add_argument("--pages", action="store_true", help="pages of the database, too")
    words.add_argument("--how", choices=list(How), action="append", help="one way only; may be given again")
    words.add_argument("--seed", type=int, default=20261122)
    chosen = words.parse_args()
    if reason := dovecot.missing() or failing_disk.missing():
        sys.exit(reason)
    wrong = 0
    for is_first in (False, True):
        with ExitStack() as held:
            folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
            server = held.enter_context(dovecot.Dovecot())
            anchors = anchors_to_json(anchors_of(Profile.open(folder / "anchors")))
            examiner = held.enter_context(Examiner(anchors))
            bench = CrashBench(folder, server, examiner, is_first=is_first)
            steps = bench.steps()
            numbers = [step.number for step in steps if chosen.pages or not is_page(step)]
            if not chosen.all:
                numbers = sorted(random.Random(chosen.seed).sample(numbers, chosen.count))
            print(f"{'first' if is_first else 'later'} run: {len(steps)} steps, {len(numbers)} tried")
            for how in chosen.how or list(How):
                wrong += _try(bench, steps, numbers, How(how))
    sys.exit(1 if wrong else 0)


def _try(bench: CrashBench, steps: list[Step], numbers: list[int], how: How) -> int:
    begun = time.monotonic()
    codes: Counter[int] = Counter()
    wrong = 0
    for number in numbers:
        ended = bench.ended(number, how)
        codes[ended.code] += 1
        for complaint in ended.complaints:
            wrong += 1
            print(f"  {how} at {number} ({steps[number - 1].what} {steps[number - 1].path}): {complaint}")
    told = ", ".join(f"{times} with {code}" for code, times in sorted(codes.items()))
    seconds = time.monotonic() - begun
    print(f"  {how:5} {len(numbers):4} runs, ended {told}; complaints {wrong}; {seconds:.0f} s", flush=True)
    return wrong


if __name__ == "__main__":
    main()
