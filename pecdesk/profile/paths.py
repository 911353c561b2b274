"""Where one user's things are on disk, and the lock that lets one process write at a time."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from pecdesk.errors import N_, BusyError, ProfileError

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600

_LOCKED_BYTE = 1 << 40
"""Far behind the end of any file of ours, since Windows refuses others to read what is locked."""

_NAME_OF_ANOTHER = N_("Name another folder with --profile.")


@dataclass(frozen=True, slots=True)
class Profile:
    """One self-contained folder, mode 0700, whose files are 0600; nothing of a user lies anywhere else."""

    root: Path

    @property
    def archive(self) -> Path:
        """Folder of the raw messages, one `.eml` file each."""
        return self.root / "archive"

    @property
    def journal(self) -> Path:
        """What the bytes of messages cannot tell, one JSON line for each fact."""
        return self.root / "journal.jsonl"

    @property
    def database(self) -> Path:
        """Everything that can be made again from archive and journal."""
        return self.root / "pecdesk.db"

    @property
    def trust(self) -> Path:
        """Folder of the trust policies added by hand."""
        return self.root / "trust"

    @property
    def settings(self) -> Path:
        """The user's settings, TOML."""
        return self.root / "settings.toml"

    @property
    def accounts(self) -> Path:
        """The mailboxes and their servers, TOML, without passwords."""
        return self.root / "accounts.toml"

    @property
    def drafts(self) -> Path:
        """Folder of the drafts, one folder each."""
        return self.root / "drafts"

    @property
    def exports(self) -> Path:
        """Folder for proof bundles and exports when the user names no other."""
        return self.root / "exports"

    @property
    def _stamp(self) -> Path:
        return self.root / "DEMO"

    @classmethod
    def open(cls, root: Path | None = None) -> Profile:
        """The profile in that folder, made if it is not there; `None` is the user's usual place.

        Raises ProfileError when a file is in the way, when the folder belongs to somebody else, cannot be written, or
        holds other things and is open to others (narrowing its permissions might lock them out).
        """
        folder = Path(root) if root is not None else platformdirs.user_data_path("pecdesk", appauthor=False)
        profile = cls(Path(os.path.abspath(folder)))  # noqa: PTH100 - resolve() would follow a user's symbolic link
        try:
            profile._prepare()
        except (FileExistsError, NotADirectoryError) as error:
            message = N_("The profile folder {path} cannot be used: a file stands in its place.")
            raise ProfileError(message, _NAME_OF_ANOTHER, path=profile.root) from error
        except OSError as error:
            raise _refused(profile.root, error) from error
        return profile

    def _prepare(self) -> None:
        self.root.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            self.root.mkdir(mode=PRIVATE_FOLDER)
        state = self.root.stat()
        if not stat.S_ISDIR(state.st_mode):
            raise NotADirectoryError(self.root)
        if sys.platform == "win32":
            return
        if state.st_uid != os.geteuid():
            message = N_("The profile folder {path} belongs to another user.")
            raise ProfileError(message, _NAME_OF_ANOTHER, path=self.root)
        # The owner's bit is looked at apart from access(2), which refuses an administrator nothing.
        if not state.st_mode & stat.S_IWUSR or not os.access(self.root, os.R_OK | os.W_OK | os.X_OK):
            number = errno.EROFS if os.statvfs(self.root).f_flag & os.ST_RDONLY else errno.EACCES
            raise OSError(number, os.strerror(number))
        if state.st_mode & 0o077:
            if not self._is_ours():
                message = N_("The folder {path} holds other things and is open to others: it cannot become a profile.")
                raise ProfileError(message, N_("Name a new or an empty folder."), path=self.root)
            self.root.chmod(state.st_mode & PRIVATE_FOLDER)

    def _is_ours(self) -> bool:
        own = (self.archive, self.journal, self.database, self.trust, self.settings, self.accounts, self._stamp)
        names = {name for name in os.listdir(self.root) if not name.startswith(".")}  # noqa: PTH208 - names are all
        return (
            not names
            or not names.isdisjoint(path.name for path in own)
            or all(name.endswith(".lock") for name in names)
        )

    @property
    def incoming(self) -> Path:
        """Folder of big messages that are just being fetched; nothing in it outlives its fetching."""
        return self.root / ".incoming"

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold the lock of that name; BusyError at once when another process, or another part of this one, has it.

        The operating system lets go of it when the process ends, however it ends.
        """
        path = self.root / f"{name}.lock"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        except OSError as error:
            raise _refused(self.root, error) from error
        try:
            try:
                held = hold(descriptor, wait=False)
            except OSError as error:
                raise _refused(self.root, error) from error
            if not held:
                raise self.in_use()
            yield
        finally:
            os.close(descriptor)

    def in_use(self) -> BusyError:
        """What is said to whoever comes while another works here."""
        message = N_("Another pecdesk is already working in the profile {path}.")
        return BusyError(message, N_("Close it, or wait until it has finished."), path=self.root)

    @property
    def is_demo(self) -> bool:
        """Whether this profile was made by the demo, and may be thrown away by it."""
        return self._stamp.is_file()

    def stamp_demo(self) -> None:
        """Mark this profile as the demo's: its messages are made up and its trust is its own."""
        try:
            keep_private(self._stamp)
            self._stamp.write_text(
                "Made by pecdesk demo: every message in this folder is invented.\n", encoding="utf-8"
            )
        except OSError as error:
            raise _refused(self.root, error) from error


def keep_private(path: Path) -> None:
    """Make the file if it is not there, so that whoever opens it by name finds it readable by its owner alone."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        if sys.platform != "win32" and os.fstat(descriptor).st_mode & 0o077:
            os.fchmod(descriptor, PRIVATE_FILE)
    finally:
        os.close(descriptor)


def hold(descriptor: int, *, wait: bool) -> bool:
    """Lock an open file against other processes until it is closed; False when another has it and `wait` is not set."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows alone

        try:
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl  # noqa: PLC0415 - does not exist on Windows

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _refused(path: Path, error: OSError) -> ProfileError:
    message = N_("The profile folder {path} cannot be opened for writing: {reason}.")
    return ProfileError(message, _NAME_OF_ANOTHER, path=path, reason=error.strerror or type(error).__name__)
