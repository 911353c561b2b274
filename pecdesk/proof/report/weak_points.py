"""What an adversary would say against the proof: said first, by the proof itself."""

from __future__ import annotations

from datetime import datetime

from pecdesk.errors import N_
from pecdesk.explain import Language, sentences
from pecdesk.explain.sentences import note_sentences
from pecdesk.pec.transmission import Transmission
from pecdesk.proof import page
from pecdesk.proof.dossier import Dossier, left_out


def points(row: Transmission, made_at: datetime, language: Language) -> list[str]:
    """The weak points of a proof that are more than notes."""
    found = sentences.weak_points(row, made_at, language)
    if absent := left_out(row):
        found.append(
            language.counted(
                "One receipt that proves nothing is filed here and was left out.",
                "{n} receipts that prove nothing are filed here and were left out.",
                absent,
            )
        )
    return list(dict.fromkeys(found))


def weak_points(dossier: Dossier, language: Language) -> page.WeakPoints:
    """The weak points with the notes on what was verified."""
    notes = sorted({note for exhibit in dossier.exhibits for note in exhibit.examination.notes})
    return page.WeakPoints(
        heading=language.say(N_("Weak points of this proof")),
        points=(
            *points(dossier.row, dossier.made_at, language),
            *note_sentences([str(note) for note in notes], language),
        ),
        none=language.say(N_("None known.")),
    )
