"""`pecdesk verify --json` over thousands of genuine-looking messages: how many a second on a core, and in what memory.

    python -m tests.benchmarks.verify_many [--count N]

The program runs as its user runs it, with its helper process; memory is that of both, looked at ten times a second.
Prints the rate by the clock and by the processor time of both processes, and the usual memory (the median) in each
tenth of the time: flat is what is less than a quarter above the second tenth in the last. A single large message needs
its room for a moment: that is the peak. Exit 1 if it is not flat, or a verdict is not as expected.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks.mailbox import Mailbox, make_mailbox
from tests.benchmarks.processes import megabytes

FLAT = 1.25


@dataclass(frozen=True)
class Run:
    """What one run took, and what it said."""

    seconds: float
    processor_seconds: float
    memory: list[tuple[float, float]]
    """Seconds since the beginning, and megabytes then."""
    verdicts: Counter[str]

    def curve(self) -> list[float]:
        """The median of each tenth of the time, in megabytes."""
        tenths: list[list[float]] = [[] for _ in range(10)]
        for at, size in self.memory:
            tenths[min(int(10 * at / self.seconds), 9)].append(size)
        return [median(tenth) for tenth in tenths if tenth]


def verify(mailbox: Mailbox, answer: Path) -> Run:
    """One run over the whole mailbox."""
    files = sorted((mailbox.maildir / "cur").iterdir())
    command = [sys.executable, "-m", "pecdesk", "verify", "--json", "--trust", mailbox.policy, *files]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    memory = []
    with answer.open("wb") as out:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stdin=subprocess.DEVNULL)
        while process.poll() is None:
            memory.append((time.monotonic() - began, megabytes(process.pid)))
            time.sleep(0.1)
        seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    entries = json.loads(answer.read_bytes())["files"]
    return Run(
        seconds,
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        [(at, size) for at, size in memory if size],
        Counter(entry["standing"] for entry in entries),
    )


def main() -> int:
    """Make the mailbox, run, and print the figures."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--count", type=int, default=10_000)
    chosen = words.parse_args()
    with tempfile.TemporaryDirectory() as name:
        mailbox = make_mailbox(Path(name) / "mailbox", chosen.count)
        print(f"{mailbox.count} messages, {mailbox.octets / mailbox.count / 1000:.0f} kB on average", flush=True)
        run = verify(mailbox, Path(name) / "answer.json")
    curve, as_expected = run.curve(), run.verdicts == mailbox.expected
    flat = curve[-1] <= FLAT * curve[min(1, len(curve) - 1)]
    peak = max(size for _, size in run.memory)
    print(f"by the clock       {run.seconds:8.1f} s  {mailbox.count / run.seconds:7.0f} messages/s")
    print(f"by processor time  {run.processor_seconds:8.1f} s  {mailbox.count / run.processor_seconds:7.0f} a core")
    print(f"memory by tenths   {' '.join(f'{size:.0f}' for size in curve)} MB, peak {peak:.0f} MB; flat: {flat}")
    print(f"verdicts {dict(run.verdicts)}; as expected: {as_expected}")
    return 0 if flat and as_expected else 1


if __name__ == "__main__":
    sys.exit(main())
