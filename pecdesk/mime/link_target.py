"""Where a link in foreign content leads, written so that it can be shown: nothing hidden, nothing that looks alike."""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_TARGET = 2000
"""Characters of a target; a longer one is no link any more."""
_MAX_HOST = 253

# What browsers remove before they read an address: blanks and controls around it, line ends and tabs inside.
_AROUND = "".join(map(chr, range(33)))
_INSIDE = str.maketrans("", "", "\t\n\r")

_WEB = re.compile(r"(https?)://([^/?#\\]*)((?:[/?#].*)?)", re.IGNORECASE | re.DOTALL)
_MAIL = re.compile(r"mailto:([^?]*)((?:\?.*)?)", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(r"(?:[a-z0-9][a-z0-9._-]*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_PLAIN = frozenset(map(chr, range(33, 127))) - frozenset('"<>\\^`{|}')

_NAMED = re.compile(r"(?:https?://)?((?:[\w.+-]{1,100}@)?[\w-]{1,63}(?:\.[\w-]{1,63}){1,10})", re.IGNORECASE)
_TOP_LEVEL = re.compile(r".*\.[^\W\d_]{2,}", re.DOTALL)


class Target(NamedTuple):
    """Where a link leads."""

    url: str
    """http, https or mailto; printable ASCII only, so that letters of other alphabets cannot pass for Latin ones."""
    place: str
    """The host, or the mail address."""


def link_target(href: str) -> Target | None:
    """What a link leads to; None for every other scheme, for what is malformed, and where a user name stands before the
    host, which serves nothing but to look like another host."""
    href = href.strip(_AROUND).translate(_INSIDE)
    if len(href) > MAX_TARGET:
        return None
    if web := _WEB.fullmatch(href):
        host = _host(web[2])
        return Target(f"{web[1].lower()}://{host}{_encoded(web[3])}", host) if host else None
    if mail := _MAIL.fullmatch(href):
        address = _encoded(mail[1])
        return Target(f"mailto:{address}{_encoded(mail[2])}", address) if "@" in address else None
    return None


def names_another_place(text: str, target: Target) -> bool:
    """Whether the words of a link name a host or an address, and another one than it leads to."""
    found = _NAMED.match(text.strip())
    if found is None or not _TOP_LEVEL.fullmatch(found[1]):
        return False
    named = found[1].lower()
    if "@" in named or target.url.startswith("mailto:"):
        place = target.place.lower()
        return named != (place if "@" in named else place.rpartition("@")[2])
    named, place = _host(named) or named, target.place
    return not f".{place.partition(':')[0]}".endswith(f".{named.removeprefix('www.')}")


def _host(written: str) -> str | None:
    """The host in lower-case ASCII, or None for what is none."""
    if len(written) > _MAX_HOST:
        return None
    host = written.lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return None
    return host if _HOST.fullmatch(host) else None


def _encoded(text: str) -> str:
    if _PLAIN.issuperset(text):
        return text
    return "".join(
        char if char in _PLAIN else "".join(f"%{octet:02X}" for octet in char.encode("utf-8", "replace"))
        for char in text
    )
