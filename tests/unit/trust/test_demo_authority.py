"""The made-up authority of the demo: as genuine ones are, and trusted nowhere by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pecdesk.demo.authority import PROVIDER_POLICY, Authority, Signer
from pecdesk.trust import AnchorSet, CheckName, Note, Reason, SignatureStatus, load_policy, shipped_anchors
from pecdesk.trust.certificate import read_certificate
from pecdesk.trust.names import name_text
from tests.kit import pki

FROM, TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
NAME, ADDRESS = "DEMO Gestore S.p.A.", "posta-certificata@pec.demo.example"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.make(domains=["pec.demo.example"], organisations=[NAME], valid_from=FROM, valid_to=TO)


@pytest.fixture(scope="module")
def signer(authority: Authority) -> Signer:
    return authority.provider(NAME, ADDRESS, valid_from=FROM, valid_to=TO)


@pytest.fixture
def trusted(authority: Authority, tmp_path: Path) -> AnchorSet:
    (tmp_path / "ca.pem").write_bytes(authority.certificate_pem)
    (tmp_path / "policy.toml").write_text(authority.policy_toml('DEMO "CA1"', "ca.pem"), encoding="utf-8")
    policy = load_policy(tmp_path / "policy.toml")
    assert policy.name == 'DEMO "CA1"'
    return AnchorSet((policy,))


@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha512"])
def test_demo_signature_passes_under_the_demo_policy(signer: Signer, trusted: AnchorSet, digest: str) -> None:
    signature = signer.sign(pki.CONTENT, pki.MOMENT, digest=digest)
    verdict = pki.judge(signature, trusted, address=ADDRESS)
    assert (verdict.status, verdict.signed_at) == (SignatureStatus.PASSED, pki.MOMENT)
    assert verdict.notes - {Note.SHA1_AT_THE_TIME} == {Note.REVOCATION_NOT_CHECKED}
    assert pki.judge(signature, trusted, address=ADDRESS, content=b"x").reason is Reason.DIGEST_MISMATCH


def test_demo_authority_is_unknown_to_the_shipped_trust(signer: Signer) -> None:
    verdict = pki.judge(signer.sign(pki.CONTENT, pki.MOMENT), shipped_anchors(), address=ADDRESS)
    assert (verdict.status, verdict.reason) == (SignatureStatus.INDETERMINATE, Reason.UNKNOWN_ANCHOR)


def test_demo_certificates_have_the_profile_of_genuine_ones(authority: Authority, signer: Signer) -> None:
    provider, ca = read_certificate(signer.certificate), read_certificate(signer.chain[0])
    assert provider.extensions.addresses == (ADDRESS,)
    assert provider.extensions.policies == {PROVIDER_POLICY}
    assert provider.extensions.key_usage == {"digital-signature"}
    assert provider.extensions.other_forms == frozenset()
    assert f"O={NAME}" in name_text(provider.subject)
    assert (ca.extensions.is_authority, ca.extensions.path_length) == (True, 0)
    assert ca.extensions.constraints is not None
    assert ca.extensions.constraints.permitted_mail == ("pec.demo.example",)
    assert "DEMO" in name_text(ca.subject)
    assert ca.key_sha256 == authority.key_sha256


def test_demo_authority_is_limited_to_its_organisations(authority: Authority, trusted: AnchorSet) -> None:
    for name, address in (("Altri S.p.A.", ADDRESS), (NAME, "posta@evil.example")):
        outside = authority.provider(name, address, valid_from=FROM, valid_to=TO)
        verdict = pki.judge(outside.sign(pki.CONTENT, pki.MOMENT), trusted, address=address)
        assert pki.failures(verdict) == {CheckName.NAME_CONSTRAINTS: Reason.NAME_NOT_PERMITTED}


def test_signing_time_after_2049_is_written_in_full(authority: Authority, trusted: AnchorSet) -> None:
    late = datetime(2051, 1, 1, tzinfo=UTC)
    signer = authority.provider(NAME, ADDRESS, valid_from=FROM, valid_to=datetime(2060, 1, 1, tzinfo=UTC))
    assert pki.judge(signer.sign(pki.CONTENT, late), trusted, address=ADDRESS).signed_at == late
