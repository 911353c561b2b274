"""What is said of a sent message that was read back out of a receipt: what it is, and what the provider added."""

from __future__ import annotations

from pecdesk.errors import N_
from pecdesk.explain.language import Language
from pecdesk.explain.visible import visible
from pecdesk.pec.rebuilding import Change, Rebuilt

FROM_RECEIPT = N_(
    "Read out of a full delivery receipt, byte for byte: it is what was delivered, and the signature of the receipt"
    " covers it."
)

CHANGES: dict[Change, str] = {
    Change.NEW_ID: N_("Its Message-ID is the provider's; the one it was sent with was {value}."),
    Change.TRACES: N_("The servers it came through added: {fields}."),
    Change.FIELDS: N_("The provider added: {fields}."),
}


def rebuilt_sentences(rebuilt: Rebuilt, language: Language) -> tuple[str, ...]:
    """One sentence on what it is, and one for each thing the provider changed."""
    return (
        language.say(FROM_RECEIPT),
        *(
            language.say(CHANGES[change.kind], value=f"<{visible(change.value)}>", fields=", ".join(change.fields))
            for change in rebuilt.changes
        ),
    )
