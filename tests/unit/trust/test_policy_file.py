"""POLICY.toml in full, and a sentence for every mistake."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from pecdesk.errors import TrustError
from pecdesk.trust import AnchorSet, Purpose, RevocationMode, SignatureStatus, TrustPolicy, load_policy
from pecdesk.trust.certificate import read_certificate
from pecdesk.trust.names import NameConstraints, encode_name
from tests.kit import ocsp, pki

ANCHOR = '[[anchor]]\ncertificate = "ca.pem"\n'


def pem(encoded: bytes, label: str = "CERTIFICATE") -> bytes:
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (label.encode(), base64.encodebytes(encoded), label.encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ca.pem").write_bytes(pem(pki.authority().certificate))
    (tmp_path / "ca.crt").write_bytes(pki.authority().certificate)
    for name in ("crls", "certs"):
        (tmp_path / name).mkdir()
    (tmp_path / "crls" / "a.crl").write_bytes(pki.revocation_list(pki.authority()))
    (tmp_path / "crls" / "b.crl").write_bytes(
        pem(pki.revocation_list(pki.authority(), [(5, pki.MOMENT, ())]), "X509 CRL")
    )
    (tmp_path / "crls" / "good.ocsp").write_bytes(ocsp.answer())
    (tmp_path / "certs" / "one.crt").write_bytes(pki.provider().certificate)
    return tmp_path


def load(folder: Path, text: str, **how: bool) -> TrustPolicy:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return load_policy(path, **how)


def test_shortest_policy_has_the_documented_defaults(folder: Path) -> None:
    policy = load(folder, 'name = "collaudo"\n' + ANCHOR)
    certificate = read_certificate(pki.authority().certificate)
    (anchor,) = policy.anchors
    assert (anchor.subject, anchor.key) == (certificate.subject, certificate.key)
    assert policy == TrustPolicy(
        name="collaudo",
        anchors=policy.anchors,
        required_policy=None,
        purpose=Purpose.EMAIL_PROTECTION,
        address=True,
        name_constraints=True,
        daticert=True,
        signer_addresses=None,
        revocation=RevocationMode.SOFT,
        crls=(),
        ocsp=(),
        intermediates=(),
        by_hand=False,
    )
    assert load(folder, 'name = "collaudo"\n' + ANCHOR, by_hand=True).by_hand


def test_a_byte_order_mark_before_a_policy_is_no_part_of_it(folder: Path) -> None:
    (folder / "marked.toml").write_text('name = "collaudo"\n' + ANCHOR, encoding="utf-8-sig")
    assert load_policy(folder / "marked.toml").name == "collaudo"


def test_full_policy_is_read(folder: Path) -> None:
    policy = load(
        folder,
        'name = "collaudo"\n'
        + ANCHOR
        + """
[require]
policy = "1.3.76.16.3.1.1"
purpose = "any"
address = false
name_constraints = false
daticert = false
[signers]
addresses = ["Posta@PEC.example"]
[revocation]
mode = "hard"
crls = ["crls/*.crl"]
ocsp = ["crls/*.ocsp"]
[intermediates]
certificates = ["certs/one.crt"]
""",
    )
    assert policy.required_policy == "1.3.76.16.3.1.1"
    assert policy.purpose is Purpose.ANY
    assert (policy.address, policy.name_constraints, policy.daticert) == (False, False, False)
    assert policy.signer_addresses == {"posta@pec.example"}
    assert policy.revocation is RevocationMode.HARD
    assert len(policy.crls) == 2
    assert policy.ocsp == (ocsp.answer(),)
    assert policy.intermediates == (pki.provider().certificate,)


@pytest.mark.parametrize("data", ['crls = ["crls/*.crl"]', 'ocsp = ["crls/good.ocsp"]'])
def test_loaded_policy_judges(folder: Path, data: str) -> None:
    policy = load(
        folder,
        f'name = "c"\n{ANCHOR}[require]\npolicy = "{pki.PROVIDER_POLICY}"\n[revocation]\nmode = "hard"\n{data}',
    )
    assert pki.judge(pki.provider().sign(), AnchorSet((policy,))).status is SignatureStatus.PASSED


def test_an_object_identifier_has_at_least_two_parts(folder: Path) -> None:
    for policy in ("1.3", "2.5.29.32.0"):
        text = f'name = "c"\n{ANCHOR}[require]\npolicy = "{policy}"'
        assert load(folder, text).required_policy == policy


def test_anchor_certificate_may_be_der(folder: Path) -> None:
    assert load(folder, 'name="c"\n[[anchor]]\ncertificate="ca.crt"').anchors[0].key


def test_pin_is_a_name_and_a_digest(folder: Path) -> None:
    digest = read_certificate(pki.authority().certificate).key_sha256
    colons = ":".join(digest[at : at + 2] for at in range(0, 64, 2)).upper()
    subject = "CN=PROVA CA1, OU=Area di prova, O=Agenzia di prova, C=IT"
    policy = load(folder, f'name="c"\n[[anchor]]\nsubject="{subject}"\nspki_sha256="{colons}"')
    (anchor,) = policy.anchors
    assert (anchor.key, anchor.key_sha256, anchor.constraints) == (None, digest, None)
    assert anchor.subject == encode_name("CN=PROVA CA1,OU=Area di prova,O=Agenzia di prova,C=IT")
    assert pki.judge(pki.provider().sign(), AnchorSet((policy,))).status is SignatureStatus.PASSED


def test_issues_of_one_name_and_key_are_one_anchor_limited_by_their_union(folder: Path) -> None:
    one = pki.authority(constraints=pki.constraints_value(["a.example"]), path_length=0, serial=1)
    two = pki.authority(constraints=pki.constraints_value(["b.example"]), path_length=2, serial=2)
    (folder / "one.pem").write_bytes(pem(one.certificate))
    (folder / "two.pem").write_bytes(pem(two.certificate))
    digest = read_certificate(one.certificate).key_sha256
    pin = f'[[anchor]]\nsubject="CN=PROVA CA1,OU=Area di prova,O=Agenzia di prova,C=IT"\nspki_sha256="{digest}"\n'
    both = '[[anchor]]\ncertificate="one.pem"\n[[anchor]]\ncertificate="two.pem"\n'
    for text in (both, pin + both):
        (anchor,) = load(folder, 'name="c"\n' + text).anchors
        assert anchor.constraints == NameConstraints(("a.example", "b.example"))
        assert (anchor.path_length, anchor.key) == (2, read_certificate(one.certificate).key)
    unlimited = pki.authority(constraints=None, path_length=None, serial=3)
    (folder / "two.pem").write_bytes(pem(unlimited.certificate))
    (anchor,) = load(folder, 'name="c"\n' + both).anchors
    assert (anchor.constraints, anchor.path_length) == (None, None)


def test_different_authorities_stay_different_anchors(folder: Path) -> None:
    (folder / "other.pem").write_bytes(pem(pki.authority("impostor").certificate))
    assert len(load(folder, f'name="c"\n{ANCHOR}[[anchor]]\ncertificate="other.pem"').anchors) == 2


def test_patterns_may_match_nothing_yet_and_absolute_paths_are_followed(folder: Path) -> None:
    assert load(folder, f'name="c"\n{ANCHOR}[revocation]\ncrls=["none/*.crl", "crls/[z].crl"]').crls == ()
    absolute = folder / "crls"
    policy = load(folder, f'name="c"\n{ANCHOR}[revocation]\ncrls=["{absolute}/?.crl", "{absolute}/a.crl"]')
    assert len(policy.crls) == 2, "the same list twice is one"


def test_text_around_pem_and_other_blocks_are_passed_over(folder: Path) -> None:
    key = pem(b"key", "PRIVATE KEY")
    (folder / "ca.pem").write_bytes(
        b"Bag Attributes\r\n" + key + pem(pki.authority().certificate).replace(b"\n", b"\r\n")
    )
    assert load(folder, 'name="c"\n' + ANCHOR).anchors[0].key


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nonsense", "not valid TOML"),
        (ANCHOR, "“name” must be"),
        ('name = ""\n' + ANCHOR, "“name” must be"),
        ("name = 5\n" + ANCHOR, "“name” must be"),
        ('name = "c"', "[[anchor]]"),
        ('name = "c"\nanchor = 5', "[[anchor]]"),
        ('name = "c"\nanchor = [5]', "[[anchor]]"),
        ('name = "c"\nnmae = "d"\n' + ANCHOR, "“nmae” is not a known key"),
        (f'name = "c"\n{ANCHOR}trusted = true', "“anchor.trusted” is not a known key"),
        (f'name = "c"\n{ANCHOR}[require]\nadress = false', "“require.adress” is not a known key"),
        (f'name = "c"\nrequire = 5\n{ANCHOR}', "[require] must be a table"),
        (f'name = "c"\n{ANCHOR}[require]\naddress = "no"', "“require.address” must be true or false"),
        (f'name = "c"\n{ANCHOR}[require]\ndaticert = 0', "“require.daticert” must be true or false"),
        (f'name = "c"\n{ANCHOR}[require]\nname_constraints = 1', "must be true or false"),
        (f'name = "c"\n{ANCHOR}[require]\npurpose = "mail"', "one of emailProtection, any"),
        (f'name = "c"\n{ANCHOR}[require]\npurpose = ["any"]', "one of emailProtection, any"),
        (f'name = "c"\n{ANCHOR}[require]\npolicy = "PEC"', "“PEC” is not an object identifier"),
        (f'name = "c"\n{ANCHOR}[require]\npolicy = "1"', "“1” is not an object identifier"),
        (f'name = "c"\n{ANCHOR}[require]\npolicy = "1.x"', "“1.x” is not an object identifier"),
        (f'name = "c"\n{ANCHOR}[require]\npolicy = "x"', "“x” is not an object identifier"),
        (f'name = "c"\n{ANCHOR}[require]\npolicy = "1.²"', "“1.²” is not an object identifier"),
        (f'name = "c"\n{ANCHOR}[require]\npolicy = 1.3', "“require.policy” must be a text"),
        (f'name = "c"\n{ANCHOR}[signers]\naddresses = "a@b.example"', "must be a list of texts"),
        (f'name = "c"\n{ANCHOR}[signers]\naddresses = [5]', "“signers.addresses” must be a text"),
        (f'name = "c"\n{ANCHOR}[revocation]\nmode = "maybe"', "one of off, soft, hard"),
        (f'name = "c"\n{ANCHOR}[revocation]\ncrls = ["missing.crl"]', "missing.crl, which cannot be read"),
        (f'name = "c"\n{ANCHOR}[revocation]\ncrls = ["ca.pem"]', "no X509 CRL"),
        (f'name = "c"\n{ANCHOR}[revocation]\nocsp = ["crls/a.crl"]', "a.crl does not hold what"),
        (f'name = "c"\n{ANCHOR}[revocation]\ncrls = ["ca.crt"]', "ca.crt does not hold what"),
        (f'name = "c"\n{ANCHOR}[revocation]\ncrls = ["**x/*"]', "means nothing"),
        (f'name = "c"\n{ANCHOR}[intermediates]\ncertificates = ["crls/a.crl"]', "a.crl does not hold what"),
        ('name = "c"\n[[anchor]]\ncertificate = "missing.pem"', "missing.pem, which cannot be read"),
        ('name = "c"\n[[anchor]]\ncertificate = "policy.toml"', "policy.toml does not hold what"),
        ('name = "c"\n[[anchor]]\ncertificate = "crls"', "crls, which cannot be read"),
        ('name = "c"\n[[anchor]]\ncertificate = "two.pem"', "holds 2 certificates"),
        ('name = "c"\n[[anchor]]\ncertificate = "damaged.pem"', "armour is damaged"),
        ('name = "c"\n[[anchor]]\ncertificate = "base64.pem"', "not base64"),
        ('name = "c"\n[[anchor]]\ncertificate = "ca.pem"\nspki_sha256 = "00"', "either a certificate or"),
        ('name = "c"\n[[anchor]]\nsubject = "CN=a"', "“anchor.spki_sha256” must be"),
        ('name = "c"\n[[anchor]]\nsubject = "CN=a"\nspki_sha256 = "00"', "64 hexadecimal digits"),
        (f'name = "c"\n[[anchor]]\nsubject = "CN=a"\nspki_sha256 = "{"g" * 64}"', "64 hexadecimal digits"),
        (f'name = "c"\n[[anchor]]\nspki_sha256 = "{"0" * 64}"', "“anchor.subject” must be"),
        (f'name = "c"\n[[anchor]]\nsubject = "AgID"\nspki_sha256 = "{"0" * 64}"', "subject cannot be read"),
    ],
)
def test_every_mistake_is_refused_with_a_sentence(folder: Path, text: str, words: str) -> None:
    certificate = pem(pki.authority().certificate)
    (folder / "two.pem").write_bytes(certificate * 2)
    (folder / "damaged.pem").write_bytes(certificate.replace(b"-----END", b"----END"))
    (folder / "base64.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(TrustError) as caught:
        load(folder, text)
    assert words in str(caught.value)
    assert "policy.toml" in str(caught.value) or "pem" in str(caught.value)


def test_policy_file_that_cannot_be_read_is_refused(folder: Path) -> None:
    for path in (folder / "missing.toml", folder):
        with pytest.raises(TrustError, match="cannot be read"):
            load_policy(path)
    (folder / "latin.toml").write_bytes(b'name = "\xe8"')
    with pytest.raises(TrustError, match="not valid TOML"):
        load_policy(folder / "latin.toml")


def test_a_policy_that_is_not_there_is_told_in_words_and_not_in_numbers(tmp_path: Path) -> None:
    with pytest.raises(TrustError) as caught:
        load_policy(tmp_path / "missing.toml")

    assert "No such file or directory" in str(caught.value)
    assert "Errno" not in str(caught.value)


def test_a_folder_that_a_pattern_matches_is_no_list(folder: Path) -> None:
    text = f'name = "c"\n{ANCHOR}[revocation]\ncrls = ["crls/*.crl"]'
    before = load(folder, text).crls
    (folder / "crls" / "old.crl").mkdir()

    assert load(folder, text).crls == before != ()
