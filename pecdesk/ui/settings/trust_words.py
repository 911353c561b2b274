"""How the trust data is told: its date, how old it is, its version; and how a fingerprint is written and compared."""

from __future__ import annotations

from datetime import date

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk

LAST_DIGITS = 8
"""Of a fingerprint, that the user types before an authority is trusted."""


def trust_data(version: str, desk: Desk) -> tuple[str, ...]:
    """When the trust data was made, and its version."""
    try:
        made = date.fromisoformat(version.partition("+")[0])
    except ValueError:
        return (desk.say(N_("Trust data: {version}"), version=version),)
    days = max((desk.clock().date() - made).days, 0)
    age = desk.language.counted("one day ago", "{n} days ago", days) if days else desk.say(N_("today"))
    told = desk.say(N_("Trust data of {day} ({age})"), day=f"{made:%d/%m/%Y}", age=age)
    return (told, desk.say(N_("Version {version}"), version=version))


def in_fours(digits: str) -> str:
    """A fingerprint as people compare it: four digits at a time, half of it on a line."""
    groups = [digits[start : start + 4].upper() for start in range(0, len(digits), 4)]
    half = (len(groups) + 1) // 2
    return " ".join(groups[:half]) + "\n" + " ".join(groups[half:])


def confirms(typed: str, fingerprint: str) -> bool:
    """Whether what was typed is the end of this fingerprint, or all of it, however it is spaced."""
    plain = "".join(char for char in typed.lower() if not char.isspace() and char not in ":-")
    return plain in (fingerprint[-LAST_DIGITS:], fingerprint)
