"""What the world can do to us, as exceptions.

    PecdeskError            the world failed; carries a sentence for the user and the next step
    ├── UsageError          wrong words: an unknown id, an option that makes no sense, a feature not built (exit 2)
    ├── InputError          a file that cannot be read or is not what it should be
    ├── TrustError          a trust policy that cannot be used
    ├── ProfileError        the profile folder cannot be opened, locked or written
    └── StoreError          the archive or the database refuses
        └── DiskFullError   no room left; nothing half-written remains

Everything else is a bug. A verification that cannot be finished is a *result*, never an exception.

Messages are written in English as `str.format` templates with named fields and are translated where they are shown
(`explain`), so that no layer below needs a language.
"""

from __future__ import annotations


def N_(message: str) -> str:
    """Mark a message for the translation catalogue without translating it here."""
    return message


class PecdeskError(Exception):
    """A failure of the world, with a sentence for the user.

    `message` and `next_step` are English templates (marked with `N_`); `fields` fills both.
    """

    def __init__(self, message: str, next_step: str = "", /, **fields: object) -> None:
        self.message = message
        self.next_step = next_step
        self.fields = fields
        super().__init__(message.format(**fields))


class UsageError(PecdeskError):
    """The command or its arguments cannot be carried out as written."""


class InputError(PecdeskError):
    """A file or folder that was named cannot be read, or is not what it should be."""


class TrustError(PecdeskError):
    """A trust policy or one of its certificates cannot be used."""


class ProfileError(PecdeskError):
    """The profile folder cannot be opened, locked or written."""


class CancelledError(PecdeskError):
    """The user stopped it."""

    def __init__(self, message: str = N_("Cancelled: nothing was written.")) -> None:
        super().__init__(message)


class StoreError(PecdeskError):
    """The archive, the journal or the database refuses."""


class DiskFullError(StoreError):
    """There is no room left on the disk; what was being written is gone, what was there before is not."""
