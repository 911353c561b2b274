"""The same signatures judged by `openssl cms -verify`: both say yes, or both say no."""

from __future__ import annotations

import base64
import shutil
import subprocess
from pathlib import Path

import pytest

from pecdesk.demo.authority import DIGEST_IDENTIFIERS, algorithm, attribute
from pecdesk.trust import SignatureStatus
from pecdesk.trust.der import NULL, encode
from tests.kit import pki

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")


def openssl_accepts(folder: Path, signature: bytes, ca: pki.Authority, content: bytes = pki.CONTENT) -> bool:
    armour = b"-----BEGIN CERTIFICATE-----\n%b-----END CERTIFICATE-----\n" % base64.encodebytes(ca.certificate)
    (folder / "ca.pem").write_bytes(armour)
    (folder / "content").write_bytes(content)
    (folder / "signature").write_bytes(signature)
    command = [
        str(OPENSSL),
        *("cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "content"),
        *("-CAfile", "ca.pem", "-partial_chain", "-purpose", "smimesign", "-attime", f"{pki.MOMENT.timestamp():.0f}"),
        *("-policy", pki.PROVIDER_POLICY, "-explicit_policy", "-out", "out"),
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


def unlimited(**changes: object) -> pki.Authority:
    """As the default authority; what openssl knows nothing of (the anchor's own limits) is left out."""
    return pki.authority(**{"policies": ("2.5.29.32.0",), "constraints": None, **changes})


SAME: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    **{f"rsa {digest}": ({}, {"digest": digest}) for digest in ("sha1", "sha224", "sha256", "sha384", "sha512")},
    **{f"pss {digest}": ({}, {"digest": digest, "scheme": "pss"}) for digest in ("sha1", "sha256", "sha512")},
    **{f"{kind} sha256": ({"kind": kind}, {}) for kind in ("p256", "p384", "p521")},
    "p384 sha512": ({"kind": "p384"}, {"digest": "sha512"}),
    "indefinite lengths": ({}, {"indefinite": True}),
    "pieces": ({}, {"in_pieces": True}),
    "key identifier": ({}, {"by_key_identifier": True}),
    "unsorted attributes": ({}, {"sorted_attributes": False}),
    "more attributes": ({}, {"more_attributes": [attribute("1.2.3.4", encode(NULL))]}),
    "named digest": ({}, {"signature_algorithm": algorithm(pki.RSA_WITH["sha256"])}),
    "no signing time": ({}, {"at": None}),
    "wrong signature": ({}, {"signature_value": bytes(256)}),
    "short signature": ({}, {"signature_value": bytes(20)}),
    "no digest": ({}, {"attributes": []}),
    "wrong digest algorithm": ({}, {"digest_algorithm": algorithm(DIGEST_IDENTIFIERS["sha512"])}),
    "no digest algorithms": ({}, {"set_digest_algorithms": []}),
    "no certificate": ({}, {"certificates": []}),
    "no signer": ({}, {"signers": 0}),
    "expired": ({"valid_to": pki.MOMENT.replace(day=1, month=2)}, {}),
    "not yet valid": ({"valid_from": pki.MOMENT.replace(day=2)}, {}),
    "wrong purpose": ({"purposes": (pki.SERVER_AUTHENTICATION,)}, {}),
    "wrong key usage": ({"key_usage": pki.KEY_ENCIPHERMENT}, {}),
    "wrong policy": ({"policies": ("1.2.3",)}, {}),
    "no policy": ({"policies": None}, {}),
    "unknown critical extension": (
        {"more_extensions": (pki.extension("1.2.3.4", encode(NULL), critical=True),)},
        {},
    ),
}


@pytest.mark.parametrize("case", SAME)
def test_verdict_is_that_of_openssl(tmp_path: Path, case: str) -> None:
    profile, signing = SAME[case]
    ca = unlimited()
    signature = pki.provider(ca, **profile).sign(**signing)
    verdict = pki.judge(signature, pki.anchors(ca), at=pki.MOMENT)
    assert (verdict.status is SignatureStatus.PASSED) is openssl_accepts(tmp_path, signature, ca)


@pytest.mark.parametrize("content", [b"", b"x", pki.CONTENT + b"\r\n", pki.CONTENT.replace(b"\r\n", b"\n")])
def test_other_content_is_refused_by_both(tmp_path: Path, content: bytes) -> None:
    ca = unlimited()
    signature = pki.provider(ca).sign()
    assert not openssl_accepts(tmp_path, signature, ca, content)
    assert pki.judge(signature, pki.anchors(ca), content=content).status is SignatureStatus.FAILED
    assert openssl_accepts(tmp_path, signature, ca)


def test_authority_with_another_key_is_refused_by_both(tmp_path: Path) -> None:
    impostor = unlimited(name="impostor")
    signature = pki.provider(impostor).sign()
    assert not openssl_accepts(tmp_path, signature, unlimited())
    assert pki.judge(signature, pki.anchors(unlimited())).status is SignatureStatus.INDETERMINATE


LIMITED = {
    "inside": ({}, True),
    "address outside": ({"addresses": ("x@evil.example",)}, False),
    "sub-domain": ({"addresses": ("x@sub.pec.gestore.example",)}, False),
    "organisation outside": ({"subject": "O=Altri,C=IT"}, False),
    "country outside": ({"subject": f"O={pki.ORGANISATION},C=FR"}, False),
    "in capitals": ({"subject": f"CN=x,O={pki.ORGANISATION.upper()},C=IT"}, True),
}


@pytest.mark.parametrize("case", LIMITED)
def test_limits_of_an_authority_on_the_way_are_those_of_openssl(tmp_path: Path, case: str) -> None:
    changes, inside = LIMITED[case]
    root = unlimited(subject="CN=RADICE,C=IT", name="root", path_length=None)
    middle = pki.authority("middle", root, subject="CN=MEZZO,C=IT", policies=(pki.PROVIDER_POLICY,))
    signer = pki.provider(middle, **changes)
    address = read_address(changes)
    verdict = pki.judge(signer.sign(), pki.anchors(root), address=address)
    assert (verdict.status is SignatureStatus.PASSED) is inside
    assert openssl_accepts(tmp_path, signer.sign(), root) is inside


def read_address(changes: dict[str, object]) -> str:
    return changes.get("addresses", (pki.ADDRESS,))[0]  # type: ignore[index,no-any-return]
