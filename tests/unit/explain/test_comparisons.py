"""Sent against delivered: part by part, and in one sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pecdesk.demo.draft import Completeness, Draft
from pecdesk.demo.draft import original as written
from pecdesk.examine import Examination, examine
from pecdesk.explain import Tone, language
from pecdesk.explain.comparisons import HOW_COMPARED, HOW_HASHED, comparison, comparison_sentence
from pecdesk.pec.comparison import Agreement, Fingerprint, FingerprintPart
from pecdesk.pec.linking import link
from pecdesk.pec.transmission import Transmission
from pecdesk.store.pieces import piece_of
from tests.kit.messages import FILES, NOW, RECIPIENT, SECOND, anchors, draft, provider, sending
from tests.unit.pec.pieces import ANNA, BRUNO, copy, envelope, only, receipt
from tests.unit.pec.pieces import delivery as delivered

EN = language("en")
DRAFT = draft(attachments=FILES)


def examined(raw: bytes) -> Examination:
    return examine(raw, anchors(), now=NOW)


def sent_and_delivered(
    kept: Draft = DRAFT, carried: Draft = DRAFT, kind: Completeness = Completeness.FULL
) -> tuple[Examination, Examination, Transmission]:
    """The message we kept, the receipt for what was carried, and the row they make."""
    taken = sending(carried)
    receipt_ = provider("tre").delivery(taken, RECIPIENT, taken.accepted_at, kind)
    sent, found = examined(written(kept)), examined(receipt_.sealed())
    pieces = [piece_of(sent, kept.sender, in_sent_folder=True), piece_of(found, kept.sender, in_sent_folder=False)]
    (row,) = link(pieces, frozenset({kept.sender}))
    return sent, found, row


def told(*arguments: Any, given: bool = True) -> dict[str, tuple[str, str, bool, bool]]:
    """Each line as word, sentence, and whether the hashes are there."""
    sent, found, row = sent_and_delivered(*arguments)
    lines, _ = comparison(found, row, sent if given else None, EN)
    return {
        line.name: (line.badge.word, line.sentence, bool(line.sent_sha256), bool(line.delivered_sha256))
        for line in lines
    }


SAME = ("same", "It is what was sent.", True, True)


@pytest.mark.parametrize("given", [True, False])
def test_a_copy_that_is_the_message_sent_is_the_same_in_every_part(given: bool) -> None:
    names = {"Text of the message", *(file.name for file in FILES)}

    assert told(given=given) == dict.fromkeys(names, SAME)


def test_the_hashes_of_an_attachment_are_those_of_its_bytes() -> None:
    sent, found, row = sent_and_delivered()
    lines, caption = comparison(found, row, sent, EN)

    by_name = {attachment.name: attachment.sha256 for attachment in sent.attachments}
    assert [line.sent_sha256 for line in lines if line.name == "atto.pdf"] == [by_name["atto.pdf"]]
    assert all(line.sent_sha256 == line.delivered_sha256 for line in lines)
    assert all(line.badge.tone is Tone.GREY for line in lines)
    assert caption == HOW_COMPARED


def test_what_differs_is_told_with_both_hashes() -> None:
    other = replace(DRAFT, text="Tutt'altro.\n")
    found = told(other, DRAFT)

    assert found["Text of the message"] == ("different", "It is NOT what was sent.", True, True)
    assert found["atto.pdf"] == SAME


def test_without_the_message_sent_what_differs_is_told_with_the_one_hash_that_is_known() -> None:
    found = told(replace(DRAFT, text="Tutt'altro.\n"), DRAFT, given=False)

    assert found["Text of the message"] == ("different", "It is NOT what was sent.", False, True)
    assert found["atto.pdf"] == SAME


@pytest.mark.parametrize("given", [True, False])
def test_what_is_missing_in_the_copy_is_told(given: bool) -> None:
    found = told(DRAFT, replace(DRAFT, attachments=FILES[:1]), given=given)

    assert found[FILES[1].name] == ("missing", "It was sent and is missing in the copy.", given, False)
    assert found[FILES[0].name] == SAME


def test_what_was_added_to_the_copy_is_told() -> None:
    found = told(replace(DRAFT, attachments=FILES[:1]), DRAFT)

    assert found[FILES[1].name] == ("added", "It is in the copy and was not sent.", False, True)


def test_a_brief_receipt_is_told_by_the_hashes_it_holds() -> None:
    sent, found, row = sent_and_delivered(DRAFT, DRAFT, Completeness.BRIEF)
    lines, caption = comparison(found, row, sent, EN)
    file = next(line for line in lines if line.name == "atto.pdf")

    assert file.sentence.startswith("The hash in the receipt is that of the file sent: ")
    assert (bool(file.sent_sha256), file.delivered_sha256) == (True, "")
    assert caption == f"{HOW_HASHED} {HOW_COMPARED}"
    assert told(DRAFT, DRAFT, Completeness.BRIEF, given=False)["atto.pdf"][2:] == (False, False)


def test_a_brief_receipt_for_another_file_is_told() -> None:
    files = (replace(FILES[0], content=b"%PDF altro"), FILES[1])
    found = told(DRAFT, replace(DRAFT, attachments=files), Completeness.BRIEF)

    assert found["atto.pdf"][0] == "different"


def test_parts_without_a_name_are_called_by_what_they_are() -> None:
    sent, found, row = sent_and_delivered()
    assert found.original is not None
    parts = tuple(FingerprintPart(None, kind, 1, kind) for kind in ("text/plain", "text/html", "image/png"))
    shown = replace(found, original=replace(found.original, fingerprint=Fingerprint(parts)))

    lines, _ = comparison(shown, row, replace(sent, fingerprint=Fingerprint(parts)), EN)
    assert [line.name for line in lines] == [
        "Text of the message",
        "Text of the message (HTML)",
        "Part without a name (image/png)",
    ]


# why there is nothing to compare


def caption(examination: Examination, row: Transmission | None) -> str:
    lines, said = comparison(examination, row, None, EN)
    assert lines == ()
    return said


def test_only_a_delivery_brings_back_a_copy() -> None:
    assert caption(examined(provider().acceptance(sending()).sealed()), None) == (
        "Only a delivery receipt brings back a copy of the message."
    )


def test_each_reason_for_no_comparison_is_told() -> None:
    _, full, row = sent_and_delivered()
    _, short, short_row = sent_and_delivered(DRAFT, DRAFT, Completeness.SHORT)
    alone = link([piece_of(full, None, in_sent_folder=False)], frozenset())[0]
    uncompared = replace(row, evidence=tuple(replace(line, comparison=None) for line in row.evidence))

    assert "It attests the delivery, not the content." in caption(short, short_row)
    assert "is not at hand" in caption(full, None)
    assert "is not in this archive" in caption(full, alone)
    assert "cannot be compared" in caption(full, uncompared)
    assert caption(replace(full, counts=False), row) == "What counts for nothing is not compared."


# in one sentence


@pytest.mark.parametrize(
    ("row", "attachments", "said"),
    [
        (only(receipt(), copy()), 0, ""),
        (only(envelope()), 0, ""),
        (only(receipt(), copy(), delivered(ANNA)), 0, "Delivered copy = message sent (same SHA-256: text)."),
        (only(receipt(), copy(), delivered(ANNA)), 1,
         "Delivered copy = message sent (same SHA-256: text and one attachment)."),
        (only(receipt(), copy(), delivered(ANNA)), 2,
         "Delivered copy = message sent (same SHA-256: text and 2 attachments)."),
        (only(receipt(), copy(), delivered(ANNA)), None,
         "Delivered copy = message sent (same SHA-256: its one part)."),
        (only(receipt(), copy(), delivered(ANNA), delivered(BRUNO, text=None)), 0,
         "Delivered copy = message sent (same SHA-256: text). Compared for one receipt of 2."),
        (only(receipt(), copy(), delivered(ANNA, text="Altro.")), 0,
         "The delivered copy is NOT the message sent. Different: the text."),
        (only(receipt(), delivered(ANNA)), 0, "No comparison: the sent message is not in this archive."),
        (only(receipt(), copy(), delivered(ANNA, text=None)), 0,
         "No comparison: short receipts hold no copy of the message."),
    ],
)  # fmt: skip
def test_the_card_says_in_one_sentence_what_comparing_came_to(
    row: Transmission, attachments: int | None, said: str
) -> None:
    assert comparison_sentence(row, attachments, EN) == said


def test_a_brief_receipt_is_not_said_to_agree_by_sha256() -> None:
    _, _, row = sent_and_delivered(DRAFT, DRAFT, Completeness.BRIEF)

    assert comparison_sentence(row, 2, EN) == (
        "Delivered copy = message sent (the hashes in the receipt fit: text and 2 attachments)."
    )


def test_the_name_of_a_file_that_differs_is_quoted() -> None:
    _, _, row = sent_and_delivered(DRAFT, replace(DRAFT, attachments=FILES[:1]))

    assert comparison_sentence(row, 2, EN).endswith(f"Different: “{FILES[1].name}”.")


def test_what_cannot_be_compared_is_said_to_be_neither_same_nor_different() -> None:
    _, _, row = sent_and_delivered()
    lines = tuple(
        replace(line, comparison=replace(line.comparison, agreement=Agreement.NOT_COMPARABLE))
        for line in row.evidence
        if line.comparison is not None
    )

    assert comparison_sentence(replace(row, evidence=lines), 0, EN).endswith("cannot be compared.")


def test_a_receipt_that_does_not_count_is_not_compared() -> None:
    row = only(receipt(), copy(), delivered(ANNA, piece={"counts": False}))

    assert comparison_sentence(row, 0, EN) == ""


def test_the_second_recipient_s_receipt_is_found_in_the_row_by_itself() -> None:
    kept = draft(recipients=(RECIPIENT, SECOND))
    taken = sending(kept)
    first = examined(provider("tre").delivery(taken, RECIPIENT, taken.accepted_at).sealed())
    second = examined(provider("due").delivery(taken, SECOND, taken.accepted_at).sealed())
    sent = examined(written(kept))
    pieces = [piece_of(each, kept.sender, in_sent_folder=each is sent) for each in (sent, first, second)]
    (row,) = link(pieces, frozenset({kept.sender}))

    for each in (first, second):
        lines, _ = comparison(each, row, sent, EN)
        assert [line.badge.word for line in lines] == ["same"]
