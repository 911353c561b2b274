"""One line for each thing that is held against the certification data."""

from __future__ import annotations

from pecdesk.trust import Check, CheckName, CheckStatus, Reason


def passed(name: CheckName, detail: str) -> Check:
    """It agrees, or there is nothing that could disagree."""
    return Check(name, CheckStatus.PASSED, None, detail)


def contradicts(name: CheckName, reason: Reason, detail: str) -> Check:
    """It disagrees: a reserve."""
    return Check(name, CheckStatus.FAILED, reason, detail)


def missing(name: CheckName, detail: str) -> Check:
    """What should be compared is not there."""
    return Check(name, CheckStatus.NOT_DONE, None, detail)


def differs(name: CheckName, reason: Reason, detail: str) -> Check:
    """It differs in a way that decides nothing: genuine mail may too."""
    return Check(name, CheckStatus.NOT_DONE, reason, detail)
