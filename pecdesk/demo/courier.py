"""What the made-up providers post once a message was taken: which mail, into whose mailbox, how soon.

Who lives in the made-up world gets what is sent to him; an unknown mailbox of a certified domain, a full one and a
disabled one answer with their codes (protocol reference §2.7); ordinary mail answers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pecdesk.demo.access_point import TakenThenRefused, provider_key
from pecdesk.demo.provider import Provider, Sending
from pecdesk.demo.world import ACCOUNTS, PARTY_AT
from pecdesk.pec.message import normal_address

ACCEPTED_AFTER = timedelta(seconds=1)
DELIVERED_AFTER = timedelta(seconds=2)
APART = timedelta(milliseconds=500)
"""Between the deliveries to two recipients."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a mailbox takes nothing."""

    code: str
    words: str
    error: str = "altro"


FAULTS: Mapping[str, Fault] = {
    "casella.piena": Fault("5.2.2", "casella piena"),
    "casella.disabilitata": Fault("5.2.1", "casella disabilitata"),
}
"""By the name before the @, at any certified domain."""
UNKNOWN = Fault("5.1.1", "indirizzo non valido", "no-dest")


@dataclass(frozen=True, slots=True)
class Posted:
    """A mail on its way."""

    after: timedelta
    """Since the message was taken."""
    mailbox: str
    raw: bytes


def fault_of(address: str) -> Fault | None:
    """Why a certified address cannot be delivered to; None: it can."""
    known = normal_address(address)
    name = known.partition("@")[0]
    if name in FAULTS:
        return FAULTS[name]
    return None if known in PARTY_AT else UNKNOWN


def post(providers: Mapping[str, Provider], taken: Sending | TakenThenRefused, key: str) -> Iterator[Posted]:
    """Everything a message brings about, in order; `key` names the sender's provider."""
    own = providers[key]
    if isinstance(taken, TakenThenRefused):
        notice = own.non_acceptance(taken.sending, taken.why, virus=taken.is_virus)
        yield Posted(ACCEPTED_AFTER, taken.sending.sender, notice.sealed())
        return
    yield Posted(ACCEPTED_AFTER, taken.sender, own.acceptance(taken).sealed())
    for number, recipient in enumerate(taken.recipients):
        after = DELIVERED_AFTER + number * APART
        served = provider_key(recipient.address)
        if normal_address(recipient.address) in ACCOUNTS:
            yield Posted(after, normal_address(recipient.address), own.envelope(taken, recipient.address).sealed())
        if served is not None:
            yield Posted(after, taken.sender, _outcome(providers[served], taken, recipient.address, after))


def _outcome(provider: Provider, taken: Sending, address: str, after: timedelta) -> bytes:
    at = whole_second(taken.accepted_at + after)
    fault = fault_of(address)
    if fault is None:
        return provider.delivery(taken, address, at).sealed()
    statement = provider.non_delivery(taken, address, at, code=fault.code, words=fault.words, error=fault.error)
    return statement.sealed()


def whole_second(moment: datetime) -> datetime:
    """Certified times have no fractions."""
    return moment.replace(microsecond=0)
