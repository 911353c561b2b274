"""Is this file a signed document? Told from its first bytes and a few marks; nothing is verified here.

Certified mail carries legal documents, and Italian ones are signed as CAdES (.p7m), PAdES (PDF) or XAdES. Names and
media types say little: a .p7m travels as application/octet-stream, and some programs put base64 into the file itself.
"""

from __future__ import annotations

import re

from pecdesk.mime.decode import base64_bytes

_SEQUENCE = b"\x30"
# DER object identifiers, tag and length included.
_PKCS7 = bytes.fromhex("06092a864886f70d0107")
_ID_DATA = _PKCS7 + b"\x01"
_SIGNED_DATA = _PKCS7 + b"\x02"
_PKCS9_CONTENT = bytes.fromhex("060b2a864886f70d01091001")
_TIME_STAMP_INFO = _PKCS9_CONTENT + b"\x04"
_TIME_STAMPED_DATA = _PKCS9_CONTENT + b"\x1f"  # RFC 5544, the .tsd of Italian signing programs

# How far into the bytes an outermost identifier may begin: behind one header of tag and length, or, in a time stamp
# response (RFC 3161 §2.4.2), behind its status too.
_BEHIND_HEADER = 10
_BEHIND_STATUS = 40
_HEAD = 512

_BASE64_SEQUENCE = (b"MI", b"-----BEGIN PKCS7-----", b"-----BEGIN CMS-----")
_XML_SIGNATURE = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,63}:)?Signature[\s>]")
_XML_SIGNATURE_NAMESPACE = b"http://www.w3.org/2000/09/xmldsig#"


def signature_format(content: bytes) -> str | None:
    """ "CAdES", "PAdES", "XAdES" or "timestamp" for decoded file content that looks like one of these, else None."""
    if content.startswith(_SEQUENCE):
        return _cms_format(content[:_HEAD])
    if content.startswith(_BASE64_SEQUENCE):
        text = content[: 2 * _HEAD]
        return _cms_format(base64_bytes(text.partition(b"\n")[2] if text.startswith(b"-") else text))
    if b"%PDF-" in content[:1024]:
        return "PAdES" if b"/ByteRange" in content and b"/Sig" in content else None
    if content[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        is_signed = _XML_SIGNATURE_NAMESPACE in content and _XML_SIGNATURE.search(content)
        return "XAdES" if is_signed else None
    return None


def _cms_format(head: bytes) -> str | None:
    if 0 <= head.find(_TIME_STAMPED_DATA) <= _BEHIND_HEADER:
        return "timestamp"
    at = head.find(_SIGNED_DATA)
    if not 0 <= at <= _BEHIND_STATUS:
        return None
    # The type of what is signed stands behind a few algorithm identifiers.
    stamp, data = head.find(_TIME_STAMP_INFO, at), head.find(_ID_DATA, at)
    if stamp >= 0 and (data < 0 or stamp < data):
        return "timestamp"
    return "CAdES" if at <= _BEHIND_HEADER else None
