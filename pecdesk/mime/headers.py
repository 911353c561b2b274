"""Header values to values: one module to import whatever is read from a header field.

All functions take raw values as they stand in `Header.value`, accept any bytes, never raise, and take time linear
in their size: Python's own `email` package needs minutes for a hostile From of 200 kB.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from pecdesk.mime.addresses import Address, addresses_of, strict_address
from pecdesk.mime.parameters import file_name_of, parameters_of
from pecdesk.mime.words import single_line, text_of, unfold

__all__ = [
    "Address",
    "addresses_of",
    "date_of",
    "file_name_of",
    "message_id_of",
    "message_ids_of",
    "parameters_of",
    "strict_address",
    "text_of",
    "unfold",
]

MAX_MESSAGE_IDS = 100
"""Ids read from one References field: the last ones, which are the nearest ancestors."""

_DATE = re.compile(
    r"""(?:[a-z]{2,9}\.?,?\s*+)?
        (?P<day>[0-9]{1,2})[\s-]++(?P<month>[a-z]{3})[a-z]*+\.?[\s-]++(?P<year>[0-9]{2,4}),?\s++
        (?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2}))?
        \s*+(?:(?P<sign>[+-])(?P<hours>[0-9]{2}):?(?P<minutes>[0-9]{2})|(?P<zone>[a-z]{0,5}))""",
    re.VERBOSE | re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# RFC 5322 §4.3, and the European names that its authors left out; any other name means UTC, as that section says.
_ZONE_HOURS = {
    "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8,
    "cet": 1, "met": 1, "mez": 1, "cest": 2, "mest": 2, "mesz": 2, "bst": 1, "eet": 2, "eest": 3, "west": 1,
}  # fmt: skip
_YEARS = range(1900, 3000)
_MAX_OFFSET_HOURS = 14

_ANGLE = re.compile(r"<([^<>]*+)>")


def date_of(value: bytes | None) -> datetime | None:
    """An RFC 5322 date with its offset; None where it cannot be read or is absurd.

    "-0000", an unknown zone name and a missing zone all mean UTC; a comment ("(CEST)") may stand at the end.
    """
    if value is None:
        return None
    match = _DATE.fullmatch(unfold(value).partition("(")[0].strip())
    if match is None or match["month"].lower() not in _MONTHS:
        return None
    year = int(match["year"])
    if len(match["year"]) < 4:  # RFC 5322 §4.3
        year += 2000 if year < 50 else 1900
    if match["sign"]:
        hours, minutes = int(match["hours"]), int(match["minutes"])
        if hours > _MAX_OFFSET_HOURS or minutes > 59:
            return None
        offset = timedelta(hours=hours, minutes=minutes) * (-1 if match["sign"] == "-" else 1)
    else:
        offset = timedelta(hours=_ZONE_HOURS.get(match["zone"].lower(), 0))
    if year not in _YEARS:
        return None
    second = int(match["second"] or 0)
    try:
        return datetime(
            year,
            _MONTHS.index(match["month"].lower()) + 1,
            int(match["day"]),
            int(match["hour"]),
            int(match["minute"]),
            59 if second == 60 else second,  # a leap second
            tzinfo=timezone(offset) if offset else UTC,
        )
    except ValueError:
        return None


def message_id_of(value: bytes | None) -> str | None:
    """The id of a Message-ID field without angle brackets and white space; None if nothing remains."""
    text = text_of(value)
    angle = _ANGLE.search(text)
    return "".join((angle[1] if angle else text.strip("<>")).split()) or None


def message_ids_of(value: bytes | None) -> tuple[str, ...]:
    """All ids of a References or In-Reply-To field, oldest first, the last hundred of them."""
    text = unfold(value or b"")
    ids = _ANGLE.findall(text) or text.replace(",", " ").replace("<", " ").replace(">", " ").split()
    cleaned = ("".join(single_line(identifier).split()) for identifier in ids[-MAX_MESSAGE_IDS:])
    return tuple(identifier for identifier in cleaned if identifier)
