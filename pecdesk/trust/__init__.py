"""Who signed these bytes, and should it be believed: judge a detached signature at a point in time.

No clock, no network, no files but the data shipped with the program and what a policy file names. A path of
certificates is believed only to an anchor, a name with its key; certificates that come with a message are candidates
and never trusted. Reading order: `verify`, `judgement`, `signed`, `over_time`, `path`, `revocation`; below them `cms`,
`certificate`, `crl`, `ocsp` on the strict reader `der`; `policy`, `policy_file` and `anchors` are what is trusted,
`kept` tells a keeper of revocation data what it has.
"""

from pecdesk.trust.anchors import (
    AnchorSet,
    anchors_from_json,
    anchors_to_json,
    policy_from_text,
    policy_to_text,
    shipped_anchors,
)
from pecdesk.trust.kept import DataKind, RevocationData, is_from_known_authority, read_revocation_data
from pecdesk.trust.named import names_pec_authority
from pecdesk.trust.policy import Anchor, Purpose, RevocationMode, TrustPolicy
from pecdesk.trust.policy_file import load_policy
from pecdesk.trust.verdict import Certificate, Check, CheckName, CheckStatus, Note, Reason, SignatureStatus, Verdict
from pecdesk.trust.verify import verify

__all__ = [
    "Anchor",
    "AnchorSet",
    "Certificate",
    "Check",
    "CheckName",
    "CheckStatus",
    "DataKind",
    "Note",
    "Purpose",
    "Reason",
    "RevocationData",
    "RevocationMode",
    "SignatureStatus",
    "TrustPolicy",
    "Verdict",
    "anchors_from_json",
    "anchors_to_json",
    "is_from_known_authority",
    "load_policy",
    "names_pec_authority",
    "policy_from_text",
    "policy_to_text",
    "read_revocation_data",
    "shipped_anchors",
    "verify",
]
