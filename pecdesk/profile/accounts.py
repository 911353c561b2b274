"""Accounts: whose mailbox, on which servers, how to log in there. Kept in `accounts.toml`, without passwords."""

from __future__ import annotations

import ipaddress
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from pecdesk.errors import N_, ProfileError
from pecdesk.profile.toml import quoted

LONGEST_TEXT = 1000
"""Characters of any text of an account."""

LARGEST_NUMBER = 2**63 - 1
"""What every reader of TOML takes."""


class Security(StrEnum):
    """How a connection is protected. Closed."""

    TLS = "tls"
    """From the first byte, with the certificate checked."""
    PLAIN = "plain"
    """Not at all: to a loopback address only, and only where it was asked for in so many words."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One server."""

    host: str
    port: int
    security: Security = Security.TLS

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Account:
    """One mailbox with its servers."""

    address: str
    """As it is written in `From`."""
    imap: Endpoint
    smtp: Endpoint | None = None
    """None: nothing can be sent from here."""
    user: str = ""
    """What to log in with; empty: the address."""
    name: str = ""
    """Display name in `From`."""
    provider: str = ""
    """Key in the table of providers; empty: set up by hand."""
    password_command: str = ""
    """Prints the password on its first line; empty: the system's key store has it."""
    ca_file: str = ""
    """PEM file of an authority this server's certificate is from; empty: the system's authorities."""
    is_read_only: bool = False
    """Nothing on the server is ever altered: no flag, no move, no copy of what was sent."""
    marks_read_on_server: bool = False
    """What is read here becomes read on the server. Off: mailboxes are often shared."""
    sent_folder: str = ""
    """Name of the folder with what was sent; empty: found by its special use or its usual names."""
    keeps_sent_copy: bool | None = None
    """Whether a copy of what was sent is put there; None: as is usual at the provider."""
    password_since: date | None = None
    """When the password was last set here: some providers let it expire."""
    size_limit: int = 0
    """Bytes of encoded message times recipients that the provider takes; 0: not known."""
    recipients_limit: int = 0
    """Recipients of one message; 0: not known."""

    @property
    def login(self) -> str:
        """What the server is told as user."""
        return self.user or self.address

    @property
    def key(self) -> str:
        """The address in comparable form: the account's name in the store and in the system's key store."""
        return self.address.lower()

    @property
    def servers(self) -> dict[str, Endpoint]:
        """Its servers by protocol: `imap`, and `smtp` where there is one."""
        return {"imap": self.imap} | ({"smtp": self.smtp} if self.smtp is not None else {})


def is_loopback(host: str) -> bool:
    """Whether that host is this machine itself: what is sent there crosses no network (RFC 6761 §6.3, RFC 5735)."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() in ("localhost", "localhost.")


def faults(account: Account) -> tuple[str, ...]:
    """Names of the fields whose value cannot be: with one of them nothing is connected and nothing is sent."""
    wrong = [] if _ADDRESS.fullmatch(account.address) and _is_one_line(account.address) else ["address"]
    for protocol, endpoint in account.servers.items():
        if not _is_host(endpoint.host):
            wrong.append(f"{protocol}.host")
        if not 1 <= endpoint.port <= 65535:
            wrong.append(f"{protocol}.port")
        if endpoint.security is Security.PLAIN and not is_loopback(endpoint.host):
            wrong.append(f"{protocol}.security")
    wrong += [name for name in _TEXTS if not _is_one_line(getattr(account, name))]
    wrong += [name for name in _NUMBERS if not 0 <= getattr(account, name) <= LARGEST_NUMBER]
    return tuple(wrong)


_ADDRESS = re.compile(r'[^\s@<>()\[\]\\,;:"]+@[^\s@<>()\[\]\\,;:"]+')
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})")


def _is_one_line(text: str) -> bool:
    """Nothing in it ends a line or cannot be encoded: no value of ours becomes a second line of a protocol."""
    return len(text) <= LONGEST_TEXT and not any(
        unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text
    )


def _is_host(host: str) -> bool:
    if ":" not in host:
        return _HOST.fullmatch(host) is not None
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False


def load_accounts(path: Path) -> tuple[tuple[Account, ...], ProfileError | None]:
    """The accounts of that file, and what is wrong with it. Without a file: none, and nothing is wrong.

    An account with a single value that means nothing is left out as a whole: half of it might alter a mailbox that was
    to be read only. Keys of other versions are passed over.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return (), None
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = N_("The accounts {path} cannot be read: {reason}.")
        next_step = N_("Until the file is put right no mailbox is looked at; the mail that is here stays.")
        return (), ProfileError(message, next_step, path=path, reason=reason)
    found: dict[str, Account] = {}
    wrong: list[str] = []
    entries = document.get("accounts", [])
    if not isinstance(entries, list):
        entries, wrong = [], ["accounts"]
    for number, entry in enumerate(entries, start=1):
        account, complaints = _read(entry)
        if account is not None and account.key in found:
            complaints = ("address",)
        if account is not None and not complaints:
            found[account.key] = account
        else:
            place = account.address if account and "address" not in faults(account) else f"{number}"
            wrong.append(f"{place} ({', '.join(complaints)})")
    if not wrong:
        return tuple(found.values()), None
    message = N_("The accounts {path} have entries that mean nothing: {names}.")
    next_step = N_("These mailboxes are left out until the file is put right.")
    return tuple(found.values()), ProfileError(message, next_step, path=path, names=", ".join(wrong))


def _read(entry: object) -> tuple[Account | None, tuple[str, ...]]:
    """One account, and the names of what is wrong with it."""
    if not isinstance(entry, Mapping):
        return None, ("accounts",)
    values: dict[str, object] = {}
    wrong: list[str] = []
    for name, read in _READERS.items():
        if name in entry:
            try:
                values[name] = read(entry[name])
            except (TypeError, ValueError, KeyError):
                wrong.append(name)
    wrong += [name for name in ("address", "imap") if name not in entry]
    if wrong:
        return None, tuple(wrong)
    account = Account(**values)  # type: ignore[arg-type]
    return account, faults(account)


def accounts_text(accounts: Iterable[Account]) -> str:
    """The accounts as TOML, which `load_accounts` reads back as equal values; what is as usual is left out."""
    return "\n".join("\n".join(("[[accounts]]", *_lines(account))) + "\n" for account in accounts)


def _lines(account: Account) -> Iterator[str]:
    for field in fields(Account):
        value = getattr(account, field.name)
        if value != field.default:
            yield f"{field.name} = {_written(value)}"


def _written(value: object) -> str:
    match value:
        case Endpoint():
            return f"{{ host = {quoted(value.host)}, port = {value.port}, security = {quoted(value.security)} }}"
        case bool():
            return str(value).lower()
        case date():
            return value.isoformat()
        case str():
            return quoted(value)
        case _:
            return str(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def _day(value: object) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise TypeError
    return value


def _endpoint(value: object) -> Endpoint:
    if not isinstance(value, Mapping):
        raise TypeError
    return Endpoint(_text(value["host"]), _number(value["port"]), Security(value.get("security", Security.TLS)))


_TEXTS = ("user", "name", "provider", "password_command", "ca_file", "sent_folder")
_NUMBERS = ("size_limit", "recipients_limit")
_READERS = {
    "address": _text,
    "imap": _endpoint,
    "smtp": _endpoint,
    **dict.fromkeys(_TEXTS, _text),
    "is_read_only": _switch,
    "marks_read_on_server": _switch,
    "keeps_sent_copy": _switch,
    "password_since": _day,
    **dict.fromkeys(_NUMBERS, _number),
}
