"""A process that shows hostile HTML and nothing else, so that it can be watched from outside.

    python -m tests.ui.showing VIEW PROFILE < documents.json

VIEW is one of `VIEWS`. For every document that put one magenta dot on the screen its number is printed, and at last
"shown" with how many there were.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QTextBrowser

from pecdesk.app import App
from pecdesk.reading import read_message
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.html_view import SafeHtmlView
from pecdesk.ui.style.theme import Theme
from tests.kit.hostile_html import MAGENTA, PICTURE, mail, png

WIDTH, HEIGHT = 160, 120

Show = Callable[[str], None]


def raw(desk: Desk) -> tuple[QTextBrowser, Show]:
    """Hostile HTML as it is, in our view."""
    view = SafeHtmlView(desk)
    return view, view.setHtml


def cleaned(desk: Desk) -> tuple[QTextBrowser, Show]:
    """The way of the program: the message is read, and its reading shown. A blue picture lies beside, named to be
    mistaken for others."""
    view = SafeHtmlView(desk)
    beside = png(4, 4, (0, 0, 255))
    names = ((f"../{PICTURE}", f"/etc/{PICTURE}"), (f"file:///{PICTURE}", f"..\\{PICTURE}"))

    def show(html: str) -> None:
        view.show_reading(read_message(mail(html, *((cid, name, beside) for cid, name in names))))

    return view, show


def plain(desk: Desk) -> tuple[QTextBrowser, Show]:
    """What must be caught: Qt's own view, given the same."""
    view = QTextBrowser()
    return view, view.setHtml


VIEWS = {"raw": raw, "cleaned": cleaned, "plain": plain}


def painted(view: QTextBrowser, show: Show, documents: Iterable[str]) -> Iterator[int]:
    """Numbers of the documents that painted with a canary's colour."""
    for number, document in enumerate(documents):
        show(document)
        view.setFixedSize(WIDTH, HEIGHT)
        if has_colour(view.grab().toImage(), QColor(*MAGENTA)):
            yield number


def has_colour(image: QImage, colour: QColor) -> bool:
    """Whether any dot has exactly this colour."""
    converted = image.convertToFormat(QImage.Format.Format_RGB888)
    wanted = bytes((colour.red(), colour.green(), colour.blue()))
    width, stride = converted.width() * 3, converted.bytesPerLine()
    data = bytes(converted.constBits())
    rows = (data[start : start + width] for start in range(0, converted.height() * stride, stride))
    return any(_in_row(row, wanted) for row in rows)


def _in_row(row: bytes, wanted: bytes) -> bool:
    at = row.find(wanted)
    while at >= 0 and at % 3:
        at = row.find(wanted, at + 1)
    return at >= 0


@contextmanager
def alone(view: str, profile: Path) -> Iterator[tuple[QTextBrowser, Show]]:
    """One of the views in a process of its own."""
    application = QApplication([])
    desk = Desk(App.open(profile), Theme(application, "light"), lambda: datetime(2026, 11, 22, tzinfo=UTC), "it")
    widget, show = VIEWS[view](desk)
    try:
        yield widget, show
    finally:
        widget.deleteLater()
        desk.close()


def main() -> None:
    documents = json.load(sys.stdin)
    with alone(sys.argv[1], Path(sys.argv[2])) as (view, show):
        for number in painted(view, show, documents):
            print(number)
    print("shown", len(documents))


if __name__ == "__main__":
    main()
