"""Keeping revocation data: for ever, only what a trusted authority issued, and found again from the files alone."""

from __future__ import annotations

import hashlib
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from pecdesk.app.keeper import MOST_HANDED_OVER, RevocationKeeper
from pecdesk.app.trust import anchors_of
from pecdesk.profile import Profile
from pecdesk.trust import DataKind, shipped_anchors
from tests.kit import ocsp, pki

DAY = timedelta(days=1)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile.open(tmp_path / "profile")


@pytest.fixture
def keeper(profile: Profile) -> RevocationKeeper:
    return RevocationKeeper(profile)


def crl(day: int = 1, *revoked: int) -> bytes:
    at = pki.MOMENT + day * DAY
    entries = [(serial, at, ()) for serial in revoked]
    return pki.revocation_list(pki.authority(), entries, this_update=at, next_update=at + DAY)


def files(keeper: RevocationKeeper) -> list[str]:
    return sorted(path.name for path in keeper.folder.iterdir() if path.suffix in (".crl", ".ocsp"))


def test_a_profile_that_keeps_nothing_has_no_folder(keeper: RevocationKeeper) -> None:
    assert keeper.index() == keeper.all() == []
    assert keeper.handed_over() == {DataKind.CRL: [], DataKind.OCSP: []}
    assert not keeper.folder.exists()
    assert not keeper.is_pending


def test_what_is_kept_lies_under_its_hash_and_comes_back_as_it_was(keeper: RevocationKeeper) -> None:
    a_list, answer = crl(1, 0xABC), ocsp.answer()
    assert len(keeper.keep([a_list, answer], pki.anchors())) == 2
    assert files(keeper) == sorted(
        f"{hashlib.sha256(data).hexdigest()}.{kind}" for data, kind in ((a_list, "crl"), (answer, "ocsp"))
    )
    assert keeper.handed_over() == {DataKind.CRL: [a_list], DataKind.OCSP: [answer]}
    assert {one.kind for one in keeper.all()} == {DataKind.CRL, DataKind.OCSP}
    (line,) = (line for line in keeper.index() if line.kind is DataKind.CRL)
    assert (line.issuer, line.this_update) == (
        "CN=PROVA CA1,OU=Area di prova,O=Agenzia di prova,C=IT",
        pki.MOMENT + DAY,
    )
    assert {stat.S_IMODE(path.stat().st_mode) for path in keeper.folder.iterdir()} == {0o600}


def test_what_is_known_already_is_not_new(keeper: RevocationKeeper) -> None:
    assert len(keeper.keep([crl(), crl(), crl(2)], pki.anchors())) == 2
    assert keeper.keep([crl()], pki.anchors()) == []


def test_older_data_stays_beside_newer(keeper: RevocationKeeper) -> None:
    for day in (3, 1, 2):
        keeper.keep([crl(day)], pki.anchors())
    assert [line.this_update for line in keeper.index()] == [pki.MOMENT + day * DAY for day in (3, 2, 1)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>Welcome to the hotel</html>",
        pki.revocation_list(pki.authority("impostor")),
        pki.revocation_list(pki.authority(subject="CN=ALTRO NOME,C=IT")),
        pki.revocation_list(pki.authority(), digest="md5"),
        crl()[:-1],
        ocsp.answer(responder=pki.authority("impostor")),
        ocsp.answer(responder=ocsp.responder(purposes=None)),
        pki.provider().certificate,
    ],
)
def test_what_no_trusted_authority_issued_is_not_kept(keeper: RevocationKeeper, data: bytes) -> None:
    assert keeper.keep([data], pki.anchors()) == []
    assert keeper.index() == []
    assert not keeper.folder.exists()


def test_an_authority_on_the_way_to_an_anchor_counts_if_a_policy_names_it(keeper: RevocationKeeper) -> None:
    root = pki.authority("root", subject="CN=RADICE,C=IT", path_length=None, constraints=None)
    middle = pki.authority("middle", root, subject="CN=MEZZO,C=IT", constraints=None)
    stranger = pki.authority("stranger", subject="CN=ALTRA,C=IT", constraints=None)
    data = [pki.revocation_list(middle), pki.revocation_list(stranger)]
    assert keeper.keep(data, pki.anchors(root)) == []
    named = pki.anchors(root, intermediates=(middle.certificate, stranger.certificate, pki.provider().certificate))
    assert [one.issuer for one in keeper.keep(data, named)] == ["CN=MEZZO,C=IT"]


def test_the_index_is_made_again_from_the_files(keeper: RevocationKeeper) -> None:
    keeper.keep([crl(1), crl(2), ocsp.answer()], pki.anchors())
    whole = keeper.index()
    for damage in (b"", b"[]", b"nonsense", b'{"a": 1}', b"\xff"):
        (keeper.folder / "index.json").write_bytes(damage)
        assert keeper.index() == whole
    (keeper.folder / "index.json").unlink()
    assert keeper.index() == whole
    assert keeper.keep([crl(1)], pki.anchors()) == []


def test_a_file_that_is_gone_leaves_the_index(keeper: RevocationKeeper) -> None:
    keeper.keep([crl(1), crl(2)], pki.anchors())
    (keeper.folder / keeper.index()[0].file_name).unlink()
    assert [line.this_update for line in keeper.index()] == [pki.MOMENT + DAY]
    assert keeper.handed_over()[DataKind.CRL] == [crl(1)]


def test_a_file_that_is_not_what_its_name_says_is_left_alone(keeper: RevocationKeeper) -> None:
    keeper.keep([crl(1)], pki.anchors())
    (keeper.folder / "index.json").unlink()
    (keeper.folder / f"{'0' * 64}.crl").write_bytes(crl(2))
    (keeper.folder / f"{hashlib.sha256(b'x').hexdigest()}.crl").write_bytes(b"x")
    answer = ocsp.answer()
    (keeper.folder / f"{hashlib.sha256(answer).hexdigest()}.crl").write_bytes(answer)
    assert [line.this_update for line in keeper.index()] == [pki.MOMENT + DAY]


def test_the_newest_are_handed_over_as_far_as_there_is_room(keeper: RevocationKeeper) -> None:
    keeper.keep([crl(day) for day in (1, 2, 3)], pki.anchors())
    size = len(crl(3)) + len(crl(2))
    assert keeper.handed_over(size)[DataKind.CRL] == [crl(3), crl(2)]
    assert keeper.handed_over(size - 1)[DataKind.CRL] == [crl(3)]
    assert keeper.handed_over(0)[DataKind.CRL] == []
    assert MOST_HANDED_OVER > 3650 * 10_000


def test_what_was_kept_is_pending_until_it_is_settled(keeper: RevocationKeeper) -> None:
    keeper.keep([crl(1)], pki.anchors())
    assert keeper.is_pending
    keeper.settle()
    assert not keeper.is_pending
    keeper.keep([crl(1)], pki.anchors())
    assert not keeper.is_pending
    keeper.settle()


def test_what_a_profile_keeps_is_part_of_its_trust_under_the_same_version(
    profile: Profile, keeper: RevocationKeeper
) -> None:
    assert anchors_of(profile) == shipped_anchors()
    keeper.keep([crl(1), ocsp.answer()], pki.anchors())
    anchors = anchors_of(profile)
    assert (anchors.crls, anchors.ocsp) == ((crl(1),), (ocsp.answer(),))
    assert anchors.version == shipped_anchors().version
