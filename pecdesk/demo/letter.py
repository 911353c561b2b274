"""A letter before it is addressed: what `letters_sent` and `letters_received` are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """A PDF to attach; `signed` wraps it as `.p7m`."""

    name: str
    title: str
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A text with places to fill in, and the sorts of party it goes to or comes from."""

    to: tuple[str, ...]
    subject: str
    text: str
    files: tuple[File, ...] = ()
