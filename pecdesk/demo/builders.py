"""A provider's certified mail as bytes: text, daticert.xml and the original under one signature (RFC 6109 §4.3).

A `Statement` holds every word a provider is about to sign and send, as a value. Whoever needs a lie changes the value
(`dataclasses.replace`, `with_header`, `certifying`) before `sealed()` makes the bytes, or takes the bytes apart
afterwards: `signed_mail` puts any content and any signature together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Any, Literal, Protocol

from pecdesk.demo.certification import Certification, daticert
from pecdesk.demo.inside import Hash, sha1_as_sent
from pecdesk.demo.mail import (
    CRLF,
    Encoding,
    base64_lines,
    enclosed,
    encoded,
    entity,
    headers,
    multipart,
    text_entity,
    token,
)

PREAMBLE = b"This is an S/MIME signed message\r\n\r\n"

SignatureType = Literal["application/x-pkcs7-signature", "application/pkcs7-signature"]


class Sealer(Protocol):
    """Who can sign: `authority.Signer`, or anything a test puts in its place."""

    def sign(self, content: bytes, at: datetime, *, digest: str = "sha256") -> bytes:
        """A detached CMS signature over `content`, DER."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What differs from provider to provider and means nothing (observed variants: protocol reference §2.3)."""

    original_first: bool = False
    """postacert.eml before daticert.xml; the rules allow either order."""
    certification_encoding: Encoding = "base64"
    certification_disposition: Literal["inline", "attachment"] = "inline"
    html: bool = True
    """False: a lone text/plain instead of multipart/alternative."""
    binary_container: bool = True
    signature_type: SignatureType = "application/x-pkcs7-signature"
    micalg: str = '"sha-256"'
    """As written; never to be trusted."""
    digest_until: tuple[tuple[datetime, str], ...] = ()
    """Digests of the past: each until its moment, SHA-256 afterwards."""
    display_name: str = ""
    """Before the address in From of receipts."""
    completeness_header: Literal["X-TipoRicevuta", "X-Tiporicevuta"] = "X-TipoRicevuta"
    always_completeness: bool = True
    """False: the envelope carries that header only when the sender's program had set it."""
    hexadecimal_ids: bool = False
    indent: int = 4
    empty_pair: bool = False
    english: bool = False
    """The text is followed by its English version."""
    hash_of: Hash = sha1_as_sent
    """What stands in a brief delivery receipt."""

    def digest(self, at: datetime) -> str:
        """The digest algorithm in use at that time."""
        return next((name for until, name in self.digest_until if at < until), "sha256")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a provider is about to sign and send."""

    fields: tuple[tuple[str, str], ...]
    """The outer headers in order, signed by nobody, without those of the signature's container."""
    title: str
    lines: tuple[str, ...]
    """The text, one line each."""
    certification: Certification | bytes | None
    """Bytes are taken as they are; None: no daticert.xml (anomaly envelopes)."""
    inside: bytes | None
    """The mail that becomes postacert.eml."""
    at: datetime
    signer: Sealer
    habits: Habits

    def header(self, name: str) -> str:
        """The first outer header of that name, or nothing."""
        return next((value for key, value in self.fields if key.lower() == name.lower()), "")

    @property
    def boundary(self) -> str:
        """The digits all boundaries of this message share."""
        return token(self.header("Message-ID"), self.header("Subject"), self.at.isoformat(), length=24).upper()

    def content(self) -> bytes:
        """The first part: the bytes that are signed."""
        parts = [self._text()]
        certification = self._certification()
        original = self._original()
        order = (original, certification) if self.habits.original_first else (certification, original)
        parts += [part for part in order if part is not None]
        more = (("Content-Transfer-Encoding", "binary"),) if self.habits.binary_container else ()
        return multipart("mixed", f"----------=_{self.boundary}-1", parts, more)

    def sealed(self) -> bytes:
        """The message as it lies in a mailbox."""
        content = self.content()
        signature = self.signer.sign(content, self.at, digest=self.habits.digest(self.at))
        return signed_mail(
            self.fields,
            content,
            signature,
            f"----{self.boundary}",
            signature_type=self.habits.signature_type,
            micalg=self.habits.micalg,
        )

    def _text(self) -> bytes:
        plain = text_entity(f"{self.title}\n\n" + "\n".join(self.lines) + "\n")
        if not self.habits.html:
            return plain
        page = text_entity(as_html(self.title, self.lines), "html")
        more = (("Content-Transfer-Encoding", "binary"),) if self.habits.binary_container else ()
        return multipart("alternative", f"----------=_{self.boundary}-2", [plain, page], more)

    def _certification(self) -> bytes | None:
        said = self.certification
        if said is None:
            return None
        habits = self.habits
        document = (
            said if isinstance(said, bytes) else daticert(said, indent=habits.indent, empty_pair=habits.empty_pair)
        )
        encoding = habits.certification_encoding
        if encoding == "7bit" and not document.isascii():
            document = document.decode().encode("ascii", "xmlcharrefreplace")
        charset = " charset=UTF-8;" if encoding == "7bit" else ""
        fields = (
            ("Content-Type", f'application/xml;{charset} name="daticert.xml"'),
            ("Content-Disposition", f'{habits.certification_disposition}; filename="daticert.xml"'),
            ("Content-Transfer-Encoding", encoding),
        )
        return entity(fields, encoded(document, encoding))

    def _original(self) -> bytes | None:
        if self.inside is None:
            return None
        fields = (
            ("Content-Type", 'message/rfc822; name="postacert.eml"'),
            ("Content-Disposition", f'{self.habits.certification_disposition}; filename="postacert.eml"'),
            ("Content-Transfer-Encoding", "7bit" if self.inside.isascii() else "8bit"),
        )
        return entity(fields, self.inside)


def with_header(statement: Statement, name: str, value: str | None) -> Statement:
    """The same statement with another outer header; None takes it away, an unknown name is added."""
    known = [key.lower() for key, _ in statement.fields]
    kept = [
        (key, value if key.lower() == name.lower() else old)
        for key, old in statement.fields
        if value is not None or key.lower() != name.lower()
    ]
    if name.lower() not in known and value is not None:
        kept.append((name, value))
    return replace(statement, fields=tuple((key, text) for key, text in kept if text is not None))


def certifying(statement: Statement, **changes: Any) -> Statement:
    """The same statement with other certification data."""
    assert isinstance(statement.certification, Certification)
    return replace(statement, certification=replace(statement.certification, **changes))


def signed_mail(
    fields: Sequence[tuple[str, str]],
    content: bytes,
    signature: bytes,
    boundary: str,
    *,
    signature_type: str = "application/pkcs7-signature",
    micalg: str = "sha-256",
    preamble: bytes = PREAMBLE,
    third: Sequence[bytes] = (),
    epilogue: bytes = b"",
) -> bytes:
    """A multipart/signed of any content and any DER signature (RFC 8551 §3.5.3)."""
    container = (
        ("MIME-Version", "1.0"),
        (
            "Content-Type",
            f'multipart/signed; protocol="{signature_type}"; micalg={micalg};\r\n boundary="{boundary}"',
        ),
    )
    seal = entity(
        (
            ("Content-Type", f'{signature_type}; name="smime.p7s"'),
            ("Content-Transfer-Encoding", "base64"),
            ("Content-Disposition", 'attachment; filename="smime.p7s"'),
        ),
        base64_lines(signature, 64),
    )
    return headers((*fields, *container)) + CRLF + enclosed(boundary, [content, seal, *third], preamble, epilogue)


def as_html(title: str, lines: Sequence[str]) -> str:
    """The provider's text as its HTML alternative: no styles, no references (RFC 6109 §4.3)."""
    body = "<br>\n".join(escape(line) for line in lines)
    name = escape(title)
    return f"<html>\n<head><title>{name}</title></head>\n<body>\n<h3>{name}</h3>\n<hr><br>\n{body}\n</body>\n</html>\n"
