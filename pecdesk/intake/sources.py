"""What an import finds in the files and folders it is given: messages, and what could not be read and why.

Nothing here looks into a message further than telling that it is one. Items come one at a time, in the same order each
time, and one that cannot be read never hides the next.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import FileIO
from pathlib import Path

from pecdesk.errors import N_
from pecdesk.examine import MAX_BYTES
from pecdesk.intake import maildir, mbox


class Unreadable(StrEnum):
    """Why something that was found gives no message. Closed."""

    MISSING = "missing"
    EMPTY = "empty"
    NOT_MAIL = "not-mail"
    NO_MAIL = "no-mail"
    TOO_LARGE = "too-large"
    OUTLOOK_FORMAT = "outlook-format"
    FOREIGN_FORMAT = "foreign-format"
    COMPRESSED = "compressed"
    NOT_A_FILE = "not-a-file"
    REFUSED = "refused"

    @property
    def sentence(self) -> str:
        """An English template without fields."""
        return _SENTENCES[self]


_SENTENCES = {
    Unreadable.MISSING: N_("There is no such file or folder."),
    Unreadable.EMPTY: N_("The file is empty."),
    Unreadable.NOT_MAIL: N_("This is neither a mail message nor a mailbox."),
    Unreadable.NO_MAIL: N_("There is no mail in this folder."),
    Unreadable.TOO_LARGE: N_("The message is larger than 150 MiB, more than any certified message can be."),
    Unreadable.OUTLOOK_FORMAT: N_(
        "Outlook files do not hold messages as they arrived, so nothing can be verified. Save them as .eml instead."
    ),
    Unreadable.FOREIGN_FORMAT: N_("This mail format cannot be read. Save the messages as .eml or as an mbox instead."),
    Unreadable.COMPRESSED: N_("This is a compressed archive. Unpack it first, then import what was in it."),
    Unreadable.NOT_A_FILE: N_("This is neither a file nor a folder."),
    Unreadable.REFUSED: N_("The file or folder cannot be read."),
}

OUTLOOK = frozenset({".msg", ".pst", ".ost", ".oft", ".olm"})
FOREIGN = frozenset({".emlx", ".dbx", ".nsf"})
COMPRESSED = frozenset({".zip", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz"})
WEB_PAGES = frozenset({".mht", ".mhtml"})
"""Have the header of a mail and are none."""

_START = 4096
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_DECISIVE = frozenset({b"from", b"received", b"return-path", b"delivered-to", b"message-id"})
_USUAL = _DECISIVE | {b"to", b"cc", b"subject", b"date", b"mime-version", b"content-type", b"sender", b"reply-to"}

_RECEIVED = re.compile(r"(?:.*\W)?(?:inbox|posta in arrivo|in arrivo|arrivat[aie]|ricevut[aie])", re.IGNORECASE)
_SENT = re.compile(
    r"(?:.*\W)?(?:sent(?: (?:items|mail|messages))?|(?:posta |elementi |messaggi )?inviat[aie])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Found:
    """One message, or one thing that gave none: either `raw` or `reason` is there."""

    path: Path
    label: str
    """For people: the path, and for an mbox the number of the message in it, from 1. Always encodable."""
    folder: str = ""
    """The mail folder it lay in, from the folder that was named downwards. Always encodable."""
    raw: bytes | None = None
    """The exact bytes; of an mbox, those between separators."""
    unquoted: bytes | None = None
    """The same with mbox quoting of `From ` undone, where there is any."""
    flags: str | None = None
    """Letters of Maildir's info, where the source tells them."""
    unseen: bool = False
    """Whether a Maildir says that nobody has read it."""
    reason: Unreadable | None = None
    detail: str = ""
    """The operating system's words where it refused."""

    @property
    def in_inbox(self) -> bool:
        """Whether the folder's name says that it holds what came in."""
        return bool(_RECEIVED.fullmatch(self.folder.rpartition("/")[2]))

    @property
    def in_sent_folder(self) -> bool:
        """Whether the folder's name says that it holds what was sent."""
        return bool(_SENT.fullmatch(self.folder.rpartition("/")[2]))


class _Shape(StrEnum):
    MESSAGE = "message"
    MBOX = "mbox"


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to read, or something to complain of."""

    path: Path
    folder: str
    shape: _Shape | None = None
    flags: str | None = None
    unseen: bool = False
    reason: Unreadable | None = None
    detail: str = ""


def find_messages(paths: Iterable[Path], *, size_limit: int = MAX_BYTES) -> Iterator[Found]:
    """Every message in these files and folders, read one at a time, and everything that could not be read."""
    for source in _sources(paths):
        if source.shape is None:
            yield Found(source.path, _text(source.path), source.folder, reason=source.reason, detail=source.detail)
        else:
            yield from _read(source, size_limit)


def count(paths: Iterable[Path], cancelled: Callable[[], bool] = lambda: False) -> int:
    """How many items `find_messages` will give, for a progress bar; an `.eml` counts as one without being opened."""
    total = 0
    for source in _sources(paths):
        if cancelled():
            break
        if source.shape is not _Shape.MBOX:
            total += 1
            continue
        try:
            with source.path.open("rb", buffering=0) as file:
                total += sum(1 for _ in mbox.extents(file))
        except OSError:
            total += 1
    return total


def _read(source: _Source, size_limit: int) -> Iterator[Found]:
    path, label = source.path, _text(source.path)

    def failed(reason: Unreadable, detail: str = "") -> Found:
        return Found(path, label, source.folder, reason=reason, detail=detail)

    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            # Opening a pipe would wait for somebody to write to it.
            yield failed(Unreadable.NOT_A_FILE)
            return
        if state.st_size == 0:
            yield failed(Unreadable.EMPTY)
            return
        with path.open("rb", buffering=0) as file:
            if file.read(5) == b"From " and _is_mbox(file):
                yield from _read_mbox(source, file, size_limit)
            elif state.st_size > size_limit:
                yield failed(Unreadable.TOO_LARGE)
            else:
                file.seek(0)
                raw = file.read(state.st_size)
                yield Found(path, label, source.folder, raw, flags=source.flags, unseen=source.unseen)
    except OSError as error:
        yield failed(*_refusal(error))


def _is_mbox(file: FileIO) -> bool:
    file.seek(0)
    return mbox.is_mbox(file.read(_START))


def _read_mbox(source: _Source, file: FileIO, size_limit: int) -> Iterator[Found]:
    for number, (start, end) in enumerate(mbox.extents(file), 1):
        label = f"{_text(source.path)}#{number}"
        if start == end:
            yield Found(source.path, label, source.folder, reason=Unreadable.EMPTY)
        elif end - start > size_limit:
            yield Found(source.path, label, source.folder, reason=Unreadable.TOO_LARGE)
        else:
            file.seek(start)
            raw = file.read(end - start)
            flags = mbox.mozilla_flags(raw)
            yield Found(source.path, label, source.folder, raw, mbox.unquoted(raw), flags)


def _sources(paths: Iterable[Path]) -> Iterator[_Source]:
    for path in paths:
        try:
            mode = path.stat().st_mode
        except OSError as error:
            yield _complaint(path, "", error)
            continue
        in_maildir = maildir.is_inside_maildir(path if stat.S_ISDIR(mode) else path.parent)
        home = path.absolute() if stat.S_ISDIR(mode) else path.absolute().parent
        name = _clean((home.parent if in_maildir else home).name)
        if stat.S_ISDIR(mode):
            found = None
            for found in _walk(_Place(path, name, is_folder=True, holds_messages=in_maildir)):
                yield found
            if found is None:
                yield _Source(path, "", reason=Unreadable.NO_MAIL)
        elif stat.S_ISREG(mode):
            yield _named(_Place(path, name, is_folder=False, holds_messages=in_maildir))
        else:
            yield _Source(path, "", reason=Unreadable.NOT_A_FILE)


def _named(place: _Place) -> _Source:
    """A file that the user named is never passed over in silence."""
    try:
        source = _source(place)
        if source is None:
            source = _Source(place.path, "", reason=_why_not(place.path))
    except OSError as error:
        return _complaint(place.path, "", error)
    return source


def _why_not(path: Path) -> Unreadable:
    """Why a file that has nothing to do with mail gives none."""
    if not path.stat().st_size:
        return Unreadable.EMPTY
    return Unreadable.COMPRESSED if path.suffix.lower() in COMPRESSED else Unreadable.NOT_MAIL


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder or file on the way through a tree."""

    path: Path
    folder: str
    """Name of the mail folder it is, or lies in."""
    is_folder: bool
    holds_messages: bool
    """It is the `cur` or `new` of a Maildir, or lies in one."""


def _walk(root: _Place) -> Iterator[_Source]:
    """All mail below a folder, by name; each folder once, however many links lead to it."""
    visited: set[tuple[int, int]] = set()
    places = [root]
    while places:
        place = places.pop()
        try:
            if place.is_folder:
                state = place.path.stat()
                if (state.st_dev, state.st_ino) not in visited:
                    visited.add((state.st_dev, state.st_ino))
                    places += reversed(list(_children(place)))
                continue
            source = _source(place)
        except OSError as error:
            source = _complaint(place.path, place.folder, error)
        if source is not None:
            yield source


def _children(place: _Place) -> Iterator[_Place]:
    with os.scandir(place.path) as scan:
        entries = sorted(scan, key=lambda entry: entry.name)
    folders = {entry.name for entry in entries if _is_folder(entry)}
    here_is_maildir = maildir.is_maildir(folders)
    for entry in entries:
        path = place.path / entry.name
        if entry.name not in folders:
            if not entry.name.startswith(".") and (place.holds_messages or path.suffix == ".eml" or _is_file(entry)):
                yield _Place(path, place.folder, is_folder=False, holds_messages=place.holds_messages)
        elif here_is_maildir and entry.name in maildir.MESSAGES:
            yield _Place(path, place.folder, is_folder=True, holds_messages=True)
        elif here_is_maildir and entry.name == maildir.UNFINISHED:
            continue
        elif not entry.name.startswith(".") or all((path / name).is_dir() for name in maildir.MESSAGES):
            name = f"{place.folder}/{_folder_name(entry.name)}"
            yield _Place(path, name, is_folder=True, holds_messages=False)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _source(place: _Place) -> _Source | None:
    """What to make of one file, told by its name and else by how it begins; None if it has nothing to do with mail."""
    path, suffix = place.path, place.path.suffix.lower()
    if place.holds_messages:
        flags, unseen = maildir.flags(path.name), maildir.is_unseen(path)
        return _Source(path, place.folder, _Shape.MESSAGE, flags, unseen)
    if suffix in OUTLOOK:
        return _Source(path, place.folder, reason=Unreadable.OUTLOOK_FORMAT)
    if suffix in FOREIGN:
        return _Source(path, place.folder, reason=Unreadable.FOREIGN_FORMAT)
    if suffix == ".eml":
        return _Source(path, place.folder, _Shape.MESSAGE)
    if suffix in WEB_PAGES or not stat.S_ISREG(path.stat().st_mode):
        return None
    with path.open("rb", buffering=0) as file:
        start = file.read(_START)
    if mbox.is_mbox(start):
        return _Source(path, f"{place.folder}/{_folder_name(path.name)}", _Shape.MBOX)
    return _Source(path, place.folder, _Shape.MESSAGE) if _begins_like_mail(start) else None


def _begins_like_mail(start: bytes) -> bool:
    """Whether these bytes begin with header fields of which two are usual in mail, one of them hardly elsewhere."""
    names: set[bytes] = set()
    whole = start.removeprefix(_BYTE_ORDER_MARK).splitlines()[: -1 if len(start) == _START else None]
    for number, line in enumerate(whole):
        if not line:
            break
        if number and line[:1] in (b" ", b"\t"):
            continue
        field = _FIELD.match(line)
        if field is None:
            return False
        names.add(field[1].lower())
    return len(names & _USUAL) >= 2 and not names.isdisjoint(_DECISIVE)


def _complaint(path: Path, folder: str, error: OSError) -> _Source:
    reason, detail = _refusal(error)
    return _Source(path, folder, reason=reason, detail=detail)


def _refusal(error: OSError) -> tuple[Unreadable, str]:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Unreadable.MISSING, ""
    return Unreadable.REFUSED, error.strerror or type(error).__name__


def _folder_name(name: str) -> str:
    """A mail folder's name from that of its file or folder: Thunderbird's `.sbd`, `.mbox`, Maildir's `.INBOX.Sent`."""
    if name.startswith("."):
        return _clean(name[1:].replace(".", "/"))
    return _clean(re.sub(r"\.(?:sbd|mbox|mbx)\Z", "", name, flags=re.IGNORECASE))


def _text(path: Path) -> str:
    return _clean(str(path))


def _clean(text: str) -> str:
    """With bytes of a file name that are no text replaced, so that it can be written down anywhere."""
    return text.encode(errors="replace").decode()
