"""What is fuzzed, with what it is fed at first, and what must hold whatever comes.

A target raises `AssertionError` where a promise is broken; any other exception is a broken promise too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pecdesk.examine import EXAMINE_VERSION, Examination, examine, from_json, to_json
from pecdesk.explain.documents import examination_document
from pecdesk.mime import (
    Part,
    addresses_of,
    attachments,
    date_of,
    decoded,
    file_name_of,
    message_id_of,
    message_ids_of,
    parameters_of,
    parse,
    readable_text,
    strict_address,
    text_of,
    walk,
)
from pecdesk.pec.comparison import compare, fingerprint_of
from pecdesk.pec.daticert import CertificationError, read_certification
from pecdesk.pec.linking import link
from pecdesk.pec.standing import Standing
from pecdesk.store.pieces import Placement, indexed, pieces_of
from pecdesk.trust import SignatureStatus, verify
from pecdesk.trust.cms import read_signed_data
from pecdesk.trust.der import DerError
from tests.fuzz.mutators import DER, MAIL, XML, Mutator
from tests.kit import messages, pki


@dataclass(frozen=True)
class Target:
    """One thing to fuzz."""

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    mutators: tuple[Mutator, ...]


# --- mime -----------------------------------------------------------------------------------------------------------


def read_mail(raw: bytes) -> None:
    """Anything parses; parts lie inside one another, in order; every reader answers with text that can be written."""
    part = parse(raw)
    assert part.span == (0, len(raw))
    for each in walk(part):
        _inside(each)
        decoded(raw, each)
        _text(file_name_of(each) or "")
        _text(each.media_type)
    for header in part.headers[:50]:
        _text(text_of(header.value))
        _text(message_id_of(header.value) or "")
        _text("".join(message_ids_of(header.value)))
        _text("".join(f"{one.name}{one.address}" for one in addresses_of(header.value)))
        _text("".join(value for _, value in parameters_of(header.value)[1]))
        date_of(header.value)
        address, reason = strict_address([header.value])
        assert (address is None) != (reason is None)
        assert address is None or (address.isascii() and address.isprintable() and address.count("@") == 1)
    _text(readable_text(raw, part).text, several_lines=True)
    assert len(attachments(raw, part)) <= sum(1 for _ in walk(part))
    fingerprint = fingerprint_of(raw, part, with_forms=len(raw) < 5000)
    assert compare(fingerprint, fingerprint).different == ()


def _inside(part: Part) -> None:
    assert part.span.start <= part.body.start <= part.body.end <= part.span.end
    position = part.body.start
    for child in part.children:
        assert position <= child.span.start <= child.span.end <= part.body.end
        position = child.span.end


def _text(text: str, *, several_lines: bool = False) -> None:
    """It can be written down, and holds no control character."""
    text.encode()
    controls = {char for char in text if (char < " " and not (several_lines and char in "\n\t")) or char == "\x7f"}
    assert not controls, "a control character"


# --- CMS ------------------------------------------------------------------------------------------------------------


def read_cms(der: bytes) -> None:
    """Bytes are a SignedData or a DerError; a signature that passes signed this content and no other."""
    try:
        data = read_signed_data(der)
    except DerError:
        pass
    else:
        assert data.signers == 1 or data.signer is None
    verdict = verify(
        pki.CONTENT, der, at=None, address=pki.ADDRESS, address_reason=None, anchors=pki.anchors(), now=pki.MOMENT
    )
    assert verdict.checks
    if verdict.status is SignatureStatus.PASSED:
        other = verify(
            pki.CONTENT + b"x", der, at=None, address=pki.ADDRESS, address_reason=None, anchors=pki.anchors()
        )
        assert other.status is SignatureStatus.FAILED
        assert verdict.signer is not None
        assert verdict.signer.email == pki.ADDRESS
    else:
        assert verdict.reason is not None


@cache
def signatures() -> list[bytes]:
    """Good signatures of several makes, and some bad ones."""
    good = pki.provider()
    return [
        good.sign(),
        good.sign(indefinite=True),
        good.sign(scheme="pss"),
        good.sign(in_pieces=True, by_key_identifier=True),
        pki.provider(kind="p256").sign(),
        good.sign(signers=0),
        good.sign(certificates=()),
    ]


# --- daticert.xml ---------------------------------------------------------------------------------------------------


def read_daticert(document: bytes) -> None:
    """It is certification data or a CertificationError; what is read is complete and on one line."""
    try:
        data = read_certification(document)
    except CertificationError:
        return
    assert data.sender
    assert data.identifier
    assert data.issuer
    assert data.recipients
    assert data.time.utcoffset() is not None
    assert data.kind
    for text in (data.sender, data.identifier, data.subject or "", data.extended_error or ""):
        text.encode()
        assert text == " ".join(text.split())


@cache
def documents() -> list[bytes]:
    """daticert.xml of every kind."""
    found: list[bytes] = []
    for specimen in messages.genuine():
        named = (each for each in walk(parse(specimen.raw)) if file_name_of(each) == "daticert.xml")
        found += [decoded(specimen.raw, each) for each in named]
    return found


# --- the whole ------------------------------------------------------------------------------------------------------


def examine_mail(raw: bytes) -> None:
    """Certified means: this very part was signed, and the facts are those of the daticert.xml inside it."""
    found = examine(raw, messages.anchors(), now=messages.NOW)
    assert from_json(to_json(found)) == found
    assert found.version == EXAMINE_VERSION
    assert found.certification is None or found.signature.status is SignatureStatus.PASSED
    assert bool(found.reasons) == (found.standing is not Standing.CERTIFIED) or found.kind in ("ordinary", "unknown")
    examination_document(found, "x.eml")
    indexed(found)
    rows = link(pieces_of(found, [Placement(messages.SENDER, "", True, "", "")]), frozenset({messages.SENDER}))
    assert len(rows) == 1
    if found.standing.proves:
        _is_genuine(found)


def _is_genuine(found: Examination) -> None:
    known = genuine_facts()
    assert found.signed_sha256 in known, "a change in the signed part was not noticed"
    assert found.certification == known[found.signed_sha256], "a certified fact changed"


@cache
def genuine_facts() -> dict[str | None, object]:
    """What each genuine signed part certifies, in both kinds of line ends."""
    found: dict[str | None, object] = {}
    for raw in seeds_of_mail():
        for form in (raw, raw.replace(b"\r\n", b"\n")):
            examination = examine(form, messages.anchors(), now=messages.NOW)
            if examination.standing.proves:
                found[examination.signed_sha256] = examination.certification
    return found


@cache
def seeds_of_mail() -> list[bytes]:
    """Every genuine and every hostile message of the kit that is not large."""
    every = [*messages.genuine(), *messages.hostile()]
    return [specimen.raw for specimen in every if len(specimen.raw) < 30_000]


TARGETS = {
    target.name: target
    for target in (
        Target("mime", read_mail, seeds_of_mail, MAIL),
        Target("cms", read_cms, signatures, DER),
        Target("daticert", read_daticert, documents, XML),
        Target("examine", examine_mail, seeds_of_mail, MAIL),
    )
}
