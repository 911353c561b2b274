"""Every check as a line: what came of it, and what that means for somebody who knows no cryptography."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pecdesk.errors import N_
from pecdesk.examine import Examination
from pecdesk.explain.badge import Badge, Shape, Tone
from pecdesk.explain.language import Language
from pecdesk.explain.words import CHECKS, NOTES, REASONS, STATUSES
from pecdesk.pec.standing import Standing
from pecdesk.trust import Check, CheckName, CheckStatus, Note


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check, or one note."""

    name: str
    badge: Badge
    status: str
    """Passed, failed, not done, note: in one word."""
    meaning: str
    detail: str
    """For the expert; never the only place where something is said. What a check that failed or was not made found is
    told in English, whatever the language: it is for whoever is asked for help."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What each outcome of a check means. A failure, and what was not done for a reason, stand behind that reason."""

    passed: str
    failed: str
    not_done: str


MEANINGS: dict[CheckName, Meaning] = {
    CheckName.LIMITS: Meaning(
        N_("The message is small and plain enough to be examined in full."),
        N_("It was not examined in full, so nothing can be said about it; this does not make it false."),
        N_("Whether the message stays within the limits was not looked at."),
    ),
    CheckName.STRUCTURE: Meaning(
        N_("One signature covers the whole message: none of its content lies outside."),
        N_("A provider vouches for a message only by one signature over the whole of it."),
        N_("Whether one signature covers the whole message was not looked at."),
    ),
    CheckName.FROM: Meaning(
        N_("The message names exactly one sender, in a form that cannot be read in two ways."),
        N_("A signature cannot be tied to a sender who is not named clearly."),
        N_("The sender was not looked at: there is no signature to tie to it."),
    ),
    CheckName.CMS: Meaning(
        N_("The signature can be read: it has one signer, with a certificate."),
        N_("A signature in this form vouches for nothing."),
        N_("There was no signature to read."),
    ),
    CheckName.SIGNED_ATTRIBUTES: Meaning(
        N_("The signature states what it covers, as the rules ask."),
        N_("It is not certain what this signature covers."),
        N_("What the signature states could not be read."),
    ),
    CheckName.DIGEST: Meaning(
        N_("The content is, byte for byte, the one that was signed."),
        N_("At least one byte is not as it was signed: changed on purpose, or by a program on the way."),
        N_("Whether the content was changed could not be established."),
    ),
    CheckName.SIGNATURE: Meaning(
        N_("The signature was made with the key of this certificate, and with no other."),
        N_("It was not made with the key of this certificate."),
        N_("With which key the signature was made could not be established."),
    ),
    CheckName.ALGORITHMS: Meaning(
        N_("Digest and key were accepted at the date of the signature."),
        N_("Digest or key do not give the certainty that a certification needs."),
        N_("Digest and key could not be judged."),
    ),
    CheckName.PATH: Meaning(
        N_("The certificate leads back to an authority that is known here, recognised by its key and not by its name."),
        N_("Anybody can make a certificate with any name in it: this one does not show who signed."),
        N_("Where the certificate comes from could not be established."),
    ),
    CheckName.POLICY: Meaning(
        N_("The certificate bears the mark of those that are issued to PEC providers."),
        N_("It does not show that a PEC provider signed."),
        N_("To whom the certificate was issued was not looked at: nothing asks for it here, or its origin is unknown."),
    ),
    CheckName.PURPOSE: Meaning(
        N_("The certificate was made for signing mail."),
        N_("A signature on mail made with it does not count."),
        N_("What the certificate was made for was not looked at: its origin is unknown."),
    ),
    CheckName.NAME_CONSTRAINTS: Meaning(
        N_("The authority may issue certificates for this name and this address."),
        N_("The certificate does not show who signed."),
        N_("No names are ruled out here, or the origin of the certificate is unknown."),
    ),
    CheckName.VALIDITY: Meaning(
        N_("The certificate was valid at the moment that counts: that of the certification, not today."),
        N_("A signature counts only if the certificate was valid at the moment of the certification."),
        N_("Whether the certificate was valid could not be judged."),
    ),
    CheckName.REVOCATION: Meaning(
        N_("At that moment the certificate was not revoked."),
        N_("A signature made after the revocation does not count."),
        N_("Whether the certificate was revoked was not checked; only a revocation before that moment would matter."),
    ),
    CheckName.SIGNER_ALLOWED: Meaning(
        N_("The trust policy names this signer."),
        N_("Signatures of others do not count under this policy."),
        N_("Whether the trust policy names this signer was not looked at."),
    ),
    CheckName.ADDRESS: Meaning(
        N_("The address the message comes from is the one in the certificate: sender and signer are the same."),
        N_("The signature does not speak for the sender the message names."),
        N_("The sender's address was not compared with the certificate."),
    ),
    CheckName.CERTIFICATION: Meaning(
        N_("The data that the provider certifies – who, to whom, when – are in their place and complete."),
        N_("Without them no provider certifies who sent what, to whom and when."),
        N_("No signature that holds covers the certification data: what they say is only a claim."),
    ),
    CheckName.SIGNING_TIME: Meaning(
        N_("The provider signed within five minutes of the time it certifies."),
        N_("Which of the two is right cannot be told from the message."),
        N_("The signature states no time of its own."),
    ),
    CheckName.PROVIDER_NAME: Meaning(
        N_("The certified data and the certificate name the same provider."),
        N_("What ties the signature to the provider is the certificate."),
        N_("Providers change their names; what ties the signature to the provider is the address in the certificate."),
    ),
    CheckName.KIND_HEADER: Meaning(
        N_("The message calls itself what the provider certifies it to be."),
        N_("What counts is the certified kind."),
        N_("The message does not call itself anything; what the provider certifies counts."),
    ),
    CheckName.SUBJECT_HEADER: Meaning(
        N_("The subject that mail programs show is the certified one."),
        N_("It may have been changed on the way; what counts is the certified subject."),
        N_("The message has no subject to compare; what the provider certifies counts."),
    ),
    CheckName.SENDER_HEADER: Meaning(
        N_("The name that mail programs show as sender speaks for nobody but the certified sender."),
        N_("It may be meant to mislead; what counts is the certified sender."),
        N_("The name shown as sender was not compared; the certified sender counts."),
    ),
    CheckName.DATE_HEADER: Meaning(
        N_("The date that mail programs show is that of the certified time."),
        N_("It may have been changed on the way; what counts is the certified time."),
        N_("The message has no date that can be read; the certified time counts."),
    ),
    CheckName.RECIPIENTS_HEADER: Meaning(
        N_("To and Cc, as mail programs show them, name nobody whom they should not."),
        N_("They may have been changed on the way; what counts are the certified recipients."),
        N_("To and Cc name nobody; the certified recipients count."),
    ),
    CheckName.REPLY_HEADER: Meaning(
        N_("Nothing in the headers leads an answer to a stranger."),
        N_("Do not simply answer: write to the certified sender."),
        N_("Where an answer would go was not compared; write to the certified sender."),
    ),
    CheckName.REFERENCE_HEADER: Meaning(
        N_("The headers refer to no other message than the certified one."),
        N_("Receipts are matched with messages by the certified data alone."),
        N_("The headers do not say which message this is about; the certified data do."),
    ),
    CheckName.MESSAGE_ID_HEADER: Meaning(
        N_("The Message-ID does not contradict the certified identifier."),
        N_("What counts is the certified identifier."),
        N_("The message has no Message-ID; the certified identifier counts."),
    ),
    CheckName.RECIPIENTS: Meaning(
        N_("The certified recipients agree with each other and with the message inside."),
        N_("What counts are the recipients that the acceptance receipt certifies."),
        N_("All of it was signed by the same provider: a mailbox may have a second address."),
    ),
    CheckName.INNER_MESSAGE: Meaning(
        N_("Identifier, sender and subject of the message inside, if there is one, are the certified ones."),
        N_("What is inside cannot be taken for the message that the provider certifies."),
        N_("The message inside was not compared with the certified data."),
    ),
}

_FOUND: dict[CheckName, tuple[re.Pattern[str], str]] = {
    CheckName.DIGEST: (re.compile(r"(?P<digest>\S+) of (?P<size>\d+) bytes"), N_("{digest} of {size} bytes")),
    CheckName.PATH: (re.compile(r"issued under (?P<name>.+)"), N_("issued under {name}")),
    CheckName.POLICY: (re.compile(r"issued under the policy (?P<policy>.+)"), N_("policy {policy}")),
}
"""What checks that passed found beyond their meaning: how they tell it, and its template."""
_NAMED_ALIKE = frozenset({CheckName.ALGORITHMS, CheckName.SIGNATURE})
"""Checks that found names which are the same in every language."""

_DIGEST = re.compile(r"\bsha-?(1|224|256|384|512)\b", re.IGNORECASE)

REM_HAS_NONE = N_("A REM message has no daticert.xml: its evidence has another form.")

NOTE_NAMES: dict[Note, str] = {
    Note.REVOCATION_NOT_CHECKED: CHECKS[CheckName.REVOCATION],
    Note.REVOKED_SINCE: N_("Certificate revoked since"),
    Note.CERTIFICATE_EXPIRED_SINCE: N_("Certificate expired since"),
    Note.SHA1_AT_THE_TIME: N_("SHA-1 digest"),
    Note.SMALL_KEY_AT_THE_TIME: N_("Short key"),
    Note.HEADER_MISSING: N_("A header is missing"),
    Note.TRUST_ADDED_BY_HAND: N_("Authority added by hand"),
    Note.LOCAL_FILE: N_("Local file"),
}


def check_lines(examination: Examination, language: Language) -> tuple[CheckLine, ...]:
    """The checks in the order they were made, then the notes."""
    told_as_note = {CheckName.REVOCATION} if Note.REVOCATION_NOT_CHECKED in examination.notes else set()
    details = {check.name: check.detail for check in examination.checks}
    return (
        *(_line(check, examination, language) for check in examination.checks if check.name not in told_as_note),
        *(_note(note, details, language) for note in NOTES if note in examination.notes),
    )


def _line(check: Check, examination: Examination, language: Language) -> CheckLine:
    status = language.say(STATUSES[check.status])
    tone, shape = Tone.GREY, Shape.DASH
    if check.status is CheckStatus.FAILED:
        tone, shape = Tone.RED, Shape.CROSS
    elif check.status is CheckStatus.PASSED:
        tone, shape = Tone.GREEN if is_certified(examination) else Tone.GREY, Shape.TICK
    name = language.say(CHECKS[check.name])
    badge = Badge(status, tone, shape)
    return CheckLine(name, badge, status, _meaning(check, examination, language), _detail(check, language))


def _detail(check: Check, language: Language) -> str:
    """The detail of a check, in the language where that can be; of one that passed only what was not said before."""
    if check.status is not CheckStatus.PASSED:
        return check.detail
    if language.code == "en" or check.name in _NAMED_ALIKE:
        return digests_named(check.detail)
    if check.name not in _FOUND:
        return ""
    pattern, template = _FOUND[check.name]
    found = pattern.fullmatch(check.detail)
    return digests_named(language.say(template, **found.groupdict())) if found else ""


def digests_named(text: str) -> str:
    """A text for people with the names of digests as everybody writes them: SHA-256 for sha256."""
    return _DIGEST.sub(r"SHA-\1", text)


def is_certified(examination: Examination) -> bool:
    """Whether green may be used: fully certified, and not by an authority that was added by hand."""
    return examination.standing is Standing.CERTIFIED and Note.TRUST_ADDED_BY_HAND not in examination.notes


def _meaning(check: Check, examination: Examination, language: Language) -> str:
    meaning = MEANINGS[check.name]
    texts = {
        CheckStatus.PASSED: meaning.passed,
        CheckStatus.FAILED: meaning.failed,
        CheckStatus.NOT_DONE: meaning.not_done,
    }
    text = texts[check.status]
    if check.name is CheckName.CERTIFICATION and check.status is CheckStatus.NOT_DONE and examination.kind.is_rem:
        text = REM_HAS_NONE
    said = language.say(text)
    return f"{language.say(REASONS[check.reason])} {said}" if check.reason else said


def _note(note: Note, details: dict[CheckName, str], language: Language) -> CheckLine:
    detail = details.get(CheckName.REVOCATION, "") if note is Note.REVOCATION_NOT_CHECKED else ""
    word = language.say(N_("note"))
    badge = Badge(word, Tone.BLUE, Shape.NOTE)
    return CheckLine(language.say(NOTE_NAMES[note]), badge, word, language.say(NOTES[note]), detail)
