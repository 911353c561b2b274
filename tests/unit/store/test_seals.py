"""Seals: the same key gives the same one, whatever else differs gives another; the key is made once."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pecdesk.profile import Profile
from pecdesk.store import Filter, Store
from pecdesk.store.records import Changed
from pecdesk.store.seals import KEY_BYTES, KEY_FILE, Seals
from tests.kit.messages import NOW
from tests.unit.store.mailroom import open_store, receive, rows


def test_a_seal_is_that_of_its_text_its_purpose_and_its_key(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    mine, again, other = Seals(tmp_path), Seals(tmp_path), Seals(tmp_path / "other")
    seal = mine.seal("row", "è \0 vero")
    assert seal == again.seal("row", "è \0 vero")
    assert (
        len({seal, mine.seal("row", "è \0 falso"), mine.seal("message", "è \0 vero"), other.seal("row", "è \0 vero")})
        == 4
    )
    assert mine.name == again.name != other.name


@pytest.mark.parametrize("value", [None, 1, b"x"])
def test_what_is_no_text_has_no_seal_that_anything_could_equal(tmp_path: Path, value: object) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        Seals(tmp_path).teach(connection)
        (found,) = connection.execute("SELECT seal_of('row', ?) = ''", (value,)).fetchone()
        assert found is None


def test_the_key_is_the_owners_alone_and_nothing_else_is_left(tmp_path: Path) -> None:
    Seals(tmp_path)
    (key,) = tmp_path.iterdir()
    assert (key.name, key.stat().st_size) == (KEY_FILE, KEY_BYTES)
    if sys.platform != "win32":
        assert key.stat().st_mode & 0o777 == 0o600


def test_of_two_programs_that_make_a_key_both_take_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = bytes(KEY_BYTES)
    monkeypatch.setattr(
        "secrets.token_bytes", lambda size: (tmp_path / KEY_FILE).write_bytes(first) and bytes([1]) * size
    )
    late = Seals(tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes() == first
    assert late.name == Seals(tmp_path).name
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_a_file_system_without_links_gets_its_key_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", refuse)
    assert Seals(tmp_path).name == Seals(tmp_path).name
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("torn", [b"", b"short", bytes(100)])
def test_a_key_that_is_none_is_made_again(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(torn)
    Seals(tmp_path)
    assert (tmp_path / KEY_FILE).stat().st_size == KEY_BYTES


def test_rows_written_by_other_rules_are_not_sealed_for_being_written_again(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        receive(store, "copy", "acceptance")
        with store.database.write() as connection:
            connection.execute("UPDATE transmission SET facts = replace(facts, '\"accepted\"', '\"delivered\"')")
            connection.execute("UPDATE meta SET value = 'older' WHERE name = 'rows_made_by'")
    with Store.open(Profile.open(tmp_path)) as again:
        (row,) = rows(again)
        assert not row.transmission.is_believed
        assert again.changed_records().rows == (row.id,)
        assert len(again.changed_records().members) == 2


def test_marks_break_no_seal(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        receive(store, "copy", "acceptance", "envelope", "ordinary", "anomaly", "forged")
        ids = store.ids(Filter(), NOW)
        store.mark_read(ids, read=False, at=NOW)
        store.add_label(ids, "Rossi", NOW)
        store.hide(ids[:1], NOW)
        assert store.changed_records() == Changed((), (), ())
        assert all(row.transmission.is_believed for row in store.rows_by_id(ids))
