"""What is written to standard output."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from pecdesk.cli.output import KEPT_IN_MEMORY, Output
from pecdesk.explain import Tone, language


def _output(*, json: bool = True) -> Output:
    return Output(language("en"), json=json)


@pytest.mark.parametrize("entries", [[{"a": 1}], [{"file": "uno\udcff", "text": "riga\naltra"}, {}, [1, [2]]]])
def test_a_document_of_many_entries_is_the_same_bytes_as_one_written_at_once(
    entries: list[object], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    _output().document({"files": entries})
    at_once = capfdbinary.readouterr().out

    _output().documents("files", iter(entries))

    assert capfdbinary.readouterr().out == at_once


def test_of_many_entries_only_one_is_kept_at_a_time() -> None:
    class Entry(dict[str, str]):
        pass

    living: list[weakref.ref[Entry]] = []

    def entries() -> Iterator[Entry]:
        for _ in range(50):
            gc.collect()
            assert sum(each() is not None for each in living) <= 1
            entry = Entry(text="x" * (KEPT_IN_MEMORY // 20))
            living.append(weakref.ref(entry))
            yield entry
            del entry

    _output().documents("files", entries())

    assert len(living) == 50


def test_a_document_that_cannot_be_finished_is_not_begun(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    def entries() -> Iterator[dict[str, int]]:
        yield {"a": 1}
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011
        _output().documents("files", entries())

    assert capfdbinary.readouterr().out == b""


def test_without_json_the_entries_are_gone_through_and_nothing_is_written(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    seen = iter([{"a": 1}, {"b": 2}])

    _output(json=False).documents("files", seen)

    assert list(seen) == []
    assert capfdbinary.readouterr().out == b""


@pytest.mark.parametrize(
    ("name", "value", "is_coloured"), [("TERM", "xterm", True), ("TERM", "dumb", False), ("NO_COLOR", "1", False)]
)
def test_a_terminal_gets_colours_unless_it_has_none_or_nobody_wants_them(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, is_coloured: bool
) -> None:
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv(name, value)

    assert ("\033" in Output.coloured("Delivered", Tone.GREEN)) is is_coloured
