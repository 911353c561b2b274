"""The words of the command line, from none at all."""

from __future__ import annotations

import pytest

from pecdesk.cli.main import run


@pytest.mark.parametrize(
    ("words", "spoken"), [([], None), (["--lang", "en"], "en"), (["--lang=it"], "it"), (["open"], None)]
)
def test_without_a_command_the_window_opens(
    words: list[str], spoken: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    opened: list[dict[str, object]] = []

    def open_window(**asked: object) -> int:
        opened.append(asked)
        return 0

    assert run(words, open_window=open_window) == 0
    assert [asked["language"] for asked in opened] == [spoken]
