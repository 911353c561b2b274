"""`read_message(raw)`: what of a message is shown to a reader, safe to show: text, HTML, the pictures in it.

Of an envelope or a delivery receipt it is the mail inside. Pure, like `examine`, and run beside it in the helper
process. Pictures are those that the HTML shows and the message holds, no others; a decoder sees none of them before
their dimensions are known from their first bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from pecdesk.mime import (
    Part,
    Refusal,
    bodies,
    decoded,
    message_id_of,
    parse,
    picture_header,
    readable_text,
    safe_html,
    walk,
)
from pecdesk.pec.classify import layout_of
from pecdesk.pec.inside import mail_inside

MAX_PICTURES = 50
MAX_PICTURE_BYTES = 5 * 1024 * 1024
MAX_ALL_BYTES = 10 * 1024 * 1024
MAX_SIDE = 8192
"""Pixels."""
MAX_PIXELS = 24_000_000
"""Of all pictures together, two photographs from a telephone: decoded, one such takes 100 MB."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the HTML shows."""

    content_id: str
    """What stands behind `cid:` in the cleaned HTML: a number of ours, never the sender's word."""
    media_type: str
    """image/png, image/jpeg or image/gif, as its own first bytes say."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a message is shown to a reader."""

    text: str
    """Plain; empty where there is none, and where `html_refused` is `Refusal.LIMIT`."""
    html: str | None
    """A cleaned fragment; None where the message has no HTML, and where that was refused."""
    html_refused: Refusal | None
    pictures: tuple[Picture, ...]
    remote: int
    """References to the network that were left out of the HTML."""


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Reading)


def to_json(reading: Reading) -> bytes:
    """One JSON document that `from_json` reads back to an equal value."""
    return _ENCODER.encode(reading)


def from_json(document: bytes) -> Reading:
    """Read what `to_json` wrote; `msgspec.ValidationError` or `DecodeError` for anything else."""
    return _DECODER.decode(document)


def unread() -> Reading:
    """The reading of a message that could not be read within the limits."""
    return Reading("", None, Refusal.LIMIT, (), 0)


def read_message(raw: bytes) -> Reading:
    """Read one message: the mail inside where there is one, else the message itself. Never raises."""
    part = parse(raw)
    layout = layout_of(part)
    inside = mail_inside(raw, layout)
    data, part = (inside.data, inside.part) if inside else (raw, layout.signed or part)
    text = readable_text(data, part).text
    found = bodies(data, part)
    if not any(body.is_html for body in found):
        return Reading(text, None, None, (), 0)
    album = _Album(data, part)
    cleaned = safe_html(found, album.name_of)
    pictures = tuple(album.pictures) if cleaned.html is not None else ()
    return Reading(text, cleaned.html, cleaned.refused, pictures, cleaned.remote)


class _Album:
    """The pictures of a message, taken out one by one as the HTML asks for them."""

    def __init__(self, raw: bytes, part: Part) -> None:
        self._raw = raw
        self._parts: dict[str, Part] = {}
        for leaf in walk(part):
            content_id = message_id_of(leaf.value("content-id"))
            if content_id and not leaf.children:
                self._parts.setdefault(content_id, leaf)
        self._names: dict[str, str | None] = {}
        self._pixels = 0
        self._bytes = 0
        self.pictures: list[Picture] = []
        """Those that were asked for and are fit to be shown."""

    def name_of(self, content_id: str) -> str | None:
        """The name of a picture in the cleaned HTML; None where there is none, or none that is fit to be shown."""
        if content_id not in self._names:
            self._names[content_id] = self._taken(self._parts.get(content_id))
        return self._names[content_id]

    def _taken(self, part: Part | None) -> str | None:
        # Even in base64 with short lines the encoded picture is less than twice as long.
        if (
            part is None
            or len(self.pictures) >= MAX_PICTURES
            or part.body.end - part.body.start > 2 * MAX_PICTURE_BYTES
        ):
            return None
        data = decoded(self._raw, part)
        header = picture_header(data)
        if header is None or len(self.pictures) >= MAX_PICTURES:
            return None
        if len(data) > min(MAX_PICTURE_BYTES, MAX_ALL_BYTES - self._bytes):
            return None
        pixels = header.width * header.height
        if max(header.width, header.height) > MAX_SIDE or pixels > MAX_PIXELS - self._pixels:
            return None
        self._pixels += pixels
        self._bytes += len(data)
        name = str(len(self.pictures) + 1)
        self.pictures.append(Picture(name, header.media_type, data))
        return name
