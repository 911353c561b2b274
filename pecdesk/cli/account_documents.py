"""Accounts and their servers as the command line shows them: JSON documents, and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pecdesk.errors import N_
from pecdesk.explain import Language
from pecdesk.explain.visible import visible
from pecdesk.profile.accounts import Account, Endpoint
from pecdesk.profile.providers import password_ends

if TYPE_CHECKING:
    from pecdesk.app.servers import Attempt, Reached, Tested


def account_document(one: Account) -> dict[str, object]:
    """An account as JSON; where its password is, never what it is."""
    ends = password_ends(one)
    return {
        "address": one.address,
        "user": one.login,
        "name": one.name,
        "provider": one.provider or None,
        "imap": _endpoint(one.imap),
        "smtp": None if one.smtp is None else _endpoint(one.smtp),
        "ca_file": one.ca_file or None,
        "password": "command" if one.password_command else "key-store",
        "password_since": None if one.password_since is None else one.password_since.isoformat(),
        "password_expires": None if ends is None else ends.isoformat(),
        "read_only": one.is_read_only,
    }


def _endpoint(endpoint: Endpoint) -> dict[str, object]:
    return {"host": endpoint.host, "port": endpoint.port, "security": str(endpoint.security)}


def _attempt(attempt: Attempt | None) -> dict[str, object] | None:
    if attempt is None:
        return None
    return {"ok": attempt.is_ok, "error": None if attempt.error is None else str(attempt.error)}


def tested_document(one: Account, tested: Tested) -> dict[str, object]:
    """What trying out an account has shown, as JSON."""
    quota = tested.quota
    return {
        "address": one.address,
        "imap": _attempt(tested.imap),
        "smtp": _attempt(tested.smtp),
        "folders": [
            {"name": folder.name, "role": None if folder.role is None else str(folder.role)}
            for folder in tested.folders
        ],
        "sent_folder": tested.sent_folder,
        "quota": None if quota is None else {"used": quota.used, "limit": quota.limit},
    }


def reached_document(one: Reached) -> dict[str, object]:
    """How a server answers, as JSON for `doctor`."""
    until = one.certificate_until
    return {
        "account": one.account.address,
        "protocol": one.protocol,
        **_endpoint(one.endpoint),
        "tls": one.tls,
        "certificate_until": None if until is None else until.isoformat(),
        "error": None if one.error is None else str(one.error),
    }


def reached_line(one: Reached, language: Language) -> str:
    """The same of one that answers as it should, for people."""
    server = f"{one.protocol.upper()} {shown(one.endpoint)}"
    if one.tls is None or one.certificate_until is None:
        plain = language.say(N_("plain text, on this machine only"))
        return f"{server}: {plain}"
    said = language.say(N_("{tls}, certificate good until {day}"), tls=one.tls, day=language.day(one.certificate_until))
    return f"{server}: {said}"


def shown(endpoint: Endpoint) -> str:
    """A server as it is typed."""
    return visible(str(endpoint))
