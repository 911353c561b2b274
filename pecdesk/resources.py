"""Where the data shipped with the program lies: `resources/` beside the package, or `pecdesk/_resources` in a wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def resources() -> Path:
    """The folder of shipped data, in an installed wheel, an editable install or the source tree."""
    package = Path(__file__).resolve().parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"
