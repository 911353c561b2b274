"""Seals on what the database remembers, by which an edit of it is found out (security page, A17).

A seal is a keyed hash over an examination, over the texts kept beside it, or over the facts of a row. The key lies in a
file of its own beside the database, readable by its owner alone: whoever reads that file too can seal what he likes, so
no proof, no export and no inspection ever rests on what is remembered here.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from pathlib import Path

from pecdesk.store.disk import write_file

KEY_FILE = "seal.key"
KEY_BYTES = 32
SEAL_BYTES = 16

SEALED = "seal = seal_of('message', examination)"
"""Condition on `message`: its examination is the one that was written."""

WORDS_SEAL = "seal_of('words', {sha256} || ' ' || seal_of('text', {text}) || ' ' || seal_of('notice', {notice}))"
"""The seal of the texts of a message, in SQL, with the three of them as expressions."""


class Seals:
    """Makes seals with the key of one folder; the key is made where there is none."""

    def __init__(self, folder: Path) -> None:
        self._key = _key(folder / KEY_FILE)

    @property
    def name(self) -> str:
        """Another one for every key: what was sealed under another name is not believed."""
        return self.seal("name", "") or ""

    def seal(self, purpose: str, text: object) -> str | None:
        """The seal of a text; of what is none there is none."""
        if not isinstance(text, str):
            return None
        return hashlib.blake2b(
            text.encode("utf-8", "surrogatepass"), digest_size=SEAL_BYTES, key=self._key, person=purpose.encode()
        ).hexdigest()

    def teach(self, connection: sqlite3.Connection) -> None:
        """Let statements of this connection use `seal_of(purpose, text)`."""
        connection.create_function("seal_of", 2, self.seal, deterministic=True)


def _key(path: Path) -> bytes:
    """The key in that file. Of two programs that make one at the same time, both take the first."""
    if _is_key(path):
        return path.read_bytes()
    path.unlink(missing_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    write_file(fresh, secrets.token_bytes(KEY_BYTES))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path.read_bytes()


def _is_key(path: Path) -> bool:
    try:
        return path.stat().st_size == KEY_BYTES
    except FileNotFoundError:
        return False
