"""The authorities this archive believes: where each comes from, its fingerprint; one added by hand, or taken away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Shape, Tone
from pecdesk.explain.authorities import origin
from pecdesk.explain.visible import visible
from pecdesk.trust import AnchorSet, TrustPolicy
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Content, Dialog
from pecdesk.ui.outside import Outside
from pecdesk.ui.settings.new_authority import NewAuthority
from pecdesk.ui.settings.trust_words import in_fours, trust_data
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.seal import SealLabel
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP
from pecdesk.ui.work_bar import Work


class TrustPage(Content):
    """A card for each authority, and what is asked before one is added."""

    def __init__(self, desk: Desk, dialog: Dialog, outside: Outside) -> None:
        super().__init__()
        self._desk = desk
        self._dialog = dialog
        self._outside = outside
        self._anchors: AnchorSet | None = None
        self._intro = label("", "muted", wraps=True)
        self._data = label("", "muted", wraps=True, selectable=True)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(3 * STEP)
        self.remove_buttons: dict[str, QPushButton] = {}
        self.add_button = QPushButton()
        self.add_button.setAutoDefault(False)
        self.new = NewAuthority(desk)
        row = QHBoxLayout()
        row.addWidget(self.add_button)
        row.addStretch(1)
        self._known = QWidget()
        known = QVBoxLayout(self._known)
        known.setContentsMargins(0, 0, 0, 0)
        known.setSpacing(3 * STEP)
        known.addWidget(self._data)
        known.addLayout(self._cards)
        known.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4 * STEP, 2 * STEP, 0)
        column.setSpacing(3 * STEP)
        for widget in (self._intro, self.new, self._known):
            column.addWidget(widget)
        column.addStretch(1)
        self.add_button.clicked.connect(self._choose)
        self.new.confirmed.connect(self._add)
        self.new.given_up.connect(self._forget)

    def retranslate(self) -> None:
        """Say everything anew."""
        say = self._desk.say
        self._intro.setText(
            say(
                N_(
                    "A message is certified when a provider's signature leads to one of these authorities. What you"
                    " add by hand is marked for ever, on every screen and every page, and never drawn in green."
                )
            )
        )
        self.add_button.setText(say(N_("Add an a&uthority…")))
        self.new.retranslate()
        self._draw()

    def refresh(self) -> None:
        """Read what is trusted now."""
        app = self._desk.app
        self._desk.background.query(lambda: app.anchors, self._take, self._dialog.complain, owner=self)

    def _take(self, anchors: AnchorSet) -> None:
        self._anchors = anchors
        self._draw()

    def _draw(self) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.remove_buttons.clear()
        if self._anchors is None:
            return
        self._data.setText("\n".join(trust_data(self._anchors.version, self._desk)))
        for policy in self._anchors.policies:
            self._cards.addWidget(self._card(policy))

    def _card(self, policy: TrustPolicy) -> QFrame:
        say = self._desk.say
        card = QFrame()
        wear(card, "card")
        head = QHBoxLayout()
        head.setSpacing(2 * STEP)
        if policy.by_hand:
            seal = SealLabel(self._desk.theme)
            seal.paper = self._desk.theme.palette.raised
            seal.show_mark(Shape.SQUARE_SEAL, Tone.BLUE, say(N_("Checked against trust added by hand")))
            head.addWidget(seal)
        head.addWidget(label(visible(policy.name), "strong", wraps=True), 1)
        head.addWidget(label(say(origin(policy)), "muted"))
        if policy.by_hand:
            button = QPushButton(say(N_("Remove")))
            button.setAutoDefault(False)
            button.setAccessibleName(say(N_("Remove {name}"), name=visible(policy.name)))
            wear(button, "link")
            button.clicked.connect(lambda: self._ask_removal(policy))
            self.remove_buttons[policy.name] = button
            head.addWidget(button)
        column = QVBoxLayout(card)
        column.setContentsMargins(4 * STEP, 3 * STEP, 4 * STEP, 3 * STEP)
        column.setSpacing(STEP)
        column.addLayout(head)
        for anchor in policy.anchors:
            column.addWidget(FlowText(visible(anchor.name), "small", selectable=True))
            column.addWidget(label(say(N_("SHA-256 of its key")), "small"))
            column.addWidget(FlowText(in_fours(anchor.key_sha256), "code", selectable=True))
        return card

    # adding

    def _choose(self) -> None:
        say = self._desk.say
        kinds = (say(N_("Trust policy (*.toml)")), say(N_("All (*)")))
        self._outside.choose_files(self, say(N_("Add an authority")), kinds, lambda paths: self._read(paths[0]))

    def _read(self, file: Path) -> None:
        app = self._desk.app
        self._dialog.notice.hide()
        self._desk.background.query(lambda: app.read_trust(file), self._ask, self._dialog.complain, owner=self)

    def _ask(self, policy: TrustPolicy) -> None:
        """One question at a time: what is known already steps aside."""
        self._known.hide()
        self.new.ask(policy)

    def _forget(self) -> None:
        self._known.show()
        self.add_button.setFocus()

    def _add(self, policy: TrustPolicy) -> None:
        app, now = self._desk.app, self._desk.clock()
        self._known.show()
        self._work(
            lambda progress, _cancelled: app.keep_trust(policy, now, progress),
            self._desk.say(N_("Added by hand: {name}. It stays marked wherever it counts."), name=visible(policy.name)),
        )

    # taking away

    def _ask_removal(self, policy: TrustPolicy) -> None:
        say = self._desk.say
        self._dialog.notice.say(
            Tone.AMBER,
            say(
                N_(
                    "Trust {name} no longer? What it proved will count as not certified; every message is judged again."
                ),
                name=visible(policy.name),
            ),
            (say(N_("Remove it")), lambda: self._remove(policy)),
            icon="warning",
        )
        self._dialog.notice.take_keys()

    def _remove(self, policy: TrustPolicy) -> None:
        app, now = self._desk.app, self._desk.clock()
        self._work(
            lambda progress, _cancelled: app.remove_trust(policy.name, now, progress),
            self._desk.say(N_("No longer trusted: {name}."), name=visible(policy.name)),
        )

    def _work(self, work: Work[None], done: str) -> None:
        """Change the trust, which judges every message again."""
        if self._dialog.work.is_busy:
            return
        self._dialog.notice.hide()
        self.setEnabled(False)

        def end(_nothing: None) -> None:
            self.setEnabled(True)
            self.refresh()
            self._dialog.notice.say(Tone.BLUE, done)

        def fail(error: Exception) -> None:
            self.setEnabled(True)
            self.refresh()
            self._dialog.complain(error)

        words = self._desk.say(N_("Every message is judged again…"))
        self._dialog.work.run(words, work, end, fail, can_stop=False)
