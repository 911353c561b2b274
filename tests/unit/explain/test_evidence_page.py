"""The inspector's page of one message, whatever it is: every sentence on it must be defensible."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from pecdesk.demo.builders import with_header
from pecdesk.demo.draft import Recipient
from pecdesk.demo.draft import original as written
from pecdesk.demo.forgery import mutated, unsigned
from pecdesk.demo.ordinary import ordinary
from pecdesk.examine import Examination, examine, unexamined
from pecdesk.explain import LANGUAGES, Shape, Tone, language
from pecdesk.explain.evidence_page import EvidencePage, evidence_page, inside_caption
from pecdesk.explain.words import ATTENTION, NOTES, REASONS
from pecdesk.pec.daticert import CertificationData, CertifiedRecipient, RecipientType
from pecdesk.pec.linking import link
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Attention, Transmission
from pecdesk.store.pieces import piece_of
from pecdesk.trust import Note, Reason, SignatureStatus, shipped_anchors
from tests.kit.messages import (
    NOW,
    RECIPIENT,
    SECOND,
    SENDER,
    Specimen,
    anchors,
    delivery,
    draft,
    genuine,
    hostile,
    provider,
    sending,
)

EN = language("en")
SPECIMENS = pytest.mark.parametrize("specimen", [*genuine(), *hostile()], ids=lambda specimen: specimen.name)


@cache
def examined(raw: bytes) -> Examination:
    return examine(raw, anchors(), now=NOW)


def page(examination: Examination, row: Transmission | None = None, now: datetime = NOW) -> EvidencePage:
    return evidence_page(examination, row, now, EN)


def of(raw: bytes) -> EvidencePage:
    return page(examined(raw))


def row_of(*raws: bytes, sent: bytes | None = None) -> Transmission:
    pieces = [piece_of(examined(raw), SENDER, in_sent_folder=raw == sent) for raw in (*raws, *([sent] if sent else []))]
    (row,) = link(pieces, frozenset({SENDER}))
    return row


def texts(shown: EvidencePage) -> list[str]:
    """The sentences of ours: headline, explanation, law, captions."""
    captions = [shown.certification_caption, shown.comparison_caption]
    return [shown.headline, shown.explanation, shown.law, *captions, *shown.weak]


# what is certified


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("acceptance", "Accepted by the provider Gestore Uno S.p.A. (DEMO) on 20 November 2026 at 09:15:32 (+0100)."),
        ("non-acceptance, formal",
         "Not accepted by the provider Gestore Uno S.p.A. (DEMO): notice of 20 November 2026 at 09:15:32 (+0100)."),
        ("taken in charge", f"Taken in charge by the provider Certimail Tre S.p.A. (DEMO) for {RECIPIENT}"
                            " on 20 November 2026 at 09:16:32 (+0100)."),
        ("delivery, full", f"Delivered to {RECIPIENT} on 20 November 2026 at 09:16:32 (+0100)."),
        ("delivery to a copy recipient", f"Delivered to {SECOND} on 20 November 2026 at 09:16:32 (+0100)."),
        ("non-delivery", f"Not delivered to {RECIPIENT}: notice of 20 November 2026 at 09:16:32 (+0100)."),
        ("12 h notice", f"Not delivered to {RECIPIENT} so far: notice of 20 November 2026 at 21:15:32 (+0100)."),
        ("24 h notice",
         f"Not delivered to {RECIPIENT} within 24 hours: notice of 21 November 2026 at 08:15:32 (+0100)."),
        ("virus detected", f"Stopped for a virus, not delivered to {RECIPIENT}:"
                           " notice of 20 November 2026 at 09:16:32 (+0100)."),
        ("envelope", f"Certified message of {SENDER}, accepted by its provider on 20 November 2026"
                     " at 09:15:32 (+0100)."),
    ],
)  # fmt: skip
def test_a_certified_message_says_what_it_certifies(name: str, said: str) -> None:
    (specimen,) = (one for one in genuine() if one.name == name)
    shown = of(specimen.raw)

    assert shown.headline == said
    assert "is intact and the certificate was valid at that moment." in shown.explanation


def test_the_italian_headline_is_written_with_the_date_in_figures() -> None:
    shown = evidence_page(examined(delivery().sealed()), None, NOW, language("it"))

    assert "20/11/2026" in shown.headline
    assert "09:16:32 (+0100)" in shown.headline


def test_the_reason_of_a_failure_is_told() -> None:
    (specimen,) = (one for one in genuine() if one.name == "non-delivery")
    shown = of(specimen.raw)

    assert shown.explanation.endswith("The address does not exist or is not valid.")
    assert ("Reason", "The address does not exist or is not valid.") in [(f.label, f.value) for f in shown.summary]


@pytest.mark.parametrize(
    ("name", "tone", "shape"),
    [
        ("acceptance", Tone.GREEN, Shape.SEAL),
        ("delivery, full", Tone.GREEN, Shape.SEAL),
        ("envelope", Tone.GREEN, Shape.SEAL),
        ("non-acceptance, virus", Tone.RED, Shape.CROSS),
        ("non-delivery", Tone.RED, Shape.CROSS),
        ("virus detected", Tone.RED, Shape.CROSS),
        ("12 h notice", Tone.AMBER, Shape.CLOCK),
        ("24 h notice", Tone.RED, Shape.CROSS),
        ("anomaly", Tone.GREY, Shape.NONE),
        ("REM receipt", Tone.GREY, Shape.DOTTED_SEAL),
    ],
)
def test_a_certified_failure_is_not_marked_like_a_delivery(name: str, tone: Tone, shape: Shape) -> None:
    (specimen,) = (one for one in genuine() if one.name == name)

    assert (of(specimen.raw).badge.tone, of(specimen.raw).badge.shape) == (tone, shape)


@pytest.mark.parametrize(
    ("name", "kind", "weak"),
    [
        ("delivery, full", "Delivery receipt (full)", ""),
        ("delivery, brief", "Delivery receipt (brief)", "It is brief"),
        ("delivery, short", "Delivery receipt (short)", "It is short"),
    ],
)
def test_a_delivery_receipt_says_how_much_it_brings_back(name: str, kind: str, weak: str) -> None:
    (specimen,) = (one for one in genuine() if one.name == name)
    shown = of(specimen.raw)

    assert shown.kind == kind
    assert any(point.startswith(weak) for point in shown.weak)
    assert any(point.startswith(("It is brief", "It is short")) for point in shown.weak) == bool(weak)


def test_a_certificate_that_expired_since_is_told_and_why_it_does_not_matter() -> None:
    examination = examined(delivery().sealed())
    signer = examination.signature.signer
    assert signer is not None
    later = page(examination, now=signer.not_after + timedelta(days=1))

    assert "expired" not in page(examination).explanation
    assert "The certificate expired later, on" in later.explanation
    assert "that takes nothing away" in later.explanation


def test_a_receipt_that_names_no_recipient_does_not_invent_one() -> None:
    examination = examined(delivery().sealed())
    data = examination.certification
    assert data is not None
    two = (*data.recipients, CertifiedRecipient(SECOND, RecipientType.CERTIFIED))
    nameless = replace(examination, certification=replace(data, delivered_to=None, recipients=two))

    assert page(nameless).headline.startswith("Delivered to a recipient it does not name on")


# what is not


NOT_CERTIFIED = re.compile(
    r"proves nothing|nothing proves it|not certified|nothing about it|cannot be|contradicts itself"
)
DELIVERED = re.compile(r"^(Delivered|Accepted|Certified message|Taken in charge)", re.IGNORECASE)


@SPECIMENS
def test_the_headline_of_what_is_not_certified_never_reads_as_a_delivery(specimen: Specimen) -> None:
    shown = of(specimen.raw)
    proven = specimen.standing in ("certified", "certified-with-reserve") and specimen.counts

    assert bool(DELIVERED.match(shown.headline)) <= proven
    if not proven:
        assert NOT_CERTIFIED.search(shown.headline)
        assert "attests the delivery" not in shown.law
        assert "is intact" not in shown.headline
    if specimen.standing in ("not-certified", "altered", "undetermined"):
        assert "is intact" not in shown.explanation
        assert shown.badge.tone is not Tone.GREEN


@SPECIMENS
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_specimen_has_a_whole_page_in_both_languages(specimen: Specimen, code: str) -> None:
    shown = evidence_page(examined(specimen.raw), None, NOW, language(code))

    assert all([shown.kind, shown.headline, shown.explanation, shown.law, shown.summary, shown.checks])
    assert shown.certification_caption
    assert shown.comparison_caption
    assert not any("{" in text for text in texts(shown))


def test_a_forged_receipt_says_what_it_claims_to_be_why_it_is_not_and_what_to_do() -> None:
    shown = of(unsigned(delivery()))

    assert shown.headline == "Not authentic: it presents itself as “Delivery receipt”, but nothing proves it."
    assert shown.explanation.startswith("No provider's signature covers the whole message. Do not open its links")
    assert "ask by another way" in shown.explanation


def test_an_altered_receipt_names_the_certificate_it_bears() -> None:
    shown = of(mutated(delivery().sealed(), b"consegnato nella casella", b"consegnata nella casella"))

    assert shown.headline.startswith("Altered: it presents itself as “Delivery receipt”")
    assert shown.explanation.startswith("It bears the certificate of the provider posta-certificata@")
    assert "The content was changed after it was signed." in shown.explanation
    assert "take it again from the mailbox" in shown.explanation


def test_nothing_that_a_forged_message_says_stands_in_a_sentence_of_ours() -> None:
    poisoned = "verificato.e.autentico@pec.gestoreuno.example"
    taken = sending(draft("Questa ricevuta è autentica", recipients=(Recipient(poisoned),)))
    forged = unsigned(provider().delivery(taken, poisoned, taken.accepted_at))
    shown = of(forged)

    assert any(poisoned in fact.value for fact in shown.certification)
    for text in texts(shown):
        assert poisoned not in text
        assert "autentica" not in text


def test_a_message_that_was_cut_off_asks_to_be_fetched_again() -> None:
    shown = of(delivery().sealed()[:4000])

    assert shown.headline.startswith("Cannot be verified: it presents itself as “Delivery receipt”")
    assert "Take it again from the mailbox" in shown.explanation


def test_a_message_over_the_limits_is_not_called_false() -> None:
    shown = page(unexamined("0" * 64, 10**9, Reason.SIZE_LIMIT))

    assert shown.headline == "Not examined: nothing can be said about it."
    assert "This does not make it false" in shown.explanation


def test_an_empty_file_is_called_empty() -> None:
    assert of(b"").headline == REASONS[Reason.EMPTY]
    assert of(b"").explanation == ""


def test_an_anomaly_envelope_whose_own_signature_does_not_hold_is_worth_even_less() -> None:
    mail = draft("Posta ordinaria", sender="x@posta.example", recipients=(SENDER,))
    raw = provider().anomaly(ordinary(mail), mail, SENDER, NOW)
    genuine_one, false_one = of(raw.sealed()), of(unsigned(raw))

    assert "The provider wrapped a message" in genuine_one.explanation
    assert "Not even the wrapping is certified" in false_one.explanation


def test_the_facts_of_an_anomaly_are_those_of_the_mail_inside_and_marked_as_stated() -> None:
    mail = draft("Listino", sender="x@posta.example", recipients=(SENDER,))
    shown = of(provider().anomaly(ordinary(mail), mail, SENDER, NOW).sealed())

    assert ("Sender, as stated", "x@posta.example") in [(fact.label, fact.value) for fact in shown.summary]


def test_a_reserve_is_told_with_what_counts() -> None:
    shown = of(with_header(delivery(), "Subject", "CONSEGNA: Altro").sealed())

    assert shown.headline.startswith("Delivered to")
    assert shown.explanation.endswith(
        "There is a reserve, though. The subject shown is not the certified one. What counts are the certified data."
    )
    assert shown.badge.shape is Shape.HOLLOW_SEAL


def test_evidence_that_contradicts_itself_counts_for_nothing() -> None:
    (specimen,) = (one for one in hostile() if one.name == "another identificativo than the mail inside")
    shown = of(specimen.raw)

    assert shown.headline.startswith("It contradicts itself")
    assert shown.explanation.endswith("It counts for nothing.")
    assert "It contradicts itself and counts for nothing." in shown.weak


def test_an_authority_added_by_hand_is_named_in_the_first_words() -> None:
    by_hand = replace(examined(delivery().sealed()), notes=(Note.TRUST_ADDED_BY_HAND,))
    shown = page(by_hand)

    assert shown.headline.startswith("By an authority added by hand: Delivered to")
    assert NOTES[Note.TRUST_ADDED_BY_HAND] in shown.explanation
    assert (shown.badge.tone, shown.badge.shape) == (Tone.BLUE, Shape.SQUARE_SEAL)
    assert not any(line.badge.tone is Tone.GREEN for line in shown.checks)
    assert "added by hand" in next(fact.value for fact in shown.signature.facts if fact.label == "Authority")


def test_what_only_a_policy_without_daticert_proves_claims_no_event() -> None:
    bare = replace(examined(delivery().sealed()), certification=None, kind=MessageKind.REM_RECEIPT)
    shown = page(bare)

    assert shown.headline == "REM receipt: the signature is intact."
    assert "provider" not in shown.explanation


# every member of the closed lists


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kind_of_every_standing_has_a_page(code: str) -> None:
    base = examined(delivery().sealed())
    for kind, standing, status in product(MessageKind, Standing, SignatureStatus):
        made = replace(
            base,
            kind=kind,
            standing=standing,
            signature=replace(base.signature, status=status, reason=Reason.EXPIRED),
            reasons=(Reason.EXPIRED,),
            counts=standing.proves,
        )
        shown = evidence_page(made, None, NOW, language(code))
        assert shown.headline
        assert shown.explanation
        assert shown.law
        if not standing.proves:
            assert not DELIVERED.match(shown.headline) or code == "it"
            assert shown.badge.tone is not Tone.GREEN


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_stands_among_the_weak_points(reason: Reason) -> None:
    made = replace(examined(unsigned(delivery())), reasons=(reason,))

    assert page(made).weak[0] == REASONS[reason]


@pytest.mark.parametrize("note", list(Note))
def test_every_note_stands_among_the_weak_points_and_the_checks(note: Note) -> None:
    shown = page(replace(examined(delivery().sealed()), notes=(note,)))

    assert NOTES[note] in shown.weak
    assert NOTES[note] in [line.meaning for line in shown.checks]


# certification data


FULL = CertificationData(
    type="avvenuta-consegna",
    error="altro",
    extended_error="5.2.2 - piena",
    sender="a@x.example",
    recipients=(
        CertifiedRecipient("b@x.example", RecipientType.CERTIFIED),
        CertifiedRecipient("c@posta.example", RecipientType.EXTERNAL),
    ),
    reply_to="r@x.example",
    subject="Oggetto",
    issuer="Gestore",
    time=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    identifier="id@x.example",
    message_id="mid@x.example",
    receipt="breve",
    delivered_to="b@x.example",
    taken_for=("t@x.example",),
)


def test_every_field_of_the_certification_data_is_shown() -> None:
    shown = page(replace(examined(delivery().sealed()), certification=FULL))
    values = " ".join(fact.value for fact in shown.certification)
    expected = {
        "type": "avvenuta-consegna",
        "error": "altro",
        "extended_error": "5.2.2 - piena",
        "sender": "a@x.example",
        "recipients": "b@x.example, c@posta.example",
        "reply_to": "r@x.example",
        "subject": "Oggetto",
        "issuer": "Gestore",
        "time": "02/01/2026 03:04:05 (+0000)",
        "identifier": "id@x.example",
        "message_id": "<mid@x.example>",
        "receipt": "brief",
        "delivered_to": "b@x.example",
        "taken_for": "t@x.example",
    }

    assert set(expected) == {field.name for field in fields(CertificationData)}
    assert [name for name, value in expected.items() if value not in values] == []
    labels = {fact.label: fact.value for fact in shown.certification}
    assert labels["Recipients without PEC"] == "c@posta.example"
    assert labels["Receipt received"] == "full"
    assert labels["Reason"] == "The recipient's mailbox is full."
    assert len(labels) == len(shown.certification)


def test_certified_and_claimed_data_are_told_apart() -> None:
    certified, claimed = of(delivery().sealed()), of(unsigned(delivery()))
    labels = {fact.label for fact in certified.certification}
    claims = {fact.label for fact in claimed.certification}

    assert certified.certification_caption.startswith("Signed by the provider")
    assert claimed.certification_caption.startswith("Only claimed")
    assert {"Certified time", "Delivered to", "Receipt received"} <= labels
    assert {"Time, as stated", "About the delivery to"} <= claims
    assert not {"Certified time", "Delivered to", "Receipt received"} & claims


def test_what_has_no_certification_data_says_so() -> None:
    for name, said in (("ordinary", "There is no certification data"), ("REM receipt", "A REM message has no")):
        (specimen,) = (one for one in genuine() if one.name == name)
        shown = of(specimen.raw)
        assert shown.certification == ()
        assert shown.certification_caption.startswith(said)


# signature


def test_the_signature_is_shown_with_signer_chain_and_algorithms() -> None:
    shown = of(delivery().sealed()).signature
    facts = {fact.label: fact.value for fact in shown.facts}

    assert facts["Outcome"] == "It holds."
    assert facts["Signer's address"] == "posta-certificata@pec.gestoreuno.example"
    assert facts["Authority"] == "prova"
    assert facts["Digest"] == "SHA-256"
    assert facts["Judged at"] == "20/11/2026 09:16:32 (+0100)"
    (certificate,) = shown.chain
    assert {"Subject of the certificate", "Issuer", "Serial number", "SHA-256"} <= {fact.label for fact in certificate}
    assert shown.revocation == NOTES[Note.REVOCATION_NOT_CHECKED]


def test_the_signing_time_is_told_in_the_zone_of_the_moment_it_is_compared_with() -> None:
    facts = {fact.label: fact.value for fact in of(delivery().sealed()).signature.facts}

    assert facts["Signing time, as the signature states"].endswith("(+0100)")
    assert facts["Judged at"].endswith("(+0100)")


def test_a_signature_that_does_not_hold_says_why() -> None:
    altered = of(mutated(delivery().sealed(), b"consegnato nella casella", b"consegnata nella casella")).signature
    none = of(unsigned(delivery())).signature

    assert altered.facts[0].value == f"It does not hold. {REASONS[Reason.DIGEST_MISMATCH]}"
    assert none.facts[0].value == "There is no signature over the whole message."
    assert (none.chain, none.validity, none.revocation) == ((), None, "")


@pytest.mark.parametrize(
    ("reference", "now", "said"),
    [
        (None, NOW, "no time is stated"),
        (datetime(2000, 1, 1, tzinfo=UTC), NOW, "not yet at"),
        (datetime(2090, 1, 1, tzinfo=UTC), NOW, "no longer at"),
        (NOW, NOW, "and so at"),
        (NOW, datetime(2090, 1, 1, tzinfo=UTC), "that it expired since does not matter"),
    ],
)
def test_the_validity_bar_says_how_the_moment_lies_to_the_certificate(
    reference: datetime | None, now: datetime, said: str
) -> None:
    bar = page(replace(examined(delivery().sealed()), reference_time=reference), now=now).signature.validity

    assert bar is not None
    assert said in bar.sentence
    assert (bar.reference, bar.now) == (reference, now)
    assert bar.start < bar.end


# in a transmission


def receipts() -> tuple[bytes, bytes, bytes]:
    """The sent message, its acceptance, its delivery."""
    taken = sending(draft(message_id="<uno@pec.gestoreuno.example>"))
    return (
        written(draft(message_id="<uno@pec.gestoreuno.example>")),
        provider().acceptance(taken).sealed(),
        provider("tre").delivery(taken, RECIPIENT, taken.accepted_at + timedelta(minutes=1)).sealed(),
    )


def test_the_timeline_tells_the_whole_transmission_with_this_message_marked() -> None:
    sent, accepted, delivered = receipts()
    row = row_of(accepted, delivered, sent=sent)
    shown = page(examined(delivered), row)

    assert [entry.is_this for entry in shown.timeline] == [False, False, True]
    assert [entry.moment for entry in shown.timeline] == [
        "–",
        "20/11/2026 09:15:32 (+0100)",
        "20/11/2026 09:16:32 (+0100)",
    ]
    assert shown.timeline[2].sentence == (
        f"Delivery receipt (full): {RECIPIENT} – Certimail Tre S.p.A. (DEMO) – the delivered copy is the message sent"
    )
    assert [entry.sha256 for entry in shown.timeline] == [examined(raw).sha256 for raw in (sent, accepted, delivered)]
    assert page(examined(delivered)).timeline == ()


def test_what_is_unproven_stands_last_in_the_timeline_and_counts_for_nothing() -> None:
    sent, accepted, _ = receipts()
    taken = sending(draft(message_id="<uno@pec.gestoreuno.example>"))
    forged = unsigned(provider("tre").delivery(taken, RECIPIENT, taken.accepted_at))
    shown = page(examined(forged), row_of(accepted, forged, sent=sent))

    assert shown.timeline[-1].is_this
    assert shown.timeline[-1].moment == "–"
    assert shown.timeline[-1].sentence.endswith("– counts for nothing")
    assert shown.timeline[-1].badge.tone is Tone.RED


def test_another_copy_of_a_receipt_is_the_same_event() -> None:
    sent, accepted, delivered = receipts()
    copied = delivered.replace(b"Subject:", b"X-Copia: si\r\nSubject:", 1)
    row = row_of(accepted, delivered, copied, sent=sent)

    for raw in (delivered, copied):
        assert [entry.is_this for entry in page(examined(raw), row).timeline] == [False, False, True]


def test_the_message_that_was_sent_is_neither_certified_nor_a_stranger_s_mail() -> None:
    sent, accepted, delivered = receipts()
    shown = page(examined(sent), row_of(accepted, delivered, sent=sent))

    assert (shown.kind, shown.headline) == ("Sent message", "The message as it was sent.")
    assert shown.badge.tone is Tone.GREY
    assert "attests nothing" in shown.law
    assert shown.weak == ()
    assert shown.timeline[0].is_this


def test_a_receipt_that_another_one_contradicts_says_so() -> None:
    sent, accepted, delivered = receipts()
    taken = sending(draft(message_id="<uno@pec.gestoreuno.example>"))
    failed = provider("tre").non_delivery(taken, RECIPIENT, taken.accepted_at + timedelta(minutes=2)).sealed()
    row = row_of(accepted, delivered, failed, sent=sent)

    for raw in (delivered, failed):
        assert ATTENTION[Attention.CONTRADICTORY] in page(examined(raw), row).weak
    assert ATTENTION[Attention.CONTRADICTORY] not in page(examined(delivered), row_of(accepted, delivered)).weak


def test_a_receipt_for_another_content_says_so() -> None:
    _, accepted, delivered = receipts()
    other = written(draft(message_id="<uno@pec.gestoreuno.example>", text="Tutt'altro.\n"))
    row = row_of(accepted, delivered, sent=other)

    shown = evidence_page(examined(delivered), row, NOW, EN, sent=examined(other))
    assert ATTENTION[Attention.CONTENT_DIFFERS] in shown.weak
    assert [line.badge.word for line in shown.comparison] == ["different"]
    assert shown.comparison[0].sent_sha256 != shown.comparison[0].delivered_sha256 != ""


def test_a_late_notice_of_delay_is_final_by_the_acceptance_of_its_transmission() -> None:
    taken = sending(draft(message_id="<uno@pec.gestoreuno.example>"))
    accepted = provider().acceptance(taken).sealed()
    notice = provider().delay_notice(taken, RECIPIENT, taken.accepted_at + timedelta(hours=23)).sealed()
    row = row_of(accepted, notice)

    assert "so far" in page(examined(notice)).headline
    assert "within 24 hours" in page(examined(notice), row).headline
    assert page(examined(notice), row).badge.shape is Shape.CROSS


# the mail inside


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("envelope", "The message that was carried"),
        ("delivery, full", "The copy of the message in the receipt; the provider signed it"),
        ("delivery, brief", "The copy of the message in the receipt, with hashes"),
        ("anomaly", "The message that was wrapped: nobody vouches"),
        ("A1 unsigned", "The message inside one that proves nothing"),
    ],
)
def test_the_mail_inside_is_told_by_what_is_around_it(name: str, said: str) -> None:
    (outer,) = (one for one in (*genuine(), *hostile()) if one.name == name)
    mail, receipt = examined(ordinary(draft())), examined(delivery().sealed())

    assert inside_caption(examined(outer.raw), mail, EN).startswith(said)
    assert "a verdict of its own" not in inside_caption(examined(outer.raw), mail, EN)
    assert inside_caption(examined(outer.raw), receipt, EN).endswith("has a verdict of its own.")


# genuine messages


def test_the_genuine_delivery_of_2018_explains_itself(samples: Path) -> None:
    raw = (samples / "aruba-2018-delivery-full.eml").read_bytes()
    shown = evidence_page(examine(raw, shipped_anchors(), now=NOW), None, NOW, EN)

    assert re.fullmatch(r"Delivered to \S+@\S+ on 13 November 2018 at 16:39:27 \(\+0100\)\.", shown.headline)
    assert shown.explanation.startswith("The signature of the provider ARUBA PEC S.p.A. is intact")
    assert "The certificate expired later, on 3 December 2020: that takes nothing away" in shown.explanation
    assert shown.law.startswith("It attests the delivery")
    assert (shown.badge.tone, shown.badge.shape) == (Tone.GREEN, Shape.SEAL)
    assert {line.badge.tone for line in shown.checks} == {Tone.GREEN, Tone.BLUE}
    assert shown.signature.validity is not None
    assert "does not matter" in shown.signature.validity.sentence


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("aruba-2018-acceptance.eml", "Accepted by the provider ARUBA PEC S.p.A."),
        ("sogei-2018-envelope-sdi-rc.eml", "Certified message of "),
        ("sogei-2018-envelope-sdi-rc-damaged.eml", "Altered: it presents itself as"),
        ("unsigned-anonymised-acceptance.eml", "Not authentic: it presents itself as “Acceptance receipt”"),
        ("ordinary-dsn.eml", "Notice of a mail server about ordinary mail"),
    ],
)
def test_each_genuine_sample_is_told_as_what_it_is(samples: Path, name: str, said: str) -> None:
    shown = evidence_page(examine((samples / name).read_bytes(), shipped_anchors(), now=NOW), None, NOW, EN)

    assert shown.headline.startswith(said)


def test_a_receipt_actual_is_told_only_where_it_is_proven() -> None:
    forged = examined(unsigned(delivery()))

    assert forged.receipt_actual is Completeness.FULL
    assert page(forged).kind == "Delivery receipt"
