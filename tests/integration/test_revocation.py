"""Revocation lists renewed in the background: whom the program asks, what it keeps, which verdicts it makes again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from pecdesk.app import App
from pecdesk.app.fetching import FetchError, Limits, Reach, fetch
from pecdesk.app.keeper import RevocationKeeper
from pecdesk.app.revocation import (
    LONGEST_PAUSE,
    Fetch,
    Renewed,
    addresses_in,
    draw_consequences,
    is_concerned,
    renew,
    take_in,
)
from pecdesk.demo.builders import Statement
from pecdesk.errors import ProfileError, StoreError
from pecdesk.examine import Examination, examine
from pecdesk.pec.standing import Standing
from pecdesk.profile import Profile
from pecdesk.store import StoredMessage
from pecdesk.store.pieces import as_kept
from pecdesk.trust import AnchorSet, DataKind, Note, Reason, RevocationData, load_policy, read_revocation_data
from tests.hostile.bench import ADDRESS, Bench, authority, signer, under
from tests.kit import messages, ocsp, pki
from tests.kit.servers import Visit, serving

NOW = messages.NOW
AT = messages.SENT_AT
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
URL = "http://ca.example/crl"
SERIAL = 0x5E41A1


@cache
def receipt(at: datetime = AT) -> Statement:
    return messages.delivery(messages.sending(messages.draft(at=at)))


def receipt_with(**profile: object) -> bytes:
    """A delivery receipt signed by a provider of the kit's authority."""
    return under(receipt(), signer(serial=SERIAL, **profile)).sealed()


def crl(*revoked: tuple[int, datetime], made_at: datetime = NOW - HOUR, lasts: timedelta = 3 * DAY) -> bytes:
    entries = [(serial, at, ()) for serial, at in revoked]
    return pki.revocation_list(authority(), entries, this_update=made_at, next_update=made_at + lasts)


class Web:
    """What can be fetched, and what was asked for."""

    def __init__(self, **answers: bytes | FetchError) -> None:
        self.answers: dict[str, bytes | FetchError] = dict(answers)
        self.asked: list[str] = []

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        answer = self.answers.get(url, FetchError("nobody at {url}", url=url))
        if isinstance(answer, FetchError):
            raise answer
        return answer


def web(answer: bytes | FetchError) -> Web:
    found = Web()
    found.answers[URL] = answer
    return found


class Desk:
    """What `renew` needs of an open profile, all in this process: examined messages and no database."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.store = self.archive = self
        self.raws: dict[str, bytes] = {}
        self.examinations: dict[str, Examination] = {}
        self.trust = AnchorSet((pki.policy(authority()),))
        self.is_busy = False

    @property
    def anchors(self) -> AnchorSet:
        kept = RevocationKeeper(self.profile).handed_over()
        return self.trust.with_kept(kept[DataKind.CRL], kept[DataKind.OCSP])

    def forget_trust(self) -> None:
        """It remembers nothing."""

    def writing(self) -> AbstractContextManager[None]:
        if self.is_busy:
            raise self.profile.in_use()
        return nullcontext()

    def examiner(self, *, now: datetime) -> AbstractContextManager[Desk]:
        return nullcontext(self)

    def examine_many(self, messages: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, Examination]]:
        for sha256, raw in messages:
            yield sha256, as_kept(examine(raw, self.anchors, now=NOW))

    def bring_in(self, *raws: bytes) -> None:
        for raw in raws:
            examination = as_kept(examine(raw, self.anchors, now=NOW))
            self.raws[examination.sha256] = raw
            self.examinations[examination.sha256] = examination

    def hashes(self) -> list[tuple[str, int, str]]:
        return [(sha256, one.version, one.anchors_version) for sha256, one in self.examinations.items()]

    def messages_by_hash(self, hashes: Iterable[str]) -> list[StoredMessage]:
        return [StoredMessage(0, self.examinations[sha256], NOW, ()) for sha256 in hashes]

    def replace(self, examinations: Iterable[Examination]) -> None:
        self.examinations.update({one.sha256: one for one in examinations})

    def get(self, sha256: str) -> bytes:
        if not self.raws[sha256]:
            raise StoreError("damaged")
        return self.raws[sha256]

    @property
    def only(self) -> Examination:
        (found,) = self.examinations.values()
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(Profile.open(tmp_path / "profile"))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    bench = Bench(tmp_path)
    with App.open(tmp_path / "profile") as app:
        app.add_trust(bench.policy(), NOW)
        yield app


def bring_in(app: App, *raws: bytes) -> None:
    folder = app.profile.root.parent / "in"
    folder.mkdir(exist_ok=True)
    paths = []
    for raw in raws:
        paths.append(folder / f"{len(list(folder.iterdir()))}.eml")
        paths[-1].write_bytes(raw)
    app.import_paths(paths, account=None, now=NOW)


def stored(app: App) -> list[Examination]:
    return [one.examination for one in app.store.messages_by_hash(sha256 for sha256, *_ in app.store.hashes())]


def the_one(app: App) -> Examination:
    (found,) = stored(app)
    return found


def told(found: Renewed) -> list[tuple[Standing, Standing]]:
    return [(one.before.standing, one.after.standing) for one in found.changes]


# --- what comes of it -------------------------------------------------------------------------------------------------


def test_a_list_that_clears_a_certificate_takes_the_note_away(desk: Desk) -> None:
    desk.bring_in(receipt_with())
    assert Note.REVOCATION_NOT_CHECKED in desk.only.notes
    found = renew(desk, NOW, fetch=web(crl()))
    assert (found.asked, len(found.new), found.troubles) == (1, 1, ())
    assert told(found) == [(Standing.CERTIFIED, Standing.CERTIFIED)]
    assert desk.only.notes == ()


def test_a_certificate_revoked_before_the_message_takes_its_certification_away(app: App) -> None:
    bring_in(app, receipt_with())
    found = renew(app, NOW, fetch=web(crl((SERIAL, AT - HOUR))))
    assert told(found) == [(Standing.CERTIFIED, Standing.NOT_CERTIFIED)]
    assert the_one(app).reasons == (Reason.REVOKED,)
    assert app.rows_named(the_one(app).sha256[:16])[0].transmission.evidence[0].counts is False


def test_a_certificate_revoked_after_the_message_is_a_note(desk: Desk) -> None:
    desk.bring_in(receipt_with())
    renew(desk, NOW, fetch=web(crl((SERIAL, AT + HOUR))))
    assert desk.only.standing is Standing.CERTIFIED
    assert desk.only.notes == (Note.REVOKED_SINCE,)


def test_what_was_kept_serves_every_later_examination(app: App) -> None:
    bring_in(app, receipt_with())
    renew(app, NOW, fetch=web(crl((SERIAL, AT - HOUR))))
    bring_in(app, under(receipt(AT + HOUR), signer(serial=SERIAL)).sealed())
    assert [one.standing for one in stored(app)] == [Standing.NOT_CERTIFIED] * 2
    with App.open(app.profile.root) as again:
        assert (again.anchors.crls, again.anchors.version) == (app.anchors.crls, app.anchors.version)
        assert again.reexamine(everything=True, now=NOW) == []


def test_only_the_verdicts_concerned_are_made_again(desk: Desk) -> None:
    desk.bring_in(receipt_with(), messages.delivery(messages.sending()).sealed(), messages.genuine()[0].raw)
    seen = []
    renew(desk, NOW, fetch=web(crl()), progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 1)]


def test_nothing_new_makes_nothing_again(desk: Desk) -> None:
    desk.bring_in(receipt_with())
    renew(desk, NOW, fetch=web(crl()))
    found = renew(desk, NOW + 2 * DAY, fetch=web(crl()))
    assert (found.asked, found.new, found.changes, found.troubles) == (1, (), (), ())


def test_a_program_that_ended_before_drawing_consequences_draws_them_the_next_time(desk: Desk) -> None:
    desk.bring_in(receipt_with())
    RevocationKeeper(desk.profile).keep([crl((SERIAL, AT - HOUR))], desk.anchors)
    assert desk.only.standing is Standing.CERTIFIED
    nowhere = Web()
    assert told(renew(desk, NOW, fetch=nowhere)) == [(Standing.CERTIFIED, Standing.NOT_CERTIFIED)]
    assert draw_consequences(desk, NOW) == ()


def test_while_another_program_writes_the_verdicts_wait_for_the_next_time(desk: Desk) -> None:
    desk.bring_in(receipt_with())
    desk.is_busy = True
    found = renew(desk, NOW, fetch=web(crl()))
    assert (len(found.new), found.changes) == (1, ())
    assert isinstance(found.troubles[0], ProfileError)
    assert Note.REVOCATION_NOT_CHECKED in desk.only.notes
    desk.is_busy = False
    assert len(renew(desk, NOW, fetch=Web()).changes) == 1


def test_data_that_came_by_another_way_is_taken_in(desk: Desk) -> None:
    desk.bring_in(receipt_with())
    status = ocsp.Status(
        ocsp.revoked(AT - HOUR), issuer=authority(), serial=SERIAL, this_update=NOW - HOUR, next_update=NOW
    )
    answer = ocsp.answer(status, responder=authority(), produced_at=NOW)
    found = take_in(desk, [answer, b"nonsense"], NOW)
    assert len(found.new) == 1
    assert told(found) == [(Standing.CERTIFIED, Standing.NOT_CERTIFIED)]


def test_a_message_whose_bytes_are_damaged_keeps_the_others_from_nothing(desk: Desk) -> None:
    desk.bring_in(receipt_with(), under(receipt(AT + HOUR), signer(serial=SERIAL)).sealed())
    desk.raws[next(iter(desk.raws))] = b""
    assert len(renew(desk, NOW, fetch=web(crl())).changes) == 1


# --- whom it asks -----------------------------------------------------------------------------------------------------


def test_only_certificates_with_a_path_to_a_trusted_authority_are_asked_about(desk: Desk) -> None:
    stranger = pki.authority("stranger", subject="CN=ALTRA CA,C=IT", constraints=None)
    evil = signer(stranger, crl_point="http://evil.example/track")
    desk.bring_in(under(receipt(), evil).sealed())
    silent = Web()
    assert renew(desk, NOW, fetch=silent).asked == 0
    assert silent.asked == []


@pytest.mark.parametrize(
    "fault",
    [
        {"policies": ("1.2.3",)},
        {"purposes": (pki.SERVER_AUTHENTICATION,)},
        {"addresses": ("posta@altrove.example",)},
        {"more_extensions": (pki.extension("1.2.3", b"\x30\x00", critical=True),)},
    ],
    ids=["wrong policy", "wrong purpose", "outside the constraints", "a path that is invalid"],
)
def test_certificates_with_anything_wrong_are_not_asked_about(desk: Desk, fault: dict[str, object]) -> None:
    desk.bring_in(receipt_with(**fault))
    silent = Web()
    assert renew(desk, NOW, fetch=silent).asked == 0


@pytest.mark.parametrize("point", ["ldap://ca.example/crl", "file:///etc/passwd", "ca.example/crl", None])
def test_only_addresses_of_the_web_are_asked(desk: Desk, point: str | None) -> None:
    desk.bring_in(receipt_with(crl_point=point))
    assert renew(desk, NOW, fetch=Web()).asked == 0


def test_an_address_in_many_certificates_is_asked_once(desk: Desk) -> None:
    desk.bring_in(receipt_with(), under(receipt(AT + HOUR), signer(serial=SERIAL + 1)).sealed())
    served = web(crl())
    renew(desk, NOW, fetch=served)
    assert served.asked == [URL]


def test_examining_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "socket", never)
    monkeypatch.setattr(socket, "getaddrinfo", never)
    trusted = AnchorSet((pki.policy(authority()),))
    assert examine(receipt_with(), trusted, now=NOW).standing is Standing.CERTIFIED


def test_it_stops_when_it_is_told_to(desk: Desk) -> None:
    desk.bring_in(receipt_with())
    silent = Web()
    renew(desk, NOW, fetch=silent, cancelled=lambda: True)
    assert silent.asked == []


# --- how often --------------------------------------------------------------------------------------------------------


def asked_after(desk: Desk, wait: timedelta, served: Fetch) -> int:
    return renew(desk, NOW + wait, fetch=served).asked


@pytest.mark.parametrize(
    ("lasts", "quiet_until"),
    [(HOUR, 6 * HOUR), (12 * HOUR, 11 * HOUR), (30 * DAY, DAY), (timedelta(0), 6 * HOUR)],
)
def test_a_list_is_left_alone_until_the_next_is_due(desk: Desk, lasts: timedelta, quiet_until: timedelta) -> None:
    """Made an hour ago; at the soonest after six hours, at the latest after a day."""
    desk.bring_in(receipt_with())
    served = web(crl(lasts=lasts))
    assert asked_after(desk, timedelta(0), served) == 1
    assert asked_after(desk, quiet_until - timedelta(seconds=1), served) == 0
    assert asked_after(desk, quiet_until, served) == 1


def test_a_list_without_an_end_is_looked_for_again_after_six_hours(desk: Desk) -> None:
    desk.bring_in(receipt_with())
    served = web(pki.revocation_list(authority(), this_update=NOW, next_update=None))
    assert [asked_after(desk, wait, served) for wait in (timedelta(0), 5 * HOUR, 6 * HOUR)] == [1, 0, 1]


def test_an_address_that_fails_is_left_alone_longer_each_time(desk: Desk) -> None:
    desk.bring_in(receipt_with())
    down = Web()
    tries = [minutes for minutes in range(0, 16 * 60, 30) if asked_after(desk, timedelta(minutes=minutes), down)]
    assert tries == [0, 60, 180, 420, 900]
    (trouble,) = renew(desk, NOW + 40 * DAY, fetch=down).troubles
    assert URL in str(trouble)
    for days in range(41, 80):
        asked_after(desk, days * DAY, down)
    assert asked_after(desk, 80 * DAY + LONGEST_PAUSE, down) == 1
    back = web(crl())
    assert asked_after(desk, 100 * DAY, back) == 1
    assert asked_after(desk, 102 * DAY, down) == 1
    assert asked_after(desk, 102 * DAY + HOUR, down) == 1, "counted from the beginning again"


def test_a_server_that_asks_to_be_left_alone_is(desk: Desk) -> None:
    desk.bring_in(receipt_with())
    for seconds, pause in ((7200, 2 * HOUR), (60, HOUR), (10**8, LONGEST_PAUSE)):
        (desk.profile.root / "revocation" / "places.json").unlink(missing_ok=True)
        busy = web(FetchError("busy", wait_seconds=seconds))
        assert asked_after(desk, timedelta(0), busy) == 1
        assert asked_after(desk, pause - timedelta(seconds=1), busy) == 0
        assert asked_after(desk, pause, busy) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Welcome to the hotel</html>",
        b"",
        pki.revocation_list(pki.authority("impostor", subject="CN=PROVA CA1,OU=Area di prova,O=Agenzia di prova,C=IT")),
    ],
)
def test_a_page_in_the_place_of_a_list_is_not_kept_and_counts_as_a_failure(desk: Desk, body: bytes) -> None:
    desk.bring_in(receipt_with())
    found = renew(desk, NOW, fetch=web(body))
    assert found.new == ()
    assert "no revocation list of a trusted authority" in str(found.troubles[0])
    assert RevocationKeeper(desk.profile).index() == []
    assert asked_after(desk, HOUR, web(crl())) == 1


def test_what_is_remembered_of_addresses_may_be_lost(desk: Desk) -> None:
    desk.bring_in(receipt_with())
    renew(desk, NOW, fetch=web(crl()))
    for damage in (b"", b"nonsense", b"[]", b"\xff"):
        (desk.profile.root / "revocation" / "places.json").write_bytes(damage)
        assert asked_after(desk, timedelta(0), web(crl())) == 1


def test_the_messages_are_looked_through_for_addresses_once_a_day(desk: Desk) -> None:
    desk.bring_in(receipt_with())
    served = web(crl())
    assert asked_after(desk, timedelta(0), served) == 1
    other = under(receipt(AT + HOUR), signer(serial=SERIAL + 1, crl_point="http://ca.example/other")).sealed()
    desk.bring_in(other)
    assert asked_after(desk, DAY - timedelta(seconds=1), served) == 0
    assert asked_after(desk, DAY, served) == 2
    assert served.asked == [URL, URL, "http://ca.example/other"]


def test_an_address_no_trusted_certificate_names_any_more_is_forgotten(desk: Desk) -> None:
    desk.bring_in(receipt_with())
    assert asked_after(desk, timedelta(0), web(crl())) == 1
    desk.examinations.clear()
    assert asked_after(desk, 2 * DAY, web(crl())) == 0


# --- whole, over a socket ---------------------------------------------------------------------------------------------


def test_a_list_is_fetched_from_the_place_its_certificate_names(app: App) -> None:
    def answer(visit: Visit) -> None:
        visit.answer(crl((SERIAL, AT - HOUR)), "Content-Type: application/pkix-crl")

    with serving(answer) as server:
        bring_in(app, receipt_with(crl_point=f"{server.url}/ca.crl"))
        here = Reach(None, is_allowed=lambda address: address.is_loopback)
        found = renew(app, NOW, fetch=lambda url: fetch(url, Limits(), here))
        assert told(found) == [(Standing.CERTIFIED, Standing.NOT_CERTIFIED)]
        (trouble,) = renew(app, NOW + 9 * DAY).troubles
        assert "not an address on the internet" in str(trouble)
    assert len(server.requests) == 1


# --- the rule by itself -----------------------------------------------------------------------------------------------


def judged(**changes: object) -> Examination:
    profile = {name: value for name, value in changes.items() if name != "crls"}
    trusted = AnchorSet((pki.policy(authority()),), tuple(changes.get("crls", ())))  # type: ignore[arg-type]
    return examine(receipt_with(**profile), trusted, now=NOW)


def data(*encoded: bytes) -> list[RevocationData]:
    return [found for one in encoded if (found := read_revocation_data(one))]


def test_data_concerns_a_verdict_if_and_only_if_it_may_change_it() -> None:
    clear, before, after = crl(), crl((SERIAL, AT)), crl((SERIAL, AT + HOUR))
    other = crl((5, AT))
    old = crl(made_at=AT - 9 * DAY, lasts=DAY)
    open_one, cleared, noted = judged(), judged(crls=[clear]), judged(crls=[after])
    failed = judged(crls=[before])
    for examination, concerning in (
        (open_one, {clear, before, after, other}),
        (cleared, {before, after}),
        (noted, {before}),
        (failed, set()),
    ):
        for one in (clear, before, after, other, old):
            assert is_concerned(examination, data(one)) is (one in concerning)
    assert is_concerned(open_one, data(old, clear))
    assert not is_concerned(open_one, [])


def test_a_message_without_a_time_or_a_chain_is_never_concerned() -> None:
    stranger = examine(receipt_with(), AnchorSet(()), now=NOW)
    plain = examine(messages.genuine()[-1].raw, AnchorSet(()), now=NOW)
    for examination in (stranger, plain):
        assert not is_concerned(examination, data(crl((SERIAL, AT))))
        assert addresses_in(examination) == ()


def test_the_address_in_the_policy_of_the_kit_is_the_signers(tmp_path: Path) -> None:
    assert addresses_in(judged()) == (URL,)
    assert load_policy(Bench(tmp_path).policy()).name == "prova"
    assert ADDRESS.endswith(".example")
    assert NOW.astimezone(UTC) > AT
