"""What is known of a mailbox one writes to, in a word and in a sentence: PEC, not PEC, unknown, no address at all."""

from __future__ import annotations

from datetime import datetime

from pecdesk.errors import N_
from pecdesk.explain.badge import Badge, Shape, Tone
from pecdesk.explain.language import Language
from pecdesk.pec.composing import RecipientProblem
from pecdesk.pec.transmission import RecipientState

CERTIFIED, EXTERNAL = "certified", "external"
"""What an acceptance says of a mailbox (`destinatari@tipo`, RFC 6109 §3.1.4)."""

_NO_ADDRESS = N_("This is not a mail address: correct it, or take it away.")
_PROBLEMS = {
    RecipientProblem.SEVERAL: N_("There is more than one address in it: take them apart with commas."),
    RecipientProblem.NO_DOMAIN: N_("What stands behind the @ is missing or not complete."),
    RecipientProblem.NOT_ASCII: N_("An address can have no accents or special letters."),
    RecipientProblem.PROVIDER: N_(
        "With this address a provider signs, and nobody reads what arrives there: write to the certified sender."
    ),
}


def recipient_badge(kind: str | None, language: Language, *, problem: RecipientProblem | None = None) -> Badge:
    """The mark of a mailbox; never green, which is for what was certified."""
    say = language.say
    if problem is RecipientProblem.PROVIDER:
        return Badge(say(N_("read by nobody")), Tone.RED, Shape.CROSS)
    if problem is not None:
        return Badge(say(N_("not an address")), Tone.RED, Shape.CROSS)
    if kind == CERTIFIED:
        return Badge(say(N_("PEC")), Tone.BLUE, Shape.TICK)
    if kind == EXTERNAL:
        return Badge(say(N_("not PEC")), Tone.AMBER, Shape.NOTE)
    return Badge(say(N_("unknown")), Tone.GREY, Shape.OUTLINE)


def recipient_sentence(
    kind: str | None,
    known_at: datetime | None,
    language: Language,
    *,
    outcome: RecipientState | None = None,
    problem: RecipientProblem | None = None,
) -> str:
    """What that means, since when it is known, and that the last message was not delivered, where it was not."""
    say = language.say
    if problem is not None:
        return say(_PROBLEMS.get(problem, _NO_ADDRESS))
    day = language.day(known_at) if known_at is not None else "–"
    if kind == CERTIFIED:
        said = say(N_("A PEC mailbox, as the acceptance of {day} says."), day=day)
    elif kind == EXTERNAL:
        said = say(
            N_(
                "Not a PEC mailbox, as the acceptance of {day} says: the message is sent there, but no receipt of"
                " delivery will come."
            ),
            day=day,
        )
    else:
        said = say(N_("Nothing is known of this mailbox yet: the acceptance will tell whether it is a PEC one."))
    failed = say(N_("The last message was not delivered there.")) if outcome is RecipientState.FAILED else ""
    return f"{said} {failed}".strip()


def contact_words(kind: str | None, outcome: RecipientState | None, language: Language) -> str:
    """What is known of a contact, beside its address in a list: what it is, and a last message that did not arrive."""
    word = recipient_badge(kind, language).word
    if outcome is not RecipientState.FAILED:
        return word
    return language.say(N_("{word}, last one not delivered"), word=word)
