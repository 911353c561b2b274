"""Every colour and distance of the window, for light and dark.

Text on its ground reaches the contrast of WCAG 2.1 AA (4.5 to 1) in both; a test computes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from pecdesk.explain import Tone


@dataclass(frozen=True, slots=True)
class Ink:
    """A colour and the tint it stands on."""

    ink: str
    tint: str


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme. Colours as `#rrggbb`."""

    is_dark: bool
    surface: str
    """Ground of list and reader."""
    side: str
    """Ground of the side bar."""
    raised: str
    """Ground of cards and fields."""
    selected: str
    hover: str
    line: str
    """Hairlines; never the only carrier of a meaning."""
    outline: str
    """Edges of fields and buttons, 3 to 1 on the surface (WCAG 1.4.11)."""
    ink: str
    muted: str
    faint: str
    """Placeholders of seals that are not there; decoration."""
    accent: str
    accent_hover: str
    on_accent: str
    tones: dict[Tone, Ink]


LIGHT = Palette(
    is_dark=False,
    surface="#ffffff",
    side="#f6f7f9",
    raised="#f6f7f9",
    selected="#e8f0fe",
    hover="#eef1f6",
    line="#e3e6eb",
    outline="#868e9b",
    ink="#1b1f27",
    muted="#5b6472",
    faint="#b4bbc6",
    accent="#1f5fd6",
    accent_hover="#184fb6",
    on_accent="#ffffff",
    tones={
        Tone.GREEN: Ink("#17703f", "#e3f4ea"),
        Tone.BLUE: Ink("#1f55a8", "#e6eef9"),
        Tone.AMBER: Ink("#875500", "#fdf1dc"),
        Tone.RED: Ink("#b3261e", "#fbe7e6"),
        Tone.GREY: Ink("#545d6b", "#eceff3"),
    },
)

DARK = Palette(
    is_dark=True,
    surface="#1c2027",
    side="#15181d",
    raised="#181b21",
    selected="#26334d",
    hover="#232831",
    line="#2b313b",
    outline="#6a7383",
    ink="#e6e9ee",
    muted="#a3adbd",
    faint="#4d5563",
    accent="#7aa7ff",
    accent_hover="#9bbdff",
    on_accent="#10151d",
    tones={
        Tone.GREEN: Ink("#5ccb8e", "#173325"),
        Tone.BLUE: Ink("#8db4ff", "#1b2b45"),
        Tone.AMBER: Ink("#e7b04b", "#3a2c11"),
        Tone.RED: Ink("#ff8f87", "#3d1d1b"),
        Tone.GREY: Ink("#a9b2c0", "#2a303a"),
    },
)

STEP = 4
"""The unit of distance, in device-independent pixels; gaps are multiples of it."""
RADIUS = 6
MARGIN = 6 * STEP
"""Around the content of a page."""
MARK = 16
"""Side of a seal in a line of text."""
