"""Where everything stands in a row of the list: letters, heights, rectangles. Nothing is painted here."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFont, QFontMetrics

from pecdesk.explain.line import Seal
from pecdesk.ui.mailbox.transmission_list_model import RowLine
from pecdesk.ui.style.chip import chip_font, chip_width
from pecdesk.ui.style.tokens import STEP

SIDE_MARGIN = 3 * STEP
TOP_MARGIN = 10
LINE_GAP = 7
GAP = 2 * STEP
MOST_TAGS = 3


class RowMetrics:
    """The letters of a row and the heights that follow from them."""

    def __init__(self, font: QFont) -> None:
        self.plain = QFont(font)
        self.bold = QFont(font)
        self.bold.setWeight(QFont.Weight.Bold)
        self.small = QFont(font)
        self.small.setPointSizeF(font.pointSizeF() * 0.9)
        self.heading = QFont(self.small)
        self.heading.setWeight(QFont.Weight.Bold)
        self.chip = chip_font(font)
        self.of_plain = QFontMetrics(self.plain)
        self.of_bold = QFontMetrics(self.bold)
        self.of_small = QFontMetrics(self.small)
        self.first_line = self.of_bold.height()
        self.chip_height = QFontMetrics(self.chip).height() + 3
        self.second_line = max(self.of_plain.height(), self.chip_height)
        self.row_height = TOP_MARGIN + self.first_line + LINE_GAP + self.second_line + TOP_MARGIN + 1
        self.heading_height = QFontMetrics(self.heading).height() + 3 * STEP
        self.mark = round(self.of_plain.ascent() * 1.1)
        """Side of a seal, and of the attachment's clip."""
        self.arrow = self.mark + 3
        self.longest_tag = 20 * self.of_small.averageCharWidth()


@dataclass(frozen=True, slots=True)
class RowPlan:
    """The rectangles of one row."""

    arrow: QRect
    counterpart: QRect
    tags: tuple[tuple[QRect, str], ...]
    clip: QRect | None
    alert: QRect | None
    time: QRect
    subject: QRect
    seals: tuple[tuple[QRect, Seal], ...]
    chip: QRect

    def words_at(self, point: QPoint, row: RowLine) -> str:
        """What is said of the mark that is pointed at."""
        if self.alert is not None and self.alert.adjusted(-3, -5, 3, 5).contains(point):
            return "\n".join(row.line.alert)
        seal = self.seal_at(point)
        return seal.word if seal is not None else ""

    def seal_at(self, point: QPoint) -> Seal | None:
        """The seal that is pointed at, some pixels of nearness included."""
        for rect, seal in self.seals:
            if rect.adjusted(-3, -5, 3, 5).contains(point):
                return seal
        return None


def plan_row(place: QRect, row: RowLine, metrics: RowMetrics) -> RowPlan:
    """Lay a row out: time and state always stand at the right, what is left is for words.

    Where it is narrow the subject gives way first: half of "Consegnato 1 di 3" would say something else.
    """
    side = metrics.mark
    left = place.left() + SIDE_MARGIN + metrics.arrow + GAP - 2
    right = place.right() - SIDE_MARGIN
    top = place.top() + TOP_MARGIN
    arrow_top = top + (metrics.first_line - metrics.arrow) // 2
    arrow = QRect(place.left() + SIDE_MARGIN - 2, arrow_top, metrics.arrow, metrics.arrow)

    wide = metrics.of_small.horizontalAdvance(row.time)
    time = QRect(right - wide + 1, top, wide, metrics.first_line)
    end = time.left() - GAP
    clip = None
    if row.has_attachment:
        clip = QRect(end - side + 1, top + (metrics.first_line - side) // 2, side, side)
        end = clip.left() - GAP
    alert = None
    if row.line.alert:
        alert = QRect(end - side + 1, top + (metrics.first_line - side) // 2, side, side)
        end = alert.left() - GAP
    name = (metrics.of_bold if row.is_unread else metrics.of_plain).horizontalAdvance(row.counterpart) + 2
    tags = _plan_tags(row.labels, left + name + GAP, end, top, metrics)
    counterpart = QRect(left, top, max(0, (tags[0][0].left() - GAP if tags else end) - left), metrics.first_line)

    top += metrics.first_line + LINE_GAP
    seals_wide = len(row.line.seals) * side + max(0, len(row.line.seals) - 1) * GAP
    seals_wide += GAP if row.line.seals else 0
    room = right - left + 1
    most = max(side * 2, room - seals_wide - GAP)
    chip_wide = min(chip_width(row.line.badge, metrics.chip, marked=False) + 1, most)
    chip = QRect(
        right - chip_wide + 1, top + (metrics.second_line - metrics.chip_height) // 2, chip_wide, metrics.chip_height
    )
    x = chip.left() - seals_wide
    seals = []
    for seal in row.line.seals:
        seals.append((QRect(x, top + (metrics.second_line - side) // 2, side, side), seal))
        x += side + GAP
    subject = QRect(left, top, max(0, chip.left() - seals_wide - GAP - left), metrics.second_line)
    return RowPlan(arrow, counterpart, tags, clip, alert, time, subject, tuple(seals), chip)


def _plan_tags(
    labels: tuple[str, ...], start: int, end: int, top: int, metrics: RowMetrics
) -> tuple[tuple[QRect, str], ...]:
    """Labels at the right end of the first line: only as many as leave the counterpart whole."""
    height = metrics.of_small.height() + 1
    tags: list[tuple[QRect, str]] = []
    for name in labels[:MOST_TAGS]:
        wide = min(metrics.longest_tag, metrics.of_small.horizontalAdvance(name) + 2 * STEP + 2)
        if end - wide < start:
            break
        tags.insert(0, (QRect(end - wide + 1, top + (metrics.first_line - height) // 2, wide, height), name))
        end -= wide + STEP
    return tuple(tags)
