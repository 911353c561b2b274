"""`pecdesk demo`: the made-up office in the terminal."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime
from pathlib import Path

from pecdesk.cli.looking import print_rows
from pecdesk.cli.output import Output
from pecdesk.demo.profile import open_demo
from pecdesk.errors import N_
from pecdesk.explain.documents import transmission_document
from pecdesk.store import Filter


def run_demo(root: Path | None, now: datetime, output: Output, *, reset: bool, dated: bool) -> int:
    """Print the table of transmissions, make one proof bundle and say where."""
    output.say(N_("DEMO: a made-up law office with made-up providers. Nothing here proves anything."))
    with open_demo(root, now, reset=reset, progress=output.progress) as demo:
        looked_at = now if dated else max(now, demo.now)
        rows = demo.app.rows(Filter(limit=0), looked_at)
        if not output.json:
            print_rows(rows, looked_at, output)
        showcase = demo.showcase()
        made = demo.app.export_proofs(
            [str(showcase.id)],
            demo.app.profile.exports,
            zipped=False,
            made_at=demo.now.astimezone(),
            language=output.language,
        )[0]
        output.document(
            {
                "profile": str(demo.app.profile.root),
                "mail": str(demo.folder / "mail"),
                "policy": str(demo.policy),
                "accounts": list(demo.accounts),
                "now": demo.now.isoformat(),
                "proof": str(made.path),
                "transmissions": [
                    transmission_document(row.transmission, row.id, row.message_ids, looked_at, row.linked)
                    for row in rows
                ],
            }
        )
        say, line = output.language.say, output.line
        line()
        line(
            output.language.counted(
                "{n} transmission in {folder}", "{n} transmissions in {folder}", len(rows), folder=demo.app.profile.root
            )
        )
        line(say(N_("The same mail as .eml files, and the demo's trust policy: {folder}"), folder=demo.folder))
        line(
            say(
                N_("Look further: {program} --profile {folder} show {id}"),
                program=_program(),
                folder=demo.app.profile.root,
                id=showcase.id,
            )
        )
        line(say(N_("Proof written: {path}"), path=made.path))
    return 0


def _program() -> str:
    """How this program is called from here."""
    if shutil.which("pecdesk"):
        return "pecdesk"
    called = Path(sys.argv[0])
    return f"{sys.executable} -m pecdesk" if called.name == "__main__.py" else str(called)
