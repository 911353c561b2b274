"""Files of the user, taken into a draft: read once, within a limit, and judged by their content."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import Path

from pecdesk.errors import N_, InputError
from pecdesk.explain.before_sending import FileFacts
from pecdesk.mime import judged, signed_format
from pecdesk.mime.compose import FILE_TYPE, MESSAGE_TYPE
from pecdesk.mime.file_names import extension_of
from pecdesk.store.disk import reason

LARGEST = 150 * 1024 * 1024
"""Bytes; no provider takes as much."""

_TYPES = {
    "eml": MESSAGE_TYPE,
    "p7m": "application/pkcs7-mime",
    "p7s": "application/pkcs7-signature",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xml": "application/xml",
}
_KNOWN = mimetypes.MimeTypes()
"""Python's own table, and not what this computer happens to add to it."""


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that was read."""

    name: str
    raw: bytes
    media_type: str


def take_file(path: Path) -> TakenFile:
    """Read a file to be sent, whole. Raises `InputError`."""
    try:
        if not path.is_file():
            message = N_("{path} is not a file: a folder or a device cannot be sent.")
            raise InputError(message, N_("Pack a folder into a .zip first."), path=path)
        if path.stat().st_size > LARGEST:
            message = N_("{path} is too large to be sent: no provider takes it.")
            raise InputError(message, N_("Send it by another way, or in parts."), path=path)
        raw = path.read_bytes()
    except OSError as error:
        message = N_("{path} cannot be read: {reason}.")
        raise InputError(
            message, N_("Look whether it is still there and may be read."), path=path, reason=reason(error)
        ) from error
    return TakenFile(path.name, raw, media_type_of(path.name))


def media_type_of(name: str) -> str:
    """The type a file is sent as, by its name; a message keeps its bytes (`pecdesk.mime.compose`)."""
    known = _TYPES.get(extension_of(name))
    guessed = known or _KNOWN.guess_type(f"x.{extension_of(name)}")[0] or FILE_TYPE
    return guessed if guessed == known or not guessed.startswith(("message/", "multipart/")) else FILE_TYPE


def facts_of(name: str, raw: bytes) -> FileFacts:
    """What the content of a file says, for the checks before sending."""
    return FileFacts(judged(name, raw).danger, signed_format(raw))
