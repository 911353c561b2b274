"""The table of algorithms and the parameters of RSA-PSS."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa

from pecdesk.demo.authority import DIGEST_IDENTIFIERS, algorithm
from pecdesk.trust import Note, Reason, SignatureStatus, keys
from pecdesk.trust.algorithms import SchemeKind, SignatureScheme, judge_algorithms, read_algorithm, scheme_of
from pecdesk.trust.der import SEQUENCE, DerError, encode, encode_integer, read_only_element
from pecdesk.trust.keys import UnsupportedKeyError, is_issued_with, load_key, rsa_bits
from tests.kit import pki

AT = datetime(2020, 1, 1, tzinfo=UTC)
SHA256 = algorithm(DIGEST_IDENTIFIERS["sha256"])


def pss(*parts: bytes) -> SignatureScheme | None:
    return scheme_of(read_algorithm(read_only_element(algorithm(pki.RSA_PSS, encode(SEQUENCE, *parts)))))


def test_parameters_of_pss_have_defaults() -> None:
    assert pss() == SignatureScheme(SchemeKind.RSA_PSS, "sha1", "sha1", 20)
    assert pss(encode(0xA0, SHA256)) == SignatureScheme(SchemeKind.RSA_PSS, "sha256", "sha1", 20)
    assert pss(encode(0xA2, encode_integer(32)), encode(0xA3, encode_integer(1))) == SignatureScheme(
        SchemeKind.RSA_PSS, "sha1", "sha1", 32
    )


@pytest.mark.parametrize(
    "parts",
    [
        [encode(0xA0, algorithm("1.2.3"))],
        [encode(0xA1, algorithm("1.2.3", SHA256))],
        [encode(0xA1, encode(SEQUENCE, algorithm(pki.MASK_GENERATION_1)[2:13]))],
        [encode(0xA1, algorithm(pki.MASK_GENERATION_1, algorithm("1.2.3")))],
        [encode(0xA2, encode_integer(-1))],
        [encode(0xA2, encode_integer(513))],
        [encode(0xA2, encode(0x04, b"x"))],
        [encode(0xA3, encode_integer(2))],
        [encode(0xA0)],
    ],
)
def test_parameters_of_pss_that_mean_nothing_are_no_scheme(parts: list[bytes]) -> None:
    assert pss(*parts) is None


@pytest.mark.parametrize(
    "encoded", [b"\x30\x00", encode(SEQUENCE, SHA256[2:13], b"\x05\x00", b"\x05\x00"), b"\x31\x00"]
)
def test_malformed_algorithms_are_refused(encoded: bytes) -> None:
    with pytest.raises(DerError):
        read_algorithm(read_only_element(encoded))


def test_pss_with_another_mask_and_salt_passes_if_it_says_so() -> None:
    """The scheme is believed as stated, not as usual: the parameters must be those really used."""
    wrong = algorithm(pki.RSA_PSS, pki.pss_parameters("sha256", "sha512"))
    verdict = pki.judge(pki.provider().sign(scheme="pss", signature_algorithm=wrong))
    assert verdict.reason is Reason.SIGNATURE_MISMATCH
    wrong = algorithm(pki.RSA_PSS, pki.pss_parameters("sha256", salt_length=20))
    verdict = pki.judge(pki.provider().sign(scheme="pss", signature_algorithm=wrong))
    assert verdict.reason is Reason.SIGNATURE_MISMATCH


def test_strong_algorithms_need_no_words() -> None:
    judged = judge_algorithms({"sha256"}, {2048, 4096}, AT)
    assert (judged.reason, judged.weak, judged.notes) == (None, False, frozenset())
    assert judged.detail == "sha256, RSA 2048, RSA 4096"


def test_forbidden_algorithms_need_no_time() -> None:
    for at in (None, AT):
        assert judge_algorithms({"md5", "sha256"}, {2048}, at).reason is Reason.FORBIDDEN_ALGORITHM
        assert judge_algorithms({"sha256"}, {1023, 2048}, at).reason is Reason.FORBIDDEN_ALGORITHM


def test_without_a_time_nothing_is_weak_or_noted() -> None:
    judged = judge_algorithms({"sha1"}, {1024}, None)
    assert (judged.reason, judged.weak, judged.notes) == (None, False, frozenset())


def test_smallest_key_counts() -> None:
    assert judge_algorithms({"sha1"}, {1024, 4096}, datetime(2017, 1, 1, tzinfo=UTC)).notes == {
        Note.SHA1_AT_THE_TIME,
        Note.SMALL_KEY_AT_THE_TIME,
    }


def test_keys_that_cannot_be_used_have_no_size_and_signed_nothing() -> None:
    for key in (b"", b"nonsense", pki.key_bytes(pki.private_key("x", "dsa"))):
        assert rsa_bits(key) is None
        with pytest.raises(UnsupportedKeyError):
            load_key(key)
        scheme = read_algorithm(read_only_element(algorithm(pki.RSA_WITH["sha256"])))
        assert not is_issued_with(key, scheme, b"", b"")
    assert rsa_bits(pki.key_bytes(pki.private_key("x", "p256"))) is None


def test_algorithm_the_cryptographic_library_refuses_never_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As builds do that follow FIPS, with SHA-1."""

    @rsa.RSAPublicKey.register
    class RefusingKey:
        key_size = 2048

        def verify(self, *_: object) -> None:
            raise UnsupportedAlgorithm("not here")

    signature = pki.provider(name="refused").sign()
    assert pki.judge(signature).status is SignatureStatus.PASSED
    monkeypatch.setattr(keys, "load_key", lambda _: RefusingKey())
    assert pki.judge(signature).reason is Reason.UNSUPPORTED_ALGORITHM


def test_certificate_signed_with_an_unknown_algorithm_has_no_known_issuer() -> None:
    ca = pki.authority(kind="dsa", name="dsa-ca")
    assert pki.judge(pki.provider(ca).sign(), pki.anchors(ca)).reason is Reason.UNKNOWN_ANCHOR


@pytest.mark.parametrize(("kind", "scheme"), [("rsa2048", "pss"), ("p384", ""), ("ed25519", "")])
def test_authorities_may_sign_with_any_known_algorithm(kind: str, scheme: str) -> None:
    ca = pki.authority(f"ca-{kind}", kind=kind, scheme=scheme)
    assert pki.judge(pki.provider(ca).sign(), pki.anchors(ca)).status is SignatureStatus.PASSED
