"""Mail made to keep the program busy or to fill its memory: small ones for the suite, large ones to be run by hand.

    python -m tests.hostile.limits [WORD …]

judges each large one (those whose name holds a word) in a process of its own and prints what came of it, the seconds
it took and the most memory that program and helper held.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from pecdesk.demo.authority import DIGEST_IDENTIFIERS, algorithm, attribute
from pecdesk.demo.builders import signed_mail
from pecdesk.demo.certification import Certification, daticert
from pecdesk.demo.draft import Attachment
from pecdesk.demo.mail import CRLF
from pecdesk.trust.certificate import read_certificate
from pecdesk.trust.der import NULL, SEQUENCE, SET, encode, encode_integer, encode_object_identifier
from tests.hostile.attacks import CERTIFIED, NOT_CERTIFIED, RESERVE, UNDETERMINED, receipt
from tests.hostile.bench import Bench, authority, signer
from tests.hostile.structure import taken_apart
from tests.kit import messages

HEAD = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n"
MEGABYTE = 1_000_000

Bomb = tuple[Callable[[], bytes], str, str | None]
"""What makes it, the standing it must get, and a reason that must be among those given."""


def nested(depth: int, kind: bytes = b"multipart/mixed") -> bytes:
    """Multiparts inside one another."""
    opened = b"".join(b'Content-Type: %b; boundary="b%d"\r\n\r\n--b%d\r\n' % (kind, n, n) for n in range(depth))
    return HEAD + opened + b"x" + b"".join(b"\r\n--b%d--\r\n" % n for n in reversed(range(depth)))


def messages_inside(depth: int) -> bytes:
    """Messages attached to one another."""
    return (b"Subject: x\r\nContent-Type: message/rfc822\r\n\r\n") * depth + b"Subject: x\r\n\r\nx"


def siblings(count: int, part: bytes = b"\r\nx") -> bytes:
    """Parts beside one another."""
    return (
        HEAD
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        + (b"--b\r\n" + part + CRLF) * count
        + b"--b--\r\n"
    )


def attached(name: bytes, content: bytes = b"x") -> bytes:
    """A part with a file name."""
    return b'Content-Disposition: attachment; filename="' + name + b'"\r\n\r\n' + content


def reheaded(name: bytes, value: bytes) -> bytes:
    """The genuine receipt with another value in one of its outer headers."""
    raw = receipt().sealed()
    fields = [
        name + b": " + value + CRLF if field.lower().startswith(name.lower() + b":") else field
        for field in taken_apart(raw).fields
    ]
    return b"".join(fields) + CRLF + raw.partition(CRLF + CRLF)[2]


def document() -> bytes:
    """The daticert.xml of the receipt."""
    facts = receipt().certification
    assert isinstance(facts, Certification)
    return daticert(facts)


def certifying(changed: bytes) -> bytes:
    """The receipt with another daticert.xml, signed by the provider all the same."""
    return replace(receipt(), certification=changed).sealed()


def _declared(encoding: bytes) -> bytes:
    """daticert.xml that calls its encoding so."""
    return certifying(document().replace(b"UTF-8", encoding))


def declaring(entities: bytes, use: bytes) -> bytes:
    """daticert.xml with a document type."""
    head, _, rest = document().partition(b"?>\n")
    return certifying(head + b"?>\n<!DOCTYPE postacert [" + entities + b"]>\n" + rest.replace(b"Diffida", use))


def laughs() -> bytes:
    """Billion laughs."""
    levels = b"".join(
        b'<!ENTITY %c "%b">' % (97 + level, (b"&%c;" % (96 + level)) * 10 if level else b"ah") for level in range(10)
    )
    return declaring(levels, b"&j;")


def carrying(der: bytes) -> bytes:
    """The receipt with another signature."""
    content, _, boundary = messages.taken_apart(receipt())
    return signed_mail(receipt().fields, content, der, boundary)


def signed(**faults: object) -> bytes:
    """The receipt with a signature of the test kit."""
    settings: dict[str, object] = {"at": receipt().at, **faults}
    return carrying(signer().sign(receipt().content(), **settings))


def long_name(characters: int) -> bytes:
    """A directory name with one endless value, all combining marks, which are slow to normalise."""
    value = encode(0x1E, ("a" + "\u0323\u0307" * (characters // 2)).encode("utf-16-be"))
    return encode(SEQUENCE, encode(SET, encode(SEQUENCE, encode_object_identifier("2.5.4.3"), value)))


def _serial() -> bytes:
    """The serial number of the signer's certificate, as encoded."""
    return read_certificate(signer().certificate).serial


def marks(count: int) -> bytes:
    """A letter with so many marks on it, above and below in turn: normalising takes the square of their number."""
    return ("a" + "\u0323\u0307" * (count // 2)).encode()


SMALL: dict[str, Bomb] = {
    "2,000 nested parts": (lambda: nested(2000), UNDETERMINED, "depth-limit"),
    "2,000 nested signed parts": (lambda: nested(2000, b"multipart/signed"), UNDETERMINED, "depth-limit"),
    "2,000 attached messages": (lambda: messages_inside(2000), NOT_CERTIFIED, "no-signature"),
    "20,000 siblings": (lambda: siblings(20_000), UNDETERMINED, "part-limit"),
    "5,000 siblings": (lambda: siblings(4990), NOT_CERTIFIED, "no-signature"),
    "1,000 attachments": (lambda: siblings(1000, attached(b"a.pdf", b"x" * 500)), NOT_CERTIFIED, "no-signature"),
    "a From of 200 kB": (lambda: b"From: " + b"(" * 200_000 + CRLF + HEAD + CRLF, UNDETERMINED, "header-limit"),
    "a From of 60 kB, brackets": (lambda: b"From: " + b"<" * 60_000 + CRLF + CRLF, NOT_CERTIFIED, None),
    "a From of 60 kB, quotes": (lambda: b"From: " + b'"\\' * 30_000 + CRLF + CRLF, NOT_CERTIFIED, None),
    "a From of 60 kB, comments": (lambda: b"From: " + b"(" * 30_000 + b")" * 30_000 + CRLF + CRLF, NOT_CERTIFIED, None),
    "20,000 encoded words": (
        lambda: b"Subject: " + b"=?utf-8?Q?=41?= " * 20_000 + CRLF + HEAD + CRLF,
        UNDETERMINED,
        "header-limit",
    ),
    "3,500 encoded words": (
        lambda: HEAD + b"Subject: " + b"=?utf-8?Q?=41?= " * 3500 + CRLF + CRLF,
        NOT_CERTIFIED,
        "no-signature",
    ),
    "1,001 header fields": (lambda: b"X: y\r\n" * 1000 + HEAD + CRLF, UNDETERMINED, "header-limit"),
    "a header of a megabyte": (lambda: b"X: " + b"y" * MEGABYTE + CRLF + HEAD + CRLF, UNDETERMINED, "header-limit"),
    "a header block without an end": (lambda: b"X: y\r\n" * 100_000, UNDETERMINED, "header-limit"),
    "10,000 parameters": (
        lambda: HEAD + b"Content-Type: text/plain" + b"; x=y" * 10_000 + CRLF + CRLF,
        NOT_CERTIFIED,
        "no-signature",
    ),
    "10,000 pieces of a parameter": (
        lambda: HEAD + b"Content-Type: text/plain" + b"; x*9*=%41" * 6000 + CRLF + CRLF,
        NOT_CERTIFIED,
        "no-signature",
    ),
    "a megabyte of near delimiters": (
        lambda: b'Content-Type: multipart/mixed; boundary="-"\r\n\r\n' + b"\n---" * 250_000,
        UNDETERMINED,
        "part-limit",
    ),
    "a megabyte of open tags": (
        lambda: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a ='" * 200_000,
        NOT_CERTIFIED,
        "no-signature",
    ),
    "a megabyte of open styles": (
        lambda: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<style>" * 150_000,
        NOT_CERTIFIED,
        "no-signature",
    ),
    "a megabyte of open comments": (
        lambda: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<!-- " * 200_000,
        NOT_CERTIFIED,
        "no-signature",
    ),
    "200,000 ampersands": (
        lambda: HEAD + b"Content-Type: text/html\r\n\r\n" + b"&a" * 200_000,
        NOT_CERTIFIED,
        "no-signature",
    ),
    "a megabyte of quotation marks": (
        lambda: HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b">" * MEGABYTE,
        NOT_CERTIFIED,
        "no-signature",
    ),
    "a megabyte of quoted-printable": (
        lambda: HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\r\n" * 300_000,
        NOT_CERTIFIED,
        "no-signature",
    ),
    "uuencode in 150,000 lines": (
        lambda: (
            HEAD + b"Content-Type: a/b\r\nContent-Transfer-Encoding: x-uue\r\n\r\nbegin 644 x\r\n" + b"!\n" * 150_000
        ),
        NOT_CERTIFIED,
        "no-signature",
    ),
    "billion laughs": (laughs, NOT_CERTIFIED, "certification-invalid"),
    "quadratic laughs": (
        lambda: declaring(b'<!ENTITY a "' + b"x" * 50_000 + b'">', b"&a;" * 10_000),
        NOT_CERTIFIED,
        "certification-invalid",
    ),
    "an entity out of a file": (
        lambda: declaring(b'<!ENTITY a SYSTEM "file:///etc/passwd">', b"&a;"),
        NOT_CERTIFIED,
        "certification-invalid",
    ),
    "an entity out of the network": (
        lambda: declaring(b'<!ENTITY % a SYSTEM "http://127.0.0.1:9/x">%a;', b"x"),
        NOT_CERTIFIED,
        "certification-invalid",
    ),
    "a document type alone": (lambda: declaring(b"", b"Diffida"), NOT_CERTIFIED, "certification-invalid"),
    "daticert.xml of a megabyte": (
        lambda: certifying(document().replace(b"</postacert>", b" " * MEGABYTE * 2 + b"</postacert>")),
        NOT_CERTIFIED,
        "certification-invalid",
    ),
    "daticert.xml of blanks in a message id": (
        lambda: certifying(document().replace(b"<msgid>", b"<msgid>" + b" " * 900_000)),
        CERTIFIED,
        None,
    ),
    "daticert.xml of open message ids": (
        lambda: certifying(document().replace(b"</postacert>", b"<msgid> <" * 100_000 + b"</postacert>")),
        NOT_CERTIFIED,
        "certification-invalid",
    ),
    "daticert.xml of nested elements": (
        lambda: certifying(document().replace(b"</postacert>", b"<a>" * 300_000 + b"</postacert>")),
        NOT_CERTIFIED,
        "certification-invalid",
    ),
    "daticert.xml of 50,000 attributes": (
        lambda: certifying(
            document().replace(b"<postacert ", b"<postacert " + b"".join(b'a%d="1" ' % n for n in range(50_000)))
        ),
        CERTIFIED,
        None,
    ),
    **{
        f"daticert.xml in {name.decode()}": (
            partial(_declared, name),
            CERTIFIED,
            None,
        )
        for name in (b"unicode_escape", b"idna", b"punycode", b"zlib", b"undefined", b"utf-7", b"../../etc/passwd")
    },
    "10,000 certificates": (
        lambda: signed(certificates=(signer().certificate, *[authority().certificate] * 10_000)),
        UNDETERMINED,
        "size-limit",
    ),
    "100,000 tiny certificates": (
        lambda: signed(certificates=(signer().certificate, *[b"\x30\x02\x05\x00"] * 100_000)),
        UNDETERMINED,
        "part-limit",
    ),
    "100,000 elements in indefinite lengths": (
        lambda: carrying(b"\x30\x80" * 20 + encode(NULL) * 100_000 + b"\0\0" * 20),
        NOT_CERTIFIED,
        "cms-unreadable",
    ),
    "a signature full of what may be certificates": (
        lambda: carrying((b"\x30\x82\xff\xf0" * 64 + b"\x05\x00" * 32_000) * 6),
        NOT_CERTIFIED,
        "cms-unreadable",
    ),
    "8,000 signed attributes": (
        lambda: signed(more_attributes=[attribute(f"1.2.3.{n}", encode(NULL)) for n in range(8000)]),
        CERTIFIED,
        None,
    ),
    "20,000 digest algorithms": (
        lambda: signed(
            set_digest_algorithms=[
                *(algorithm(f"1.2.3.{n}") for n in range(20_000)),
                algorithm(DIGEST_IDENTIFIERS["sha256"]),
            ]
        ),
        CERTIFIED,
        None,
    ),
    "an issuer's name of 100,000 marks": (
        lambda: signed(identifier=encode(SEQUENCE, long_name(100_000), encode_integer(5))),
        NOT_CERTIFIED,
        "signer-certificate-missing",
    ),
    "a serial number of 100,000 digits": (
        lambda: signed(
            identifier=encode(SEQUENCE, authority().subject, encode(0x02, b"\x11" * 100_000)),
        ),
        NOT_CERTIFIED,
        "signer-certificate-missing",
    ),
    "the signer's issuer in 150,000 marks": (
        lambda: signed(identifier=encode(SEQUENCE, long_name(150_000), encode(0x02, _serial()))),
        NOT_CERTIFIED,
        "signer-certificate-missing",
    ),
    "a name of 60 kB in From": (
        lambda: reheaded(b"From", b'"' + b"a" * 60_000 + b'" <posta-certificata@pec.gestoreuno.example>'),
        CERTIFIED,
        None,
    ),
    "100,000 marks in the certified subject": (
        lambda: certifying(document().replace(b"Diffida", marks(100_000))),
        RESERVE,
        "subject-mismatch",
    ),
    "a Subject of 10,000 marks on one letter": (
        lambda: reheaded(b"Subject", b"CONSEGNA: " + marks(10_000)),
        RESERVE,
        "subject-mismatch",
    ),
}
"""Each costs well under a second; none may end in a limit of time or memory."""


def _base64(size: int) -> bytes:
    return base64.encodebytes(os.urandom(1000) * (size // 1000)).replace(b"\n", CRLF)


def _envelope_of(size: int) -> bytes:
    file = Attachment("atto.pdf", os.urandom(1000) * (size // 1000), "application/pdf")
    return (
        messages.provider().envelope(messages.sending(messages.draft(attachments=(file,))), messages.RECIPIENT).sealed()
    )


LARGE: dict[str, Callable[[], bytes]] = {
    "100 MB of base64": lambda: (
        HEAD + b"Content-Type: a/b; name=x\r\nContent-Transfer-Encoding: base64\r\n\r\n" + _base64(100 * MEGABYTE)
    ),
    "an envelope around 70 MB": lambda: _envelope_of(70 * MEGABYTE),
    "140 MB in one line": lambda: HEAD + CRLF + b"x" * 140 * MEGABYTE,
    "140 MB of line ends": lambda: HEAD + CRLF + b"\n" * 140 * MEGABYTE,
    "140 MB of open tags": lambda: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a ='" * 28 * MEGABYTE,
    "140 MB of near delimiters": lambda: (
        b'Content-Type: multipart/mixed; boundary="-"\r\n\r\n' + b"\n---" * 35 * MEGABYTE
    ),
    "100 MB of quoted-printable": lambda: (
        HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * 100 * MEGABYTE
    ),
    "100 MB of uuencode": lambda: (
        HEAD + b"Content-Type: a/b\r\nContent-Transfer-Encoding: x-uue\r\n\r\nbegin 644 x\n" + b"!\n" * 50 * MEGABYTE
    ),
    "4,900 names of 20 kB": lambda: siblings(4900, attached(b"n" * 20_000)),
    "4,900 names of 5 kB, all controls": lambda: siblings(4900, attached(b"\1" * 5_000)),
    "100,000 nested parts": lambda: nested(100_000),
    "a header of 100 MB": lambda: b"X: " + b"y" * 100 * MEGABYTE + CRLF + HEAD + CRLF,
    "a signature of 75 MB": lambda: carrying(bytes(75 * MEGABYTE)),
    "151 MB": lambda: bytes(151 * 1024 * 1024),
}


def main(words: list[str]) -> None:
    """Judge the large ones and print what came of it."""
    chosen = {name: make for name, make in LARGE.items() if not words or any(word in name for word in words)}
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        trust = bench.policy()
        for name, make in chosen.items():
            path = bench.write({name: make()})[name]
            command = [sys.executable, "-m", "pecdesk", "verify", str(path), "--json", "--trust", str(trust)]
            began = time.monotonic()
            done = subprocess.run(command, capture_output=True, check=False)
            seconds = time.monotonic() - began
            entry = json.loads(done.stdout)["files"][0]
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            said = f"{entry['standing']}, {', '.join(entry['reasons'][:2])}"
            size = entry["size"] / MEGABYTE
            print(f"{name:36} {size:7.1f} MB {seconds:6.2f} s  peak so far {peak:5.0f} MiB  {said}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
