"""What is trusted: shipped data, its text form, its version."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from pecdesk.errors import TrustError
from pecdesk.resources import resources
from pecdesk.trust import (
    AnchorSet,
    Purpose,
    RevocationMode,
    anchors,
    anchors_from_json,
    anchors_to_json,
    policy_from_text,
    policy_to_text,
    shipped_anchors,
)
from pecdesk.trust.algorithms import algorithm_table
from pecdesk.trust.certificate import read_certificate
from pecdesk.trust.names import prepared_name, union
from pecdesk.trust.pem import decode_pem
from tests.kit import ocsp, pki

ISSUES = sorted((Path(__file__).parents[4] / "shared" / "trust").glob("*.pem"))
needs_issues = pytest.mark.skipif(
    not ISSUES, reason="the issues of the AgID CA1 certificate are not beside the checkout"
)


def test_agid_ca1_is_shipped_with_everything_it_requires() -> None:
    (policy,) = shipped_anchors().policies
    assert policy.name == "AgID CA1"
    assert policy.required_policy == "1.3.76.16.3.1.1"
    assert policy.purpose is Purpose.EMAIL_PROTECTION
    assert (policy.address, policy.name_constraints, policy.daticert, policy.by_hand) == (True, True, True, False)
    assert policy.revocation is RevocationMode.SOFT
    (anchor,) = policy.anchors
    assert anchor.key_sha256 == "39e3c6c6f13c9620775172694d20f81edad55a8613934cdaa7c3793a6d26b86b"
    assert anchor.key is not None
    assert hashlib.sha256(anchor.key).hexdigest() == anchor.key_sha256
    assert anchor.path_length == 0
    assert "CN=AgID CA1" in anchor.name.split(",")
    assert len(policy.permitted_mail) == 38
    assert len(policy.permitted_directories) == 32
    assert "O=Aruba PEC S.p.A.,L=Ponte San Pietro,ST=Bergamo,C=IT" in policy.permitted_directories


@needs_issues
def test_all_nine_issues_have_the_shipped_name_and_key() -> None:
    (anchor,) = shipped_anchors().policies[0].anchors
    certificates = [read_certificate(decode_pem(path.read_bytes(), "CERTIFICATE")[0]) for path in ISSUES]
    assert len({one.sha256 for one in certificates}) == 9
    for certificate in certificates:
        assert certificate.key == anchor.key
        assert prepared_name(certificate.subject) == prepared_name(anchor.subject)
        assert certificate.extensions.path_length == anchor.path_length


@needs_issues
def test_shipped_limits_are_the_union_of_the_nine_issues() -> None:
    shipped = shipped_anchors().policies[0].anchors[0].constraints
    certificates = [read_certificate(decode_pem(path.read_bytes(), "CERTIFICATE")[0]) for path in ISSUES]
    joined = union(one.extensions.constraints for one in certificates)
    assert shipped is not None
    assert joined is not None
    assert sorted(shipped.permitted_mail) == sorted(joined.permitted_mail)
    assert set(map(prepared_name, shipped.permitted_directories)) == set(
        map(prepared_name, joined.permitted_directories)
    )
    assert shipped.closed_forms == joined.closed_forms
    assert (joined.excluded_mail, joined.excluded_directories) == ((), ())


def test_damaged_shipped_data_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = (resources() / "trust" / "agid-ca1.toml").read_text(encoding="utf-8")
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "agid-ca1.toml").write_text(text.replace("39e3c6", "39e3c7"), encoding="utf-8")
    monkeypatch.setattr(anchors, "resources", lambda: tmp_path)
    with pytest.raises(TrustError, match="damaged"):
        anchors.read_shipped("agid-ca1.toml")


def full_policy() -> AnchorSet:
    ca = pki.authority()
    return pki.anchors(
        ca,
        purpose=Purpose.ANY,
        address=False,
        daticert=False,
        name_constraints=False,
        signer_addresses=frozenset({"b@x.example", "a@x.example"}),
        revocation=RevocationMode.HARD,
        crls=(pki.revocation_list(ca),),
        ocsp=(ocsp.answer(),),
        intermediates=(ca.certificate,),
        by_hand=True,
    )


def kept() -> AnchorSet:
    return pki.anchors().with_kept([pki.revocation_list(pki.authority())], [ocsp.answer()])


@pytest.mark.parametrize("trusted", [shipped_anchors(), AnchorSet(()), full_policy(), pki.anchors(), kept()])
def test_set_comes_back_from_its_bytes_as_it_was(trusted: AnchorSet) -> None:
    again = anchors_from_json(anchors_to_json(trusted))
    assert again == trusted
    assert (again.policies, again.crls, again.ocsp) == (trusted.policies, trusted.crls, trusted.ocsp)
    assert (again.version, again.fingerprint) == (trusted.version, trusted.fingerprint)
    assert anchors_to_json(again) == anchors_to_json(trusted)


def test_policy_comes_back_from_its_text_as_it_was() -> None:
    for policy in (*shipped_anchors().policies, *full_policy().policies):
        again = policy_from_text(policy_to_text(policy))
        assert again == policy
        assert isinstance(again.purpose, Purpose)
        assert isinstance(again.revocation, RevocationMode)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"nonsense", b"\xff", b'{"policies": [{"name": 5, "anchors": []}], "format": 1}', b'{"policies": 5}'],
)
def test_stored_trust_that_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(TrustError, match="cannot be read"):
        anchors_from_json(data)


def test_text_must_hold_exactly_one_policy() -> None:
    for trusted in (AnchorSet(()), AnchorSet((pki.policy(), pki.policy(name="altra")))):
        with pytest.raises(TrustError, match="cannot be read"):
            policy_from_text(anchors_to_json(trusted).decode())


def test_version_changes_with_anything_that_is_trusted() -> None:
    policy = pki.policy()
    versions = {
        AnchorSet(policies).version
        for policies in (
            (),
            (policy,),
            (replace(policy, address=False),),
            (replace(policy, required_policy=None),),
            (replace(policy, crls=(pki.revocation_list(pki.authority()),)),),
            (replace(policy, ocsp=(ocsp.answer(),)),),
            (replace(policy, anchors=(replace(policy.anchors[0], constraints=None),)),),
            (pki.policy(pki.authority("impostor")),),
        )
    }
    assert len(versions) == 8
    assert AnchorSet((policy,)).version == AnchorSet((pki.policy(),)).version


def test_version_changes_with_the_dates_of_algorithms(monkeypatch: pytest.MonkeyPatch) -> None:
    before = AnchorSet((pki.policy(),)).version
    later = replace(algorithm_table(), rsa_minimum=1025)
    monkeypatch.setattr(anchors, "algorithm_table", lambda: later)
    assert AnchorSet((pki.policy(),)).version != before


def test_what_a_profile_has_kept_makes_another_set_of_the_same_version() -> None:
    plain, crl, answer = pki.anchors(), pki.revocation_list(pki.authority()), ocsp.answer()
    sets = [plain, plain.with_kept([crl], []), plain.with_kept([], [crl]), plain.with_kept([crl], [answer]), kept()]
    assert {one.version for one in sets} == {plain.version}
    assert len({one.fingerprint for one in sets}) == 4
    assert sets[3] == sets[4] != plain
    assert kept().with_kept([], []) == plain


def test_version_names_the_date_of_the_shipped_data() -> None:
    assert shipped_anchors().version.startswith(algorithm_table().date + "+")


def test_sets_are_equal_if_they_trust_the_same() -> None:
    assert AnchorSet((pki.policy(),)) == AnchorSet((pki.policy(),))
    assert hash(AnchorSet((pki.policy(),))) == hash(AnchorSet((pki.policy(),)))
    assert AnchorSet((pki.policy(),)) != AnchorSet(())
    assert AnchorSet(()) != "AnchorSet"


def test_policies_of_one_name_are_refused() -> None:
    with pytest.raises(TrustError, match="“prova”"):
        AnchorSet((pki.policy(), pki.policy(by_hand=True)))


def test_the_mail_a_policy_permits_is_that_of_its_authorities() -> None:
    assert pki.policy().permitted_mail == pki.DOMAINS
    assert pki.policy(pki.authority(constraints=None)).permitted_mail == ()
