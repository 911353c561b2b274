"""What a change of rows brought that is worth interrupting somebody for, and the few words that are said of it.

Only what is settled counts: an acceptance is no news, a delivery, a failure and a new message are. What is said stands
on a locked screen too: who and what became of it, never a subject nor a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pecdesk.errors import N_
from pecdesk.explain.badge import Tone
from pecdesk.explain.language import Language
from pecdesk.explain.visible import visible
from pecdesk.pec.transmission import Attention, Direction, RecipientState, State, Status, Transmission, TransmissionKind

LONGEST_NAME = 80
"""Letters of an address in a notification."""


class NewsKind(StrEnum):
    """What happened, the loudest first. Closed."""

    FAILED = "failed"
    REFUSED = "refused"
    HELD = "held"
    """It was not sent, and is not tried again before the user says so."""
    CONTRADICTORY = "contradictory"
    UNCERTAIN = "uncertain"
    FALSE = "false"
    """A message or a receipt came that is forged or altered."""
    DELAYED = "delayed"
    CERTIFIED = "certified"
    """A certified message came."""
    OTHER = "other"
    """A message came that is not certified, or cannot be verified."""
    DELIVERED = "delivered"


LOUDNESS = tuple(NewsKind)

TONES: dict[NewsKind, Tone] = {
    NewsKind.FAILED: Tone.RED,
    NewsKind.REFUSED: Tone.RED,
    NewsKind.HELD: Tone.RED,
    NewsKind.CONTRADICTORY: Tone.RED,
    NewsKind.UNCERTAIN: Tone.AMBER,
    NewsKind.FALSE: Tone.RED,
    NewsKind.DELAYED: Tone.AMBER,
    NewsKind.CERTIFIED: Tone.BLUE,
    NewsKind.OTHER: Tone.GREY,
    NewsKind.DELIVERED: Tone.GREEN,
}
"""Red is told loudest; green is that of a certified delivery."""

_OF_RECIPIENT = {
    RecipientState.FAILED: NewsKind.FAILED,
    RecipientState.REFUSED: NewsKind.REFUSED,
    RecipientState.CONTRADICTORY: NewsKind.CONTRADICTORY,
    RecipientState.DELAYED: NewsKind.DELAYED,
    RecipientState.DELIVERED: NewsKind.DELIVERED,
}

_OF_STATE = {State.REFUSED: NewsKind.REFUSED, State.UNCERTAIN: NewsKind.UNCERTAIN}
"""Of a row that says so without any evidence: the outbox did not get rid of it."""

_FALSE = frozenset({Attention.FORGED, Attention.ALTERED})


@dataclass(frozen=True, slots=True)
class Fate:
    """What was known of a row at a moment: enough to tell what is new of it later."""

    state: State
    recipients: tuple[tuple[str, RecipientState], ...]
    is_false: bool
    """Whether something forged or altered was in it."""
    waits_for_user: bool = False
    """Whether it was to leave and waited for the user."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened."""

    kind: NewsKind
    row_id: int
    who: str
    """The recipient it happened to, or the sender of a new message; out of mail, and perhaps nothing."""


@dataclass(frozen=True, slots=True)
class Notification:
    """What is shown of one or several."""

    title: str
    text: str
    tone: Tone
    row_id: int | None = None
    """Where a click leads: to the loudest."""
    account: str = ""
    """Or to how this mailbox stands."""


def fate(row: Transmission) -> Fate:
    """What is known of a row now."""
    recipients = tuple((each.address, each.state) for each in row.recipients)
    return Fate(row.state, recipients, bool(_FALSE.intersection(row.attention)), row.waits_for_user)


def news_of(row_id: int, before: Fate | None, row: Transmission, *, unread: bool, since: datetime) -> list[News]:
    """What a row brings, beside what was known of it.

    Of a row that was not known, only what happened after `since` is news: an archive that is brought in, or a mailbox
    that is fetched for the first time, is none.
    """
    if not row.is_believed or row.kind is TransmissionKind.UNMATCHED:
        return []
    if row.direction is Direction.RECEIVED:
        came = before is None and unread and _is_young(row, since)
        return [News(_received_kind(row), row_id, row.sender)] if came else []
    found = list(_outcomes(row_id, before, row, since))
    kind = _OF_STATE.get(row.state)
    if kind is not None and not found and before is not None and before.state is not row.state:
        found.append(News(kind, row_id, _only_recipient(row)))
    if row.waits_for_user and (_is_young(row, since) if before is None else not before.waits_for_user):
        found.append(News(NewsKind.HELD, row_id, _only_recipient(row)))
    if before is not None and not before.is_false and _FALSE.intersection(row.attention):
        found.append(News(NewsKind.FALSE, row_id, ""))
    return found


def _is_young(row: Transmission, since: datetime) -> bool:
    return row.sent_at is not None and row.sent_at >= since


def _only_recipient(row: Transmission) -> str:
    """The one it is for; nobody where it is for several."""
    return row.recipients[0].address if len(row.recipients) == 1 else ""


def _received_kind(row: Transmission) -> NewsKind:
    if row.status in (Status.FORGED, Status.ALTERED):
        return NewsKind.FALSE
    return NewsKind.CERTIFIED if row.status is Status.CERTIFIED else NewsKind.OTHER


def _outcomes(row_id: int, before: Fate | None, row: Transmission, since: datetime) -> list[News]:
    had = dict(before.recipients) if before is not None else {}
    found = []
    for recipient in row.recipients:
        kind = _OF_RECIPIENT.get(recipient.state)
        if kind is None or had.get(recipient.address) is recipient.state:
            continue
        if before is None and (recipient.since is None or recipient.since < since):
            continue
        found.append(News(kind, row_id, recipient.address))
    return found


# words

_ONE: dict[NewsKind, tuple[str, str]] = {
    NewsKind.FAILED: (N_("Not delivered"), N_("Not delivered to {who}")),
    NewsKind.REFUSED: (N_("Not accepted: nothing was sent"), N_("Not accepted, for {who}: nothing was sent")),
    NewsKind.HELD: (N_("Not sent: it waits for you"), N_("Not sent to {who}: it waits for you")),
    NewsKind.CONTRADICTORY: (N_("Contradictory receipts"), N_("Contradictory receipts about {who}")),
    NewsKind.UNCERTAIN: (N_("Sending uncertain"), N_("Sending uncertain, to {who}")),
    NewsKind.FALSE: (N_("A message that is not authentic"), N_("Not authentic, in the name of {who}")),
    NewsKind.DELAYED: (N_("Not delivered yet"), N_("Not delivered yet to {who}")),
    NewsKind.CERTIFIED: (N_("New PEC"), N_("New PEC from {who}")),
    NewsKind.OTHER: (N_("New message, not certified"), N_("New message, not certified, from {who} as it says")),
    NewsKind.DELIVERED: (N_("Delivered"), N_("Delivered to {who}")),
}
"""What is said of one: without a name, and with one."""

_NEXT = {
    Tone.RED: N_("Open it to see what to do."),
    Tone.AMBER: N_("Open it to see what it means."),
}


def notification(news: Sequence[News], language: Language) -> Notification:
    """One notification for all of them (at least one), the loudest first."""
    ordered = sorted(news, key=lambda each: LOUDNESS.index(each.kind))
    loudest = ordered[0]
    tone = TONES[loudest.kind]
    if len(ordered) == 1:
        bare, named = _ONE[loudest.kind]
        title = language.say(named, who=shortened(loudest.who)) if loudest.who else language.say(bare)
        return Notification(title, language.say(_NEXT.get(tone, "")), tone, loudest.row_id)
    lines = [_counted(kind, len(some), language) for kind in LOUDNESS if (some := _of_kind(kind, ordered))]
    return Notification(lines[0], " · ".join(lines[1:]), tone, loudest.row_id)


def _of_kind(kind: NewsKind, news: Sequence[News]) -> list[News]:
    return [each for each in news if each.kind is kind]


def _counted(kind: NewsKind, number: int, language: Language) -> str:
    counted = language.counted
    match kind:
        case NewsKind.FAILED:
            return counted("One delivery failed", "{n} deliveries failed", number)
        case NewsKind.REFUSED:
            return counted("One message not accepted", "{n} messages not accepted", number)
        case NewsKind.HELD:
            return counted("One message not sent, it waits for you", "{n} messages not sent, they wait for you", number)
        case NewsKind.CONTRADICTORY:
            return counted("One contradictory outcome", "{n} contradictory outcomes", number)
        case NewsKind.UNCERTAIN:
            return counted("One sending uncertain", "{n} sendings uncertain", number)
        case NewsKind.FALSE:
            return counted("One message not authentic", "{n} messages not authentic", number)
        case NewsKind.DELAYED:
            return counted("One delivery delayed", "{n} deliveries delayed", number)
        case NewsKind.CERTIFIED:
            return counted("One new PEC", "{n} new PEC messages", number)
        case NewsKind.OTHER:
            return counted("One new message, not certified", "{n} new messages, not certified", number)
        case NewsKind.DELIVERED:
            return counted("One delivery", "{n} deliveries", number)


def shortened(address: str) -> str:
    """An address as it may stand in a notification."""
    shown = visible(address)
    return shown if len(shown) <= LONGEST_NAME else shown[: LONGEST_NAME - 1] + "…"
