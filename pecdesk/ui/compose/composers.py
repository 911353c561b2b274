"""All compose windows: several side by side, each draft only once; and the ways a message is begun."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, Signal

from pecdesk.app.drafting import Drafting
from pecdesk.pec.draft import Draft
from pecdesk.pec.message import normal_address
from pecdesk.store import Row
from pecdesk.ui.compose.compose_window import ComposeWindow
from pecdesk.ui.compose.senders import Sender, senders
from pecdesk.ui.desk import Desk
from pecdesk.ui.open_windows import OpenWindows, to_front

Begin = Callable[[Drafting, str], Draft]
"""Makes the draft, given the account to write from where nothing else says it."""


class Composers(QObject):
    """Opens compose windows. What a draft is made of is fetched in the background; then its window opens."""

    failed = Signal(Exception)
    no_account = Signal()
    """Nothing can be written as long as no account is set up."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent or desk)
        self._desk = desk
        self._open: OpenWindows[ComposeWindow] = OpenWindows()

    @property
    def windows(self) -> tuple[ComposeWindow, ...]:
        """Those that are open, oldest first."""
        return tuple(self._open)

    # beginning

    def new(self, account: str | None = None) -> None:
        """Write a new message, from that account where it is one."""
        self._begin(lambda drafting, usual: drafting.new(usual), account)

    def open_draft(self, draft_id: str) -> None:
        """Go on writing a draft."""
        if (window := self._open.get(draft_id)) is not None:
            to_front(window)
        else:
            self._begin(lambda drafting, _usual: drafting.get(draft_id))

    def reply(self, row: Row) -> None:
        """Answer who wrote a message."""
        self._begin(lambda drafting, _usual: drafting.reply(row))

    def reply_all(self, row: Row) -> None:
        """Answer everybody."""
        self._begin(lambda drafting, _usual: drafting.reply_all(row))

    def forward(self, row: Row) -> None:
        """Send a message on, its bytes untouched."""
        self._begin(lambda drafting, _usual: drafting.forward(row))

    def forward_whole(self, row: Row) -> None:
        """The same with the provider's envelope around it, by which others can verify its certification."""
        self._begin(lambda drafting, _usual: drafting.forward(row, whole=True))

    def resend(self, row: Row) -> None:
        """Send it again to those it failed for, as a new message."""
        self._begin(lambda drafting, _usual: drafting.resend(row))

    def request_log(self, row: Row) -> None:
        """Ask the provider for the log of a lost receipt."""
        self._begin(lambda drafting, _usual: drafting.log_request(row))

    def write_to(self, mailto: str) -> None:
        """Begin what a `mailto:` link asks for."""
        self._begin(lambda drafting, _usual: drafting.from_mailto(mailto))

    def with_files(self, paths: Sequence[Path], mailto: str = "") -> None:
        """Begin a message with these files, and with what a `mailto:` link asks for."""
        self._begin(lambda drafting, _usual: drafting.from_files(list(paths), mailto))

    def take_back(self, row_id: int) -> None:
        """Take a message out of the outbox, and write on."""
        outgoing, at = self._desk.app.outgoing, self._desk.clock()
        self._begin(lambda _drafting, _usual: outgoing.withdraw(row_id, at))

    def _begin(self, begin: Begin, account: str | None = None) -> None:
        app = self._desk.app

        def work() -> tuple[Draft | None, tuple[Sender, ...]]:
            known = senders(app)
            if not known:
                return None, ()
            wanted = normal_address(account or "")
            usual = next((one for one in known if normal_address(one.address) == wanted), known[0])
            return begin(app.drafting, usual.address), known

        self._desk.background.errand(work, self._take, self.failed.emit, owner=self)

    def _take(self, found: tuple[Draft | None, tuple[Sender, ...]]) -> None:
        draft, known = found
        if draft is None:
            self.no_account.emit()
        elif (window := self._open.get(draft.id)) is not None:
            to_front(window)
        else:
            self._show(draft, known)

    # windows

    def _show(self, draft: Draft, known: tuple[Sender, ...]) -> None:
        window = ComposeWindow(self._desk, draft, known)
        window.closing.connect(lambda: self._open.forget(draft.id))
        self._open.add(draft.id, window)
        to_front(window)

    def close_all(self) -> None:
        """Close every one of them; what was written is saved first, and where it cannot be its window stays."""
        self._open.close_all()

    @property
    def place(self) -> QByteArray:
        """Size and place of the window that was closed last, to be remembered; empty when none was."""
        return self._open.place

    def remember_place(self, place: QByteArray) -> None:
        """Where the next window stands."""
        self._open.place = place
