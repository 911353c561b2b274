"""PEM armour (RFC 7468): the bytes between the lines."""

from __future__ import annotations

import base64
import binascii
import re


def decode_pem(data: bytes, label: str) -> list[bytes]:
    """All blocks with this label, decoded; a file without armour counts as one block of DER. Raises ValueError."""
    blocks = re.findall(rb"-----BEGIN ([A-Z0-9 ]+)-----\s*\n([A-Za-z0-9+/=\s]*)-----END \1-----", data)
    if not blocks:
        if b"-----BEGIN " in data:
            raise ValueError("the PEM armour is damaged")
        return [data]
    try:
        return [
            base64.b64decode(b"".join(body.split()), validate=True) for found, body in blocks if found.decode() == label
        ]
    except binascii.Error as error:
        raise ValueError("the PEM text is not base64") from error
