"""A row of the list: who, what, when, its marks, and the whole of it in one sentence for a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pecdesk.errors import N_
from pecdesk.explain.badge import Badge, Tone, badge
from pecdesk.explain.language import MONTHS_EN, MONTHS_IT, Language
from pecdesk.explain.lookalikes import imitations_of
from pecdesk.explain.marks import Seal, seals
from pecdesk.explain.words import ATTENTION
from pecdesk.explain.zone import display_zone
from pecdesk.pec.deadlines import attention
from pecdesk.pec.transmission import Direction, Transmission, TransmissionKind

__all__ = ["ListLine", "Seal", "day_heading", "list_line", "short_time"]

NAMED = 2
"""How many recipients are named beside their number."""

DAYS_IT = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class ListLine:
    """One row, as the list shows it. Texts out of mail are plain and may be hostile."""

    direction: Direction
    """A receipt about somebody else's message came in, whatever direction its row is kept under."""
    counterpart: str
    subject: str
    moment: datetime | None
    seals: tuple[Seal, ...]
    badge: Badge
    spoken: str
    alert: tuple[str, ...] = ()
    """Why a person is needed, in sentences: where the state alone would not be taken for it."""


def list_line(
    row: Transmission,
    now: datetime,
    language: Language,
    *,
    unread: bool = False,
    attachments: int = 0,
    labels: Sequence[str] = (),
) -> ListLine:
    """A row at `now`, in whose zone times are told."""
    mark, marks = badge(row, language), seals(row, language)
    direction = Direction.RECEIVED if row.kind is TransmissionKind.UNMATCHED else row.direction
    who, subject = _counterpart(row, language), row.subject or language.say(N_("(no subject)"))
    told = [language.say(N_("unread"))] if unread else []
    towards = N_("sent to {who}") if direction is Direction.SENT else N_("from {who}")
    if row.is_unsent:
        towards = N_("to {who}, not sent")
    told.append(who if row.kind is TransmissionKind.UNMATCHED else language.say(towards, who=who))
    told.append(subject)
    if row.sent_at is not None:
        told.append(language.minute(_local(row.sent_at, now)))
    told.append(mark.word)
    told += [seal.word for seal in marks if seal.word != mark.word]
    present, imitating = attention(row, now), imitations_of(row, language)
    if present or imitating:
        told.append(language.say(N_("needs attention")))
    alarming = mark.tone in (Tone.RED, Tone.AMBER)
    alert = () if alarming else (*imitating, *(language.say(ATTENTION[need]) for need in present))
    if attachments:
        told.append(language.counted("one attachment", "{n} attachments", attachments))
    if labels:
        told.append(language.say(N_("labels: {labels}"), labels=", ".join(labels)))
    return ListLine(direction, who, subject, row.sent_at, marks, mark, "; ".join(told), alert)


def _counterpart(row: Transmission, language: Language) -> str:
    """The other side: who wrote it, or to whom it went."""
    if row.kind is TransmissionKind.UNMATCHED:
        return language.say(N_("receipt about a message of {sender}"), sender=row.sender or "–")
    if row.direction is Direction.RECEIVED:
        return row.sender or language.say(N_("(no sender)"))
    addresses = [recipient.address for recipient in row.recipients]
    if len(addresses) <= 1:
        return addresses[0] if addresses else language.say(N_("(no recipient)"))
    names = ", ".join(f"{address.partition('@')[0]}@…" for address in addresses[:NAMED])
    names += ", …" if len(addresses) > NAMED else ""
    return language.counted("{n} recipient: {names}", "{n} recipients: {names}", len(addresses), names=names)


def _local(moment: datetime, now: datetime) -> datetime:
    """The moment in the zone of `now`; as it is where the calendar ends, since headers may claim any year."""
    try:
        return moment.astimezone(display_zone(now))
    except (OverflowError, ValueError, OSError):
        return moment


def short_time(moment: datetime, now: datetime, language: Language) -> str:
    """A moment as short as it can be understood at `now`, in the zone of `now`: 10:42, ieri, 20 nov, 20/11/2024."""
    local = _local(moment, now)
    day, today = local.date(), now.date()
    if day == today:
        return f"{local:%H:%M}"
    if day == today - timedelta(days=1):
        return language.say(N_("yesterday"))
    if day.year == today.year:
        return f"{day.day} {_month(day.month, language)[:3]}"
    return f"{local:%d/%m/%Y}"


def day_heading(moment: datetime, now: datetime, language: Language) -> str:
    """The day over a group of rows, in the zone of `now`: Oggi, Ieri, Lunedì 16 novembre, 20 novembre 2024."""
    day, today = _local(moment, now).date(), now.date()
    if day == today:
        return language.say(N_("Today"))
    if day == today - timedelta(days=1):
        return language.say(N_("Yesterday"))
    if day.year != today.year:
        return f"{day.day} {_month(day.month, language)} {day.year}"
    weekday = (DAYS_IT if language.code == "it" else DAYS_EN)[day.weekday()]
    return f"{weekday.capitalize()} {day.day} {_month(day.month, language)}"


def _month(month: int, language: Language) -> str:
    return (MONTHS_IT if language.code == "it" else MONTHS_EN)[month - 1]
