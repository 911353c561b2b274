"""The system around the window, as tests need it: it chooses what it was told to, and remembers what it opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget


class RecordingOutside:
    """Chooses `folder`, `files` and `new_file` at once; `opens` says whether there is a program for anything."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.files: list[Path] = []
        self.new_file: Path | None = None
        self.opened: list[Path] = []
        self.opens = True
        self.suggested = Path()

    def choose_folder(self, before: QWidget, title: str, start: Path, then: Callable[[Path], None]) -> None:
        if self.folder is not None:
            then(self.folder)

    def choose_files(
        self, before: QWidget, title: str, kinds: Sequence[str], then: Callable[[list[Path]], None]
    ) -> None:
        if self.files:
            then(self.files)

    def choose_new_file(self, before: QWidget, title: str, suggested: Path, then: Callable[[Path], None]) -> None:
        self.suggested = suggested
        if self.new_file is not None:
            then(self.new_file)

    def open(self, path: Path) -> bool:
        self.opened.append(path)
        return self.opens
