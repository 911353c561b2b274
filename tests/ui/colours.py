"""Which colours a picture has."""

from __future__ import annotations

from PySide6.QtGui import QImage


def colours(image: QImage) -> set[str]:
    """Every colour in it, as `#rrggbb`."""
    pixels = image.convertToFormat(QImage.Format.Format_RGB32)
    return {f"#{pixel & 0xFFFFFF:06x}" for pixel in set(memoryview(pixels.constBits()).cast("B").cast("I"))}
