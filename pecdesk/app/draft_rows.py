"""The rows of drafts, made to agree with their files: after a rebuild, a crash, or another process in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pecdesk.pec.drafted import draft_row
from pecdesk.profile import Profile
from pecdesk.store import Filter, Group, Store
from pecdesk.store.drafts import DraftFolder

LEFTOVERS_KEPT = timedelta(days=7)
"""How long a file stays that no draft names: somebody may be about to save the one that does."""


def agree_with_files(store: Store, profile: Profile) -> None:
    """Let the list show exactly the drafts there are; nothing is written where it does."""
    folder = DraftFolder(profile.drafts)
    if profile.drafts.is_dir():
        folder.sweep((datetime.now(UTC) - LEFTOVERS_KEPT).timestamp())
    frozen = store.frozen_drafts()
    drafts = [draft for draft in folder.all()[0] if draft.id not in frozen]
    shown = [row.transmission for row in store.rows(Filter(group=Group.DRAFTS, limit=0), datetime.now(UTC))]
    wanted = {row.key: row for row in map(draft_row, drafts)}
    if wanted != {row.key: row for row in shown}:
        store.show_drafts(drafts)
