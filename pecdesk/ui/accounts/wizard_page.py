"""What every page of the wizard has: its heading, and whether it lets the user go on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pecdesk.errors import N_


class WizardPage(QWidget):
    """One page. Its words are templates; `{address}` is the mailbox."""

    changed = Signal()
    """What was typed or chosen on it."""
    title = ""
    intro = ""
    following = N_("Ne&xt")
    """What the button says that goes on."""

    @property
    def is_answered(self) -> bool:
        """Whether the user may go on."""
        return True

    def retranslate(self) -> None:
        """Say everything anew."""
        raise NotImplementedError
