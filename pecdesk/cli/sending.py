"""`send`: one file through the outbox, the bytes handed over being the bytes sent."""

from __future__ import annotations

import argparse
from datetime import datetime

from pecdesk.app import App
from pecdesk.cli.exits import DONE, NEGATIVE, WORLD_FAILED
from pecdesk.cli.output import Output
from pecdesk.errors import N_
from pecdesk.explain.documents import transmission_document
from pecdesk.explain.sentences import headline
from pecdesk.explain.visible import visible
from pecdesk.pec.acceptable import UnacceptableError
from pecdesk.pec.message import COMPLETENESS_OF
from pecdesk.pec.transmission import State


def send(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """Put a file into the outbox and, unless another program does it, hand over what is due."""
    receipt = COMPLETENESS_OF[words.receipt] if words.receipt else None
    with App.open(words.profile) as app:
        if words.now is not None:
            app.clock = lambda: now
        try:
            sent = app.outgoing.send_file(words.file, words.account, receipt, now)
        except UnacceptableError as error:
            return _refused(error, output)
        is_ours = app.outgoing.deliver_now()
        (row,) = app.rows_by_id([sent.row_id])
        found = row.transmission
        # What waits behind a refused login was not even tried: its own record has nothing to tell of that.
        held_back = app.outgoing.held_back(words.account) if found.state is State.QUEUED else None
    why = found.last_error or held_back
    output.document(
        {
            "id": row.id,
            "state": str(found.state),
            "message_id": sent.message_id,
            "added": [{"name": name, "value": value} for name, value in sent.added],
            "line_ends_changed": sent.line_ends_changed,
            "handed_over_here": is_ours,
            "last_error": str(why) if why else None,
            "transmission": transmission_document(found, row.id, row.message_ids, now, row.linked),
        }
    )
    if sent.line_ends_changed:
        output.say(N_("Changed: line ends to CRLF."))
    for name, value in sent.added:
        output.say(N_("Added: {name}: {value}"), name=name, value=value)
    output.line(f"{row.id}  {headline(found, output.language)}")
    if not is_ours and held_back is None:
        output.say(N_("Another pecdesk is open in this profile: the message leaves from there."))
    if why is not None:
        output.complain(why.error)
    if held_back is None and found.state is State.QUEUED and is_ours and found.last_error is not None:
        output.say(
            N_("It stays in the outbox, and leaves with the next message sent, or as soon as the window is open.")
        )
    if held_back is not None:
        output.say(N_("“pecdesk account test {account}” has it tried once more."), account=found.account)
    if found.state in (State.REFUSED, State.UNCERTAIN):
        return NEGATIVE
    return WORLD_FAILED if why is not None else DONE


def _refused(error: UnacceptableError, output: Output) -> int:
    """All that stands against the file."""
    output.document(
        {
            "id": None,
            "state": None,
            "objections": [
                {"kind": str(each.kind), "detail": each.sentence.format(**each.fields)} for each in error.objections
            ],
        }
    )
    output.say(N_("This message cannot be sent as it is. Nothing was sent."))
    for each in error.objections:
        output.line(f"  ! {visible(output.language.say(each.sentence, **each.fields))}")
    return NEGATIVE
