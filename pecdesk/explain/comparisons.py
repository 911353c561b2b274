"""Is what was delivered what was sent: part by part for the inspector, in one sentence for the card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pecdesk.errors import N_
from pecdesk.examine import Examination
from pecdesk.explain.badge import Badge, Shape, Tone
from pecdesk.explain.language import Language
from pecdesk.pec.comparison import Agreement, Comparison, Fingerprint, FingerprintPart, compare
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.transmission import Direction, Evidence, OriginalSource, Transmission


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """The text, or one attachment, as it was sent and as it was delivered."""

    name: str
    badge: Badge
    sentence: str
    sent_sha256: str
    """Empty where it is not known, or nothing was sent."""
    delivered_sha256: str
    """Empty where the copy lacks it, or holds a hash in its place."""


HOW_COMPARED = N_(
    "Compared part by part by SHA-256 of the contents, free of their transfer encoding; of texts without line ends and"
    " trailing blanks, which transport may change."
)
HOW_HASHED = N_(
    "This receipt is brief: in the place of each file it holds a hash, which was compared with those of the file sent."
)


def comparison(
    examination: Examination, row: Transmission | None, sent: Examination | None, language: Language
) -> tuple[tuple[ComparisonLine, ...], str]:
    """The lines, and how they were made or why there are none.

    `sent` is the examination of the message that was sent, for its hashes; without it the verdict is the row's.
    """
    line = line_of(examination, row)
    why = _why_not(examination, row, line)
    if why or examination.original is None or line is None or line.comparison is None:
        return (), language.say(why)
    delivered = examination.original.fingerprint
    if sent is not None and sent.fingerprint is not None:
        lines = tuple(_paired(sent.fingerprint, delivered, language))
    else:
        lines = tuple(_judged(delivered, line.comparison, language))
    if line.comparison.other_subject:
        odd = Badge(language.say(N_("different")), Tone.RED, Shape.CROSS)
        sentence = language.say(N_("It is NOT what was sent."))
        lines = (ComparisonLine(language.say(N_("Subject")), odd, sentence, "", ""), *lines)
    caption = language.say(HOW_COMPARED)
    if examination.receipt_actual is Completeness.BRIEF:
        caption = f"{language.say(HOW_HASHED)} {caption}"
    return lines, caption


def line_of(examination: Examination, row: Transmission | None) -> Evidence | None:
    """The evidence of a row that this message is, or a copy of."""
    lines = row.evidence if row is not None else ()
    return next((line for line in lines if examination.sha256 in (line.sha256, *line.copies)), None)


def _why_not(examination: Examination, row: Transmission | None, line: Evidence | None) -> str:
    if examination.kind is not MessageKind.DELIVERY:
        return N_("Only a delivery receipt brings back a copy of the message.")
    if not examination.counts:
        return N_("What counts for nothing is not compared.")
    if examination.original is None:
        return N_("This receipt is short: it holds no copy of the message. It attests the delivery, not the content.")
    if row is None or line is None:
        return N_("The message that was sent is not at hand: there is nothing to compare the copy with.")
    if row.original is not OriginalSource.OWN:
        return N_("The sent message is not in this archive: what is shown of it is the copy in a receipt.")
    if line.comparison is None or line.comparison.agreement is Agreement.NOT_COMPARABLE:
        return N_("The sent message and this copy cannot be compared.")
    return ""


def _paired(sent: Fingerprint, delivered: Fingerprint, language: Language) -> Iterator[ComparisonLine]:
    """Each part of the copy beside the one that was sent; first all that are the same, whatever their names."""
    remaining = list(sent.parts)
    odd: list[FingerprintPart] = []
    for copy in delivered.parts:
        same = next((part for part in remaining if _are_same(part, copy)), None)
        if same is None:
            odd.append(copy)
        else:
            remaining.remove(same)
            yield _line(same, copy, language, differs=False)
    for copy in odd:
        namesake = next((part for part in remaining if (part.name or "") == _bare_name(copy)), None)
        if namesake is not None:
            remaining.remove(namesake)
        yield _line(namesake, copy, language, differs=True)
    for part in remaining:
        yield _line(part, None, language, differs=True)


def _are_same(part: FingerprintPart, copy: FingerprintPart) -> bool:
    return compare(Fingerprint((part,)), Fingerprint((copy,))).agreement is Agreement.SAME


def _judged(delivered: Fingerprint, found: Comparison, language: Language) -> Iterator[ComparisonLine]:
    """The parts of the copy as the row judges them, where the sent message is not at hand."""
    missing = dict.fromkeys(found.different)
    for copy in delivered.parts:
        name = _bare_name(copy)
        missing.pop(name, None)
        differs = name in found.different
        yield _line(None if differs else copy, copy, language, differs=differs, known=False)
    for name in missing:
        yield _line(FingerprintPart(name or None, "", 0, ""), None, language, differs=True)


def _bare_name(part: FingerprintPart) -> str:
    name = part.name or ""
    return name[: -len(".hash")] if part.hash else name


def _line(
    sent: FingerprintPart | None,
    copy: FingerprintPart | None,
    language: Language,
    *,
    differs: bool,
    known: bool = True,
) -> ComparisonLine:
    say, shown = language.say, copy or sent
    assert shown is not None  # one of them is always there
    mark = (Tone.RED, Shape.CROSS) if differs else (Tone.GREY, Shape.TICK)
    if not differs:
        word = say(N_("same"))
        sentence = say(N_("It is what was sent."))
        if copy is not None and copy.hash:
            sentence = say(N_("The hash in the receipt is that of the file sent: {hash}"), hash=copy.hash)
    elif copy is None:
        word, sentence = say(N_("missing")), say(N_("It was sent and is missing in the copy."))
    elif sent is None and known:
        word, sentence = say(N_("added")), say(N_("It is in the copy and was not sent."))
    else:
        word, sentence = say(N_("different")), say(N_("It is NOT what was sent."))
    hashed = bool(copy and copy.hash)
    return ComparisonLine(
        name=_name(shown, language),
        badge=Badge(word, *mark),
        sentence=sentence,
        sent_sha256=sent.sha256 if sent is not None and not (hashed and not known) else "",
        delivered_sha256=copy.sha256 if copy is not None and not hashed else "",
    )


def _name(part: FingerprintPart, language: Language) -> str:
    if part.name:
        return _bare_name(part)
    if part.media_type == "text/html":
        return language.say(N_("Text of the message (HTML)"))
    if part.media_type in ("", "text/plain"):
        return language.say(N_("Text of the message"))
    return language.say(N_("Part without a name ({type})"), type=part.media_type)


def comparison_sentence(row: Transmission, attachments: int | None, language: Language) -> str:
    """What comparing came to, over all receipts of a sending; nothing where no delivery could be compared yet."""
    deliveries = [line for line in row.evidence if line.kind is MessageKind.DELIVERY and line.counts]
    if row.direction is not Direction.SENT or not deliveries:
        return ""
    say, found = language.say, row.comparison
    if found is None or found.agreement is Agreement.NOT_COMPARABLE:
        return say(_why_nothing(row, deliveries))
    if found.agreement is Agreement.DIFFERENT:
        names = ", ".join(different_things(found, language))
        return say(N_("The delivered copy is NOT the message sent. Different: {names}."), names=names)
    compared = [line for line in deliveries if line.comparison is not None]
    parts = _parts(found, attachments, language)
    hashed = any(line.completeness is Completeness.BRIEF for line in compared)
    said = say(
        N_("Delivered copy = message sent (the hashes in the receipt fit: {parts}).")
        if hashed
        else N_("Delivered copy = message sent (same SHA-256: {parts})."),
        parts=parts,
    )
    if len(compared) < len(deliveries):
        said += " " + language.counted(
            "Compared for one receipt of {all}.",
            "Compared for {n} receipts of {all}.",
            len(compared),
            all=len(deliveries),
        )
    return said


def different_things(found: Comparison, language: Language) -> list[str]:
    """What differs, by name: the subject, the text, files."""
    say = language.say
    named = [say(N_("“{name}”"), name=name) if name else say(N_("the text")) for name in found.different]
    return [say(N_("the subject")), *named] if found.other_subject else named


def _parts(found: Comparison, attachments: int | None, language: Language) -> str:
    if attachments is None:
        return language.counted("its one part", "all {n} parts", found.parts)
    if not attachments:
        return language.say(N_("text"))
    return language.counted("text and one attachment", "text and {n} attachments", attachments)


def _why_nothing(row: Transmission, deliveries: list[Evidence]) -> str:
    if all(line.completeness is Completeness.SHORT for line in deliveries):
        return N_("No comparison: short receipts hold no copy of the message.")
    if row.original is not OriginalSource.OWN:
        return N_("No comparison: the sent message is not in this archive.")
    return N_("No comparison: the sent message and its copy cannot be compared.")
