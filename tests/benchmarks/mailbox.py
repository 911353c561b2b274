"""A Maildir of genuine-looking messages, really signed, with what must be said of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pecdesk.demo.bulk import bulk
from pecdesk.demo.world import STUDIO, make_authority, make_world

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Mailbox:
    maildir: Path
    policy: Path
    authority: Path
    account: str
    expected: Counter[str]
    """How many messages of each standing."""
    octets: int

    @property
    def count(self) -> int:
        return sum(self.expected.values())


def make_mailbox(folder: Path, count: int) -> Mailbox:
    """Fill `folder/mail` with that many messages."""
    authority = make_authority(NOW)
    world = make_world(authority, NOW)
    maildir = folder / "mail"
    for name in ("cur", "new", "tmp"):
        (maildir / name).mkdir(parents=True)
    (folder / "ca.pem").write_bytes(authority.certificate_pem)
    (folder / "policy.toml").write_text(authority.policy_toml("BENCH", "ca.pem"), encoding="utf-8")
    expected: Counter[str] = Counter()
    octets = 0
    for number, message in enumerate(bulk(world, count, NOW)):
        (maildir / "cur" / f"{number:06d}:2,S").write_bytes(message.raw)
        expected[message.standing] += 1
        octets += len(message.raw)
    return Mailbox(maildir, folder / "policy.toml", folder / "ca.pem", STUDIO, expected, octets)
