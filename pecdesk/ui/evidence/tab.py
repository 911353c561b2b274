"""What the seven tabs have in common: a page that scrolls, what it is told, what may be asked in it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal

from pecdesk.errors import N_
from pecdesk.explain.evidence_page import EvidencePage
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.inspection import Inspection, Known
from pecdesk.ui.evidence.page import Page
from pecdesk.ui.style.panels import View


@dataclass(frozen=True, slots=True)
class Shown:
    """What an inspector shows at one moment."""

    inspection: Inspection
    known: Known
    page: EvidencePage
    language: str
    """Its code: the same facts are said anew in another one."""


class EvidenceTab(View):
    """One tab: told what is known whenever it is looked at, and only if what it shows is not what it should."""

    evidence_asked = Signal(str)
    nested_asked = Signal(object, str)
    """The bytes of a message inside, and what to call it."""
    copied = Signal(str)
    """What was copied, in words."""

    def __init__(self, desk: Desk, loading: str = N_("Loading…")) -> None:
        self.desk = desk
        self.page = Page()
        self._content: object = None
        super().__init__(desk.theme, self.page, desk.say(loading))

    def content_of(self, shown: Shown) -> object:
        """All that this tab draws, to be compared: what is the same keeps its scroll, its selection, its focus."""
        raise NotImplementedError

    def draw(self, shown: Shown) -> None:
        """Make the content of the tab."""
        raise NotImplementedError

    def tell(self, shown: Shown) -> None:
        """Show this, unless it stands there already."""
        content = (shown.language, shown.inspection, self.content_of(shown))
        if content != self._content:
            self._content = content
            self.page.clear()
            self.draw(shown)

    def forget(self) -> None:
        """Draw everything again the next time."""
        self._content = None
