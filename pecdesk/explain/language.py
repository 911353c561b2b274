"""The language in which something is said: a gettext catalogue and the few formats that differ.

Sentences stand in English in the code; the Italian catalogue is complete (a test checks it). Nothing here asks the
system: whoever prints decides the language and hands it down.
"""

from __future__ import annotations

import gettext
import locale
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from pecdesk.errors import N_, PecdeskError
from pecdesk.resources import resources

LANGUAGES = ("it", "en")

DOMAIN = "pecdesk"
"""Name of the catalogue."""

CATALOGUES = "translations"
"""Folder of the catalogues, in the resources."""

MONTHS_IT = (
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split()  # noqa: SIM905
)
MONTHS_EN = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


SYSTEM_WORDS = (
    N_("No such file or directory"),
    N_("Permission denied"),
    N_("Operation not permitted"),
    N_("Read-only file system"),
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("File exists"),
    N_("Directory not empty"),
    N_("Input/output error"),
    N_("File name too long"),
    N_("File too large"),
    N_("Too many open files"),
    N_("Too many open files in system"),
    N_("Device or resource busy"),
    N_("Too many levels of symbolic links"),
    N_("Invalid argument"),
    N_("No such device"),
    N_("No such device or address"),
    N_("Cannot allocate memory"),
    N_("Resource temporarily unavailable"),
    N_("Stale file handle"),
    N_("Connection timed out"),
    N_("Transport endpoint is not connected"),
    N_("Remote I/O error"),
    N_("Structure needs cleaning"),
    N_("Operation not supported"),
)
"""What the system says when it refuses (`os.strerror` under Linux): it comes into sentences as a field."""


_ARTICLE = re.compile(r"\b([Ii]l|[Aa]l|[Dd]el|[Dd]al|[Nn]el|[Ss]ul) \{(\w+)\}")
_EIGHT_OR_ELEVEN = re.compile(r"(?:8\d*|11)(?!\w)")
"""Numbers whose Italian names begin with a vowel: otto, ottanta, ottocento, undici."""
_ELIDED = {"il": "l’", "al": "all’", "del": "dell’", "dal": "dall’", "nel": "nell’", "sul": "sull’"}


def _elided(found: re.Match[str], fields: Mapping[str, object]) -> str:
    """An article and its field, joined where the number that stands there begins with a vowel."""
    article, name = found.groups()
    if not _EIGHT_OR_ELEVEN.match(str(fields.get(name, ""))):
        return found[0]
    joined = _ELIDED[article.lower()]
    return f"{joined.capitalize() if article[0].isupper() else joined}{{{name}}}"


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the interface."""

    code: str
    catalogue: gettext.NullTranslations

    def say(self, message: str, /, **fields: object) -> str:
        """The translation of an English template, filled."""
        text = self.catalogue.gettext(message) if message else ""
        return self._filled(text, fields) if fields else text

    def counted(self, singular: str, plural: str, number: int, /, **fields: object) -> str:
        """The form of a template that fits `number`, filled; `{n}` is the number."""
        return self._filled(self.catalogue.ngettext(singular, plural, number), {"n": number, **fields})

    def _filled(self, text: str, fields: Mapping[str, object]) -> str:
        """A template with its fields; in Italian with the article that a number wants: "l’8 novembre", "all’85 %"."""
        if self.code == "it":
            text = _ARTICLE.sub(lambda found: _elided(found, fields), text)
        return text.format(**fields)

    def error(self, error: PecdeskError) -> str:
        """What went wrong and what to do about it, in one breath."""
        what, todo = self.error_parts(error)
        return f"{ended(what)} {todo}" if todo else what

    def error_parts(self, error: PecdeskError) -> tuple[str, str]:
        """What went wrong, and what to do about it, which may be nothing.

        A field that is a text is translated where the catalogue has it: the system's words of a refusal.
        """
        fields = {
            name: self.catalogue.gettext(value) if isinstance(value, str) and value else value
            for name, value in error.fields.items()
        }
        return self._filled(self.say(error.message), fields), self._filled(self.say(error.next_step), fields)

    def instant(self, moment: datetime) -> str:
        """A moment to the second with its offset: 22/11/2026 09:15:41 (+0100)."""
        return f"{moment:%d/%m/%Y %H:%M:%S} ({moment:%z})"

    def minute(self, moment: datetime) -> str:
        """A moment to the minute, for tables: 22/11/2026 09:15."""
        return f"{moment:%d/%m/%Y %H:%M}"

    def day(self, moment: datetime) -> str:
        """A date in words: 22 novembre 2026."""
        months = MONTHS_IT if self.code == "it" else MONTHS_EN
        return f"{moment.day} {months[moment.month - 1]} {moment.year}"

    def size(self, octets: int) -> str:
        """A size in the largest fitting decimal unit."""
        if octets < 1000:
            return f"{octets} B"
        value, unit = next(
            ((octets / 1000**n, u) for n, u in ((1, "kB"), (2, "MB")) if octets < 1000 ** (n + 1)), (octets / 1e9, "GB")
        )
        written = f"{value:.1f}" if value < 10 else f"{value:.0f}"
        return f"{written.replace('.', ',') if self.code == 'it' else written} {unit}"

    def number(self, value: int) -> str:
        """An integer with thin spaces between thousands."""
        return f"{value:,}".replace(",", "\u202f")


@cache
def language(code: str) -> Language:
    """The language of that code: `it` or `en`."""
    if code == "en":
        return Language("en", gettext.NullTranslations())
    folder = resources() / CATALOGUES
    return Language(code, gettext.translation(DOMAIN, localedir=str(folder), languages=[code], fallback=True))


def preferred(environment: Mapping[str, str] = os.environ) -> str:
    """Italian, unless the system speaks English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value and value not in ("C", "POSIX", "C.UTF-8", "C.utf8"):
            return "en" if value.lower().startswith("en") else "it"
    spoken = (locale.getlocale()[0] or "") if sys.platform == "win32" else ""
    return "en" if spoken.lower().startswith(("en", "english")) else "it"


def ended(sentence: str) -> str:
    """A sentence with an end, where it ends in foreign words or in a name."""
    return sentence if not sentence or sentence[-1] in ".!?…" else f"{sentence}."


def utc(moment: datetime) -> datetime:
    """The same moment in UTC."""
    return moment.astimezone(UTC)
