"""What is said of a draft as a whole: the title of its window, how it stands, whether anything is in it. No Qt."""

from __future__ import annotations

from datetime import datetime

from pecdesk.errors import N_
from pecdesk.explain import Language
from pecdesk.explain.visible import visible
from pecdesk.pec.draft import Draft

LONGEST_TITLE = 100


def title_of(subject: str, account: str, language: Language) -> str:
    """The title of its window, which says from whom it goes."""
    shown = visible(subject.strip())[:LONGEST_TITLE] or language.say(N_("New PEC"))
    return language.say(N_("{subject} – from {account}"), subject=shown, account=visible(account))


def keeping_words(written_at: datetime | None, language: Language, *, is_saving: bool, has_changes: bool) -> str:
    """Whether it is on the disk; `written_at` in the zone of the clock."""
    if is_saving:
        return language.say(N_("Saving the draft…"))
    if has_changes:
        return language.say(N_("Not saved yet"))
    return language.say(N_("Draft saved at {time}"), time=f"{written_at:%H:%M}") if written_at is not None else ""


def is_blank(draft: Draft, signature: str) -> bool:
    """Whether nobody wrote anything into it."""
    is_named = draft.to or draft.cc or draft.subject or draft.attachments
    return not is_named and draft.text.strip() in ("", signature.strip())
