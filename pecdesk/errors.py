"""What the world can do to us, as exceptions.

    PecdeskError            the world failed; carries a sentence for the user and the next step
    ├── UsageError          wrong words: an unknown id, an option that makes no sense (exit 2)
    ├── InputError          a file that cannot be read or is not what it should be
    ├── TrustError          a trust policy that cannot be used
    ├── ProfileError        the profile folder cannot be opened, locked or written
    │   └── BusyError           another process, or another part of this one, is just working there
    ├── StoreError          the archive or the database refuses
    │   └── DiskFullError   no room left; nothing half-written remains
    ├── NetworkError        a mail server cannot be reached, or the connection was cut
    │   └── CertificateError    it is not who it should be: nothing was said to it
    ├── LoginError          a mail server refuses user or password; never tried again by itself
    │   └── PasswordError       no password is known here, or none can be kept: no server was asked
    └── ServerError         a mail server answers with a refusal, or with what makes no sense

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


class BusyError(ProfileError):
    """Another process, or another part of this one, is just working there: waiting helps."""


class CancelledError(PecdeskError):
    """The user stopped it."""

    def __init__(self, message: str = N_("Cancelled: nothing was written.")) -> None:
        super().__init__(message)


class StoreError(PecdeskError):
    """The archive, the journal or the database refuses."""


class DiskFullError(StoreError):
    """There is no room left on the disk; what was being written is gone, what was there before is not."""


class NetworkError(PecdeskError):
    """A mail server cannot be reached, or the connection was cut."""


class CertificateError(NetworkError):
    """A mail server's certificate is not believed: no password was sent."""


class LoginError(PecdeskError):
    """A mail server refuses user or password, or no password is known. Never tried again without the user."""


class PasswordError(LoginError):
    """No password is known here, or the system keeps none: no server was asked."""


class ServerError(PecdeskError):
    """A mail server answers with a refusal, or with something that makes no sense."""
