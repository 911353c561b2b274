"""A message on its way out, in words: when it leaves, why it did not, what happens next and what the user can do.

What a server answered comes into the sentences as a field, and is foreign text: it is shown with its invisible signs
made visible.
"""

from __future__ import annotations

from datetime import datetime

from pecdesk.errors import N_, PecdeskError
from pecdesk.explain.language import Language
from pecdesk.explain.visible import visible
from pecdesk.explain.zone import display_zone
from pecdesk.pec.sending import Failure, SendState
from pecdesk.pec.transmission import State, Transmission

AT_THE_DOOR = N_("The provider refused it while it was being handed over: nothing was sent.")
SAID_UNSENT = N_("You have said that it was not sent; the provider has not said so.")
_AFTER_SAYING_SO = N_(
    "Write it again as a new message if it is still to be sent. Should its acceptance receipt come all the same, that"
    " counts."
)
WAITS_FOR_USER = N_("It did not leave, and waits until you try again: nothing was sent.")

_AFTER_FAILURE: dict[SendState, str] = {
    SendState.REFUSED: N_("Nothing was sent. Correct the message and send it again."),
    SendState.UNCERTAIN: N_(
        "Do not send again yet: wait for the acceptance receipt, or look in the webmail whether the message left. Else"
        " it may arrive twice."
    ),
    SendState.QUEUED: N_("Nothing was sent so far. When the cause is gone, try again, or take the message back."),
}
_SAID_BETTER = frozenset(
    {
        N_("Nothing was sent."),
        N_("It is tried again by itself."),
        N_("Wait for the acceptance receipt; if none comes, say yourself whether it was sent."),
    }
)
"""Next steps of a failure that go without saying where it is told in which state the message is."""
_DEADLINE = N_("If a deadline is running, do not rely on this sending.")
_LEAVES = (
    N_("It leaves at {moment}; until then you can take it back."),
    N_("It leaves on {moment}; until then you can take it back."),
)
_DELAYED = (
    N_("It could not be handed over yet; it is tried again at {moment}."),
    N_("It could not be handed over yet; it is tried again on {moment}."),
)
_TRIED_AGAIN = (
    N_("Nothing was sent so far. It is tried again by itself, next at {moment}."),
    N_("Nothing was sent so far. It is tried again by itself, next on {moment}."),
)
"""Each for a moment of today, and for any other."""


def sending_sentence(row: Transmission, now: datetime | None, language: Language) -> str:
    """What the outbox has to say of a row, in one sentence; empty where it has nothing to say that receipts do not."""
    say = language.say
    if row.outbox is SendState.QUEUED:
        if row.not_before is not None and (now is None or now < row.not_before):
            return _timed(_LEAVES, row.not_before, now, language)
        if row.last_error is None:
            return ""
        if row.next_try_at is not None:
            return _timed(_DELAYED, row.next_try_at, now, language)
        return say(WAITS_FOR_USER)
    if row.outbox is SendState.REFUSED:
        return say(SAID_UNSENT if row.is_said_unsent else AT_THE_DOOR)
    if row.outbox is SendState.PENDING and row.handed_over_at is not None and row.state is State.PENDING:
        moment = language.instant(row.handed_over_at.astimezone(display_zone(now)) if now else row.handed_over_at)
        template = N_("Handed over to the provider on {moment}; no receipt has come yet.")
        if row.evidence:
            template = N_("Handed over to the provider on {moment}; no receipt that counts has come yet.")
        return say(template, moment=moment)
    return ""


def sending_failure(row: Transmission, now: datetime, language: Language) -> tuple[str, str] | None:
    """Why a row did not leave, and what follows from it; None where nothing went wrong."""
    if row.last_error is None or row.outbox is None:
        return None
    if row.is_said_unsent:
        return language.say(SAID_UNSENT), language.say(_AFTER_SAYING_SO)
    sentence, next_step = language.error_parts(_shown(row.last_error))
    if row.last_error.next_step in _SAID_BETTER:
        next_step = ""
    said = language.say(_AFTER_FAILURE.get(row.outbox, ""))
    if row.outbox is SendState.REFUSED:
        return sentence, f"{next_step or said} {language.say(_DEADLINE)}"
    if row.outbox is SendState.QUEUED and row.next_try_at is not None:
        said = _timed(_TRIED_AGAIN, row.next_try_at, now, language)
    return sentence, " ".join(filter(None, (next_step, said)))


def _shown(failure: Failure) -> PecdeskError:
    return PecdeskError(failure.message, failure.next_step, **{name: visible(value) for name, value in failure.fields})


def _timed(texts: tuple[str, str], moment: datetime, now: datetime | None, language: Language) -> str:
    """The sentence that fits a moment: the time of day where it is today, else the day too; in the zone of `now`."""
    if now is None:
        return language.say(texts[1], moment=language.instant(moment))
    local = moment.astimezone(display_zone(now))
    if local.date() == now.date():
        return language.say(texts[0], moment=f"{local:%H:%M:%S}")
    return language.say(texts[1], moment=language.minute(local))
