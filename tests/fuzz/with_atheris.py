"""The same targets under libFuzzer, for a long run by hand; an alternative to `python -m tests.fuzz`.

    pip install atheris            # Linux or macOS, Python 3.11 to 3.13; not among the project's own requirements
    python -m tests.fuzz.with_atheris TARGET [SECONDS] [libFuzzer options]

TARGET is mime, cms, daticert or examine. The program is compiled with counters in every branch and comparison, the
seeds and regressions of `tests.fuzz.targets` are the first corpus, and half of all changes are those of
`tests.fuzz.mutators`, which know lines, parts, DER and tags. What is found on the way is kept in
`build/fuzz/TARGET` (not under version control), so that the next run goes on from there. An input that breaks a
promise, takes more than ten seconds or two gigabytes is written beside the regressions, printed, and ends the run: it
stays there, and is tried by the suite from then on.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["pecdesk.mime", "pecdesk.trust", "pecdesk.pec", "pecdesk.examine"]):
    from tests.fuzz.engine import REGRESSIONS, regressions
    from tests.fuzz.targets import TARGETS

from tests.fuzz.mutators import mutated

CORPUS = Path(__file__).parents[2] / "build" / "fuzz"
MAX_LENGTH = 60_000


def main() -> None:
    """Fuzz one target until something breaks or the time is over; libFuzzer ends the process."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"usage: python -m tests.fuzz.with_atheris {{{'|'.join(TARGETS)}}} [SECONDS] [options]")
    name, *options = sys.argv[1:]
    seconds = options.pop(0) if options and options[0].isdigit() else "300"
    target = TARGETS[name]
    corpus = CORPUS / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate((*target.seeds(), *regressions(name))):
        (corpus / f"seed-{number:04}").write_bytes(seed)

    def change(data: bytes, max_size: int, seed: int) -> bytes:
        chance = Random(seed)
        if chance.random() < 0.5:
            return atheris.Mutate(data, max_size)  # type: ignore[no-any-return]
        return mutated(data, target.mutators, chance)[:max_size]

    settings = [
        f"-max_total_time={seconds}",
        f"-max_len={MAX_LENGTH}",
        "-timeout=10",
        "-rss_limit_mb=2048",
        f"-artifact_prefix={REGRESSIONS / name}-",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *settings, *options, str(corpus)], target.run, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
