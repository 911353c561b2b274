"""What every dialog is looked at for: keys, names for those who do not see, room on a small screen."""

from __future__ import annotations

import re
from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QLabel,
    QRadioButton,
    QTabBar,
    QWidget,
)

SMALL_SCREEN = (1280, 720 - 60)
"""Device-independent pixels: a small notebook, or a large screen at 200 %, without its panels."""

_MNEMONIC = re.compile(r"&(\w)")


def visible_children(dialog: QDialog) -> list[QWidget]:
    return [child for child in dialog.findChildren(QWidget) if child.isVisible()]


def mnemonics(dialog: QDialog) -> list[str]:
    texts = []
    for child in visible_children(dialog):
        if isinstance(child, QAbstractButton) or (isinstance(child, QLabel) and child.buddy() is not None):
            texts.append(child.text())
        elif isinstance(child, QTabBar):
            texts += [child.tabText(number) for number in range(child.count())]
    return [found[1].lower() for text in texts if (found := _MNEMONIC.search(text))]


def shared_keys(dialog: QDialog) -> list[str]:
    """Letters that more than one thing in sight claims with Alt."""
    return [key for key, times in Counter(mnemonics(dialog)).items() if times > 1]


def takes_tab(child: QWidget) -> bool:
    """Whether it is meant to be reached with Tab."""
    return (
        child.isVisible()
        and child.isEnabled()
        and bool(child.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and child.focusProxy() is None
        and not isinstance(child.parent(), QComboBox | QAbstractSpinBox)
        and not (isinstance(child, QRadioButton) and not child.isChecked())  # the arrow keys lead to it
    )


def passed_over(window: QWidget) -> list[QWidget]:
    """What takes keys, and is not reached however often Tab is pressed."""
    wanted = [child for child in window.findChildren(QWidget) if child.window() is window and takes_tab(child)]
    reached: list[QWidget] = []
    while (here := window.focusWidget()) is not None and here not in reached:
        reached.append(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)
    return [child for child in wanted if child not in reached]


def nameless(dialog: QDialog) -> list[QWidget]:
    """Whatever takes keys and has no name for those who do not see."""
    found = []
    for child in visible_children(dialog):
        if not child.focusPolicy() & Qt.FocusPolicy.TabFocus or isinstance(child, QTabBar):
            continue
        if isinstance(child.parent(), QComboBox | QAbstractSpinBox):
            continue  # the field inside, spoken of with what it is in
        buddies = [label for label in dialog.findChildren(QLabel) if label.buddy() is child]
        text = child.text() if isinstance(child, QAbstractButton) else ""
        if not (child.accessibleName() or text or buddies):
            found.append(child)
    return found
