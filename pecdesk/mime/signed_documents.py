"""Is this file a signed document? Told from its content, in bounded work; nothing is verified and nobody is named.

Certified mail carries legal documents, and Italian ones are signed as CAdES (.p7m), PAdES (PDF) or XAdES (XML). Names
and media types say little: a .p7m travels as application/octet-stream, and some programs put base64 into the file
itself. An XML signature without XAdES, and a field for a signature that nobody filled, are no signed documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from pecdesk.mime.decode import base64_bytes


class SignedFormat(StrEnum):
    """How a document is signed, by what its content claims. Closed."""

    CADES = "CAdES"
    """CMS with a document, or about one (.p7m, .p7s; ETSI EN 319 122)."""
    PADES = "PAdES"
    """A PDF with a signature in it (ETSI EN 319 142, ISO 32000-1 §12.8)."""
    XADES = "XAdES"
    """XML with a signature in it (ETSI EN 319 132)."""
    TIMESTAMP = "timestamp"
    """No signature of anybody: a time stamp (.tsr, .tsd; RFC 3161, RFC 5544)."""


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
_LONGEST_SIGN = 128
"""Bytes of the longest of what is searched for below, with room to spare."""

_BASE64_SEQUENCE = (b"MI", b"-----BEGIN PKCS7-----", b"-----BEGIN CMS-----", b"-----BEGIN PKCS #7 SIGNED DATA-----")
# What a signature leaves in a PDF as plain bytes, since its own /ByteRange must point around it.
_PDF_SIGNATURE = re.compile(rb"/SubFilter\s{0,9}/(?:adbe\.pkcs7\.|adbe\.x509\.|ETSI\.CAdES\.)")
_XML_SIGNATURE = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,63}:)?Signature[\s>]")
_XML_SIGNATURE_NAMESPACE = b"http://www.w3.org/2000/09/xmldsig#"
_XADES_NAMESPACE = b"http://uri.etsi.org/01903/"


def signed_format(content: bytes) -> SignedFormat | None:
    """How the file with that content is signed, as far as it says itself; None where it does not look signed."""
    finder = FormatFinder()
    finder.feed(content)
    return finder.found()


class FormatFinder:
    """The same for a file that comes in pieces, the first of which holds its first 1024 bytes or all of it."""

    def __init__(self) -> None:
        self._head: bytes | None = None
        self._wanted: tuple[Callable[[bytes], bool], ...] = ()
        """What must be in the file, each somewhere, besides how it begins."""
        self._there: set[int] = set()
        self._tail = b""

    def feed(self, piece: bytes) -> None:
        """The next piece."""
        if self._head is None:
            self._head = piece[: 2 * _HEAD]
            self._wanted = _signs_of_signature(self._head)
        if len(self._there) < len(self._wanted):
            window = self._tail + piece if self._tail else piece
            self._there |= {number for number, is_in in enumerate(self._wanted) if is_in(window)}
            self._tail = window[-_LONGEST_SIGN:]

    def found(self) -> SignedFormat | None:
        """What it was, now that all has come."""
        head = self._head or b""
        if head.startswith(_SEQUENCE):
            return _cms_format(head[:_HEAD])
        if head.startswith(_BASE64_SEQUENCE):
            return _cms_format(base64_bytes(head.partition(b"\n")[2] if head.startswith(b"-") else head))
        if not self._wanted or len(self._there) < len(self._wanted):
            return None
        return SignedFormat.PADES if _is_pdf(head) else SignedFormat.XADES


def _is_pdf(head: bytes) -> bool:
    return b"%PDF-" in head[:1024]


def _signs_of_signature(head: bytes) -> tuple[Callable[[bytes], bool], ...]:
    if head.startswith((_SEQUENCE, *_BASE64_SEQUENCE)):
        return ()
    if _is_pdf(head):
        return (lambda piece: b"/ByteRange" in piece, lambda piece: _PDF_SIGNATURE.search(piece) is not None)
    if head[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return (
            lambda piece: _XML_SIGNATURE_NAMESPACE in piece,
            lambda piece: _XADES_NAMESPACE in piece,
            lambda piece: _XML_SIGNATURE.search(piece) is not None,
        )
    return ()


def _cms_format(head: bytes) -> SignedFormat | None:
    if 0 <= head.find(_TIME_STAMPED_DATA) <= _BEHIND_HEADER:
        return SignedFormat.TIMESTAMP
    at = head.find(_SIGNED_DATA)
    if not 0 <= at <= _BEHIND_STATUS:
        return None
    # The type of what is signed stands behind a few algorithm identifiers.
    stamp, data = head.find(_TIME_STAMP_INFO, at), head.find(_ID_DATA, at)
    if stamp >= 0 and (data < 0 or stamp < data):
        return SignedFormat.TIMESTAMP
    return SignedFormat.CADES if at <= _BEHIND_HEADER else None
