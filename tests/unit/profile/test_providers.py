"""The table of providers: well formed, honest about what was tried, and found by the domain of an address."""

from __future__ import annotations

import re
from datetime import date

import pytest

from pecdesk.explain.accounts import HINTS
from pecdesk.profile.accounts import Account, Endpoint, Security, faults
from pecdesk.profile.providers import (
    LoginForm,
    Provider,
    password_ends,
    provider_for,
    provider_named,
    providers,
    with_provider,
)

every = pytest.mark.parametrize("provider", providers(), ids=lambda provider: provider.key)
SOMEBODY = Account("a@pec.example", Endpoint("imap.pec.example", 993))


@every
def test_every_row_is_well_formed(provider: Provider) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", provider.key)
    assert provider.name == provider.name.strip() != ""
    assert (provider.imap.port, provider.smtp.port) == (993, 465)
    assert provider.imap.security is provider.smtp.security is Security.TLS
    assert not faults(with_provider(SOMEBODY, provider))
    assert provider.domains
    assert all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain) for domain in provider.domains)
    assert min(provider.size_limit, provider.recipients_limit, provider.password_days) >= 0


@every
def test_no_row_claims_to_have_been_tried(provider: Provider) -> None:
    assert not provider.tested


@every
def test_every_hint_has_its_sentence(provider: Provider) -> None:
    assert set(provider.hints) <= HINTS.keys()


def test_no_sentence_is_left_over() -> None:
    assert HINTS.keys() == {hint for provider in providers() for hint in provider.hints}


def test_keys_names_and_domains_belong_to_one_row_each() -> None:
    for values in (
        [provider.key for provider in providers()],
        [provider.name.casefold() for provider in providers()],
        [domain for provider in providers() for domain in provider.domains],
    ):
        assert len(set(values)) == len(values)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("studio.rossi@pec.it", "aruba"),
        ("Studio.Rossi@ArubaPEC.it", "aruba"),
        ("mario.rossi@legalmail.it", "legalmail"),
        ("mario.rossi@postecert.it", "postecert"),
    ],
)
def test_a_provider_is_known_by_the_domain_of_an_address(address: str, key: str) -> None:
    provider = provider_for(address)
    assert provider is not None
    assert provider.key == key


@pytest.mark.parametrize("address", ["studio@rossi.example", "a@notpec.it", "a@x.pec.it", "", "a@"])
def test_a_domain_that_says_nothing_names_no_provider(address: str) -> None:
    assert provider_for(address) is None


def test_a_provider_is_named_by_key_or_by_name() -> None:
    assert provider_named("aruba") is provider_named("Aruba PEC") is provider_named("ARUBA") is not None
    assert provider_named("") is None
    assert provider_named("nobody") is None


def test_legalmail_wants_its_own_user_code() -> None:
    legalmail = provider_named("legalmail")
    assert legalmail is not None
    assert legalmail.login is LoginForm.USER_ID


def test_a_password_for_mail_programs_ends_where_the_provider_says_so() -> None:
    at_aruba = Account("a@pec.it", SOMEBODY.imap, provider="aruba", password_since=date(2026, 8, 3))
    assert password_ends(at_aruba) == date(2026, 11, 1)
    elsewhere = Account("a@pec.example", SOMEBODY.imap, provider="actalis", password_since=date(2026, 8, 3))
    assert password_ends(elsewhere) is None
    assert password_ends(Account("a@pec.it", SOMEBODY.imap, provider="aruba")) is None
    assert password_ends(Account("a@pec.it", SOMEBODY.imap, provider="aruba", password_since=date.max)) is None
    assert password_ends(Account("a@pec.it", SOMEBODY.imap, provider="nobody", password_since=date(2026, 8, 3))) is None
