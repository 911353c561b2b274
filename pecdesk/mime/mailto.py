"""`mailto:` links (RFC 6068) to values. What a web page or a program wrote there is foreign text, and capped."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pecdesk.mime.charset import decode_text, without_controls

MAX_LINK = 64 * 1024
"""Signs of a link that are looked at."""
MAX_FIELDS = 100

_SCHEME = "mailto:"
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class MailtoLink:
    """What a link asks for. Addresses are as written, not judged."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""
    """Lines end with LF."""
    in_reply_to: str | None = None


def is_mailto(text: str) -> bool:
    """Whether that text is such a link."""
    return text[: len(_SCHEME)].lower() == _SCHEME


def mailto_link(link: str) -> MailtoLink:
    """What a link asks for. Never raises: what makes no sense is left out, as are all other fields (RFC 6068 §4)."""
    if not is_mailto(link):
        return MailtoLink()
    target, _, query = link[len(_SCHEME) : MAX_LINK].partition("#")[0].partition("?")
    to: list[str] = list(_addresses(target))
    copies: dict[str, list[str]] = {"cc": [], "bcc": []}
    texts: dict[str, str] = {}
    for pair in query.split("&")[:MAX_FIELDS]:
        name, _, value = pair.partition("=")
        name = _decoded(name).lower()
        if name == "to":
            to += _addresses(value)
        elif name in copies:
            copies[name] += _addresses(value)
        elif name in ("subject", "body", "in-reply-to"):
            texts.setdefault(name, _decoded(value))
    body = texts.get("body", "").replace("\r\n", "\n").replace("\r", "\n")
    return MailtoLink(
        to=tuple(to),
        cc=tuple(copies["cc"]),
        bcc=tuple(copies["bcc"]),
        subject=without_controls(" ".join(texts.get("subject", "").split())),
        body=without_controls(body),
        in_reply_to=texts.get("in-reply-to"),
    )


def _addresses(written: str) -> list[str]:
    """Addresses between commas; a comma inside one is written as %2C (RFC 6068 §2)."""
    found = (" ".join(_decoded(piece).split()) for piece in written.split(","))
    return [address for address in found if address]


def _decoded(text: str) -> str:
    """Percent signs undone; a plus sign is a plus sign (RFC 6068 §5)."""
    data = _PERCENT.sub(lambda match: bytes.fromhex(match[1].decode()), text.encode("utf-8", "replace"))
    return decode_text(data, "utf-8")
