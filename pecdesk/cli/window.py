"""`pecdesk` alone and `pecdesk open`: hands over to the window, which this package does not import."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pecdesk.errors import N_, PecdeskError
from pecdesk.mime.mailto import is_mailto


class OpenWindow(Protocol):
    """Opens the window, comes back when the last one was closed, and answers with the exit code."""

    def __call__(
        self,
        *,
        profile: Path | None,
        files: Sequence[Path],
        links: Sequence[str],
        attached: Sequence[Path],
        language: str | None,
        now: datetime | None,
    ) -> int:
        """`files`: messages to show, each in an inspector of its own, without the main window. `links`: `mailto:` links
        to write to; `attached`: files that begin a message, the one of the first link where there is one. `now`: a
        moment that stands still, for tests."""


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a window can be shown here."""
    if environment.get("QT_QPA_PLATFORM"):
        return True
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def show_window(
    open_window: OpenWindow | None,
    *,
    profile: Path | None,
    files: Sequence[str] = (),
    attached: Sequence[str] = (),
    language: str | None = None,
    now: datetime | None = None,
) -> int:
    """Open the window; what is named is a file or a `mailto:` link. Raises PecdeskError where there is no screen."""
    if open_window is None or not has_display():
        raise PecdeskError(
            N_("There is no screen here to open the window on."),
            N_("Everything can be done in the terminal as well: see `pecdesk --help`."),
        )
    return open_window(
        profile=profile,
        files=[Path(name).absolute() for name in files if not is_mailto(name)],
        links=[name for name in files if is_mailto(name)],
        attached=[Path(name).absolute() for name in attached],
        language=language,
        now=now,
    )
