"""The pictures inside a message: decoded in the background, drawn in the text, never wider than it.

Qt's own way for pictures in a text asks the file system in several places (`loadResource` is only one of them: for
sharp screens it looks for `name@2x` beside any path it reads, and what it cannot load it opens as a file). With this in
its place there is no path left: a name is looked up among the pictures of the reading, or a dot stands there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QBuffer, QIODevice, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPyTextObject, QTextDocument, QTextFormat
from PySide6.QtWidgets import QTextEdit

from pecdesk.mime import picture_header
from pecdesk.reading import Picture
from pecdesk.ui.background import Task
from pecdesk.ui.desk import Desk

WIDEST = 1600
"""Pixels of a decoded picture; a larger one is reduced while it is decoded."""

_FORMATS = {"image/gif": b"gif", "image/jpeg": b"jpeg", "image/png": b"png"}


@dataclass(slots=True)
class _Shown:
    """One picture in the text."""

    size: QSize
    """As it says of itself."""
    image: QImage | None = None
    """None until it is decoded."""
    scaled: QImage = field(default_factory=QImage)
    """The same in the size it was last drawn in."""


class PictureObject(QPyTextObject):
    """Draws the pictures of one text; the only way from a name in it to an image."""

    def __init__(self, desk: Desk, view: QTextEdit) -> None:
        super().__init__(view)
        self._desk = desk
        self._view = view
        self._shown: dict[str, _Shown] = {}
        self._tasks: list[Task] = []
        view.document().documentLayout().registerHandler(QTextFormat.ObjectTypes.ImageObject.value, self)

    def show_pictures(self, pictures: Iterable[Picture]) -> None:
        """These, and no others, until the next call."""
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._shown.clear()
        for picture in pictures:
            header = picture_header(picture.data)
            if header is not None:
                shown = _Shown(QSize(header.width, header.height))
                self._shown[f"cid:{picture.content_id}"] = shown
                self._decode(picture, shown)

    def _decode(self, picture: Picture, shown: _Shown) -> None:
        def then(image: QImage) -> None:
            shown.image = image
            self._view.viewport().update()

        task = self._desk.background.query(lambda: decoded_picture(picture), then, owner=self._view)
        self._tasks.append(task)

    def intrinsicSize(self, doc: QTextDocument, _position: int, format: QTextFormat) -> QSizeF:  # noqa: A002
        wanted = format.toImageFormat()
        shown = self._shown.get(wanted.name())
        if shown is None:
            return QSizeF(1, 1)
        size = QSizeF(shown.size)
        if wanted.width() > 0 and wanted.height() > 0:
            size = QSizeF(wanted.width(), wanted.height())
        elif wanted.width() > 0:
            size *= wanted.width() / size.width()
        elif wanted.height() > 0:
            size *= wanted.height() / size.height()
        room = doc.textWidth() - 2 * doc.documentMargin()
        return size * (room / size.width()) if 0 < room < size.width() else size

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        _document: QTextDocument,
        _position: int,
        format: QTextFormat,  # noqa: A002
    ) -> None:
        shown = self._shown.get(format.toImageFormat().name())
        if shown is None or (shown.image is not None and shown.image.isNull()):
            return
        place = QRectF(rect)
        if shown.image is None:
            painter.setPen(QColor(self._desk.theme.palette.line))
            painter.drawRect(place.adjusted(0, 0, -1, -1))
            return
        ratio = painter.device().devicePixelRatio()
        size = (place.size() * ratio).toSize().expandedTo(QSize(1, 1))
        if shown.scaled.size() != size:
            shown.scaled = shown.image.scaled(
                size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        painter.drawImage(place, shown.scaled)


def decoded_picture(picture: Picture) -> QImage:
    """The picture, by the decoder of its own kind alone; an empty image where it cannot be decoded."""
    buffer = QBuffer()
    buffer.setData(picture.data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, _FORMATS[picture.media_type])
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    if size.width() > WIDEST:
        reader.setScaledSize(size.scaled(WIDEST, size.height(), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
