"""What this program is made of: versions and licences, read from the installed packages themselves."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

import PySide6
from PySide6.QtCore import qVersion

from pecdesk import __version__
from pecdesk.resources import resources
from pecdesk.store.database import ENGINE

LICENCE = "EUPL-1.2"
LICENCE_ADDRESS = "https://eupl.eu/1.2/it"
"""Where the text is too, in every language of the Union."""

FONTS = "Libertinus Serif, Noto Naskh Arabic (OFL-1.1); DejaVu (Bitstream Vera)"
"""Those of the proof document, shipped with the program."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LONG = 60
"""Characters; a longer field holds the licence's text, not its name."""


@dataclass(frozen=True, slots=True)
class Library:
    """One package the program runs on."""

    name: str
    version: str
    licence: str
    """As the package states it; empty when it states none."""


def versions() -> tuple[str, ...]:
    """The program and what it runs on, one line each."""
    return (
        f"pecdesk {__version__}",
        f"Python {platform.python_version()}",
        f"Qt {qVersion()}, PySide6 {PySide6.__version__}",
        ENGINE,
        f"{platform.system()} {platform.release()} {platform.machine()}",
    )


def libraries() -> list[Library]:
    """Every package pecdesk needs to run, and those they need, by name."""
    found: dict[str, Library] = {}
    waiting = list(_needed("pecdesk"))
    while waiting:
        name = waiting.pop()
        try:
            facts = metadata.metadata(name)
        except metadata.PackageNotFoundError:  # for another system, or left out of a frozen program
            continue
        if facts["Name"] not in found:
            found[facts["Name"]] = Library(facts["Name"], facts["Version"], _licence(facts))
            waiting += _needed(name)
    return sorted(found.values(), key=lambda library: library.name.lower())


def licence_text() -> str | None:
    """The licence of pecdesk: from the installed package, or beside the source tree; None where neither is."""
    try:
        text = metadata.distribution("pecdesk").read_text("licenses/LICENSE")
    except metadata.PackageNotFoundError:
        text = None
    beside = resources().parent / "LICENSE"
    if text is None and beside.is_file():
        text = beside.read_text(encoding="utf-8")
    return text


def _needed(name: str) -> Iterator[str]:
    try:
        wanted = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return
    for line in wanted:
        if "extra ==" not in line and (written := _NAME.match(line)):
            yield written[0]


_SAID_IN_A_FILE = {"IMAPClient": "BSD-3-Clause"}
"""Packages whose metadata name no licence, as the licence file in them says."""


def _licence(facts: metadata.PackageMetadata) -> str:
    for field in ("License-Expression", "License"):
        if field in facts and 0 < len(facts[field]) <= _LONG:
            return facts[field]
    classes = [line for line in facts.get_all("Classifier") or [] if line.startswith("License ::")]
    return ", ".join(line.rpartition(" :: ")[2] for line in classes) or _SAID_IN_A_FILE.get(facts["Name"], "")
