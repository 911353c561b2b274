"""The bench of the attacks: a made-up circuit under a trust policy, and `pecdesk` run over many files in one process.

Certificates come from two authorities that the policies name: that of the demo's world (`tests.kit.messages`), whose
providers sign every genuine kind of message, and one of the test kit (`tests.kit.pki`), under which a certificate can
be given any fault. Both are trusted under the same rules, so that a forgery and its genuine twin always differ in the
attack alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from pecdesk.demo.authority import PROVIDER_POLICY
from pecdesk.demo.builders import Statement
from tests.integration.conftest import Outcome, run_pecdesk
from tests.kit import messages, pki

NOW = messages.NOW.isoformat()

DOMAIN = "pec.gestoreuno.example"
ADDRESS = f"posta-certificata@{DOMAIN}"
ORGANISATION = "Gestore Uno S.p.A. (DEMO)"
SUBJECT = f"CN=Posta Certificata Uno,O={ORGANISATION},C=IT"

STANDARD = ""
"""The policy under which most is judged: both authorities, everything required that is required of AgID CA1."""


@cache
def authority() -> pki.Authority:
    """The test kit's authority, limited to the domain and the name of one provider."""
    return pki.authority(
        "hostile",
        subject="CN=PROVA CA1,OU=Area di prova,O=Agenzia di prova,C=IT",
        serial=1,
        constraints=pki.constraints_value((DOMAIN,), (f"O={ORGANISATION},C=IT",)),
    )


def signer(issuer: pki.Authority | None = None, **changes: object) -> pki.Signer:
    """A provider's certificate under that authority; `changes` are fields of `pki.Profile`."""
    settings: dict[str, object] = {"subject": SUBJECT, "addresses": (ADDRESS,), **changes}
    return pki.provider(issuer or authority(), **settings)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Sealer:
    """Signs as the test kit does, with any fault, in the place of a provider's own signer."""

    signer: pki.Signer
    faults: Mapping[str, object] = field(default_factory=dict)
    """Fields of `pki.Signing`."""
    at: datetime | None = None
    """Another signing time than the statement's."""

    def sign(self, content: bytes, at: datetime, *, digest: str = "sha256") -> bytes:
        settings: dict[str, object] = {"at": self.at or at, "digest": digest, **self.faults}
        return self.signer.sign(content, **settings)


def under(statement: Statement, certificate: pki.Signer | None = None, **faults: object) -> Statement:
    """The statement, to be signed with a certificate of the test kit's authority; `faults` are those of the CMS."""
    return replace(statement, signer=Sealer(certificate or signer(), faults))


def pem(der: bytes) -> bytes:
    """A certificate as a trust policy names it."""
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def policy_text(more: str = "", *, require: str = "") -> str:
    """A policy that trusts both authorities; `require` are lines of that table, `more` further tables."""
    return (
        'name = "prova"\n[[anchor]]\ncertificate = "world.pem"\n[[anchor]]\ncertificate = "kit.pem"\n'
        f'[require]\npolicy = "{PROVIDER_POLICY}"\n{require}\n{more}\n'
    )


@dataclass(frozen=True)
class Bench:
    """A folder with the policies and the mail of one module."""

    folder: Path

    def policy(self, name: str = "standard", text: str | None = None, files: Mapping[str, bytes] | None = None) -> Path:
        """Write a trust policy and what it names."""
        (self.folder / "world.pem").write_bytes(messages.world().authority.certificate_pem)
        (self.folder / "kit.pem").write_bytes(pem(authority().certificate))
        for file, content in (files or {}).items():
            (self.folder / file).write_bytes(content)
        path = self.folder / f"{name}.toml"
        path.write_text(policy_text() if text is None else text, encoding="utf-8")
        return path

    def write(self, mails: Mapping[str, bytes], place: str = "mail") -> dict[str, Path]:
        """Write messages as numbered files."""
        folder = self.folder / place
        folder.mkdir(exist_ok=True)
        paths = {}
        for number, (name, raw) in enumerate(mails.items()):
            paths[name] = folder / f"{number:05}.eml"
            paths[name].write_bytes(raw)
        return paths

    def verify(
        self, mails: Mapping[str, bytes], policy: Path | None = None, *words: object, place: str = "mail"
    ) -> dict[str, Any]:
        """`verify --json --trust` over all of them in one process: the entry of each name."""
        paths = self.write(mails, place)
        trust = policy or self.policy()
        done = run_pecdesk(
            "verify", *paths.values(), "--json", "--trust", trust, "--now", NOW, *words, timeout=600, cwd=self.folder
        )
        assert done.code in (0, 1), done.err
        entries = json.loads(done.out)["files"]
        assert [Path(entry["file"]) for entry in entries] == list(paths.values())
        return dict(zip(mails, entries, strict=True))

    def import_(
        self, profile: Path, mails: Mapping[str, bytes] | Sequence[bytes], *words: object, place: str = "in"
    ) -> Outcome:
        """`import` of these messages, in this order, into a profile that trusts the bench's policy."""
        named = mails if isinstance(mails, Mapping) else {str(number): raw for number, raw in enumerate(mails)}
        paths = self.write(named, place)
        return run_pecdesk("--profile", profile, "import", *paths.values(), "--json", "--now", NOW, *words)

    def profile(self, name: str) -> Path:
        """An empty profile that trusts both authorities."""
        folder = self.folder / name
        done = run_pecdesk("--profile", folder, "trust", "add", self.policy(), "--json", "--now", NOW)
        assert done.code == 0, done.err
        return folder

    def rows(self, profile: Path, *words: object) -> list[dict[str, Any]]:
        """`list --json`."""
        done = run_pecdesk("--profile", profile, "list", "--json", "--limit", "0", "--now", NOW, *words)
        assert done.code == 0, done.err
        rows: list[dict[str, Any]] = done.json["transmissions"]
        return rows


def facts(entry: Mapping[str, Any]) -> Any:
    """What an entry of `verify --json` shows as certified, and nothing else."""
    return entry["certification"]
