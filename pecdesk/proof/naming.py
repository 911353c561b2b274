"""Names of what a proof is made of: short, safe on every file system, same input, same names (cli.md section 5)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import date

BUNDLE_NAME_LIMIT = 92
"""With `.zip` and a number behind it the name stays under 100 characters."""
ORIGINAL_NAME_LIMIT = 80

_LOOKED_AT = 1000
"""Characters of a subject or an address that may come into a name: normalising takes the square of a row of accents."""

_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_NOT_IN_ADDRESS = re.compile(r"[^A-Za-z0-9@._+-]+")
_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9@._+-]{0,119}")


def bundle_name(day: date, subject: str, identity: str) -> str:
    """`YYYY-MM-DD_<subject-slug>_<first 8 hex of SHA-256 of the identificativo or message id>`.

    Beginning with a date and ending in a hexadecimal digit, it is no reserved name and has no trailing dot or space.
    """
    head = day.isoformat()
    tail = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    room = BUNDLE_NAME_LIMIT - len(head) - len(tail) - 2
    return f"{head}_{slug(subject)[:room].rstrip('-') or 'senza-oggetto'}_{tail}"


def original_names(pieces: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """`NN_<kind>_<address>.eml` for each (kind in Italian, address or empty), numbered from 00 in the order given.

    The number makes each name unique, on file systems that do not tell capitals from small letters too.
    """
    digits = max(2, len(str(len(pieces) - 1)))
    return tuple(_original_name(f"{number:0{digits}}", kind, address) for number, (kind, address) in enumerate(pieces))


def message_name(day: date | None, kind: str, address: str) -> str:
    """`YYYY-MM-DD_<kind>_<address>.eml` for one message saved by itself (kind in Italian, address or empty)."""
    return _original_name(day.isoformat() if day else "senza-data", kind, address)


def is_safe(name: str) -> bool:
    """True for a plain file name of letters, digits and `@._+-`, which no folder, shell or typesetter reads as more."""
    return _SAFE.fullmatch(name) is not None and not name.endswith(".")


def slug(text: str) -> str:
    """Small ASCII letters, digits and single hyphens; accents fall away, what has no Latin letter becomes a hyphen."""
    plain = unicodedata.normalize("NFKD", text[:_LOOKED_AT].casefold()).encode("ascii", "ignore").decode("ascii")
    return _NOT_IN_SLUG.sub("-", plain.lower()).strip("-")


def _original_name(number: str, kind: str, address: str) -> str:
    head = f"{number}_{slug(kind) or 'messaggio'}"[: ORIGINAL_NAME_LIMIT // 2]
    plain = unicodedata.normalize("NFKD", address[:_LOOKED_AT]).encode("ascii", "replace").decode("ascii")
    safe = _NOT_IN_ADDRESS.sub("-", plain).strip("-.")
    room = ORIGINAL_NAME_LIMIT - len(head) - len("_.eml")
    return f"{head}_{safe[:room].rstrip('-.')}.eml" if safe else f"{head}.eml"
