"""A `Report` as plain data for the typesetter: every string made legible, every field named as in `page`.

The template (`resources/report`) reads this as JSON. It gets no string that has not gone through `Legible`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum

from pecdesk.proof.legible import TITLE_LIMIT, Legible, Run, is_right_to_left
from pecdesk.proof.page import (
    AttachmentRow,
    CertificateRow,
    Fact,
    FileRow,
    Footer,
    MessageText,
    ReceiptSheet,
    Report,
    Setting,
)

Data = str | int | bool | None | list["Data"] | dict[str, "Data"] | list[Run] | list[list[Run]]

_CODE = {(FileRow, "name"), (AttachmentRow, "name"), (CertificateRow, "serial")}
_HASH = {(FileRow, "sha256"), (AttachmentRow, "sha256"), (CertificateRow, "sha256")}
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{16,}")
_GROUP = 8
_HEADING = 80
_RUNNING, _RUNNING_BANNER = 64, 120
_FOOTER_HEAD, _FOOTER_TAIL, _FOOTER_WORDS = 48, 24, 32
_UNBREAKABLE_ROW, _UNBREAKABLE_SHEET = 600, 2_000
"""A table row or a sheet of up to so many characters is not parted by the end of a page."""


def lay_out(report: Report, legible: Legible) -> dict[str, Data]:
    """The whole report as JSON values."""
    data = _record(report, legible)
    data["document_title"] = legible.plain(report.title)
    data["running_title"] = _running(report.title, legible)
    data["running_kicker"] = _running(report.kicker, legible)
    data["running_banner"] = _running(report.banner, legible, _RUNNING_BANNER)
    data["title"] = legible.line(report.title, TITLE_LIMIT)
    data["long_title"] = len(report.title) > 90
    data["alternatives"] = {mark.value: legible.plain(words) for mark, words in report.alternatives.items()}
    data["language"] = report.language
    return data


def hash_runs(digits: str, legible: Legible) -> list[Run]:
    """Hexadecimal digits in groups of eight; anything else as an identifier."""
    if not _HEXADECIMAL.fullmatch(digits):
        return legible.line(digits, code=True)
    runs: list[Run] = []
    for start in range(0, len(digits), _GROUP):
        runs += [("g",)] if start else []
        runs.append(digits[start : start + _GROUP])
    return runs


def _record(value: object, legible: Legible) -> dict[str, Data]:
    match value:
        case Fact():
            return {
                "label": legible.line(value.label, _HEADING),
                "value": _set(value, legible),
                "setting": value.setting.value,
            }
        case MessageText():
            return _message(value, legible)
        case Footer():
            return _footer(value, legible)
    kind = type(value)
    data: dict[str, Data] = {}
    for field in fields(kind):  # type: ignore[arg-type]
        content = getattr(value, field.name)
        if isinstance(content, str) and not isinstance(content, StrEnum) and (kind, field.name) in _CODE:
            data[field.name] = legible.line(content, code=True)
        elif isinstance(content, str) and (kind, field.name) in _HASH:
            data[field.name] = hash_runs(content, legible)
        elif field.name == "columns":
            data[field.name] = [legible.line(words, _HEADING) for words in content]
        else:
            data[field.name] = _content(content, legible)
    limit = _UNBREAKABLE_SHEET if kind is ReceiptSheet else _UNBREAKABLE_ROW
    data["breakable"] = _length(value) > limit
    return data


def _content(content: object, legible: Legible) -> Data:
    if content is None:
        return None
    if isinstance(content, StrEnum):
        return content.value
    if isinstance(content, str):
        return legible.line(content)
    if isinstance(content, tuple):
        return [_content(item, legible) for item in content]
    if isinstance(content, Mapping):
        return None
    return _record(content, legible)


def _set(fact: Fact, legible: Legible) -> list[Run]:
    if fact.setting is Setting.HASH:
        return hash_runs(fact.value, legible)
    return legible.line(fact.value, code=fact.setting is Setting.CODE)


def _message(message: MessageText, legible: Legible) -> dict[str, Data]:
    """The text in paragraphs, which end at empty lines; each is written in the direction of its first letter."""
    paragraphs: list[Data] = []
    lines: list[list[Run]] = []
    for runs in [*legible.lines(message.text, preformatted=message.preformatted), []]:
        if runs:
            lines.append(runs)
        elif lines:
            words = "".join(run for line in lines for run in line if isinstance(run, str))
            paragraphs.append({"lines": lines, "right_to_left": is_right_to_left(words)})
            lines = []
    return {
        "heading": legible.line(message.heading),
        "caption": legible.line(message.caption),
        "preformatted": message.preformatted,
        "paragraphs": paragraphs,
        "none": legible.line(message.none),
    }


def _footer(footer: Footer, legible: Legible) -> dict[str, Data]:
    identifier = footer.identifier
    if len(identifier) > _FOOTER_HEAD + _FOOTER_TAIL:
        identifier = f"{identifier[:_FOOTER_HEAD]}…{identifier[-_FOOTER_TAIL:]}"
    return {
        "label": _running(footer.label, legible, _FOOTER_WORDS),
        "identifier": legible.line(identifier),
        "page_pattern": legible.plain(footer.page_pattern, 2 * _FOOTER_WORDS),
    }


def _running(text: str, legible: Legible, limit: int = _RUNNING) -> list[Run]:
    """What must stay on one line at the head or foot of every page."""
    short = text if len(text) <= limit else f"{text[:limit].rstrip()}…"
    return [run for run in legible.line(short) if run != ("b",)]


def _length(value: object) -> int:
    """Characters in a value and all it holds."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, tuple):
        return sum(map(_length, value))
    if is_dataclass(value):
        return sum([_length(getattr(value, field.name)) for field in fields(value)])
    return 0
