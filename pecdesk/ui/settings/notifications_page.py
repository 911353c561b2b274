"""What is told outside the window, and in which hours nothing is: changed at once, kept at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

from PySide6.QtCore import Qt, QTime
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QTimeEdit, QVBoxLayout

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Content, Dialog
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP

MOMENT_WIDTH = 96
"""Device-independent pixels."""

EVENING, MORNING = time(20, 0), time(8, 0)
"""Quiet hours as they are offered first."""


class NotificationsPage(Content):
    """One switch, and two moments."""

    def __init__(self, desk: Desk, dialog: Dialog) -> None:
        super().__init__()
        self._desk = desk
        self._dialog = dialog
        settings = desk.app.settings
        self.notify, self.quiet = QCheckBox(), QCheckBox()
        self.notify.setChecked(settings.notify)
        self.quiet.setChecked(settings.quiet_from is not None and settings.quiet_until is not None)
        self._notify_why, self._quiet_why = label("", "muted", wraps=True), label("", "muted", wraps=True)
        self.begin, self.end = _moment(settings.quiet_from or EVENING), _moment(settings.quiet_until or MORNING)
        self._from, self._until = label(""), label("")
        self._from.setBuddy(self.begin)
        self._until.setBuddy(self.end)
        hours = QHBoxLayout()
        hours.setSpacing(2 * STEP)
        hours.setContentsMargins(6 * STEP, 0, 0, 0)
        for widget in (self._from, self.begin, self._until, self.end):
            hours.addWidget(widget)
        hours.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4 * STEP, 2 * STEP, 0)
        column.setSpacing(STEP)
        column.addWidget(self.notify, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._notify_why)
        column.addSpacing(4 * STEP)
        column.addWidget(self.quiet, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(hours)
        column.addWidget(self._quiet_why)
        column.addStretch(1)
        self.notify.toggled.connect(self._set_notify)
        self.quiet.toggled.connect(lambda _wished: self._set_hours())
        for field in (self.begin, self.end):
            field.timeChanged.connect(lambda _moment: self._set_hours())
        self._allow()

    def retranslate(self) -> None:
        """Say everything anew."""
        say = self._desk.say
        self.notify.setText(say(N_("Tell me of &new mail and of outcomes outside the window")))
        self._notify_why.setText(
            say(
                N_(
                    "Through the system’s tray: who, and what became of it; never a subject or a text. Failures stay"
                    " longest. What is told stands in the list in any case."
                )
            )
        )
        self.quiet.setText(say(N_("&Quiet hours")))
        self._from.setText(say(N_("&from")))
        self._until.setText(say(N_("&until")))
        self._quiet_why.setText(say(N_("What comes then is told in one when they are over.")))

    def _allow(self) -> None:
        wished = self.notify.isChecked()
        self.quiet.setEnabled(wished)
        for widget in (self.begin, self.end, self._from, self._until):
            widget.setEnabled(wished and self.quiet.isChecked())

    def _set_notify(self, wished: bool) -> None:
        self._allow()
        self._keep(notify=wished)

    def _set_hours(self) -> None:
        self._allow()
        if self.quiet.isChecked():
            self._keep(quiet_from=_time(self.begin), quiet_until=_time(self.end))
        else:
            self._keep(quiet_from=None, quiet_until=None)

    def _keep(self, **changed: Any) -> None:
        app = self._desk.app
        self._dialog.notice.hide()
        self._desk.background.query(
            lambda: app.save_settings(replace(app.settings, **changed)),
            lambda _kept: None,
            self._dialog.complain,
            owner=self,
        )


def _moment(at: time) -> QTimeEdit:
    field = QTimeEdit(QTime(at.hour, at.minute))
    field.setDisplayFormat("HH:mm")
    field.setKeyboardTracking(False)
    field.setMinimumWidth(MOMENT_WIDTH)
    field.lineEdit().setTextMargins(6, 0, 0, 0)  # where the sheet has no say
    return field


def _time(field: QTimeEdit) -> time:
    return time(field.time().hour(), field.time().minute())
