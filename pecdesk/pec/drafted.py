"""A draft as a row of the list: it holds no message, and nothing is known of anybody it is for."""

from __future__ import annotations

from pecdesk.mime import addresses_of
from pecdesk.pec.draft import Draft
from pecdesk.pec.message import normal_address
from pecdesk.pec.transmission import (
    Direction,
    OriginalSource,
    RecipientOutcome,
    RecipientState,
    Role,
    State,
    TimeSource,
    Transmission,
    TransmissionKind,
)


def draft_row(draft: Draft) -> Transmission:
    """The row of a draft. Its time is when it was last saved, which is the time of no header and no receipt."""
    return Transmission(
        key=f"draft {draft.id}",
        kind=TransmissionKind.PEC,
        direction=Direction.SENT,
        account=normal_address(draft.account),
        subject=draft.subject,
        sender=draft.account,
        identifier=None,
        message_id=None,
        sent_at=draft.written_at,
        sent_at_source=TimeSource.NONE,
        state=State.DRAFT,
        recipients=_recipients(draft),
        evidence=(),
        original=OriginalSource.NONE,
        original_sha256=None,
        rivals=(),
        sealed=None,
        attention=(),
    )


def _recipients(draft: Draft) -> tuple[RecipientOutcome, ...]:
    """Everybody it is for so far, each once; what is no address yet stands as it was typed."""
    found: dict[str, RecipientOutcome] = {}
    for role, typed in ((Role.TO, draft.to), (Role.CC, draft.cc)):
        for text in typed:
            written = addresses_of(text.encode("utf-8", "replace"))
            address = next((each.address for each in written if each.address), text.strip())
            if address:
                found.setdefault(normal_address(address), RecipientOutcome(address, role, None, RecipientState.PENDING))
    return tuple(outcome for _, outcome in sorted(found.items()))
