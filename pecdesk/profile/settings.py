"""The user's settings: one TOML file, read with patience and written as a whole.

A file that cannot be read, and a value that means nothing, give what is shipped and a sentence about it; keys of other
versions are passed over.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path

from pecdesk.errors import N_, ProfileError

LONGEST_WAIT = 3600.0
"""Seconds."""


class LanguageChoice(StrEnum):
    """Which language is spoken. Closed."""

    SYSTEM = "system"
    ITALIAN = "it"
    ENGLISH = "en"


class ThemeChoice(StrEnum):
    """Which look the window has. Closed."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search under a name."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user has chosen."""

    language: LanguageChoice = LanguageChoice.SYSTEM
    theme: ThemeChoice = ThemeChoice.SYSTEM
    read_after_seconds: float = 2.0
    """How long a message is on screen before it counts as read."""
    prefer_html: bool = False
    """Whether a message that has both is shown as HTML first."""
    fetch_revocation_lists: bool = False
    """Whether the program may ask the authorities, over the network, which certificates were revoked."""
    searches: tuple[SavedSearch, ...] = ()


def load_settings(path: Path) -> tuple[Settings, ProfileError | None]:
    """The settings of that file, and what is wrong with it. Without a file: what is shipped, and nothing is wrong."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), None
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = N_("The settings {path} cannot be read: {reason}.")
        return Settings(), ProfileError(message, N_("Until then everything is as shipped."), path=path, reason=reason)
    found: dict[str, object] = {}
    wrong = []
    for field in fields(Settings):
        if field.name in document:
            try:
                found[field.name] = _READERS[field.name](document[field.name])
            except (TypeError, ValueError, KeyError):
                wrong.append(field.name)
    settings = Settings(**found)  # type: ignore[arg-type]
    if not wrong:
        return settings, None
    message = N_("The settings {path} have values that mean nothing: {names}.")
    next_step = N_("These are as shipped until they are set again.")
    return settings, ProfileError(message, next_step, path=path, names=", ".join(wrong))


def settings_text(settings: Settings) -> str:
    """The settings as TOML, which `load_settings` reads back as an equal value."""
    lines = [
        f"language = {_quoted(settings.language)}",
        f"theme = {_quoted(settings.theme)}",
        f"read_after_seconds = {float(settings.read_after_seconds)}",
        f"prefer_html = {str(settings.prefer_html).lower()}",
        f"fetch_revocation_lists = {str(settings.fetch_revocation_lists).lower()}",
    ]
    for search in settings.searches:
        lines += ["", "[[searches]]", f"name = {_quoted(search.name)}", f"query = {_quoted(search.query)}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string: its escapes are those of JSON, but for the character that JSON leaves as it is."""
    encodable = text.encode("utf-8", "replace").decode()
    return json.dumps(encodable, ensure_ascii=False).replace("\x7f", "\\u007f")


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    if not 0 <= value <= LONGEST_WAIT:
        raise ValueError
    return float(value)


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _searches(value: object) -> tuple[SavedSearch, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_search(each) for each in value)


def _search(value: object) -> SavedSearch:
    if not isinstance(value, Mapping):
        raise TypeError
    return SavedSearch(_text(value["name"]), _text(value["query"]))


_READERS = {
    "language": LanguageChoice,
    "theme": ThemeChoice,
    "read_after_seconds": _seconds,
    "prefer_html": _switch,
    "fetch_revocation_lists": _switch,
    "searches": _searches,
}
