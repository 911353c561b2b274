"""Pictures of every window of the program, in one theme, one language and one scale: `python -m tests.visual.windows`.

The demo's mail, at the demo's moment, in the bundled letters: the same bytes on the screen twice.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from pecdesk.app import App
from pecdesk.app.drafting import Drafting
from pecdesk.app.outgoing import Outgoing
from pecdesk.explain import language
from pecdesk.pec.message import MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Attention, State, TransmissionKind
from pecdesk.resources import resources
from pecdesk.store import Filter, Row
from pecdesk.store.listing import Group
from pecdesk.sync.server import FolderRole
from pecdesk.ui.accounts.account_wizard import AccountWizard
from pecdesk.ui.accounts.status_dialog import StatusDialog
from pecdesk.ui.compose.compose_window import ComposeWindow
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.inspector import Inspector
from pecdesk.ui.intake.import_dialog import ImportDialog
from pecdesk.ui.mailbox.erase_dialog import EraseDialog
from pecdesk.ui.main_window import MainWindow
from pecdesk.ui.proof.export_dialog import ExportDialog
from pecdesk.ui.settings.settings_dialog import SettingsDialog
from pecdesk.ui.settings.shortcuts_dialog import ShortcutsDialog
from pecdesk.ui.style.theme import Theme
from tests.ui.account_kit import ARUBA, CURRENT, FALSE_CERTIFICATE, FOUND, OWN, REFUSED, STATES, AccountApp, keep
from tests.ui.account_kit import NOW as TOLD_AT
from tests.ui.compose_kit import OTHER, SENDERS, STUDIO, FakeDrafting, FakeOutgoing
from tests.visual.warnings import warnings

NOW = datetime.fromisoformat("2026-11-22T09:30:00+01:00")
PATIENCE = 60
ROUNDS = 20
"""Of the event loop without anything to do: on a busy machine a quarter of a second may pass in a single one."""
STANDING = (
    "first run",
    "password expired",
    "server gone",
    "certificate wrong",
    "quota filling",
    "quota full",
    "emptied folder",
)
"""Of `STATES`: those of which there is a picture."""
FOLDERS = {
    "INBOX": FolderRole.INBOX,
    "INBOX.Inviata": FolderRole.SENT,
    "INBOX.Pratiche.Rossi e Bianchi": None,
    "INBOX.Pratiche.Condominio Aurora": None,
    "INBOX.Cestino": FolderRole.TRASH,
}
"""Of one mailbox, for one picture."""
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
        quiet_since, rounds = time.monotonic(), 0
        while rounds < ROUNDS or time.monotonic() - quiet_since < settle or not (happened() or settle):
            QCoreApplication.processEvents(loop, 10)
            rounds += 1
            busy = not self._is_idle()
            if busy:
                quiet_since, rounds = time.monotonic(), 0
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
        ("shortcuts", ShortcutsDialog(studio.desk, home.menus.grouped_actions(), home)),
    ):
        if isinstance(dialog, ExportDialog):
            dialog.form.folder.setText("/media/archivio/Prove")
        studio.take(dialog, name)
        studio.away(dialog)
    studio.away(home)


def compose(studio: Studio) -> None:
    """Against drafts in memory: nothing of it comes into the lists of the other pictures."""
    drafting = FakeDrafting(usual=OTHER)
    window = ComposeWindow(
        studio.desk,
        drafting.new(STUDIO),
        SENDERS,
        drafting=cast(Drafting, drafting),
        outgoing=cast(Outgoing, FakeOutgoing(drafting)),
    )
    window.form.to.take_in("Mario Rossi <m.rossi@pec.avvocati.example>, info@rosticceria.example, nuovo@pec.example")
    window.form.cc.take_in("protocollo@pec.comune.example")
    window.form.subject.setText("Diffida ad adempiere – contratto n. 88/2025")
    window.form.editor.setPlainText("Spett.le Comune,\n\ntrasmetto in allegato la diffida.\n\nAvv. Laura Verdi\n")
    for name, content in (
        ("diffida.pdf", b"%PDF-1.7 /ByteRange [0 1] /SubFilter /ETSI.CAdES.detached" + bytes(214_000)),
        ("contratto-88-2025.pdf", b"%PDF-1.7" + bytes(1_200_000)),
    ):
        window.attaching.content(name, content, "application/pdf")
    window.show()
    studio.wait(lambda: len(window.attachments.cards) == 2)
    window.keeper.save_now()
    window.bar.send.setFocus()
    studio.take(window, "compose")
    window.form.to.take_in("sbagliato@")
    window.send()
    studio.wait(lambda: window.leaving.checks.is_blocked)
    studio.take(window, "compose-stopped")
    window.form.to.chips[-1].removal_asked.emit()
    window.send()
    studio.wait(lambda: window.leaving.checks.asks and not window.leaving.checks.is_blocked)
    studio.take(window, "compose-questions")
    window.leaving.countdown._now = lambda: 0.0  # it stands still
    window.leaving.checks.go_button.click()
    studio.wait(lambda: window.leaving.countdown.is_counting)
    studio.take(window, "compose-countdown")
    studio.away(window)


def mailboxes(studio: Studio) -> None:
    """Mailboxes that are not in order, as the side bar tells it and as the whole state tells it; no server is asked."""
    root = studio.folder / "mailboxes"
    shutil.rmtree(root, ignore_errors=True)
    keep(root, ARUBA, OWN)
    desk = Desk(AccountApp.open(root), studio.desk.theme, lambda: TOLD_AT, studio.desk.language.code)
    workers, office = cast(AccountApp, desk.app).syncing, replace(studio, desk=desk, empty=desk)
    workers.tell(replace(CURRENT, account=OWN.key))
    for name in STANDING:
        workers.tell(STATES[name])
        window, dialog = MainWindow(desk), StatusDialog(desk, ARUBA.address)
        window.resize(1000, 640)
        office.take(window, f"mailbox-{name.replace(' ', '-')}")
        office.take(dialog, f"mailbox-{name.replace(' ', '-')}-told")
        for each in (dialog, window):
            office.away(each)
    window = MainWindow(desk)
    window.resize(1000, 860)
    for name, role in FOLDERS.items():
        desk.app.store.know_folder(ARUBA.key, name, ".", role)
    office.wait(lambda: window.side_bar.folders)
    office.take(window, "mailbox-folders")
    office.away(window)
    settings = SettingsDialog(desk)
    settings.show_accounts()
    office.take(settings, "settings-mailboxes")
    office.away(settings)
    first_run(office)
    desk.close()


def first_run(office: Studio) -> None:
    """A mailbox from its address to its first mail, with what goes wrong on the way."""
    servers, wizard = cast(AccountApp, office.desk.app).servers, AccountWizard(office.desk, is_first_run=True)
    office.take(wizard, "first-run-address")
    wizard.address.address.setText("notaio@studio.example")
    wizard.go_on()
    office.take(wizard, "first-run-provider")
    wizard.go_back()
    wizard.address.address.setText("avv.neri@pec.it")
    wizard.go_on()
    office.take(wizard, "first-run-password")
    wizard.password.password.field.setText("segreta")
    for name, answer in (("refused", REFUSED), ("certificate", FALSE_CERTIFICATE), ("found", FOUND)):
        servers.answers = [answer]
        wizard.go_on()
        office.wait(lambda: not wizard.work.is_busy)
        office.take(wizard, f"first-run-{name}")
    office.away(wizard)


WITH_EVERY_TROUBLE = ("light-it-100", "dark-en-100")
"""Mailboxes in trouble and every warning: in each language and theme once, for they are many."""


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
    rare = (mailboxes, warnings) if prefix in WITH_EVERY_TROUBLE else ()
    for part in (main_window, inspector, dialogs, compose, *rare):
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
