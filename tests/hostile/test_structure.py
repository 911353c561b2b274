"""No trick with a message's structure changes a certified fact, and nothing survives a change in the signed bytes."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.hostile.attacks import ALTERED, CERTIFIED, NOT_CERTIFIED, RESERVE, UNDETERMINED
from tests.hostile.bench import Bench, facts
from tests.hostile.structure import inside, outside
from tests.kit.messages import genuine

SEED = 20261122
PROVES = (CERTIFIED, RESERVE)
EVERY_TRICK = ("delivery, full", "envelope of due")
"""Kinds that get all tricks; the others get every eleventh, each another one."""

EXPECTED: dict[str, str] = {
    "preamble none": CERTIFIED,
    "preamble of headers": CERTIFIED,
    "preamble that nearly begins a part": CERTIFIED,
    "preamble of 30,000 near delimiters": UNDETERMINED,
    "preamble that closes first": NOT_CERTIFIED,
    "preamble that is a whole part": NOT_CERTIFIED,
    "preamble that is an empty part": NOT_CERTIFIED,
    "epilogue that is another part": CERTIFIED,
    "epilogue that is the whole message again": CERTIFIED,
    "end without a line end": CERTIFIED,
    "end with LF": CERTIFIED,
    "end with text on its line": UNDETERMINED,
    "end that is cut off": UNDETERMINED,
    "no end at all": UNDETERMINED,
    "delimiters with LF": CERTIFIED,
    "parts: swapped": NOT_CERTIFIED,
    "parts: signature twice": NOT_CERTIFIED,
    "parts: a text first": NOT_CERTIFIED,
    "parts: a text between": NOT_CERTIFIED,
    "parts: an empty part last": NOT_CERTIFIED,
    "parts: nested in itself": ALTERED,
    "parts: nested alone": NOT_CERTIFIED,
    "parts: the signed part in multipart/mixed": ALTERED,
    "parts: an empty line before the signed part": ALTERED,
    "parts: an empty line behind the signed part": ALTERED,
    "parts: a header before the signed part": ALTERED,
    "signature octet-stream": NOT_CERTIFIED,
    "signature pgp-signature": NOT_CERTIFIED,
    "signature x-pkcs7-signature": CERTIFIED,
    "signature in one line": CERTIFIED,
    "signature without padding": CERTIFIED,
    "signature binary": CERTIFIED,
    "signature with two types": NOT_CERTIFIED,
    "signature empty": NOT_CERTIFIED,
    "signature with trailing bytes": ALTERED,
    "signature with a bit flipped at its end": ALTERED,
    "everything with LF": CERTIFIED,
    "headers with LF": CERTIFIED,
    "trailing white space": CERTIFIED,
    "headers reversed": CERTIFIED,
    "no headers but Content-Type": NOT_CERTIFIED,
    "no headers at all": NOT_CERTIFIED,
    "Content-Transfer-Encoding: base64 added behind": CERTIFIED,
    "container 'multipart/mixed": NOT_CERTIFIED,
    "container 'multipart/signed' of 16": UNDETERMINED,
}
"""What must be said of some of them, by the beginning of the name."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("structure"))


@pytest.fixture(scope="module")
def kinds() -> dict[str, bytes]:
    return {each.name: each.raw for each in genuine() if each.standing == CERTIFIED}


@pytest.fixture(scope="module")
def tricked(bench: Bench, kinds: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    """For each kind, the entry of every trick tried on it; that of the message itself under the empty name."""
    mails = {}
    for number, (kind, raw) in enumerate(kinds.items()):
        mails[f"{kind}|"] = raw
        tricks = list(outside(raw))
        assert len({name for name, _ in tricks}) == len(tricks)
        chosen = tricks if kind in EVERY_TRICK else tricks[number % 11 :: 11]
        mails |= {f"{kind}|{name}": changed for name, changed in chosen}
    found: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
    for name, entry in bench.verify(mails).items():
        kind, _, trick = name.partition("|")
        found[kind][trick] = entry
    return found


def test_enough_was_tried(tricked: dict[str, dict[str, Any]]) -> None:
    assert sum(map(len, tricked.values())) > 1200


def test_no_trick_changes_a_certified_fact(tricked: dict[str, dict[str, Any]]) -> None:
    wrong = []
    for kind, entries in tricked.items():
        true = facts(entries[""])
        assert entries[""]["standing"] == CERTIFIED
        for name, entry in entries.items():
            shown = facts(entry)
            allowed = (true,) if entry["standing"] in PROVES else (None,)
            if shown not in allowed or (shown is not None and entry["kind"] != entries[""]["kind"]):
                wrong.append((kind, name, entry["standing"], shown))
    assert not wrong


def test_every_trick_has_an_answer_with_a_reason(tricked: dict[str, dict[str, Any]]) -> None:
    for entries in tricked.values():
        for name, entry in entries.items():
            plain = entry["kind"] == "ordinary" or entry["standing"] == NOT_CERTIFIED
            assert bool(entry["reasons"]) == (entry["standing"] != CERTIFIED) or plain, name


@pytest.mark.parametrize("kind", EVERY_TRICK)
@pytest.mark.parametrize("name", EXPECTED)
def test_a_trick_is_called_what_it_is(tricked: dict[str, dict[str, Any]], kind: str, name: str) -> None:
    entries = {trick: entry for trick, entry in tricked[kind].items() if trick == name or trick.startswith(f"{name};")}
    if not entries:
        entries = {trick: entry for trick, entry in tricked[kind].items() if trick.startswith(name)}
    assert entries
    for trick, entry in entries.items():
        assert entry["standing"] == EXPECTED[name], (trick, entry["reasons"])


@pytest.mark.parametrize("kind", EVERY_TRICK)
@pytest.mark.parametrize(
    "header", ["Subject", "Date", "Message-ID", "X-Riferimento-Message-ID", "X-Ricevuta|X-Trasporto"]
)
def test_a_header_beside_another_that_says_something_else_is_a_reserve(
    tricked: dict[str, dict[str, Any]], kind: str, header: str
) -> None:
    beside = re.compile(rf"header \d+ (?:{header}) doubled with (?:another value|nothing) (?:before|behind)")
    entries = {trick: entry for trick, entry in tricked[kind].items() if beside.fullmatch(trick)}

    assert len(entries) == 4
    assert {trick: entry["standing"] for trick, entry in entries.items()} == dict.fromkeys(entries, RESERVE)


def test_nothing_survives_a_change_in_the_signed_bytes(bench: Bench, kinds: dict[str, bytes]) -> None:
    chance = Random(SEED)
    mails = {f"{kind}|{name}": raw for kind, genuine in kinds.items() for name, raw in inside(genuine, chance, 30)}
    assert len(mails) > 600
    entries = bench.verify(mails, place="inside")
    survivors = [name for name, entry in entries.items() if entry["standing"] in PROVES or facts(entry) is not None]
    assert not survivors


def test_the_signature_over_nothing_but_line_ends_is_not_read_into_a_message(bench: Bench, tmp_path: Path) -> None:
    empty = {
        "two empty parts": b'Content-Type: multipart/signed; boundary="x"\r\n\r\n--x\r\n\r\n--x\r\n\r\n--x--\r\n',
        "a delimiter alone": b'Content-Type: multipart/signed; boundary="x"\r\n\r\n--x--',
        "a container alone": b'Content-Type: multipart/signed; boundary="x"\r\n\r\n',
    }
    assert {entry["standing"] for entry in bench.verify(empty, place="empty").values()} <= {NOT_CERTIFIED, UNDETERMINED}
