"""The mail inside an envelope or a delivery receipt: taken out of its transfer encoding and parsed, one level deep."""

from __future__ import annotations

from dataclasses import dataclass

from pecdesk.mime import Part, decoded, parse
from pecdesk.pec.classify import Layout


@dataclass(frozen=True, slots=True)
class Inside:
    """The mail inside a PEC object."""

    data: bytes
    """The whole message where the inner mail stands as it is, else the decoded inner mail."""
    part: Part
    """The inner mail, as spans over `data`."""
    encoding: str
    """identity, or the Content-Transfer-Encoding that was undone."""

    @property
    def raw(self) -> bytes:
        """The inner mail, byte for byte."""
        return self.part.span.of(self.data)


def mail_inside(raw: bytes, layout: Layout) -> Inside | None:
    """What lies at the place of postacert.eml; None where there is nothing, or nothing that is a mail."""
    if layout.original is None:
        return None
    place = layout.original
    written = (place.value("content-transfer-encoding") or b"").strip().lower()
    if written in (b"base64", b"quoted-printable"):
        data = decoded(raw, place)
        inside = Inside(data, parse(data), written.decode())
    else:
        inside = Inside(raw, parse(raw, place.body), "identity")
    return inside if place.media_type == "message/rfc822" or inside.part.headers else None
