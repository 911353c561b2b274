"""One message in a headline and an explanation: what it certifies, or what it only claims, and why.

What is not proven never reads as a delivery, and nothing it says is repeated in a sentence of ours: its words stand
among the facts, marked as claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pecdesk.errors import N_
from pecdesk.examine import Examination
from pecdesk.explain.badge import pretends
from pecdesk.explain.failures import failure
from pecdesk.explain.language import Language
from pecdesk.explain.needs import named
from pecdesk.explain.sentences import REASONS_OF_KIND, note_sentences, reason_sentences
from pecdesk.explain.stale_trust import stale_trust
from pecdesk.explain.words import KINDS, REASONS
from pecdesk.pec.daticert import CertificationData
from pecdesk.pec.message import MessageKind
from pecdesk.pec.outcome import about, is_final_notice
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import TransmissionKind
from pecdesk.trust import Note, Reason, SignatureStatus

CERTIFIED: dict[MessageKind, str] = {
    MessageKind.ACCEPTANCE: N_("Accepted by the provider {provider} on {day} at {time}."),
    MessageKind.NON_ACCEPTANCE: N_("Not accepted by the provider {provider}: notice of {day} at {time}."),
    MessageKind.TAKEN_IN_CHARGE: N_("Taken in charge by the provider {provider} for {address} on {day} at {time}."),
    MessageKind.DELIVERY: N_("Delivered to {address} on {day} at {time}."),
    MessageKind.NON_DELIVERY: N_("Not delivered to {address}: notice of {day} at {time}."),
    MessageKind.DELAY_NOTICE: N_("Not delivered to {address} so far: notice of {day} at {time}."),
    MessageKind.VIRUS_DETECTED: N_("Stopped for a virus, not delivered to {address}: notice of {day} at {time}."),
    MessageKind.TRANSPORT_ENVELOPE: N_("Certified message of {sender}, accepted by its provider on {day} at {time}."),
}
"""Of proven messages."""

CONTRADICTORY = N_("It contradicts itself: it presents itself as “{kind}”, but nothing is built on it.")
FINAL_NOTICE = N_("Not delivered to {address} within 24 hours: notice of {day} at {time}.")

UNPROVEN: dict[Standing, str] = {
    Standing.ALTERED: N_("Altered: it presents itself as “{kind}”, but as it stands it proves nothing."),
    Standing.NOT_CERTIFIED: N_("Not authentic: it presents itself as “{kind}”, but nothing proves it."),
    Standing.UNDETERMINED: N_("Cannot be verified: it presents itself as “{kind}”, and nothing proves it so far."),
}
"""Of messages that claim to be certified."""

PLAIN: dict[MessageKind, str] = {
    MessageKind.ANOMALY_ENVELOPE: REASONS_OF_KIND[TransmissionKind.ANOMALY],
    MessageKind.ORDINARY: REASONS_OF_KIND[TransmissionKind.ORDINARY],
    MessageKind.REM_DISPATCH: N_("REM message: it cannot be verified here."),
    MessageKind.REM_RECEIPT: N_("REM receipt: it cannot be verified here, so it proves nothing so far."),
    MessageKind.DELIVERY_STATUS: N_("Notice of a mail server about ordinary mail: nothing about it is certified."),
    MessageKind.UNKNOWN: N_("Unknown message: nothing about it is certified."),
}
"""Of messages that claim no certification."""

EXPLAINED_PLAIN: dict[MessageKind, str] = {
    MessageKind.ANOMALY_ENVELOPE: N_(
        "The provider wrapped a message that reached it from outside PEC, or damaged: sender, date and content are the"
        " message's own word. Treat it like any ordinary mail."
    ),
    MessageKind.ORDINARY: N_(
        "No provider certifies who sent it, when, or that it was not changed, whatever its text or its pictures say."
    ),
    MessageKind.REM_DISPATCH: N_(
        "REM is the European successor of PEC; no authority for it is known here. Verify it with the service that"
        " delivered it, and until then rely on nothing in it."
    ),
    MessageKind.REM_RECEIPT: N_(
        "REM is the European successor of PEC; no authority for it is known here. Verify it with the service that"
        " issued it, and until then do not rely on it as proof."
    ),
    MessageKind.DELIVERY_STATUS: N_(
        "It may well be right, but no PEC provider vouches for it: anybody could have written it."
    ),
    MessageKind.UNKNOWN: N_("It bears marks of certified mail that no rule knows, or could not be read at all."),
}

UNSIGNED_ANOMALY = N_("Not even the wrapping is certified by a provider. Treat it like any ordinary mail.")
UNEXAMINED = N_("This does not make it false; but as long as it cannot be examined, rely on nothing in it.")

ADVICE: dict[Standing, str] = {
    Standing.ALTERED: N_(
        "Do not rely on it and do not open its links or attachments: take it again from the mailbox as .eml; if that"
        " copy is altered too, ask the sender by another way."
    ),
    Standing.NOT_CERTIFIED: N_(
        "Do not open its links or attachments and do not answer it; if you know who it seems to come from, ask by"
        " another way."
    ),
    Standing.UNDETERMINED: N_(
        "Take it again from the mailbox as .eml, and rely on nothing in it until it is verified."
    ),
}
"""What to do with a message that claims to be certified and is not proven."""


def headline(examination: Examination, accepted_at: datetime | None, language: Language) -> str:
    """One sentence. `accepted_at`: certified time of acceptance, where the transmission is known."""
    say, data = language.say, examination.certification
    if examination.standing.proves:
        said = _proven_headline(examination, data, accepted_at, language)
        by_hand = Note.TRUST_ADDED_BY_HAND in examination.notes
        return say(N_("By an authority added by hand: {said}"), said=said) if by_hand else said
    if Reason.EMPTY in examination.reasons:
        return say(REASONS[Reason.EMPTY])
    if examination.standing is Standing.UNDETERMINED and examination.kind is MessageKind.UNKNOWN:
        return say(N_("Not examined: nothing can be said about it."))
    if _claims(examination):
        return say(UNPROVEN[examination.standing], kind=say(KINDS[examination.kind]))
    if examination.standing is Standing.UNDETERMINED and not examination.kind.is_rem:
        return say(N_("Cannot be verified: nothing about it is certified."))
    return say(PLAIN[examination.kind])


def _claims(examination: Examination) -> bool:
    """Whether an unproven message pretends to something that a provider would have signed."""
    kind, standing = examination.kind, examination.standing
    return pretends(kind) or standing is Standing.ALTERED or (kind.is_rem and standing is Standing.NOT_CERTIFIED)


def _proven_headline(
    examination: Examination, data: CertificationData | None, accepted_at: datetime | None, language: Language
) -> str:
    say = language.say
    if not examination.counts:
        return say(CONTRADICTORY, kind=say(KINDS[examination.kind]))
    if data is None or examination.kind not in CERTIFIED:
        return say(N_("{kind}: the signature is intact."), kind=say(KINDS[examination.kind]))
    text = CERTIFIED[examination.kind]
    if examination.kind is MessageKind.DELAY_NOTICE and is_final_notice(data, accepted_at):
        text = FINAL_NOTICE
    return say(
        text,
        provider=data.issuer,
        address=named(about(data), language) or say(N_("a recipient it does not name")),
        sender=data.sender,
        day=f"{data.time:%d/%m/%Y}" if language.code == "it" else language.day(data.time),
        time=f"{data.time:%H:%M:%S} ({data.time:%z})",
    )


def explanation(examination: Examination, now: datetime, language: Language) -> str:
    """Why that may be believed or not, and what to do where it may not."""
    sentences = _proven(examination, now, language) if examination.standing.proves else _unproven(examination, language)
    return " ".join(filter(None, (*sentences, stale_trust(examination, language))))


def _proven(examination: Examination, now: datetime, language: Language) -> Iterator[str]:
    say, data, signer = language.say, examination.certification, examination.signature.signer
    if data is not None:
        yield say(
            N_("The signature of the provider {provider} is intact and the certificate was valid at that moment."),
            provider=data.issuer,
        )
        if why := failure(data.error, data.extended_error):
            yield say(why)
    else:
        yield say(N_("The signature is intact and the certificate was valid when it was made."))
    yield from note_sentences(
        [note for note in examination.notes if note in (Note.TRUST_ADDED_BY_HAND, Note.REVOKED_SINCE)], language
    )
    if signer is not None and signer.not_after < now:
        yield say(
            N_(
                "The certificate expired later, on {day}: that takes nothing away, since what counts is that it was"
                " valid when the provider signed."
            ),
            day=f"{signer.not_after:%d/%m/%Y}" if language.code == "it" else language.day(signer.not_after),
        )
    if examination.standing is Standing.CERTIFIED_WITH_RESERVE:
        yield say(N_("There is a reserve, though."))
        yield from reason_sentences(tuple(examination.reasons), language)
        yield say(N_("It counts for nothing.") if not examination.counts else N_("What counts are the certified data."))


def _unproven(examination: Examination, language: Language) -> Iterator[str]:
    say, kind, standing, reasons = language.say, examination.kind, examination.standing, examination.reasons
    if Reason.EMPTY in reasons:
        return
    if kind.is_rem and Reason.UNKNOWN_ANCHOR in reasons:
        yield say(EXPLAINED_PLAIN[kind])
    elif standing is Standing.NOT_CERTIFIED and not _claims(examination):
        passed = examination.signature.status is SignatureStatus.PASSED
        unsigned = kind is MessageKind.ANOMALY_ENVELOPE and not passed
        yield say(UNSIGNED_ANOMALY if unsigned else EXPLAINED_PLAIN[kind])
    else:
        signer = examination.signature.signer
        if standing is Standing.ALTERED and signer is not None and signer.email:
            yield say(N_("It bears the certificate of the provider {address}."), address=signer.email)
        yield from reason_sentences(tuple(reasons), language)
        again = standing is not Standing.UNDETERMINED or Reason.INCOMPLETE in reasons
        yield say(ADVICE[standing] if again else UNEXAMINED)
