"""What is remembered of a signer equals what would be worked out anew, at every time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from pecdesk.trust import AnchorSet, CheckName, CheckStatus, Reason, RevocationMode, over_time
from pecdesk.trust.certificate import IssuedCertificate, read_certificate
from pecdesk.trust.judgement import _judgements
from pecdesk.trust.over_time import SignerOverTime
from pecdesk.trust.path import CertificatePath, judge_signer
from pecdesk.trust.revocation import Evidence, Knowledge
from tests.kit import ocsp, pki

SMALLEST = timedelta(microseconds=1)
MOMENTS = st.integers(0, 8).map(lambda hours: pki.MOMENT + timedelta(hours=hours))
SPANS = st.tuples(MOMENTS, MOMENTS).map(lambda both: (min(both), max(both)))


class Told(Evidence):
    """Revocation data that says what it is told to, of each certificate in turn."""

    def __init__(self, knowledge: dict[IssuedCertificate, Knowledge]) -> None:
        super().__init__()
        self.knowledge = knowledge
        self.asked = 0

    def knowledge_of(self, certificate: IssuedCertificate, issuer_key: bytes) -> Knowledge:
        self.asked += 1
        return self.knowledge[certificate]


CERTIFICATES = tuple(read_certificate(pki.provider(serial=number).certificate) for number in (1, 2, 3))
KNOWLEDGE = st.builds(Knowledge, st.none() | MOMENTS, st.none() | MOMENTS)


JUDGEMENTS = {mode: judge_signer(CERTIFICATES[0], (), pki.policy(revocation=mode))[0] for mode in RevocationMode}


@st.composite
def signers(draw: st.DrawFn) -> SignerOverTime:
    """A signer by a path of one to three certificates with any validity, and any data about them."""
    spans = draw(st.lists(SPANS, min_size=1, max_size=3))
    chain = tuple(
        replace(one, not_before=start, not_after=end) for one, (start, end) in zip(CERTIFICATES, spans, strict=False)
    )
    judgement = JUDGEMENTS[draw(st.sampled_from(RevocationMode))]
    assert judgement.path is not None
    path = CertificatePath(chain, judgement.path.anchor, judgement.path.anchor_key)
    told = Told({one: draw(KNOWLEDGE) for one in chain})
    return SignerOverTime(chain[0], replace(judgement, path=path), told)


TIMES = [
    None,
    *(
        pki.MOMENT + timedelta(hours=hours) + beside
        for hours in range(-1, 10)
        for beside in (-SMALLEST, timedelta(0), SMALLEST, timedelta(minutes=30))
    ),
]
"""Every moment at which an edge may lie, those just beside it, and the middles between; and no time at all."""


def is_right(signer: SignerOverTime, times: list[datetime | None]) -> bool:
    """Whether what is remembered is what would be worked out, asked in this order and once more."""
    return all(signer.at(at) == signer.judged_at(at) for at in (*times, *times))


@given(signers(), st.permutations(TIMES))
@settings(max_examples=150, deadline=None)
def test_what_is_remembered_is_what_would_be_worked_out(signer: SignerOverTime, times: list[datetime | None]) -> None:
    assert is_right(signer, times)


@pytest.mark.parametrize("planted", ["an edge is left out", "an edge belongs to the window after it"])
def test_the_property_above_finds_a_planted_bug(planted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if planted == "an edge is left out":
        whole = SignerOverTime.edges.func  # type: ignore[attr-defined]
        monkeypatch.setattr(SignerOverTime, "edges", property(lambda self: whole(self)[1:]))
    else:
        monkeypatch.setattr(over_time, "bisect_left", over_time.bisect_right)
    quick = settings(max_examples=150, deadline=None, phases=[Phase.generate], database=None)
    assert find(signers(), lambda signer: not is_right(signer, TIMES), settings=quick)


def test_a_chain_costs_nothing_the_second_time() -> None:
    chain = CERTIFICATES[:1]
    (judgement,) = judge_signer(chain[0], (), pki.policy())
    told = Told({chain[0]: Knowledge(None, None)})
    signer = SignerOverTime(chain[0], judgement, told)
    first = signer.at(pki.MOMENT)
    asked = told.asked
    for hours in range(100):
        assert signer.at(pki.MOMENT + timedelta(hours=hours)) is first
    assert told.asked == asked


def test_a_provider_is_judged_once_for_all_its_messages() -> None:
    trusted = pki.anchors()
    pki.judge(pki.provider().sign(), trusted)
    before = _judgements.cache_info()
    for number in range(5):
        content = b"%d" % number
        assert pki.judge(pki.provider().sign(content), trusted, content=content).provider_proven
    after = _judgements.cache_info()
    assert (after.misses, after.hits) == (before.misses, before.hits + 5)


def test_what_is_remembered_under_one_trust_is_not_used_under_another() -> None:
    signature = pki.provider().sign()
    revoked = pki.revocation_list(pki.authority(), [(pki.Profile().serial, pki.MOMENT, ())])
    plain, kept = pki.anchors(), pki.anchors().with_kept([revoked], [])
    answered = pki.anchors().with_kept([], [ocsp.answer()])
    for _ in range(2):
        assert pki.check(pki.judge(signature, plain), CheckName.REVOCATION).status is CheckStatus.NOT_DONE
        assert pki.judge(signature, kept).reason is Reason.REVOKED
        assert pki.check(pki.judge(signature, answered), CheckName.REVOCATION).status is CheckStatus.PASSED


def test_policies_of_one_set_keep_their_own_data_apart() -> None:
    revoked = pki.revocation_list(pki.authority(), [(pki.Profile().serial, pki.MOMENT, ())])
    other = pki.authority("other", subject="CN=ALTRA CA,C=IT")
    trusted = AnchorSet((pki.policy(other, name="altra", crls=(revoked,)), pki.policy()))
    assert pki.check(pki.judge(pki.provider().sign(), trusted), CheckName.REVOCATION).status is CheckStatus.NOT_DONE


def test_each_window_is_judged_by_itself_for_a_real_chain() -> None:
    revoked_at = pki.MOMENT + timedelta(days=30)
    crl = pki.revocation_list(
        pki.authority(), [(pki.Profile().serial, revoked_at, ())], this_update=revoked_at + timedelta(days=1)
    )
    trusted = pki.anchors().with_kept([crl], [])
    profile = pki.Profile()
    expected = [
        (profile.valid_from - SMALLEST, Reason.NOT_YET_VALID),
        (profile.valid_from, None),
        (revoked_at - SMALLEST, None),
        (revoked_at, Reason.REVOKED),
        (profile.valid_to, Reason.REVOKED),
        (profile.valid_to + SMALLEST, Reason.EXPIRED),
    ]
    for at, reason in (*expected, *reversed(expected)):
        assert pki.judge(pki.provider().sign(), trusted, at=at).reason is reason
