"""The attachments of one message, each a card; their bytes are fetched in the background, and only when asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDrag, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.dangers import why_only_saved
from pecdesk.explain.visible import visible
from pecdesk.mime import safe_file_name
from pecdesk.store import StoredMessage
from pecdesk.ui.background import Failed
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Action
from pecdesk.ui.outside import Desktop, Outside, documents
from pecdesk.ui.reader.attachment_card import AttachmentCard
from pecdesk.ui.reader.handing_over import HandingOver, saved_beside
from pecdesk.ui.reader.scrolling import keep_in_view
from pecdesk.ui.style.file_icon import is_message
from pecdesk.ui.style.panels import Notice, label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

FEW = 20
"""Cards shown before all are asked for."""


class AttachmentList(QWidget):
    """Cards one under the other; Tab reaches the one that was looked at last, the arrow keys the others."""

    nested_asked = Signal(object, str)
    """An attached message is to be opened: its bytes, and its name."""

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, outside: Outside | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._outside = outside or Desktop()
        self._handing_over = HandingOver(desk, self, self._outside)
        self._message: StoredMessage | None = None
        self.cards: list[AttachmentCard] = []
        self.title = label("", "section")
        self.save_all_button, self.show_all_button = QPushButton(), QPushButton()
        for button, act in ((self.save_all_button, self._save_all), (self.show_all_button, self._show_all)):
            wear(button, "link")
            button.clicked.connect(act)
        self.notice = Notice(desk.theme)
        self._told_at = 0
        """Cards above what is told: it stands below the one that it is about, for there can be many."""
        self._column = QVBoxLayout()
        self._column.setSpacing(2 * STEP)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.save_all_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addLayout(top)
        column.addLayout(self._column)
        column.addWidget(self.show_all_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_message(self, message: StoredMessage | None) -> None:
        """Show what this message carries; nothing where it carries nothing."""
        before = self._message.examination.sha256 if self._message else None
        self._message = message
        if message is None or before != message.examination.sha256:
            self.notice.hide()
        while self.cards:
            card = self.cards.pop()
            card.hide()
            card.deleteLater()
        carried = message.examination.attachments if message is not None else ()
        self.setVisible(bool(carried))
        self.title.setText(self._desk.language.counted("One attachment", "{n} attachments", len(carried)).upper())
        self.save_all_button.setText(self._desk.say(N_("Save all…")))
        self.save_all_button.setVisible(len(carried) > 1)
        self._add_cards(FEW)

    def _add_cards(self, up_to: int) -> None:
        if self._message is None:
            return
        carried = self._message.examination.attachments
        for number, attachment in list(enumerate(carried))[len(self.cards) : up_to]:
            card = AttachmentCard(self._desk, attachment)
            card.open_asked.connect(lambda number=number: self._open(number))
            card.save_asked.connect(lambda number=number: self._save(number))
            card.drag_asked.connect(lambda number=number: self._drag(number))
            self.cards.append(card)
            self._column.addWidget(card)
        self._place_notice()
        self._set_current(0)
        self.show_all_button.setText(self._desk.say(N_("Show all {n} attachments"), n=len(carried)))
        self.show_all_button.setVisible(len(self.cards) < len(carried))

    def _show_all(self) -> None:
        if self._message is not None:
            self._add_cards(len(self._message.examination.attachments))

    # what is done with them

    def _fetching(self, number: int) -> Callable[[], bytes]:
        """Fetches the bytes of one attachment; for the background."""
        assert self._message is not None
        app, sha256 = self._desk.app, self._message.examination.sha256
        return lambda: app.attachment(sha256, number)

    def _open(self, number: int) -> None:
        card = self.cards[number]
        name = card.attachment.name
        if is_message(card.attachment):
            self._desk.background.query(
                self._fetching(number), lambda raw: self.nested_asked.emit(raw, name), self._failing(number), owner=self
            )
        elif card.danger is not None:
            self._refuse(number, why_only_saved(card.danger, self._desk.language))
        else:
            refuse, fail = lambda why: self._refuse(number, why), self._failing(number)
            self._handing_over.open(name, self._fetching(number), refuse, fail)

    def _refuse(self, number: int, why: str) -> None:
        save = (self._desk.say(N_("Save…")), lambda: self._save(number))
        name = visible(self.cards[number].attachment.name)
        self._tell(number + 1, Tone.AMBER, f"{name}: {why}", save, icon="warning")

    def _save(self, number: int) -> None:
        fetch = self._fetching(number)
        suggested = (documents() or Path.home()) / safe_file_name(self.cards[number].attachment.name)

        def chosen(path: Path) -> None:
            # The dialog has asked before it gave the name of a file that exists.
            self._handing_over.save(
                fetch, path, lambda path: self._tell_saved(number + 1, path), self._failing(number), replace=True
            )

        self._outside.choose_new_file(self, self._desk.say(N_("Save the attachment")), suggested, chosen)

    def _save_all(self) -> None:
        if self._message is None:
            return
        carried = self._message.examination.attachments
        wanted = [(one.name, self._fetching(number)) for number, one in enumerate(carried)]

        def chosen(folder: Path) -> None:
            self._handing_over.save_all(wanted, folder, lambda _paths: self._tell_saved(0, folder), self._failing(None))

        start = documents() or Path.home()
        self._outside.choose_folder(self, self._desk.say(N_("Save all attachments")), start, chosen)

    def _tell_saved(self, at: int, path: Path) -> None:
        folder = path if path.is_dir() else path.parent
        show = (self._desk.say(N_("Show in the folder")), lambda: self._outside.open(folder))
        self._tell(at, Tone.BLUE, self._desk.say(N_("Saved: {path}"), path=visible(str(path))), show)

    def _failing(self, number: int | None) -> Failed:
        """Tells what went wrong with one card, or with all."""
        at = 0 if number is None else number + 1
        return lambda error: self._tell(at, Tone.RED, visible(self._desk.sentence(error)), icon="warning")

    def _tell(self, at: int, tone: Tone, text: str, action: Action | None = None, *, icon: str = "information") -> None:
        """Tell it below so many cards, and where it is seen."""
        self._told_at = at
        self._place_notice()
        self.notice.say(tone, text, action, icon=icon)
        # Once it has its place.
        QTimer.singleShot(0, self.notice, lambda: keep_in_view(self.notice, self.notice.rect()))

    def _place_notice(self) -> None:
        self._column.removeWidget(self.notice)
        above = self.cards[: self._told_at][-1:]
        self._column.insertWidget(self._column.indexOf(above[0]) + 1 if above else 0, self.notice)

    def _drag(self, number: int) -> None:
        """Write a copy where only this user can read, then drag that: unless the button was let go meanwhile."""
        folder = Path(tempfile.mkdtemp(prefix="drag-", dir=self._desk.private_folder))
        name, fetch = self.cards[number].attachment.name, self._fetching(number)
        self._desk.background.query(
            lambda: saved_beside(name, fetch(), folder), self._begin_drag, self._failing(number), owner=self
        )

    def _begin_drag(self, path: Path) -> None:
        if not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            return
        content = QMimeData()
        content.setUrls([QUrl.fromLocalFile(str(path))])
        drag = QDrag(self)
        drag.setMimeData(content)
        drag.exec(Qt.DropAction.CopyAction)

    # keys

    def _set_current(self, number: int) -> None:
        for place, card in enumerate(self.cards):
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus if place == number else Qt.FocusPolicy.ClickFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        held = next((number for number, card in enumerate(self.cards) if card.hasFocus()), None)
        if not step or held is None or not 0 <= held + step < len(self.cards):
            super().keyPressEvent(event)
            return
        self._set_current(held + step)
        self.cards[held + step].setFocus(Qt.FocusReason.OtherFocusReason)
        keep_in_view(self.cards[held + step], self.cards[held + step].rect())
