"""`list` and `search` on 100,000 transmissions, process start included, beside a start of Python that does nothing."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.many import multiply

COMMANDS = (
    ("list",),
    ("list", "--json"),
    ("list", "--attention", "overdue"),
    ("list", "--state", "failed"),
    ("search", "diffida"),
    ("search", "oggetto:notificazione da:studio"),
    ("search", "stato:consegnato ha:allegato"),
    ("search", "ricevuta:preavviso"),
    ("show", "5000"),
)


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=100_000)
    words.add_argument("--profile", type=Path, help="a profile made by an earlier run")
    chosen = words.parse_args()
    with tempfile.TemporaryDirectory() as name:
        profile = chosen.profile or Path(name) / "many"
        if not profile.exists():
            demo = Path(name) / "demo"
            subprocess.run(
                [sys.executable, "-m", "pecdesk", "--profile", demo, "demo"], check=True, capture_output=True
            )
            print(f"{multiply(demo, profile, chosen.rows)} transmissions")
        nothing = min(seconds([sys.executable, "-c", ""]) for _ in range(5))
        print(f"{'python -c pass':40} {nothing:6.2f} s")
        for command in COMMANDS:
            best = min(
                seconds([sys.executable, "-m", "pecdesk", "--profile", str(profile), *command]) for _ in range(3)
            )
            print(f"{' '.join(command):40} {best:6.2f} s  {best / nothing:5.1f} times an empty Python")


if __name__ == "__main__":
    main()
