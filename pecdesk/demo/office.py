"""The made-up law office: its mailboxes over thirty months, and what the program must make of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from pecdesk.demo import everyday, incidents, strangers
from pecdesk.demo.authority import Authority
from pecdesk.demo.desk import DemoMessage, Desk, ExpectedTransmission
from pecdesk.demo.world import ACCOUNTS, World, make_authority, make_world

SEED = 1953
TRUST_NAME = "DEMO"


@dataclass(frozen=True, slots=True)
class Office:
    """Everything the demo consists of."""

    now: datetime
    """The moment the office is looked at."""
    world: World
    accounts: Mapping[str, str]
    """Address to display name."""
    messages: tuple[DemoMessage, ...]
    expected: tuple[ExpectedTransmission, ...]

    @property
    def authority(self) -> Authority:
        """The authority its providers are under, to be trusted in the demo alone."""
        return self.world.authority


def office(now: datetime, *, world: World | None = None, seed: int = SEED) -> Office:
    """The office as it is at `now`. The same world, time and seed give the same bytes; keys are new unless given."""
    chosen = world or make_world(make_authority(now), now)
    desk = Desk(chosen, now)
    everyday.live(desk, Random(seed))
    for happen in (
        incidents.waiting,
        incidents.failures,
        incidents.shapes,
        incidents.differing,
        strangers.forged,
        strangers.claims,
        strangers.traps,
        strangers.uncertified,
    ):
        happen(desk)
    names = {address: name for address, (name, _) in ACCOUNTS.items()}
    return Office(now, chosen, names, tuple(desk.messages), tuple(desk.expected))


def write(made: Office, target: Path) -> None:
    """The office as files: `trust/ca.pem`, `trust/demo.toml`, `mail/<account>/inbox|sent/*.eml`."""
    trust = target / "trust"
    trust.mkdir(parents=True, exist_ok=True)
    (trust / "ca.pem").write_bytes(made.authority.certificate_pem)
    (trust / "demo.toml").write_text(made.authority.policy_toml(TRUST_NAME, "ca.pem"), encoding="utf-8")
    for account in made.accounts:
        for folder in ("inbox", "sent"):
            (target / "mail" / account / folder).mkdir(parents=True, exist_ok=True)
    for message in made.messages:
        (target / "mail" / message.account / message.folder / message.file_name).write_bytes(message.raw)
