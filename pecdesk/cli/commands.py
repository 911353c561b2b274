"""Which function carries out which command."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime

from pecdesk.cli.accounts import account
from pecdesk.cli.handing_over import export, proof
from pecdesk.cli.keeping import backup, doctor, reexamine, restore, trust
from pecdesk.cli.looking import import_, list_, search, show
from pecdesk.cli.output import Output
from pecdesk.cli.sending import send
from pecdesk.cli.syncing import sync
from pecdesk.cli.verifying import verify

Runner = Callable[[argparse.Namespace, datetime, Output], int]


def demo(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """Make the demo, print its table and one proof."""
    from pecdesk.cli.demo import run_demo  # noqa: PLC0415 - the made-up office is needed nowhere else

    return run_demo(words.profile, now, output, reset=words.reset, dated=words.now is not None)


RUNNERS: dict[str, Runner] = {
    "account": account,
    "demo": demo,
    "verify": verify,
    "import": import_,
    "list": list_,
    "show": show,
    "search": search,
    "proof": proof,
    "send": send,
    "export": export,
    "sync": sync,
    "trust": trust,
    "reexamine": reexamine,
    "backup": backup,
    "restore": restore,
    "doctor": doctor,
}
