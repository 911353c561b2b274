"""Messages of every make judged by `pecdesk verify` and by `openssl cms -verify`.

    python -m tests.hostile.differential [COUNT [SEED]]

makes so many (2,000), judges each with both under the same authority at the same time, and prints how often they agree
and every disagreement that the table does not explain; exit 1 if there is one. Compared is the signature alone: the
policy asks for no certificate policy, no address and no daticert.xml, and `openssl` is given `-purpose smimesign`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from pecdesk.demo.authority import CONTENT_TYPE, DATA, DIGEST_IDENTIFIERS, MESSAGE_DIGEST, algorithm, attribute
from pecdesk.demo.builders import signed_mail
from pecdesk.demo.mail import CRLF
from pecdesk.trust.der import NULL, OCTET_STRING, encode, encode_object_identifier
from tests.hostile.attacks import receipt
from tests.hostile.bench import ADDRESS, DOMAIN, ORGANISATION, Bench, authority, pem, signer
from tests.kit import pki

OPENSSL = shutil.which("openssl")

AT = receipt().at

POLICY = (
    'name = "prova"\n[[anchor]]\ncertificate = "kit.pem"\n[require]\naddress = false\ndaticert = false\n'
    '[revocation]\nmode = "off"\n'
)


@dataclass(frozen=True)
class Explanation:
    """A disagreement that is meant."""

    ours: bool
    """What pecdesk says: the signature passed, or not."""
    reason: str
    """Among pecdesk's reasons; empty where it has none."""
    trait: str
    """How such messages are made, by the beginning of a trait; empty: any."""
    why: str


EXPLAINED = (
    Explanation(False, "forbidden-algorithm", "digest: md5", "MD5 is never believed (cli.md section 3)"),
    Explanation(False, "content-present", "fault:", "a detached signature brings no content (security page, tie b)"),
    Explanation(False, "signer-count", "fault: two signers", "exactly one signer (tie b)"),
    Explanation(False, "attributes-missing", "fault: no attributes", "PEC always signs attributes (tie b)"),
    Explanation(
        False, "attributes-wrong", "fault: another content type", "eContentType and contentType are both id-data"
    ),
    Explanation(False, "cms-unreadable", "fault: trailing bytes", "nothing may follow the ContentInfo (attack A7)"),
    Explanation(
        False, "wrong-purpose", "certificate:", "the purpose emailProtection must be there; no authority signs mail"
    ),
    Explanation(False, "duplicate-header", "mime: two boundaries", "two boundaries are two messages (attack A6)"),
    Explanation(False, "incomplete", "mime: CR CR LF", "openssl takes any row of CR and LF for one line end"),
    Explanation(
        False,
        "digest-mismatch",
        "mime:",
        "openssl turns LF into CRLF before hashing; here only in files without any CR",
    ),
    *(
        Explanation(False, reason, "fault: a bit of the signer", "openssl mends wrong tags and passes over parameters")
        for reason in ("cms-unreadable", "unsupported-algorithm", "attributes-wrong")
    ),
    Explanation(True, "", "content: bare LF", "the same: what was signed with a bare LF is read as it stands"),
    Explanation(True, "", "key: ed25519", "openssl before 3.5 knows no Ed25519 in CMS"),
    Explanation(True, "", "fault: a bit of the authority", "a damaged certificate that is not needed is passed over"),
)
"""Every sort of disagreement there is."""

KEYS = ("rsa2048", "rsa2048", "rsa2048", "rsa3072", "rsa1024", "p256", "p384", "p521", "ed25519")
DIGESTS = ("sha1", "sha256", "sha256", "sha224", "sha384", "sha512", "md5")


@dataclass(frozen=True)
class Made:
    """One message and how it was made."""

    raw: bytes
    traits: tuple[str, ...]


CERTIFICATES: dict[str, dict[str, object]] = {
    "good": {},
    "expired": {"valid_to": AT - timedelta(seconds=1)},
    "not yet valid": {"valid_from": AT + timedelta(seconds=1)},
    "for servers": {"purposes": (pki.SERVER_AUTHENTICATION,)},
    "without purpose": {"purposes": None},
    "for any purpose": {"purposes": ("2.5.29.37.0",)},
    "non-repudiation": {"key_usage": pki.NON_REPUDIATION},
    "for encryption": {"key_usage": pki.KEY_ENCIPHERMENT},
    "without key usage": {"key_usage": None},
    "an authority": {"authority": True, "key_usage": None},
    "no authority, said so": {"authority": False},
    "without extensions": {"no_extensions": True},
    "address outside": {"addresses": ("x@evil.example",)},
    "address in a sub-domain": {"addresses": (f"x@sub.{DOMAIN}",)},
    "address in capitals": {"addresses": (ADDRESS.upper(),)},
    "without address": {"addresses": None},
    "organisation outside": {"subject": "CN=x,O=Altri,C=IT"},
    "organisation in capitals": {"subject": f"CN=x,O={ORGANISATION.upper()},C=IT"},
    "critical extension": {"more_extensions": (pki.extension("1.2.3.4", encode(NULL), critical=True),)},
    "harmless extension": {"more_extensions": (pki.extension("1.2.3.4", encode(NULL)),)},
    "another inner algorithm": {"inner_algorithm": algorithm(pki.RSA_WITH["sha1"])},
}


@cache
def certificate(name: str, kind: str) -> pki.Signer:
    """A signer with that sort of certificate."""
    settings: dict[str, object] = {"name": f"differential {kind}", "kind": kind, **CERTIFICATES[name]}
    return signer(None, **settings)


@cache
def stranger(kind: str) -> pki.Signer:
    """A signer under an authority of the same name with another key."""
    impostor = pki.Authority(authority().subject, pki.private_key("impostor"), authority().certificate)
    return signer(impostor, name=f"stranger {kind}", kind=kind)


def flipped(data: bytes, chance: Random, where: range) -> bytes:
    """One bit of one byte there changed."""
    at = chance.choice(where)
    return data[:at] + bytes((data[at] ^ (1 << chance.randrange(8)),)) + data[at + 1 :]


def content(chance: Random) -> tuple[bytes, str]:
    """The part to be signed."""
    shapes: dict[str, bytes] = {
        "receipt": receipt().content(),
        "text": b"Content-Type: text/plain\r\n\r\nUna riga.\r\nUn'altra.\r\n",
        "no line end": b"Content-Type: text/plain\r\n\r\nsenza fine",
        "empty body": b"Content-Type: text/plain\r\n\r\n",
        "blank lines at the end": b"Content-Type: text/plain\r\n\r\nx\r\n\r\n\r\n",
        "trailing blanks": b"Content-Type: text/plain\r\n\r\nx  \r\ny\t\r\n",
        "8 bits": b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nperch\xe9 \xff\x80\r\n",
        "dashes": b"Content-Type: text/plain\r\n\r\n--\r\n--x\r\n-- \r\n",
        "long line": b"Content-Type: text/plain\r\n\r\n" + b"x" * 5000 + b"\r\n",
        "bare LF inside": b"Content-Type: text/plain\r\n\r\na\nb\r\n",
        "bare CR inside": b"Content-Type: text/plain\r\n\r\na\rb\r\n",
        "NUL inside": b"Content-Type: text/plain\r\n\r\na\0b\r\n",
        "no headers": b"\r\nsolo testo\r\n",
    }
    name = chance.choice(("receipt", "receipt", "text", *shapes))
    return shapes[name], f"content: {name}"


def cms(signed: bytes, chance: Random) -> tuple[bytes, list[str]]:
    """A signature over it, more often good than not."""
    kind, digest = chance.choice(KEYS), chance.choice(DIGESTS)
    scheme = chance.choice(("pkcs1", "pkcs1", "pss")) if kind.startswith("rsa") else "pkcs1"
    if kind == "rsa1024" and digest in ("sha384", "sha512"):
        digest = "sha256"  # a salt of that length has no place in such a key
    if kind == "ed25519":
        digest = chance.choice(("sha512", "sha256"))
    if kind[0] == "p" and digest == "md5":
        digest = "sha256"
    sort = chance.choice(tuple(CERTIFICATES)) if chance.random() < 0.35 else "good"
    who = stranger(kind) if chance.random() < 0.04 else certificate(sort, kind)
    settings: dict[str, object] = {"at": AT, "digest": digest, "scheme": scheme}
    traits = [f"key: {kind}", f"digest: {digest}", f"scheme: {scheme}", f"certificate: {sort}"]
    ways: dict[str, dict[str, object]] = {
        "indefinite lengths": {"indefinite": True},
        "value in pieces": {"in_pieces": True},
        "attributes unsorted": {"sorted_attributes": False},
        "by key identifier": {"by_key_identifier": True},
        "no signing time": {"at": None},
        "further attributes": {"more_attributes": (attribute("1.2.3.4", encode(NULL)),)},
        "the signer's certificate alone": {"certificates": (who.certificate,)},
        "certificates the other way round": {"certificates": (authority().certificate, who.certificate)},
    }
    faults: dict[str, dict[str, object]] = {
        "no certificates": {"certificates": ()},
        "content inside": {"encapsulated": encode(0xA0, encode(OCTET_STRING, signed))},
        "other content inside": {"encapsulated": encode(0xA0, encode(OCTET_STRING, b"altro"))},
        "no signer": {"signers": 0},
        "two signers": {"signers": 2},
        "no attributes": {"without_attributes": True},
        "two digests": {"more_attributes": (attribute(MESSAGE_DIGEST, encode(OCTET_STRING, bytes(32))),)},
        "two content types": {"more_attributes": (attribute(CONTENT_TYPE, encode_object_identifier(DATA)),)},
        "another content type": {"content_type": "1.2.3.4"},
        "no digest algorithms": {"set_digest_algorithms": []},
        "another digest named": {"digest_algorithm": algorithm(DIGEST_IDENTIFIERS["sha384"])},
        "trailing bytes": {"trailing": b"\0\0"},
        "zeros for a value": {"signature_value": bytes(256)},
        "another outer type": {"outer_type": "1.2.840.113549.1.7.3"},
    }
    for name, way in ways.items():
        if chance.random() < 0.12:
            settings |= way
            traits.append(f"way: {name}")
    if chance.random() < 0.2:
        name = chance.choice(tuple(faults))
        settings |= faults[name]
        traits.append(f"fault: {name}")
    der = who.sign(signed, **settings)
    if chance.random() < 0.06:
        der, traits = flipped(der, chance, _signer_info(der)), [*traits, "fault: a bit of the signer"]
    elif chance.random() < 0.04 and authority().certificate in der:
        at = der.index(authority().certificate)
        here = range(at + 4, at + len(authority().certificate))
        der, traits = flipped(der, chance, here), [*traits, "fault: a bit of the authority"]
    elif chance.random() < 0.03:
        der, traits = der[: chance.randrange(len(der))], [*traits, "fault: signature cut"]
    elif chance.random() < 0.05 and not {"indefinite", "trailing"} & settings.keys():
        der, traits = pki.to_long_lengths(der), [*traits, "way: long lengths"]
    return der, traits


def _signer_info(der: bytes) -> range:
    """Where the SignerInfo lies: behind the last certificate."""
    ends = [der.rfind(one) + len(one) for one in (authority().certificate,) if one in der]
    return range(max(ends, default=len(der) - 300), len(der))


TRICKS: dict[str, Callable[[bytes], bytes]] = {
    "LF": lambda raw: raw.replace(CRLF, b"\n"),
    "LF in the headers": lambda raw: (
        raw.partition(CRLF + CRLF)[0].replace(CRLF, b"\n") + b"\n\n" + raw.partition(CRLF + CRLF)[2]
    ),
    "LF at the end": lambda raw: raw.removesuffix(CRLF) + b"\n",
    "CR CR LF": lambda raw: raw.replace(CRLF, b"\r\r\n"),
    "one LF in the first part": lambda raw: raw.replace(b"text/plain\r\n", b"text/plain\n", 1),
    "no end": lambda raw: raw.replace(b"--confine--\r\n", b""),
    "no line end at the end": lambda raw: raw.removesuffix(CRLF),
    "text behind": lambda raw: raw + b"altro testo\r\n",
    "blanks behind a delimiter": lambda raw: raw.replace(b"--confine\r\n", b"--confine  \r\n", 1),
    "boundary unquoted": lambda raw: raw.replace(b'boundary="confine"', b"boundary=confine"),
    "boundary in capitals": lambda raw: raw.replace(b"boundary=", b"BOUNDARY="),
    "another protocol": lambda raw: raw.replace(b"protocol=", b"protocoll="),
    "signature as octets": lambda raw: raw.replace(b"Content-Type: application/pkcs7-signature", b"Content-Type: a/b"),
    "multipart/mixed": lambda raw: raw.replace(b"multipart/signed", b"multipart/mixed"),
    "two boundaries": lambda raw: raw.replace(b'boundary="confine"', b'boundary="confine"; boundary="altro"'),
    "third part": lambda raw: raw.replace(b"--confine--", b"--confine\r\n\r\nterza\r\n--confine--"),
    "empty first part before": lambda raw: raw.replace(b"--confine\r\n", b"--confine\r\n\r\n\r\n--confine\r\n", 1),
}


def make(chance: Random) -> Made:
    """One message."""
    signed, shape = content(chance)
    der, traits = cms(signed, chance)
    preamble = chance.choice((b"", b"", b"This is an S/MIME signed message\r\n\r\n", b"x\r\n"))
    raw = signed_mail((("From", ADDRESS), ("To", "a@b.example")), signed, der, "confine", preamble=preamble)
    traits = [shape, *traits]
    if chance.random() < 0.3:
        name = chance.choice(tuple(TRICKS))
        raw, traits = TRICKS[name](raw), [*traits, f"mime: {name}"]
    if chance.random() < 0.06 and signed in raw:
        at = raw.index(signed)
        raw, traits = flipped(raw, chance, range(at, at + len(signed))), [*traits, "mime: a bit of the content"]
    return Made(raw, tuple(traits))


def openssl_accepts(folder: Path, path: Path) -> bool:
    """What `openssl cms -verify` says of the file."""
    command = [str(OPENSSL), "cms", "-verify", "-in", str(path), "-CAfile", "kit.pem", "-purpose", "smimesign"]
    command += ["-attime", f"{AT.timestamp():.0f}", "-out", "out"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


@dataclass(frozen=True)
class Judged:
    """What both said of one message."""

    made: Made
    ours: bool
    theirs: bool
    entry: Any

    @property
    def explanation(self) -> Explanation | None:
        """Why they differ, as far as the table knows."""
        reasons = self.entry["reasons"]
        for each in EXPLAINED:
            fits = any(trait.startswith(each.trait) for trait in self.made.traits)
            if fits and each.ours == self.ours and (not each.reason or each.reason in reasons[:1]):
                return each
        return None


def judge(folder: Path, made: Iterable[Made]) -> list[Judged]:
    """Judge each message with both programs."""
    bench = Bench(folder)
    trust = bench.policy("signature", POLICY)
    (folder / "kit.pem").write_bytes(pem(authority().certificate))
    named = {str(number): each for number, each in enumerate(made)}
    entries = bench.verify({name: each.raw for name, each in named.items()}, trust, "--at", AT.isoformat())
    found = []
    for name, each in named.items():
        entry = entries[name]
        theirs = openssl_accepts(folder, Path(entry["file"]))
        found.append(Judged(each, entry["signature"]["status"] == "passed", theirs, entry))
    return found


def main(count: int = 2000, seed: int = 20261122) -> int:
    """Judge `count` messages and print what came of it."""
    chance = Random(seed)
    tally: Counter[str] = Counter()
    unexplained = 0
    with TemporaryDirectory() as folder:
        for start in range(0, count, 500):
            batch = [make(chance) for _ in range(min(500, count - start))]
            for judged in judge(Path(folder), batch):
                if judged.ours == judged.theirs:
                    tally["both accept" if judged.ours else "both refuse"] += 1
                    continue
                side = "only pecdesk accepts" if judged.ours else "only openssl accepts"
                if judged.explanation is None:
                    unexplained += 1
                    print(side, judged.entry["reasons"], *judged.made.traits, sep="\n    ")
                else:
                    tally[f"{side}: {judged.explanation.why}"] += 1
    for line, number in tally.most_common():
        print(f"{number:6}  {line}")
    print(f"{unexplained:6}  unexplained")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
