"""POLICY.toml: a trust policy as a file (cli.md section 3). Every mistake is refused with a sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from pecdesk.errors import N_, TrustError
from pecdesk.trust.certificate import IssuedCertificate, read_certificate
from pecdesk.trust.crl import read_crl
from pecdesk.trust.names import encode_name, prepared_name, union
from pecdesk.trust.ocsp import read_ocsp
from pecdesk.trust.pem import decode_pem
from pecdesk.trust.policy import Anchor, Purpose, RevocationMode, TrustPolicy

T = TypeVar("T")

_KEYS = {
    "": {"name", "anchor", "require", "signers", "revocation", "intermediates"},
    "anchor": {"certificate", "subject", "spki_sha256"},
    "require": {"policy", "purpose", "address", "name_constraints", "daticert"},
    "signers": {"addresses"},
    "revocation": {"mode", "crls", "ocsp"},
    "intermediates": {"certificates"},
}


def load_policy(path: Path, *, by_hand: bool = False) -> TrustPolicy:
    """The policy in this file, with the certificates and revocation data it names. Raises TrustError."""
    return _PolicyFile(path).policy(by_hand=by_hand)


class _PolicyFile:
    """One file being read; knows its own name for every complaint."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.data: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise TrustError(
                N_("The trust policy {path} cannot be read: {detail}."), path=path, detail=error.strerror or error
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise TrustError(N_("{path} is not valid TOML: {detail}."), path=path, detail=error) from error

    def policy(self, *, by_hand: bool) -> TrustPolicy:
        self._refuse_unknown("", self.data)
        name = self._text("name", self.data.get("name"))
        anchors = self.data.get("anchor", [])
        if not isinstance(anchors, list) or not anchors:
            raise self._error(N_("{path}: at least one [[anchor]] is needed."))
        require, signers = self._table("require"), self._table("signers")
        revocation, intermediates = self._table("revocation"), self._table("intermediates")
        policy = require.get("policy")
        addresses = signers.get("addresses")
        return TrustPolicy(
            name=name,
            anchors=_merged(self._anchor(anchor) for anchor in anchors),
            required_policy=None if policy is None else self._object_identifier(policy),
            purpose=self._choice(Purpose, "require.purpose", require.get("purpose", Purpose.EMAIL_PROTECTION)),
            address=self._flag("require.address", require.get("address", True)),
            name_constraints=self._flag("require.name_constraints", require.get("name_constraints", True)),
            daticert=self._flag("require.daticert", require.get("daticert", True)),
            signer_addresses=None
            if addresses is None
            else frozenset(one.lower() for one in self._texts("signers.addresses", addresses)),
            revocation=self._choice(RevocationMode, "revocation.mode", revocation.get("mode", RevocationMode.SOFT)),
            crls=self._files("revocation.crls", revocation.get("crls", []), "X509 CRL", _read_crl),
            ocsp=self._files("revocation.ocsp", revocation.get("ocsp", []), "OCSP RESPONSE", _read_ocsp),
            intermediates=self._files(
                "intermediates.certificates", intermediates.get("certificates", []), "CERTIFICATE", _read_certificate
            ),
            by_hand=by_hand,
        )

    def _anchor(self, table: object) -> Anchor:
        if not isinstance(table, dict):
            raise self._error(N_("{path}: at least one [[anchor]] is needed."))
        self._refuse_unknown("anchor", table)
        if "certificate" in table:
            if len(table) > 1:
                raise self._error(N_("{path}: an anchor has either a certificate or subject and spki_sha256."))
            file = self.path.parent / self._text("anchor.certificate", table["certificate"])
            blocks = self._blocks(file, "CERTIFICATE", _read_certificate)
            if len(blocks) != 1:
                raise self._error(
                    N_("{file} holds {count} certificates; an anchor is one."), file=file, count=len(blocks)
                )
            return Anchor.of(read_certificate(blocks[0]))
        digest = self._text("anchor.spki_sha256", table.get("spki_sha256")).replace(":", "").lower()
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise self._error(N_("{path}: spki_sha256 must be 64 hexadecimal digits."))
        try:
            subject = encode_name(self._text("anchor.subject", table.get("subject")))
        except ValueError as error:
            raise self._error(N_("{path}: the anchor's subject cannot be read: {detail}."), detail=error) from error
        return Anchor(subject=subject, key_sha256=digest)

    def _files(self, key: str, value: object, label: str, check: Callable[[bytes], object]) -> tuple[bytes, ...]:
        found: list[bytes] = []
        for pattern in self._texts(key, value):
            is_glob = bool(set(pattern) & set("*?["))
            files = self._matching(key, pattern) if is_glob else [self.path.parent / pattern]
            for file in files:
                found += self._blocks(file, label, check)
        return tuple(dict.fromkeys(found))

    def _matching(self, key: str, pattern: str) -> list[Path]:
        """Files that match, in order of their names; a pattern may match none yet."""
        # Python before 3.13 refuses such a pattern, later ones read it as something else.
        if any("**" in piece and piece != "**" for piece in Path(pattern).parts):
            raise self._error(
                N_("{path}: “{key}” has a pattern that means nothing: {pattern}."), key=key, pattern=pattern
            )
        start = Path(pattern).anchor
        folder = Path(start) if start else self.path.parent
        return sorted(file for file in folder.glob(pattern[len(start) :]) if file.is_file())

    def _blocks(self, file: Path, label: str, check: Callable[[bytes], object]) -> list[bytes]:
        try:
            blocks = decode_pem(file.read_bytes(), label)
            for block in blocks:
                check(block)
        except OSError as error:
            raise self._error(
                N_("{path} names {file}, which cannot be read: {detail}."), file=file, detail=error.strerror or error
            ) from error
        except ValueError as error:
            raise self._error(
                N_("{file} does not hold what {path} says: {detail}."), file=file, detail=error
            ) from error
        if not blocks:
            raise self._error(N_("{file} does not hold what {path} says: {detail}."), file=file, detail=f"no {label}")
        return blocks

    def _table(self, key: str) -> dict[str, object]:
        table = self.data.get(key, {})
        if not isinstance(table, dict):
            raise self._error(N_("{path}: [{key}] must be a table."), key=key)
        self._refuse_unknown(key, table)
        return table

    def _refuse_unknown(self, table: str, given: Iterable[str]) -> None:
        for key in given:
            if key not in _KEYS[table]:
                raise self._error(N_("{path}: “{key}” is not a known key."), key=f"{table}.{key}".lstrip("."))

    def _text(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self._error(N_("{path}: “{key}” must be a text that is not empty."), key=key)
        return value

    def _texts(self, key: str, value: object) -> list[str]:
        if not isinstance(value, list):
            raise self._error(N_("{path}: “{key}” must be a list of texts."), key=key)
        return [self._text(key, one) for one in value]

    def _flag(self, key: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise self._error(N_("{path}: “{key}” must be true or false."), key=key)
        return value

    def _choice(self, kind: type[T], key: str, value: object) -> T:
        try:
            return kind(value)  # type: ignore[call-arg]
        except ValueError as error:
            choices = ", ".join(kind)  # type: ignore[arg-type]
            raise self._error(N_("{path}: “{key}” must be one of {choices}."), key=key, choices=choices) from error

    def _object_identifier(self, value: object) -> str:
        text = self._text("require.policy", value)
        parts = text.split(".")
        if len(parts) < 2 or not all(part.isascii() and part.isdigit() for part in parts):
            raise self._error(N_("{path}: “{value}” is not an object identifier."), value=text)
        return text

    def _error(self, message: str, **fields: object) -> TrustError:
        return TrustError(message, "", path=self.path, **fields)


def _read_certificate(encoded: bytes) -> IssuedCertificate:
    return read_certificate(encoded)


def _read_crl(encoded: bytes) -> object:
    return read_crl(encoded)


def _read_ocsp(encoded: bytes) -> object:
    return read_ocsp(encoded)


def _merged(anchors: Iterable[Anchor]) -> tuple[Anchor, ...]:
    """Certificates of one name and key are one anchor, limited to what at least one of them permits."""
    groups: dict[object, list[Anchor]] = {}
    for anchor in anchors:
        groups.setdefault((prepared_name(anchor.subject), anchor.key_sha256), []).append(anchor)
    merged = []
    for group in groups.values():
        known = next((anchor for anchor in group if anchor.key), group[0])
        with_key = [anchor for anchor in group if anchor.key] or group
        lengths = [anchor.path_length for anchor in with_key]
        merged.append(
            Anchor(
                subject=known.subject,
                key_sha256=known.key_sha256,
                key=known.key,
                constraints=union(anchor.constraints for anchor in with_key),
                path_length=None if None in lengths else max(length for length in lengths if length is not None),
            )
        )
    return tuple(merged)
