"""Attachments taken out of archived messages, without parsing them again.

The examination, made in the helper process, says where an attachment lies and what its bytes hash to. So nothing has
to be understood here: the encodings mail knows are tried on that place until the bytes are those.
"""

from __future__ import annotations

import hashlib

from pecdesk.errors import N_, StoreError, UsageError
from pecdesk.examine import Examination
from pecdesk.mime import Header, Part, Span
from pecdesk.mime.decode import decode_body

ENCODINGS = ("base64", "quoted-printable", "7bit", "uuencode")


def attachment_bytes(raw: bytes, examination: Examination, number: int) -> bytes:
    """The bytes of the `number`-th attachment that the examination of `raw` tells of, counted from 0."""
    if not 0 <= number < len(examination.attachments):
        raise UsageError(N_("The message has no attachment number {number}."), number=number + 1)
    attachment, original = examination.attachments[number], examination.original
    whole = raw
    if original is not None and original.encoding != "identity":
        whole = _decoded(raw[original.start : original.end], original.encoding)
    encoded = attachment.span.of(whole)
    for encoding in ENCODINGS:
        content = _decoded(encoded, encoding)
        if hashlib.sha256(content).hexdigest() == attachment.sha256:
            return content
    raise StoreError(
        N_("The attachment {name!r} is not in the message as it was examined."),
        N_("Run `pecdesk reexamine --all`."),
        name=attachment.name,
    )


def _decoded(body: bytes, encoding: str) -> bytes:
    place = Span(0, len(body))
    return decode_body(body, Part(place, place, (Header("content-transfer-encoding", encoding.encode()),), "", ()))
