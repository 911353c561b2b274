"""The search field: what it offers, what it holds back, what it says is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pecdesk.errors import UsageError
from pecdesk.explain import language
from pecdesk.store import Filter, parse_query
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.search_bar import SearchBar
from pecdesk.ui.mailbox.search_completion import complete, finished
from pecdesk.ui.mailbox.sort_button import SortButton
from tests.ui.conftest import NOW

IT, EN = language("it"), language("en")
LABELS = ("Aurora", "R.G. 1123/2026", "Città di Siena")
ANYTHING = st.text(st.sampled_from('abdest :"-/0123 àR.'), max_size=40)


def offered(text: str, spoken: str = "it", cursor: int | None = None) -> list[str]:
    at = len(text) if cursor is None else cursor
    return [one.text for one in complete(text, at, language(spoken), LABELS).candidates]


# what is offered


@pytest.mark.parametrize(
    ("text", "spoken", "found"),
    [
        ("st", "it", ["stato:"]),
        ("a", "it", ["a:", "allegato:"]),
        ("comune da", "it", ["da:"]),
        ("h", "it", ["ha:allegato"]),
        ("st", "en", ["state:"]),
        ("h", "en", ["has:attachment"]),
        ("anna", "it", []),
        (
            "stato:in",
            "it",
            ["stato:in-uscita", "stato:in-invio", "stato:incerto", "stato:in-attesa", "stato:in-ritardo"],
        ),
        ("STATO:in-a", "it", ["STATO:in-attesa"]),
        ("state:wa", "it", ["state:waiting"]),
        ("stato:in-attesa", "it", []),
        ("ricevuta:man", "it", ["ricevuta:mancata-consegna"]),
        ("receipt:non-d", "en", ["receipt:non-delivery"]),
        ("ha:", "it", ["ha:allegato"]),
        ("etichetta:r", "it", ['etichetta:"R.G. 1123/2026"']),
        ('etichetta:"R.G. 11', "it", ['etichetta:"R.G. 1123/2026"']),
        ("etichetta:CITTA", "it", ['etichetta:"Città di Siena"']),
        ("etichetta:aur", "it", ["etichetta:Aurora"]),
        ("da:comune", "it", []),
        ("nessuno:x", "it", []),
    ],
)
def test_what_is_offered_for_what_was_typed(text: str, spoken: str, found: list[str]) -> None:
    assert offered(text, spoken) == found


def test_nothing_typed_offers_every_operator_of_the_language() -> None:
    assert offered("")[:4] == ["da:", "a:", "oggetto:", "stato:"]
    assert offered("", "en")[:4] == ["from:", "to:", "subject:", "state:"]
    assert all(one.meaning for one in complete("", 0, IT, ()).candidates)


def test_only_the_word_at_the_cursor_is_replaced() -> None:
    found = complete("da:comune sta diffida", 13, IT, ())

    assert ("da:comune sta diffida"[found.start : found.end], found.candidates[0].text) == ("sta", "stato:")


@pytest.mark.parametrize("spoken", ["it", "en"])
def test_every_value_that_is_offered_can_be_searched_for(spoken: str) -> None:
    for operator in ("stato:", "state:", "ricevuta:", "receipt:", "ha:", "has:", "etichetta:", "label:"):
        values = offered(operator, spoken)
        assert values
        for value in values:
            assert len(parse_query(value).conditions) == 1


@given(ANYTHING, st.integers(0, 40), st.sampled_from([IT, EN]))
def test_completion_answers_whatever_is_typed(text: str, cursor: int, spoken: object) -> None:
    at = min(cursor, len(text))
    found = complete(text, at, spoken, LABELS)  # type: ignore[arg-type]

    assert 0 <= found.start <= at <= found.end <= len(text)
    finished(text, at, spoken)  # type: ignore[arg-type]


# what is held back


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("comune", "comune"),
        ("comune stato:", "comune"),
        ("comune stato:in-at", "comune"),
        ("comune stato:in-attesa", "comune stato:in-attesa"),
        ("comune stato:boh", "comune stato:boh"),
        ("comune stato:in-at ", "comune stato:in-at "),
        ("prima:2026-", ""),
        ("prima:2026", "prima:2026"),
        ("dopo:22/11/2026", "dopo:22/11/2026"),
        ("da:", ""),
        ("da:com", "da:com"),
        ("ha:alle", ""),
        ("nessuno:", "nessuno:"),
    ],
)
def test_an_operator_that_is_just_being_typed_is_held_back(text: str, searched: str) -> None:
    assert finished(text, len(text), IT) == searched


def test_what_is_no_longer_being_typed_is_not_held_back() -> None:
    assert finished("stato:in-at", 3, IT) == "stato:in-at"
    assert finished("stato:in-at comune", 18, IT) == "stato:in-at comune"


@given(st.sampled_from(["stato:in-attesa", "ricevuta:consegna", "ha:allegato", "dopo:22/11/2026", 'etichetta:"a b"']))
def test_typing_a_sound_search_never_complains_on_the_way(wanted: str) -> None:
    for length in range(1, len(wanted) + 1):
        text = f"diffida {wanted[:length]}"
        try:
            parse_query(finished(text, len(text), IT))
        except UsageError:
            pytest.fail(text)


# the field


@pytest.fixture
def made_bar(qtbot: QtBot) -> Iterator[Callable[[Desk], SearchBar]]:
    bars: list[SearchBar] = []

    def make(desk: Desk) -> SearchBar:
        made = SearchBar(desk)
        bars.append(made)
        qtbot.addWidget(made)
        made.resize(500, 60)
        made.show()
        made.activateWindow()
        made.field.setFocus()
        qtbot.waitUntil(lambda: desk.background.is_idle)
        return made

    yield make
    for bar in bars:
        bar.popup.close()
        bar._pause.stop()
        bar.close()


@pytest.fixture
def bar(made_bar: Callable[[Desk], SearchBar], empty_desk: Desk) -> SearchBar:
    return made_bar(empty_desk)


def heard(bar: SearchBar) -> list[str]:
    found: list[str] = []
    bar.searched.connect(found.append)
    return found


def test_a_search_begins_when_typing_pauses_and_only_then(qtbot: QtBot, bar: SearchBar) -> None:
    found = heard(bar)
    with qtbot.waitSignal(bar.searched):
        qtbot.keyClicks(bar.field, "diffida")

    assert found == ["diffida"]


def test_enter_searches_at_once_and_means_what_stands_there(qtbot: QtBot, bar: SearchBar) -> None:
    found = heard(bar)
    qtbot.keyClicks(bar.field, "stato:in-at")
    bar.popup.close()
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)

    assert found == ["stato:in-at"]
    assert not bar._pause.isActive()


def test_enter_ends_a_value_that_is_begun_and_can_end_in_one_way_only(qtbot: QtBot, bar: SearchBar) -> None:
    found = heard(bar)
    qtbot.keyClicks(bar.field, "comune stato:man")
    assert [one.text for one in bar.popup.candidates] == ["stato:mancata"]
    qtbot.keyClick(bar.popup._popup, Qt.Key.Key_Return)

    assert (bar.text, found) == ("comune stato:mancata ", ["comune stato:mancata"])
    assert bar.popup.candidates == ()
    assert not bar._pause.isActive()


def test_the_same_search_is_not_made_twice(qtbot: QtBot, bar: SearchBar) -> None:
    found = heard(bar)
    qtbot.keyClicks(bar.field, "xyz")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    qtbot.keyClicks(bar.field, " ")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)

    assert found == ["xyz"]


def test_a_value_is_chosen_from_the_list_with_the_keyboard(qtbot: QtBot, bar: SearchBar) -> None:
    found = heard(bar)
    qtbot.keyClicks(bar.field, "comune stato:in-r")
    assert [one.text for one in bar.popup.candidates] == ["stato:in-ritardo"]
    popup = bar.popup._popup
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)

    assert bar.text == "comune stato:in-ritardo "
    assert bar.popup.candidates == ()
    qtbot.waitUntil(lambda: found == ["comune stato:in-ritardo"])


def test_enter_means_what_was_typed_as_long_as_nothing_offered_is_marked(qtbot: QtBot, bar: SearchBar) -> None:
    found = heard(bar)
    qtbot.keyClicks(bar.field, "da")
    assert bar.popup.candidates
    qtbot.keyClick(bar.popup._popup, Qt.Key.Key_Return)

    assert (bar.text, found) == ("da", ["da"])


def test_escape_closes_the_list_of_offers_before_it_empties_the_field(qtbot: QtBot, bar: SearchBar) -> None:
    qtbot.keyClicks(bar.field, "da")
    qtbot.keyClick(bar.popup._popup, Qt.Key.Key_Escape)
    assert (bar.text, bar.popup.candidates) == ("da", ())
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)

    assert bar.text == ""


def test_after_an_operator_its_values_are_offered_at_once(qtbot: QtBot, bar: SearchBar) -> None:
    qtbot.keyClicks(bar.field, "st")
    bar._complete("stato:")

    assert bar.text == "stato:"
    assert bar.popup.candidates[0].text == "stato:bozza"
    spoken = bar.popup._model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "stato:bozza – Bozza"


def test_labels_that_exist_are_offered(qtbot: QtBot, desk: Desk, made_bar: Callable[[Desk], SearchBar]) -> None:
    desk.app.add_label(desk.app.ids(Filter(limit=0), NOW)[:1], "Condominio Aurora", NOW)
    bar = made_bar(desk)
    qtbot.waitUntil(lambda: bar._labels == ("Condominio Aurora",))
    qtbot.keyClicks(bar.field, "etichetta:con")

    assert [one.text for one in bar.popup.candidates] == ['etichetta:"Condominio Aurora"']


def test_escape_empties_the_field_and_says_so(qtbot: QtBot, bar: SearchBar) -> None:
    qtbot.keyClicks(bar.field, "comune")
    with qtbot.waitSignal(bar.left):
        qtbot.keyClick(bar.field, Qt.Key.Key_Escape)

    assert bar.text == ""
    assert not bar._pause.isActive()


def test_the_arrow_down_leads_into_the_list_or_to_the_operators(qtbot: QtBot, bar: SearchBar) -> None:
    qtbot.keyClick(bar.field, Qt.Key.Key_Down)
    assert bar.popup.candidates[0].text == "da:"
    bar.popup.close()
    qtbot.keyClicks(bar.field, "xyz")
    with qtbot.waitSignal(bar.went_down):
        qtbot.keyClick(bar.field, Qt.Key.Key_Down)


def test_what_is_wrong_is_said_under_the_field_and_to_screen_readers(bar: SearchBar) -> None:
    bar.show_error("'boh' non è uno stato.")
    assert bar.error.isVisible()
    assert bar.field.accessibleDescription() == "'boh' non è uno stato."
    bar.show_error("")
    assert not bar.error.isVisible()
    assert bar.field.accessibleDescription()


def test_a_search_is_kept_under_the_name_that_is_asked_for(qtbot: QtBot, bar: SearchBar) -> None:
    asked: list[tuple[str, str]] = []
    bar.save_asked.connect(lambda name, query: asked.append((name, query)))
    assert not bar.save.isVisible()
    qtbot.keyClicks(bar.field, "stato:mancata ")
    bar.save.click()
    dialog = bar.findChild(QInputDialog)
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue("  Mancate  del mese ")
    dialog.accept()

    assert asked == [("Mancate del mese", "stato:mancata")]


def test_the_field_speaks_the_language_in_force(bar: SearchBar, empty_desk: Desk) -> None:
    empty_desk.speak("en")

    assert bar.field.placeholderText() == "Search – try: from:comune state:waiting attachment:pdf"
    assert bar.save.accessibleName() == "Save this search"


def test_the_field_grows_with_the_letters(qtbot: QtBot, open_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "p")
    bar = SearchBar(desk)
    bar.add_button(SortButton(desk))
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(bar)
    column.addStretch()
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    before, usual = bar.field.height(), QApplication.font()
    larger = QApplication.font()
    larger.setPointSize(20)
    try:
        desk.theme.set_font(larger)
        qtbot.waitUntil(lambda: bar.field.height() == bar.field.sizeHint().height() > before + 10)
    finally:
        desk.theme.set_font(usual)
        window.close()
