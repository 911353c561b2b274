"""Backup and restore of a whole profile, every file verified by its hash."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pecdesk.errors import N_, CancelledError, InputError, StoreError, UsageError
from pecdesk.profile import Profile
from pecdesk.store import Store
from pecdesk.store.database import refusals
from pecdesk.store.disk import begin_sync, sync_tree, write_file

MANIFEST = "manifest.sha256"
CHUNK = 1024 * 1024

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup or a restore copied."""

    files: int
    bytes: int


def back_up(profile: Profile, store: Store, target: Path, progress: Progress, cancelled: Callable[[], bool]) -> Copied:
    """Copy the profile into `target`, which may hold an older backup: what is there and right is not copied again.

    The manifest is written last; a backup without one was interrupted and is simply made again.
    """
    target = Path(os.path.abspath(target))  # noqa: PTH100 - resolve() would follow a user's symbolic link
    if target == profile.root or profile.root in target.parents:
        raise UsageError(N_("The backup cannot lie inside the profile."))
    if target.is_dir() and any(target.iterdir()) and not (target / "archive").is_dir():
        raise UsageError(N_("{folder} holds other things and no backup of pecdesk."), folder=target)
    with refusals(target):
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        (target / MANIFEST).unlink(missing_ok=True)
        started = begin_sync(target)
        lines, total = [], 0
        files = [path for path in _files(profile.root) if not _is_database(profile, path)]
        for done, path in enumerate(files, start=1):
            if cancelled():
                raise CancelledError(
                    N_("Cancelled: the backup is not finished. Made again there, it goes on from here.")
                )
            name = path.relative_to(profile.root)
            digest = _copy(path, target / name)
            if name.parts[0] == "archive" and digest != path.stem:
                raise StoreError(
                    N_("{path} is not what its name says: it was damaged."), N_("Run `pecdesk doctor`."), path=path
                )
            lines.append(f"{digest}  {name.as_posix()}\n")
            total += path.stat().st_size
            progress(done, len(files))
        copy = target / profile.database.name
        copy.unlink(missing_ok=True)
        store.database.copy_to(copy)
        lines.append(f"{_hash(copy)}  {copy.name}\n")
        sync_tree(target, started)
        write_file(target / MANIFEST, "".join(sorted(lines, key=lambda line: line[66:])).encode())
    return Copied(len(lines), total + copy.stat().st_size)


def bring_back(source: Path, profile: Profile, progress: Progress) -> Copied:
    """Copy a backup into an empty profile after every file's hash was found right."""
    if profile.database.exists() or profile.journal.exists() or profile.archive.exists():
        raise UsageError(
            N_("The profile {folder} is not empty."), N_("Restore into a new --profile folder."), folder=profile.root
        )
    entries = list(_manifest(source, profile.database.name))
    for digest, name in entries:
        if not (source / name).is_file() or _hash(source / name) != digest:
            raise InputError(
                N_("The backup is damaged: {name} is missing or changed. Nothing was restored."), name=name
            )
    total = 0
    with refusals(profile.root):
        started = begin_sync(profile.root)
        for done, (digest, name) in enumerate(entries, start=1):
            if _copy(source / name, profile.root / name) != digest:
                raise StoreError(N_("{name} changed while it was being copied."), name=name)
            total += (profile.root / name).stat().st_size
            progress(done, len(entries))
        sync_tree(profile.root, started)
    return Copied(len(entries), total)


def _manifest(source: Path, database: str) -> Iterator[tuple[str, str]]:
    file = source / MANIFEST
    if not file.is_file():
        raise InputError(
            N_("{folder} is no finished backup: {name} is missing."),
            N_("Make the backup again."),
            folder=source,
            name=MANIFEST,
        )
    names = set()
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        digest, _, name = line.partition("  ")
        parts = Path(name).parts
        if len(digest) != 64 or not parts or Path(name).is_absolute() or ".." in parts:
            raise InputError(N_("{path} is damaged."), path=file)
        names.add(name)
        yield digest, name
    if database not in names:  # every backup holds one: lines are missing
        raise InputError(N_("{path} is damaged."), path=file)


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            if not name.startswith(".") and not name.endswith(".lock"):
                yield Path(folder) / name


def _is_database(profile: Profile, path: Path) -> bool:
    return path.parent == profile.root and path.name.startswith(profile.database.name)


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy(source: Path, target: Path) -> str:
    """Copy unless the very same file is there; the digest of what is in the target now."""
    wanted = _hash(source)
    if target.is_file() and target.stat().st_size == source.stat().st_size and _hash(target) == wanted:
        return wanted
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.new")
    with (
        source.open("rb") as reading,
        os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as writing,
    ):
        while chunk := reading.read(CHUNK):
            writing.write(chunk)
    if _hash(temporary) != wanted:
        temporary.unlink()
        raise StoreError(N_("{path} could not be copied faithfully."), path=source)
    temporary.chmod(source.stat().st_mode & 0o700)
    temporary.replace(target)
    return wanted
