"""How a mailbox stands, in words: for every state a line, what it means, and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from pecdesk.errors import CertificateError, DiskFullError, LoginError, NetworkError, PasswordError, ServerError
from pecdesk.explain import Tone, language
from pecdesk.explain.account_status import _MEANINGS, _PLAIN, STEPS, NextStep, StatusWords, moment, status_words
from pecdesk.profile.account_status import AccountStatus, EmptiedFolder, Quota, SyncState
from pecdesk.profile.accounts import Account, Endpoint

NOW = datetime.fromisoformat("2026-11-22T10:43:30+01:00")
UTC_NOW = datetime.fromisoformat("2026-11-22T09:43:30+00:00")
EN, IT = language("en"), language("it")
ARUBA = Account("studio@pec.example", Endpoint("imaps.pec.aruba.it", 993), provider="aruba")
LEGALMAIL = Account("studio@pec.example", Endpoint("mbox.cert.legalmail.it", 993), provider="legalmail", user="M12345")
BY_HAND = Account("studio@pec.example", Endpoint("imap.example", 993))
GONE = NetworkError("The server {host} cannot be reached.", "Check the connection.", host="imaps.pec.aruba.it")
REFUSED = LoginError("The provider refuses the user or the password.")
FALSE_CERTIFICATE = CertificateError("The certificate of {host} is not valid.", host="imaps.pec.aruba.it")
FULL = Quota(1_000_000_000, 1_000_000_000)


def status(state: SyncState = SyncState.CURRENT, **more: object) -> AccountStatus:
    return AccountStatus("studio@pec.example", state, **more)  # type: ignore[arg-type]


def said(
    state: SyncState = SyncState.CURRENT, account: Account = ARUBA, *, is_metered: bool = False, **more: object
) -> StatusWords:
    return status_words(account, status(state, **more), NOW, EN, is_metered=is_metered)


def test_every_state_has_a_line_and_nothing_is_green() -> None:
    assert set(_PLAIN) == set(SyncState)
    for state in SyncState:
        words = said(state)
        assert words.sentence
        assert words.tone is not Tone.GREEN
        assert all(detail.endswith((".", "!", "?")) for detail in words.details), words.details


def test_every_state_tells_what_it_means_or_what_went_wrong() -> None:
    told_by_trouble = {SyncState.CURRENT, SyncState.OFFLINE, SyncState.LOGIN_REFUSED, SyncState.QUESTION}
    assert set(_MEANINGS) == set(SyncState) - told_by_trouble


def test_every_step_has_a_button() -> None:
    assert set(STEPS) == set(NextStep)
    assert len({words.partition("&")[2][:1].lower() for words in STEPS.values()}) == len(STEPS)


def test_what_is_current_says_when_that_was_seen() -> None:
    words = said(checked_at=UTC_NOW)

    assert words.sentence == "Synchronised at 10:43", "in the zone of the window, not of the worker"
    assert words.tone is Tone.GREY


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(0), "at 10:43"),
        (timedelta(days=1), "yesterday at 10:43"),
        (timedelta(days=2), "on 20 Nov at 10:43"),
        (timedelta(days=400), "on 18/10/2025 at 10:43"),
    ],
)
def test_a_moment_names_its_day_unless_it_is_today(ago: timedelta, expected: str) -> None:
    assert moment(UTC_NOW - ago, NOW, EN) == expected


def test_progress_is_told_in_messages_and_as_a_share() -> None:
    words = said(SyncState.SYNCING, done=12_340, of=20_000)

    assert words.sentence == "12\u202f340 of 20\u202f000 messages"
    assert words.share == pytest.approx(0.617)
    assert said(SyncState.SYNCING, done=5).share is None
    assert said(SyncState.SYNCING, done=9, of=3).share == 1.0, "servers lie about how much there is"


def test_offline_says_when_it_is_tried_again_and_that_work_goes_on() -> None:
    words = said(SyncState.OFFLINE, trouble=GONE, next_try_at=UTC_NOW + timedelta(minutes=7), checked_at=UTC_NOW)

    assert words.sentence == "Offline: next try at 10:50"
    assert words.step is NextStep.RETRY
    assert words.details[0] == "The server imaps.pec.aruba.it cannot be reached."
    assert "has answered before" in words.details[1]
    assert any("read and searched" in detail for detail in words.details)
    assert words.details[-1] == "Last found current at 10:43."
    assert said(SyncState.OFFLINE).sentence == "Offline"


def test_a_server_that_never_answered_wants_its_name_and_the_connection_looked_at() -> None:
    words = said(SyncState.OFFLINE, trouble=GONE, next_try_at=UTC_NOW + timedelta(minutes=7))

    assert words.details[1] == "Check the connection."


def test_a_server_that_refuses_is_not_called_offline() -> None:
    words = said(SyncState.OFFLINE, trouble=ServerError("No."), next_try_at=UTC_NOW)

    assert words.sentence == "The server refuses: next try at 10:43"


def test_a_certificate_that_is_not_believed_is_red_and_leads_to_the_servers() -> None:
    words = said(SyncState.OFFLINE, trouble=FALSE_CERTIFICATE, next_try_at=UTC_NOW)

    assert words.sentence == "The server’s certificate is not valid"
    assert (words.tone, words.step) == (Tone.RED, NextStep.SERVERS)
    assert "No password was sent" in " ".join(words.details)


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (ARUBA, "Login refused: renew the password for mail programs"),
        (LEGALMAIL, "Login refused: check user code and password"),
        (BY_HAND, "Login refused: check the password"),
    ],
)
def test_a_refused_login_is_told_by_the_rules_of_its_provider(account: Account, expected: str) -> None:
    words = said(SyncState.LOGIN_REFUSED, account, trouble=REFUSED)

    assert words.sentence == expected
    assert (words.tone, words.step) == (Tone.RED, NextStep.PASSWORD)
    assert "does not try again by itself" in " ".join(words.details)


def test_an_account_without_a_password_is_asked_for_one() -> None:
    words = said(SyncState.LOGIN_REFUSED, trouble=PasswordError("No password is kept."))

    assert words.sentence == "There is no password here: enter it"
    assert words.step is NextStep.PASSWORD


def test_an_emptied_folder_is_a_question_that_says_what_stays() -> None:
    words = said(SyncState.QUESTION, question=EmptiedFolder("Po\u202esta", 1284))

    assert words.sentence == "Your answer is needed: “Po[U+202E]sta” is empty", "a folder's name is foreign text"
    assert (words.tone, words.step) == (Tone.AMBER, NextStep.ANSWER)
    assert "held 1284 messages" in words.details[0]
    assert "Every message stays here" in words.details[1]


def test_a_pause_says_whose_wish_it_was() -> None:
    assert said(SyncState.PAUSED).sentence == "Paused"
    metered = said(SyncState.PAUSED, is_metered=True)
    assert metered.sentence == "Paused: metered connection"
    assert "paid for by the byte" in metered.details[0]
    assert metered.step is NextStep.RESUME


def test_a_full_disk_is_told_as_such() -> None:
    words = said(SyncState.FAILED, trouble=DiskFullError("No room.", "Make room."))

    assert words.sentence == "No room left on the disk"
    assert "Make room." in words.details


@pytest.mark.parametrize(
    ("used", "expected"),
    [(799, ()), (800, ("Mailbox full at 80 %",)), (959, ("Mailbox full at 95 %",)), (1000, ("Mailbox full",))],
)
def test_a_filling_mailbox_is_warned_of_from_80_percent_on(used: int, expected: tuple[str, ...]) -> None:
    assert said(quota=Quota(used, 1000)).warnings == expected


def test_a_mailbox_that_will_soon_be_full_is_warned_of_before() -> None:
    soon = {"quota": Quota(700, 1000), "quota_full_at": NOW + timedelta(days=29)}
    late = {"quota": Quota(700, 1000), "quota_full_at": NOW + timedelta(days=31)}

    assert said(**soon).warnings == ("Mailbox full within a month",)
    assert said(**late).warnings == ()
    assert "about 21 December 2026" in " ".join(said(**soon).details)


def test_a_full_mailbox_says_that_mail_is_refused_and_what_to_do() -> None:
    details = " ".join(said(quota=FULL).details)

    assert "what is sent to you is refused" in details
    assert "Make room" in details


def test_a_server_without_a_limit_is_not_spoken_of() -> None:
    assert said(quota=Quota(5, 0)).warnings == ()
    assert "0 B" not in " ".join(said(quota=Quota(5, 0)).details)


@pytest.mark.parametrize(
    ("number", "line"), [(1, "One message could not be fetched"), (3, "3 messages could not be fetched")]
)
def test_messages_that_could_not_be_had_are_told_although_all_else_is_current(number: int, line: str) -> None:
    words = said(unfetched=number)

    assert words.warnings == (line,)
    assert words.warning_tone is Tone.AMBER
    assert "webmail" in " ".join(words.details)
    assert said().warnings == ()


@pytest.mark.parametrize(
    ("since", "line"),
    [
        (date(2026, 8, 24), "The password may expire today"),
        (date(2026, 8, 25), "The password may expire tomorrow"),
        (date(2026, 9, 3), "The password may expire in 10 days"),
        (date(2026, 9, 8), None),
        (date(2026, 8, 1), None),
    ],
)
def test_a_password_for_mail_programs_is_announced_before_it_expires(since: date, line: str | None) -> None:
    words = said(account=replace(ARUBA, password_since=since), checked_at=NOW)

    assert words.warnings == ((line,) if line else ())
    assert (words.step is NextStep.PASSWORD) is (line is not None)
    assert any("Password per programmi di posta" in detail for detail in words.details) is (line is not None)


def test_a_mailbox_that_is_nearly_full_is_red_and_one_that_fills_is_amber() -> None:
    assert said(quota=FULL).warning_tone is Tone.RED
    assert said(quota=Quota(95, 100)).warning_tone is Tone.RED
    assert said(quota=Quota(94, 100)).warning_tone is Tone.AMBER


TOLD = {
    "password expired": (
        status(SyncState.LOGIN_REFUSED, trouble=REFUSED),
        "Login refused: renew the password for mail programs",
        "Accesso rifiutato: rinnova la password per programmi di posta",
    ),
    "server gone": (
        status(SyncState.OFFLINE, trouble=GONE, next_try_at=NOW + timedelta(minutes=7)),
        "Offline: next try at 10:50",
        "Non in linea: nuovo tentativo alle 10:50",
    ),
    "certificate wrong": (
        status(SyncState.OFFLINE, trouble=FALSE_CERTIFICATE),
        "The server’s certificate is not valid",
        "Il certificato del server non è valido",
    ),
    "offline": (status(SyncState.OFFLINE), "Offline", "Non in linea"),
    "emptied folder": (
        status(SyncState.QUESTION, question=EmptiedFolder("INBOX", 12)),
        "Your answer is needed: “INBOX” is empty",
        "Serve una tua risposta: «INBOX» è vuota",
    ),
    "current": (status(checked_at=NOW), "Synchronised at 10:43", "Sincronizzato alle 10:43"),
    "first run": (
        status(SyncState.SYNCING, done=12_340, of=20_000),
        "12\u202f340 of 20\u202f000 messages",
        "12\u202f340 di 20\u202f000 messaggi",
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_the_user_sees_in_english_and_in_italian(name: str) -> None:
    stands, english, italian = TOLD[name]

    assert status_words(ARUBA, stands, NOW, EN).sentence == english
    assert status_words(ARUBA, stands, NOW, IT).sentence == italian


def test_a_full_mailbox_in_english_and_in_italian() -> None:
    stands = status(checked_at=NOW, quota=FULL)

    assert status_words(ARUBA, stands, NOW, EN).warnings == ("Mailbox full",)
    assert status_words(ARUBA, stands, NOW, IT).warnings == ("Casella piena",)


def test_an_expired_aruba_password_is_explained_in_both_languages() -> None:
    account = replace(ARUBA, password_since=date(2026, 8, 20))
    english = " ".join(status_words(account, TOLD["password expired"][0], NOW, EN).details)
    italian = " ".join(status_words(account, TOLD["password expired"][0], NOW, IT).details)

    assert "Password per programmi di posta" in english
    assert "Password per programmi di posta" in italian
    assert english != italian
