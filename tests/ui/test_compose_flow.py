"""From the main window to the provider and back, against the real drafts and the real outbox, by keyboard."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pecdesk.app import App
from pecdesk.errors import N_
from pecdesk.examiner import Examiner
from pecdesk.outbox.transport import Parcel, PostponedError, RefusedError, Taken, UncertainError
from pecdesk.pec.sending import SendState
from pecdesk.pec.transmission import State
from pecdesk.profile.settings import Settings
from pecdesk.store import Filter, Group, Row
from pecdesk.ui.actions import MENUS, SEPARATOR
from pecdesk.ui.compose.compose_window import ComposeWindow
from pecdesk.ui.compose.leaving_page import Stage
from pecdesk.ui.desk import Desk
from pecdesk.ui.main_window import MainWindow
from pecdesk.ui.outbox.closing_question import ClosingQuestion
from pecdesk.ui.outbox.discard_dialog import DiscardDialog
from pecdesk.ui.outbox.offers import offers
from pecdesk.ui.outbox.settle_dialog import SettleDialog
from pecdesk.ui.reader.link_question import LinkQuestion, ask_about_link
from tests.ui.conftest import NOW
from tests.ui.letters import ACCOUNT, letter, taken_in

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@dataclass
class Provider:
    """Takes what it is handed, or fails as it is told."""

    error: Exception | None = None
    has: list[bytes] = field(default_factory=list)

    def __call__(self, account: str) -> Provider:
        return self

    def hand_over(self, parcel: Parcel, before_the_dot: Callable[[], None]) -> Taken:
        if self.error is not None and not isinstance(self.error, UncertainError):
            raise self.error
        stream: BinaryIO = parcel.open()
        with stream:
            raw = stream.read()
        before_the_dot()
        if self.error is not None:
            raise self.error
        self.has.append(raw)
        return Taken("250 OK")


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture(scope="module")
def examiner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Examiner]:
    """One helper process for all of these tests: to start it takes as long as the rest of a test."""
    with App.open(tmp_path_factory.mktemp("any")) as app, app.examiner() as running:
        yield running


@pytest.fixture
def window(qtbot: QtBot, empty_desk: Desk, provider: Provider, examiner: Examiner) -> Iterator[MainWindow]:
    desk = empty_desk
    desk.app.clock = desk.clock
    desk.app._helper = examiner
    desk.app.store.add_account(ACCOUNT, NOW)
    desk.app.outgoing.transport_of = provider
    made = MainWindow(desk)
    made.resize(1300, 860)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.mailbox.listing_number > 0 and desk.background.is_idle)
    yield made
    for composer in made.composers.windows:
        composer.leaving.countdown.stop()
        composer.close()
    qtbot.waitUntil(lambda: not made.composers.windows and desk.background.is_idle)
    made._may_close = True
    made.close()
    made.deleteLater()
    desk.app._helper = None


def quiet(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.desk.background.is_idle)


def press(
    qtbot: QtBot, window: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    qtbot.keyClick(window.focusWidget() or window, key, modifier)


def composer(qtbot: QtBot, window: MainWindow) -> ComposeWindow:
    qtbot.waitUntil(lambda: bool(window.composers.windows))
    found = window.composers.windows[-1]
    qtbot.waitUntil(found.isActiveWindow)
    return found


def sent(qtbot: QtBot, window: MainWindow, subject: str = "Istanza") -> ComposeWindow:
    """A message on its way out, all by keyboard."""
    press(qtbot, window, Qt.Key.Key_N, CONTROL)
    made = composer(qtbot, window)
    qtbot.keyClicks(made.focusWidget(), "anna@pec.example,")
    made.form.subject.setFocus()
    qtbot.keyClicks(made.form.subject, subject)
    made.form.editor.setFocus()
    qtbot.keyClicks(made.form.editor, "Buongiorno.")
    press(qtbot, made, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(
        lambda: made.stage is not Stage.CHECKING and (made.stage is Stage.LEAVING or bool(made.leaving.checks.lines))
    )
    assert made.stage is Stage.LEAVING, [line.sentence for line in made.leaving.checks.lines]
    return made


def the_row(window: MainWindow, group: Group = Group.ALL) -> Row:
    (row,) = window.desk.app.rows(Filter(group=group, limit=0), NOW)
    return row


def shown(qtbot: QtBot, window: MainWindow, row: Row) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.side_bar.choose_group(Group.ALL)
    quiet(qtbot, window)
    window.mailbox.choose_row(row.id)
    qtbot.waitUntil(lambda: window.reader.shown_id == row.id)
    quiet(qtbot, window)


def deliver(qtbot: QtBot, window: MainWindow) -> None:
    """Let the outbox work once, in a thread of its own, as it does."""
    worker = threading.Thread(target=window.desk.app.outgoing.deliver_now)
    worker.start()
    worker.join(20)
    window.desk.app.notice_others()
    quiet(qtbot, window)


# the table of actions


def test_what_a_row_offers_is_in_the_table_of_actions() -> None:
    named = {words.name for _, entries in MENUS for words in entries if words is not SEPARATOR and words.is_offer}

    assert {"reply", "reply-all", "forward", "resend", "request-log", "withdraw", "send-again", "settle"} <= named


# written, sent, taken


def test_a_message_leaves_once_and_its_row_lives_in_the_list(
    qtbot: QtBot, window: MainWindow, provider: Provider
) -> None:
    made = sent(qtbot, window)
    row = the_row(window, Group.OUTBOX)
    assert row.transmission.state is State.QUEUED
    made.close()
    window.desk.app.clock = lambda: NOW.replace(minute=40)
    deliver(qtbot, window)

    assert len(provider.has) == 1
    assert b"To: anna@pec.example\r\n" in provider.has[0]
    assert the_row(window).transmission.state is State.PENDING
    assert window.desk.app.drafting.all() == ()
    deliver(qtbot, window)
    assert len(provider.has) == 1


def test_a_message_is_taken_back_in_its_window_and_is_the_draft_again(
    qtbot: QtBot, window: MainWindow, provider: Provider
) -> None:
    made = sent(qtbot, window)
    press(qtbot, made, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: made.stage is Stage.WRITING)
    deliver(qtbot, window)

    assert provider.has == []
    assert the_row(window).transmission.draft_id == made.draft_id
    assert made.form.subject.text() == "Istanza"


def test_a_message_is_taken_back_out_of_the_list(qtbot: QtBot, window: MainWindow) -> None:
    made = sent(qtbot, window)
    made.close()
    row = the_row(window, Group.OUTBOX)
    shown(qtbot, window, row)
    assert "withdraw" in window.reader.page.actions_.shown
    window.reader.page.actions_.buttons["withdraw"].click()
    again = composer(qtbot, window)

    assert again.form.subject.text() == "Istanza"
    assert the_row(window).transmission.state is State.DRAFT


def test_a_draft_is_kept_listed_and_opened_by_enter(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, Qt.Key.Key_N, CONTROL)
    made = composer(qtbot, window)
    made.form.subject.setFocus()
    qtbot.keyClicks(made.form.subject, "Da finire")
    made.form.editor.setPlainText("Una riga, non molto di più.")
    made.attaching.content("istanza.pdf", b"%PDF-1.7", "application/pdf")
    quiet(qtbot, window)
    press(qtbot, made, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.composers.windows)
    quiet(qtbot, window)
    row = the_row(window, Group.DRAFTS)
    counts = window.desk.app.groups(NOW).counts
    assert counts[Group.DRAFTS, ACCOUNT] == counts[Group.DRAFTS, None] == 1
    shown(qtbot, window, row)
    assert window.reader.page.actions_.shown == ("edit-draft",)
    assert window.reader.page.draft.text.body.toPlainText() == "Una riga, non molto di più."
    assert window.reader.page.draft.names == ("istanza.pdf · 8 B",)
    assert not window.reader.page.content.isVisible()
    window.mailbox.view.setFocus()
    press(qtbot, window, Qt.Key.Key_Return)
    again = composer(qtbot, window)

    assert again.form.subject.text() == "Da finire"
    window.composers.open_draft(again.draft_id)
    quiet(qtbot, window)
    assert len(window.composers.windows) == 1


def test_a_draft_is_thrown_away_out_of_the_list(qtbot: QtBot, window: MainWindow) -> None:
    drafting = window.desk.app.drafting
    drafting.save(drafting.new(ACCOUNT, subject="Via"), NOW)
    shown(qtbot, window, the_row(window, Group.DRAFTS))
    window.actions_["delete"].trigger()
    dialog = next(iter(window.findChildren(DiscardDialog)))
    dialog.discard_button.click()
    qtbot.waitUntil(lambda: window.desk.app.rows(Filter(limit=0), NOW) == [])


def test_nothing_written_is_lost_when_the_program_is_killed(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, Qt.Key.Key_N, CONTROL)
    made = composer(qtbot, window)
    made.keeper._timer.setInterval(20)
    made.form.editor.setFocus()
    qtbot.keyClicks(made.form.editor, "Prima della fine.")
    qtbot.waitUntil(lambda: not made.keeper.has_changes and not made.keeper.is_saving, timeout=4_000)

    (kept,) = window.desk.app.drafting.all()
    assert kept.text == "Prima della fine."


# not taken


def test_a_refused_message_is_corrected_and_sent_again(qtbot: QtBot, window: MainWindow, provider: Provider) -> None:
    provider.error = RefusedError(N_("The provider refuses the message: {reply}."), reply="550 No such user")
    sent(qtbot, window).close()
    window.desk.app.clock = lambda: NOW.replace(minute=40)
    deliver(qtbot, window)
    row = the_row(window)
    assert row.transmission.outbox is SendState.REFUSED
    shown(qtbot, window, row)
    assert window.reader.page.actions_.shown[0] == "correct"
    assert window.actions_["correct"].isEnabled()
    press(qtbot, window.mailbox, Qt.Key.Key_D, CONTROL | SHIFT)
    again = composer(qtbot, window)

    assert again.form.subject.text() == "Istanza"


def test_a_postponed_message_is_tried_at_once_when_the_user_wants(
    qtbot: QtBot, window: MainWindow, provider: Provider
) -> None:
    provider.error = PostponedError(N_("The provider is not ready: {reply}."), reply="451 later")
    sent(qtbot, window).close()
    window.desk.app.clock = lambda: NOW.replace(minute=40)
    deliver(qtbot, window)
    row = the_row(window)
    assert row.transmission.state is State.QUEUED
    provider.error = None
    shown(qtbot, window, row)
    window.reader.page.actions_.buttons["send-again"].click()
    quiet(qtbot, window)
    deliver(qtbot, window)

    assert len(provider.has) == 1


@pytest.mark.parametrize(("was_sent", "state"), [(True, State.PENDING), (False, State.REFUSED)])
def test_an_uncertain_sending_is_settled_by_two_choices_of_which_none_is_chosen_before(
    qtbot: QtBot, window: MainWindow, provider: Provider, was_sent: bool, state: State
) -> None:
    provider.error = UncertainError(N_("The connection ended before the answer."))
    sent(qtbot, window).close()
    window.desk.app.clock = lambda: NOW.replace(minute=40)
    deliver(qtbot, window)
    row = the_row(window)
    assert row.transmission.state is State.UNCERTAIN
    shown(qtbot, window, row)
    assert window.reader.page.actions_.shown[0] == "settle"
    assert not window.actions_["send-again"].isEnabled()
    window.reader.page.actions_.buttons["settle"].click()
    dialog = next(iter(window.findChildren(SettleDialog)))
    assert not dialog.settle_button.isEnabled()
    assert [dialog.sent.isChecked(), dialog.not_sent.isChecked()] == [False, False]
    (dialog.sent if was_sent else dialog.not_sent).setChecked(True)
    assert bool(dialog.warning.text) is not was_sent
    dialog.settle_button.click()
    qtbot.waitUntil(lambda: the_row(window).transmission.state is state)

    assert provider.has == []


# beginning otherwise


def test_a_received_message_is_answered_and_sent_on_by_keyboard(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    row = taken_in(window.desk, tmp_path, letter("Domanda", "Ciao.\n"))
    shown(qtbot, window, row)
    assert {"reply", "forward"} <= set(offers(row.transmission, NOW))
    press(qtbot, window.mailbox, Qt.Key.Key_R, CONTROL)
    answer = composer(qtbot, window)
    assert answer.form.to.written == ("qualcuno@posta.example",)
    assert "Domanda" in answer.form.subject.text()
    answer.close()
    qtbot.waitUntil(lambda: not window.composers.windows)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(qtbot, window.mailbox, Qt.Key.Key_L, CONTROL)
    forwarded = composer(qtbot, window)
    assert [card.attachment.media_type for card in forwarded.attachments.cards] == ["message/rfc822"]
    forwarded.close()
    qtbot.waitUntil(lambda: not window.composers.windows)
    quiet(qtbot, window)
    assert window.desk.app.drafting.all() == ()


def test_a_link_to_an_address_is_written_to_here(qtbot: QtBot, window: MainWindow) -> None:
    question = ask_about_link(window.desk, window, "mailto:anna@pec.example?subject=Prova&bcc=x@y.example")
    assert isinstance(question, LinkQuestion)
    question.follow_button.click()
    made = composer(qtbot, window)

    assert made.form.to.written == ("anna@pec.example",)
    assert made.form.subject.text() == "Prova"
    assert made.page.collect().blind == ("x@y.example",)


def test_files_dropped_on_the_button_begin_a_message(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "istanza.pdf"
    file.write_bytes(b"%PDF-1.7")
    window.side_bar.files_given.emit([file])
    made = composer(qtbot, window)

    assert [card.attachment.name for card in made.attachments.cards] == ["istanza.pdf"]


def test_without_an_account_one_is_set_up_first(qtbot: QtBot, empty_desk: Desk) -> None:
    window = MainWindow(empty_desk)
    qtbot.addWidget(window)
    window.show()
    asked: list[bool] = []
    window.composers.no_account.disconnect()
    window.composers.no_account.connect(lambda: asked.append(True))
    window.side_bar.compose.click()
    qtbot.waitUntil(lambda: bool(asked))
    quiet(qtbot, window)
    window.close()


def test_closing_asks_while_something_is_about_to_leave(qtbot: QtBot, window: MainWindow) -> None:
    sent(qtbot, window)
    window.close()
    assert window.isVisible()
    question = next(iter(window.findChildren(ClosingQuestion)))
    assert "Istanza" in question._subjects.text()
    question.stay_button.click()
    assert window.isVisible()
    window.close()
    next(iter(window.findChildren(ClosingQuestion))).close_button.click()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert the_row(window, Group.OUTBOX).transmission.state is State.QUEUED


def test_what_waits_is_sent_once_and_then_the_window_closes(
    qtbot: QtBot, window: MainWindow, provider: Provider
) -> None:
    sent(qtbot, window)
    window.close()
    question = next(iter(window.findChildren(ClosingQuestion)))
    question.send_button.click()
    qtbot.waitUntil(lambda: the_row(window, Group.OUTBOX).transmission.not_before is None)
    assert window.isVisible()
    window.desk.app.outgoing.deliver_now()

    qtbot.waitUntil(lambda: not window.isVisible())
    assert len(provider.has) == 1
    window.desk.app.outgoing.deliver_now()
    assert len(provider.has) == 1


@pytest.mark.parametrize(
    ("error", "leaves_later"),
    [
        (PostponedError(N_("The provider is not ready: {reply}."), reply="451 later"), True),
        (RefusedError(N_("The provider refuses the message: {reply}."), reply="550 No such user"), False),
        (UncertainError(N_("The connection ended before the answer.")), False),
    ],
)
def test_the_window_stays_where_what_was_to_leave_did_not_and_promises_only_what_comes_true(
    qtbot: QtBot, window: MainWindow, provider: Provider, error: Exception, leaves_later: bool
) -> None:
    provider.error = error
    sent(qtbot, window)
    window.close()
    question = next(iter(window.findChildren(ClosingQuestion)))
    question.send_button.click()
    qtbot.waitUntil(lambda: the_row(window, Group.OUTBOX).transmission.not_before is None)
    window.desk.app.outgoing.deliver_now()

    qtbot.waitUntil(question.send_button.isHidden)
    assert "Istanza" in question.notice.text
    assert ("prossimo avvio" in question.close_button.text()) is leaves_later
    assert question._what.isVisible() is leaves_later
    assert window.isVisible()
    question.reject()


def test_who_stays_is_not_closed_upon_when_it_has_left(qtbot: QtBot, window: MainWindow, provider: Provider) -> None:
    sent(qtbot, window)
    window.close()
    question = next(iter(window.findChildren(ClosingQuestion)))
    question.send_button.click()
    qtbot.waitUntil(lambda: the_row(window, Group.OUTBOX).transmission.not_before is None)
    question.stay_button.click()
    window.desk.app.outgoing.deliver_now()
    quiet(qtbot, window)

    assert len(provider.has) == 1
    assert window.isVisible()


def test_what_is_planned_for_another_day_does_not_hold_the_window_open(qtbot: QtBot, window: MainWindow) -> None:
    drafting, outgoing = window.desk.app.drafting, window.desk.app.outgoing
    window.desk.app.save_settings(Settings(undo_seconds=0.0))
    draft = drafting.save(drafting.new(ACCOUNT, to=("anna@pec.example",), subject="Domani", text="x"), NOW)
    outgoing.send(draft, NOW, not_before=NOW.replace(day=23))
    quiet(qtbot, window)
    window.close()

    assert not window.isVisible()
