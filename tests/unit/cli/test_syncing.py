"""What `sync` reports of an account."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pecdesk.app.syncing import SyncReport
from pecdesk.cli.output import Output
from pecdesk.cli.syncing import _document, _print
from pecdesk.explain import language
from pecdesk.profile.account_status import AccountStatus, SyncState

KEY = "studio@pec.example"
WORDS = argparse.Namespace(dry_run=False, watch=False)
APP = cast(Any, SimpleNamespace(servers=SimpleNamespace(named=lambda _key: SimpleNamespace(address=KEY))))


def report(unfetched: int) -> SyncReport:
    at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    return SyncReport(KEY, AccountStatus(KEY, SyncState.CURRENT, checked_at=at, unfetched=unfetched))


def test_what_the_server_withholds_is_told_although_the_account_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    _print(APP, report(2), Output(language("en")), WORDS)

    said = capsys.readouterr().out
    assert "lists 2 messages that could not be had" in said
    assert "next connection" in said
    assert _document(report(2), WORDS)["state"] == "current"
    assert _document(report(2), WORDS)["unfetched"] == 2


def test_nothing_is_said_where_everything_could_be_had(capsys: pytest.CaptureFixture[str]) -> None:
    _print(APP, report(0), Output(language("en")), WORDS)

    assert "could not be had" not in capsys.readouterr().out
    assert _document(report(0), WORDS)["unfetched"] == 0
