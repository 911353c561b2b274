"""The settings: written as TOML, read with patience."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.profile import LanguageChoice, SavedSearch, Settings, ThemeChoice
from pecdesk.profile.settings import LONGEST_WAIT, Signature, Template, load_settings, settings_text

texts = st.text()
moments = st.times().map(lambda moment: moment.replace(microsecond=0))
settings_of_any_kind = st.builds(
    Settings,
    st.sampled_from(LanguageChoice),
    st.sampled_from(ThemeChoice),
    st.floats(0, LONGEST_WAIT),
    st.booleans(),
    st.booleans(),
    st.lists(st.builds(SavedSearch, texts, texts), max_size=4).map(tuple),
    notify=st.booleans(),
    quiet_from=st.none() | moments,
    quiet_until=st.none() | moments,
    templates=st.lists(st.builds(Template, texts, texts, texts), max_size=3).map(tuple),
    signatures=st.lists(st.builds(Signature, texts, texts), max_size=3).map(tuple),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_without_a_file_everything_is_as_shipped(file: Path) -> None:
    assert load_settings(file) == (Settings(), None)
    assert Settings() == Settings(LanguageChoice.SYSTEM, ThemeChoice.SYSTEM, 2.0, False, False, ())


def test_choices_are_the_words_of_the_file() -> None:
    assert [str(choice) for choice in LanguageChoice] == ["system", "it", "en"]
    assert [str(choice) for choice in ThemeChoice] == ["system", "light", "dark"]


@given(settings_of_any_kind)
def test_what_was_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(settings_text(settings).encode())
    assert load_settings(file) == (settings, None)


def test_text_that_no_file_can_hold_is_written_with_marks(file: Path) -> None:
    text = settings_text(Settings(searches=(SavedSearch("a\ud800b", "c"),)))
    file.write_bytes(text.encode())
    assert load_settings(file)[0].searches == (SavedSearch("a?b", "c"),)


def test_a_file_by_hand_is_read(file: Path) -> None:
    file.write_text(
        'theme = "dark"  # at night\nread_after_seconds = 5\nnew_of_later = 3\n[window]\nwidth = 3\n'
        '[[searches]]\nname = "Da Rossi"\nquery = "da:rossi"\ncolour = "red"\n',
        encoding="utf-8",
    )
    settings, problem = load_settings(file)
    assert settings == Settings(
        theme=ThemeChoice.DARK, read_after_seconds=5.0, searches=(SavedSearch("Da Rossi", "da:rossi"),)
    )
    assert problem is None


@pytest.mark.parametrize("content", [b"theme = ", b"\xff\xfe", b"theme = 1\ntheme = 2\n", b"a = " + b"[" * 100_000])
def test_a_file_that_is_no_toml_gives_what_is_shipped_and_a_sentence(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    settings, problem = load_settings(file)
    assert settings == Settings()
    assert problem is not None
    assert str(file) in str(problem)
    assert problem.next_step


def test_a_folder_in_its_place_is_no_crash(file: Path) -> None:
    file.mkdir()
    settings, problem = load_settings(file)
    assert settings == Settings()
    assert problem is not None


@pytest.mark.parametrize(
    "line",
    [
        'language = "fr"',
        "language = 3",
        "theme = []",
        "theme = true",
        'read_after_seconds = "2"',
        "read_after_seconds = true",
        "read_after_seconds = -1",
        "read_after_seconds = nan",
        "read_after_seconds = inf",
        "prefer_html = 1",
        'prefer_html = "yes"',
        'searches = "da:rossi"',
        "searches = [1]",
        'searches = [{name = "a"}]',
        'searches = [{name = 1, query = "b"}]',
        'notify = "no"',
        'quiet_from = "22:00"',
        "quiet_until = 8",
        "quiet_until = 2026-11-22",
    ],
)
def test_a_value_that_means_nothing_is_as_shipped_and_named_the_others_count(file: Path, line: str) -> None:
    good = 'theme = "light"\n' if not line.startswith("theme") else 'language = "it"\n'
    file.write_text(f"{line}\n{good}", encoding="utf-8")
    settings, problem = load_settings(file)
    assert settings in (Settings(theme=ThemeChoice.LIGHT), Settings(language=LanguageChoice.ITALIAN))
    assert problem is not None
    assert line.partition(" ")[0] in str(problem)


def test_what_is_written_is_toml_for_everybody() -> None:
    text = settings_text(Settings(searches=(SavedSearch('con "virgolette" \\ e\n\x7f', "da:rossi"),)))
    assert tomllib.loads(text)["searches"] == [{"name": 'con "virgolette" \\ e\n\x7f', "query": "da:rossi"}]
