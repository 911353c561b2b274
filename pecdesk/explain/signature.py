"""The signature of one message for the expert: signer, chain, algorithms, and its validity as a bar over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pecdesk.errors import N_
from pecdesk.examine import Examination
from pecdesk.explain.checks import MEANINGS, digests_named
from pecdesk.explain.facts import Fact
from pecdesk.explain.language import Language
from pecdesk.explain.words import NOTES, REASONS
from pecdesk.trust import Certificate, CheckName, CheckStatus, Note, Reason, SignatureStatus


@dataclass(frozen=True, slots=True)
class ValidityBar:
    """When the signer's certificate was valid, with the moment it was judged at and today."""

    start: datetime
    end: datetime
    reference: datetime | None
    now: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class SignaturePage:
    """Who signed, with what, and by whose leave."""

    facts: tuple[Fact, ...]
    chain: tuple[tuple[Fact, ...], ...]
    """Each certificate, the signer's first; without a known authority the signer's alone."""
    validity: ValidityBar | None
    revocation: str


OUTCOMES: dict[SignatureStatus, str] = {
    SignatureStatus.PASSED: N_("It holds."),
    SignatureStatus.FAILED: N_("It does not hold."),
    SignatureStatus.INDETERMINATE: N_("It could not be judged."),
    SignatureStatus.NONE: N_("There is no signature over the whole message."),
}


def signature_page(examination: Examination, now: datetime, language: Language) -> SignaturePage:
    """Everything about the one signature over the whole message."""
    signature = examination.signature
    chain = signature.chain or ((signature.signer,) if signature.signer else ())
    return SignaturePage(
        facts=tuple(_facts(examination, language)),
        chain=tuple(tuple(_certificate_facts(certificate, language)) for certificate in chain),
        validity=_validity(signature.signer, examination.reference_time, now, language) if signature.signer else None,
        revocation=_revocation(examination, language),
    )


def _facts(examination: Examination, language: Language) -> Iterator[Fact]:
    say, signature, signer = language.say, examination.signature, examination.signature.signer
    outcome = say(OUTCOMES[signature.status])
    if signature.status in (SignatureStatus.FAILED, SignatureStatus.INDETERMINATE) and signature.reason:
        outcome = f"{outcome} {say(REASONS[signature.reason])}"
    yield Fact(say(N_("Outcome")), outcome)
    if signer is not None:
        yield Fact(say(N_("Signer")), signer.subject)
        if signer.email:
            yield Fact(say(N_("Signer's address")), signer.email)
        yield Fact(say(N_("Issuer")), signer.issuer)
    if examination.circuit:
        by_hand = say(N_("added by hand to this profile")) if Note.TRUST_ADDED_BY_HAND in examination.notes else ""
        yield Fact(say(N_("Authority")), f"{examination.circuit} ({by_hand})" if by_hand else examination.circuit)
    algorithms = next((check for check in examination.checks if check.name is CheckName.ALGORITHMS), None)
    if signature.digest:
        yield Fact(say(N_("Digest")), digests_named(signature.digest))
    if algorithms is not None and algorithms.status is CheckStatus.PASSED and algorithms.detail:
        yield Fact(say(N_("Algorithms")), digests_named(algorithms.detail))
    if signature.signed_at is not None:
        # A signature states it in UTC; told in another zone than the moment it is compared with, it seems to differ.
        reference = examination.reference_time
        signed_at = signature.signed_at.astimezone(reference.tzinfo) if reference else signature.signed_at
        yield Fact(say(N_("Signing time, as the signature states")), language.instant(signed_at))
    if examination.reference_time is not None:
        yield Fact(say(N_("Judged at")), language.instant(examination.reference_time))
    if examination.signed_sha256:
        yield Fact(say(N_("SHA-256 of the signed part")), examination.signed_sha256, is_code=True)
    if examination.anchors_version:
        yield Fact(say(N_("Trust data")), examination.anchors_version, is_code=True)


def _certificate_facts(certificate: Certificate, language: Language) -> Iterator[Fact]:
    say = language.say
    yield Fact(say(N_("Subject of the certificate")), certificate.subject)
    yield Fact(say(N_("Issuer")), certificate.issuer)
    yield Fact(say(N_("Validity")), f"{certificate.not_before:%d/%m/%Y} – {certificate.not_after:%d/%m/%Y}")
    yield Fact(say(N_("Serial number")), certificate.serial, is_code=True)
    yield Fact("SHA-256", certificate.sha256, is_code=True)


def _validity(signer: Certificate, reference: datetime | None, now: datetime, language: Language) -> ValidityBar:
    start, end = signer.not_before, signer.not_after
    if reference is None:
        text = N_("Valid from {start} to {end}; no time is stated at which to judge it.")
    elif reference < start:
        text = N_("Valid from {start} to {end}: not yet at {reference}, the moment that counts.")
    elif reference > end:
        text = N_("Valid from {start} to {end}: no longer at {reference}, the moment that counts.")
    elif end < now:
        text = N_(
            "Valid from {start} to {end}, and so at {reference}, the moment that counts; that it expired since does not"
            " matter."
        )
    else:
        text = N_("Valid from {start} to {end}, and so at {reference}, the moment that counts.")
    moment = language.instant(reference) if reference else ""
    said = language.say(text, start=f"{start:%d/%m/%Y}", end=f"{end:%d/%m/%Y}", reference=moment)
    return ValidityBar(start, end, reference, now, said)


def _revocation(examination: Examination, language: Language) -> str:
    check = next((check for check in examination.checks if check.name is CheckName.REVOCATION), None)
    notes = [note for note in (Note.REVOCATION_NOT_CHECKED, Note.REVOKED_SINCE) if note in examination.notes]
    if notes:
        return " ".join(language.say(NOTES[note]) for note in notes)
    if check is None:
        return ""
    meaning = MEANINGS[CheckName.REVOCATION]
    if check.status is CheckStatus.FAILED:
        return f"{language.say(REASONS[check.reason or Reason.REVOKED])} {language.say(meaning.failed)}"
    return language.say(meaning.passed if check.status is CheckStatus.PASSED else meaning.not_done)
