"""`proof`, `export`: what leaves the profile."""

from __future__ import annotations

import argparse
from datetime import datetime

from pecdesk.app import App
from pecdesk.cli.exits import DONE, NEGATIVE
from pecdesk.cli.output import Output
from pecdesk.errors import N_
from pecdesk.explain.visible import visible


def proof(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """Write proof bundles."""
    with App.open(words.profile) as app:
        made = app.export_proofs(
            words.ids,
            words.to,
            zipped=words.zip,
            made_at=words.made_at or now.astimezone(),
            language=output.language,
            progress=output.progress,
        )
    output.document(
        {
            "bundles": [
                {
                    "id": one.row_id,
                    "path": str(one.path),
                    "was_there": one.was_there,
                    "files": one.files,
                    "weak_points": one.weak_points_in_english,
                }
                for one in made
            ]
        }
    )
    for one in made:
        output.line(visible(output.language.say(N_("Proof written: {path}"), path=one.path)))
        for point in one.weak_points:
            output.line(f"  ! {visible(point)}")
    return NEGATIVE if any(one.weak_points for one in made) else DONE


def export(words: argparse.Namespace, now: datetime, output: Output) -> int:  # noqa: ARG001
    """Write original messages."""
    with App.open(words.profile) as app:
        written = app.export_originals(words.ids, words.to)
    output.document({"files": [{"path": str(path), "sha256": sha256} for path, sha256 in written]})
    for path, _ in written:
        output.line(visible(str(path)))
    return DONE
