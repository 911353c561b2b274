"""Every byte changed: one message of every kind, each byte of its signed part flipped, deleted and doubled.

    python -m tests.benchmarks.mutate [--step N] [--kind WORD]

No mutant of the signed bytes may be certified, with a reserve or without; no mutant of any other byte may show another
certified fact. Prints, for each kind, how many were tried and what they were called; exit 1 if one got through. Every
byte takes a few minutes; `--step 20` takes every twentieth.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator

from pecdesk.examine import Examination, examine
from pecdesk.mime import parse
from tests.kit.messages import NOW, Specimen, anchors, genuine


def mutants(raw: bytes, where: range) -> Iterator[bytes]:
    """Each of these bytes flipped in one bit, deleted, doubled."""
    for at in where:
        before, byte, behind = raw[:at], raw[at], raw[at + 1 :]
        yield before + bytes((byte ^ (1 << at % 8),)) + behind
        yield before + behind
        yield before + bytes((byte, byte)) + behind


def judged(raw: bytes) -> Examination:
    """The verdict under the world's trust."""
    return examine(raw, anchors(), now=NOW)


def survey(specimen: Specimen, step: int) -> tuple[Counter[str], Counter[str], list[str]]:
    """What the mutants inside and outside the signed part are called, and what got through."""
    raw = specimen.raw
    true = judged(raw)
    signed = parse(raw).children[0].span
    inside = range(signed.start, signed.end, step)
    outside = (*range(0, signed.start, step), *range(signed.end, len(raw), step))
    called_inside: Counter[str] = Counter()
    called_outside: Counter[str] = Counter()
    through = []
    for number, mutant in enumerate(mutants(raw, inside)):
        found = judged(mutant)
        called_inside[found.standing] += 1
        if found.standing.proves or found.certification is not None:
            through.append(f"inside, byte {inside[number // 3] - signed.start}: {found.standing}")
    for at in outside:
        found = judged(raw[:at] + bytes((raw[at] ^ (1 << at % 8),)) + raw[at + 1 :])
        called_outside[found.standing] += 1
        if found.certification not in (true.certification if found.standing.proves else None, None):
            through.append(f"outside, byte {at}: another fact")
    return called_inside, called_outside, through


def main() -> int:
    """Survey every kind and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mutate", description=__doc__.splitlines()[0])
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--kind", default="")
    words = parser.parse_args()
    total: Counter[str] = Counter()
    got_through = 0
    began = time.monotonic()
    for specimen in genuine():
        if specimen.standing != "certified" or words.kind not in specimen.name:
            continue
        inside, outside, through = survey(specimen, words.step)
        total.update({"inside": inside.total(), "outside": outside.total()})
        got_through += len(through)
        told = ", ".join(f"{name} {count}" for name, count in inside.most_common())
        also = ", ".join(f"{name} {count}" for name, count in outside.most_common())
        print(f"{specimen.name:30} {len(specimen.raw):6} bytes  inside: {told}; outside: {also}", flush=True)
        for line in through:
            print(f"    GOT THROUGH  {line}", flush=True)
    seconds = time.monotonic() - began
    print(
        f"{total['inside']} mutants inside and {total['outside']} outside the signed part, {got_through} got through;"
        f" {seconds:.0f} s, {1000 * seconds / max(total.total(), 1):.2f} ms each"
    )
    return 1 if got_through else 0


if __name__ == "__main__":
    sys.exit(main())
