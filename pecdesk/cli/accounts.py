"""`account`: mailboxes set up, listed, tried out and taken off."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from pecdesk.app import App
from pecdesk.cli.account_documents import account_document, shown, tested_document
from pecdesk.cli.exits import DONE, WORLD_FAILED
from pecdesk.cli.output import Output
from pecdesk.errors import N_, CancelledError, PasswordError, UsageError
from pecdesk.explain import Language
from pecdesk.explain.account_warnings import quota_words
from pecdesk.explain.accounts import account_trouble, password_expires, provider_hints
from pecdesk.explain.visible import visible
from pecdesk.profile.accounts import Account, Endpoint, Security, is_loopback
from pecdesk.profile.providers import (
    LoginForm,
    Provider,
    provider_for,
    provider_named,
    providers,
    with_provider,
)

if TYPE_CHECKING:
    from pecdesk.app.servers import Attempt, Tested


def account(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """Add, list, test or remove accounts."""
    with App.open(words.profile) as app:
        match words.action:
            case "add":
                code = _add(app, words, now, output)
            case "remove":
                code = _remove(app, words.address, output)
            case "test":
                code = _test(app, words.addresses, now, output)
            case _:
                code = _list(app, now, output)
        if (problem := app.servers.problem) is not None:
            output.complain(problem)
            return WORLD_FAILED
        return code


# add


def _add(app: App, words: argparse.Namespace, now: datetime, output: Output) -> int:
    servers, language = app.servers, output.language
    wanted = _wanted(words)
    servers.check_new(wanted)
    provider = provider_named(wanted.provider)
    if provider is not None:
        for hint in provider_hints(provider, language):
            output.line(hint)
    password = None
    if not wanted.password_command:
        if (problem := servers.key_store_problem()) is not None:
            raise problem
        password = _asked_password(wanted, language)
    added = servers.add(wanted, password, now)
    app.outgoing.release(added.address, now)  # what waits because the login was refused as it was before
    output.document({"account": account_document(added)})
    output.say(N_("{address} is set up. Try it out with “pecdesk account test”."), address=added.address)
    if added.smtp is None:
        output.say(N_("Nothing can be sent from it: no server was named with --smtp."))
    return DONE


def _wanted(words: argparse.Namespace) -> Account:
    """The account that the words describe; `UsageError` where something is missing or makes no sense."""
    address, imap = words.address, words.imap
    provider = _provider(words.provider, address, by_hand=imap is not None)
    if provider is None and imap is None:
        raise UsageError(
            N_("Who the provider of {address} is cannot be told from its domain."),
            N_("Name it with --provider ({names}), or its servers with --imap and --smtp."),
            address=address,
            names=", ".join(row.key for row in providers()),
        )
    if provider is not None and provider.login is LoginForm.USER_ID and not words.user:
        raise UsageError(
            N_("{provider} lets mail programs in with a user code, not with the address."),
            N_("Name the code with --user."),
            provider=provider.name,
        )
    wanted = Account(
        address,
        imap or Endpoint("", 0),
        user=words.user or "",
        password_command=words.password_command or "",
        ca_file=os.path.abspath(words.ca_file) if words.ca_file else "",  # noqa: PTH100 - as typed, links and all
    )
    if provider is not None:
        wanted = with_provider(wanted, provider)
    wanted = replace(wanted, imap=imap or wanted.imap, smtp=words.smtp or wanted.smtp)
    return _in_plain_text(wanted) if words.insecure_loopback else wanted


def _provider(name: str | None, address: str, *, by_hand: bool) -> Provider | None:
    if name is None:
        return None if by_hand else provider_for(address)
    provider = provider_named(name)
    if provider is None:
        raise UsageError(
            N_("No provider named {name} is known."),
            N_("Known are: {names}. For any other, name the servers with --imap and --smtp."),
            name=name,
            names=", ".join(row.key for row in providers()),
        )
    return provider


def _in_plain_text(wanted: Account) -> Account:
    if not all(is_loopback(endpoint.host) for endpoint in wanted.servers.values()):
        raise UsageError(
            N_("--insecure-loopback is for servers on this very machine only: localhost, 127.0.0.1, ::1."),
            N_("Leave it out: everything else is talked to over TLS."),
        )
    smtp = wanted.smtp
    return replace(
        wanted,
        imap=replace(wanted.imap, security=Security.PLAIN),
        smtp=None if smtp is None else replace(smtp, security=Security.PLAIN),
    )


def _asked_password(wanted: Account, language: Language) -> str:
    """The password, from the terminal; it is never taken from the command line, where every user can read it."""
    if not sys.stdin.isatty():
        raise UsageError(
            N_("The password is asked for on a terminal, and there is none."),
            N_("Name a program that prints it with --password-command."),
        )
    try:
        return getpass.getpass(
            visible(language.say(N_("Password of {user} at {host}: "), user=wanted.login, host=wanted.imap.host))
        )
    except EOFError:
        raise CancelledError from None


# list, remove


def _list(app: App, now: datetime, output: Output) -> int:
    accounts = app.servers.all()
    output.document({"accounts": [account_document(one) for one in accounts]})
    for one in accounts:
        for line in _lines(one, output.language):
            output.line(visible(line))
    if not accounts and app.servers.problem is None:
        output.say(N_("No mailbox is set up. “pecdesk account add” does it."))
    _announce(app, now, output)
    return DONE


def _lines(one: Account, language: Language) -> Iterator[str]:
    provider = provider_named(one.provider)
    yield f"{one.address} – {provider.name}" if provider is not None else one.address
    yield "  " + ", ".join(f"{protocol.upper()} {shown(endpoint)}" for protocol, endpoint in one.servers.items())
    how = N_("told by a command") if one.password_command else N_("in the system’s key store")
    yield "  " + language.say(N_("User {user}, password {how}"), user=one.login, how=language.say(how))


def _announce(app: App, now: datetime, output: Output) -> None:
    """Passwords that are about to expire."""
    for one in app.servers.expiring(now):
        output.line(password_expires(one.account, one.at, now.date(), output.language))


def _remove(app: App, address: str, output: Output) -> int:
    removed = app.servers.remove(address)
    output.document({"removed": removed.address})
    output.say(N_("{address} was removed; its mail stays."), address=removed.address)
    return DONE


# test


def _test(app: App, addresses: list[str], now: datetime, output: Output) -> int:
    accounts = [app.servers.named(address) for address in addresses] or list(app.servers.all())
    documents, is_ok = [], True
    for one in accounts:
        tested = app.servers.test(one)
        is_ok = is_ok and tested.is_ok
        if tested.smtp is not None and tested.smtp.is_ok:
            app.outgoing.release(one.address, now)
        documents.append(tested_document(one, tested))
        _say_tested(one, tested, now, output)
    output.document({"accounts": documents})
    if not accounts and app.servers.problem is None:
        output.say(N_("No mailbox is set up. “pecdesk account add” does it."))
    _announce(app, now, output)
    return DONE if is_ok else WORLD_FAILED


def _say_tested(one: Account, tested: Tested, now: datetime, output: Output) -> None:
    say, line = output.language.say, output.line
    attempts: list[tuple[str, Endpoint, Attempt]] = [("IMAP", one.imap, tested.imap)]
    if one.smtp is not None and tested.smtp is not None:
        attempts.append(("SMTP", one.smtp, tested.smtp))
    line(visible(one.address))
    for protocol, endpoint, attempt in attempts:
        if attempt.error is None:
            let_in = say(N_("let in"))
            line(f"  {protocol} {shown(endpoint)}: {let_in}")
        else:
            what, todo = account_trouble(attempt.error, one, output.language)
            output.complain_in_words(f"{one.address}, {protocol}: {what}", todo)
    if tested.imap.is_ok:
        line("  " + output.language.counted("One folder", "{n} folders", len(tested.folders)))
        if tested.sent_folder is None:
            line("  " + say(N_("No folder looks like the one of sent mail.")))
        else:
            line("  " + say(N_("Sent mail: {folder}"), folder=visible(tested.sent_folder)))
    elif one.smtp is not None and tested.smtp is None and not isinstance(tested.imap.error, PasswordError):
        line("  " + say(N_("SMTP was not asked: a second refusal might lock the mailbox.")))
    if tested.quota is not None and tested.quota.limit:
        line("  " + quota_words(tested.quota, None, now, output.language))
