"""Mailboxes and their providers in words: what a refused login means there, which password will expire, what to do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from pecdesk.errors import N_, CertificateError, LoginError, NetworkError, PasswordError, PecdeskError, ServerError
from pecdesk.explain.language import Language, ended
from pecdesk.explain.visible import visible
from pecdesk.profile.accounts import Account
from pecdesk.profile.providers import LoginForm, Provider, password_ends, provider_named

HINTS: dict[str, str] = {
    "mail-program-password": N_(
        "With two-step verification switched on, Aruba lets mail programs in only with a password of their own: make it"
        " in “Gestione account PEC”, under “Sicurezza”, “Password per programmi di posta”, and enter that one here. It"
        " expires every three months; pecdesk tells you before."
    ),
    "access-switched-off": N_(
        "Access for mail programs (IMAP and SMTP) can be switched off in the webmail: it must be on."
    ),
    "ordinary-mail-refused": N_("Ordinary mail to this mailbox is refused unless it was allowed in the webmail."),
    "legalmail-user-id": N_("Log in with the User ID of the mailbox, a code such as M1234567, not with the address."),
    "legalmail-pace": N_("Legalmail takes at most six messages a minute."),
    "user-code": N_("Log in with the user code that the provider gave you, not with the address."),
    "register-older-server": N_(
        "Older mailboxes are on server.pec-email.com, for receiving and for sending: if these servers do not let you"
        " in, enter that one."
    ),
    "login-not-known": N_(
        "Whether this provider wants the address or a code as user is not known: try the address first."
    ),
}
"""What `hints` in `resources/providers.toml` stand for."""

_SAID_WHEN_REFUSED = frozenset({"mail-program-password", "access-switched-off"})
"""Hints that a refusal repeats where passwords for mail programs expire."""

_NOT_TESTED = N_(
    "These settings are published for mail programs, but nobody has tried them with pecdesk yet: if the test fails,"
    " compare them with the page of your provider."
)

_RENEWAL: dict[str, str] = {
    "aruba": N_(
        "In “Gestione account PEC”, under “Sicurezza”, “Password per programmi di posta”, prolong it or make a new one,"
        " and enter it here."
    ),
}
"""Where a password for mail programs is renewed, by provider."""
_RENEW = N_("Make a new one in the webmail of your provider, and enter it here.")

_OWN_PASSWORD = N_(
    "With two-step verification switched on, {provider} lets mail programs in only with a password of their own, which"
    " expires; that of the webmail does not work here."
)
_TRY_IN_WEBMAIL = N_(
    "Try user and password in the webmail. If they work there, access for mail programs (IMAP and SMTP) may be switched"
    " off, or want a password of its own. Then enter the password here again."
)
_COMMAND_AGAIN = N_(
    "The password comes from the command that was named for it: when that prints the right one, have it tried again."
)
_NO_SECOND_TRY = N_("pecdesk does not try again by itself, so that the mailbox is not locked.")

_NEXT_STEPS: tuple[tuple[type[PecdeskError], str], ...] = (
    (
        CertificateError,
        N_(
            "No password was sent. Check the name of the server and the clock of this computer; in an office, ask"
            " whether a firewall or an antivirus opens secure connections."
        ),
    ),
    (NetworkError, N_("Check the connection, and the name and the port of the server.")),
    (ServerError, N_("Try again later; if it stays so, ask your provider.")),
)
"""What to do where the error itself does not say."""


def provider_hints(provider: Provider, language: Language, *, is_refused: bool = False) -> tuple[str, ...]:
    """What to know before logging in there, a sentence or two each.

    `is_refused`: without what `login_refused` says of that provider already.
    """
    said = _SAID_WHEN_REFUSED if is_refused and provider.password_days else frozenset()
    notes = [HINTS[key] for key in provider.hints if key not in said] + ([] if provider.tested else [_NOT_TESTED])
    return tuple(language.say(note) for note in notes)


def login_refused(account: Account, error: LoginError, language: Language) -> tuple[str, str]:
    """What it means that the login was refused, at that provider; and what to do."""
    what, todo = _said(error, language)
    if isinstance(error, PasswordError):
        return what, todo
    say = language.say
    provider = provider_named(account.provider)
    fields = {"provider": visible(provider.name if provider is not None else ""), "user": visible(account.login)}
    if provider is not None and provider.password_days:
        meaning = say(_OWN_PASSWORD, **fields)
        if (ends := password_ends(account)) is not None:
            meaning += " " + say(N_("The one entered here was good until about {day}."), day=_day(ends, language))
        todo = say(_RENEWAL.get(provider.key, _RENEW))
        todo += " " + say(N_("Check as well that access for mail programs is switched on in the webmail."))
    elif provider is not None and provider.login is LoginForm.USER_ID and "@" in account.login:
        meaning = say(N_("{provider} lets mail programs in with a user code, not with the address {user}."), **fields)
        todo = say(N_("Enter as user the code that the provider gave you with the mailbox."))
    else:
        meaning = say(N_("The user was {user}."), **fields)
        todo = say(_TRY_IN_WEBMAIL)
    if account.password_command:
        todo = say(_COMMAND_AGAIN)
    return f"{what} {meaning}", f"{todo} {say(_NO_SECOND_TRY)}"


def account_trouble(error: PecdeskError, account: Account, language: Language) -> tuple[str, str]:
    """What went wrong with an account's servers, and what to do: the same in the window and in the terminal."""
    if isinstance(error, LoginError):
        return login_refused(account, error, language)
    what, todo = _said(error, language)
    usual = next((step for kind, step in _NEXT_STEPS if isinstance(error, kind)), "")
    return what, todo or language.say(usual)


def password_expires(account: Account, at: date, today: date, language: Language) -> str:
    """That a password for mail programs will expire on that day, or has by today."""
    provider = provider_named(account.provider)
    key, name = (provider.key, provider.name) if provider is not None else ("", account.imap.host)
    days = (at - today).days
    fields = {"provider": visible(name), "address": visible(account.address), "day": _day(at, language)}
    if days > 0:
        what = language.counted(
            "If two-step verification is on at {provider}, the password of {address} for mail programs expires"
            " tomorrow, on {day}.",
            "If two-step verification is on at {provider}, the password of {address} for mail programs expires in {n}"
            " days, about {day}.",
            days,
            **fields,
        )
    else:
        what = language.say(
            N_(
                "If two-step verification is on at {provider}, the password of {address} for mail programs has expired"
                " about {day}."
            ),
            **fields,
        )
    return f"{what} {language.say(_RENEWAL.get(key, _RENEW))}"


def _said(error: PecdeskError, language: Language) -> tuple[str, str]:
    what, todo = language.error_parts(error)
    return ended(visible(what)), visible(todo)


def _day(day: date, language: Language) -> str:
    return language.day(datetime.combine(day, time(), UTC))
