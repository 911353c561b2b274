"""`verify`: files judged as they stand."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime

from pecdesk.app import Judged, anchors_of, verify_files
from pecdesk.cli.exits import DONE, NEGATIVE, WORLD_FAILED
from pecdesk.cli.output import Output
from pecdesk.examine import Examination
from pecdesk.explain import standing_badge
from pecdesk.explain.badge import pretends
from pecdesk.explain.documents import (
    Document,
    examination_document,
    file_error_document,
)
from pecdesk.explain.sentences import note_sentences, reason_sentences
from pecdesk.explain.stale_trust import stale_trust
from pecdesk.explain.visible import visible
from pecdesk.explain.words import CHECKS, KINDS, STANDINGS, STATUSES
from pecdesk.pec.standing import Standing
from pecdesk.profile import Profile
from pecdesk.trust import AnchorSet, Check, CheckStatus, Note, load_policy, shipped_anchors


def verify(words: argparse.Namespace, now: datetime, output: Output) -> int:
    """Judge files without storing them."""
    ends: set[int] = set()

    def documents() -> Iterator[Document]:
        for one in verify_files(words.files, _anchors(words), at=words.at, now=now):
            if one.examination is not None:
                _print_examination(one, one.examination, output)
                ends.add(DONE if one.examination.standing is Standing.CERTIFIED else NEGATIVE)
                yield examination_document(one.examination, str(one.path))
            elif one.error is not None:
                output.complain(one.error)
                ends.add(WORLD_FAILED)
                yield file_error_document(one.path, str(one.error))

    output.documents("files", documents())
    return max(ends)


def _anchors(words: argparse.Namespace) -> AnchorSet:
    """Exactly --trust; else the built-in trust, with that of --profile when given."""
    if words.trust is not None:
        return AnchorSet(policies=(load_policy(words.trust),))
    return anchors_of(Profile(words.profile)) if words.profile is not None else shipped_anchors()


def _print_examination(one: Judged, examination: Examination, output: Output) -> None:
    language = output.language
    mark = standing_badge(
        examination.standing,
        pretends=pretends(examination.kind),
        language=language,
        by_hand=Note.TRUST_ADDED_BY_HAND in examination.notes,
    )
    output.line(f"{output.mark(mark)}  {visible(str(one.path))}")
    output.line(f"  {language.say(KINDS[examination.kind])}. {language.say(STANDINGS[examination.standing])}")
    facts = examination.certification
    if facts is not None:
        told = [
            language.instant(facts.time),
            facts.issuer,
            f"{facts.sender} → {facts.delivered_to or _recipients(facts.recipients)}",
        ]
        output.line(f"  {visible(' · '.join(told))}")
        output.line(f"  {visible(facts.subject or '')}")
    for sentence in reason_sentences(tuple(examination.reasons), language):
        output.line(f"  ! {sentence}")
    if stale := stale_trust(examination, language):
        output.line(f"  ! {stale}")
    for sentence in note_sentences(list(examination.notes), language):
        output.line(f"  · {sentence}")
    if examination.standing is not Standing.CERTIFIED:
        for check in examination.checks:
            output.line(f"    {_check_words(check, output)}")
    output.line()


def _recipients(recipients: tuple[object, ...]) -> str:
    return ", ".join(str(getattr(recipient, "address", "")) for recipient in recipients[:3]) + (
        f" +{len(recipients) - 3}" if len(recipients) > 3 else ""
    )


def _check_words(check: Check, output: Output) -> str:
    sign = {CheckStatus.PASSED: "✓", CheckStatus.FAILED: "✗", CheckStatus.NOT_DONE: "–"}[check.status]
    return f"{sign} {output.language.say(CHECKS[check.name])}: {output.language.say(STATUSES[check.status])}"
