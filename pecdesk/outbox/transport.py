"""Handing a message over to a provider: what is asked of it, and the four ways it can end.

The order is fixed (RFC 5321): MAIL FROM, each RCPT TO, DATA, the bytes, the final dot, the answer. Until the final dot
nothing was sent, whatever happened; after it, without an answer, nobody knows (RFC 1047).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol, Self

from pecdesk.errors import PecdeskError


@dataclass(frozen=True, slots=True)
class Parcel:
    """A frozen message and its envelope."""

    sender: str
    """MAIL FROM: the address in `From` (RFC 6109 §3.1.1)."""
    recipients: tuple[str, ...]
    """RCPT TO: everybody in To and Cc, each once."""
    size: int
    open: Callable[[], BinaryIO]
    """The exact bytes, CRLF throughout."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The provider answered 250 to the whole message."""

    reply: str
    """Its words, for people."""


class RefusedError(PecdeskError):
    """The provider refuses it for good (5xx): nothing was sent. One refused recipient refuses all."""


class PostponedError(PecdeskError):
    """Nothing was sent; it may be tried again: 4xx, or the connection failed before the final dot."""

    @classmethod
    def because_of(cls, error: PecdeskError) -> Self:
        """With the words of another failure."""
        return cls(error.message, error.next_step, **error.fields)


class UncertainError(PecdeskError):
    """The connection ended after the final dot and before the answer: perhaps it was sent."""


class Transport(Protocol):
    """A way to a provider. For one thread."""

    def hand_over(self, parcel: Parcel, before_the_dot: Callable[[], None]) -> Taken:
        """Hand over one message. `before_the_dot` is called when everything but the end of the data has been sent: what
        it writes must be durable when it returns, and where it raises nothing is sent.

        Raises `RefusedError`, `PostponedError`, `UncertainError`, and `LoginError` where it was not let in.
        """


TransportOf = Callable[[str], Transport]
"""The transport of an account, by its address."""
