"""Accounts: written as TOML, read with patience, and never half."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.profile import Profile
from pecdesk.profile.accounts import (
    LARGEST_NUMBER,
    LONGEST_TEXT,
    Account,
    Endpoint,
    Security,
    accounts_text,
    faults,
    is_loopback,
    load_accounts,
)

SERVER = Endpoint("imap.pec.example", 993)
STUDIO = Account("studio@pec.example", SERVER, Endpoint("smtp.pec.example", 465))

lines = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=40)
words = st.from_regex(r"[A-Za-zàèì0-9._+'-]{1,12}", fullmatch=True)
ports = st.integers(1, 65535)
endpoints = st.builds(Endpoint, st.from_regex(r"[A-Za-z0-9][A-Za-z0-9.-]{0,20}", fullmatch=True), ports) | st.builds(
    Endpoint, st.sampled_from(["localhost", "127.0.0.1", "::1"]), ports, st.sampled_from(Security)
)
numbers = st.integers(0, LARGEST_NUMBER)
accounts = st.builds(
    Account,
    address=st.builds("{}@{}.example".format, words, words),
    imap=endpoints,
    smtp=st.none() | endpoints,
    user=lines,
    name=lines,
    provider=lines,
    password_command=lines,
    ca_file=lines,
    is_read_only=st.booleans(),
    marks_read_on_server=st.booleans(),
    sent_folder=lines,
    keeps_sent_copy=st.none() | st.booleans(),
    password_since=st.none() | st.dates(),
    size_limit=numbers,
    recipients_limit=numbers,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "accounts.toml"


def test_without_a_file_there_is_no_account_and_nothing_is_wrong(file: Path) -> None:
    assert load_accounts(file) == ((), None)


def test_the_file_lies_in_the_profile_and_marks_a_folder_as_one(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "profile")
    assert profile.accounts == profile.root / "accounts.toml"
    profile.accounts.write_text(accounts_text([STUDIO]), encoding="utf-8")
    profile.root.chmod(0o755)
    assert Profile.open(profile.root) == profile


@given(st.lists(accounts, max_size=3, unique_by=lambda account: account.key).map(tuple))
def test_any_account_survives_writing_and_reading(
    tmp_path_factory: pytest.TempPathFactory, several: tuple[Account, ...]
) -> None:
    assert not any(map(faults, several))
    file = tmp_path_factory.getbasetemp() / "any-accounts.toml"
    file.write_bytes(accounts_text(several).encode())
    assert load_accounts(file) == (several, None)


def test_what_is_as_usual_is_not_written(file: Path) -> None:
    (written,) = tomllib.loads(accounts_text([STUDIO]))["accounts"]
    assert list(written) == ["address", "imap", "smtp"]


def test_a_file_by_hand_is_read(file: Path) -> None:
    file.write_text(
        '[[accounts]]\naddress = "Studio@pec.example"  # Rossi\nimap = {host = "imap.pec.example", port = 993}\n'
        'password_since = 2026-08-03\ncolour = "red"\n[accounts.smtp]\nhost = "smtp.pec.example"\nport = 465\n',
        encoding="utf-8",
    )
    (account,), problem = load_accounts(file)
    assert problem is None
    assert account == replace(STUDIO, address="Studio@pec.example", password_since=date(2026, 8, 3))
    assert (account.key, account.login) == ("studio@pec.example", "Studio@pec.example")


@pytest.mark.parametrize("content", [b"accounts = ", b"\xff\xfe", b"a = 1\na = 2\n", b"a = " + b"[" * 100_000])
def test_a_file_that_is_no_toml_gives_no_account_and_a_sentence(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    found, problem = load_accounts(file)
    assert found == ()
    assert problem is not None
    assert str(file) in str(problem)
    assert problem.next_step


def test_a_folder_in_its_place_is_no_crash(file: Path) -> None:
    file.mkdir()
    assert load_accounts(file)[1] is not None


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("address = 3", "address"),
        ('address = "nobody"', "address"),
        ('address = "a@b@c.example"', "address"),
        ('address = "a b@pec.example"', "address"),
        ('address = "a@pec.example\\r\\nX: y"', "address"),
        ('address = "studio@pec.example"', "address"),
        ('imap = "imap.pec.example:993"', "imap"),
        ('imap = {host = "imap.pec.example"}', "imap"),
        ('imap = {host = "imap.pec.example", port = "993"}', "imap"),
        ('imap = {host = "imap.pec.example", port = true}', "imap"),
        ('imap = {host = "imap.pec.example", port = 0}', "imap.port"),
        ('imap = {host = "imap.pec.example", port = 65536}', "imap.port"),
        ('imap = {host = "imap pec", port = 993}', "imap.host"),
        ('imap = {host = "x\\r\\ny", port = 993}', "imap.host"),
        ('imap = {host = "", port = 993}', "imap.host"),
        ('imap = {host = "12:34", port = 993}', "imap.host"),
        ('imap = {host = "imap.pec.example", port = 143, security = "starttls"}', "imap"),
        ('imap = {host = "imap.pec.example", port = 143, security = "plain"}', "imap.security"),
        ('smtp = {host = "imap.pec.example", port = 25, security = "plain"}', "smtp.security"),
        ('user = "M1\\nA2 LOGOUT"', "user"),
        ('sent_folder = "Sent\\u0000"', "sent_folder"),
        (f'name = "{"x" * (LONGEST_TEXT + 1)}"', "name"),
        ('is_read_only = "yes"', "is_read_only"),
        ("keeps_sent_copy = 1", "keeps_sent_copy"),
        ('password_since = "2026-08-03"', "password_since"),
        ("password_since = 2026-08-03T10:00:00", "password_since"),
        ("size_limit = -1", "size_limit"),
        ("size_limit = 1.5", "size_limit"),
    ],
)
def test_an_account_with_a_value_that_means_nothing_is_left_out_whole_and_named_the_others_count(
    file: Path, line: str, named: str
) -> None:
    usual = {"address": 'address = "b@pec.example"', "imap": 'imap = {host = "imap.pec.example", port = 993}'}
    usual[line.partition(" ")[0]] = line
    file.write_text(accounts_text([STUDIO]) + "[[accounts]]\n" + "\n".join(usual.values()) + "\n", encoding="utf-8")
    found, problem = load_accounts(file)
    assert found == (STUDIO,)
    assert problem is not None
    assert problem.fields["names"] in (f"2 ({named})", f"b@pec.example ({named})", f"studio@pec.example ({named})")


@pytest.mark.parametrize("content", ["accounts = 3", "accounts = [3]", "[accounts]\naddress = 'a@b.example'"])
def test_what_is_no_list_of_accounts_is_named(file: Path, content: str) -> None:
    file.write_text(content, encoding="utf-8")
    found, problem = load_accounts(file)
    assert found == ()
    assert problem is not None


def test_an_account_without_a_server_is_named(file: Path) -> None:
    file.write_text('[[accounts]]\nname = "Rossi"\n', encoding="utf-8")
    assert load_accounts(file)[0] == ()
    assert "1 (address, imap)" in str(load_accounts(file)[1])


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.1", "::1"])
def test_loopback_is_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["pec.example", "localhost.pec.example", "128.0.0.1", "0.0.0.0", "127.0.0.1.example"])
def test_nothing_else_is_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_an_endpoint_is_written_as_it_is_typed() -> None:
    assert str(SERVER) == "imap.pec.example:993"
    assert str(Endpoint("::1", 993)) == "[::1]:993"
