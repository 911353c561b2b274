"""What the message says: its text, and its attachments with their fingerprints."""

from __future__ import annotations

from pecdesk.errors import N_
from pecdesk.explain import Language
from pecdesk.pec.transmission import Direction, OriginalSource
from pecdesk.proof import page
from pecdesk.proof.dossier import Dossier


def message(dossier: Dossier, language: Language) -> page.MessageText:
    """The text, and where it was read."""
    say, main = language.say, dossier.main
    captions = {
        OriginalSource.OWN: N_("Text of the sent message.") if dossier.row.direction is Direction.SENT else "",
        OriginalSource.FROM_RECEIPT: N_("The sent message is not in this archive; read out of the delivery receipt."),
        OriginalSource.NONE: N_("The sent message is not in this archive."),
    }
    return page.MessageText(
        heading=say(N_("Text of the message")),
        caption=say(captions[dossier.row.original]),
        text=main.text if main else "",
        none=say(N_("No text.")),
    )


def attachments(dossier: Dossier, language: Language) -> page.AttachmentTable:
    """The table of attachments."""
    say = language.say
    return page.AttachmentTable(
        heading=say(N_("Attachments")),
        columns=(say(N_("File")), say(N_("Type")), say(N_("Size")), say(N_("Digital signature"))),
        rows=tuple(
            page.AttachmentRow(
                one.name,
                one.media_type,
                f"{language.number(one.size)} B",
                one.sha256,
                say(N_("contains one ({kind}), not verified"), kind=one.signed) if one.signed else say(N_("none")),
            )
            for one in (dossier.main.attachments if dossier.main else ())
        ),
        none=say(N_("No attachments.")),
    )
