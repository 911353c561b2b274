"""Attachments handed to the system: opened as a copy that harms nobody, or saved where the user wants them.

What may be opened, and under which name, is judged in `pecdesk.mime`, and the reasons are said in `pecdesk.explain`.
Content is fetched and written in the background.
"""

from __future__ import annotations

import os
import secrets
import stat
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject

from pecdesk.errors import N_, InputError
from pecdesk.explain.dangers import why_only_saved
from pecdesk.mime import Judgement, judged, safe_file_name, unique_name
from pecdesk.store.disk import refused, sync_file, write_all
from pecdesk.ui.background import Failed
from pecdesk.ui.desk import Desk
from pecdesk.ui.outside import Desktop, Outside

Fetch = Callable[[], bytes]
"""Gives the content of one attachment; called in the background."""

FROM_THE_INTERNET = b"[ZoneTransfer]\r\nZoneId=3\r\n"
"""What Windows keeps beside a file that came from outside, in the stream `Zone.Identifier`: programs then open it
guarded."""


class NameTakenError(InputError):
    """There is a file of that name already, and nobody was asked whether it may go."""


class HandingOver:
    """Opens and saves attachments for one part of the window."""

    def __init__(self, desk: Desk, owner: QObject, outside: Outside | None = None) -> None:
        self._desk = desk
        self._owner = owner
        self._outside = outside or Desktop()

    def open(self, name: str, fetch: Fetch, refused: Callable[[str], None], failed: Failed) -> None:
        """Show an attachment in the program the system has for it, as a copy; or say, with `refused`, why not."""
        folder = self._desk.private_folder

        def work() -> tuple[Judgement, Path | None]:
            content = fetch()
            judgement = judged(name, content)
            return judgement, written_for_opening(judgement, content, folder) if judgement.may_open else None

        def then(found: tuple[Judgement, Path | None]) -> None:
            judgement, path = found
            if judgement.danger is not None:
                refused(why_only_saved(judgement.danger, self._desk.language))
            elif path is not None and not self._outside.open(path):
                refused(self._desk.say(N_("The system has no program for this file. Save it instead.")))

        self._desk.background.query(work, then, failed, owner=self._owner)

    def save(self, fetch: Fetch, path: Path, then: Callable[[Path], None], failed: Failed, *, replace: bool) -> None:
        """Save an attachment as the user said; `replace` only where the user was asked."""
        self._desk.background.query(lambda: saved(fetch(), path, replace=replace), then, failed, owner=self._owner)

    def save_all(
        self,
        attachments: Sequence[tuple[str, Fetch]],
        folder: Path,
        then: Callable[[list[Path]], None],
        failed: Failed,
    ) -> None:
        """Save attachments, each with its name, into a folder, under safe names that nothing there has."""

        def work() -> list[Path]:
            return [saved_beside(name, fetch(), folder) for name, fetch in attachments]

        self._desk.background.query(work, then, failed, owner=self._owner)


def written_for_opening(judgement: Judgement, content: bytes, folder: Path) -> Path:
    """A copy to be opened, in a new folder of its own below `folder`: readable by this user, writable by nobody."""
    path = Path(tempfile.mkdtemp(prefix="open-", dir=folder)) / judgement.open_name
    saved(content, path, replace=False)
    path.chmod(stat.S_IRUSR)
    return path


def saved_beside(name: str, content: bytes, folder: Path) -> Path:
    """Save under a safe name in that folder, with a number where it is taken."""
    safe = safe_file_name(name)
    while True:
        try:
            taken = [entry.name for entry in folder.iterdir()]
        except OSError as error:
            raise refused(error, folder) from error
        try:
            return saved(content, folder / unique_name(safe, taken), replace=False)
        except NameTakenError:
            # Somebody was faster: the name is in the list the next time.
            continue


def saved(content: bytes, path: Path, *, replace: bool) -> Path:
    """Write a file whole or not at all; an existing one is replaced only if that is wanted.

    It has the rights of any new file and is never executable. Under Windows it is marked as coming from outside.
    Raises `NameTakenError`, or `StoreError` for what the disk refuses.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.new")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        try:
            try:
                write_all(descriptor, content)
                sync_file(descriptor)
            finally:
                os.close(descriptor)
            _put(temporary, path, replace=replace)
        finally:
            temporary.unlink(missing_ok=True)
    except FileExistsError as error:
        raise NameTakenError(N_("{path} is there already."), N_("Choose another name."), path=path) from error
    except OSError as error:
        raise refused(error, path) from error
    if sys.platform == "win32":
        mark_as_foreign(path)
    return path


def _put(temporary: Path, path: Path, *, replace: bool) -> None:
    if replace:
        temporary.replace(path)
        return
    try:
        # A link fails where the name is taken; there is no moment in between.
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:
        # File systems without links: the name is taken first, with nothing in it.
        path.touch(exist_ok=False)
        temporary.replace(path)


def mark_as_foreign(path: Path) -> None:
    """Note beside the file that it came from outside; file systems that cannot keep the note do without."""
    with suppress(OSError):
        Path(f"{path}:Zone.Identifier").write_bytes(FROM_THE_INTERNET)
