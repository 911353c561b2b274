"""What stands above the text one answers, and the text itself as a quotation; the text under a message sent on."""

from __future__ import annotations

from datetime import datetime

from pecdesk.errors import N_
from pecdesk.explain.language import Language
from pecdesk.explain.visible import visible, visible_lines

LONGEST_QUOTATION = 20_000
"""Characters; of a longer text the rest is left out, with a mark."""


def quoted(text: str, sender: str, at: datetime | None, language: Language) -> str:
    """The text with a sign before each line, after a line that says whose it is."""
    cut = text[:LONGEST_QUOTATION]
    lines = [f">{line}" if line.startswith(">") else f"> {line}" if line else ">" for line in _lines(cut)]
    if len(text) > len(cut):
        lines.append("> […]")
    return "\n".join([attribution(sender, at, language), *lines, ""])


def attribution(sender: str, at: datetime | None, language: Language) -> str:
    """Who wrote it, and when."""
    if at is None:
        return language.say(N_("{sender} wrote:"), sender=visible(sender))
    return language.say(
        N_("On {day} at {time} {sender} wrote:"), sender=visible(sender), day=language.day(at), time=f"{at:%H:%M (%z)}"
    )


def _lines(text: str) -> list[str]:
    return visible_lines(text).strip("\n").split("\n")


def sent_on(sender: str, subject: str, language: Language, *, whole: bool) -> str:
    """What is said of a message that is attached; `whole`: with the provider's envelope around it."""
    said = (
        N_("Attached is the PEC of {sender} with its envelope, so that its certification can be verified: “{subject}”.")
        if whole
        else N_("Attached is the message of {sender}: “{subject}”.")
    )
    return language.say(said, sender=visible(sender), subject=visible(subject))
