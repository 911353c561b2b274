"""`sync`: the mail servers, once, until stopped, or only looked at."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from pecdesk.app import App
from pecdesk.cli.exits import DONE, NEGATIVE, WORLD_FAILED
from pecdesk.cli.output import Output
from pecdesk.errors import N_, BusyError, LoginError, PasswordError, UsageError
from pecdesk.explain.account_status import status_words
from pecdesk.explain.account_warnings import unfetched_words
from pecdesk.explain.accounts import account_trouble
from pecdesk.explain.visible import visible
from pecdesk.profile.account_status import AccountStatus, SyncState

if TYPE_CHECKING:
    from pecdesk.app.syncing import SyncReport
    from pecdesk.explain.documents import Document


def sync(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """Synchronise accounts; 1 where only the user can go on, 3 where the world failed for one of them."""
    with App.open(words.profile) as app:
        if words.now is not None:
            app.clock = lambda: now
        if not app.servers.all():
            raise UsageError(
                N_("There is no account here."), N_("Set one up with “pecdesk account add --address ADDRESS”.")
            )
        if words.dry_run and words.watch:
            raise UsageError(N_("--dry-run looks once: it cannot be watched."), N_("Leave out --watch."))
        chosen = list(dict.fromkeys(app.servers.named(name).key for name in words.accounts))
        with _stoppable(words.watch) as cancelled:
            stop = app.syncing.subscribe(lambda status: _follow(app, status, output)) if words.watch else None
            reports = app.syncing.sync(
                chosen,
                once=not words.watch,
                dry_run=words.dry_run,
                progress=output.progress,
                cancelled=cancelled,
            )
            if stop is not None:
                stop()
        if words.forget_emptied and not words.dry_run:
            reports = [_forgotten(app, report) for report in reports]
        for report in reports:
            _print(app, report, output, words)
        output.document({"accounts": [_document(report, words) for report in reports]})
    if any(report.error for report in reports):
        return WORLD_FAILED
    return NEGATIVE if any(report.status.question for report in reports) else DONE


@contextmanager
def _stoppable(watches: bool) -> Iterator[Callable[[], bool]]:
    """While watching, Ctrl-C and a kind request to end are how it is meant to end."""
    stopped = threading.Event()
    if not watches:
        yield stopped.is_set
        return
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _forgotten(app: App, report: SyncReport) -> SyncReport:
    """The same after every question was answered with: removed."""
    while app.store.emptied(report.account):
        app.syncing.answer(report.account, forget=True)
    if report.status.question is None:
        return report
    return replace(report, status=replace(report.status, state=SyncState.CURRENT, question=None))


def _follow(app: App, status: AccountStatus, output: Output) -> None:
    """A line for each change worth a line, while watching."""
    account = app.servers.get(status.account)
    if account is None or status.state is SyncState.SYNCING:
        output.progress(status.done, status.of)
        return
    sentence = status_words(account, status, app.clock().astimezone(), output.language).sentence
    output.line(visible(f"{status.account}: {sentence}"))


def _print(app: App, report: SyncReport, output: Output, words: argparse.Namespace) -> None:
    language = output.language
    account = app.servers.named(report.account)
    name = visible(account.address)
    for action in report.checked.actions if words.dry_run else ():
        output.line(visible(f"{account.address}  {language.say(action.template, **action.fields)}"))
    if report.error is not None:
        if isinstance(report.error, BusyError):
            output.complain(report.error)
            return
        sentence, step = account_trouble(report.error, account, language)
        output.complain_in_words(f"{account.address}: {sentence}", step)
        if isinstance(report.error, LoginError) and not isinstance(report.error, PasswordError):
            output.say(N_("“pecdesk account test {account}” has it tried once more."), account=name)
        return
    if words.dry_run:
        if not report.checked.actions:
            output.say(N_("{account}: nothing to do."), account=name)
        return
    if not words.watch:
        output.say(
            N_("{account}: {fetched} received, {forgotten} no longer on the server, changes passed on to it: {told}."),
            account=name,
            fetched=report.checked.fetched,
            forgotten=report.checked.forgotten,
            told=report.checked.told,
        )
    if report.status.unfetched:
        output.line(f"  {unfetched_words(report.status.unfetched, language)}")
    if report.status.question is not None:
        for detail in status_words(account, report.status, app.clock().astimezone(), language).details:
            output.line(f"  {detail}")
        output.say(N_("  If that is meant, say so in the window, or with “pecdesk sync --forget-emptied”."))


def _document(report: SyncReport, words: argparse.Namespace) -> Document:
    """`fetched`, `forgotten` and `told` are null after watching: nobody has counted over all the passes."""
    status, checked, dry_run = report.status, report.checked, words.dry_run
    return {
        "account": report.account,
        "state": None if dry_run and report.error is None else str(status.state),
        "dry_run": dry_run,
        "fetched": None if words.watch else checked.fetched,
        "forgotten": None if words.watch else checked.forgotten,
        "told": None if words.watch else checked.told,
        "actions": [{"action": type(action).__name__, **action.fields} for action in checked.actions],
        "checked_at": status.checked_at.isoformat().replace("+00:00", "Z") if status.checked_at else None,
        "question": (
            {"folder": status.question.folder, "messages": status.question.known} if status.question else None
        ),
        "quota": {"used": status.quota.used, "limit": status.quota.limit} if status.quota else None,
        "unfetched": status.unfetched,
        "error": str(report.error) if report.error else None,
    }
