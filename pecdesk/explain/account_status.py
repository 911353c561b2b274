"""How the synchronisation of a mailbox stands, in words: a line for the side bar, and all there is to tell of it.

Never in green, which is for certification. No line says that all is well without saying when that was last seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pecdesk.errors import N_, CertificateError, DiskFullError, NetworkError, PasswordError, ServerError
from pecdesk.explain.account_warnings import (
    NEARLY_FULL,
    expiry,
    expiry_line,
    quota_words,
    unfetched_words,
    warning_lines,
)
from pecdesk.explain.accounts import account_trouble, password_expires
from pecdesk.explain.badge import Tone
from pecdesk.explain.language import Language
from pecdesk.explain.line import short_time
from pecdesk.explain.visible import visible
from pecdesk.explain.zone import display_zone
from pecdesk.profile.account_status import AccountStatus, SyncState
from pecdesk.profile.accounts import Account
from pecdesk.profile.providers import LoginForm, provider_named


class NextStep(StrEnum):
    """What the user can do about it, as one button. Closed."""

    RETRY = "retry"
    PASSWORD = "password"  # noqa: S105 - the name of a step
    SERVERS = "servers"
    RESUME = "resume"
    ANSWER = "answer"


STEPS: dict[NextStep, str] = {
    NextStep.RETRY: N_("&Try again now"),
    NextStep.PASSWORD: N_("Enter the &password…"),
    NextStep.SERVERS: N_("Look at the &servers…"),
    NextStep.RESUME: N_("Go &on"),
    NextStep.ANSWER: N_("&Answer…"),
}
"""Words of the buttons."""


@dataclass(frozen=True, slots=True)
class StatusWords:
    """One account at one moment, in words."""

    sentence: str
    """Short enough for a side bar."""
    tone: Tone
    details: tuple[str, ...] = ()
    """What it means and what to do, each a sentence or more."""
    warnings: tuple[str, ...] = ()
    """Short as well: what is not in order although it goes on."""
    warning_tone: Tone = Tone.AMBER
    step: NextStep | None = None
    share: float | None = None
    """0 to 1 of a first run or a long one, where that is known."""


_PLAIN: dict[SyncState, tuple[str, Tone, NextStep | None]] = {
    SyncState.NEVER: (N_("Not synchronised yet"), Tone.GREY, NextStep.RETRY),
    SyncState.CONNECTING: (N_("Connecting…"), Tone.GREY, None),
    SyncState.SYNCING: (N_("Synchronising…"), Tone.BLUE, None),
    SyncState.CURRENT: (N_("Synchronised"), Tone.GREY, NextStep.RETRY),
    SyncState.OFFLINE: (N_("Offline"), Tone.AMBER, NextStep.RETRY),
    SyncState.PAUSED: (N_("Paused"), Tone.GREY, NextStep.RESUME),
    SyncState.LOGIN_REFUSED: (N_("Login refused: check the password"), Tone.RED, NextStep.PASSWORD),
    SyncState.QUESTION: (N_("Your answer is needed: a folder is empty"), Tone.AMBER, NextStep.ANSWER),
    SyncState.BUSY_ELSEWHERE: (N_("Another pecdesk is synchronising it"), Tone.GREY, NextStep.RETRY),
    SyncState.FAILED: (N_("Synchronisation has stopped"), Tone.RED, NextStep.RETRY),
}
"""Line, tone and step of every state, where nothing more is known."""

_MEANINGS: dict[SyncState, str] = {
    SyncState.NEVER: N_("The server has not been asked yet."),
    SyncState.CONNECTING: N_("The server is being asked."),
    SyncState.SYNCING: N_("The newest messages come first: you can work with what is here already."),
    SyncState.PAUSED: N_("The server is not asked until you let it go on. What is here stays readable."),
    SyncState.BUSY_ELSEWHERE: N_(
        "Another pecdesk, perhaps in a terminal, works on this mailbox: what it brings appears here by itself."
    ),
    SyncState.FAILED: N_("Nothing was lost. The log in the profile folder says more."),
}


def status_words(
    account: Account, status: AccountStatus, now: datetime, language: Language, *, is_metered: bool = False
) -> StatusWords:
    """The words for one account, in the zone of `now`. `is_metered`: it was paused because every byte is paid for."""
    line, tone, step = _PLAIN[status.state]
    sentence = _line(account, status, now, language, is_metered=is_metered) or language.say(line)
    if status.state is SyncState.OFFLINE and isinstance(status.trouble, CertificateError):
        tone, step = Tone.RED, NextStep.SERVERS
    if status.state is SyncState.FAILED and isinstance(status.trouble, DiskFullError):
        tone = Tone.AMBER
    if status.state is SyncState.LOGIN_REFUSED and account.password_command:
        step = NextStep.RETRY  # a password that is typed would go nowhere
    expires = expiry(account, status, now)
    if expires is not None and step is NextStep.RETRY and status.state is SyncState.CURRENT:
        step = NextStep.PASSWORD
    details = _details(account, status, now, language, is_metered=is_metered)
    warnings = warning_lines(status, now, language)
    if expires is not None:
        details.append(password_expires(account, expires, now.date(), language))
        warnings.append(expiry_line(expires, now.date(), language))
    is_pressing = status.quota is not None and status.quota.share >= NEARLY_FULL
    return StatusWords(
        sentence,
        tone,
        tuple(details),
        tuple(warnings),
        Tone.RED if is_pressing else Tone.AMBER,
        step,
        min(1.0, status.done / status.of) if status.state is SyncState.SYNCING and status.of else None,
    )


def moment(at: datetime, now: datetime, language: Language) -> str:
    """A moment of the last days as it is told after "synchronised": at 10:43, yesterday at 10:43, on 20 nov…"""
    local = at.astimezone(display_zone(now))
    time = f"{local:%H:%M}"
    if local.date() == now.date():
        return language.say(N_("at {time}"), time=time)
    if local.date() == now.date() - timedelta(days=1):
        return language.say(N_("yesterday at {time}"), time=time)
    return language.say(N_("on {day} at {time}"), day=short_time(at, now, language), time=time)


# the line


def _line(account: Account, status: AccountStatus, now: datetime, language: Language, *, is_metered: bool) -> str:
    """What is said instead of the plain line, where more is known; else nothing."""
    say = language.say
    match status.state:
        case SyncState.SYNCING if status.of:
            done, of = language.number(status.done), language.number(status.of)
            return say(N_("{done} of {of} messages"), done=done, of=of)
        case SyncState.CURRENT if status.checked_at is not None:
            return say(N_("Synchronised {moment}"), moment=moment(status.checked_at, now, language))
        case SyncState.OFFLINE if isinstance(status.trouble, CertificateError):
            return say(N_("The server’s certificate is not valid"))
        case SyncState.OFFLINE if status.next_try_at is not None:
            template = N_("Offline: next try {moment}")
            if isinstance(status.trouble, ServerError):
                template = N_("The server refuses: next try {moment}")
            return say(template, moment=moment(status.next_try_at, now, language))
        case SyncState.PAUSED if is_metered:
            return say(N_("Paused: metered connection"))
        case SyncState.LOGIN_REFUSED:
            missing = isinstance(status.trouble, PasswordError)
            return say(_missing_line(account) if missing else _login_line(account))
        case SyncState.QUESTION if status.question is not None:
            return say(N_("Your answer is needed: “{folder}” is empty"), folder=visible(status.question.folder))
        case SyncState.FAILED if isinstance(status.trouble, DiskFullError):
            return say(N_("No room left on the disk"))
    return ""


def _missing_line(account: Account) -> str:
    """That there is nothing to log in with, as an English template."""
    if account.password_command:
        return N_("The command for the password fails")
    return N_("There is no password here: enter it")


def _login_line(account: Account) -> str:
    """What is most likely wrong at that provider, as an English template."""
    provider = provider_named(account.provider)
    if provider is not None and provider.password_days:
        return N_("Login refused: renew the password for mail programs")
    if provider is not None and provider.login is LoginForm.USER_ID:
        return N_("Login refused: check user code and password")
    return N_("Login refused: check the password")


# the details


def _details(
    account: Account, status: AccountStatus, now: datetime, language: Language, *, is_metered: bool
) -> list[str]:
    say, said = language.say, []
    if status.state is SyncState.PAUSED and is_metered:
        said.append(
            say(N_("The system says that this connection is paid for by the byte. Go on if you want it nevertheless."))
        )
    elif status.state in _MEANINGS:
        said.append(say(_MEANINGS[status.state]))
    if status.question is not None:
        said += emptied_folder(status, language)
    if status.trouble is not None:
        what, todo = account_trouble(status.trouble, account, language)
        if _answered_before(status):
            todo = say(_WORKED_BEFORE)
        said += [part for part in (what, todo) if part]
    if status.state is SyncState.OFFLINE:
        said.append(say(N_("What is here can be read and searched; what you send waits for the connection.")))
    if status.checked_at is not None and status.state is not SyncState.CURRENT:
        said.append(say(N_("Last found current {moment}."), moment=moment(status.checked_at, now, language)))
    if status.state is SyncState.CURRENT:
        watching = N_("The server tells of new mail by itself.") if status.is_watching else N_("It is asked regularly.")
        said.append(say(watching))
    if status.quota is not None and status.quota.limit:
        said.append(quota_words(status.quota, status.quota_full_at, now, language))
    if status.unfetched:
        said.append(unfetched_words(status.unfetched, language))
    return said


def _answered_before(status: AccountStatus) -> bool:
    """Whether only the way to the server is interrupted: it has answered there, under the name and port it has."""
    is_cut_off = isinstance(status.trouble, NetworkError) and not isinstance(status.trouble, CertificateError)
    return status.state is SyncState.OFFLINE and is_cut_off and status.checked_at is not None


_WORKED_BEFORE = N_(
    "It has answered before, so the connection or the server is probably interrupted for a while: pecdesk tries again"
    " by itself. If it stays so, look whether the webmail can be reached."
)


def emptied_folder(status: AccountStatus, language: Language) -> list[str]:
    """What happened in a folder that is suddenly empty, and what the answers mean."""
    question = status.question
    if question is None:
        return []
    held = language.counted(
        "The folder “{folder}” held one message and is empty on the server now.",
        "The folder “{folder}” held {n} messages and is empty on the server now, all at once.",
        question.known,
        folder=visible(question.folder),
    )
    return [
        held,
        language.say(
            N_(
                "Every message stays here, with its evidence, whatever you answer. If you or a colleague emptied it,"
                " say so: pecdesk takes note of it. If nobody did, ask your provider at once, and nothing is changed"
                " meanwhile."
            )
        ),
    ]
