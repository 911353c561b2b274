"""A certified provider on this machine: a real SMTP port with TLS and login in front, real mailboxes behind.

It is the demo's provider (`pecdesk.demo.access_point`, `courier`): it keeps the rules of the access point, signs its
receipts under the kit's world, and puts each into the mailbox it is for, when the test says so.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pecdesk.demo.access_point import RefusedAtTheDoor, at_the_door, provider_key, take
from pecdesk.demo.courier import Posted, post
from tests.kit.certificates import ServerCertificate
from tests.kit.messages import world
from tests.kit.smtp_server import SmtpServer

Deliver = Callable[[str, bytes], object]
"""Puts a mail into the inbox of an address."""


class PecProvider(SmtpServer):
    """The provider of one user. Use with `with`."""

    def __init__(
        self,
        folder: Path,
        certificate: ServerCertificate,
        *,
        user: str,
        password: str,
        clock: Callable[[], datetime],
        deliver: Deliver,
    ) -> None:
        super().__init__(folder, certificate, user=user, password=password)
        self._clock = clock
        self._deliver = deliver
        self._key = provider_key(user) or "uno"
        self._on_their_way: deque[Posted] = deque()
        self._arrived = threading.Condition()

    def objection(self, sender: str, recipients: list[str]) -> str | None:
        """As the access point: whoever logged in writes in nobody else's name."""
        refused = at_the_door(self.user, sender, recipients)
        return f"{refused.code} {refused.text}" if refused else None

    def keep(self, sender: str, recipients: list[str], raw: bytes) -> str | None:
        """Take it, durably, and put what it brings about on its way."""
        taken = take(world().providers[self._key], raw, sender, recipients, self._clock())
        if isinstance(taken, RefusedAtTheDoor):
            return f"{taken.code} {taken.text}"
        super().keep(sender, recipients, raw)
        with self._arrived:
            self._on_their_way.extend(post(world().providers, taken, self._key))
            self._arrived.notify_all()
        return None

    def deliver_next(self, patience: float = 20.0) -> Posted:
        """Put the next mail into its mailbox; waits until there is one."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: bool(self._on_their_way), patience), "nothing is on its way"
            posted = self._on_their_way.popleft()
        self._deliver(posted.mailbox, posted.raw)
        return posted

    @property
    def waiting(self) -> int:
        """Mails on their way."""
        with self._arrived:
            return len(self._on_their_way)
