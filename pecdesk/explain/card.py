"""The status card over a message: what became of it, for whom, on what evidence, and what that asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pecdesk.errors import N_
from pecdesk.explain.badge import Badge, Tone, badge, status_badge
from pecdesk.explain.comparisons import comparison_sentence
from pecdesk.explain.failures import failure
from pecdesk.explain.language import Language
from pecdesk.explain.marks import (
    ACCEPTANCE,
    DELIVERY,
    TAKING_IN_CHARGE,
    Seal,
    counting,
    decisive,
    recipient_seals,
)
from pecdesk.explain.needs import Need, needs
from pecdesk.explain.sentences import headline
from pecdesk.explain.words import COMPLETENESS, RECIPIENTS, ROLES
from pecdesk.explain.zone import display_zone
from pecdesk.pec.message import MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import (
    Direction,
    Evidence,
    RecipientOutcome,
    RecipientState,
    State,
    Status,
    TimeSource,
    Transmission,
)

__all__ = ["CardRow", "Need", "Seal", "StatusCard", "status_card"]


@dataclass(frozen=True, slots=True)
class CardRow:
    """One recipient."""

    address: str
    role: str
    stages: tuple[Seal, Seal, Seal]
    """Acceptance, taking in charge, delivery."""
    moment: str
    """Certified time of what decides: the time of day where it is the day of acceptance, else date and minute."""
    instant: str
    """The same with day, second and offset, for paper, where no acceptance stands beside it."""
    remark: str
    outcome: Badge
    spoken: str


@dataclass(frozen=True, slots=True)
class StatusCard:
    """The card. An empty string takes no room; a received message has no columns and no rows."""

    tone: Tone
    headline: str
    verified: str
    columns: tuple[str, ...]
    rows: tuple[CardRow, ...]
    comparison: str
    needs: tuple[Need, ...]
    hint: str


def status_card(
    row: Transmission,
    now: datetime,
    language: Language,
    *,
    attachments: int | None = None,
    seen_at: datetime | None = None,
) -> StatusCard:
    """The card of a row at `now`.

    `attachments`: how many the sent message has, where known; `seen_at`: when a received one was first seen here.
    """
    if row.direction is Direction.RECEIVED:
        return _received_card(row, now, language, seen_at)
    say = language.say
    return StatusCard(
        tone=badge(row, language).tone,
        headline=headline(row, language, now),
        verified="" if row.is_unsent else _verified(row, language),
        columns=(say(ACCEPTANCE), say(TAKING_IN_CHARGE), say(DELIVERY)),
        rows=tuple(_card_row(row, recipient, language) for recipient in row.recipients),
        comparison=comparison_sentence(row, attachments, language),
        needs=needs(row, now, language),
        hint=say(N_("Double-click a mark to inspect the receipt behind it.")) if row.evidence else "",
    )


OUTCOMES: dict[RecipientState, Status] = {
    RecipientState.PENDING: Status.WAITING,
    RecipientState.ACCEPTED: Status.WAITING,
    RecipientState.TAKEN_IN_CHARGE: Status.WAITING,
    RecipientState.NOT_PEC: Status.ORDINARY,
    RecipientState.DELAYED: Status.DELAYED,
    RecipientState.DELIVERED: Status.DELIVERED,
    RecipientState.FAILED: Status.FAILED,
    RecipientState.REFUSED: Status.REFUSED,
    RecipientState.CONTRADICTORY: Status.CONTRADICTORY,
}
"""What became of it for one recipient, in the words of a whole row."""


def _card_row(row: Transmission, recipient: RecipientOutcome, language: Language) -> CardRow:
    stages = recipient_seals(row, recipient, language)
    is_on_its_way = row.is_unsent or row.state is State.UNCERTAIN
    outcome = status_badge(row.status if is_on_its_way else OUTCOMES[recipient.state], language)
    if recipient.state is RecipientState.DELIVERED:
        outcome = Badge(outcome.word, stages[2].tone, stages[2].shape)
    moment, remark = _moment(row, recipient, language), _remark(row, recipient, language)
    role = language.say(ROLES[recipient.role]) if recipient.role else ""
    told = [f"{recipient.address} ({role})" if role else recipient.address, outcome.word, moment, remark]
    spoken = "; ".join(part for part in (*told, *(stage.word for stage in stages)) if part)
    instant = language.instant(_comparable(recipient.since, row)) if recipient.since else ""
    return CardRow(recipient.address, role, stages, moment, instant, remark, outcome, spoken)


def _moment(row: Transmission, recipient: RecipientOutcome, language: Language) -> str:
    if recipient.since is None:
        return ""
    local, accepted = _comparable(recipient.since, row), row.accepted_at
    same_day = accepted is not None and local.date() == accepted.date()
    return f"{local:%H:%M:%S}" if same_day else language.minute(local)


def _comparable(since: datetime, row: Transmission) -> datetime:
    """In the zone in which the acceptance was certified, so that the times of all recipients can be compared."""
    return since.astimezone(row.accepted_at.tzinfo) if row.accepted_at is not None else since


def _remark(row: Transmission, recipient: RecipientOutcome, language: Language) -> str:
    """The kind of receipt, or why there is none, in a few words."""
    say, line, state = language.say, decisive(row, recipient), recipient.state
    if state is RecipientState.NOT_PEC:
        return say(N_("ordinary mailbox"))
    if line is None:
        return ""
    if state is RecipientState.DELIVERED:
        kind = say(COMPLETENESS[line.completeness]) if line.completeness else ""
        delayed = any(one.kind is MessageKind.DELAY_NOTICE for one in counting(row, recipient))
        return say(N_("{kind}, after a notice of delay"), kind=kind) if delayed else kind
    if state is RecipientState.DELAYED:
        return say(N_("12 h notice"))
    if state in (RecipientState.ACCEPTED, RecipientState.TAKEN_IN_CHARGE):
        return say(RECIPIENTS[state])
    if state is RecipientState.CONTRADICTORY:
        refused = any(one.kind is MessageKind.NON_ACCEPTANCE for one in counting(row, recipient))
        return say(N_("both accepted and refused") if refused else N_("both delivered and not delivered"))
    if state in (RecipientState.FAILED, RecipientState.REFUSED):
        if why := failure(line.error, line.error_detail):
            return say(why).rstrip(".")
        return say(N_("24 h notice")) if line.kind is MessageKind.DELAY_NOTICE else line.error_detail or ""
    return ""


def _verified(row: Transmission, language: Language) -> str:
    """How many receipts were verified, and what is to be said of the others."""
    proven = [line for line in row.evidence if line.standing.proves]
    if not row.evidence:
        return language.say(N_("No receipt is here yet: there is nothing to verify."))
    return " ".join(_counts(row, proven, language))


def _counts(row: Transmission, proven: list[Evidence], language: Language) -> Iterator[str]:
    total, counted = len(row.evidence), language.counted
    if not proven:
        yield counted("The only receipt here proves nothing.", "None of the {n} receipts here proves anything.", total)
        return
    yield counted(
        "{n} receipt of {all} verified: signature intact, provider's certificate valid on the date of the signature.",
        "{n} receipts of {all} verified: signature intact, provider's certificate valid on the date of the signature.",
        len(proven),
        all=total,
    )
    if reserved := sum(line.standing is Standing.CERTIFIED_WITH_RESERVE for line in proven):
        yield counted("One is certified with a reserve.", "{n} are certified with a reserve.", reserved)
    if by_hand := sum(line.by_hand for line in proven):
        yield counted(
            "One was verified by an authority added by hand.",
            "{n} were verified by an authority added by hand.",
            by_hand,
        )
    if contradicting := sum(not line.counts for line in proven):
        yield counted(
            "One contradicts itself and was not counted.",
            "{n} contradict themselves and were not counted.",
            contradicting,
        )
    if unproven := total - len(proven):
        yield counted("One proves nothing and was not counted.", "{n} prove nothing and were not counted.", unproven)


CARRIAGE = N_(
    "What is certified is the carriage: which mailbox sent it, when it was accepted, and that nothing was changed"
    " since. That the content is true or harmless is certified by nobody."
)
NOTHING = N_("Nothing here is certified, whatever the text or its pictures say.")
HINTS: dict[Standing, str] = {
    Standing.CERTIFIED: CARRIAGE,
    Standing.CERTIFIED_WITH_RESERVE: CARRIAGE,
    Standing.ALTERED: NOTHING,
    Standing.NOT_CERTIFIED: NOTHING,
    Standing.UNDETERMINED: N_("As long as it cannot be verified, nothing here counts as certified."),
}
"""What to bear in mind about a received message."""


def _received_card(row: Transmission, now: datetime, language: Language, seen_at: datetime | None) -> StatusCard:
    said = [*_vouched(row, language)]
    if seen_at is not None:
        said.append(
            language.say(
                N_("First seen here on {instant}."), instant=language.instant(seen_at.astimezone(display_zone(now)))
            )
        )
    return StatusCard(
        tone=badge(row, language).tone,
        headline=headline(row, language),
        verified=" ".join(said),
        columns=(),
        rows=(),
        comparison="",
        needs=needs(row, now, language),
        hint=language.say(HINTS[row.sealed or Standing.UNDETERMINED]),
    )


def _vouched(row: Transmission, language: Language) -> Iterator[str]:
    """Who certified what was received, and since when it was under way; of anything else its own date."""
    say = language.say
    line = next((line for line in row.evidence if line.sha256 == row.original_sha256), None)
    if line is not None and line.standing.proves and line.issuer:
        yield say(
            N_("Carriage certified by {provider}: signature intact, certificate valid on the date of the signature."),
            provider=line.issuer,
        )
    if row.sent_at is None:
        return
    instant = language.instant(row.sent_at)
    if row.sent_at_source is TimeSource.ACCEPTANCE:
        yield say(
            N_("Accepted by the sender's provider on {instant}: certified, and not the moment of delivery."),
            instant=instant,
        )
    else:
        yield say(N_("Dated {instant}, as the message itself states."), instant=instant)
