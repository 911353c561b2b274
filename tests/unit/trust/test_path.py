"""Paths to an anchor: each rule with its own reason."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pecdesk.trust import (
    Anchor,
    AnchorSet,
    CheckName,
    CheckStatus,
    Reason,
    SignatureStatus,
    TrustPolicy,
    Verdict,
    second_opinion,
)
from pecdesk.trust.certificate import read_certificate
from pecdesk.trust.der import SEQUENCE, encode, encode_object_identifier
from pecdesk.trust.names import NameConstraints, encode_name
from pecdesk.trust.path import MAX_INTERMEDIATES
from pecdesk.trust.second_opinion import objection_to
from tests.kit import pki

PASSED, FAILED, INDETERMINATE = SignatureStatus.PASSED, SignatureStatus.FAILED, SignatureStatus.INDETERMINATE
ANY_POLICY = "2.5.29.32.0"
LEAF_POLICY = pki.PROVIDER_POLICY


def root(**changes: object) -> pki.Authority:
    """A root that limits nothing."""
    changes = {"subject": "CN=RADICE,C=IT", "path_length": None, "constraints": None, "serial": 1, **changes}
    return pki.authority("root", **changes)


def below(issuer: pki.Authority, name: str = "middle", **changes: object) -> pki.Authority:
    """An authority under another, allowed to issue mail certificates of the provider policy."""
    changes = {
        "subject": f"CN={name},C=IT",
        "policies": (LEAF_POLICY,),
        "constraints": None,
        "path_length": None,
        **changes,
    }
    return pki.authority(name, issuer, **changes)


def through(issuer: pki.Authority, trusted: pki.Authority, *others: pki.Authority, **policy: object) -> Verdict:
    """The verdict on a good provider under `issuer`, with `trusted` as the anchor."""
    chain = [one.certificate for one in (issuer, *others)]
    return pki.judge(pki.provider(issuer, chain=chain).sign(), pki.anchors(trusted, **policy))


def fails(verdict: Verdict, name: CheckName, reason: Reason) -> None:
    assert (verdict.status, verdict.reason) == (FAILED, reason)
    assert pki.failures(verdict) == {name: reason}
    assert not verdict.provider_proven


# unknown authorities


def unknown(verdict: Verdict) -> str:
    assert (verdict.status, verdict.reason) == (INDETERMINATE, Reason.UNKNOWN_ANCHOR)
    assert pki.failures(verdict) == {CheckName.PATH: Reason.UNKNOWN_ANCHOR}
    assert not verdict.provider_proven
    assert (verdict.circuit, verdict.chain) == (None, ())
    for name in (CheckName.POLICY, CheckName.PURPOSE, CheckName.NAME_CONSTRAINTS, CheckName.REVOCATION):
        assert pki.check(verdict, name).status is CheckStatus.NOT_DONE
    return pki.check(verdict, CheckName.PATH).detail


def test_authority_with_the_anchors_name_and_another_key_is_unknown() -> None:
    impostor = pki.authority("impostor")
    assert impostor.subject == pki.authority().subject
    detail = unknown(through(impostor, pki.authority()))
    assert "its key is not the known one" in detail
    assert through(pki.authority(), pki.authority()).status is PASSED


def test_authority_with_the_anchors_key_and_another_name_is_unknown() -> None:
    renamed = pki.authority(subject="CN=ALTRO NOME,C=IT")
    unknown(through(renamed, pki.authority()))


def test_impostor_is_unknown_even_beside_the_genuine_authority_certificate() -> None:
    impostor = pki.authority("impostor")
    chain = [impostor.certificate, pki.authority().certificate]
    unknown(pki.judge(pki.provider(impostor, chain=chain).sign()))


def test_sibling_authority_under_the_same_root_is_unknown() -> None:
    top = root()
    genuine, sibling = (below(top, name) for name in ("PROVA", "SORELLA"))
    assert through(genuine, genuine, top).status is PASSED
    detail = unknown(through(sibling, genuine, top))
    assert "CN=SORELLA" in detail
    assert "CN=RADICE" in detail


def test_self_signed_signer_is_unknown() -> None:
    key = pki.private_key("self")
    certificate = pki.certificate(pki.Profile(), key, None)
    unknown(pki.judge(pki.Signer(certificate, key, ()).sign()))


def test_certificates_that_come_along_are_never_trusted() -> None:
    top = root()
    unknown(through(below(top), pki.authority(), top))


def test_no_certificate_of_the_anchor_needs_to_come_along() -> None:
    assert pki.judge(pki.provider(chain=()).sign()).status is PASSED


def test_dates_of_the_anchors_own_certificate_do_not_matter() -> None:
    late = pki.authority(valid_from=datetime(2029, 1, 1, tzinfo=UTC))
    assert through(late, late).status is PASSED


def test_anchor_name_in_another_string_type_is_the_same_name() -> None:
    anchor = Anchor.of(read_certificate(pki.authority().certificate))
    shouted = replace(anchor, subject=encode_name(anchor.name.upper()))
    trusted = AnchorSet((TrustPolicy("prova", (shouted,), LEAF_POLICY),))
    assert pki.judge(pki.provider().sign(), trusted).status is PASSED


# pins


def pin(authority: pki.Authority) -> AnchorSet:
    anchor = Anchor.of(read_certificate(authority.certificate))
    return AnchorSet((TrustPolicy("pin", (Anchor(anchor.subject, anchor.key_sha256),), LEAF_POLICY),))


def test_pin_takes_the_key_that_comes_along_if_it_is_the_pinned_one() -> None:
    ca = pki.authority()
    verdict = pki.judge(pki.provider(ca).sign(), pin(ca))
    assert (verdict.status, verdict.circuit) == (PASSED, "pin")
    assert pki.check(verdict, CheckName.NAME_CONSTRAINTS).status is CheckStatus.NOT_DONE
    unknown(pki.judge(pki.provider(ca, chain=()).sign(), pin(ca)))


def test_pin_refuses_another_key_or_another_name() -> None:
    ca, impostor = pki.authority(), pki.authority("impostor")
    chain = [impostor.certificate, ca.certificate]
    unknown(pki.judge(pki.provider(impostor, chain=chain).sign(), pin(ca)))
    renamed = pki.authority(subject="CN=ALTRO NOME,C=IT")
    unknown(pki.judge(pki.provider(renamed).sign(), pin(ca)))
    unknown(pki.judge(pki.provider(ca, chain=[renamed.certificate]).sign(), pin(ca)))


# intermediate authorities


def test_path_through_an_intermediate_authority_holds() -> None:
    top = root()
    middle = below(top)
    verdict = through(middle, top)
    assert verdict.status is PASSED
    assert len(verdict.chain) == 2
    unknown(pki.judge(pki.provider(middle, chain=()).sign(), pki.anchors(top)))
    given = pki.anchors(top, intermediates=(middle.certificate,))
    assert pki.judge(pki.provider(middle, chain=()).sign(), given).status is PASSED


@pytest.mark.parametrize(
    "changes",
    [
        {"authority": False},
        {"authority": None},
        {"key_usage": pki.CRL_SIGN_ONLY},
        {"more_extensions": (pki.extension("1.2.3.4", b"\x05\x00", critical=True),)},
    ],
)
def test_certificate_that_may_not_issue_others_breaks_the_path(changes: dict[str, object]) -> None:
    top = root()
    fails(through(below(top, **changes), top), CheckName.PATH, Reason.PATH_INVALID)


def test_authority_without_key_usage_may_issue() -> None:
    top = root()
    assert through(below(top, key_usage=None), top).status is PASSED


def test_provider_cannot_issue_certificates() -> None:
    """Who holds a good certificate signs another one with it."""
    good = pki.provider()
    evil = pki.Authority(read_certificate(good.certificate).subject, good.key, good.certificate)
    fails(through(evil, pki.authority(path_length=None)), CheckName.PATH, Reason.PATH_INVALID)


def test_path_length_of_anchor_and_authorities_is_obeyed() -> None:
    for limit, status in ((None, PASSED), (1, PASSED), (0, FAILED)):
        top = root(path_length=limit)
        assert through(below(top), top).status is status
    top = root()
    for limit, status in ((1, PASSED), (0, FAILED)):
        middle = below(top, path_length=limit)
        verdict = through(below(middle, "lower"), top, middle)
        assert verdict.status is status
    assert "more authorities follow CN=middle" in pki.check(verdict, CheckName.PATH).detail


def test_authority_certified_by_itself_again_does_not_lengthen_the_path() -> None:
    top = root(path_length=0)
    renewed = below(top, "renewed", subject="CN=RADICE,C=IT")
    assert through(renewed, top).status is PASSED


def test_path_may_not_be_longer_than_the_limit() -> None:
    top = root()
    authorities = [top]
    for index in range(MAX_INTERMEDIATES + 1):
        authorities.append(below(authorities[-1], f"ca{index}"))
    longest, too_long = authorities[-2], authorities[-1]
    assert through(longest, top, *authorities).status is PASSED
    unknown(through(too_long, top, *authorities))


def test_critical_extension_of_the_signer_that_is_not_understood_breaks_the_path() -> None:
    for critical, status in ((False, PASSED), (True, FAILED)):
        extra = pki.extension("1.2.3.4", b"\x05\x00", critical=critical)
        assert pki.judge(pki.provider(more_extensions=(extra,)).sign()).status is status
    fails(pki.judge(pki.provider(more_extensions=(extra,)).sign()), CheckName.PATH, Reason.PATH_INVALID)


def test_the_path_valid_at_the_reference_time_is_taken() -> None:
    """One authority certified twice: neither certificate covers the life of the signer."""
    top = root()
    early = below(top, valid_to=datetime(2026, 1, 1, tzinfo=UTC), serial=10)
    late = below(top, valid_from=datetime(2026, 1, 1, tzinfo=UTC), serial=11)
    signer = pki.provider(early, chain=[early.certificate, late.certificate])
    for at in (datetime(2025, 6, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)):
        assert pki.judge(signer.sign(at=at), pki.anchors(top)).status is PASSED
    only_early = pki.provider(early, chain=[early.certificate])
    verdict = pki.judge(only_early.sign(at=datetime(2027, 6, 1, tzinfo=UTC)), pki.anchors(top))
    fails(verdict, CheckName.VALIDITY, Reason.EXPIRED)


def test_certificates_that_were_never_valid_together_make_no_path() -> None:
    top = root()
    gone = below(top, valid_to=datetime(2024, 1, 1, tzinfo=UTC))
    verdict = through(gone, top)
    assert pki.failures(verdict) == {CheckName.PATH: Reason.PATH_INVALID, CheckName.VALIDITY: Reason.EXPIRED}
    assert "never valid at the same time" in pki.check(verdict, CheckName.PATH).detail


def test_a_bag_of_look_alikes_costs_no_more_than_the_limit() -> None:
    twins = [root(serial=serial) for serial in range(2, 30)]
    signer = pki.provider(twins[0], chain=[one.certificate for one in twins])
    unknown(pki.judge(signer.sign()))


# required policy


@pytest.mark.parametrize("policies", [None, (), ("1.3.76.16.3.1",), ("1.3.76.16.3.1.2",), (ANY_POLICY,)])
def test_wrong_policy_fails_with_name_constraints_on(policies: tuple[str, ...] | None) -> None:
    """The path library alone accepts any policy once the anchor has constraints among its qualifiers."""
    ca = pki.authority()
    assert Anchor.of(read_certificate(ca.certificate)).constraints is not None
    fails(pki.judge(pki.provider(ca, policies=policies).sign()), CheckName.POLICY, Reason.POLICY_MISSING)


def test_further_policies_beside_the_required_one_do_no_harm() -> None:
    assert pki.judge(pki.provider(policies=("2.23.140.1.5.2.2", LEAF_POLICY)).sign()).status is PASSED


def test_policy_is_only_asked_for_if_the_trust_policy_does() -> None:
    verdict = pki.judge(pki.provider(policies=None).sign(), pki.anchors(required_policy=None))
    assert verdict.status is PASSED
    assert pki.check(verdict, CheckName.POLICY).status is CheckStatus.NOT_DONE


def test_every_authority_on_the_way_must_allow_the_policy() -> None:
    top = root()
    for policies in ((LEAF_POLICY,), (ANY_POLICY,)):
        assert through(below(top, policies=policies), top).status is PASSED
    for policies in (("1.2.3",), None):
        fails(through(below(top, policies=policies), top), CheckName.POLICY, Reason.POLICY_MISSING)


# purpose


@pytest.mark.parametrize(
    "changes",
    [
        {"purposes": None},
        {"purposes": (pki.SERVER_AUTHENTICATION,)},
        {"purposes": ("2.5.29.37.0",)},
        {"key_usage": pki.KEY_ENCIPHERMENT},
        {"key_usage": pki.CERTIFICATE_AND_CRL_SIGN},
        {"authority": True, "key_usage": None},
    ],
)
def test_certificate_made_for_something_else_fails(changes: dict[str, object]) -> None:
    fails(pki.judge(pki.provider(**changes).sign()), CheckName.PURPOSE, Reason.WRONG_PURPOSE)


@pytest.mark.parametrize(
    "changes",
    [
        {"key_usage": None},
        {"key_usage": pki.NON_REPUDIATION},
        {"purposes": (pki.SERVER_AUTHENTICATION, pki.EMAIL_PROTECTION)},
        {"authority": False},
    ],
)
def test_certificate_made_for_mail_signatures_passes(changes: dict[str, object]) -> None:
    assert pki.judge(pki.provider(**changes).sign()).status is PASSED


def test_purpose_is_only_asked_for_if_the_trust_policy_does() -> None:
    trusted = pki.anchors(purpose="any")
    assert pki.judge(pki.provider(purposes=None).sign(), trusted).status is PASSED
    fails(
        pki.judge(pki.provider(key_usage=pki.KEY_ENCIPHERMENT).sign(), trusted), CheckName.PURPOSE, Reason.WRONG_PURPOSE
    )


def test_authorities_on_the_way_must_be_allowed_to_issue_for_mail() -> None:
    top = root()
    for purposes in (None, (pki.EMAIL_PROTECTION,), ("2.5.29.37.0",)):
        assert through(below(top, purposes=purposes), top).status is PASSED
    middle = below(top, purposes=(pki.SERVER_AUTHENTICATION,))
    fails(through(middle, top), CheckName.PURPOSE, Reason.WRONG_PURPOSE)
    assert through(middle, top, purpose="any").status is PASSED


# name constraints


@pytest.mark.parametrize(
    "changes",
    [
        {"addresses": ("posta@evil.example",)},
        {"addresses": ("posta@sub.pec.gestore.example",)},
        {"addresses": (pki.ADDRESS, "posta@evil.example")},
        {"subject": "CN=Posta Certificata,O=Altri S.p.A.,C=IT"},
        {"subject": f"CN=Posta Certificata,O={pki.ORGANISATION},C=FR"},
        {"subject": f"emailAddress=posta@evil.example,O={pki.ORGANISATION},C=IT"},
        {"other_names": (encode(0xA4, encode_name("O=Altri S.p.A.,C=IT")),)},
    ],
)
def test_name_outside_the_constraints_fails(changes: dict[str, object]) -> None:
    verdict = pki.judge(pki.provider(**changes).sign())
    assert verdict.status is FAILED
    assert pki.failures(verdict)[CheckName.NAME_CONSTRAINTS] is Reason.NAME_NOT_PERMITTED
    assert not verdict.provider_proven


def test_name_constraints_can_be_left_out_by_the_trust_policy() -> None:
    signer = pki.provider(subject="CN=Posta Certificata,O=Altri S.p.A.,C=IT")
    fails(pki.judge(signer.sign()), CheckName.NAME_CONSTRAINTS, Reason.NAME_NOT_PERMITTED)
    verdict = pki.judge(signer.sign(), pki.anchors(name_constraints=False))
    assert verdict.status is PASSED
    assert pki.check(verdict, CheckName.NAME_CONSTRAINTS).status is CheckStatus.NOT_DONE


def test_constraints_of_an_authority_on_the_way_are_enforced() -> None:
    top = root()
    for limit, status in ((pki.LIMIT, PASSED), ("O=Altri S.p.A.,C=IT", FAILED)):
        middle = below(top, constraints=pki.constraints_value(pki.DOMAINS, (limit,)))
        assert through(middle, top).status is status
    fails(through(middle, top), CheckName.NAME_CONSTRAINTS, Reason.NAME_NOT_PERMITTED)
    assert through(middle, top, name_constraints=False).status is PASSED


def test_authorities_on_the_way_are_limited_too() -> None:
    limits = pki.constraints_value(pki.DOMAINS, (pki.LIMIT,))
    top = root(constraints=limits)
    inside = below(top, subject=f"CN=CA,O={pki.ORGANISATION},C=IT")
    assert through(inside, top).status is PASSED
    fails(through(below(top), top), CheckName.NAME_CONSTRAINTS, Reason.NAME_NOT_PERMITTED)


def test_self_issued_certificate_of_an_authority_is_not_limited_by_name() -> None:
    top = root(constraints=pki.constraints_value(pki.DOMAINS, (pki.LIMIT,)))
    renewed = below(top, "renewed", subject="CN=RADICE,C=IT")
    assert through(renewed, top).status is PASSED


def test_excluded_names_and_closed_forms_are_refused() -> None:
    top = root(constraints=pki.constraints_value(excluded_mail=("pec.gestore.example",)))
    fails(through(top, top), CheckName.NAME_CONSTRAINTS, Reason.NAME_NOT_PERMITTED)
    top = root(constraints=pki.constraints_value(more_excluded=(encode(0x87, bytes(8)),)))
    assert through(top, top).status is PASSED
    signer = pki.provider(top, other_names=(encode(0x87, bytes(4)),))
    fails(pki.judge(signer.sign(), pki.anchors(top)), CheckName.NAME_CONSTRAINTS, Reason.NAME_NOT_PERMITTED)


def test_wider_constraints_in_the_message_change_nothing() -> None:
    """An issue of the authority's certificate that comes with a message never adds to what is permitted."""
    wide = pki.authority(constraints=None, serial=99)
    signer = pki.provider(wide, addresses=("posta@evil.example",))
    verdict = pki.judge(signer.sign(), pki.anchors(pki.authority()), address="posta@evil.example")
    fails(verdict, CheckName.NAME_CONSTRAINTS, Reason.NAME_NOT_PERMITTED)


# the second opinion


def test_rules_only_the_library_knows_break_the_path() -> None:
    """requireExplicitPolicy 0 in an authority: a path without any policy is void (RFC 5280 §6.1.4 i)."""
    explicit = pki.extension("2.5.29.36", encode(SEQUENCE, encode(0x80, b"\x00")), critical=True)
    top = root()
    middle = below(top, policies=("1.2.3",), more_extensions=(explicit,))
    signer = pki.provider(middle, policies=None)
    verdict = pki.judge(signer.sign(), pki.anchors(top, required_policy=None))
    fails(verdict, CheckName.PATH, Reason.PATH_INVALID)
    plain = below(top, policies=("1.2.3",))
    assert pki.judge(pki.provider(plain, policies=None).sign(), pki.anchors(top, required_policy=None)).status is PASSED


def test_policy_mappings_are_not_understood() -> None:
    pair = encode(SEQUENCE, encode_object_identifier("1.2.3"), encode_object_identifier(LEAF_POLICY))
    mapping = pki.extension("2.5.29.33", encode(SEQUENCE, pair), critical=True)
    top = root()
    fails(through(below(top, more_extensions=(mapping,)), top), CheckName.PATH, Reason.PATH_INVALID)


def opinion(signer: pki.Signer, ca: pki.Authority, **changes: object) -> str | None:
    how: dict[str, object] = {
        "certificates": [signer.certificate],
        "anchor_name": ca.subject,
        "anchor_key": pki.key_bytes(ca.key),
        "at": pki.MOMENT,
        "required_policy": LEAF_POLICY,
        "constraints": NameConstraints(pki.DOMAINS, (encode_name(pki.LIMIT),)),
        **changes,
    }
    return objection_to(**how)  # type: ignore[arg-type]


def test_second_opinion_is_independent_of_our_own_checks() -> None:
    ca, signer = pki.authority(), pki.provider()
    assert opinion(signer, ca) is None
    assert opinion(signer, ca, constraints=None, required_policy=None) is None
    assert opinion(signer, pki.authority("impostor"))
    assert opinion(pki.provider(policies=("1.2.3",)), ca)
    assert opinion(pki.provider(addresses=("x@evil.example",)), ca)
    assert opinion(pki.provider(subject="O=Altri,C=IT"), ca)
    assert opinion(signer, ca, constraints=NameConstraints(excluded_mail=("pec.gestore.example",)))
    assert opinion(signer, ca, constraints=NameConstraints(excluded_directories=(encode_name(pki.LIMIT),)))
    assert opinion(signer, ca, at=datetime(2029, 1, 1, tzinfo=UTC))
    assert opinion(signer, ca, at=datetime(2025, 1, 1, tzinfo=UTC) - timedelta(seconds=1))


def test_second_opinion_that_would_wait_for_something_is_an_objection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a network could be waited for, and there is none."""

    @types.coroutine
    def waiting(*_: object) -> Iterator[None]:
        yield

    monkeypatch.setattr(second_opinion, "async_validate_path", waiting)
    assert opinion(pki.provider(), pki.authority()) == "the path validation library tried to wait for something"


def test_second_opinion_on_nonsense_is_an_objection() -> None:
    ca, signer = pki.authority(), pki.provider()
    assert opinion(signer, ca, certificates=[b"\x30\x00"])
    assert opinion(signer, ca, certificates=[b"nonsense"])
    assert opinion(signer, ca, anchor_key=b"")
