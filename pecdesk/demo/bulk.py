"""Any number of genuine-looking messages for measuring: receipts of some kilobytes, a few of some megabytes.

Every one is really signed. Each transmission is complete: acceptance and delivery of what was sent, or the envelope of
what was received; a known share is altered, unsigned or ordinary, and each message carries what must be said of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from pecdesk.demo.correspondence import client_id, received_letter, sent_letter, written
from pecdesk.demo.draft import Attachment, Completeness, Draft
from pecdesk.demo.forgery import mutated, unsigned
from pecdesk.demo.letter import Letter
from pecdesk.demo.ordinary import ordinary
from pecdesk.demo.world import PARTIES, STUDIO, Party, World

SPAN = timedelta(days=800)

SMALL_FILE = (1_000, 22_000)
"""Bytes of an attachment: with it a receipt weighs 10 to 50 kB."""

BIG_FILE = (700_000, 7_000_000)
"""Bytes of a big attachment: with it a message weighs 1 to 10 MB."""

SENT_SHARE = 0.6
UNSIGNED_SHARE = 0.01
ALTERED_SHARE = 0.01
ORDINARY_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class BulkMessage:
    """One message, whose mailbox it is, and what `verify` must say of it."""

    raw: bytes
    account: str
    kind: str
    standing: str


def bulk(world: World, count: int, now: datetime, *, seed: int = 1, big_share: float = 0.002) -> Iterator[BulkMessage]:
    """`count` messages, about oldest first; `big_share` of the transmissions carry megabytes.

    The same arguments give the same bytes.
    """
    return islice(_endless(world, count, now, Random(seed), big_share), count)


def _endless(world: World, count: int, now: datetime, random: Random, big_share: float) -> Iterator[BulkMessage]:
    step = SPAN / max(count, 1)
    number = 0
    while True:
        at = now - SPAN - timedelta(days=1) + step * min(2 * number, count)
        tell: Callable[[World, Draft, Random], Iterator[BulkMessage]]
        if random.random() < SENT_SHARE:
            tell, draft = _sent, _draft(sent_letter(random), at, number, random, big_share, sent=True)
        else:
            tell, draft = _received, _draft(received_letter(random), at, number, random, big_share, sent=False)
        yield from tell(world, draft, random)
        number += 1


def _draft(letter: Letter, at: datetime, number: int, random: Random, big_share: float, *, sent: bool) -> Draft:
    party = random.choice(_fitting(letter))
    own = PARTY_OF_STUDIO.recipient()
    draft = (
        written(letter, STUDIO, (party.recipient(),), at, random)
        if sent
        else written(letter, party.address, (own,), at, random)
    )
    low, high = BIG_FILE if random.random() < big_share else SMALL_FILE
    file = Attachment(f"documento_{number}.bin", random.randbytes(random.randint(low, high)))
    asked = Completeness.BRIEF if random.random() < 0.1 else None
    return replace(
        draft, message_id=client_id(draft.sender, number, at), attachments=(*draft.attachments, file), asks_for=asked
    )


PARTY_OF_STUDIO = Party("Studio legale Verdi (DEMO)", STUDIO, "uno", "own")


def _fitting(letter: Letter) -> list[Party]:
    return [party for party in PARTIES if party.provider and party.sort in letter.to]


def _sent(world: World, draft: Draft, random: Random) -> Iterator[BulkMessage]:
    own, recipient = world.provider_of(draft.sender), draft.recipients[0].address
    sending = own.take(draft, draft.date + timedelta(seconds=random.randint(1, 5)))
    yield BulkMessage(own.acceptance(sending).sealed(), STUDIO, "acceptance", "certified")
    later = sending.accepted_at + timedelta(seconds=random.randint(1, 90))
    other = world.provider_of(recipient)
    if random.random() < 0.03:
        yield BulkMessage(other.non_delivery(sending, recipient, later).sealed(), STUDIO, "non-delivery", "certified")
        return
    delivery, chance = other.delivery(sending, recipient, later), random.random()
    if chance < UNSIGNED_SHARE:
        yield BulkMessage(unsigned(delivery), STUDIO, "delivery", "not-certified")
    elif chance < UNSIGNED_SHARE + ALTERED_SHARE:
        raw = mutated(delivery.sealed(), b"Ricevuta di avvenuta", b"Ricevuta di mancata!")
        yield BulkMessage(raw, STUDIO, "delivery", "altered")
    else:
        yield BulkMessage(delivery.sealed(), STUDIO, "delivery", "certified")


def _received(world: World, draft: Draft, random: Random) -> Iterator[BulkMessage]:
    if random.random() < ORDINARY_SHARE:
        yield BulkMessage(ordinary(draft), STUDIO, "ordinary", "not-certified")
        return
    provider = world.provider_of(draft.sender)
    sending = provider.take(draft, draft.date + timedelta(seconds=random.randint(1, 5)))
    yield BulkMessage(provider.envelope(sending, STUDIO).sealed(), STUDIO, "transport-envelope", "certified")
