"""What the folders of a mail server are called: the usual ones by the usual word, all others by their own names."""

from __future__ import annotations

from pecdesk.errors import N_
from pecdesk.explain.language import Language
from pecdesk.explain.visible import visible

USUAL = {
    "inbox": N_("Inbox"),
    "sent": N_("Sent items"),
    "drafts": N_("Drafts"),
    "spam": N_("Spam"),
    "trash": N_("Trash"),
}
"""By role, as `pecdesk.sync.server.FolderRole` says it. What a provider calls receipts or an archive is a name as good
as any."""

BETWEEN = " / "
"""Between the names of a path."""


def folder_words(name: str, role: str | None, language: Language) -> str:
    """What a folder is called; `name` is its own, without those of the folders it lies in."""
    return language.say(USUAL[role]) if role in USUAL else visible(name)


def path_words(names: tuple[str, ...]) -> str:
    """The names of a folder and of all it lies in, from the top down."""
    return BETWEEN.join(map(visible, names))
