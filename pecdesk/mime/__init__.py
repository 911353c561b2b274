"""Bytes in, parts out: the structure of a message as exact spans over its bytes, and the values in its headers.

Anything parses and nothing here raises for what a message holds: mail is written by strangers. What was signed is
therefore always a slice of the bytes that arrived, never something written again, and a limit that was hit is a
finding in the result. Limits come before decoding, and every function takes time linear in what it is given. Reading
order: `part`, `parse`, `decode`, `headers`, `text`, `attachments`; `safe_html` makes HTML fit to be shown, `compose`
writes a message of our own.
"""

from pecdesk.mime.attachment_safety import Danger, Judgement, danger_of_name, judged
from pecdesk.mime.bodies import Body, bodies
from pecdesk.mime.file_names import safe_file_name, unique_name
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
from pecdesk.mime.html_writer import BREAK
from pecdesk.mime.link_target import Target, link_target
from pecdesk.mime.parse import decoded, parse, walk
from pecdesk.mime.part import Header, Limit, Part, Span
from pecdesk.mime.picture import picture_header
from pecdesk.mime.safe_html import Refusal, SafeHtml, safe_html
from pecdesk.mime.signed_documents import SignedFormat, signed_format
from pecdesk.mime.text import Attachment, Text, attachments, readable_text

__all__ = [
    "BREAK",
    "Address",
    "Attachment",
    "Body",
    "Danger",
    "Header",
    "Judgement",
    "Limit",
    "Part",
    "Refusal",
    "SafeHtml",
    "SignedFormat",
    "Span",
    "Target",
    "Text",
    "addresses_of",
    "attachments",
    "bodies",
    "danger_of_name",
    "date_of",
    "decoded",
    "file_name_of",
    "judged",
    "link_target",
    "message_id_of",
    "message_ids_of",
    "parameters_of",
    "parse",
    "picture_header",
    "readable_text",
    "safe_file_name",
    "safe_html",
    "signed_format",
    "strict_address",
    "text_of",
    "unfold",
    "unique_name",
    "walk",
]
