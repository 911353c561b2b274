"""A key store in memory, put in the place of the system's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keyring
import keyring.backend
import keyring.errors


class MemoryKeyStore(keyring.backend.KeyringBackend):
    """Keeps what it is given until the test is over; `refusal` is raised instead where it is set."""

    priority = 9  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.refusal: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._refuse()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._refuse()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._refuse()
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError

    def _refuse(self) -> None:
        if self.refusal is not None:
            raise self.refusal


@contextmanager
def key_store(store: keyring.backend.KeyringBackend) -> Iterator[None]:
    """Make it the system's inside the block."""
    before = keyring.core._keyring_backend
    keyring.set_keyring(store)
    try:
        yield
    finally:
        keyring.core._keyring_backend = before
