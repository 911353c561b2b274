"""What each command does: call the verb of `app`, print what came of it, answer with an exit code."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime

from pecdesk.app import App, Judged, anchors_of, verify_files
from pecdesk.cli.output import Output, visible
from pecdesk.errors import N_, InputError, UsageError
from pecdesk.examine import Examination
from pecdesk.explain import Tone, badge, standing_badge
from pecdesk.explain.badge import pretends
from pecdesk.explain.documents import (
    Document,
    certification_document,
    examination_document,
    file_error_document,
    transmission_document,
)
from pecdesk.explain.sentences import event, headline, note_sentences, reason_sentences
from pecdesk.explain.words import ATTENTION, CHECKS, KINDS, RECIPIENTS, ROLES, STANDINGS, STATUSES
from pecdesk.intake import Unreadable
from pecdesk.pec.deadlines import attention
from pecdesk.pec.message import MessageKind, normal_address
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Direction
from pecdesk.profile import Profile
from pecdesk.store import Filter, Row, StoredMessage
from pecdesk.trust import AnchorSet, Check, CheckStatus, Note, TrustPolicy, load_policy, shipped_anchors

Runner = Callable[[argparse.Namespace, datetime, Output], int]

DONE, NEGATIVE, WORLD_FAILED = 0, 1, 3


def verify(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """Judge files without storing them."""
    judged = list(verify_files(words.files, _anchors(words), at=words.at, now=now))
    documents: list[Document] = []
    for one in judged:
        if one.examination is not None:
            documents.append(examination_document(one.examination, str(one.path)))
            _print_examination(one, one.examination, output)
        elif one.error is not None:
            documents.append(file_error_document(one.path, str(one.error)))
            output.complain(one.error)
    output.document({"files": documents})
    if any(one.error for one in judged):
        return WORLD_FAILED
    return (
        DONE if all(one.examination and one.examination.standing is Standing.CERTIFIED for one in judged) else NEGATIVE
    )


def _anchors(words: argparse.Namespace) -> AnchorSet:
    """Exactly --trust; else the built-in trust, with that of --profile when given."""
    if words.trust is not None:
        return AnchorSet(policies=(load_policy(words.trust),))
    return anchors_of(Profile(words.profile)) if words.profile is not None else shipped_anchors()


def _print_examination(one: Judged, examination: Examination, output: Output) -> None:
    language = output.language
    mark = standing_badge(
        examination.standing,
        pretends=pretends(examination.kind),
        language=language,
        by_hand=Note.TRUST_ADDED_BY_HAND in examination.notes,
    )
    output.line(f"{output.mark(mark)}  {visible(str(one.path))}")
    output.line(f"  {language.say(KINDS[examination.kind])}. {language.say(STANDINGS[examination.standing])}")
    facts = examination.certification
    if facts is not None:
        told = [
            language.instant(facts.time),
            facts.issuer,
            f"{facts.sender} → {facts.delivered_to or _recipients(facts.recipients)}",
        ]
        output.line(f"  {visible(' · '.join(told))}")
        output.line(f"  {visible(facts.subject or '')}")
    for sentence in reason_sentences(tuple(examination.reasons), language):
        output.line(f"  ! {sentence}")
    for sentence in note_sentences(list(examination.notes), language):
        output.line(f"  · {sentence}")
    if examination.standing is not Standing.CERTIFIED:
        for check in examination.checks:
            output.line(f"    {_check_words(check, output)}")
    output.line()


def _recipients(recipients: tuple[object, ...]) -> str:
    return ", ".join(str(getattr(recipient, "address", "")) for recipient in recipients[:3]) + (
        f" +{len(recipients) - 3}" if len(recipients) > 3 else ""
    )


def _check_words(check: Check, output: Output) -> str:
    sign = {CheckStatus.PASSED: "✓", CheckStatus.FAILED: "✗", CheckStatus.NOT_DONE: "–"}[check.status]
    return f"{sign} {output.language.say(CHECKS[check.name])}: {output.language.say(STATUSES[check.status])}"


def import_(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """Bring mail into the archive."""
    account = words.account
    if account is not None and ("@" not in account or any(c.isspace() or not c.isprintable() for c in account.strip())):
        raise UsageError(N_("{address} is not an address."), address=account)
    with App.open(words.profile) as app:
        result = app.import_paths(words.paths, account=account, now=now, progress=output.progress)
    language = output.language
    output.document(
        {
            "new": result.new,
            "known": result.known,
            "unreadable": [
                {"path": str(found.path), "label": found.label, "reason": found.reason.sentence, "detail": found.detail}
                for found in result.unreadable
                if found.reason is not None
            ],
            "mismatched": result.mismatched,
        }
    )
    output.line(
        language.say(
            N_("{new} new, {known} already here, {unreadable} unreadable."),
            new=result.new,
            known=result.known,
            unreadable=len(result.unreadable),
        )
    )
    for found in result.unreadable:
        if found.reason is not None:
            detail = visible(language.say(found.detail))
            output.line(f"  {visible(found.label)}: {language.say(found.reason.sentence)} {detail}".rstrip())
    if result.mismatched:
        output.line(
            language.counted(
                "One message neither comes from nor goes to {address}.",
                "{n} messages neither come from nor go to {address}.",
                result.mismatched,
                address=account,
            )
        )
    missing = [found for found in result.unreadable if found.reason is Unreadable.MISSING]
    if missing:
        output.complain(InputError(N_("{path} is not there."), N_("The rest was brought in."), path=missing[0].path))
        return WORLD_FAILED
    return NEGATIVE if result.unreadable else DONE


def list_(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """The transmissions, newest first."""
    wanted = Filter(
        state=words.state,
        attention=words.attention,
        direction=words.direction,
        account=normal_address(words.account) if words.account else None,
        limit=words.limit,
        before=words.before,
    )
    with App.open(words.profile) as app:
        rows = app.rows(wanted, now)
    print_rows(rows, now, output)
    return DONE


def search(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """Find transmissions by words and operators."""
    with App.open(words.profile) as app:
        rows = app.search(" ".join(words.query), now, words.limit)
    print_rows(rows, now, output)
    return DONE


def print_rows(rows: list[Row], now: datetime, output: Output) -> None:
    """The table of transmissions, or its JSON."""
    output.document({"transmissions": [_document(row, now) for row in rows]})
    if output.json:
        return
    language = output.language
    if not rows:
        output.say(N_("Nothing here."))
        return
    lines, tones = [], []
    for row in rows:
        found, mark = row.transmission, badge(row.transmission, language)
        arrow = "↗" if found.direction is Direction.SENT else "↙"
        others = [recipient.address for recipient in found.recipients]
        who = found.sender if found.direction is Direction.RECEIVED else (others[0] if len(others) == 1 else "")
        if not who:
            who = (
                language.counted("{n} recipient", "{n} recipients: {first}…", len(others), first=others[0])
                if others
                else "–"
            )
        when = language.minute(found.sent_at) if found.sent_at else "–"
        sign = "!" if attention(found, now) else " "
        lines.append([mark.word, str(row.id), when, f"{sign} {arrow}", who, found.subject])
        tones.append(mark.tone)
    output.table(lines, (21, 6, 16, 3, 34), tones)


def _document(row: Row, now: datetime) -> Document:
    return transmission_document(row.transmission, row.id, row.message_ids, now, row.linked)


def show(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """One transmission with its text and messages."""
    with App.open(words.profile) as app:
        rows = app.rows_named(words.id)
        shown = [(row, app.messages(row)) for row in rows]
    documents = [_whole_document(row, messages, now) for row, messages in shown]
    # The first row stands at the top as well, since an ID names one row but for a mail to oneself.
    output.document({**documents[0], "transmissions": documents})
    if not output.json:
        first, messages = shown[0]
        _print_row(first, messages, _main_message(first, messages), now, output)
        for row, _ in shown[1:]:
            output.say(N_("The same ID also means row {id}."), id=row.id)
    return DONE


def _whole_document(row: Row, messages: list[StoredMessage], now: datetime) -> Document:
    """A row with its text, its attachments and its messages."""
    main = _main_message(row, messages)
    return {
        **_document(row, now),
        "text": main.examination.text if main else "",
        "attachments": [
            {"name": a.name, "media_type": a.media_type, "size": a.size, "sha256": a.sha256, "signed": a.signed}
            for a in (main.examination.attachments if main else ())
        ],
        "messages": [_message_document(message) for message in messages],
    }


def _main_message(row: Row, messages: list[StoredMessage]) -> StoredMessage | None:
    found = row.transmission.original_sha256
    return next((message for message in messages if message.examination.sha256 == found), None)


def _message_document(message: StoredMessage) -> Document:
    examination = message.examination
    actual = str(examination.receipt_actual) if examination.receipt_actual else None
    return {
        "id": message.id,
        "sha256": examination.sha256,
        "size": examination.size,
        "kind": str(examination.kind),
        "standing": str(examination.standing),
        "reasons": [str(reason) for reason in examination.reasons],
        "notes": sorted({*map(str, examination.notes), "local-file"}),
        "certification": certification_document(examination.certification, actual),
        "first_seen": message.first_seen.isoformat().replace("+00:00", "Z"),
        "places": [
            {"account": place.account, "folder": place.folder, "source": place.source} for place in message.placements
        ],
    }


def _print_row(
    row: Row, messages: list[StoredMessage], main: StoredMessage | None, now: datetime, output: Output
) -> None:
    language, found = output.language, row.transmission
    output.line(visible(found.subject) or "–")
    output.line(f"{output.mark(badge(found, language))} – {headline(found, language)}")
    for need in attention(found, now):
        output.line(f"  ! {language.say(ATTENTION[need])}")
    output.line()
    facts = (
        (N_("From"), visible(found.sender)),
        (N_("When"), language.instant(found.sent_at) if found.sent_at else ""),
        (N_("Identifier"), visible(found.identifier or "")),
    )
    for label, fact in facts:
        if fact:
            output.line(f"{language.say(label)}: {fact}")
    for recipient in found.recipients:
        role = language.say(ROLES[recipient.role]) if recipient.role else language.say(N_("To"))
        since = f", {language.instant(recipient.since)}" if recipient.since else ""
        state = (
            "" if found.direction is Direction.RECEIVED else f" – {language.say(RECIPIENTS[recipient.state])}{since}"
        )
        output.line(f"{role}: {visible(recipient.address)}{state}")
    if found.evidence:
        output.line()
    for_nothing = language.say(N_("counts for nothing"))
    for line in found.evidence:
        when = language.instant(line.time) if line.time else "–"
        mark = standing_badge(line.standing, pretends=pretends(line.kind), language=language, by_hand=line.by_hand)
        uncounted = "" if line.counts else f" ({for_nothing})"
        output.line(f"  {when}  {visible(event(line, language))} [{output.mark(mark)}]{uncounted}")
    if main is not None:
        output.line()
        for text in main.examination.text.splitlines() or [language.say(N_("(no text)"))]:
            output.line(f"  {visible(text.replace(chr(9), '    '))}")
        for attachment in main.examination.attachments:
            output.line(f"  [{visible(attachment.name)}  {attachment.media_type}  {language.size(attachment.size)}]")
    output.line()
    for message in messages:
        own = found.direction is Direction.SENT and message.examination.sha256 == found.original_sha256
        is_sent = own and message.examination.kind is MessageKind.ORDINARY
        kind = language.say(N_("Sent message") if is_sent else KINDS[message.examination.kind])
        output.line(f"  {message.id:>6}  {message.examination.sha256}  {kind}")


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
            output.line(f"{visible(policy.name)} – {output.language.say(_origin(policy))}")
            for anchor in policy.anchors:
                output.line(f"  {visible(anchor.name)}\n  SPKI SHA-256 {anchor.key_sha256}")
    return DONE


def _origin(policy: TrustPolicy) -> str:
    """Where an authority's trust comes from: an English template."""
    if policy.by_hand:
        return N_("added by hand to this profile")
    shipped = {known.name for known in shipped_anchors().policies}
    return N_("shipped with pecdesk") if policy.name in shipped else N_("made up for the demo")


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
            "outdated": findings.outdated,
            "free_bytes": findings.free_bytes,
            "trust": findings.anchors_version,
            "version": findings.program_version,
            "rebuilt": bool(words.rebuild),
        }
    )
    say, language = output.say, output.language
    say(N_("{messages} messages in {rows} transmissions."), messages=findings.messages, rows=findings.transmissions)
    wrong = (
        (N_("damaged or missing in the archive"), findings.damaged),
        (N_("in the archive, not in the database"), findings.unindexed),
        (N_("journal"), [language.error(found) for found in findings.journal]),
        (N_("database"), [findings.database] if findings.database else []),
        (N_("verdicts of an older version"), [findings.outdated] if findings.outdated else []),
    )
    for label, found in wrong:
        for one in found:
            output.line(f"  ! {language.say(label)}: {one}")
    output.line(language.say(N_("Trust data: {version}"), version=findings.anchors_version))
    output.line(language.say(N_("Free on the disk: {size}"), size=language.size(findings.free_bytes)))
    if findings.is_healthy:
        output.line(output.coloured(language.say(N_("No findings.")), Tone.BLUE))
    elif findings.unindexed or findings.database:
        say(N_("Run `pecdesk doctor --rebuild` to make the database again from archive and journal."))
    return DONE if findings.is_healthy else NEGATIVE


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


def demo(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """Make the demo, print its table and one proof."""
    from pecdesk.cli.demo import run_demo  # noqa: PLC0415 - the made-up office is needed nowhere else

    return run_demo(words.profile, now, output, reset=words.reset, dated=words.now is not None)


RUNNERS: dict[str, Runner] = {
    "demo": demo,
    "verify": verify,
    "import": import_,
    "list": list_,
    "show": show,
    "search": search,
    "proof": proof,
    "export": export,
    "trust": trust,
    "reexamine": reexamine,
    "backup": backup,
    "restore": restore,
    "doctor": doctor,
}
