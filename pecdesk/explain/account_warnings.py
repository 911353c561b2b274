"""What is not in order with a mailbox although it goes on: it fills, its password expires, messages are missing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pecdesk.errors import N_
from pecdesk.explain.language import Language
from pecdesk.profile.account_status import AccountStatus, Quota, SyncState
from pecdesk.profile.accounts import Account
from pecdesk.profile.providers import password_ends

FILLING, NEARLY_FULL = 0.80, 0.95
"""Shares of a mailbox from which on its user is warned, in amber and in red: a full one refuses mail, and deadlines
with it."""

EXPIRY_TOLD = timedelta(days=14)
"""How long before a password for mail programs expires that is told."""


def expiry(account: Account, status: AccountStatus, now: datetime) -> date | None:
    """The day the password expires, where that is near. One that was refused is spoken of already."""
    ends = password_ends(account)
    if ends is None or status.state is SyncState.LOGIN_REFUSED:
        return None
    return ends if timedelta(0) <= ends - now.date() <= EXPIRY_TOLD else None


def expiry_line(at: date, today: date, language: Language) -> str:
    """The same as a line."""
    days = (at - today).days
    if days == 0:
        return language.say(N_("The password may expire today"))
    return language.counted("The password may expire tomorrow", "The password may expire in {n} days", days)


def warning_lines(status: AccountStatus, now: datetime, language: Language) -> list[str]:
    """What is not in order although it goes on, but for the password: each in a few words."""
    said = []
    if status.quota is not None and status.quota.share >= FILLING:
        percent = int(status.quota.share * 100)
        template = N_("Mailbox full") if percent >= 100 else N_("Mailbox full at {percent} %")
        said.append(language.say(template, percent=percent))
    elif _fills_soon(status, now):
        said.append(language.say(N_("Mailbox full within a month")))
    if status.unfetched:
        said.append(_not_fetched(status.unfetched, language))
    return said


def _not_fetched(number: int, language: Language) -> str:
    return language.counted("One message could not be fetched", "{n} messages could not be fetched", number)


def _fills_soon(status: AccountStatus, now: datetime) -> bool:
    return status.quota_full_at is not None and status.quota_full_at - now <= timedelta(days=30)


def unfetched_words(number: int, language: Language) -> str:
    """What it means that messages could not be had, and what to do meanwhile."""
    told = language.counted(
        "The server lists one message that could not be had: it hands nothing out, or it is too big.",
        "The server lists {n} messages that could not be had: it hands nothing out, or they are too big.",
        number,
    )
    step = N_("It is tried again with the next connection. Meanwhile look in the webmail: a receipt may be among them.")
    return f"{told} {language.say(step)}"


def quota_words(quota: Quota, full_at: datetime | None, now: datetime, language: Language) -> str:
    """How full a mailbox is, when it will be full, and what to do about it where that is near."""
    say = language.say
    said = [
        say(
            N_("{used} of {limit} are used on the server ({percent} %)."),
            used=language.size(quota.used),
            limit=language.size(quota.limit),
            percent=int(quota.share * 100),
        )
    ]
    if quota.share >= 1:
        said.append(say(N_("It is full: what is sent to you is refused, and its sender is told so.")))
    elif full_at is not None and full_at > now:
        said.append(say(N_("As it fills now it will be full about {day}."), day=language.day(full_at)))
    if quota.share >= FILLING:
        said.append(
            say(
                N_(
                    "Make room: what is whole in this archive can be deleted there, once there is a backup of it; or"
                    " buy more space. What is here stays here."
                )
            )
        )
    return " ".join(said)
