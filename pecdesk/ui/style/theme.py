"""The theme in force: the user's choice, or the system's, followed live."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from pecdesk.ui.style.sheet import style_sheet
from pecdesk.ui.style.tokens import DARK, LIGHT, Palette

SCHEMES = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
"""The words of the settings and what Qt calls them."""


class Theme(QObject):
    """The colours in force. Whoever paints by hand reads `palette` and repaints at `changed`."""

    changed = Signal()

    def __init__(self, application: QApplication, wish: str = "system") -> None:
        super().__init__(application)
        self._application = application
        self.palette: Palette = LIGHT
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._follow)
        self.wish(wish)

    @property
    def is_dark(self) -> bool:
        """Whether light letters stand on a dark ground."""
        return self.palette.is_dark

    def wish(self, theme: str) -> None:
        """`light`, `dark`, or `system`."""
        self._application.styleHints().setColorScheme(SCHEMES[theme])
        self._apply(DARK if theme == "dark" or (theme == "system" and self._system_is_dark()) else LIGHT)

    def set_font(self, font: QFont) -> None:
        """Write everything in letters of this size; the looks of the sheet are in proportion to it."""
        self._application.setFont(font)
        self._apply(self.palette)

    def _system_is_dark(self) -> bool:
        return self._application.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def _follow(self) -> None:
        self._apply(DARK if self._system_is_dark() else LIGHT)

    def _apply(self, palette: Palette) -> None:
        self.palette = palette
        self._application.setPalette(_qt_palette(palette))
        sheet = style_sheet(palette, self._application.font().pointSizeF())
        if sheet != self._application.styleSheet():  # every widget there is would be dressed again
            self._application.setStyleSheet(sheet)
        self.changed.emit()


def _qt_palette(colours: Palette) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, colours.surface),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.raised),
        (role.Button, colours.raised),
        (role.WindowText, colours.ink),
        (role.Text, colours.ink),
        (role.ButtonText, colours.ink),
        (role.BrightText, colours.ink),
        (role.PlaceholderText, colours.muted),
        (role.ToolTipBase, colours.raised),
        (role.ToolTipText, colours.ink),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.accent),
        (role.Light, colours.surface),
        (role.Midlight, colours.line),
        (role.Mid, colours.line),
        (role.Dark, colours.outline),
        (role.Shadow, colours.outline),
    ):
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(colours.outline))
    return palette
