"""Does a text speak of an attachment? Italian and English words, in what the writer wrote: quotations do not count."""

from __future__ import annotations

import re

_PROMISE = re.compile(
    r"""\b(?:
        (?:in|con|come\s+da|vedi)\s+allegat[oaie]
      | allegat[oaie] | allego | alleghiamo | allegando | allegandovi | (?:si|ti|vi|le)\s+allega(?:no)?
      | acclus[oaie] | accludo | accludiamo
      | (?:please\s+)?find\s+(?:attached|enclosed)
      | attached | attachments? | attaching | i\s+attach | we\s+attach | enclosed | enclosures?
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:senza|nessun|nessuno|niente|privo\s+di|priva\s+di|non(?:\s+\w+)?|without|no|not)\s+(?:gli\s+|any\s+|an\s+)?$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"(?m)^-- $")
_LOOKED_AT = 50_000


def promises_attachment(subject: str, text: str) -> bool:
    """Whether subject or text announces that something is attached, as far as words can tell."""
    own = _SIGNATURE.split(text[:_LOOKED_AT], maxsplit=1)[0]
    lines = [line for line in own.split("\n") if not line.lstrip().startswith(">")]
    written = "\n".join([subject[:1000] if not _is_answer(subject) else "", *lines])
    return any(
        not _DENIAL.search(written[max(0, match.start() - 40) : match.start()]) for match in _PROMISE.finditer(written)
    )


def _is_answer(subject: str) -> bool:
    """The words of such a subject are somebody else's."""
    return re.match(r"\s*(?:re|r|i|fwd?|rif|inoltro)\s*:", subject, re.IGNORECASE) is not None
