"""The accounts one can write from, with what their providers take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pecdesk.app import App
from pecdesk.pec.message import normal_address
from pecdesk.profile.accounts import Account
from pecdesk.profile.providers import provider_named


@dataclass(frozen=True, slots=True)
class Sender:
    """One account, as far as writing goes."""

    address: str
    name: str = ""
    provider: str = ""
    """What the provider is called."""
    size_limit: int = 0
    """Bytes of encoded message times recipients; 0: not known."""
    can_send: bool = True


def senders(app: App) -> tuple[Sender, ...]:
    """All accounts, those that can send first. Not for the GUI thread."""
    found = [_sender(account) for account in app.servers.all()]
    if app.outgoing.has_own_way:
        known = {normal_address(one.address) for one in found}
        found += [Sender(address) for address in sorted(app.store.accounts() - known)]
    return tuple(sorted(found, key=lambda one: not one.can_send))


def _sender(account: Account) -> Sender:
    provider = provider_named(account.provider)
    return Sender(
        account.address,
        account.name,
        provider.name if provider is not None else "",
        account.size_limit or (provider.size_limit if provider is not None else 0),
        account.smtp is not None,
    )


def sender_of(address: str, known: Sequence[Sender]) -> Sender:
    """The account of that address; one that is gone can send no more."""
    key = normal_address(address)
    return next((one for one in known if normal_address(one.address) == key), Sender(address, can_send=False))
