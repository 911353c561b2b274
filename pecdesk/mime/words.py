"""The text inside one raw header value: unfolding (RFC 5322 §2.2.3) and encoded words (RFC 2047)."""

from __future__ import annotations

import binascii
import re

from pecdesk.mime.charset import REPLACEMENT, decode_text, without_controls
from pecdesk.mime.decode import base64_bytes

MAX_ENCODED_WORDS = 1000
"""Encoded words decoded in one value; what follows stays as it was sent."""

_FOLD = re.compile(rb"\r?\n(?=[ \t])")

# The "?" just before the closing "?=" is illegal and common ("=?utf-8?Q?Come_va??="). No alternative here can run past
# the next "?", so the search is linear.
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,64})\?([BbQq])\?([^?]*+\??)\?=")


def unfold(value: bytes) -> str:
    """One raw value as one line of text: folds removed, UTF-8 if it is that, else windows-1252."""
    if b"\n" in value:
        value = _FOLD.sub(b"", value)
    if value.isascii():
        return value.decode("ascii")
    return decode_text(value, None)


def text_of(value: bytes | None) -> str:
    """One raw value for reading: unfolded, encoded words decoded, control characters made visible, stripped."""
    if value is None:
        return ""
    return single_line(decode_words(unfold(value))).strip()


def single_line(text: str) -> str:
    """The text without any control character: tabs become blanks, the others U+FFFD."""
    if text.isprintable():
        return text
    return without_controls(text).replace("\t", " ").replace("\n", REPLACEMENT)


def decode_words(text: str) -> str:
    """Decode the encoded words in unfolded text.

    White space between two of them is dropped (RFC 2047 §6.2), and the bytes of neighbours in one character set are
    put together before decoding, since mailers do cut characters in two.
    """
    if "=?" not in text:
        return text
    pieces: list[str] = []
    run: list[bytes] = []
    run_charset = ""
    end = 0
    for count, match in enumerate(ENCODED_WORD.finditer(text)):
        if count == MAX_ENCODED_WORDS:
            break
        charset = match[1].partition("*")[0].lower()  # RFC 2231 §5: "charset*language"
        between = text[end : match.start()]
        if run and (charset != run_charset or between.strip()):
            pieces.append(decode_text(b"".join(run), run_charset))
            if between.strip():
                pieces.append(between)
            run = []
        elif not run:
            pieces.append(between)
        run.append(_word_bytes(match[2], match[3]))
        run_charset = charset
        end = match.end()
    pieces.append(decode_text(b"".join(run), run_charset))
    pieces.append(text[end:])
    return "".join(pieces)


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "Qq":
        return binascii.a2b_qp(data, header=True)
    return base64_bytes(data)
