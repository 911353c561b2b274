"""`import`, `list`, `search`, `show`: what comes in and what is there."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from pecdesk.app import App
from pecdesk.cli.exits import DONE, NEGATIVE, WORLD_FAILED
from pecdesk.cli.output import Output
from pecdesk.errors import N_, InputError, StoreError, UsageError
from pecdesk.explain import badge, standing_badge
from pecdesk.explain.badge import pretends
from pecdesk.explain.documents import (
    Document,
    certification_document,
    transmission_document,
)
from pecdesk.explain.sentences import REBUILD, RECORD_CHANGED, event, headline
from pecdesk.explain.visible import visible
from pecdesk.explain.words import ATTENTION, KINDS, RECIPIENTS, ROLES
from pecdesk.intake import Unreadable
from pecdesk.pec.deadlines import attention
from pecdesk.pec.message import MessageKind, normal_address
from pecdesk.pec.transmission import Direction
from pecdesk.store import Filter, Row, StoredMessage


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
    _complain_of_changes(rows, output)
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


def _complain_of_changes(rows: list[Row], output: Output) -> None:
    """Say it where the database was changed by something else."""
    if not all(row.transmission.is_believed for row in rows):
        output.complain(StoreError(RECORD_CHANGED, REBUILD))


def _document(row: Row, now: datetime) -> Document:
    return transmission_document(row.transmission, row.id, row.message_ids, now, row.linked)


def show(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """One transmission with its text and messages."""
    with App.open(words.profile) as app:
        rows = app.rows_named(words.id)
        shown = [(row, app.messages(row)) for row in rows]
    _complain_of_changes(rows, output)
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
            {
                "account": place.account,
                "folder": place.folder,
                "source": place.source,
                "removed_at": place.removed_at and _utc(place.removed_at),
            }
            for place in message.placements
        ],
    }


def _utc(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).isoformat().replace("+00:00", "Z")


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
