"""The user's settings: one TOML file, read with patience and written as a whole.

A file that cannot be read, and a value that means nothing, give what is shipped and a sentence about it; keys of other
versions are passed over.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import time
from enum import StrEnum
from pathlib import Path

from pecdesk.errors import N_, ProfileError
from pecdesk.profile.toml import quoted

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
class Template:
    """A text to begin a message with."""

    name: str
    subject: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """What stands under the messages of one account; the words of a person, no digital signature."""

    account: str
    """Its address; empty: of every account that has none of its own."""
    text: str


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
    notify: bool = True
    """Whether new mail and settled outcomes are told outside the window."""
    quiet_from: time | None = None
    """From when on nothing is told outside the window, every day; None: there are no quiet hours."""
    quiet_until: time | None = None
    """Until when; earlier than `quiet_from`: on the next day."""
    undo_seconds: float = 10.0
    """How long a message that was sent can still be taken back; 0: it leaves at once."""
    templates: tuple[Template, ...] = ()
    signatures: tuple[Signature, ...] = ()


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
        f"language = {quoted(settings.language)}",
        f"theme = {quoted(settings.theme)}",
        f"read_after_seconds = {float(settings.read_after_seconds)}",
        f"prefer_html = {str(settings.prefer_html).lower()}",
        f"fetch_revocation_lists = {str(settings.fetch_revocation_lists).lower()}",
        f"notify = {str(settings.notify).lower()}",
        f"undo_seconds = {float(settings.undo_seconds)}",
    ]
    for name, moment in (("quiet_from", settings.quiet_from), ("quiet_until", settings.quiet_until)):
        if moment is not None:
            lines.append(f"{name} = {moment:%H:%M:%S}")
    for search in settings.searches:
        lines += ["", "[[searches]]", f"name = {quoted(search.name)}", f"query = {quoted(search.query)}"]
    for template in settings.templates:
        lines += ["", "[[templates]]", f"name = {quoted(template.name)}"]
        lines += [f"subject = {quoted(template.subject)}", f"text = {quoted(template.text)}"]
    for signature in settings.signatures:
        lines += ["", "[[signatures]]", f"account = {quoted(signature.account)}", f"text = {quoted(signature.text)}"]
    return "\n".join(lines) + "\n"


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


def _time(value: object) -> time:
    if not isinstance(value, time):
        raise TypeError
    return value.replace(microsecond=0)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _tables(value: object) -> list[Mapping[str, object]]:
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        raise TypeError
    return value


def _searches(value: object) -> tuple[SavedSearch, ...]:
    return tuple(SavedSearch(_text(each["name"]), _text(each["query"])) for each in _tables(value))


def _templates(value: object) -> tuple[Template, ...]:
    return tuple(
        Template(_text(each["name"]), _text(each.get("subject", "")), _text(each.get("text", "")))
        for each in _tables(value)
    )


def _signatures(value: object) -> tuple[Signature, ...]:
    return tuple(Signature(_text(each["account"]), _text(each["text"])) for each in _tables(value))


_READERS = {
    "language": LanguageChoice,
    "theme": ThemeChoice,
    "read_after_seconds": _seconds,
    "prefer_html": _switch,
    "fetch_revocation_lists": _switch,
    "searches": _searches,
    "notify": _switch,
    "undo_seconds": _seconds,
    "quiet_from": _time,
    "quiet_until": _time,
    "templates": _templates,
    "signatures": _signatures,
}
