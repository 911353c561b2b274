"""Providers of certified mail, as data: `resources/providers.toml` says where their servers are and what is particular.

No row was ever tried with a real mailbox; each says so of itself, and every setting can be made by hand instead.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from pecdesk.profile.accounts import Account, Endpoint
from pecdesk.resources import resources

IMAP_PORT = 993
SMTP_PORT = 465
"""TLS from the first byte (RFC 8314 §7)."""


class LoginForm(StrEnum):
    """What a provider wants as user. Closed."""

    ADDRESS = "address"
    USER_ID = "user-id"
    """A code of the provider's own, such as M1234567."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider."""

    key: str
    name: str
    domains: tuple[str, ...]
    """Lower case, of addresses that are certainly here; customers' own domains are not known to any table."""
    imap: Endpoint
    smtp: Endpoint
    login: LoginForm
    sent_folders: tuple[str, ...] = ()
    """As the server names them, delimiters included; so are those below."""
    spam_folders: tuple[str, ...] = ()
    receipt_folders: tuple[str, ...] = ()
    """Where the provider's webmail puts receipts by itself."""
    size_limit: int = 0
    """Bytes of encoded message times recipients; 0: not known."""
    recipients_limit: int = 0
    """Of one message; 0: not known."""
    saves_sent_copy: bool = False
    """Whether a copy of what is sent appears among the sent mail without our doing."""
    password_days: int = 0
    """Days after which a password made for mail programs expires; 0: not known to."""
    hints: tuple[str, ...] = ()
    """Keys of sentences in `pecdesk.explain.accounts`."""
    tested: bool = False
    """Whether somebody has logged in there with this program."""


@cache
def providers() -> tuple[Provider, ...]:
    """All rows of the table, in its order: the most used first."""
    text = (resources() / "providers.toml").read_text(encoding="utf-8")
    return tuple(map(_provider, tomllib.loads(text)["providers"]))


def provider_named(key: str) -> Provider | None:
    """The row of that key, or of that name however its letters are written; None where there is none."""
    wanted = key.casefold()
    return next((row for row in providers() if wanted in (row.key, row.name.casefold())), None)


def provider_for(address: str) -> Provider | None:
    """The provider whose domain that address has; None where the domain says nothing."""
    domain = address.rpartition("@")[2].strip().lower()
    return next((row for row in providers() if domain in row.domains), None)


def with_provider(account: Account, provider: Provider) -> Account:
    """The account with the servers and the limits of a provider."""
    return replace(
        account,
        provider=provider.key,
        imap=provider.imap,
        smtp=provider.smtp,
        size_limit=provider.size_limit,
        recipients_limit=provider.recipients_limit,
    )


def password_ends(account: Account) -> date | None:
    """The day the account's password expires, if it is one made for mail programs; None where nothing is known."""
    provider = provider_named(account.provider)
    if provider is None or not provider.password_days or account.password_since is None:
        return None
    try:
        return account.password_since + timedelta(days=provider.password_days)
    except OverflowError:
        return None


def _provider(row: dict[str, Any]) -> Provider:
    """A row of the table; what is wrong there is a bug of ours and shows in the tests."""
    values: dict[str, Any] = {
        **{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()},
        "imap": Endpoint(row["imap"], IMAP_PORT),
        "smtp": Endpoint(row["smtp"], SMTP_PORT),
        "login": LoginForm(row["login"]),
    }
    return Provider(**values)
