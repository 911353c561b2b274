"""The log of a window, in its profile."""

from __future__ import annotations

import logging
import logging.handlers
import os

from pecdesk.profile import Profile

LOG_BYTES = 1_000_000


def start_log(profile: Profile) -> None:
    """`pecdesk.log` in the profile: what happened, never what was written in a message."""
    path = profile.root / "pecdesk.log"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    for name in ("sync", "trust", "store", "outbox", "ui"):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
