"""Tricks with the structure of a genuine message, none of which touches a byte of what is signed.

`outside(raw)` yields names and mutants of one sealed message: its outer headers removed, doubled, moved and garbled,
its container described in other words, its parts swapped, wrapped, repeated, its signature written otherwise. What must
hold for every one of them: what is shown as certified is what the untouched message shows, or nothing is.
`inside(raw)` yields mutants with one change in the signed bytes: none of them may be certified.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from pecdesk.demo.mail import CRLF, base64_lines, split_headers
from pecdesk.mime import decoded, parse

Named = Iterator[tuple[str, bytes]]


class Pieces(NamedTuple):
    """A sealed message taken apart at the delimiters of its outermost multipart."""

    fields: list[bytes]
    boundary: bytes
    preamble: bytes
    signed: bytes
    signature_head: bytes
    """Headers of the signature part, with the empty line."""
    signature: bytes
    """DER."""

    def joined(
        self,
        *,
        fields: list[bytes] | None = None,
        boundary: bytes | None = None,
        container: bytes | None = None,
        preamble: bytes | None = None,
        parts: list[bytes] | None = None,
        end: bytes = b"--\r\n",
        between: bytes = CRLF,
        epilogue: bytes = b"",
    ) -> bytes:
        """The message again, with what is given in the place of what was there."""
        chosen = self.fields if fields is None else fields
        if container is not None:
            chosen = [each for each in chosen if not each.lower().startswith(b"content-type")]
            chosen = [*chosen, b"Content-Type: " + container + CRLF]
        mark = b"--" + (self.boundary if boundary is None else boundary)
        body = self.preamble if preamble is None else preamble
        for part in self.parts() if parts is None else parts:
            body += mark + between + part + between
        return b"".join(chosen) + CRLF + body + mark + end + epilogue

    def parts(self) -> list[bytes]:
        """The two parts as they were."""
        return [self.signed, self.seal()]

    def seal(self, head: bytes | None = None, body: bytes | None = None) -> bytes:
        """The signature part, with other headers or another body."""
        lines = base64_lines(self.signature, 64).removesuffix(CRLF)
        return (self.signature_head if head is None else head) + (lines if body is None else body)


def taken_apart(raw: bytes) -> Pieces:
    """The pieces of a message that is multipart/signed."""
    part = parse(raw)
    fields, _ = split_headers(raw)
    first, second = part.children
    boundary = (part.parameter("boundary") or "").encode()
    preamble = raw[part.body.start : first.span.start].rpartition(b"--" + boundary)[0]
    head = raw[second.span.start : second.body.start]
    return Pieces(fields, boundary, preamble, first.span.of(raw), head, decoded(raw, second))


def outside(raw: bytes) -> Named:
    """Every trick outside the signed bytes."""
    pieces = taken_apart(raw)
    yield from headers(pieces)
    yield from containers(pieces)
    yield from delimiters(pieces)
    yield from arrangements(pieces)
    yield from seals(pieces)
    yield from line_ends(raw, pieces)


def headers(pieces: Pieces) -> Named:
    """Each outer header removed, doubled, moved, garbled."""
    fields = pieces.fields
    for number, line in enumerate(fields):
        name, _, value = line.partition(b":")
        called = f"header {number} {name.decode()}"
        rest = fields[:number] + fields[number + 1 :]
        yield f"{called} removed", pieces.joined(fields=rest)
        yield f"{called} doubled", pieces.joined(fields=[*fields, line])
        yield f"{called} first", pieces.joined(fields=[line, *rest])
        yield f"{called} last", pieces.joined(fields=[*rest, line])
        for what, other in (
            ("doubled with another value before", name + b": altro@evil.example\r\n"),
            ("doubled with nothing before", name + b":\r\n"),
        ):
            yield f"{called} {what}", pieces.joined(fields=[other, *fields])
            yield f"{called} {what.replace('before', 'behind')}", pieces.joined(fields=[*fields, other])
        for what, changed in (
            ("empty", name + b":\r\n"),
            ("of another value", name + b": altro@evil.example\r\n"),
            ("in capitals", name.upper() + b":" + value),
            ("with a blank before the colon", name + b" \t:" + value),
            ("folded at once", name + b":\r\n" + value),
            ("with NUL", name + b": \0" + value),
            ("with 8 bits", name + b": \xe8\xff\x80" + value),
            ("with a bare CR", name + b": x\rX-Ricevuta: accettazione\rFrom: x@evil.example" + value),
            ("with a bare LF", name + b": x\nX-Ricevuta: accettazione" + value),
            ("very long", name + b": " + b"x" * 20_000 + value),
            ("with an encoded line end", name + b": =?utf-8?Q?=0D=0AX-Ricevuta=3A_accettazione?=" + value),
            ("without a colon", name + b" " + value),
            ("indented", b" " + line),
        ):
            yield f"{called} {what}", pieces.joined(fields=[*fields[:number], changed, *fields[number + 1 :]])
    yield "headers reversed", pieces.joined(fields=fields[::-1])
    yield (
        "no headers but Content-Type",
        pieces.joined(fields=[each for each in fields if each.lower().startswith(b"content-type")]),
    )
    yield "no headers at all", pieces.joined(fields=[])
    yield "a From line of mbox before", b"From x@evil.example Fri Nov 20 09:16:32 2026\n" + pieces.joined()
    yield "an empty line before", CRLF + pieces.joined()
    yield "a byte order mark before", b"\xef\xbb\xbf" + pieces.joined()
    for header in (
        b"X-Ricevuta: accettazione",
        b"X-Ricevuta: avvenuta-consegna",
        b"X-Trasporto: errore",
        b"X-Trasporto: posta-certificata",
        b"X-VerificaSicurezza: errore",
        b"X-TipoRicevuta: breve",
        b"Date: Thu, 1 Jan 1970 00:00:00 +0000",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: quoted-printable",
        b"Content-Disposition: attachment; filename=daticert.xml",
        b"Resent-From: x@evil.example",
        b"Sender: x@evil.example",
        b"REM-MessageType: http://uri.etsi.org/19522/v1#/ERDMessageType/receipt",
        b"Content-Type-: text/plain",
        b"Content-type : text/plain",
    ):
        yield f"{header.decode()} added before", pieces.joined(fields=[header + CRLF, *fields])
        yield f"{header.decode()} added behind", pieces.joined(fields=[*fields, header + CRLF])


def containers(pieces: Pieces) -> Named:
    """The outer Content-Type in other words."""
    boundary = pieces.boundary
    quoted = b'boundary="' + boundary + b'"'
    half = len(boundary) // 2
    start, rest = boundary[:half], boundary[half:]
    percent = b"".join(b"%%%02X" % byte for byte in boundary)
    for container in (
        b"multipart/signed; " + quoted,
        b"MULTIPART/Signed; " + quoted,
        b"multipart/signed;" + quoted + b";",
        b"multipart/signed; protocol=; " + quoted,
        b'multipart/signed; protocol="text/plain"; ' + quoted,
        b'multipart/signed; protocol="application/pgp-signature"; ' + quoted,
        b"multipart/signed; micalg=md5; micalg=sha512; " + quoted,
        b"multipart/signed; BOUNDARY=" + boundary,
        b"multipart/signed; boundary=" + boundary + b" (commento)",
        b"multipart/signed (commento; boundary=altro); " + quoted,
        b"(multipart/mixed) multipart/signed; " + quoted,
        b'multipart/signed; x="; boundary=altro"; ' + quoted,
        b'multipart/signed; x="\\"; boundary=altro; y=\\""; ' + quoted,
        b"multipart/signed; boundary*0=" + start + b"; boundary*1=" + rest,
        b"multipart/signed; boundary*1=" + rest + b"; boundary*0=" + start,
        b"multipart/signed; boundary*0=" + start + b"; boundary*1=" + rest + b"; boundary*1=altro",
        b"multipart/signed; boundary*0=altro; boundary*0=" + start + b"; boundary*1=" + rest,
        b"multipart/signed; boundary*=utf-8''" + percent,
        b"multipart/signed; boundary*=utf-8''" + percent + b"; boundary=altro",
        b"multipart/signed; boundary=altro; boundary*=utf-8''" + percent,
        b"multipart/signed; boundary*=utf-8''altro; " + quoted,
        b"multipart/signed; boundary*0*=utf-8''" + percent,
        b"multipart/signed;\r\n\t" + quoted,
        b'multipart/signed;\r\n  boundary =\r\n  "' + boundary + b'"',
        b"multipart/signed; boundary='" + boundary + b"'",
        b"multipart/signed; boundary=" + boundary[:-1],
        b"multipart/signed; boundary=" + boundary + b"x",
        b'multipart/signed; boundary="' + boundary + b' "',
        b'multipart/signed; boundary=" ' + boundary + b'"',
        b'multipart/signed; boundary=""',
        b"multipart/signed",
        b'multipart/signed; boundary="' + boundary + b'\0"',
        b'multipart/signed; boundary="\xe8"',
        b"multipart/signed; " + b"x=1; " * 99 + quoted,
        b"multipart/signed; " + b"x=1; " * 200 + quoted,
        b"multipart/signed; " + quoted + b"; x=1" * 200 + b"; boundary=altro",
        b"multipart/signed; " + quoted + b"; boundary=altro",
        b"multipart/signed; boundary=altro; " + quoted,
        b"multipart/mixed; " + quoted,
        b"multipart/related; " + quoted,
        b"multipart/alternative; " + quoted,
        b"multipart/digest; " + quoted,
        b"multipart/report; report-type=delivery-status; " + quoted,
        b"multipart/encrypted; " + quoted,
        b"multipart/signedx; " + quoted,
        b"multipart; " + quoted,
        b"application/pkcs7-mime; smime-type=signed-data; " + quoted,
        b"message/rfc822; " + quoted,
        b"text/plain; " + quoted,
        b"; " + quoted,
        b"",
    ):
        shown = container.decode("latin-1")
        yield f"container {shown[:90]!r} of {len(shown)}", pieces.joined(container=container)
    yield (
        "no Content-Type",
        pieces.joined(fields=[each for each in pieces.fields if not each.lower().startswith(b"content-type")]),
    )


def delimiters(pieces: Pieces) -> Named:
    """Preambles, epilogues, and lines that are nearly delimiters."""
    mark = b"--" + pieces.boundary
    for what, preamble in (
        ("none", b""),
        ("that nearly begins a part", mark + b"x\r\n"),
        ("with a blank before the delimiter", b" " + mark + CRLF),
        ("with the delimiter after a bare CR", b"x\r" + mark + CRLF),
        ("with a nearly closing delimiter", mark + b"--x\r\n"),
        ("that closes first", mark + b"--\r\n"),
        ("with NUL behind the delimiter", mark + b"\0\r\n"),
        ("with blanks behind the delimiter", mark + b" \t \r\n" + pieces.signed + CRLF),
        ("that is a whole part", mark + CRLF + b"Content-Type: text/plain\r\n\r\nAltro\r\n"),
        ("that is an empty part", mark + CRLF),
        ("that is a part of one line end", mark + CRLF + CRLF),
        ("of headers", b"Content-Type: text/plain\r\nX-Ricevuta: accettazione\r\n\r\n"),
        ("of 30,000 near delimiters", (mark + b"x\r\n") * 30_000),
        ("of 100 kB", b"x" * 100_000 + CRLF),
    ):
        yield f"preamble {what}", pieces.joined(preamble=preamble)
    for what, epilogue in (
        ("of text", b"Altro testo\r\n"),
        ("that is another part", mark + CRLF + b"Content-Type: text/plain\r\n\r\nAltro\r\n" + mark + b"--\r\n"),
        ("that is the whole message again", pieces.joined()),
        ("of NUL", b"\0" * 1000),
    ):
        yield f"epilogue {what}", pieces.joined(epilogue=epilogue)
    for what, end in (
        ("without a line end", b"--"),
        ("with LF", b"--\n"),
        ("with CR", b"--\r"),
        ("with blanks", b"-- \t\r\n"),
        ("with text on its line", b"--x\r\n"),
        ("with a comment", b"-- (fine)\r\n"),
        ("that only opens", CRLF),
        ("of one dash", b"-\r\n"),
        ("that is cut off", b""),
    ):
        yield f"end {what}", pieces.joined(end=end)
    yield "delimiters with LF", pieces.joined(between=b"\n")
    yield "delimiters with CR CR LF", pieces.joined(between=b"\r\r\n")
    yield "delimiters with CR", pieces.joined(between=b"\r")
    yield "no end at all", pieces.joined(end=b"").removesuffix(mark)


def arrangements(pieces: Pieces) -> Named:
    """The parts swapped, repeated, wrapped, left out."""
    signed, seal = pieces.parts()
    words = b"Content-Type: text/plain\r\n\r\nPagate su questo conto."
    nested = (
        b'Content-Type: multipart/signed; boundary="dentro"\r\n\r\n--dentro\r\n'
        + signed
        + b"\r\n--dentro\r\n"
        + seal
        + b"\r\n--dentro--\r\n"
    )
    wrapping = b'Content-Type: multipart/mixed; boundary="dentro"\r\n\r\n--dentro\r\n'
    for what, parts in (
        ("swapped", [seal, signed]),
        ("signature twice", [signed, seal, seal]),
        ("signed part twice", [signed, signed, seal]),
        ("a text first", [words, signed, seal]),
        ("a text between", [signed, words, seal]),
        ("a text last", [signed, seal, words]),
        ("an empty part last", [signed, seal, b""]),
        ("an empty part first", [b"", signed, seal]),
        ("the signed part alone", [signed]),
        ("the signature alone", [seal]),
        ("nothing", []),
        ("two empty parts", [b"", b""]),
        ("nested in itself", [nested, seal]),
        ("nested alone", [nested]),
        ("nested with a text", [nested, words]),
        ("the signed part in multipart/mixed", [wrapping + signed + b"\r\n--dentro--\r\n", seal]),
        ("the signed part in message/rfc822", [b"Content-Type: message/rfc822\r\n\r\n" + signed, seal]),
        ("an empty line before the signed part", [CRLF + signed, seal]),
        ("an empty line behind the signed part", [signed + CRLF, seal]),
        ("a blank behind the signed part", [signed + b" ", seal]),
        ("a header before the signed part", [b"X-Altro: x\r\n" + signed, seal]),
        ("another Content-Type before the signed part", [b"Content-Type: text/plain\r\n" + signed, seal]),
        ("a part with no headers before the signature", [signed, CRLF + seal]),
    ):
        yield f"parts: {what}", pieces.joined(parts=parts)
    yield (
        "the boundary of an inner part outside",
        pieces.joined(
            boundary=(parse(signed).parameter("boundary") or "x").encode(),
            container=b'multipart/signed; boundary="' + (parse(signed).parameter("boundary") or "x").encode() + b'"',
        ),
    )
    yield (
        "a boundary that begins the inner one",
        pieces.joined(
            boundary=(parse(signed).parameter("boundary") or "x")[:8].encode(),
            container=b'multipart/signed; boundary="'
            + (parse(signed).parameter("boundary") or "x")[:8].encode()
            + b'"',
        ),
    )


def seals(pieces: Pieces) -> Named:
    """The signature part described and encoded otherwise; its bytes are the same unless said."""
    lines = base64_lines(pieces.signature, 64).removesuffix(CRLF)
    kind = b"Content-Type: application/pkcs7-signature\r\n"
    encoding = b"Content-Transfer-Encoding: base64\r\n"
    for what, head in (
        ("pkcs7-signature", kind + encoding + CRLF),
        ("x-pkcs7-signature", kind.replace(b"pkcs7", b"x-pkcs7") + encoding + CRLF),
        ("in capitals", kind.upper() + encoding.upper() + CRLF),
        ("octet-stream", b"Content-Type: application/octet-stream; name=smime.p7s\r\n" + encoding + CRLF),
        ("pkcs7-mime", b"Content-Type: application/pkcs7-mime\r\n" + encoding + CRLF),
        ("pgp-signature", b"Content-Type: application/pgp-signature\r\n" + encoding + CRLF),
        ("text/plain", b"Content-Type: text/plain\r\n" + encoding + CRLF),
        ("without headers", CRLF),
        ("without encoding", kind + CRLF),
        ("with an unknown encoding", kind + b"Content-Transfer-Encoding: x-base64\r\n\r\n"),
        ("with an encoding in comments", kind + b"Content-Transfer-Encoding: (7bit) base64 (x)\r\n\r\n"),
        ("with two types", kind + b"Content-Type: text/plain\r\n" + encoding + CRLF),
        ("with another name", kind.replace(b"\r\n", b"; name=postacert.eml\r\n") + encoding + CRLF),
    ):
        yield f"signature {what}", pieces.joined(parts=[pieces.signed, pieces.seal(head)])
    run = lines.replace(CRLF, b"")
    for what, body in (
        ("in one line", run),
        ("in lines of LF", lines.replace(CRLF, b"\n")),
        ("with junk between", run[:100] + b"!@#\0 \xff" + run[100:]),
        ("with junk before", b"****" + run),
        ("without padding", run.rstrip(b"=")),
        ("padding in the middle", run[:100] + b"==" + run[100:]),
        ("with a second base64 behind the padding", run.rstrip(b"=") + b"==" + run),
        ("cut short", run[:-40]),
        ("with one character more", run.rstrip(b"=") + b"A"),
        ("empty", b""),
        ("of junk", b"\0" * 500),
    ):
        yield f"signature {what}", pieces.joined(parts=[pieces.signed, pieces.seal(body=body)])
    for what, encoded, body in (
        ("binary", b"binary", pieces.signature),
        ("8bit", b"8bit", pieces.signature),
        ("quoted-printable", b"quoted-printable", binascii.b2a_qp(pieces.signature, istext=False)),
        ("uuencoded", b"x-uuencode", _uuencoded(pieces.signature)),
        ("twice base64", b"base64", base64_lines(lines)),
    ):
        head = kind + b"Content-Transfer-Encoding: " + encoded + CRLF + CRLF
        yield f"signature {what}", pieces.joined(parts=[pieces.signed, pieces.seal(head, body)])
    for what, der in (
        ("with a bit flipped at its end", pieces.signature[:-1] + bytes((pieces.signature[-1] ^ 1,))),
        ("with trailing bytes", pieces.signature + b"\0"),
        ("twice in a row", pieces.signature * 2),
        ("in PEM", b"-----BEGIN PKCS7-----\n" + base64_lines(pieces.signature, 64) + b"-----END PKCS7-----\n"),
    ):
        yield f"signature {what}", pieces.joined(parts=[pieces.signed, pieces.seal(body=base64_lines(der, 64))])


def _uuencoded(data: bytes) -> bytes:
    rows = b"".join(binascii.b2a_uu(data[start : start + 45]) for start in range(0, len(data), 45))
    return b"begin 644 smime.p7s\n" + rows + b"`\nend"


def line_ends(raw: bytes, pieces: Pieces) -> Named:
    """Line ends converted everywhere or in the unsigned places only."""
    yield "everything with LF", raw.replace(CRLF, b"\n")
    yield "headers with LF", b"".join(pieces.fields).replace(CRLF, b"\n") + b"\n" + raw.partition(CRLF + CRLF)[2]
    yield "headers ended by LF LF", b"".join(pieces.fields).removesuffix(CRLF) + b"\n\n" + raw.partition(CRLF + CRLF)[2]
    yield "signature with LF", pieces.joined(parts=[pieces.signed, pieces.seal().replace(CRLF, b"\n")])
    yield "trailing white space", raw + b" \r\n\t\r\n\r\n"
    yield "no line end at the end", raw.rstrip()


def inside(raw: bytes, chance: Random, count: int) -> Named:
    """Mutants with one change at a random place in the signed bytes."""
    part = parse(raw)
    start, end = part.children[0].span
    for number in range(count):
        at = chance.randrange(start, end)
        byte = raw[at : at + 1]
        way = number % 6
        match way:
            case 0:
                changed, what = bytes((byte[0] ^ (1 << chance.randrange(8)),)), "flipped"
            case 1:
                changed, what = b"", "deleted"
            case 2:
                changed, what = byte * 2, "doubled"
            case 3:
                changed, what = byte + b"\r", "followed by CR"
            case 4:
                changed, what = b" " + byte, "after a blank"
            case _:
                changed, what = b"\r\n" + byte, "on a new line"
        if changed != byte:
            yield f"byte {at - start} {what}", raw[:at] + changed + raw[at + 1 :]
    whole = raw[start:end]
    for what, changed in (
        ("signed part with LF", whole.replace(CRLF, b"\n")),
        ("signed part with CR", whole.replace(CRLF, b"\r")),
        ("signed part with doubled CR", whole.replace(CRLF, b"\r\r\n")),
        ("signed part with one LF", whole.replace(CRLF, b"\n", 1)),
        ("signed part in upper case", whole.upper()),
        ("signed part without its last byte", whole[:-1]),
        ("signed part empty", b""),
        ("blanks at the ends of lines", whole.replace(CRLF, b" \r\n")),
    ):
        yield what, raw[:start] + changed + raw[end:]
