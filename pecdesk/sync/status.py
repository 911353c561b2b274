"""How the synchronisation of an account stands: the values are `pecdesk.profile.account_status`, made here."""

from __future__ import annotations

from pecdesk.profile.account_status import AccountStatus, EmptiedFolder, Quota, SyncState

__all__ = ["AccountStatus", "EmptiedFolder", "Quota", "SyncState"]
