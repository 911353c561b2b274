"""Size times recipients against what the provider takes: the product counts, and it counts the encoded message."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

GUARANTEED = 30_000_000
"""Bytes of that product which every provider takes (DM 2 November 2005, article 12)."""
NEARLY = 0.9
"""Share of the limit from which it is told in amber."""
BAR_WIDTH = 140
PARTS = 1000


class SizeMeter(QWidget):
    """How large a message becomes, and how much of the limit that is."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._size = self._recipients = self._limit = 0
        self.words = label("", "small")
        self.bar = QProgressBar()
        self.bar.setRange(0, PARTS)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(BAR_WIDTH)
        self.remark = label("", "small", wraps=True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout()
        row.setSpacing(2 * STEP)
        row.addWidget(self.bar)
        row.addWidget(self.words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.remark)
        desk.theme.changed.connect(self.retranslate)
        desk.language_changed.connect(self.retranslate)

    @property
    def is_over(self) -> bool:
        """Whether it is more than the provider is known to take."""
        return 0 < self._limit < self._size * max(self._recipients, 1)

    def show_size(self, size: int, recipients: int, limit: int) -> None:
        """Encoded bytes of the message, mailboxes it goes to, bytes of the product the provider takes (0: unknown)."""
        if (size, recipients, limit) != (self._size, self._recipients, self._limit):
            self._size, self._recipients, self._limit = size, recipients, limit
            self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        language, count = self._desk.language, max(self._recipients, 1)
        product = self._size * count
        # Without a known limit the bar fills up to what the law guarantees.
        share = product / (self._limit or GUARANTEED)
        told = {"size": language.size(self._size), "product": language.size(product)}
        if self._limit:
            told["limit"] = language.size(self._limit)
            words = language.counted(
                "{size} × one recipient = {product} of {limit}",
                "{size} × {n} recipients = {product} of {limit}",
                count,
                **told,
            )
        else:
            words = language.counted(
                "{size} × one recipient = {product}", "{size} × {n} recipients = {product}", count, **told
            )
        self.words.setText(words)
        self.bar.setValue(min(PARTS, round(share * PARTS)))
        self.bar.setAccessibleName(words)
        self._tell(share)

    def _tell(self, share: float) -> None:
        say, language = self._desk.say, self._desk.language
        tone, remark = "", ""
        if self.is_over:
            tone = "tone-red"
            remark = say(N_("That is more than the provider takes: fewer recipients at a time, or smaller files."))
        elif not self._limit and share > 1:
            tone = "tone-amber"
            remark = say(
                N_("The limit of this provider is not known; every provider takes at least {limit}."),
                limit=language.size(GUARANTEED),
            )
        elif share > NEARLY:
            tone = "tone-amber"
        wear(self.words, tone or "small")
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))
        colours = self._desk.theme.palette.tones
        ink = {"tone-red": colours[Tone.RED].ink, "tone-amber": colours[Tone.AMBER].ink}.get(tone)
        self.bar.setStyleSheet(f"QProgressBar::chunk {{ background: {ink}; border-radius: 3px; }}" if ink else "")
