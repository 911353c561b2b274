"""Who names an authority of certified mail as its own: a claim that is told, and changes no verdict."""

from __future__ import annotations

import pytest

from pecdesk.trust import CheckName, Reason, names_pec_authority, shipped_anchors
from tests.kit import pki

AGID = "CN=AgID CA1,OU=Area Soluzioni per la Pubblica Amministrazione,O=Agenzia per l'Italia Digitale,L=Roma,C=IT"


@pytest.mark.parametrize(
    ("issuer", "policies", "named"),
    [
        (AGID, (), True),
        ("CN=AGID CA2,C=IT", (), True),
        ("CN=CA1,O=Agenzia per l’Italia Digitale,C=IT", (), True),
        ("CN=DigitPA CA1,OU=Ufficio,O=DigitPA,C=IT", (), True),
        ("CN=CA di CNIPA,C=IT", (), True),
        ("CN=Qualcuno,C=IT", ("1.3.76.16.3.1.1",), True),
        ("CN=Qualcuno,C=IT", ("1.2.3", "1.3.76.16.3"), True),
        ("CN=Qualcuno,C=IT", ("1.3.76.16.30.1",), False),
        ("CN=Qualcuno,C=IT", ("1.3.76.16.5",), False),
        ("CN=Actalis Client Authentication CA G3,O=Actalis S.p.A.,C=IT", ("1.3.159.1.24.1",), False),
        ("CN=Magid Trust,C=IT", (), False),
        ("", (), False),
    ],
)
def test_a_name_or_a_policy_of_pec_is_recognised(issuer: str, policies: tuple[str, ...], named: bool) -> None:
    assert names_pec_authority(issuer, policies) is named


def test_an_unknown_authority_that_names_pec_is_told_from_others_and_proves_no_more() -> None:
    newer = pki.authority("newer", subject="CN=AgID CA2,O=Agenzia per l'Italia Digitale,C=IT", constraints=None)
    stranger = pki.authority("stranger", subject="CN=Qualcuno,C=IT", constraints=None)
    for issuer, policies, told in (
        (newer, (), True),
        (stranger, (pki.PROVIDER_POLICY,), True),
        (stranger, ("1.2.3",), False),
        (stranger, None, False),
    ):
        verdict = pki.judge(pki.provider(issuer, policies=policies).sign(), shipped_anchors())
        assert verdict.reason is Reason.UNKNOWN_ANCHOR
        assert not verdict.provider_proven
        detail = pki.check(verdict, CheckName.PATH).detail
        assert "the issuer is not known here" in detail
        assert ("names an authority or a policy of PEC" in detail) is told


def test_a_known_name_with_another_key_is_called_what_it_is() -> None:
    impostor = pki.authority("impostor", subject=AGID, constraints=None)
    verdict = pki.judge(pki.provider(impostor).sign(), shipped_anchors())
    assert verdict.reason is Reason.UNKNOWN_ANCHOR
    assert "but its key is not the known one" in pki.check(verdict, CheckName.PATH).detail
