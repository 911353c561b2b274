"""What a keystroke costs while a PEC is written: completion, size and checks, with 10, 2,000 and 20,000 contacts.

python -m tests.benchmarks.composing
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from pecdesk.app.app import App
from pecdesk.pec.composing import encoded_size
from pecdesk.store import Store
from pecdesk.store.correspondence import words_of

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
ME = "studio.verdi@pec.gestoreuno.example"
NAMES = ("Rossi", "Bianchi", "Verdi", "Esposito", "Ferrari", "Romano", "Gallo", "Costa", "Fontana", "Conti")
TYPED = ("r", "ro", "ros", "rossi", "rossi.1", "pec", "studio ro", "@pec.stu", "zz", "")
"""What is typed, from the broadest to what nobody is called."""
TIMES = 30


def fill(store: Store, number: int) -> None:
    """So many contacts."""
    with store.database.write() as connection:
        for position in range(number):
            name = NAMES[position % len(NAMES)]
            address = f"{name.lower()}.{position}@pec.studio{position % 97}.example"
            connection.execute(
                "INSERT INTO contact VALUES (?, ?, ?, 0, 'certified', 0, NULL, ?, 0, 0, ?)",
                (address, address, f"Studio {name}", position % 300, 4 * (position % 300)),
            )
            connection.executemany(
                "INSERT INTO contact_word VALUES (?, ?)",
                [(address, word) for word in words_of(address, f"Studio {name}")],
            )


def milliseconds(work: Callable[[], object]) -> float:
    """The median of many runs."""
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return 1000 * median(took)


def measure(number: int) -> dict[str, float]:
    """Milliseconds of each sort of work."""
    with TemporaryDirectory() as folder, App.open(Path(folder) / "profile") as app:
        app.store.add_account(ME, NOW)
        fill(app.store, number)
        for position in range(number if number <= 2000 else 0):
            app.drafting.save(app.drafting.new(ME, subject=f"Bozza {position}", text="Testo. " * 100), NOW)
        to = tuple(f"rossi.{position * 10}@pec.studio{position * 10 % 97}.example" for position in range(20))
        draft = app.drafting.new(ME, to=to, subject="Diffida", text="Vi diffido ad adempiere.\n" * 200)
        found = {f"completion of {typed!r}": milliseconds(lambda t=typed: app.drafting.contacts(t)) for typed in TYPED}
        found["size, 20 recipients"] = milliseconds(lambda: encoded_size(draft))
        found["checks, 20 recipients"] = milliseconds(lambda: app.drafting.checks(draft, NOW))
        found["saving"] = milliseconds(lambda: app.drafting.save(draft, NOW))
        return found


def main() -> None:
    """Print the table."""
    sizes = (10, 2000, 20_000)
    columns = {number: measure(number) for number in sizes}
    print(f"{'ms':<28}" + "".join(f"{number:>10}" for number in sizes) + f"{'2000:10':>10}")
    for name in columns[sizes[0]]:
        ratio = columns[2000][name] / columns[10][name]
        print(f"{name:<28}" + "".join(f"{columns[number][name]:>10.3f}" for number in sizes) + f"{ratio:>10.1f}")


if __name__ == "__main__":
    sys.exit(main())
