"""The certification data of a message: what a daticert.xml at its place says, whoever wrote it."""

from __future__ import annotations

from pecdesk.mime import decoded
from pecdesk.pec.classify import Layout
from pecdesk.pec.daticert import CertificationData, CertificationError, read_certification
from pecdesk.pec.message import MessageKind
from pecdesk.trust import Check, CheckName, CheckStatus, Reason

UNSIGNED = Check(
    CheckName.CERTIFICATION,
    CheckStatus.NOT_DONE,
    None,
    "daticert.xml is at its place and valid, and covered by no signature that holds",
)
"""Stands in the place of a passed check where the signature did not pass: the data is then a claim."""


def certification_of(raw: bytes, layout: Layout, claimed: MessageKind) -> tuple[CertificationData | None, Check]:
    """What the daticert.xml at its place says. A REM message has none: its XML is evidence of another sort."""
    name = CheckName.CERTIFICATION
    reason, detail = Reason.CERTIFICATION_MISSING, "no daticert.xml at its place"
    if layout.certification is not None:
        try:
            certification = read_certification(decoded(raw, layout.certification))
        except CertificationError as error:
            reason, detail = Reason.CERTIFICATION_INVALID, f"daticert.xml: {error}"
        else:
            return certification, Check(name, CheckStatus.PASSED, None, "daticert.xml is at its place and valid")
    if claimed.is_rem and layout.rem_evidence is not None:
        return None, Check(name, CheckStatus.NOT_DONE, None, "REM has no daticert.xml")
    return None, Check(name, CheckStatus.FAILED, reason, detail)
