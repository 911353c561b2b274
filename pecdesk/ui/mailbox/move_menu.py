"""The menu of folders to move rows to: those of the same server, while a folder of it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMenu

from pecdesk.app.folders import FolderNode, is_alterable, move_rows, targets, tree
from pecdesk.explain.folders import folder_words, path_words
from pecdesk.store import ServerFolder
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.place import Place

Write = Callable[[Callable[[], object]], None]


def looked_at(place: Place | None, folders: Sequence[ServerFolder], desk: Desk) -> ServerFolder | None:
    """The folder that is looked at, if something may be moved out of it."""
    if place is None or place.folder is None or place.account is None or not is_alterable(desk.app, place.account):
        return None
    key = (place.account, place.folder, False)
    return next((folder for folder in folders if (folder.account, folder.name, folder.is_gone) == key), None)


def fill_move_menu(
    menu: QMenu,
    desk: Desk,
    ids: Sequence[int],
    here: ServerFolder | None,
    folders: Sequence[ServerFolder],
    write: Write,
) -> None:
    """Fill the menu for these rows; `write` is handed what is to be done."""
    menu.clear()
    if here is None or not ids:
        return
    allowed = frozenset(targets(folders, here))
    for node in _flat(tree(folder for folder in folders if folder.account == here.account)):
        if node.folder is None or node.folder not in allowed:
            continue
        words = (
            path_words(node.path) if len(node.path) > 1 else folder_words(node.path[0], node.folder.role, desk.language)
        )
        # An ampersand in a menu underlines the next letter; a name is shown as it is.
        action = menu.addAction(words.replace("&", "&&"))
        action.triggered.connect(
            lambda _checked=False, target=node.folder: write(lambda: move_rows(desk.app, ids, here, target))
        )


def _flat(nodes: Sequence[FolderNode]) -> list[FolderNode]:
    """Every folder, each before those that lie in it."""
    return [each for node in nodes for each in (node, *_flat(node.below))]
