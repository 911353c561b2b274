"""`verify`: judge a detached CMS signature over given bytes at a point in time."""

from __future__ import annotations

from datetime import datetime

from pecdesk.trust.anchors import AnchorSet
from pecdesk.trust.verdict import Reason, Verdict


def verify(
    content: bytes | memoryview,
    signature: bytes,
    *,
    at: datetime | None,
    address: str | None,
    address_reason: Reason | None,
    anchors: AnchorSet,
    now: datetime | None = None,
) -> Verdict:
    """Judge `signature` (a CMS ContentInfo, DER or BER) over exactly the bytes of `content`.

    `at` is the reference time; without it the time asserted in the signature is taken. `address` is the one strictly
    parsed From, or None with the reason. `now` only serves the note that the certificate has expired since. Never
    raises for anything in the bytes, has no clock and no network.
    """
    # The cryptographic library takes 60 ms to import: who only reads verdicts does not pay for it.
    from pecdesk.trust.judgement import Case, judge  # noqa: PLC0415

    return judge(Case(content, signature, at, address, address_reason, anchors, now))
