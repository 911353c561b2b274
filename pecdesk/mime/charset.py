"""Bytes to text, whatever the sender says the character set is."""

from __future__ import annotations

import codecs
import re

REPLACEMENT = "\ufffd"

_BYTE_ORDER_MARK = "\ufeff"
_UTF_8 = "utf-8"
_WINDOWS_1252 = "cp1252"
_ASCII_SUPERSETS = (None, _UTF_8, _WINDOWS_1252)

# A closed table instead of codecs.lookup(): a sender's word must neither import modules nor reach codecs that are
# slow (idna, punycode), warn (unicode_escape) or depend on the machine (mbcs).
_CODECS = {
    "utf-8": _UTF_8,
    "utf8": _UTF_8,
    "unicode-1-1-utf-8": _UTF_8,
    "utf-7": "utf-7",
    "utf-16": "utf-16-le",  # unless a byte order mark says otherwise
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    # As in the WHATWG encoding standard, Latin-1 is read as its superset windows-1252.
    "iso-8859-1": _WINDOWS_1252,
    "iso8859-1": _WINDOWS_1252,
    "latin1": _WINDOWS_1252,
    "latin-1": _WINDOWS_1252,
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "macintosh": "mac-roman",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "euc-jp": "euc-jp",
    "iso-2022-jp": "iso2022-jp",
    "euc-kr": "cp949",
    "ks-c-5601-1987": "cp949",
    **{f"iso-8859-{number}": f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **{f"windows-125{digit}": f"cp125{digit}" for digit in range(9)},
    **{f"cp125{digit}": f"cp125{digit}" for digit in range(9)},
    **{f"cp{number}": f"cp{number}" for number in (437, 850, 852, 858, 866)},
    "ibm437": "cp437",
    "ibm850": "cp850",
}

# C0 without tab and line feed, DEL, C1, and lone surrogates, which could not be written as UTF-8 later.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def decode_text(data: bytes, charset: str | None, *, complete: bool = True) -> str:
    """Decode `data`: as declared, else as UTF-8, else as windows-1252; never raises. A byte order mark is removed.

    With `complete=False` the data was cut somewhere: a character cut in two at the end is dropped.
    """
    declared = _CODECS.get((charset or "").strip().lower().replace("_", "-"))
    if declared in _ASCII_SUPERSETS and data.isascii():
        return data.decode("ascii")
    if declared == "utf-16-le" and data.startswith(codecs.BOM_UTF16_BE):
        declared = "utf-16-be"
    for codec in dict.fromkeys((declared or _UTF_8, _UTF_8)):
        try:
            text = data.decode(codec) if complete else codecs.getincrementaldecoder(codec)().decode(data)
        except UnicodeError:  # not always its child UnicodeDecodeError
            continue
        return text.removeprefix(_BYTE_ORDER_MARK)
    if declared is None or declared == _UTF_8:
        declared = _WINDOWS_1252
    return data.decode(declared, "replace").removeprefix(_BYTE_ORDER_MARK)


def without_controls(text: str) -> str:
    """Replace every control character but tab and line feed by U+FFFD, so that it is seen instead of obeyed."""
    if text.isprintable():
        return text
    return _CONTROL.sub(REPLACEMENT, text)
