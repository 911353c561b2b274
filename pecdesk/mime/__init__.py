"""Bytes in, parts out: the structure of a message as exact spans over its bytes, and the values in its headers.

Anything parses and nothing here raises for what a message holds: mail is written by strangers. What was signed is
therefore always a slice of the bytes that arrived, never something written again, and a limit that was hit is a
finding in the result. Limits come before decoding, and every function takes time linear in what it is given.
"""

from pecdesk.mime.headers import (
    Address,
    addresses_of,
    date_of,
    file_name_of,
    message_id_of,
    message_ids_of,
    parameters_of,
    strict_address,
    text_of,
    unfold,
)
from pecdesk.mime.parse import decoded, parse, walk
from pecdesk.mime.part import Header, Limit, Part, Span
from pecdesk.mime.text import Attachment, Text, attachments, readable_text

__all__ = [
    "Address",
    "Attachment",
    "Header",
    "Limit",
    "Part",
    "Span",
    "Text",
    "addresses_of",
    "attachments",
    "date_of",
    "decoded",
    "file_name_of",
    "message_id_of",
    "message_ids_of",
    "parameters_of",
    "parse",
    "readable_text",
    "strict_address",
    "text_of",
    "unfold",
    "walk",
]
