"""The ground of every dialog: content that scrolls, a notice in place, long work in place, buttons below."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from pecdesk.errors import N_, CancelledError
from pecdesk.explain import Tone
from pecdesk.ui.button_keys import ButtonKeys
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import Notice, rule
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import MARGIN, STEP
from pecdesk.ui.work_bar import WorkBar

Action = tuple[str, Callable[[], object]]
"""Words of a button and what it does."""

SCREEN_MARGIN = 60
"""Device-independent pixels that a dialog leaves free of the screen, for title bars and panels."""


class Dialog(QDialog):
    """A window of its own before another one; whoever opens it does not wait for it.

    Escape closes it. While work goes on it asks first, in place: what can be stopped is stopped, what cannot goes on
    without the window.
    """

    blocks = False
    """Whether the window behind it takes no input meanwhile."""
    scrolls = True
    """Whether all of the content scrolls; else its parts do."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._pages: tuple[QWidget, ...] = ()
        self.page: QWidget | None = None
        self._asks = self._closes_at_end = False
        self.body = QVBoxLayout()
        self.body.setContentsMargins(MARGIN, MARGIN, MARGIN, 4 * STEP)
        self.body.setSpacing(3 * STEP)
        content = Content()
        content.setLayout(self.body)
        self.notice = Notice(desk.theme)
        self.work = WorkBar(desk)
        self.work.ended.connect(self._end_asking)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(2 * STEP)
        self.buttons.addStretch(1)
        below = QVBoxLayout()
        below.setContentsMargins(MARGIN, 3 * STEP, MARGIN, 4 * STEP)
        below.setSpacing(3 * STEP)
        below.addWidget(self.notice)
        below.addWidget(self.work)
        below.addLayout(self.buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scrolling(content) if self.scrolls else content, 1)
        layout.addWidget(rule())
        layout.addLayout(below)
        ButtonKeys(self)
        desk.language_changed.connect(self.retranslate)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        raise NotImplementedError

    def fit(self, width: int, height: int) -> None:
        """Open at this size, or at what the screen has."""
        room = self.screen().availableGeometry().size()
        self.resize(min(width, room.width() - SCREEN_MARGIN), min(height, room.height() - SCREEN_MARGIN))

    def add_pages(self, *pages: QWidget) -> None:
        """Put pages below what the body has, of which one is seen at a time: at first the first."""
        self._pages = pages
        for page in pages:
            self.body.addWidget(page, 1)
        self.turn_to(pages[0])

    def turn_to(self, page: QWidget) -> None:
        """See this page."""
        self.page = page
        for other in self._pages:
            other.setVisible(other is page)

    def add_button(self, look: str = "") -> QPushButton:
        """A button of the row below; the primary one is what Enter does."""
        button = QPushButton()
        button.setAutoDefault(False)
        button.setDefault(look == "primary")
        button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        wear(button, look)
        self.buttons.addWidget(button)
        return button

    def complain(self, error: Exception, action: Action | None = None) -> None:
        """Say in place what went wrong and what can be done at once; what the user stopped is no failure."""
        stopped = isinstance(error, CancelledError)
        tone, icon = (Tone.BLUE, "information") if stopped else (Tone.RED, "warning")
        self.notice.say(tone, self.desk.sentence(error), action, icon=icon)

    def open(self) -> None:
        """Show it, and go on."""
        if self.blocks:
            super().open()
        else:
            self.show()

    @property
    def is_at_work(self) -> bool:
        """Whether closing it would cut work short."""
        return self.work.is_busy and self.work.can_stop

    def reject(self) -> None:
        if not self.is_at_work:
            super().reject()
            return
        say = self.desk.say
        self._asks = True
        self.notice.say(
            Tone.BLUE,
            say(N_("This has not ended yet.")),
            (say(N_("Stop and close")), self._stop_and_close),
        )
        self.notice.take_keys()

    def _stop_and_close(self) -> None:
        self._closes_at_end = True
        self.work.stop()

    def _end_asking(self) -> None:
        if self._asks:
            self.notice.hide()
        self._asks = False
        if self._closes_at_end:
            super().reject()


class Content(QWidget):
    """What scrolls as a whole: it asks for the height of its lines at the width it has.

    A layout's own least height is that of wrapped lines at their narrowest, far more than is needed.
    """

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)


def scrolling(content: Content) -> QScrollArea:
    """The content, in a frame that scrolls up and down when there is not room enough."""
    frame = QScrollArea()
    frame.setFrameShape(QFrame.Shape.NoFrame)
    frame.setWidgetResizable(True)
    frame.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    frame.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    frame.setWidget(content)
    return frame
