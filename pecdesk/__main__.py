"""The console script: the command line, with the window handed to it (it never imports the window itself)."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

TURN_SECONDS = 0.0005
"""How long Python lets a busy thread go on while others wait that have a server, a helper or the disk to serve: with
its own 0.005 a first synchronisation took a tenth longer."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.setswitchinterval(TURN_SECONDS)
    _open_standard_streams()
    try:
        from pecdesk.cli.main import run  # noqa: PLC0415 - Ctrl-C while it loads is no crash either

        code = run(open_window=_open_window)
    except KeyboardInterrupt:
        code = 3  # as pecdesk.cli.exits has it; nothing was begun
    sys.exit(code)


def _open_standard_streams() -> None:
    """Let nothing else take the number of a standard stream that whoever started us has closed: what some library says
    there would come into the next file that is opened, which may be the journal."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest free number, which is this one
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


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
