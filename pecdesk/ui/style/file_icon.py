"""Of what sort a file is, as far as its name and its type tell: the content is looked at before it is opened."""

from __future__ import annotations

from pecdesk.mime import Attachment, Danger
from pecdesk.mime.file_names import extension_of

MESSAGE_TYPES = frozenset({"message/rfc822", "message/global"})
_PICTURES = frozenset({"bmp", "gif", "heic", "jpeg", "jpg", "png", "tif", "tiff", "webp"})
_ARCHIVES = frozenset({"7z", "bz2", "gz", "rar", "tar", "tgz", "xz", "zip"})
_DOCUMENTS = frozenset(
    {"csv", "doc", "docx", "md", "odp", "ods", "odt", "pdf", "ppt", "pptx", "rtf", "txt", "xls", "xlsx", "xml"}
)


def is_message(attachment: Attachment) -> bool:
    """Whether it is a mail of its own."""
    return _is_message(attachment.name, attachment.media_type)


def _is_message(name: str, media_type: str) -> bool:
    return media_type in MESSAGE_TYPES or extension_of(name) == "eml"


def icon_of(attachment: Attachment, danger: Danger | None) -> str:
    """The drawing for an attachment of a message."""
    return icon_of_file(attachment.name, attachment.media_type, is_signed=attachment.signed is not None, danger=danger)


def icon_of_file(name: str, media_type: str, *, is_signed: bool, danger: Danger | None = None) -> str:
    """The same for a file that lies in no message yet."""
    extension = extension_of(name)
    if _is_message(name, media_type):
        return "message"
    if is_signed:
        return "signature"
    if danger is not None and danger not in (Danger.ARCHIVE, Danger.UNKNOWN):
        return "warning"
    for drawing, extensions in (("picture", _PICTURES), ("archive", _ARCHIVES), ("document", _DOCUMENTS)):
        if extension in extensions:
            return drawing
    return "attachment"
