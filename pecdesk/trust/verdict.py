"""The judgement on one signature: three-valued, with every check as a line of its own.

Modelled on ETSI EN 319 102-1 (passed, failed, indeterminate, each with its reason).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CheckStatus(StrEnum):
    """What came of one check."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_DONE = "not-done"


class SignatureStatus(StrEnum):
    """What may be said of one signature over the whole message (cli.md section 3)."""

    PASSED = "passed"
    FAILED = "failed"
    INDETERMINATE = "indeterminate"
    NONE = "none"


class CheckName(StrEnum):
    """Every check there is, in the order in which they are listed. Closed."""

    # the message as a whole
    LIMITS = "limits"
    STRUCTURE = "structure"
    FROM = "from"
    # the signature
    CMS = "cms"
    SIGNED_ATTRIBUTES = "signed-attributes"
    DIGEST = "digest"
    SIGNATURE = "signature"
    ALGORITHMS = "algorithms"
    # the signer
    PATH = "path"
    POLICY = "policy"
    PURPOSE = "purpose"
    NAME_CONSTRAINTS = "name-constraints"
    VALIDITY = "validity"
    REVOCATION = "revocation"
    SIGNER_ALLOWED = "signer-allowed"
    ADDRESS = "address"
    # what the provider certifies, against everything else
    CERTIFICATION = "certification"
    SIGNING_TIME = "signing-time"
    PROVIDER_NAME = "provider-name"
    KIND_HEADER = "kind-header"
    SUBJECT_HEADER = "subject-header"
    SENDER_HEADER = "sender-header"
    DATE_HEADER = "date-header"
    RECIPIENTS_HEADER = "recipients-header"
    REPLY_HEADER = "reply-header"
    REFERENCE_HEADER = "reference-header"
    MESSAGE_ID_HEADER = "message-id-header"
    RECIPIENTS = "recipients"
    INNER_MESSAGE = "inner-message"


class Reason(StrEnum):
    """Why a check did not pass. Closed."""

    # limits
    SIZE_LIMIT = "size-limit"
    HEADER_LIMIT = "header-limit"
    DEPTH_LIMIT = "depth-limit"
    PART_LIMIT = "part-limit"
    TIME_LIMIT = "time-limit"
    MEMORY_LIMIT = "memory-limit"
    INCOMPLETE = "incomplete"
    # structure
    EMPTY = "empty"
    NO_SIGNATURE = "no-signature"
    PART_COUNT = "part-count"
    DUPLICATE_HEADER = "duplicate-header"
    # From
    FROM_MISSING = "from-missing"
    FROM_NOT_SINGLE = "from-not-single"
    FROM_MALFORMED = "from-malformed"
    # CMS
    CMS_UNREADABLE = "cms-unreadable"
    SIGNER_COUNT = "signer-count"
    CONTENT_PRESENT = "content-present"
    ATTRIBUTES_MISSING = "attributes-missing"
    ATTRIBUTES_DUPLICATE = "attributes-duplicate"
    ATTRIBUTES_WRONG = "attributes-wrong"
    DIGEST_MISMATCH = "digest-mismatch"
    SIGNATURE_MISMATCH = "signature-mismatch"
    SIGNER_CERTIFICATE_MISSING = "signer-certificate-missing"
    UNSUPPORTED_ALGORITHM = "unsupported-algorithm"
    FORBIDDEN_ALGORITHM = "forbidden-algorithm"
    WEAK_DIGEST = "weak-digest"
    WEAK_KEY = "weak-key"
    # path
    UNKNOWN_ANCHOR = "unknown-anchor"
    PATH_INVALID = "path-invalid"
    POLICY_MISSING = "policy-missing"
    WRONG_PURPOSE = "wrong-purpose"
    NAME_NOT_PERMITTED = "name-not-permitted"
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REVOCATION_UNKNOWN = "revocation-unknown"
    NO_REFERENCE_TIME = "no-reference-time"
    SIGNER_NOT_ALLOWED = "signer-not-allowed"
    ADDRESS_MISMATCH = "address-mismatch"
    ADDRESS_MISSING = "address-missing"
    # binding
    CERTIFICATION_MISSING = "certification-missing"
    CERTIFICATION_INVALID = "certification-invalid"
    TIME_MISMATCH = "time-mismatch"
    KIND_MISMATCH = "kind-mismatch"
    SUBJECT_MISMATCH = "subject-mismatch"
    SENDER_MISMATCH = "sender-mismatch"
    DATE_MISMATCH = "date-mismatch"
    RECIPIENT_MISMATCH = "recipient-mismatch"
    REPLY_MISMATCH = "reply-mismatch"
    PROVIDER_MISMATCH = "provider-mismatch"
    REFERENCE_MISMATCH = "reference-mismatch"
    MESSAGE_ID_MISMATCH = "message-id-mismatch"
    INNER_MISMATCH = "inner-mismatch"
    ANOMALY_ENVELOPE = "anomaly-envelope"
    # what is remembered
    RECORD_CHANGED = "record-changed"


class Note(StrEnum):
    """What is worth saying and changes nothing. Closed (cli.md section 3)."""

    REVOCATION_NOT_CHECKED = "revocation-not-checked"
    REVOKED_SINCE = "revoked-since"
    CERTIFICATE_EXPIRED_SINCE = "certificate-expired-since"
    SHA1_AT_THE_TIME = "sha1-at-the-time"
    SMALL_KEY_AT_THE_TIME = "small-key-at-the-time"
    HEADER_MISSING = "header-missing"
    TRUST_ADDED_BY_HAND = "trust-added-by-hand"
    LOCAL_FILE = "local-file"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the inspector: what was checked and what came of it."""

    name: CheckName
    status: CheckStatus
    reason: Reason | None = None
    detail: str = ""
    """English, for the expert; never the only place where something is said."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is shown of a certificate. Names in RFC 4514 order, serial in lower-case hex."""

    email: str | None
    subject: str
    issuer: str
    serial: str
    sha256: str
    not_before: datetime
    not_after: datetime
    policies: tuple[str, ...] = ()
    """Policy OIDs it states, sorted."""
    crl_urls: tuple[str, ...] = ()
    """Where it says that its CRLs are published."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on one detached signature at one point in time."""

    status: SignatureStatus
    reason: Reason | None
    checks: tuple[Check, ...]
    notes: frozenset[Note] = frozenset()
    signer: Certificate | None = None
    chain: tuple[Certificate, ...] = ()
    """Signer first, then its issuers up to and without the anchor; empty without a path."""
    circuit: str | None = None
    """Name of the trust policy whose anchor the path reached."""
    provider_proven: bool = False
    """Path, policy, purpose and name constraints hold at the reference time: the certificate is a provider's."""
    signed_at: datetime | None = None
    """The signing time asserted in the CMS, UTC."""
    reference_time: datetime | None = None
    digest: str | None = None
    """Name of the message digest algorithm, lower case without dash: sha1, sha256, …"""
    weak: bool = False
    """Digest or key is past its date: the standing carries a reserve."""
