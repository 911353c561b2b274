"""What the journal can tell: one value for each kind of fact, and its line of JSON.

A fact that was once written is read for ever: fields are only ever added, with a default.
"""

from __future__ import annotations

from typing import get_args

import msgspec

from pecdesk.store.steps import Freezing, Moment, Step


class Seen(msgspec.Struct, frozen=True, tag_field="kind", tag="seen", omit_defaults=True):
    """A message arrived, once more or for the first time."""

    sha256: str
    at: Moment
    source: str
    """What brought it: `import`, `imap`, …"""
    account: str | None = None
    """Whose mailbox it lay in, when that was stated."""
    folder: str | None = None
    """Name of the folder it lay in, for people."""
    in_sent_folder: bool = False
    """Whether that folder holds what was sent."""
    unquoted_from: str | None = None
    """SHA-256 of the bytes as they stood in an mbox, when `>From ` lines were unquoted to get those archived."""
    flags: str | None = None
    """Letters of Maildir's info: S seen, R replied, F flagged, P passed on, T trashed, D draft."""


class AccountKnown(msgspec.Struct, frozen=True, tag_field="kind", tag="account-known"):
    """An address is one of this profile's accounts."""

    address: str
    at: Moment


class TrustAdded(msgspec.Struct, frozen=True, tag_field="kind", tag="trust-added"):
    """A trust policy was added by hand."""

    name: str
    at: Moment
    policy_json: str


class TrustRemoved(msgspec.Struct, frozen=True, tag_field="kind", tag="trust-removed"):
    """A trust policy was taken away again."""

    name: str
    at: Moment


class Erased(msgspec.Struct, frozen=True, tag_field="kind", tag="erased", omit_defaults=True):
    """Messages were erased on purpose: their absence from the archive is no damage.

    Counts for what the journal told of them before; a message that arrives later is new.
    """

    sha256: str
    at: Moment
    others: tuple[str, ...] = ()
    """Erased with it: all of them or, where the line was never finished, none."""

    @property
    def sha256s(self) -> tuple[str, ...]:
        """All of them."""
        return (self.sha256, *self.others)


class RemovedFromServer(msgspec.Struct, frozen=True, tag_field="kind", tag="removed-from-server"):
    """Messages are no longer in that folder of their mailbox's server; they stay here. One that is seen there again
    is back."""

    account: str
    folder: str
    sha256s: tuple[str, ...]
    at: Moment


class MarkedRead(msgspec.Struct, frozen=True, tag_field="kind", tag="marked-read"):
    """Messages count as read."""

    sha256s: tuple[str, ...]
    at: Moment


class MarkedUnread(msgspec.Struct, frozen=True, tag_field="kind", tag="marked-unread"):
    """Messages count as unread; one of which nothing is told is read."""

    sha256s: tuple[str, ...]
    at: Moment


class Labelled(msgspec.Struct, frozen=True, tag_field="kind", tag="labelled"):
    """Messages were given a label, told by its exact name."""

    name: str
    sha256s: tuple[str, ...]
    at: Moment


class Unlabelled(msgspec.Struct, frozen=True, tag_field="kind", tag="unlabelled"):
    """A label was taken from messages."""

    name: str
    sha256s: tuple[str, ...]
    at: Moment


class Hidden(msgspec.Struct, frozen=True, tag_field="kind", tag="hidden"):
    """Messages are not to be shown in the ordinary lists."""

    sha256s: tuple[str, ...]
    at: Moment


class Unhidden(msgspec.Struct, frozen=True, tag_field="kind", tag="unhidden"):
    """Messages are to be shown again."""

    sha256s: tuple[str, ...]
    at: Moment


Mark = MarkedRead | MarkedUnread | Labelled | Unlabelled | Hidden | Unhidden
"""What the user says of messages that are here."""

Entry = Seen | AccountKnown | TrustAdded | TrustRemoved | Erased | RemovedFromServer | Mark | Freezing | Step

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Entry)
_KIND = msgspec.json.Decoder(dict[str, object])
_KINDS = frozenset(kind.__struct_config__.tag for kind in get_args(Entry))


def line_of(entry: Entry) -> bytes:
    """The line that tells of it, with its end."""
    return _ENCODER.encode(entry) + b"\n"


def entry_in(line: bytes) -> Entry | None:
    """What a line tells; None for one that is damaged or of a kind this version does not know."""
    try:
        entry: Entry = _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return entry


def is_whole(line: bytes) -> bool:
    """Whether the line holds an entry, of a kind known here or of a later one."""
    if entry_in(line) is not None:
        return True
    try:
        kind = _KIND.decode(line).get("kind")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return isinstance(kind, str) and kind not in _KINDS
