"""When a message is to leave: a few usual moments, or any other."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime, Signal
from PySide6.QtWidgets import QDateTimeEdit, QHBoxLayout, QPushButton, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP

MORNING = time(8, 0)
SOONEST = timedelta(minutes=1)
MONDAY = 0


def moment_on_clock(wall: datetime, now: datetime) -> datetime:
    """What the clock on the wall will show, as a moment: summer time may begin or end before it."""
    if now.astimezone().utcoffset() == now.utcoffset():
        return wall.astimezone()
    return wall.replace(tzinfo=now.tzinfo)


def usual_moments(now: datetime) -> tuple[tuple[str, datetime], ...]:
    """Words and moments that are often wanted, in the zone of `now`."""
    tomorrow = now.date() + timedelta(days=1)
    monday = now.date() + timedelta(days=(MONDAY - now.weekday() - 1) % 7 + 1)
    found = [(N_("In an hour"), (now + timedelta(hours=1)).replace(second=0, microsecond=0))]
    for words, day in ((N_("Tomorrow at {time}"), tomorrow), (N_("Monday at {time}"), monday)):
        if all(day != moment.date() or moment.time() != MORNING for _, moment in found):
            found.append((words, moment_on_clock(datetime.combine(day, MORNING), now)))
    return tuple(found)


class ScheduleDialog(Dialog):
    """Asks for a moment in the future."""

    blocks = True
    chosen = Signal(object)
    """An aware `datetime`."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._now = desk.clock()
        self._title = label("", "title", wraps=True)
        self._usual = [(QPushButton(), words, moment) for words, moment in usual_moments(self._now)]
        self._field_label = label("", "section")
        self.field = QDateTimeEdit()
        self.field.setCalendarPopup(True)
        self.field.setLocale(QLocale(desk.language.code))
        self.field.setDisplayFormat("dddd d MMMM yyyy, HH:mm")
        self._show(self._usual[1][2])
        self._field_label.setBuddy(self.field)
        self._remark = label("", "muted", wraps=True)
        row = QHBoxLayout()
        row.setSpacing(2 * STEP)
        for button, _, moment in self._usual:
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, moment=moment: self._show(moment))
            row.addWidget(button)
        row.addStretch(1)
        self.body.addWidget(self._title)
        self.body.addLayout(row)
        self.body.addWidget(self._field_label)
        self.body.addWidget(self.field)
        self.body.addWidget(self._remark)
        self.body.addStretch(1)
        self.cancel_button = self.add_button()
        self.send_button = self.add_button("primary")
        self.cancel_button.clicked.connect(self.reject)
        self.send_button.clicked.connect(self._choose)
        self.retranslate()
        self.fit(560, 340)
        self.field.setFocus()

    def retranslate(self) -> None:
        say = self.desk.say
        self.setWindowTitle(say(N_("Send later")))
        self._title.setText(say(N_("When is it to leave?")))
        for button, words, _ in self._usual:
            button.setText(say(words, time=f"{MORNING:%H:%M}"))
        self._field_label.setText(say(N_("&Day and time")))
        self._remark.setText(
            say(
                N_(
                    "It leaves by itself if pecdesk is open at that moment, else as soon as it is opened again. Until"
                    " then it stands in the outbox and can be taken back."
                )
            )
        )
        self.cancel_button.setText(say(N_("&Cancel")))
        self.send_button.setText(say(N_("&Send at that moment")))

    @property
    def moment(self) -> datetime:
        """What stands in the field, in the zone of the clock."""
        found = self.field.dateTime()
        day, minute = found.date(), found.time()
        wall = datetime(day.year(), day.month(), day.day(), minute.hour(), minute.minute())  # noqa: DTZ001
        return moment_on_clock(wall, self._now)

    def _show(self, moment: datetime) -> None:
        day = QDate(moment.year, moment.month, moment.day)
        self.field.setDateTime(QDateTime(day, QTime(moment.hour, moment.minute)))

    def _choose(self) -> None:
        if self.moment < self.desk.clock() + SOONEST:
            self.notice.say(Tone.AMBER, self.desk.say(N_("That moment has passed already.")), icon="warning")
            self.field.setFocus()
            return
        self.chosen.emit(self.moment)
        self.accept()
