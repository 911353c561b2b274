"""The attacks of the security page, sections 2.1 and 2.3, each beside a genuine twin that differs in the attack alone.

`ATTACKS` maps a name that begins with the row (A1 … A15, B1, B3, T for time, revocation and algorithms) to a function
that makes both. The words expected are those of cli.md section 3. The table itself is judged in `test_attack_table`.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from pecdesk.demo.authority import DIGEST_IDENTIFIERS, MESSAGE_DIGEST, algorithm, attribute
from pecdesk.demo.builders import Statement, certifying, signed_mail, with_header
from pecdesk.demo.certification import Certification, daticert
from pecdesk.demo.draft import Attachment, Draft
from pecdesk.demo.forgery import mutated, unsigned, wrapped
from pecdesk.demo.mail import CRLF, entity, headers, multipart, split_headers, text_entity
from pecdesk.demo.ordinary import ordinary, painted, rem_dispatch, rem_receipt
from pecdesk.demo.provider import Sending
from pecdesk.demo.world import REM_SERVICE
from pecdesk.trust.der import OCTET_STRING, encode
from pecdesk.trust.names import encode_name
from tests.hostile import bench
from tests.hostile.bench import ADDRESS, DOMAIN, SUBJECT, Sealer, authority, signer, under
from tests.kit import messages, ocsp, pki
from tests.kit.messages import RECIPIENT, SENDER, taken_apart

CERTIFIED, RESERVE, ALTERED = "certified", "certified-with-reserve", "altered"
NOT_CERTIFIED, UNDETERMINED = "not-certified", "undetermined"


@dataclass(frozen=True)
class Policy:
    """A trust policy other than the standard one: the lines that differ, and files it names."""

    name: str = "standard"
    require: str = ""
    more: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Attack:
    """A message, its twin, and what must be said of the message. The twin must be certified, unless said otherwise."""

    raw: bytes
    twin: bytes
    standing: str = NOT_CERTIFIED
    kind: str = "delivery"
    reasons: frozenset[str] = frozenset()
    """Among those that must be given."""
    notes: frozenset[str] | None = None
    """All of them, where it matters."""
    policy: Policy = field(default_factory=Policy)
    hidden: bytes = b""
    """Words that must not come out anywhere in the JSON."""


Maker = Callable[[], Attack]
ATTACKS: dict[str, Maker] = {}


def attack(name: str) -> Callable[[Maker], Maker]:
    """Enter an attack into the table."""

    def enter(maker: Maker) -> Maker:
        assert name not in ATTACKS
        ATTACKS[name] = maker
        return maker

    return enter


@cache
def receipt(at: datetime = messages.SENT_AT) -> Statement:
    """A full delivery receipt of provider one, as the sender gets it."""
    return messages.delivery(messages.sending(messages.draft(at=at)))


@cache
def taken() -> Sending:
    """The message of which that receipt speaks."""
    return messages.sending()


@cache
def envelope() -> Statement:
    """The envelope of the same message."""
    return messages.provider().envelope(taken(), RECIPIENT)


def stranger_mail() -> Draft:
    """An ordinary mail of somebody without PEC."""
    return messages.draft("In allegato la PEC", sender=messages.EXTERNAL.address, recipients=(SENDER,))


def _signed_by(certificate: pki.Signer, *reasons: str, standing: str = NOT_CERTIFIED, **faults: object) -> Attack:
    return Attack(
        under(receipt(), certificate, **faults).sealed(),
        under(receipt()).sealed(),
        standing,
        reasons=frozenset(reasons),
    )


def _reheaded(statement: Statement, name: str, value: bytes) -> bytes:
    """The sealed message whose header of that name has other bytes as its value."""
    fields, body = split_headers(statement.sealed())
    wanted = name.lower().encode() + b":"
    changed = [name.encode() + b": " + value + CRLF if each.lower().startswith(wanted) else each for each in fields]
    return b"".join(changed) + CRLF + body


# --- A1 to A3: nobody, or the wrong one, signed it ------------------------------------------------------------------


@attack("A1 every word of a receipt, and no signature")
def _() -> Attack:
    return Attack(unsigned(receipt()), receipt().sealed(), reasons=frozenset({"no-signature"}))


@attack("A1 an acceptance made of headers and plain text")
def _() -> Attack:
    acceptance = messages.provider().acceptance(taken())
    fake = headers((*acceptance.fields, ("MIME-Version", "1.0"))) + text_entity("Ricevuta di accettazione")
    return Attack(fake, acceptance.sealed(), kind="acceptance", reasons=frozenset({"no-signature"}))


@attack("A1 multipart/signed with an empty signature")
def _() -> Attack:
    content, _, boundary = taken_apart(receipt())
    fake = signed_mail(receipt().fields, content, b"", boundary)
    return Attack(fake, receipt().sealed(), reasons=frozenset({"cms-unreadable"}))


@attack("A2 an authority beside the known one, under the same root")
def _() -> Attack:
    root = pki.authority("public-root", subject="CN=RADICE PUBBLICA,C=IT", path_length=None, constraints=None)
    known = replace(authority(), certificate=_issued_by(root))
    sibling = pki.authority("sibling", root, subject="CN=S-MIME GRATUITO,C=IT", constraints=None)
    twin = signer(chain=(known.certificate, root.certificate))
    fake = signer(sibling, name="attacker", chain=(sibling.certificate, root.certificate))
    return Attack(
        under(receipt(), fake).sealed(), under(receipt(), twin).sealed(), reasons=frozenset({"unknown-anchor"})
    )


def _issued_by(root: pki.Authority) -> bytes:
    """The known authority's key and name, certified by a root as AgID CA1 is."""
    profile = replace(pki.AUTHORITY_PROFILE, subject="CN=PROVA CA1,OU=Area di prova,O=Agenzia di prova,C=IT")
    return pki.certificate(profile, authority().key, root)


@attack("A2 the known key, without the providers' policy")
def _() -> Attack:
    return _signed_by(signer(policies=None), "policy-missing")


@attack("A2 the known key, with anyPolicy")
def _() -> Attack:
    return _signed_by(signer(policies=("2.5.29.32.0",)), "policy-missing")


@attack("A2 the known key, with the policy of the authority itself")
def _() -> Attack:
    return _signed_by(signer(policies=("1.3.76.16.3.1",)), "policy-missing")


@attack("A2 the known key and policy, an address other than From")
def _() -> Attack:
    return _signed_by(signer(addresses=(f"altro@{DOMAIN}",)), "address-mismatch")


@attack("A2 the known key and policy, no address at all")
def _() -> Attack:
    return _signed_by(signer(addresses=None), "address-missing")


@attack("A2 the address in the subject name only")
def _() -> Attack:
    return _signed_by(signer(addresses=None, subject=f"emailAddress={ADDRESS},{SUBJECT}"), "address-missing")


@attack("A2 a certificate for servers")
def _() -> Attack:
    return _signed_by(signer(purposes=(pki.SERVER_AUTHENTICATION,)), "wrong-purpose")


@attack("A2 a certificate without a purpose")
def _() -> Attack:
    return _signed_by(signer(purposes=None), "wrong-purpose")


@attack("A2 a key made for encryption")
def _() -> Attack:
    return _signed_by(signer(key_usage=pki.KEY_ENCIPHERMENT), "wrong-purpose")


@attack("A2 an organisation the authority may not certify")
def _() -> Attack:
    return _signed_by(signer(subject="CN=x,O=Altri S.p.A.,C=IT"), "name-not-permitted")


@attack("A2 an address in a domain the authority may not certify, sent from there")
def _() -> Attack:
    evil = "posta-certificata@evil.example"
    statement = with_header(receipt(), "From", evil)
    return Attack(
        under(statement, signer(addresses=(evil,))).sealed(),
        under(receipt()).sealed(),
        reasons=frozenset({"name-not-permitted"}),
    )


@attack("A2 a sub-domain of a permitted domain")
def _() -> Attack:
    below = f"posta-certificata@sub.{DOMAIN}"
    statement = with_header(receipt(), "From", below)
    return Attack(
        under(statement, signer(addresses=(below,))).sealed(),
        under(receipt()).sealed(),
        reasons=frozenset({"name-not-permitted"}),
    )


@attack("A2 a certificate that a provider issued with its own key")
def _() -> Attack:
    good = signer()
    issuer = pki.Authority(encode_name(SUBJECT), good.key, good.certificate)
    return _signed_by(
        signer(issuer, name="attacker", chain=(good.certificate, authority().certificate)), "path-invalid"
    )


@attack("A2 the authority's own certificate as the signer's")
def _() -> Attack:
    own = pki.Signer(authority().certificate, authority().key, ())
    return Attack(under(receipt(), own).sealed(), under(receipt()).sealed(), reasons=frozenset({"wrong-purpose"}))


@attack("A2 a critical extension that nobody here obeys")
def _() -> Attack:
    odd = pki.extension("1.3.6.1.4.1.99999.1", b"\x05\x00", critical=True)
    return _signed_by(signer(more_extensions=(odd,)), "path-invalid")


@attack("A2 a certificate that signs itself, with the known issuer's name")
def _() -> Attack:
    key = pki.private_key("attacker")
    issuer = pki.Authority(authority().subject, key, b"")
    encoded = pki.certificate(replace(pki.Profile(), subject=SUBJECT, addresses=(ADDRESS,)), key, issuer)
    return _signed_by(pki.Signer(encoded, key, ()), "unknown-anchor")


@attack("A3 an authority of the right name with another key, sent along")
def _() -> Attack:
    return Attack(messages.signed_by_foreign(receipt()), receipt().sealed(), reasons=frozenset({"unknown-anchor"}))


@attack("A3 the same, with the genuine authority's certificate sent along too")
def _() -> Attack:
    impostor = replace(authority(), key=pki.private_key("impostor"))
    forged = pki.certificate(pki.AUTHORITY_PROFILE, impostor.key, None)
    fake = signer(impostor, name="attacker", chain=(authority().certificate, forged))
    return _signed_by(fake, "unknown-anchor")


# --- A4 to A7: a genuine signature in the wrong place ---------------------------------------------------------------


@attack("A4 a genuine receipt attached to an ordinary mail")
def _() -> Attack:
    return Attack(wrapped(receipt().sealed(), stranger_mail()), receipt().sealed(), kind="ordinary")


@attack("A4 a genuine receipt in multipart/related")
def _() -> Attack:
    return Attack(wrapped(receipt().sealed(), stranger_mail(), subtype="related"), receipt().sealed(), kind="ordinary")


@attack("A4 the signed parts after a text of the attacker's")
def _() -> Attack:
    fields, body = split_headers(receipt().sealed())
    container = b"".join(each for each in fields if each.lower().startswith(b"content-type"))
    outer = [each for each in fields if not each.lower().startswith(b"content-type")]
    inside = container + CRLF + body
    mixed = multipart("mixed", "=_fuori", [text_entity("Pagate su questo conto."), inside])
    return Attack(b"".join(outer) + mixed, receipt().sealed(), reasons=frozenset({"no-signature"}))


@attack("A4 the signed parts before a text of the attacker's")
def _() -> Attack:
    fields, body = split_headers(receipt().sealed())
    container = b"".join(each for each in fields if each.lower().startswith(b"content-type"))
    outer = [each for each in fields if not each.lower().startswith(b"content-type")]
    mixed = multipart("mixed", "=_fuori", [container + CRLF + body, text_entity("Pagate su questo conto.")])
    return Attack(b"".join(outer) + mixed, receipt().sealed(), reasons=frozenset({"no-signature"}))


@attack("A4 a genuine receipt as the whole body, under message/rfc822")
def _() -> Attack:
    fields, _ = split_headers(receipt().sealed())
    outer = [each for each in fields if not each.lower().startswith(b"content-type")]
    raw = b"".join(outer) + b"Content-Type: message/rfc822\r\n\r\n" + receipt().sealed()
    return Attack(raw, receipt().sealed(), reasons=frozenset({"no-signature"}))


@attack("A4 a genuine receipt inside a multipart/signed of the attacker's")
def _() -> Attack:
    content = entity((("Content-Type", "message/rfc822"),), receipt().sealed())
    foreign = messages.world().foreign.signer(receipt().at)
    raw = signed_mail(receipt().fields, content, foreign.sign(content, receipt().at), "=_fuori")
    return Attack(raw, receipt().sealed(), reasons=frozenset({"unknown-anchor"}))


@attack("A4 a genuine signature over another mail, hidden as an inner part")
def _() -> Attack:
    content, signature, _ = taken_apart(receipt())
    page = multipart("related", "=_pagina", [text_entity("<b>Consegnato</b>", "html"), content])
    raw = signed_mail(receipt().fields, page, signature, "=_fuori")
    return Attack(raw, receipt().sealed(), ALTERED, reasons=frozenset({"digest-mismatch"}))


@attack("A4 a certified envelope of a mail that forwards another PEC whole")
def _() -> Attack:
    forwarded = messages.provider("due").envelope(messages.sending(messages.draft("Altra"), "due"), RECIPIENT)
    file = Attachment("postacert.eml", forwarded.sealed(), "message/rfc822")
    return _carrying(messages.draft("I: Altra", attachments=(file,)), hidden=b"Posta Certificata Due")


@attack("A4 a certified envelope of a mail whose author attached a daticert.xml and a signature")
def _() -> Attack:
    said = messages.provider("due").envelope(messages.sending(messages.draft("Altra"), "due"), RECIPIENT).certification
    assert isinstance(said, Certification)
    lie = daticert(replace(said, sender="procura@pec.giustizia.example"))
    files = (
        Attachment("daticert.xml", lie, "application/xml"),
        Attachment("smime.p7s", b"0", "application/pkcs7-signature"),
    )
    return _carrying(messages.draft("Con allegati", attachments=files), hidden=b"procura@pec.giustizia.example")


def _carrying(mail: Draft, *, hidden: bytes) -> Attack:
    """What a user sends is content: it certifies nothing and hides nothing that is certified."""
    raw = messages.provider().envelope(messages.sending(mail), RECIPIENT).sealed()
    return Attack(raw, envelope().sealed(), CERTIFIED, "transport-envelope", hidden=hidden)


@attack("A5 text after the end of the signed message")
def _() -> Attack:
    raw = messages.with_epilogue(receipt(), b"Codice IBAN aggiunto dopo la firma\r\n")
    return Attack(raw, receipt().sealed(), CERTIFIED, hidden=b"IBAN aggiunto")


@attack("A5 text before the first part")
def _() -> Attack:
    raw = messages.with_preamble(receipt(), b"Codice IBAN aggiunto prima\r\n\r\n")
    return Attack(raw, receipt().sealed(), CERTIFIED, hidden=b"IBAN aggiunto")


@attack("A5 a third part")
def _() -> Attack:
    return Attack(messages.with_third_part(receipt()), receipt().sealed(), reasons=frozenset({"part-count"}))


@attack("A5 a first part of the attacker's before the two")
def _() -> Attack:
    _, signature, boundary = taken_apart(receipt())
    raw = signed_mail(receipt().fields, text_entity("Pagate qui."), signature, boundary)
    mark = f"--{boundary}\r\n".encode()
    raw = raw.replace(mark, mark + text_entity("Pagate qui.") + CRLF + mark, 1)
    return Attack(raw, receipt().sealed(), reasons=frozenset({"part-count"}))


@attack("A6 two Content-Type headers")
def _() -> Attack:
    return Attack(
        messages.twice(receipt().sealed(), b"Content-Type"),
        receipt().sealed(),
        reasons=frozenset({"duplicate-header"}),
    )


@attack("A6 two boundaries in one Content-Type")
def _() -> Attack:
    raw = receipt().sealed().replace(b' boundary="', b' boundary="altro"; boundary="', 1)
    return Attack(raw, receipt().sealed(), UNDETERMINED, reasons=frozenset({"incomplete"}))


@attack("A6 two boundaries, the genuine one first")
def _() -> Attack:
    _, _, boundary = taken_apart(receipt())
    raw = receipt().sealed()
    old = f' boundary="{boundary}"'.encode()
    return Attack(raw.replace(old, old + b'; boundary="altro"', 1), raw, reasons=frozenset({"duplicate-header"}))


@attack("A6 two transfer encodings on the signature")
def _() -> Attack:
    raw = receipt().sealed()
    at = raw.rindex(b"Content-Transfer-Encoding: base64")
    return Attack(
        raw[:at] + b"Content-Transfer-Encoding: 7bit\r\n" + raw[at:], raw, reasons=frozenset({"duplicate-header"})
    )


@attack("A6 two MIME versions")
def _() -> Attack:
    raw = receipt().sealed()
    return Attack(
        raw.replace(b"MIME-Version: 1.0", b"MIME-Version: 1.0\r\nMIME-Version: 2.0", 1),
        raw,
        reasons=frozenset({"duplicate-header"}),
    )


def _cms(standing: str, reason: str, **faults: object) -> Attack:
    return _signed_by(signer(), reason, standing=standing, **faults)


@attack("A7 a signature that brings its own content")
def _() -> Attack:
    content = receipt().content()
    return _cms(NOT_CERTIFIED, "content-present", encapsulated=encode(0xA0, encode(OCTET_STRING, content)))


@attack("A7 no signer")
def _() -> Attack:
    return _cms(NOT_CERTIFIED, "signer-count", signers=0)


@attack("A7 the same signer twice")
def _() -> Attack:
    return _cms(NOT_CERTIFIED, "signer-count", signers=2)


@attack("A7 no signed attributes")
def _() -> Attack:
    return _cms(NOT_CERTIFIED, "attributes-missing", without_attributes=True)


@attack("A7 trailing bytes")
def _() -> Attack:
    return _cms(ALTERED, "cms-unreadable", trailing=b"\0")


@attack("A7 another digest named than the one used")
def _() -> Attack:
    return _cms(ALTERED, "digest-mismatch", digest_algorithm=algorithm(DIGEST_IDENTIFIERS["sha512"]))


@attack("A7 a second digest attribute")
def _() -> Attack:
    more = attribute(MESSAGE_DIGEST, encode(OCTET_STRING, bytes(32)))
    return _cms(NOT_CERTIFIED, "attributes-duplicate", more_attributes=(more,))


# --- A8 to A11: From, names and characters --------------------------------------------------------------------------

EVIL = b"x@evil.example"
GOOD = ADDRESS.encode()
FROM_TRICKS: dict[str, tuple[bytes, str]] = {
    "another address": (EVIL, "address-mismatch"),
    "the address as a name": (GOOD + b" <" + EVIL + b">", "from-malformed"),
    "the address as a quoted name": (b'"' + GOOD + b'" <' + EVIL + b">", "address-mismatch"),
    "the address as an encoded name": (
        b"=?utf-8?B?" + b64encode(GOOD) + b"?= <" + EVIL + b">",
        "address-mismatch",
    ),
    "the address behind another": (EVIL + b" <" + GOOD + b">", "from-malformed"),
    "two mailboxes, the genuine first": (GOOD + b", " + EVIL, "from-not-single"),
    "two mailboxes, the genuine last": (EVIL + b", " + GOOD, "from-not-single"),
    "a group": (b"Gestore: " + GOOD + b";", "from-malformed"),
    "a comment behind": (GOOD + b" (" + EVIL + b")", "from-malformed"),
    "a comment inside": (b"posta-certificata(x)@" + DOMAIN.encode(), "from-malformed"),
    "a source route": (b"<@evil.example:" + GOOD + b">", "from-malformed"),
    "a quoted local part": (b'"posta-certificata"@' + DOMAIN.encode(), "from-malformed"),
    "a domain literal": (b"posta-certificata@[192.0.2.1]", "from-malformed"),
    "a NUL in the address": (b"posta-certificata@pec.gestoreuno.example\0.evil.example", "from-malformed"),
    "an encoded line end (Mailsploit)": (
        b"=?utf-8?Q?posta-certificata=40pec.gestoreuno.example=0D=0A?= <" + EVIL + b">",
        "address-mismatch",
    ),
    "an encoded address (Mailsploit)": (
        b"<=?utf-8?Q?posta-certificata=40pec.gestoreuno.example=00?=@evil.example>",
        "from-malformed",
    ),
    "folded quotes": (b'"posta\r\n -certificata"\r\n <' + EVIL + b">", "address-mismatch"),
    "an unclosed quotation": (b'"' + GOOD + b" <" + EVIL + b">", "from-malformed"),
    "a dot at the end of the domain": (GOOD + b".", "from-malformed"),
    "a blank in the domain": (b"posta-certificata@pec. gestoreuno.example", "from-malformed"),
    "a capital that only looks like one of ours": (
        "posta-certificata@pec.gestoreunо.example".encode(),
        "from-malformed",
    ),
    "a Kelvin sign in the domain": ("posta-certificata@pec.gestoreuno.example\u212a".encode(), "from-malformed"),
    "a zero-width space": ("posta-certificata@pec.gestore\u200buno.example".encode(), "from-malformed"),
    "a right-to-left override": ("\u202eposta-certificata@pec.gestoreuno.example".encode(), "from-malformed"),
    "punycode of something else": (b"posta-certificata@xn--pec-gestoreuno.example", "address-mismatch"),
    "a sub-domain": (b"posta-certificata@pec.gestoreuno.example.evil.example", "address-mismatch"),
    "nothing": (b"", "from-missing"),
    "an empty mailbox": (b"<>", "from-malformed"),
    "a percent route": (b"posta-certificata%pec.gestoreuno.example@evil.example", "address-mismatch"),
}


def _from_trick(value: bytes, reason: str) -> Maker:
    return lambda: Attack(_reheaded(receipt(), "From", value), receipt().sealed(), reasons=frozenset({reason}))


for _name, (_value, _reason) in FROM_TRICKS.items():
    ATTACKS[f"A8 From: {_name}"] = _from_trick(_value, _reason)


def _second_from(line: bytes, *, first: bool = False) -> Maker:
    def make() -> Attack:
        fields, body = split_headers(receipt().sealed())
        fields = [line, *fields] if first else [*fields, line]
        return Attack(b"".join(fields) + CRLF + body, receipt().sealed(), reasons=frozenset({"from-not-single"}))

    return make


ATTACKS["A8 a second From at the end"] = _second_from(b"From: x@evil.example\r\n")
ATTACKS["A8 a second From at the beginning"] = _second_from(b"From: x@evil.example\r\n", first=True)
ATTACKS["A8 a second From in other letters and with a blank"] = _second_from(b"fRoM \t: x@evil.example\r\n")
ATTACKS["A8 the same From twice"] = _second_from(b"From: " + GOOD + CRLF)


@attack("A8 one provider's certificate over another's address")
def _() -> Attack:
    return Attack(
        messages.signed_by_another(receipt(), "due"), receipt().sealed(), reasons=frozenset({"address-mismatch"})
    )


@attack("A8 Sender and Reply-To of somebody else")
def _() -> Attack:
    statement = with_header(with_header(receipt(), "Sender", "x@evil.example"), "Reply-To", "x@evil.example")
    return Attack(statement.sealed(), receipt().sealed(), CERTIFIED)


@attack("A8 a Reply-To that leads the answer to somebody else")
def _() -> Attack:
    return _reheaded_envelope("Reply-To", "x@evil.example", "reply-mismatch")


@attack("A8 a Reply-To that leads it there as well")
def _() -> Attack:
    return _reheaded_envelope("Reply-To", f"{SENDER}, x@evil.example", "reply-mismatch")


@attack("A9 the name of From speaks for another than the certified sender")
def _() -> Attack:
    posing = with_header(envelope(), "From", f'"Per conto di: procura@pec.giustizia.example" <{ADDRESS}>')
    return Attack(
        posing.sealed(),
        envelope().sealed(),
        RESERVE,
        "transport-envelope",
        frozenset({"sender-mismatch"}),
    )


@attack("A10 a Subject with another letter that looks the same")
def _() -> Attack:
    changed = with_header(receipt(), "Subject", "CONSEGNA: Diffida аd adempiere")
    return Attack(changed.sealed(), receipt().sealed(), RESERVE, reasons=frozenset({"subject-mismatch"}))


@attack("A10 a Subject turned round by a bidi control")
def _() -> Attack:
    changed = with_header(receipt(), "Subject", "CONSEGNA: Diffida ad \u202eereipmeda")
    return Attack(changed.sealed(), receipt().sealed(), RESERVE, reasons=frozenset({"subject-mismatch"}))


@attack("A11 a NUL and a line end encoded in the Subject")
def _() -> Attack:
    raw = _reheaded(receipt(), "Subject", b"=?utf-8?Q?CONSEGNA=3A_Diffida=00=0D=0AX-Ricevuta=3A_x?=")
    return Attack(raw, receipt().sealed(), RESERVE, reasons=frozenset({"subject-mismatch"}))


# --- B1: what nobody signed, against what is certified --------------------------------------------------------------


def _reheaded_envelope(header: str, value: str, reason: str) -> Attack:
    changed = with_header(envelope(), header, value)
    return Attack(changed.sealed(), envelope().sealed(), RESERVE, "transport-envelope", frozenset({reason}))


ENVELOPE_HEADERS = {
    "Subject": ("POSTA CERTIFICATA: Altro", "subject-mismatch"),
    "X-Trasporto": ("errore", "kind-mismatch"),
    "X-Riferimento-Message-ID": ("<altro@evil.example>", "reference-mismatch"),
    "Message-ID": ("<altro@evil.example>", "message-id-mismatch"),
    "To": ("x@evil.example", "recipient-mismatch"),
    "Cc": ("x@evil.example", "recipient-mismatch"),
    "Date": ("Thu, 1 Jan 2026 09:00:00 +0100", "date-mismatch"),
}


def _reheaded_one(header: str, value: str, reason: str) -> Maker:
    return lambda: _reheaded_envelope(header, value, reason)


for _name, (_new, _why) in ENVELOPE_HEADERS.items():
    ATTACKS[f"B1 an envelope with another {_name}"] = _reheaded_one(_name, _new, _why)


SECOND_HEADERS = {
    "Subject": ("POSTA CERTIFICATA: Altro", "subject-mismatch", "duplicate-header"),
    "Date": ("Thu, 1 Jan 2026 09:00:00 +0100", "date-mismatch", "duplicate-header"),
    "Message-ID": ("<altro@evil.example>", "message-id-mismatch", "duplicate-header"),
    "X-Riferimento-Message-ID": ("<altro@evil.example>", "reference-mismatch", "duplicate-header"),
    "X-TipoRicevuta": ("sintetica", "duplicate-header", "duplicate-header"),
    "X-Trasporto": ("errore", "kind-mismatch", "kind-mismatch"),
    "X-Ricevuta": ("avvenuta-consegna", "kind-mismatch", "kind-mismatch"),
    "To": ("x@evil.example", "recipient-mismatch", "recipient-mismatch"),
    "Cc": ("x@evil.example", "recipient-mismatch", "recipient-mismatch"),
    "Reply-To": ("x@evil.example", "reply-mismatch", "reply-mismatch"),
}
"""A header beside the genuine one, with the reason where it stands before it and where it stands behind: whichever of
the two a program shows, the certified facts are those of daticert."""


def _beside(header: str, value: str, reason: str, *, first: bool) -> Maker:
    def make() -> Attack:
        genuine = with_header(envelope(), "X-TipoRicevuta", "completa").sealed()
        fields, body = split_headers(genuine)
        line = f"{header}: {value}\r\n".encode()
        raw = b"".join([line, *fields] if first else [*fields, line]) + CRLF + body
        return Attack(raw, genuine, RESERVE, "transport-envelope", frozenset({reason}))

    return make


for _name, (_new, _before, _behind) in SECOND_HEADERS.items():
    ATTACKS[f"B1 an envelope with a second {_name} before the genuine one"] = _beside(_name, _new, _before, first=True)
    ATTACKS[f"B1 an envelope with a second {_name} behind it"] = _beside(_name, _new, _behind, first=False)


@attack("B1 an envelope whose genuine headers stand there twice, word for word")
def _() -> Attack:
    fields, body = split_headers(envelope().sealed())
    single = (b"from", b"content-", b"mime-")
    again = [each for each in fields if not each.lower().startswith(single)]
    return Attack(b"".join([*fields, *again]) + CRLF + body, envelope().sealed(), CERTIFIED, "transport-envelope")


@attack("B1 a receipt with a second Message-ID")
def _() -> Attack:
    raw = receipt().sealed()
    return Attack(b"Message-ID: <x@evil.example>\r\n" + raw, raw, RESERVE, reasons=frozenset({"duplicate-header"}))


@attack("B1 a mail inside with two Subjects, the certified one first")
def _() -> Attack:
    inside = envelope().inside or b""
    twice = replace(
        envelope(), inside=inside.replace(b"\r\nSubject: ", b"\r\nSubject: Diffida ad adempiere\r\nSubject: ALTRO: ", 1)
    )
    return Attack(twice.sealed(), envelope().sealed(), RESERVE, "transport-envelope", frozenset({"duplicate-header"}))


@attack("B1 a receipt that goes to somebody else")
def _() -> Attack:
    changed = with_header(receipt(), "To", "x@evil.example")
    return Attack(changed.sealed(), receipt().sealed(), RESERVE, reasons=frozenset({"recipient-mismatch"}))


INNER_LIES: dict[str, Callable[[], Statement]] = {
    "sender": lambda: certifying(receipt(), sender="procura@pec.giustizia.example"),
    "subject": lambda: certifying(receipt(), subject="Altro"),
    "msgid": lambda: certifying(receipt(), message_id="<altro@x.example>"),
    "identificativo": lambda: certifying(receipt(), identifier=messages.provider().identifier("x", at=messages.NOW)),
}


def _inner_lie(make: Callable[[], Statement]) -> Maker:
    return lambda: Attack(make().sealed(), receipt().sealed(), RESERVE, reasons=frozenset({"inner-mismatch"}))


for _name, _make in INNER_LIES.items():
    ATTACKS[f"B1 a certified {_name} that is not that of the mail inside"] = _inner_lie(_make)


@attack("B1 a provider that names itself otherwise than its certificate decides nothing")
def _() -> Attack:
    renamed = certifying(receipt(), issuer="Tutt'altra ditta S.r.l.")
    return Attack(renamed.sealed(), receipt().sealed(), CERTIFIED)


@attack("B3 a certified receipt about somebody who is not among its recipients")
def _() -> Attack:
    return Attack(certifying(receipt(), delivered_to="x@evil.example").sealed(), receipt().sealed(), CERTIFIED)


# --- A12 to A15: content --------------------------------------------------------------------------------------------


@attack("A12 an ordinary mail that paints a green bar")
def _() -> Attack:
    return Attack(ordinary(painted(stranger_mail())), envelope().sealed(), kind="ordinary")


@attack("A13 an ordinary mail that is a picture of a certified one")
def _() -> Attack:
    picture = replace(stranger_mail(), attachments=(Attachment("schermata.png", b"\x89PNG DEMO", "image/png"),))
    return Attack(ordinary(picture), envelope().sealed(), kind="ordinary")


@attack("A14 an anomaly envelope")
def _() -> Attack:
    mail = stranger_mail()
    anomaly = messages.provider().anomaly(ordinary(mail), mail, SENDER, messages.NOW)
    return Attack(
        anomaly.sealed(),
        envelope().sealed(),
        kind="anomaly-envelope",
        reasons=frozenset({"anomaly-envelope"}),
    )


@attack("A14 an anomaly envelope that says posta-certificata outside")
def _() -> Attack:
    return Attack(
        messages.lying_anomaly(),
        envelope().sealed(),
        kind="transport-envelope",
        reasons=frozenset({"certification-missing"}),
    )


@attack("A14 an anomaly envelope around a genuine receipt")
def _() -> Attack:
    return Attack(_anomaly_around_a_receipt().sealed(), envelope().sealed(), kind="anomaly-envelope")


@attack("A14 an anomaly envelope around a genuine envelope")
def _() -> Attack:
    mail = messages.draft("POSTA CERTIFICATA: Diffida", sender=messages.EXTERNAL.address, recipients=(SENDER,))
    anomaly = messages.provider().anomaly(envelope().sealed(), mail, SENDER, messages.NOW)
    return Attack(
        anomaly.sealed(), envelope().sealed(), kind="anomaly-envelope", reasons=frozenset({"anomaly-envelope"})
    )


@attack("A14 a REM dispatch of a circuit that is not known here")
def _() -> Attack:
    raw = rem_dispatch(stranger_mail(), REM_SERVICE, messages.world().rem, messages.NOW)
    return Attack(raw, envelope().sealed(), UNDETERMINED, "rem-dispatch", frozenset({"unknown-anchor"}))


@attack("A14 a REM receipt of a circuit that is not known here")
def _() -> Attack:
    raw = rem_receipt(messages.draft(), REM_SERVICE, messages.world().rem, messages.NOW)
    return Attack(raw, envelope().sealed(), UNDETERMINED, "rem-receipt", frozenset({"unknown-anchor"}))


@attack("A14 a REM receipt that was changed after it was signed")
def _() -> Attack:
    raw = rem_receipt(messages.draft(), REM_SERVICE, messages.world().rem, messages.NOW)
    return Attack(mutated(raw, b"(DEMO)", b"(demo)"), envelope().sealed(), UNDETERMINED, "rem-receipt")


@attack("A14 the same, with the receipt's headers outside")
def _() -> Attack:
    lying = with_header(
        with_header(_anomaly_around_a_receipt(), "X-Trasporto", None), "X-Ricevuta", "avvenuta-consegna"
    )
    return Attack(lying.sealed(), envelope().sealed(), reasons=frozenset({"certification-missing"}))


def _anomaly_around_a_receipt() -> Statement:
    mail = messages.draft("CONSEGNA: Diffida ad adempiere", sender=messages.EXTERNAL.address, recipients=(SENDER,))
    return messages.provider().anomaly(receipt().sealed(), mail, SENDER, messages.NOW)


@attack("A14 a genuine anomaly whose mail brings a daticert.xml as its own attachment")
def _() -> Attack:
    said = receipt()
    file = Attachment("daticert.xml", said.content(), "application/xml")
    mail = replace(stranger_mail(), attachments=(file,))
    anomaly = messages.provider().anomaly(ordinary(mail), mail, SENDER, messages.NOW)
    lying = with_header(with_header(anomaly, "X-Trasporto", None), "X-Ricevuta", "avvenuta-consegna")
    return Attack(lying.sealed(), envelope().sealed(), reasons=frozenset({"certification-missing"}))


@attack("A14 an anomaly envelope that claims to be a REM dispatch")
def _() -> Attack:
    return Attack(
        _calling_itself_rem(_anomaly_around_a_receipt(), "dispatch"),
        envelope().sealed(),
        kind="rem-dispatch",
        reasons=frozenset({"certification-missing"}),
    )


@attack("A14 a receipt without daticert.xml that claims to be a REM receipt")
def _() -> Attack:
    bare = replace(receipt(), certification=None)
    return Attack(
        _calling_itself_rem(bare, "receipt"),
        receipt().sealed(),
        kind="rem-receipt",
        reasons=frozenset({"certification-missing"}),
    )


def _calling_itself_rem(statement: Statement, kind: str) -> bytes:
    """The statement without the headers of PEC and with those of REM, which nobody signs."""
    plain = with_header(with_header(statement, "X-Trasporto", None), "X-Ricevuta", None)
    claimed = (("REM-MessageType", f"http://uri.etsi.org/19522/v1#/ERDMessageType/{kind}"),)
    section = (("REM-Section-Type", "rem_message/xml_evidence"),)
    return replace(plain, fields=(*plain.fields, *claimed, *section)).sealed()


@attack("A15 a certified message with a harmful text is certified as what it is, carriage")
def _() -> Attack:
    phishing = messages.sending(messages.draft("Fattura scaduta", text="Cliccate qui: http://evil.example/\n"))
    raw = messages.provider().envelope(phishing, RECIPIENT).sealed()
    return Attack(raw, envelope().sealed(), CERTIFIED, "transport-envelope")


# --- T: time, revocation, algorithms (section 2.3) ------------------------------------------------------------------


def _at_time(delay: timedelta, standing: str, *reasons: str) -> Maker:
    return lambda: Attack(
        messages.signed_later(receipt(), delay), receipt().sealed(), standing, reasons=frozenset(reasons)
    )


ATTACKS |= {
    "T signed five minutes after the certified time": _at_time(timedelta(minutes=5), CERTIFIED),
    "T signed more than five minutes after": _at_time(timedelta(minutes=5, seconds=1), RESERVE, "time-mismatch"),
    "T signed more than five minutes before": _at_time(timedelta(minutes=-5, seconds=-1), RESERVE, "time-mismatch"),
    "T signed ten years before": _at_time(timedelta(days=-3650), RESERVE, "time-mismatch"),
}
SIGNED_AT = messages.SENT_AT + timedelta(seconds=62)
"""When that receipt is signed: accepted two seconds after it was written, delivered a minute later."""


@attack("T no signing time")
def _() -> Attack:
    return Attack(under(receipt(), at=None).sealed(), under(receipt()).sealed(), CERTIFIED)


@attack("T a certificate that expired since")
def _() -> Attack:
    one = signer(valid_to=SIGNED_AT)
    return Attack(
        under(receipt(), one).sealed(),
        under(receipt()).sealed(),
        CERTIFIED,
        notes=frozenset({"certificate-expired-since", "revocation-not-checked"}),
    )


@attack("T a certificate that had expired a second before")
def _() -> Attack:
    return _signed_by(signer(valid_to=SIGNED_AT - timedelta(seconds=1)), "expired")


@attack("T a certificate valid from a second later")
def _() -> Attack:
    return _signed_by(signer(valid_from=SIGNED_AT + timedelta(seconds=1)), "not-yet-valid")


REVOKED = {0x51: SIGNED_AT - timedelta(days=1), 0x52: SIGNED_AT, 0x53: SIGNED_AT + timedelta(seconds=1)}
"""When the certificates of these serial numbers are revoked, by the authority's own list."""


@cache
def _listing() -> Policy:
    entries = [(serial, at, ()) for serial, at in REVOKED.items()]
    lists = pki.revocation_list(
        authority(), entries, this_update=messages.NOW - timedelta(hours=1), next_update=messages.NOW
    )
    return Policy("revoked", more='[revocation]\ncrls = ["revoked.crl"]\n', files={"revoked.crl": lists})


def _revoked(serial: int, standing: str, reasons: tuple[str, ...], notes: tuple[str, ...] | None) -> Maker:
    def make() -> Attack:
        return Attack(
            under(receipt(), signer(serial=serial)).sealed(),
            under(receipt()).sealed(),
            standing,
            reasons=frozenset(reasons),
            notes=None if notes is None else frozenset(notes),
            policy=_listing(),
        )

    return make


ATTACKS |= {
    "T revoked before": _revoked(0x51, NOT_CERTIFIED, ("revoked",), None),
    "T revoked at that very second": _revoked(0x52, NOT_CERTIFIED, ("revoked",), None),
    "T revoked a second after": _revoked(0x53, CERTIFIED, (), ("revoked-since",)),
}


@attack("T no revocation data where it is demanded")
def _() -> Attack:
    policy = Policy("hard", more='[revocation]\nmode = "hard"\ncrls = ["hard.crl"]\n', files={"hard.crl": _fresh_crl()})
    foreign = messages.delivery(taken())  # signed under the other authority, of which there is no list
    return Attack(
        foreign.sealed(),
        under(receipt()).sealed(),
        UNDETERMINED,
        reasons=frozenset({"revocation-unknown"}),
        policy=policy,
    )


def _fresh_crl() -> bytes:
    return pki.revocation_list(authority(), (), this_update=messages.NOW - timedelta(hours=1), next_update=messages.NOW)


@attack("T a revocation list that somebody else signed")
def _() -> Attack:
    lists = pki.revocation_list(
        authority(),
        [(pki.Profile.serial, SIGNED_AT - timedelta(days=1), ())],
        this_update=messages.NOW - timedelta(hours=1),
        next_update=messages.NOW,
        signing_key=pki.private_key("attacker"),
    )
    policy = Policy("foreign-crl", more='[revocation]\ncrls = ["foreign.crl"]\n', files={"foreign.crl": lists})
    return Attack(
        under(receipt()).sealed(),
        under(receipt(), signer(serial=0x42)).sealed(),
        CERTIFIED,
        notes=frozenset({"revocation-not-checked"}),
        policy=policy,
    )


def _answered(
    status: bytes, standing: str, reasons: tuple[str, ...], notes: tuple[str, ...], *, by: Callable[[], ocsp.Responder]
) -> Maker:
    """The same by an OCSP answer about one certificate; that of the twin is another, about which nobody answered."""

    def make() -> Attack:
        said = ocsp.Status(
            status,
            issuer=authority(),
            serial=0x54,
            this_update=messages.NOW - timedelta(hours=1),
            next_update=messages.NOW,
        )
        answer = ocsp.answer(said, responder=by(), produced_at=messages.NOW - timedelta(hours=1))
        return Attack(
            under(receipt(), signer(serial=0x54)).sealed(),
            under(receipt()).sealed(),
            standing,
            reasons=frozenset(reasons),
            notes=frozenset(notes),
            policy=Policy(
                f"ocsp-{hashlib.sha256(answer).hexdigest()[:8]}",
                more='[revocation]\nocsp = ["answer.ocsp"]\n',
                files={"answer.ocsp": answer},
            ),
        )

    return make


def _appointed() -> ocsp.Responder:
    return ocsp.responder(authority())


def _self_appointed() -> ocsp.Responder:
    return signer(name="self-appointed")


BEFORE_SIGNING, AFTER_SIGNING = SIGNED_AT - timedelta(days=1), SIGNED_AT + timedelta(seconds=1)
ATTACKS |= {
    "T an answer that it was revoked before": _answered(
        ocsp.revoked(BEFORE_SIGNING), NOT_CERTIFIED, ("revoked",), (), by=authority
    ),
    "T an appointed responder's answer that it was revoked before": _answered(
        ocsp.revoked(BEFORE_SIGNING), NOT_CERTIFIED, ("revoked",), (), by=_appointed
    ),
    "T an answer that it was revoked a second after": _answered(
        ocsp.revoked(AFTER_SIGNING), CERTIFIED, (), ("revoked-since",), by=_appointed
    ),
    "T an answer that it is good": _answered(ocsp.GOOD, CERTIFIED, (), (), by=_appointed),
    "T an answer of a responder nobody appointed": _answered(
        ocsp.revoked(BEFORE_SIGNING), CERTIFIED, (), ("revocation-not-checked",), by=_self_appointed
    ),
}


@attack("T an MD5 digest")
def _() -> Attack:
    return _signed_by(signer(), "forbidden-algorithm", digest="md5")


@attack("T a certificate signed with MD5")
def _() -> Attack:
    return _signed_by(signer(replace(authority(), digest="md5")), "forbidden-algorithm")


@attack("T an RSA key of 1000 bits")
def _() -> Attack:
    return _signed_by(signer(name="tiny", kind="rsa1000"), "forbidden-algorithm")


def _dated(at: datetime, certificate: Callable[[], pki.Signer], standing: str, *reasons: str, **more: object) -> Maker:
    """A receipt certified at `at`; its twin, of the same second, is signed in the ordinary way."""

    def make() -> Attack:
        digest = more.get("digest", "sha256")
        notes = more.get("notes")
        statement = receipt(at - timedelta(seconds=62))
        assert statement.at == at
        return Attack(
            replace(statement, signer=Sealer(certificate(), {"digest": digest})).sealed(),
            replace(statement, signer=Sealer(_long_valid("ordinary"))).sealed(),
            standing,
            reasons=frozenset(reasons),
            notes=notes if isinstance(notes, frozenset) else None,
            policy=Policy("old", files={"kit.pem": bench.pem(_old_authority().certificate)}),
        )

    return make


@cache
def _old_authority() -> pki.Authority:
    return pki.authority(
        "old", constraints=None, valid_from=datetime(2000, 1, 1, tzinfo=UTC), subject="CN=VECCHIA,C=IT"
    )


@cache
def _long_valid(name: str, kind: str = "rsa2048") -> pki.Signer:
    return signer(
        _old_authority(),
        name=name,
        kind=kind,
        valid_from=datetime(2001, 1, 1, tzinfo=UTC),
        valid_to=datetime(2029, 1, 1, tzinfo=UTC),
    )


_SHA1 = {"digest": "sha1"}
_END_OF_SHA1 = datetime(2027, 1, 1, tzinfo=UTC)
_END_OF_SMALL_KEYS = datetime(2018, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_UNCHECKED = "revocation-not-checked"

ATTACKS |= {
    "T SHA-1 in the last second of 2026": _dated(
        _END_OF_SHA1 - _SECOND,
        lambda: _long_valid("ordinary"),
        CERTIFIED,
        digest="sha1",
        notes=frozenset({"sha1-at-the-time", _UNCHECKED}),
    ),
    "T SHA-1 in the first second of 2027": _dated(
        _END_OF_SHA1,
        lambda: _long_valid("ordinary"),
        RESERVE,
        "weak-digest",
        digest="sha1",
        notes=frozenset({_UNCHECKED}),
    ),
    "T RSA 1024 in the last second of 2017": _dated(
        _END_OF_SMALL_KEYS - _SECOND,
        lambda: _long_valid("small", "rsa1024"),
        CERTIFIED,
        notes=frozenset({"small-key-at-the-time", _UNCHECKED}),
    ),
    "T RSA 1024 in the first second of 2018": _dated(
        _END_OF_SMALL_KEYS,
        lambda: _long_valid("small", "rsa1024"),
        RESERVE,
        "weak-key",
        notes=frozenset({_UNCHECKED}),
    ),
    "T RSA 2047 in the first second of 2018": _dated(
        _END_OF_SMALL_KEYS, lambda: _long_valid("odd", "rsa2047"), RESERVE, "weak-key"
    ),
}
