"""The proof on disk: one folder or one zip, all of it or nothing.

    2026-11-22_diffida-ad-adempiere_1f0c77d3/
    ├── LEGGIMI.txt        what this is, for a stranger
    ├── impronte.sha256    `sha256sum -c impronte.sha256` checks every other file
    ├── originali/         the messages, byte for byte
    ├── prova.pdf          the reading copy, the originals inside
    └── verifica.json      the verification as data

Everything is made under a hidden temporary name in the target folder, forced to the disk and renamed. What is already
there is never written over: the same content is left as it is, other content gets a numbered name.
"""

from __future__ import annotations

import contextlib
import errno
import filecmp
import hashlib
import io
import os
import secrets
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from pecdesk.errors import N_, CancelledError, DiskFullError, InputError, PecdeskError, StoreError
from pecdesk.proof.naming import bundle_name, is_safe
from pecdesk.proof.page import Report
from pecdesk.proof.pdf import Embedded, render_to
from pecdesk.store.disk import sync_file, sync_folder

_CHUNK = 1 << 20
_OLDEST_ZIP_YEAR = 1980


@dataclass(frozen=True, slots=True)
class Original:
    """One message of the proof: its name (`naming.original_names`), its bytes or where they lie, what they hash to."""

    name: str
    source: Path | bytes
    sha256: str
    description: str
    """One line for the reader of the PDF."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that a proof is made of."""

    day: date
    subject: str
    identity: str
    """The identificativo, else the Message-ID."""
    report: Report
    originals: tuple[Original, ...]
    verification: bytes
    """Content of `verifica.json`."""
    readme: str
    """Content of `LEGGIMI.txt`."""


@dataclass(frozen=True, slots=True)
class WrittenBundle:
    """Where the proof is; `was_there` when the very same proof already lay there and nothing was written."""

    path: Path
    was_there: bool


class Typesetter(Protocol):
    """Writes the report with the originals inside to a file; `pdf.render_to`."""

    def __call__(
        self,
        target: Path,
        report: Report,
        attachments: Sequence[Embedded],
        made_at: datetime,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        """Writes `target`, all or nothing."""


def write_bundle(
    target: Path,
    bundle: Bundle,
    *,
    zip: bool = False,  # noqa: A002 - the option's name on the command line
    made_at: datetime,
    cancelled: Callable[[], bool] | None = None,
    typeset: Typesetter = render_to,
) -> WrittenBundle:
    """Writes the bundle into the folder `target`, made if missing, and says where it is.

    Raises `CancelledError`, `DiskFullError`, `StoreError` when `target` cannot be written or an original not read, and
    `InputError` when an original is not what its hash says; in each case nothing new is left behind.
    """
    if made_at.tzinfo is None:
        raise ValueError("made_at needs a time zone")
    name = bundle_name(bundle.day, bundle.subject, bundle.identity)

    def make(folder: Path) -> Path:
        _fill(folder, bundle, made_at, cancelled, typeset)
        return _pack(folder, made_at) if zip else folder

    with _world_failures(target):
        return write_whole(target, name, make)


def write_whole(target: Path, name: str, make: Callable[[Path], Path]) -> WrittenBundle:
    """Puts into `target`, made if missing, what `make` makes of an empty folder of that name: all of it or nothing.

    `make` returns that folder, or a file beside it. Raises `OSError` when the disk refuses.
    """
    target.mkdir(parents=True, exist_ok=True)
    work = target / f".pecdesk-{secrets.token_hex(4)}"
    work.mkdir()
    try:
        folder = work / name
        folder.mkdir()
        made = make(folder)
        if made.is_dir():
            sync_folder(made)
        return _put(made, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _fill(
    folder: Path, bundle: Bundle, made_at: datetime, cancelled: Callable[[], bool] | None, typeset: Typesetter
) -> None:
    originals = folder / "originali"
    originals.mkdir()
    hashes: dict[str, str] = {}
    embedded = []
    for original in bundle.originals:
        _stop_if(cancelled)
        if not is_safe(original.name):
            raise ValueError(f"not a safe file name: {original.name!r}")
        copy = originals / original.name
        if write_durably(_readable(original), copy) != original.sha256:
            raise InputError(N_("The original {name} is not the one that was examined."), name=original.name)
        hashes[f"originali/{original.name}"] = original.sha256
        embedded.append(Embedded(original.name, copy, original.sha256, original.description))
    typeset(folder / "prova.pdf", bundle.report, embedded, made_at, cancelled)
    _stop_if(cancelled)
    with (folder / "prova.pdf").open("rb") as document:
        hashes["prova.pdf"] = hashlib.file_digest(document, "sha256").hexdigest()
    for name, content in (("verifica.json", bundle.verification), ("LEGGIMI.txt", bundle.readme.encode("utf-8"))):
        hashes[name] = write_durably(content, folder / name)
    write_durably(
        "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes)).encode("ascii"), folder / "impronte.sha256"
    )
    sync_folder(originals)


def _readable(original: Original) -> bytes | BinaryIO:
    if isinstance(original.source, bytes):
        return original.source
    try:
        return original.source.open("rb")
    except OSError as error:
        raise StoreError(
            N_("The original {name} cannot be read: {reason}."), name=original.name, reason=error.strerror or str(error)
        ) from error


def write_durably(source: bytes | BinaryIO, target: Path) -> str:
    """Copies to a new file, forces it to the disk, and returns the SHA-256 of what was written."""
    digest = hashlib.sha256()
    with io.BytesIO(source) if isinstance(source, bytes) else source as content, target.open("xb") as out:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        sync_file(out.fileno())
    return digest.hexdigest()


def _pack(folder: Path, made_at: datetime) -> Path:
    """A zip of the folder, the same bytes for the same content: fixed order, times and modes.

    Stored, not compressed: the bytes then do not depend on the compressor's version, and a damaged archive still gives
    up its originals.
    """
    archive = folder.with_name(f"{folder.name}.zip")
    stamp = made_at.astimezone(UTC)
    moment = (max(stamp.year, _OLDEST_ZIP_YEAR), *stamp.timetuple()[1:6])
    with zipfile.ZipFile(archive, "x", zipfile.ZIP_STORED) as packed:
        for file in _files(folder):
            entry = zipfile.ZipInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}", moment)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            entry.file_size = file.stat().st_size
            with file.open("rb") as content, packed.open(entry, "w") as out:
                shutil.copyfileobj(content, out, _CHUNK)
    with archive.open("rb") as written:
        sync_file(written.fileno())
    return archive


def _put(made: Path, target: Path) -> WrittenBundle:
    """Renames to the first name that is free, or finds the same content under one that is not."""
    stem, suffix = (made.stem, made.suffix) if made.is_file() else (made.name, "")
    number = 1
    while True:
        path = target / f"{stem}{suffix}" if number == 1 else target / f"{stem}_{number}{suffix}"
        if _is_same(made, path):
            return WrittenBundle(path, was_there=True)
        if not os.path.lexists(path) and _take(made, path):
            sync_folder(target)
            return WrittenBundle(path, was_there=False)
        number += 1


def _take(made: Path, path: Path) -> bool:
    """Gives what was made its name; False when somebody else took the name in the meantime."""
    if made.is_file():
        # A rename would replace a file that came a moment ago; a second name for the same file cannot.
        try:
            os.link(made, path)
        except FileExistsError:
            return False
        except OSError:
            made.rename(path)  # a disk without hard links
        return True
    try:
        made.rename(path)
    except OSError:
        if os.path.lexists(path):
            return False
        raise
    return True


def _is_same(made: Path, there: Path) -> bool:
    if made.is_file():
        return there.is_file() and filecmp.cmp(made, there, shallow=False)
    if not there.is_dir() or there.is_symlink():
        return False
    names = [file.relative_to(made) for file in _files(made)]
    if names != [file.relative_to(there) for file in _files(there)]:
        return False
    return all(filecmp.cmp(made / name, there / name, shallow=False) for name in names)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if not path.is_dir())


def _stop_if(cancelled: Callable[[], bool] | None) -> None:
    if cancelled is not None and cancelled():
        raise CancelledError


@contextlib.contextmanager
def _world_failures(target: Path) -> Iterator[None]:
    """Turns what the operating system says into a sentence."""
    try:
        yield
    except PecdeskError:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(
                N_("There is no room left on the disk for the proof in {folder}."),
                N_("Free some space or choose another folder; nothing was left there."),
                folder=target,
            ) from error
        raise StoreError(
            N_("The proof could not be written to {folder}: {reason}."),
            N_("Choose another folder; nothing was left there."),
            folder=target,
            reason=error.strerror or str(error),
        ) from error
