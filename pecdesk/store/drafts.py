"""Drafts on the disk: a folder each, with `draft.json` and the attachments by SHA-256; the rows in the list follow.

Every write is durable and whole when it returns (temporary name, fsync, rename, fsync of the folder). An attachment is
there before the draft that names it, and goes after it: a crash between any two steps leaves the draft as it was or as
it is to be, and at most files that no draft names, which are swept away when they are old. A folder without
`draft.json` is no draft. Whoever edits a draft is alone at it: the last to save wins.

What lies there may come out of somebody else's copy: a draft is read only where it can be one, a folder that is a link
is none, and nothing is deleted but files of a draft.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from pecdesk.errors import N_, StoreError, UsageError
from pecdesk.pec.draft import Draft, DraftAttachment
from pecdesk.profile.paths import PRIVATE_FOLDER
from pecdesk.store.disk import reason, refused, sync_folder, write_file

FILE = "draft.json"
LARGEST_DRAFT = 50_000_000
"""Bytes of `draft.json`; nobody writes as much."""

_ID = re.compile(r"[0-9a-f]{32}")
_HASH = re.compile(r"[0-9a-f]{64}")
_OF_A_DRAFT = re.compile(rf"\.?(?:{re.escape(FILE)}|{_HASH.pattern})(?:\.new)?")
"""Names of the files in the folder of a draft, finished or half-written."""
_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(Draft).decode

_log = logging.getLogger("store")


def new_draft_id() -> str:
    """An id no other draft has."""
    return secrets.token_hex(16)


class DraftFolder:
    """The drafts of one profile. For any thread; nothing is kept in memory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        """`drafts` in the profile; made when the first one is saved."""

    def save(self, draft: Draft) -> Draft:
        """Keep the draft, in the place of what was saved of it before. Returns it as it was written.

        DiskFullError or StoreError: what was saved before is still there, unharmed.
        """
        folder = self._folder(draft.id)
        written = _encodable(draft)
        self._make(folder)
        write_file(folder / FILE, msgspec.json.format(_ENCODE(written), indent=1))
        return written

    def load(self, id_: str) -> Draft | None:
        """The draft of that id; None where there is none. StoreError where its file cannot be read."""
        path = self._folder(id_) / FILE
        if path.parent.is_symlink():
            return None
        try:
            found = _draft_in(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            why = reason(error) if isinstance(error, OSError) else "JSON"
            message = N_("The draft {path} cannot be read: {reason}.")
            raise StoreError(message, N_("The file is left as it is."), path=path, reason=why) from error
        return replace(found, id=id_)

    def ids(self) -> tuple[str, ...]:
        """The ids of all drafts, readable or not, sorted."""
        return tuple(sorted(path.name for path in self._folders() if (path / FILE).is_file()))

    def all(self) -> tuple[tuple[Draft, ...], tuple[StoreError, ...]]:
        """Every draft, the one saved last first; and what is wrong with those that cannot be read."""
        found: list[Draft] = []
        wrong: list[StoreError] = []
        for id_ in self.ids():
            try:
                draft = self.load(id_)
            except StoreError as error:
                wrong.append(error)
            else:
                if draft is not None:
                    found.append(draft)
        found.sort(
            key=lambda draft: (draft.written_at.timestamp() if draft.written_at else 0.0, draft.id), reverse=True
        )
        return tuple(found), tuple(wrong)

    def put(self, id_: str, raw: bytes) -> str:
        """Keep the bytes of an attachment beside a draft; their SHA-256. It is nothing until a saved draft names it."""
        folder = self._folder(id_)
        sha256 = hashlib.sha256(raw).hexdigest()
        path = folder / sha256
        self._make(folder)
        try:
            is_there = path.stat().st_size == len(raw) and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
        except OSError:
            is_there = False
        if is_there:
            os.utime(path)  # wanted again: no leftover
        else:
            write_file(path, raw)
        return sha256

    def attachment(self, id_: str, attachment: DraftAttachment) -> bytes:
        """The bytes of an attachment, checked against their hash. StoreError where they are missing or damaged."""
        path = self.path_of(id_, attachment.sha256)
        try:
            found = path.stat()
            is_whole = stat.S_ISREG(found.st_mode) and found.st_size == attachment.size
            raw = path.read_bytes() if is_whole else b""
        except OSError:
            raw = b""
        if len(raw) != attachment.size or hashlib.sha256(raw).hexdigest() != attachment.sha256:
            raise StoreError(
                N_("The file “{name}” of the draft is missing or damaged."),
                N_("Take it out of the draft and attach it again."),
                name=attachment.name,
            )
        return raw

    def path_of(self, id_: str, sha256: str) -> Path:
        """Where the bytes of an attachment lie."""
        if not _HASH.fullmatch(sha256):
            raise UsageError(N_("“{id}” is not the id of a draft."), id=sha256[:80])
        return self._folder(id_) / sha256

    def discard(self, id_: str) -> None:
        """Delete a draft with its attachments; one that is not there is no error."""
        folder = self._folder(id_)
        try:
            if folder.is_symlink():
                folder.unlink()
                return
            (folder / FILE).unlink(missing_ok=True)
            if folder.is_dir():
                sync_folder(folder)
                self._empty(folder, frozenset(), None)
        except OSError as error:
            raise refused(error, folder) from error

    def sweep(self, before: float) -> None:
        """Delete what crashes left: files that no draft names and that were written `before` that moment, in seconds
        since 1970. Younger ones may be of a draft that somebody is just about to save."""
        for folder in self._folders():
            try:
                draft = self.load(folder.name)
            except StoreError:
                continue
            keep = {FILE, *(file.sha256 for file in draft.attachments)} if draft is not None else set[str]()
            try:
                self._empty(folder, frozenset(keep), before)
            except OSError as error:
                _log.warning("drafts: a leftover stays, %s", reason(error))

    def _empty(self, folder: Path, keep: frozenset[str], before: float | None) -> None:
        """Delete the files of a draft that are not to be kept, and the folder where nothing is left in it."""
        for path in list(folder.iterdir()):
            with suppress(FileNotFoundError):
                is_ours = _OF_A_DRAFT.fullmatch(path.name) is not None
                if is_ours and path.name not in keep and (before is None or path.lstat().st_mtime < before):
                    path.unlink()
        if not keep and not any(folder.iterdir()):
            folder.rmdir()
            sync_folder(self.root)

    def _folders(self) -> Iterator[Path]:
        if self.root.is_dir():
            for path in sorted(self.root.iterdir()):
                if _ID.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
                    yield path

    def _folder(self, id_: str) -> Path:
        if not _ID.fullmatch(id_):
            raise UsageError(N_("“{id}” is not the id of a draft."), id=id_[:80])
        return self.root / id_

    def _make(self, folder: Path) -> None:
        """The folder with its name on the disk."""
        try:
            for path in (self.root, folder):
                if not path.is_dir():
                    with suppress(FileExistsError):
                        path.mkdir(mode=PRIVATE_FOLDER)
                    sync_folder(path.parent)
        except OSError as error:
            raise refused(error, folder) from error


def _draft_in(path: Path) -> Draft:
    """The draft in a file; OSError, ValueError or RecursionError where there is none in it that can be one."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST_DRAFT:
        raise ValueError(path.name)
    draft: Draft = _DECODE(path.read_bytes())
    if draft.written_at is not None and (draft.written_at.tzinfo is None or not 1970 < draft.written_at.year < 9999):
        raise ValueError(path.name)  # no moment that can be told in every zone
    return draft


def _encodable(draft: Draft) -> Draft:
    """The draft without halves of surrogate pairs, which a window may hand over and no file can hold."""
    found: Draft = msgspec.convert(_without_halves(msgspec.to_builtins(draft)), Draft)
    return found


def _without_halves(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list | tuple):
        return [_without_halves(each) for each in value]
    if isinstance(value, dict):
        return {name: _without_halves(each) for name, each in value.items()}
    return value
