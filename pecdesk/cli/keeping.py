"""`trust`, `reexamine`, `backup`, `restore`, `doctor`: a profile kept right."""

from __future__ import annotations

import argparse
from datetime import datetime

from pecdesk.app import App
from pecdesk.cli.account_documents import reached_document, reached_line
from pecdesk.cli.exits import DONE, NEGATIVE
from pecdesk.cli.output import Output
from pecdesk.errors import N_, PecdeskError
from pecdesk.explain import Tone
from pecdesk.explain.authorities import origin
from pecdesk.explain.visible import visible
from pecdesk.explain.words import STANDINGS


def trust(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """List, add or remove authorities."""
    with App.open(words.profile) as app:
        if words.action == "add":
            policy = app.add_trust(words.policy, now)
            output.say(N_("Added by hand: {name}. It stays marked wherever it counts."), name=policy.name)
        elif words.action == "remove":
            app.remove_trust(words.name, now)
            output.say(N_("No longer trusted: {name}."), name=words.name)
        policies = app.trust_policies()
        version = app.anchors.version
    output.document(
        {
            "version": version,
            "policies": [
                {
                    "name": policy.name,
                    "by_hand": policy.by_hand,
                    "anchors": [
                        {"subject": anchor.name, "spki_sha256": anchor.key_sha256} for anchor in policy.anchors
                    ],
                }
                for policy in policies
            ],
        }
    )
    if words.action == "list":
        for policy in policies:
            output.line(f"{visible(policy.name)} – {output.language.say(origin(policy))}")
            for anchor in policy.anchors:
                output.line(f"  {visible(anchor.name)}\n  SPKI SHA-256 {anchor.key_sha256}")
    return DONE


def reexamine(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """Judge stored messages again."""
    with App.open(words.profile) as app:
        changes = app.reexamine(everything=words.all, now=now, progress=output.progress)
    output.document(
        {
            "changed": [
                {
                    "sha256": change.sha256,
                    "before": {"kind": str(change.before.kind), "standing": str(change.before.standing)},
                    "after": {"kind": str(change.after.kind), "standing": str(change.after.standing)},
                }
                for change in changes
            ]
        }
    )
    for change in changes:
        before, after = (
            output.language.say(STANDINGS[standing]) for standing in (change.before.standing, change.after.standing)
        )
        output.line(f"{change.sha256[:16]}  {before} → {after}")
    if not changes:
        output.say(N_("Nothing changed."))
    return DONE


def backup(words: argparse.Namespace, now: datetime, output: Output) -> int:  # noqa: ARG001
    """Copy the whole profile."""
    with App.open(words.profile) as app:
        copied = app.backup(words.to, progress=output.progress)
    output.document({"files": copied.files, "bytes": copied.bytes, "to": str(words.to)})
    output.line(
        output.language.say(
            N_("{files} files copied to {folder} and verified by hash."), files=copied.files, folder=words.to
        )
    )
    return DONE


def restore(words: argparse.Namespace, now: datetime, output: Output) -> int:  # noqa: ARG001
    """Bring a backup back."""
    with App.open(words.profile) as app:
        copied = app.restore(words.source, progress=output.progress)
    output.document({"files": copied.files, "bytes": copied.bytes, "from": str(words.source)})
    output.line(output.language.say(N_("{files} files brought back and verified by hash."), files=copied.files))
    return DONE


def doctor(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """Check, and rebuild when asked."""
    with App.open(words.profile) as app:
        if words.rebuild:
            app.rebuild(now=now, progress=output.progress)
        findings = app.doctor(progress=output.progress)
    output.document(
        {
            "healthy": findings.is_healthy,
            "messages": findings.messages,
            "transmissions": findings.transmissions,
            "damaged": findings.damaged,
            "unindexed": findings.unindexed,
            "journal": [str(found) for found in findings.journal],
            "database": findings.database,
            "changed": findings.changed,
            "outdated": findings.outdated,
            "free_bytes": findings.free_bytes,
            "accounts": None if findings.accounts is None else str(findings.accounts),
            "servers": [reached_document(one) for one in findings.servers],
            "trust": findings.anchors_version,
            "version": findings.program_version,
            "rebuilt": bool(words.rebuild),
        }
    )
    say, language = output.say, output.language
    say(N_("{messages} messages in {rows} transmissions."), messages=findings.messages, rows=findings.transmissions)
    for what, which in findings.complaints():
        said = visible(language.error(which)) if isinstance(which, PecdeskError) else which
        output.line(f"  ! {language.say(what)}: {said}")
    output.line(language.say(N_("Trust data: {version}"), version=findings.anchors_version))
    output.line(language.say(N_("Free on the disk: {size}"), size=language.size(findings.free_bytes)))
    for one in findings.servers:
        if one.error is None:
            output.line(reached_line(one, language))
    if findings.is_healthy:
        output.line(output.coloured(language.say(N_("No findings.")), Tone.BLUE))
    elif findings.unindexed or findings.database:
        say(N_("Run `pecdesk doctor --rebuild` to make the database again from archive and journal."))
    return DONE if findings.is_healthy else NEGATIVE
