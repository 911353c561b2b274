"""Names and sentences for every member of the closed lists: kinds, states, reasons, notes, checks, attention."""

from __future__ import annotations

from pecdesk.errors import N_
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Attention, RecipientState, Role, TransmissionKind
from pecdesk.pec.urgency import Urgency
from pecdesk.trust import CheckName, CheckStatus, Note, Reason

KINDS: dict[MessageKind, str] = {
    MessageKind.ACCEPTANCE: N_("Acceptance receipt"),
    MessageKind.NON_ACCEPTANCE: N_("Notice of non-acceptance"),
    MessageKind.TAKEN_IN_CHARGE: N_("Taking-in-charge receipt"),
    MessageKind.DELIVERY: N_("Delivery receipt"),
    MessageKind.NON_DELIVERY: N_("Notice of non-delivery"),
    MessageKind.DELAY_NOTICE: N_("Notice of delayed delivery"),
    MessageKind.VIRUS_DETECTED: N_("Notice of virus detection"),
    MessageKind.TRANSPORT_ENVELOPE: N_("Certified message (transport envelope)"),
    MessageKind.ANOMALY_ENVELOPE: N_("Anomaly envelope: ordinary mail, sender not certified"),
    MessageKind.REM_DISPATCH: N_("REM message"),
    MessageKind.REM_RECEIPT: N_("REM receipt"),
    MessageKind.DELIVERY_STATUS: N_("Delivery status of ordinary mail"),
    MessageKind.ORDINARY: N_("Ordinary mail"),
    MessageKind.UNKNOWN: N_("Unknown message"),
}

STANDINGS: dict[Standing, str] = {
    Standing.CERTIFIED: N_("Certified: the provider's signature holds and everything agrees."),
    Standing.CERTIFIED_WITH_RESERVE: N_(
        "Certified with a reserve: the provider's signature holds, something disagrees."
    ),
    Standing.ALTERED: N_("Altered: the content is not the one the provider signed."),
    Standing.NOT_CERTIFIED: N_("Not certified: no provider vouches for this message."),
    Standing.UNDETERMINED: N_("Cannot be verified."),
}

ROWS: dict[TransmissionKind, str] = {
    TransmissionKind.PEC: N_("PEC"),
    TransmissionKind.ANOMALY: N_("Anomaly envelope"),
    TransmissionKind.ORDINARY: N_("Ordinary mail"),
    TransmissionKind.REM: N_("REM"),
    TransmissionKind.UNMATCHED: N_("Unmatched receipt"),
    TransmissionKind.CLAIM: N_("Claims to be PEC"),
}

RECIPIENTS: dict[RecipientState, str] = {
    RecipientState.PENDING: N_("no receipt yet"),
    RecipientState.ACCEPTED: N_("accepted, not yet delivered"),
    RecipientState.NOT_PEC: N_("not a PEC address: no delivery receipt will come"),
    RecipientState.TAKEN_IN_CHARGE: N_("taken in charge by the recipient's provider"),
    RecipientState.DELAYED: N_("delayed: not delivered in the first 12 hours"),
    RecipientState.DELIVERED: N_("delivered"),
    RecipientState.FAILED: N_("not delivered"),
    RecipientState.REFUSED: N_("not accepted"),
    RecipientState.CONTRADICTORY: N_("contradictory outcomes"),
}

ROLES: dict[Role, str] = {Role.TO: N_("To"), Role.CC: N_("Cc")}

COMPLETENESS: dict[Completeness, str] = {
    Completeness.FULL: N_("full"),
    Completeness.BRIEF: N_("brief"),
    Completeness.SHORT: N_("short"),
}

REQUESTED = {
    "completa": COMPLETENESS[Completeness.FULL],
    "breve": COMPLETENESS[Completeness.BRIEF],
    "sintetica": COMPLETENESS[Completeness.SHORT],
}
"""The kind of delivery receipt that was asked for, as certification data write it."""

ATTENTION: dict[Attention, str] = {
    Attention.FAILED: N_("Not delivered to at least one recipient."),
    Attention.DELAYED: N_("The provider gave notice of a delay."),
    Attention.WAITING: N_("More than 12 hours since acceptance and no outcome yet."),
    Attention.OVERDUE: N_("More than 24 hours since acceptance and no final outcome."),
    Attention.NOT_PEC: N_("One recipient is not a PEC address: delivery will not be proven."),
    Attention.CONTRADICTORY: N_("The receipts contradict one another."),
    Attention.FORGED: N_("Something here claims to be PEC and no provider signed it; it counts for nothing."),
    Attention.ALTERED: N_("Something here was changed after the provider signed it; it counts for nothing."),
    Attention.NO_ACCEPTANCE: N_("No acceptance receipt more than 30 minutes after sending."),
    Attention.CONTENT_DIFFERS: N_("What was delivered differs from what was sent."),
    Attention.LOG_DEADLINE: N_("A piece is missing and the provider's log, kept 30 months, is about to be deleted."),
    Attention.REFUSED: N_("The sender's provider did not accept the message."),
    Attention.UNCERTAIN: N_("It is not known whether the message was sent."),
}

REASONS: dict[Reason, str] = {
    Reason.SIZE_LIMIT: N_("The message is larger than the limit."),
    Reason.HEADER_LIMIT: N_("The headers are larger than the limit."),
    Reason.DEPTH_LIMIT: N_("Parts are nested deeper than the limit."),
    Reason.PART_LIMIT: N_("The message has more parts than the limit."),
    Reason.TIME_LIMIT: N_("Examining the message took longer than the limit."),
    Reason.MEMORY_LIMIT: N_("Examining the message needed more memory than the limit."),
    Reason.INCOMPLETE: N_("The message is incomplete: its end is missing."),
    Reason.EMPTY: N_("The file is empty: it holds no message."),
    Reason.NO_SIGNATURE: N_("No provider's signature covers the whole message."),
    Reason.PART_COUNT: N_("Parts were added to the signed message."),
    Reason.DUPLICATE_HEADER: N_(
        "A header that may stand only once stands twice, so that two programs could show two things."
    ),
    Reason.FROM_MISSING: N_("There is no sender (From)."),
    Reason.FROM_NOT_SINGLE: N_("There is more than one sender (From)."),
    Reason.FROM_MALFORMED: N_("The sender (From) is malformed."),
    Reason.CMS_UNREADABLE: N_("The signature file cannot be read."),
    Reason.SIGNER_COUNT: N_("There is not exactly one signer."),
    Reason.CONTENT_PRESENT: N_("The signature carries a content of its own."),
    Reason.ATTRIBUTES_MISSING: N_("A required signed attribute is missing."),
    Reason.ATTRIBUTES_DUPLICATE: N_("A signed attribute stands twice."),
    Reason.ATTRIBUTES_WRONG: N_("A signed attribute has a wrong value."),
    Reason.DIGEST_MISMATCH: N_("The content was changed after it was signed."),
    Reason.SIGNATURE_MISMATCH: N_("The signature value is not right."),
    Reason.SIGNER_CERTIFICATE_MISSING: N_("The signer's certificate is not there."),
    Reason.UNSUPPORTED_ALGORITHM: N_("The signature uses an algorithm that is not supported."),
    Reason.FORBIDDEN_ALGORITHM: N_("The signature uses an algorithm that proves nothing."),
    Reason.WEAK_DIGEST: N_("The digest algorithm was already weak at that date."),
    Reason.WEAK_KEY: N_("The key was already too short at that date."),
    Reason.UNKNOWN_ANCHOR: N_("The certificate was not issued by an authority known for PEC providers."),
    Reason.PATH_INVALID: N_("The certificate chain is not valid."),
    Reason.POLICY_MISSING: N_("The certificate was not issued for PEC providers."),
    Reason.WRONG_PURPOSE: N_("The certificate was issued for another purpose."),
    Reason.NAME_NOT_PERMITTED: N_("The authority may not issue certificates for this name."),
    Reason.NOT_YET_VALID: N_("The certificate was not yet valid at the reference time."),
    Reason.EXPIRED: N_("The certificate had expired at the reference time."),
    Reason.REVOKED: N_("The certificate had been revoked at the reference time."),
    Reason.REVOCATION_UNKNOWN: N_("Whether the certificate was revoked could not be established."),
    Reason.NO_REFERENCE_TIME: N_("No time is stated at which the signature could be judged."),
    Reason.SIGNER_NOT_ALLOWED: N_("The trust policy does not name this signer."),
    Reason.ADDRESS_MISMATCH: N_("The sender's address is not the one in the certificate."),
    Reason.ADDRESS_MISSING: N_("The certificate names no address."),
    Reason.CERTIFICATION_MISSING: N_("The certification data (daticert.xml) is missing."),
    Reason.CERTIFICATION_INVALID: N_("The certification data (daticert.xml) is not valid."),
    Reason.TIME_MISMATCH: N_("The signing time and the certified time differ by more than five minutes."),
    Reason.KIND_MISMATCH: N_("The headers claim another kind of message than the certified one."),
    Reason.SUBJECT_MISMATCH: N_("The subject shown is not the certified one."),
    Reason.SENDER_MISMATCH: N_("The sender shown is not the certified one."),
    Reason.DATE_MISMATCH: N_("The date shown is hours away from the certified time."),
    Reason.RECIPIENT_MISMATCH: N_("The recipients named are not the certified ones."),
    Reason.REPLY_MISMATCH: N_("Answers would go to somebody other than the certified sender."),
    Reason.PROVIDER_MISMATCH: N_("The provider is named otherwise than in its certificate."),
    Reason.REFERENCE_MISMATCH: N_("The headers refer to another message than the certified one."),
    Reason.MESSAGE_ID_MISMATCH: N_("The Message-ID is not the certified one."),
    Reason.INNER_MISMATCH: N_("The message inside is not the one the certification data speaks of."),
    Reason.ANOMALY_ENVELOPE: N_("Ordinary mail in an anomaly envelope: the sender is not certified."),
    Reason.RECORD_CHANGED: N_(
        "The database was changed by something other than pecdesk: what it says of this message is not believed. Run"
        " `pecdesk doctor --rebuild`, which makes it again from the messages themselves."
    ),
}

NOTES: dict[Note, str] = {
    Note.REVOCATION_NOT_CHECKED: N_(
        "Whether the certificate was revoked was not checked: no revocation list is at hand."
    ),
    Note.REVOKED_SINCE: N_("The certificate was revoked after that time; this changes nothing for this message."),
    Note.CERTIFICATE_EXPIRED_SINCE: N_(
        "The certificate has expired since; it was valid at that time, and that is what counts."
    ),
    Note.SHA1_AT_THE_TIME: N_("SHA-1 digest: weak by today's standards, in use by the provider at that date."),
    Note.SMALL_KEY_AT_THE_TIME: N_("Short key: weak by today's standards, in use by the provider at that date."),
    Note.HEADER_MISSING: N_("A header that the provider writes is missing; nothing contradicts the certified data."),
    Note.TRUST_ADDED_BY_HAND: N_(
        "The authority was added by hand to this profile; it is not the one of PEC providers."
    ),
    Note.LOCAL_FILE: N_("Local file: it did not come from the mailbox."),
}

CHECKS: dict[CheckName, str] = {
    CheckName.LIMITS: N_("Size and nesting within the limits"),
    CheckName.STRUCTURE: N_("One signature over the whole message"),
    CheckName.FROM: N_("One sender, correctly written"),
    CheckName.CMS: N_("Signature file readable"),
    CheckName.SIGNED_ATTRIBUTES: N_("Signed attributes complete"),
    CheckName.DIGEST: N_("Content unchanged"),
    CheckName.SIGNATURE: N_("Signature value right"),
    CheckName.ALGORITHMS: N_("Algorithms sound at that date"),
    CheckName.PATH: N_("Certificate issued by a known authority"),
    CheckName.POLICY: N_("Certificate issued for PEC providers"),
    CheckName.PURPOSE: N_("Certificate made for signing mail"),
    CheckName.NAME_CONSTRAINTS: N_("Name among those the authority may certify"),
    CheckName.VALIDITY: N_("Certificate valid at the reference time"),
    CheckName.REVOCATION: N_("Certificate not revoked"),
    CheckName.SIGNER_ALLOWED: N_("Signer named by the trust policy"),
    CheckName.ADDRESS: N_("Sender's address is the certificate's"),
    CheckName.CERTIFICATION: N_("Certification data present and valid"),
    CheckName.SIGNING_TIME: N_("Signing time agrees with the certified time"),
    CheckName.PROVIDER_NAME: N_("Provider named as in its certificate"),
    CheckName.KIND_HEADER: N_("Kind in the headers agrees"),
    CheckName.SUBJECT_HEADER: N_("Subject in the headers agrees"),
    CheckName.SENDER_HEADER: N_("Sender in the headers agrees"),
    CheckName.DATE_HEADER: N_("Date in the headers agrees"),
    CheckName.RECIPIENTS_HEADER: N_("Recipients in the headers agree"),
    CheckName.REPLY_HEADER: N_("Address for answers agrees"),
    CheckName.REFERENCE_HEADER: N_("Referenced message agrees"),
    CheckName.MESSAGE_ID_HEADER: N_("Message-ID agrees"),
    CheckName.RECIPIENTS: N_("Certified recipients agree"),
    CheckName.INNER_MESSAGE: N_("Message inside agrees"),
}

URGENCIES: dict[Urgency, str] = {
    Urgency.WRONG: N_("Failed, refused, forged or uncertain"),
    Urgency.DOUBTFUL: N_("With a receipt that is not in order"),
    Urgency.LATE: N_("Late"),
    Urgency.WAITING: N_("Waiting for an outcome"),
    Urgency.FADING: N_("Receipts soon past 30 months"),
    Urgency.OTHER: N_("Other"),
}
"""Headings of a list in the order of need."""

STATUSES: dict[CheckStatus, str] = {
    CheckStatus.PASSED: N_("passed"),
    CheckStatus.FAILED: N_("failed"),
    CheckStatus.NOT_DONE: N_("not done"),
}
