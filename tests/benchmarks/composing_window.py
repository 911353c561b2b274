"""What a keystroke costs in the compose window, with 10 and with 2,000 contacts and drafts: python -m
tests.benchmarks.composing_window

Told are the milliseconds for which the window does nothing else because of one keystroke, and those until the contacts
that fit are offered; for the field of recipients and for the text, and how often the first fits into the second.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pecdesk.app import App
from pecdesk.ui.application import make_application
from pecdesk.ui.compose.compose_window import ComposeWindow
from pecdesk.ui.compose.senders import Sender
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.theme import Theme
from tests.benchmarks.composing import ME, NOW, fill

TYPED = "rossi.1 studio bianchi pec.studio"
TEXT = "Vi diffido ad adempiere entro quindici giorni dalla ricezione della presente. " * 3
PATIENCE = 10
SIZES = (10, 2000)


def until(application: QApplication, happened: Callable[[], object]) -> float:
    """Let the window run until something happened; seconds of the longest time it was busy at a stretch."""
    end, longest = time.perf_counter() + PATIENCE, 0.0
    while not happened():
        begun = time.perf_counter()
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        longest = max(longest, time.perf_counter() - begun)
        if time.perf_counter() > end:
            raise TimeoutError
        time.sleep(0.0002)
    return longest


def typed(
    application: QApplication, desk: Desk, window: ComposeWindow, text: str, *, in_text: bool
) -> list[list[float]]:
    """Type it letter by letter; of each how long the window was busy with it, and how long all of it took."""
    figures = []
    for letter in text:
        target = window.form.editor if in_text else window.form.to.line
        begun = time.perf_counter()
        QTest.keyClicks(target, letter)
        busy = time.perf_counter() - begun
        busy += until(application, lambda: desk.background.is_idle)
        figures.append([1000 * busy, 1000 * (time.perf_counter() - begun)])
    return figures


def measure(application: QApplication, theme: Theme, number: int) -> dict[str, float]:
    """Milliseconds, medians over all keystrokes."""
    with TemporaryDirectory() as folder:
        desk = Desk(App.open(Path(folder) / "profile"), theme, lambda: NOW, "it")
        app = desk.app
        app.store.add_account(ME, NOW)
        fill(app.store, number)
        for position in range(number):
            app.drafting.save(app.drafting.new(ME, subject=f"Bozza {position}", text="Testo. " * 100), NOW)
        window = ComposeWindow(desk, app.drafting.new(ME), (Sender(ME, size_limit=100_000_000),))
        window.show()
        until(application, lambda: desk.background.is_idle and window.isVisible())
        window.form.to.setFocus()
        to = typed(application, desk, window, TYPED, in_text=False)
        window.form.to.popup.close()
        window.form.editor.setFocus()
        text = typed(application, desk, window, TEXT, in_text=True)
        found = {
            "recipient: window busy": median(busy for busy, _ in to),
            "recipient: window busy, longest": max(busy for busy, _ in to),
            "recipient: until offered": median(whole for _, whole in to),
            "text: window busy": median(busy for busy, _ in text),
            "text: window busy, longest": max(busy for busy, _ in text),
        }
        window.close()
        until(application, lambda: not window.isVisible() and desk.background.is_idle)
        desk.close()
        return found


def main() -> None:
    """Print the table."""
    application = make_application()
    theme = Theme(application, "light")
    measure(application, theme, 1)  # fonts, styles and plug-ins are loaded once
    columns = {number: measure(application, theme, number) for number in SIZES}
    few, many = SIZES
    print(f"{'ms':<34}{few:>10}{many:>10}{'ratio':>10}")
    for name in columns[few]:
        print(f"{name:<34}{columns[few][name]:>10.2f}{columns[many][name]:>10.2f}", end="")
        print(f"{columns[many][name] / columns[few][name]:>10.1f}")


if __name__ == "__main__":
    sys.exit(main())
