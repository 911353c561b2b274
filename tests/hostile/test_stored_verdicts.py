"""A verdict in the database is only remembered: proofs are made from the bytes (security page, A16 and A17)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pecdesk.app import App
from pecdesk.demo.forgery import unsigned
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import State
from pecdesk.store import Filter
from tests.hostile.bench import Bench
from tests.hostile.mailbox import Mailbox, command, without_numbers
from tests.kit.messages import NOW as NOW_
from tests.kit.messages import RECIPIENT, SENDER, SERVICE, delivery, draft, provider, sending


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("verdicts"))


@pytest.fixture
def honest(bench: Bench) -> Mailbox:
    """A message that was accepted, and a forged delivery receipt under it."""
    taken = sending(draft("Diffida"))
    mailbox = Mailbox.empty(bench, SENDER)
    mailbox.receive(taken.original, provider().acceptance(taken).sealed(), unsigned(delivery(taken)))
    return mailbox


@pytest.fixture
def edited(honest: Mailbox) -> Mailbox:
    """The same, with a database in which the forged receipt is certified and the message delivered."""
    with closing(sqlite3.connect(honest.profile / "pecdesk.db")) as database, database:
        for number, document in database.execute("SELECT id, examination FROM message").fetchall():
            told = json.loads(document)
            if told["standing"] == "not-certified" and told["kind"] == "delivery":
                told |= {"standing": "certified", "counts": True, "certification": told["claimed_certification"]}
                database.execute(
                    "UPDATE message SET standing = 'certified', examination = ? WHERE id = ?",
                    (json.dumps(told), number),
                )
        for number, document in database.execute("SELECT id, facts FROM transmission").fetchall():
            told = json.loads(document)
            told |= {"state": "delivered", "attention": []}
            for line in told["evidence"]:
                line |= {"standing": "certified", "counts": True}
            for recipient in told["recipients"]:
                recipient["state"] = "delivered"
            database.execute(
                "UPDATE transmission SET state = 'delivered', status = 'consegnato', attention = ' ', facts = ?"
                " WHERE id = ?",
                (json.dumps(told), number),
            )
    return honest


def verified(bundle: Any) -> dict[str, str]:
    """What the proof says of each message."""
    document = json.loads((Path(bundle["path"]) / "verifica.json").read_text(encoding="utf-8"))
    return {entry["kind"]: entry["standing"] for entry in document["files"]} | {"state": document["state"]}


def test_a_proof_does_not_believe_the_database(edited: Mailbox, tmp_path: Path) -> None:
    (row,) = edited.rows()
    done = edited.command("proof", "--json", "--to", tmp_path, row["id"])
    assert done.code == 1
    (bundle,) = done.json["bundles"]
    assert verified(bundle) == {
        "state": "accepted",
        "ordinary": "not-certified",
        "acceptance": "certified",
    }
    assert bundle["weak_points"]
    assert "consegna" not in " ".join(path.name for path in Path(bundle["path"]).rglob("*.eml"))


def test_an_edited_verdict_is_found_by_examining_again(honest: Mailbox, edited: Mailbox) -> None:
    done = edited.command("reexamine", "--all", "--json")
    (change,) = done.json["changed"]
    assert (change["before"]["standing"], change["after"]["standing"]) == ("undetermined", "not-certified")
    (row,) = edited.rows()
    assert (row["state"], row["attention"]) == ("accepted", ["forged", "overdue"])


EDITED_MESSAGES = {
    "a standing": "UPDATE message SET standing = 'certified' WHERE standing = 'not-certified'",
    "a kind": "UPDATE message SET kind = 'delivery' WHERE kind = 'ordinary'",
    "an examination": "UPDATE message SET examination = replace(examination, 'not-certified', 'certified')",
    "an examination that is none": "UPDATE message SET examination = 'certified'",
    "a version": "UPDATE message SET anchors_version = 'other'",
    "the examination of another message": (
        "UPDATE message SET (standing, kind, size, examination, seal) ="
        " (SELECT standing, kind, size, examination, seal FROM message WHERE kind = 'acceptance')"
    ),
    "the text": "UPDATE search SET text = 'Accetto la proposta.'",
    "a text that is none": "UPDATE search SET text = NULL",
    "no text": "DELETE FROM search",
    "the provider's words": "UPDATE search SET notice = notice || 'consegnato'",
    "no seals": "UPDATE message SET seal = '', words_seal = ''",
}
EDITED_ROWS = {
    "a state": "UPDATE transmission SET state = 'delivered'",
    "a status": "UPDATE transmission SET status = 'consegnato'",
    "needs": "UPDATE transmission SET attention = '  '",
    "a kind of row": "UPDATE transmission SET kind = 'rem'",
    "whose it is": "UPDATE transmission SET account = 'altri@x.example'",
    "facts": "UPDATE transmission SET facts = replace(facts, '\"accepted\"', '\"delivered\"')",
    "facts that are none": "UPDATE transmission SET facts = '{}'",
    "a seal": "UPDATE transmission SET seal = ''",
    "members": "DELETE FROM membership WHERE message = (SELECT id FROM message WHERE kind = 'acceptance')",
}
EDITED_COLUMNS = {
    "deadlines": "UPDATE transmission SET overdue_at = NULL, waiting_at = NULL",
    "what needs a person": "UPDATE transmission SET needs_at = NULL",
    "a row gone": "DELETE FROM transmission",
}
"""What changes nothing that is shown of a row, or leaves none to be shown: the doctor alone sees it."""
EDITS = EDITED_MESSAGES | EDITED_ROWS | EDITED_COLUMNS


def edit(mailbox: Mailbox, statement: str) -> None:
    with closing(sqlite3.connect(mailbox.profile / "pecdesk.db")) as database, database:
        database.execute(statement)


@pytest.mark.parametrize("name", EDITS)
def test_whatever_is_edited_is_found_by_the_doctor_and_believed_by_nobody(honest: Mailbox, name: str) -> None:
    before = without_numbers(honest.rows())
    edit(honest, EDITS[name])
    found = honest.command("doctor", "--json")
    assert (found.code, bool(found.json["changed"])) == (1, True)
    for row in honest.rows():
        shown = honest.row(row["id"])
        if name in EDITED_MESSAGES:
            assert "undetermined" in {message["standing"] for message in shown["messages"]}
            assert "Accetto" not in json.dumps(shown)
        elif name in EDITED_ROWS:
            assert (row["believed"], row["status"], row["state"]) == (False, "non-verificabile", "pending")
            assert not any(line["counts"] for line in row["evidence"])
    honest.command("reexamine")
    assert honest.command("doctor").code == 0
    assert without_numbers(honest.rows()) == before


def test_an_edited_database_says_so_and_what_to_do(edited: Mailbox) -> None:
    (row,) = edited.rows()
    assert (row["believed"], row["state"], row["status"]) == (False, "pending", "non-verificabile")
    for words in (("list",), ("show", row["id"]), ("search", "Diffida")):
        done = command("--lang", "it", "--profile", edited.profile, *words)
        assert "doctor --rebuild" in done.err
        assert "Consegnato" not in done.out
    found = edited.command("doctor")
    assert found.code == 1
    assert f"#{row['id']}" in found.out


@pytest.mark.parametrize("by", ["an older program", "older trust data"])
def test_what_an_older_version_judged_is_judged_again_before_it_is_shown(honest: Mailbox, by: str) -> None:
    """An older pecdesk took the forged receipt for a genuine one, and sealed that in good faith."""
    before = without_numbers(honest.rows())
    with App.open(honest.profile) as older:
        store = older.store
        (forged,) = [
            one.examination
            for row in older.rows(Filter(limit=0), NOW_)
            for one in older.messages(row)
            if one.examination.standing is Standing.NOT_CERTIFIED and one.examination.kind.is_receipt
        ]
        version = {"version": forged.version - 1} if by == "an older program" else {"anchors_version": "2020-01-01"}
        fooled = replace(
            forged, standing=Standing.CERTIFIED, counts=True, certification=forged.claimed_certification, **version
        )
        with older.writing():
            store.replace([fooled])
            store.note_verdicts_made_by("of an older version")
        assert older.rows(Filter(limit=0), NOW_)[0].transmission.state is State.DELIVERED

    assert without_numbers(honest.rows()) == before
    assert honest.command("doctor").code == 0


def test_who_takes_the_key_away_makes_everything_examined_again(edited: Mailbox) -> None:
    (edited.profile / "seal.key").unlink()
    (row,) = edited.rows()
    assert (row["believed"], row["state"], row["attention"]) == (True, "accepted", ["forged", "overdue"])
    assert edited.command("doctor").code == 0


def test_the_key_is_the_owners_alone_and_goes_into_a_backup(honest: Mailbox, tmp_path: Path) -> None:
    assert (honest.profile / "seal.key").stat().st_mode & 0o777 == 0o600
    assert honest.command("backup", "--to", tmp_path / "backup").code == 0
    other = Mailbox(honest.bench, tmp_path / "other")
    assert command("--profile", other.profile, "restore", "--from", tmp_path / "backup").code == 0
    assert other.rows() == honest.rows()
    assert other.command("doctor").code == 0


def test_a_new_receipt_does_not_make_an_edited_one_count(edited: Mailbox) -> None:
    """What is linked anew is linked from what is believed."""
    edited.receive(provider("tre").taken_in_charge(sending(draft("Diffida")), [RECIPIENT], NOW_, SERVICE).sealed())
    assert "delivered" not in {row["state"] for row in edited.rows()}
    assert "consegnato" not in {row["status"] for row in edited.rows()}


def test_a_rebuilt_database_is_that_of_the_archive(honest: Mailbox, edited: Mailbox) -> None:
    assert edited.command("doctor", "--rebuild").code == 0
    (row,) = edited.rows()
    assert row["state"] == "accepted"


@pytest.mark.parametrize("how", ["altered", "truncated", "missing"])
def test_a_file_of_the_archive_that_was_touched_is_no_proof(honest: Mailbox, how: str, tmp_path: Path) -> None:
    before = without_numbers(honest.rows())
    (row,) = honest.rows()
    receipt = next(line["sha256"] for line in row["evidence"] if line["kind"] == "acceptance")
    path = next((honest.profile / "archive").rglob(f"{receipt}.eml"))
    raw = path.read_bytes()
    path.chmod(0o600)
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(raw.replace(b"Diffida", b"Minacce") if how == "altered" else raw[:-100])
    for words in (("proof", "--to", tmp_path, row["id"]), ("export", "--to", tmp_path, row["id"])):
        done = honest.command(*words)
        assert done.code == 3
        assert receipt in done.err
    found = honest.command("doctor", "--json")
    assert found.code == 1
    assert found.json["damaged"] == [receipt]
    assert without_numbers(honest.rows()) == before
    honest.receive(raw)  # the same message again mends it
    assert honest.command("export", "--to", tmp_path / "again", row["id"]).code == 0


def test_a_message_from_a_file_is_marked_as_such(honest: Mailbox) -> None:
    (row,) = honest.rows()
    assert all("local-file" in message["notes"] for message in honest.row(row["id"])["messages"])


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"\xff\xfe\x00",
        b"%b  ../fuori\n" % (b"0" * 64),
        b"%b  /etc/passwd\n" % (b"0" * 64),
        b"%b  a\0b\n" % (b"0" * 64),
        b"%b  .\n" % (b"0" * 64),
        b"senza somma  pecdesk.db\n",
    ],
)
def test_a_backup_whose_manifest_was_touched_is_not_restored(tmp_path: Path, manifest: bytes) -> None:
    source = tmp_path / "backup"
    source.mkdir()
    (source / "manifest.sha256").write_bytes(manifest)
    done = command("--profile", tmp_path / "profile", "restore", "--from", source)
    assert done.code == 3
    assert [path.name for path in (tmp_path / "profile").rglob("*") if path.suffix != ".lock"] == []


def test_a_backup_whose_manifest_lost_a_line_is_not_restored(honest: Mailbox, tmp_path: Path) -> None:
    assert honest.command("backup", "--to", tmp_path / "backup").code == 0
    manifest = tmp_path / "backup" / "manifest.sha256"
    lines = manifest.read_bytes().splitlines(keepends=True)
    manifest.write_bytes(b"".join(line for line in lines if b"pecdesk.db" not in line))
    assert command("--profile", tmp_path / "other", "restore", "--from", tmp_path / "backup").code == 3
    manifest.write_bytes(b"".join(lines))
    assert command("--profile", tmp_path / "other", "restore", "--from", tmp_path / "backup").code == 0
