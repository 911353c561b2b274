"""Revocation lists and OCSP answers, kept for ever: what is fetched today proves an old message one day.

Each lies in `revocation/` under the SHA-256 of its bytes. `index.json` beside them says whose and from when each is; it
is made from the files, and made again where it does not fit them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from pecdesk.profile import Profile
from pecdesk.store.disk import write_file
from pecdesk.trust import AnchorSet, DataKind, RevocationData, is_from_known_authority, read_revocation_data

MOST_HANDED_OVER = 64 << 20
"""Bytes that go to the examiner, newest first; ten years of daily lists of some kilobytes are a third of that."""

_INDEX = "index.json"
_PENDING = "pending"


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the index."""

    sha256: str
    kind: DataKind
    size: int
    issuer: str
    this_update: datetime
    next_update: datetime | None = None

    @property
    def file_name(self) -> str:
        """Where it lies."""
        return f"{self.sha256}.{self.kind}"


class RevocationKeeper:
    """The revocation data of one profile."""

    def __init__(self, profile: Profile) -> None:
        self.folder = profile.root / "revocation"

    def keep(self, found: Iterable[bytes], anchors: AnchorSet) -> list[RevocationData]:
        """Keep what is new and was issued by an authority these anchors lead to; what is not is dropped.

        What is returned is new: until `settle`, it stands written that verdicts are to be made again because of it.
        """
        index = {line.sha256: line for line in self.index()}
        new: list[RevocationData] = []
        for encoded in found:
            sha256 = hashlib.sha256(encoded).hexdigest()
            if sha256 in index or not is_from_known_authority(encoded, anchors):
                continue
            data = read_revocation_data(encoded)
            if data is None:
                continue
            self.folder.mkdir(mode=0o700, exist_ok=True)
            if not new:
                write_file(self.folder / _PENDING, b"")
            index[sha256] = _line(sha256, len(encoded), data)
            write_file(self.folder / index[sha256].file_name, encoded)
            new.append(data)
        if new:
            self._write_index(index.values())
        return new

    @property
    def is_pending(self) -> bool:
        """Whether something was kept whose consequences were not drawn: the program ended before."""
        return (self.folder / _PENDING).exists()

    def settle(self) -> None:
        """All verdicts are made with all that is kept."""
        (self.folder / _PENDING).unlink(missing_ok=True)

    def index(self) -> list[Kept]:
        """What is kept, newest first."""
        files = {path.stem: path for kind in DataKind for path in self.folder.glob(f"*.{kind}")}
        lines = {line.sha256: line for line in self._read_index() if line.sha256 in files}
        for sha256, path in files.items():
            if sha256 not in lines and (line := _read_line(path)):
                lines[sha256] = line
        return sorted(lines.values(), key=lambda line: (line.this_update, line.sha256), reverse=True)

    def all(self) -> list[RevocationData]:
        """Everything that is kept, as it says of itself."""
        read = (read_revocation_data((self.folder / line.file_name).read_bytes()) for line in self.index())
        return [data for data in read if data is not None]

    def handed_over(self, at_most: int = MOST_HANDED_OVER) -> dict[DataKind, list[bytes]]:
        """What an examination is given: the newest, as far as there is room."""
        found: dict[DataKind, list[bytes]] = {kind: [] for kind in DataKind}
        for line in self.index():
            at_most -= line.size
            if at_most < 0:
                break
            with suppress(FileNotFoundError):
                found[line.kind].append((self.folder / line.file_name).read_bytes())
        return found

    def _read_index(self) -> list[Kept]:
        try:
            return msgspec.json.decode((self.folder / _INDEX).read_bytes(), type=list[Kept])
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
            return []

    def _write_index(self, lines: Iterable[Kept]) -> None:
        write_file(self.folder / _INDEX, msgspec.json.encode(sorted(lines, key=lambda line: line.sha256)))


def _line(sha256: str, size: int, data: RevocationData) -> Kept:
    return Kept(sha256, data.kind, size, data.issuer, data.this_update, data.next_update)


def _read_line(path: Path) -> Kept | None:
    """The line of a file the index does not know; None where its bytes are not what its name says."""
    encoded = path.read_bytes()
    data = read_revocation_data(encoded)
    if data is None or hashlib.sha256(encoded).hexdigest() != path.stem or path.suffix != f".{data.kind}":
        return None
    return _line(path.stem, len(encoded), data)
