"""The console script: the command line, with the window handed to it (it never imports the window itself)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pecdesk.cli.main import run


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(open_window=_open_window))


def _open_window(
    *,
    profile: Path | None,
    files: Sequence[Path],
    links: Sequence[str],
    attached: Sequence[Path],
    language: str | None,
    now: datetime | None,
) -> int:
    """Open the window; Qt is loaded only now."""
    from pecdesk.ui.application import open_window  # noqa: PLC0415 - most commands need no Qt

    return open_window(profile=profile, files=files, links=links, attached=attached, language=language, now=now)


if __name__ == "__main__":
    main()
