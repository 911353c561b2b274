"""Recipients as they are typed or pasted: a text cut into mailboxes, and a mailbox written as text. No Qt."""

from __future__ import annotations

import re

from pecdesk.pec.composing import split_recipients

_INSIDE = re.compile(r'"(?>(?:[^"\\]|\\.)*)"?|<[^<>]*+>?')
_PLAIN_NAME = re.compile(r"[\w !#$%&'*+/=?^`{|}~.’-]*")
_SEPARATORS = frozenset(",;\n\r\t\u2028\u2029")
MOST = 1000
"""Recipients taken from one text."""


def pieces_of(text: str) -> list[str]:
    """The mailboxes of a text; bare addresses with nothing but blanks between them are several."""
    found: list[str] = []
    for piece in split_recipients(text.replace("\u2028", "\n").replace("\u2029", "\n")):
        words = piece.split()
        is_several = len(words) > 1 and all("@" in word and not set(word) & set('"<>') for word in words)
        found += words if is_several else [" ".join(words)]
    return found[:MOST]


def is_finished(text: str) -> bool:
    """Whether a separator outside quotes and brackets stands in the text: the mailbox before it is whole."""
    return any(char in _SEPARATORS for char in _INSIDE.sub("", text))


def mailbox_text(address: str, name: str) -> str:
    """A mailbox with its name, as it can be typed; a name that holds signs of its own is quoted."""
    name = " ".join(name.split())
    if not name or name.lower() == address.lower():
        return address
    if not _PLAIN_NAME.fullmatch(name):
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{name} <{address}>"
