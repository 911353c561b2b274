"""What is said of accounts: refused logins by provider, passwords that expire, servers that fail."""

from __future__ import annotations

from datetime import date

import pytest

from pecdesk.errors import CertificateError, LoginError, NetworkError, PasswordError, PecdeskError, ServerError
from pecdesk.explain import language
from pecdesk.explain.accounts import (
    HINTS,
    account_trouble,
    login_refused,
    password_expires,
    provider_hints,
)
from pecdesk.profile.accounts import Account, Endpoint
from pecdesk.profile.providers import provider_named, providers

ENGLISH = language("en")
STUDIO = Account("studio@pec.example", Endpoint("imap.pec.example", 993))
REFUSED = LoginError("The server {host} refuses user or password.", host="imap.pec.example")


def at(provider: str, **changes: object) -> Account:
    return Account("studio@pec.example", STUDIO.imap, provider=provider, **changes)  # type: ignore[arg-type]


def test_a_login_refused_by_aruba_speaks_of_the_password_for_mail_programs() -> None:
    meaning, todo = login_refused(at("aruba", password_since=date(2026, 8, 3)), REFUSED, ENGLISH)
    assert meaning.startswith("The server imap.pec.example refuses user or password. With two-step verification")
    assert "Aruba PEC lets mail programs in only with a password of their own" in meaning
    assert "1 November 2026" in meaning
    assert "Password per programmi di posta" in todo
    assert "switched on in the webmail" in todo


def test_a_login_refused_by_legalmail_speaks_of_the_user_code() -> None:
    meaning, todo = login_refused(at("legalmail"), REFUSED, ENGLISH)
    assert "user code, not with the address studio@pec.example" in meaning
    assert "code" in todo
    meaning, _ = login_refused(at("legalmail", user="M1234567"), REFUSED, ENGLISH)
    assert "The user was M1234567." in meaning


@pytest.mark.parametrize("account", [STUDIO, at("postecert"), at("a provider of another version")])
def test_a_login_refused_elsewhere_names_the_user_and_what_else_it_may_be(account: Account) -> None:
    meaning, todo = login_refused(account, REFUSED, ENGLISH)
    assert "studio@pec.example" in meaning
    assert "webmail" in todo


def test_what_the_server_itself_says_comes_first() -> None:
    expired = LoginError("{host} says that the password has expired.", "Make another.", host="imap.pec.example")
    for account in (STUDIO, at("aruba"), at("legalmail")):
        assert login_refused(account, expired, ENGLISH)[0].startswith("imap.pec.example says that the password has ex")


@pytest.mark.parametrize("key", ["", *(provider.key for provider in providers())])
@pytest.mark.parametrize("user", ["", "M1234567"])
def test_every_refused_login_says_that_it_is_not_tried_again(key: str, user: str) -> None:
    assert "does not try again by itself" in login_refused(at(key, user=user), REFUSED, ENGLISH)[1]


def test_a_password_that_is_not_known_here_is_no_refusal() -> None:
    error = PasswordError("No password of {address} is kept.", "Enter it.", address="studio@pec.example")
    assert login_refused(at("aruba"), error, ENGLISH) == ("No password of studio@pec.example is kept.", "Enter it.")


def test_what_came_from_elsewhere_is_made_visible() -> None:
    meaning, _ = login_refused(at("", user="a\u202eb"), REFUSED, ENGLISH)
    assert "a[U+202E]b" in meaning
    what, _ = account_trouble(ServerError("It says {text}.", text="\x1b[2J"), STUDIO, ENGLISH)
    assert "\x1b" not in what


@pytest.mark.parametrize("kind", [NetworkError, CertificateError, ServerError])
def test_whatever_fails_there_is_something_to_do(kind: type[PecdeskError]) -> None:
    what, todo = account_trouble(kind("It failed at {host}.", host="imap.pec.example"), STUDIO, ENGLISH)
    assert what == "It failed at imap.pec.example."
    assert todo
    assert account_trouble(kind("It failed.", "Do this."), STUDIO, ENGLISH) == ("It failed.", "Do this.")


def test_a_wrong_certificate_says_that_no_password_was_sent() -> None:
    assert "No password was sent" in account_trouble(CertificateError("It is not believed."), STUDIO, ENGLISH)[1]


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 10, 22), "expires in 10 days, about 1 November 2026"),
        (date(2026, 10, 31), "expires tomorrow, on 1 November 2026"),
        (date(2026, 11, 1), "has expired about 1 November 2026"),
    ],
)
def test_a_password_that_will_expire_is_told_with_its_day_and_where_to_renew_it(today: date, said: str) -> None:
    sentence = password_expires(at("aruba"), date(2026, 11, 1), today, ENGLISH)
    assert said in sentence
    assert "Aruba PEC" in sentence
    assert "Gestione account PEC" in sentence


def test_a_hint_is_a_sentence_and_what_nobody_has_tried_is_told() -> None:
    aruba = provider_named("aruba")
    assert aruba is not None
    hints = provider_hints(aruba, ENGLISH)
    assert hints[: len(aruba.hints)] == tuple(HINTS[key] for key in aruba.hints)
    assert "nobody has tried them" in hints[-1]


def test_after_a_refusal_the_hints_do_not_repeat_what_it_says() -> None:
    aruba, legalmail = provider_named("aruba"), provider_named("legalmail")
    assert aruba is not None
    assert legalmail is not None
    left = provider_hints(aruba, ENGLISH, is_refused=True)

    assert set(left) < set(provider_hints(aruba, ENGLISH))
    assert not any("Password per programmi di posta" in hint for hint in left)
    assert provider_hints(legalmail, ENGLISH, is_refused=True) == provider_hints(legalmail, ENGLISH)
