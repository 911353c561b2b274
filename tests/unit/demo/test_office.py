"""The office as a whole: complete, made-up throughout, the same every time, and true to what it says of itself."""

from __future__ import annotations

import email
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path

from pecdesk.demo.desk import ITALIAN
from pecdesk.demo.office import Office, office, write
from pecdesk.demo.world import PARTIES, make_authority, make_world
from pecdesk.examine import Examination, examine
from pecdesk.pec.deadlines import attention
from pecdesk.pec.linking import link
from pecdesk.pec.transmission import Transmission
from pecdesk.store.pieces import piece_of
from pecdesk.trust import AnchorSet, load_policy
from tests.kit.messages import NOW, anchors, world

SENT_STATES = {
    "pending",
    "accepted",
    "partly-delivered",
    "delivered",
    "delayed",
    "failed",
    "refused",
    "contradictory",
}
"""Of cli.md section 4, without those that only the outbox gives."""

RECIPIENT_STATES = {
    "pending",
    "accepted",
    "not-pec",
    "taken-in-charge",
    "delayed",
    "delivered",
    "failed",
    "refused",
    "contradictory",
}
ATTENTIONS = {
    "failed",
    "delayed",
    "waiting",
    "overdue",
    "not-pec",
    "contradictory",
    "forged",
    "altered",
    "no-acceptance",
    "content-differs",
    "log-deadline",
    "refused",
}
RESERVED_NETWORKS = [ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
NAMESPACES = ("ivaservizi.agenziaentrate.gov.it", "uri.etsi.org", "www.w3.org")


@cache
def made() -> Office:
    return office(NOW, world=world())


@cache
def examined() -> tuple[Examination, ...]:
    return tuple(examine(message.raw, anchors(), now=NOW) for message in made().messages)


def rows_of(here: Office, examinations: tuple[Examination, ...]) -> tuple[Transmission, ...]:
    pieces = [
        piece_of(examination, message.account, in_sent_folder=message.folder == "sent")
        for message, examination in zip(here.messages, examinations, strict=True)
    ]
    return link(pieces, frozenset(here.accounts))


def shown(row: Transmission, now: datetime) -> tuple[object, ...]:
    """What `expected` speaks of, from the program's own row."""
    return (
        str(row.kind),
        str(row.direction),
        row.account,
        row.subject,
        str(row.state),
        row.sender,
        frozenset(str(each) for each in attention(row, now)),
        str(row.sealed) if row.sealed else None,
        str(row.original),
        row.identifier,
        tuple((each.address, str(each.state)) for each in row.recipients) if row.direction == "sent" else (),
    )


def wanted(here: Office) -> Counter[tuple[object, ...]]:
    return Counter(
        (
            each.kind,
            each.direction,
            each.account,
            each.subject,
            each.state,
            each.sender,
            each.attention,
            each.sealed,
            each.original,
            each.identifier,
            tuple((recipient.address, recipient.state) for recipient in each.recipients),
        )
        for each in here.expected
    )


def test_the_office_has_some_two_hundred_transmissions_and_weighs_little() -> None:
    assert 200 <= len(made().expected) <= 240
    assert 500 <= len(made().messages) <= 600
    assert sum(len(message.raw) for message in made().messages) < 12_000_000


def test_every_state_attention_and_kind_that_offline_messages_can_have_is_there() -> None:
    expected = made().expected
    assert {each.state for each in expected if each.direction == "sent"} == SENT_STATES
    assert {recipient.state for each in expected for recipient in each.recipients} == RECIPIENT_STATES
    assert {name for each in expected for name in each.attention} == ATTENTIONS
    assert {each.kind for each in expected} == {"pec", "anomaly", "ordinary", "rem", "unmatched", "claim"}
    assert {each.original for each in expected} == {"own", "from-receipt", "none"}
    assert {message.kind for message in made().messages} == set(ITALIAN) - {"virus-detected"}


def test_verify_says_of_every_message_what_the_office_says_of_it() -> None:
    for message, found in zip(made().messages, examined(), strict=True):
        assert (message.file_name, found.kind, found.standing) == (message.file_name, message.kind, message.standing)


def test_the_program_lists_exactly_what_the_office_expects() -> None:
    found = Counter(shown(row, NOW) for row in rows_of(made(), examined()))
    assert found - wanted(made()) == Counter()
    assert wanted(made()) - found == Counter()


def test_the_office_holds_at_another_time(tmp_path: Path) -> None:
    """In the hour summer time begins, after SHA-1 has ended, with keys of its own."""
    now = datetime(2028, 3, 26, 1, 5, tzinfo=UTC)
    here = office(now, world=make_world(make_authority(now), now))
    write(here, tmp_path)
    trust = AnchorSet((load_policy(tmp_path / "trust" / "demo.toml"),))
    examinations = tuple(examine(message.raw, trust, now=now) for message in here.messages)
    differing = [
        message.file_name
        for message, found in zip(here.messages, examinations, strict=True)
        if (found.kind, found.standing) != (message.kind, message.standing)
    ]
    assert differing == []
    assert Counter(shown(row, now) for row in rows_of(here, examinations)) == wanted(here)


def test_the_same_world_and_time_give_the_same_bytes() -> None:
    assert office(NOW, world=world()) == made()


def test_another_seed_tells_another_story_with_the_same_incidents() -> None:
    other = office(NOW, world=world(), seed=7)
    assert {each.subject for each in other.expected} != {each.subject for each in made().expected}
    assert Counter(each.state for each in other.expected) == Counter(each.state for each in made().expected)


def test_nothing_is_younger_than_now_or_older_than_thirty_months() -> None:
    dates = [datetime.strptime(message.file_name[:17], "%Y-%m-%d_%H%M%S") for message in made().messages]  # noqa: DTZ007
    assert max(dates) < datetime(2026, 11, 22, 11, 31)  # noqa: DTZ001 - Italian time, as the names are
    assert min(dates) > datetime(2024, 5, 22)  # noqa: DTZ001


def test_write_makes_trust_and_mail_folders_with_the_very_bytes(tmp_path: Path) -> None:
    write(made(), tmp_path)
    assert (tmp_path / "trust" / "ca.pem").read_bytes() == world().authority.certificate_pem
    assert load_policy(tmp_path / "trust" / "demo.toml").name == "DEMO"
    files = sorted(path for path in (tmp_path / "mail").rglob("*") if path.is_file())
    assert len(files) == len(made().messages)
    assert len({str(path).lower() for path in files}) == len(files)
    for message in made().messages:
        path = tmp_path / "mail" / message.account / message.folder / message.file_name
        assert path.read_bytes() == message.raw
        assert re.fullmatch(r"[0-9a-z_.-]{10,100}\.eml", message.file_name)


def texts_of(raw: bytes) -> Iterator[str]:
    """Every header and every text of a message, decoded, at any depth."""
    for part in email.message_from_bytes(raw).walk():
        for name, value in part.items():
            yield f"{name}: {make_header(decode_header(value)) if '=?' in value else value}"
        if part.get_content_type() in ("text/plain", "text/html", "application/xml", "text/rfc822-headers"):
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            yield content.decode("utf-8", "replace")


@cache
def message_texts() -> dict[tuple[str, str], str]:
    return {(each.account, each.file_name): "\n".join(texts_of(each.raw)) for each in made().messages}


@cache
def all_texts() -> str:
    return "\n".join(message_texts().values())


def test_every_mail_domain_is_reserved() -> None:
    domains = set(re.findall(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", all_texts()))
    assert domains
    domains |= {party.address.partition("@")[2] for party in PARTIES}
    assert {domain for domain in domains if not domain.rstrip(".").endswith(".example")} == set()


def test_every_internet_address_is_one_of_the_documentation_networks() -> None:
    found = {ip_address(number) for number in re.findall(r"\[(\d+\.\d+\.\d+\.\d+)\]", all_texts())}
    assert found
    assert {each for each in found if not any(each in net for net in RESERVED_NETWORKS)} == set()


def test_links_are_only_the_names_of_formats() -> None:
    hosts = set(re.findall(r"https?://([\w.-]+)", all_texts()))
    assert hosts <= set(NAMESPACES)


def test_every_message_says_that_it_is_a_demo() -> None:
    silent = [name for name, text in message_texts().items() if "DEMO" not in text]
    assert silent == []


def test_no_place_of_a_letter_is_left_unfilled() -> None:
    assert re.findall(r"\{[a-z_]+\}", re.sub(r"<style>.*?</style>", "", all_texts())) == []


def test_headers_end_where_they_should_and_lines_end_in_crlf() -> None:
    for message in made().messages:
        assert message.raw.count(b"\n") == message.raw.count(b"\r\n"), message.file_name
        block = message.raw.partition(b"\r\n\r\n")[0]
        assert block.isascii()
        assert all(re.match(rb"[A-Za-z-]+: |[ \t]", line) for line in block.split(b"\r\n")), message.file_name
