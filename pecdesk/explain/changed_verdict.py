"""What examining a message again changed, in words: for the one in front of whose eyes it happens."""

from __future__ import annotations

from pecdesk.errors import N_
from pecdesk.examine import Examination
from pecdesk.explain.badge import Tone
from pecdesk.explain.language import Language
from pecdesk.explain.words import KINDS, NOTES, REASONS, STANDINGS
from pecdesk.trust import Note

AGEING = frozenset({Note.CERTIFICATE_EXPIRED_SINCE})
"""Notes that come with time alone."""


def weight_of_change(before: Examination, after: Examination) -> Tone | None:
    """How much a change weighs: amber where the verdict is another, blue where a remark is; None where only time has
    passed, as it does over every certificate."""
    if _conclusion(before) != _conclusion(after):
        return Tone.AMBER
    return Tone.BLUE if set(before.notes) - AGEING != set(after.notes) - AGEING else None


def _conclusion(examination: Examination) -> tuple[object, ...]:
    return examination.kind, examination.standing, examination.reasons, examination.counts


def changed_verdict(before: Examination, after: Examination, language: Language) -> str:
    """One or more sentences: the verdict before and now where it differs, then what is new and what is no more."""
    say = language.say
    said = [say(N_("Verified again just now, and something is not as it was."))]
    if (before.kind, before.standing) != (after.kind, after.standing):
        said.append(say(N_("So far: {verdict}"), verdict=_verdict(before, language)))
        said.append(say(N_("Now: {verdict}"), verdict=_verdict(after, language)))
    had, has = _remarks(before), _remarks(after)
    said += [say(N_("New: {remark}"), remark=say(remark)) for remark in has if remark not in had]
    said += [say(N_("No longer said: {remark}"), remark=say(remark)) for remark in had if remark not in has]
    if before.counts and not after.counts and after.standing.proves:
        said.append(say(N_("It contradicts itself and no longer counts for its transmission.")))
    return " ".join(said)


def _verdict(examination: Examination, language: Language) -> str:
    return f"{language.say(KINDS[examination.kind])}. {language.say(STANDINGS[examination.standing])}"


def _remarks(examination: Examination) -> list[str]:
    """Reasons and notes as English templates."""
    return [*(REASONS[reason] for reason in examination.reasons), *(NOTES[note] for note in examination.notes)]
