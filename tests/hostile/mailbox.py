"""One profile under attack: `pecdesk` run inside this process, mail imported in any order, rows read back."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from pecdesk.cli.main import run
from tests.hostile.bench import NOW, Bench
from tests.integration.conftest import Outcome

Rows = list[dict[str, Any]]
"""What `list --json` tells."""

_numbers = count()


def command(*words: object) -> Outcome:
    """The command line, without the cost of a process; the examiner's helper is one all the same."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(word) for word in words])
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return Outcome(code, *texts)


@dataclass(frozen=True)
class Mailbox:
    """A profile that trusts the bench's policy."""

    bench: Bench
    profile: Path
    stated: tuple[str, ...] = field(default=())
    """`--account ADDRESS`, where it is stated whose mailbox it is."""

    @classmethod
    def empty(cls, bench: Bench, account: str | None = None) -> Mailbox:
        """A new one; the profile is made once for each bench and then copied."""
        template = bench.folder / "template"
        if not template.is_dir():
            bench.profile(template.name)
        profile = bench.folder / f"profile{next(_numbers)}"
        shutil.copytree(template, profile)
        return cls(bench, profile, ("--account", account) if account else ())

    def command(self, *words: object) -> Outcome:
        """Any command on this profile."""
        return command("--profile", self.profile, *words, "--now", NOW)

    def receive(self, *mails: bytes, account: str | None = None) -> Any:
        """Import these messages, in this order; what `import --json` says."""
        named = {str(number): raw for number, raw in enumerate(mails)}
        paths = self.bench.write(named, f"in{next(_numbers)}")
        stated = ("--account", account) if account else self.stated
        done = self.command("import", *paths.values(), "--json", *stated)
        assert done.code == 0, done.err
        return done.json

    def rows(self, *words: object) -> Rows:
        """`list --json`, everything."""
        done = self.command("list", "--json", "--limit", "0", *words)
        assert done.code == 0, done.err
        rows: Rows = done.json["transmissions"]
        return rows

    def row(self, name: object) -> dict[str, Any]:
        """`show --json` of one ID."""
        words = ["--profile", self.profile, "--now", NOW, "show", "--json", "--", name]
        done = command(*words)
        assert done.code == 0, done.err
        shown: dict[str, Any] = done.json
        return shown


def without_numbers(rows: Iterable[dict[str, Any]]) -> list[Any]:
    """Rows as they are whatever the order of arrival: without row ids and message numbers."""
    stripped = []
    for row in rows:
        kept = {key: value for key, value in row.items() if key not in ("id", "rivals", "linked")}
        kept["rivals"] = len(row["rivals"])
        kept["linked"] = len(row["linked"])
        kept["recipients"] = [{**each, "evidence": len(each["evidence"])} for each in row["recipients"]]
        kept["evidence"] = [{key: value for key, value in each.items() if key != "message"} for each in row["evidence"]]
        stripped.append(kept)
    return sorted(stripped, key=lambda row: json.dumps(row, sort_keys=True))
