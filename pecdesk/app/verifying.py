"""`verify`: judge files without storing them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pecdesk.errors import N_, InputError, PecdeskError
from pecdesk.examine import MAX_BYTES, Examination, unexamined
from pecdesk.examiner import Examiner
from pecdesk.trust import AnchorSet, Reason, anchors_to_json


@dataclass(frozen=True, slots=True)
class Judged:
    """One file: an examination, or why there is none."""

    path: Path
    examination: Examination | None
    error: PecdeskError | None = None


def verify_files(
    paths: Iterable[Path], anchors: AnchorSet, *, at: datetime | None = None, now: datetime | None = None
) -> Iterator[Judged]:
    """Judge files, each in the helper process. `at` replaces the reference time."""
    with Examiner(anchors_to_json(anchors), now=now) as examiner:
        for path in paths:
            try:
                yield Judged(path, _judge(path, examiner, anchors, at))
            except OSError as error:
                yield Judged(path, None, _unreadable(path, error))


def _judge(path: Path, examiner: Examiner, anchors: AnchorSet, at: datetime | None) -> Examination:
    if path.is_dir():
        raise IsADirectoryError(path)
    size = path.stat().st_size
    if size > MAX_BYTES:
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        return unexamined(sha256, size, Reason.SIZE_LIMIT, anchors.version)
    with path.open("rb") as stream:
        # A pipe or a device tells no size, and may never end.
        raw = stream.read(MAX_BYTES + 1)
    return examiner.examine(raw, at=at)


def read_file(path: Path) -> bytes:
    """The bytes of a message in a file. Raises `InputError` when it cannot be read, or is larger than the limit."""
    try:
        if path.is_dir():
            raise IsADirectoryError(path)
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(raw) > MAX_BYTES:
        raise InputError(N_("{path} is larger than any PEC message."), N_("Open another file."), path=path)
    return raw


def _unreadable(path: Path, error: OSError) -> InputError:
    if isinstance(error, IsADirectoryError):
        next_step = N_("Name a file, or bring the folder in with `import`.")
        return InputError(N_("{path} is a folder, not a message."), next_step, path=path)
    if isinstance(error, FileNotFoundError):
        return InputError(N_("{path} is not there."), N_("Check the name."), path=path)
    reason = error.strerror or str(error)
    return InputError(N_("{path} cannot be read: {reason}."), N_("Check its permissions."), path=path, reason=reason)
