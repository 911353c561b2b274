"""What is read off a server besides its mail: how full the mailbox is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from pecdesk.profile.account_status import Quota
from pecdesk.sync.forecast import full_at
from pecdesk.sync.means import Means
from pecdesk.sync.refusal import RefusalError
from pecdesk.sync.server import Server

_log = logging.getLogger("sync")


def filling(
    account: str, server: Server, means: Means, stopped: Callable[[], bool]
) -> tuple[Quota, datetime | None] | None:
    """How full the mailbox is, and when it will be if it goes on like that; None where the server does not tell."""
    if "QUOTA" not in server.capabilities:
        return None
    try:
        quota = server.quota()
    except RefusalError as error:
        # It lets nobody ask that: all mail is here, and the account is current.
        _log.info("the server does not say how full it is: %s", error.code or "no reason given")
        return None
    if quota is None:
        return None
    store = means.store()
    with means.writing(stopped):
        store.note_quota(account, means.clock(), quota.used, quota.limit)
    return quota, full_at(store.quota_readings(account), quota)
