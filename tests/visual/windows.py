"""Pictures of every window of the program, in one theme, one language and one scale: `python -m tests.visual.windows`.

The demo's mail, at the demo's moment, in the bundled letters: the same bytes on the screen twice.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from pecdesk.app import App
from pecdesk.explain import language
from pecdesk.pec.message import MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Attention, State, TransmissionKind
from pecdesk.resources import resources
from pecdesk.store import Filter, Row
from pecdesk.store.listing import Group
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.inspector import Inspector
from pecdesk.ui.intake.import_dialog import ImportDialog
from pecdesk.ui.mailbox.erase_dialog import EraseDialog
from pecdesk.ui.main_window import MainWindow
from pecdesk.ui.proof.export_dialog import ExportDialog
from pecdesk.ui.settings.settings_dialog import SettingsDialog
from pecdesk.ui.settings.shortcuts_dialog import ShortcutsDialog
from pecdesk.ui.style.theme import Theme

NOW = datetime.fromisoformat("2026-11-22T09:30:00+01:00")
PATIENCE = 60
TABS = ("summary", "checks", "certification", "signature", "original", "comparison", "source")


@dataclass
class Studio:
    """Where pictures are taken."""

    desk: Desk
    empty: Desk
    folder: Path
    prefix: str

    def wait(self, happened: Callable[[], object] = lambda: False, *, settle: float = 0.25) -> None:
        """Let the event loop run until something happened, then until nothing more does."""
        end = time.monotonic() + PATIENCE
        loop = QEventLoop.ProcessEventsFlag.AllEvents
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < settle or not (happened() or settle):
            QCoreApplication.processEvents(loop, 10)
            busy = not self._is_idle()
            if busy:
                quiet_since = time.monotonic()
            assert time.monotonic() < end

    def _is_idle(self) -> bool:
        return all(desk.background.is_idle for desk in (self.desk, self.empty))

    def take(self, widget: QWidget, name: str) -> None:
        """One picture."""
        widget.show()
        self.wait()
        widget.grab().save(str(self.folder / f"{self.prefix}-{name}.png"))

    def away(self, widget: QWidget) -> None:
        """Close a window for good."""
        widget.close()
        widget.deleteLater()
        QCoreApplication.sendPostedEvents(widget, QEvent.Type.DeferredDelete)

    def row(self, fits: Callable[[Row], bool]) -> Row:
        """The newest row that fits."""
        return next(row for row in self.desk.app.rows(Filter(limit=0), NOW) if fits(row))


def forged(row: Row) -> bool:
    return row.transmission.kind is TransmissionKind.CLAIM and row.transmission.sealed is Standing.NOT_CERTIFIED


def altered(row: Row) -> bool:
    return row.transmission.sealed is Standing.ALTERED


def anomaly(row: Row) -> bool:
    return row.transmission.kind is TransmissionKind.ANOMALY


def failed(row: Row) -> bool:
    return row.transmission.state is State.FAILED and len(row.transmission.recipients) == 1


def partly(row: Row) -> bool:
    return row.transmission.state is State.PARTLY_DELIVERED and len(row.transmission.recipients) == 3


def certified(row: Row) -> bool:
    return row.transmission.sealed is Standing.CERTIFIED


def waiting(row: Row) -> bool:
    return Attention.NO_ACCEPTANCE not in row.transmission.attention and row.transmission.state is State.ACCEPTED


ROWS = {
    "partly": partly,
    "failed": failed,
    "received": certified,
    "waiting": waiting,
    "forged": forged,
    "altered": altered,
    "anomaly": anomaly,
}


def main_window(studio: Studio) -> None:
    window = MainWindow(studio.desk)
    window.resize(1440, 900)
    window.show()
    studio.wait()
    for name, fits in ROWS.items():
        window.side_bar.choose_group(Group.ALL)
        studio.wait()
        window.mailbox.choose_row(studio.row(fits).id)
        studio.take(window, f"main-{name}")
    window.side_bar.choose_group(Group.ANOMALIES)
    studio.take(window, "main-anomalies")
    window.mailbox.search_now("stato:inventato")
    studio.take(window, "main-search-wrong")
    window.mailbox.search_now("da:comune ha:allegato")
    studio.take(window, "main-search")
    window.mailbox.search_now("nulladitutto")
    studio.take(window, "main-search-nothing")
    window.resize(900, 640)
    window.mailbox.search_now("")
    studio.take(window, "main-small")
    studio.away(window)
    window = MainWindow(studio.empty)
    window.resize(1200, 760)
    studio.take(window, "main-empty")
    studio.away(window)


def inspector(studio: Studio) -> None:
    row = studio.row(partly)
    delivery = next(line for line in row.transmission.evidence if line.kind is MessageKind.DELIVERY and line.counts)
    window = Inspector(studio.desk)
    window.resize(880, 760)
    window.show_message(delivery.sha256)
    window.show()
    studio.wait()
    for number, name in enumerate(TABS):
        window.tabs.setCurrentIndex(number)
        studio.take(window, f"inspector-{name}")
    studio.away(window)
    for name, fits in (("forged", forged), ("altered", altered), ("anomaly", anomaly)):
        found = studio.row(fits).transmission
        window = Inspector(studio.desk)
        window.resize(880, 760)
        window.show_message(found.original_sha256 or found.evidence[-1].sha256)
        window.show()
        studio.wait()
        window.tabs.setCurrentIndex(1)
        studio.take(window, f"inspector-{name}")
        studio.away(window)
    window = Inspector(studio.desk)
    window.resize(880, 520)
    window.show_file(Path("/media/archivio/non-c-e.eml"))
    studio.take(window, "inspector-error")
    studio.away(window)


def dialogs(studio: Studio) -> None:
    rows = [studio.row(partly).id, studio.row(failed).id]
    home = MainWindow(studio.desk)
    for name, dialog in (
        ("export", ExportDialog(studio.desk, rows[:1], home)),
        ("export-many", ExportDialog(studio.desk, rows, home)),
        ("import", ImportDialog(studio.desk, [Path("/media/archivio/PEC-2025.mbox")], home)),
        ("erase", EraseDialog(studio.desk, rows, home)),
        ("settings", SettingsDialog(studio.desk, home)),
        ("shortcuts", ShortcutsDialog(studio.desk, home.grouped_actions(), home)),
    ):
        if isinstance(dialog, ExportDialog):
            dialog.form.folder.setText("/media/archivio/Prove")
        studio.take(dialog, name)
        studio.away(dialog)
    studio.away(home)


def pictures(folder: Path, profile: Path, prefix: str, theme: str, spoken: str) -> Iterator[None]:
    """Take all of them, a sort at a time."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    QFontDatabase.addApplicationFont(str(resources() / "fonts" / "DejaVuSans.ttf"))
    application.setFont(QFont("DejaVu Sans", 10))
    worn = Theme(application, theme)
    desk = Desk(App.open(profile), worn, lambda: NOW, spoken)
    empty = Desk(App.open(folder / "empty"), worn, lambda: NOW, spoken)
    assert desk.language == language(spoken)
    studio = Studio(desk, empty, folder, prefix)
    for part in (main_window, inspector, dialogs):
        part(studio)
        yield
    for open_ in (desk, empty):
        open_.close()


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("profile", type=Path)
    words.add_argument("folder", type=Path)
    words.add_argument("--theme", choices=("light", "dark"), default="light")
    words.add_argument("--lang", choices=("it", "en"), default="it")
    chosen = words.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    scale = round(100 * float(os.environ.get("QT_SCALE_FACTOR", "1")))
    for _ in pictures(
        chosen.folder, chosen.profile, f"{chosen.theme}-{chosen.lang}-{scale}", chosen.theme, chosen.lang
    ):
        pass


if __name__ == "__main__":
    main()
