"""Hostile ids, subjects and file names: found again, never obeyed by terminal, database, search or file system."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pecdesk.cli.output import columns, fitted
from pecdesk.demo.builders import certifying
from pecdesk.demo.draft import original
from pecdesk.explain.visible import visible
from pecdesk.proof.naming import bundle_name, is_safe, original_names
from tests.hostile.attacks import envelope
from tests.hostile.bench import Bench
from tests.hostile.mailbox import Mailbox, command
from tests.integration.conftest import run_pecdesk
from tests.kit import messages
from tests.kit.messages import EXTERNAL, RECIPIENT, SENDER, draft

IDS = (
    "a'\"b@x",
    "x' OR '1'='1",
    'x"; DROP TABLE message; --',
    "*",
    '"',
    "NEAR(a b)",
    "a AND NOT b",
    "../../../../etc/passwd@x",
    "..",
    "/etc/passwd",
    "a\\b@x",
    "CON",
    "-rf@x",
    "--json",
    "%00@x",
    "%s{0}{x}",
    "$(id)`id`",
    '#read("x")',
    "a b c@x",
    "x" * 5000 + "@x",
    "\u202eabc@x",
    "\u200b@x",
    "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301@x",
    "\U0001f600@x",
    "é@x",
    "É@x",
    "k@x",
    "\u212a@x",
    "\u017f@x",
    "\ufb01@x",
    "<<a@x>>",
    "a<b>c@x",
    "da:x",
    "id:x",
    "1e5",
    "deadbeef" * 8,
    "9" * 30,
)

SUBJECTS = (
    "\x1b]0;titolo\x07\x1b[2J\x1b[31mrosso",
    "prima\r\nX-Ricevuta: avvenuta-consegna",
    "tab\te campana\x07 e NUL\x00",
    "\u202eotavorppa\u202c e \u2066isolato\u2069",
    "zero\u200blarghezza\u200d\ufeff\u00ad",
    "controlli C1 \x9b31m \x85 \u2028 \u2029",
    "etichette \U000e0041\U000e0042",
    "fuori \ue000 \U0010fffd \ufffe",
    "a" + "\u0301" * 3000,
    "=?utf-8?Q?=1B[31m?= =?utf-8?Q?=E2=80=AE?=",
    "../../../../tmp/x",
    "-rf --to /",
    "CON.NUL.",
    '#read("/etc/passwd") $x$ [b] <c> @d `e` \\f',
    "{0} {path} %s %(x)s",
    "",
    " ",
    "x" * 5000,
)

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ue000-\uf8ff]")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("names"))


@pytest.fixture(scope="module")
def ids(bench: Bench) -> Mailbox:
    """Envelopes with every id, certified, and ordinary mail with the same as Message-ID."""
    mailbox = Mailbox.empty(bench, RECIPIENT)
    mails = []
    for number, written in enumerate(IDS):
        said = certifying(envelope(), identifier=written, message_id=f"<m{number}@x>", subject=f"oggetto {number};")
        mails.append(replace(said, inside=None).sealed())
    mailbox.receive(*mails)
    return mailbox


@pytest.fixture(scope="module")
def subjects(bench: Bench) -> Mailbox:
    """Every subject in an ordinary mail with an attachment of that name, and certified in an envelope."""
    mails = []
    for number, text in enumerate(SUBJECTS):
        # as raw bytes, so that nothing tidies up what is hostile
        head = f"From: {EXTERNAL.address}\r\nTo: {SENDER}\r\nMessage-ID: <s{number}@x>\r\nSubject: {text}\r\n"
        name = text.replace("\r\n", " ").replace('"', "")[:2000]
        mails.append(f'{head}Content-Type: application/pdf; name="{name}"\r\n\r\nx'.encode())
        sent = draft("x", sender=RECIPIENT, recipients=(SENDER,), message_id=f"<c{number}@x>")
        said = messages.provider("tre").envelope(messages.sending(sent, "tre"), SENDER)
        printable = "".join(char for char in text if char >= " " and char != "\ufffe")
        mails.append(replace(certifying(said, subject=printable), inside=None).sealed())
    mailbox = Mailbox.empty(bench, SENDER)
    mailbox.receive(*mails)
    return mailbox


def test_a_row_is_found_by_its_id_whatever_the_id(ids: Mailbox) -> None:
    rows = {row["subject"]: row for row in ids.rows()}
    assert len(rows) == len(IDS)
    for number, written in enumerate(IDS):
        row = rows[f"oggetto {number};"]
        assert row["identifier"] == written
        for name in (written, f"<{written}>"):
            if not (name.isdigit() and len(name) < 19):
                assert ids.row(name)["id"] == row["id"], name[:50]


def test_an_id_leaves_no_name_outside_the_folder_that_was_asked_for(ids: Mailbox, tmp_path: Path) -> None:
    target = tmp_path / "out"
    done = ids.command("export", "--json", "--to", target, *(row["id"] for row in ids.rows()))
    paths = [Path(each["path"]) for each in done.json["files"]]
    assert len(paths) == len(IDS)
    assert all(path.is_file() and path.resolve().is_relative_to(target.resolve()) for path in paths)
    assert all(is_safe(path.name) and is_safe(path.parent.name) for path in paths)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == set(paths)


def test_what_is_typed_into_a_search_is_never_syntax(ids: Mailbox) -> None:
    for written in (*IDS, *SUBJECTS, "stato:", 'da:"', "oggetto:*", "-x", '"a" OR "b"', "a" * 100_000):
        done = command("--profile", ids.profile, "search", "--json", "--", written)
        assert done.code in (0, 2), done.err
        assert "Traceback" not in done.err
    assert len(command("--profile", ids.profile, "search", "--json", "--limit", "0", "oggetto").json["transmissions"])


def test_a_search_of_very_many_words_is_refused_in_words(ids: Mailbox) -> None:
    many = " ".join(f"parola{number}" for number in range(3000))
    done = command("--profile", ids.profile, "--lang", "en", "search", many)
    assert (done.code, done.out) == (2, "")
    assert "more than" in done.err
    same = command("--profile", ids.profile, "search", "--json", " ".join(["oggetto"] * 3000))
    assert len(same.json["transmissions"]) == len(IDS)


def test_no_word_of_a_mail_reaches_the_terminal_as_a_command(subjects: Mailbox) -> None:
    shows = [("show", row["id"]) for row in subjects.rows()]
    for words in (("list", "--limit", "0"), ("search", "x"), *shows):
        done = subjects.command(*words)
        assert done.code == 0
        assert CONTROL.findall(done.out.replace("\u00ad", "")) == []


def test_verify_prints_nothing_that_a_terminal_obeys(bench: Bench, subjects: Mailbox) -> None:
    paths = sorted(bench.folder.glob("in*/*.eml"))
    assert len(paths) >= 2 * len(SUBJECTS)
    done = command("verify", *paths, "--trust", bench.policy())
    assert CONTROL.findall(done.out.replace("\u00ad", "")) == []


def test_a_subject_makes_a_safe_and_short_name(subjects: Mailbox, tmp_path: Path) -> None:
    done = subjects.command("export", "--json", "--to", tmp_path, *(row["id"] for row in subjects.rows()))
    for each in done.json["files"]:
        path = Path(each["path"])
        assert is_safe(path.name)
        assert is_safe(path.parent.name)
        assert len(path.parent.name) < 100
        assert path.resolve().is_relative_to(tmp_path.resolve())


def test_a_proof_of_hostile_words_holds(subjects: Mailbox, tmp_path: Path) -> None:
    rows = [row["id"] for row in subjects.rows()][:6]
    done = subjects.command("proof", "--json", "--to", tmp_path, "--made-at", "2026-11-22T10:30:00+00:00", *rows)
    assert done.code in (0, 1), done.err
    for bundle in done.json["bundles"]:
        names = [path.name for path in Path(bundle["path"]).rglob("*")]
        assert "prova.pdf" in names
        assert all(map(is_safe, names))


def test_names_are_made_at_once_however_many_accents_stand_in_a_row() -> None:
    piled = "a" + "\u0323\u0307" * 500_000
    assert is_safe(bundle_name(date(2026, 11, 20), piled, piled))
    assert all(map(is_safe, original_names([(piled, piled)])))


def test_a_table_cell_is_cut_at_once_and_exactly() -> None:
    piled = "a" * 34 + "\u0301" * 60_000 + "b"
    for text in (piled, "\u0301" * 60_000 + "x" * 40, "è" * 100, "漢" * 100, "a\u0301" * 100, ""):
        assert columns(fitted(text, 34)) == 34
    assert visible("e\u0301") == "e\u0301"
    assert visible("e" + "\u0301" * 6).count("[U+0301]") == 2


# --- file names and words of the command line -----------------------------------------------------------------------


def names(folder: Path) -> dict[str, bytes]:
    return {
        "bytes that are no text": os.fsencode(folder) + b"/m\xff\xfe.eml",
        "an escape": os.fsencode(folder) + b"/m\x1b]0;x\x07.eml",
        "a line end": os.fsencode(folder) + b"/m\nX-Ricevuta: x.eml",
    }


def test_files_of_any_name_are_judged_and_named_harmlessly(tmp_path: Path) -> None:
    raw = original(draft("x"))
    paths: list[Any] = []
    for name in names(tmp_path).values():
        with open(name, "wb") as file:  # noqa: PTH123 - the name is bytes
            file.write(raw)
        paths += [os.fsdecode(name), os.fsdecode(name.replace(b".eml", b".missing"))]
    machine = run_pecdesk("verify", *paths, "--json")
    assert machine.code == 3
    assert len(machine.json["files"]) == 6
    people = command("verify", *paths)
    assert CONTROL.findall(people.out + people.err) == []
    taken = command("--profile", tmp_path / "profile", "import", *paths, "--json")
    assert (taken.code, taken.json["new"], len(taken.json["unreadable"])) == (3, 1, 3)


def test_words_that_are_no_text_are_answered_in_words(tmp_path: Path) -> None:
    raw = tmp_path / "m.eml"
    raw.write_bytes(original(draft("x")))
    odd = os.fsdecode(b"\xff\xfe@x")
    profile = ("--profile", tmp_path / "profile")
    assert command(*profile, "import", raw, "--account", odd).code == 2
    assert command(*profile, "import", raw).code == 0
    for words, code in (
        (("show", odd), 2),
        (("proof", odd, "--to", tmp_path / "out"), 2),
        (("export", odd, "--to", tmp_path / "out"), 2),
        (("list", "--account", odd), 0),
        (("list", "--state", odd), 2),
        (("search", odd), 0),
        (("search", f"stato:{odd}"), 2),
        (("search", f"prima:{odd}"), 2),
        (("trust", "remove", odd), 2),
    ):
        assert command(*profile, *words).code == code, words


def test_a_proof_goes_into_a_folder_whose_name_is_no_text(ids: Mailbox, tmp_path: Path) -> None:
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    done = ids.command("proof", "--to", folder, ids.rows()[0]["id"])
    assert ".py" not in done.err
    assert "[U+000A]" not in done.err


def test_a_policy_of_many_brackets_is_answered_in_words(tmp_path: Path) -> None:
    policy, mail = tmp_path / "x.toml", tmp_path / "x.eml"
    policy.write_bytes(b"name=" + b"[" * 50_000)
    mail.write_bytes(original(draft("x")))
    assert command("verify", mail, "--trust", policy).code == 3


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_cannot_show_a_letter_gets_another(tmp_path: Path, encoding: str) -> None:
    raw = tmp_path / "m.eml"
    raw.write_bytes(original(draft("\U0001f600 è così …")))
    done = run_pecdesk("verify", raw, env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    assert done.code == 1


def test_a_device_without_end_is_too_large(tmp_path: Path) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("there is no such device here")
    (entry,) = run_pecdesk("verify", "/dev/zero", "--json").json["files"]
    assert (entry["standing"], entry["reasons"]) == ("undetermined", ["size-limit"])
