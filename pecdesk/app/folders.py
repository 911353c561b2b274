"""The folders of an account's mail server as a tree, and rows moved from one to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pecdesk.app.mailbox import MARK_SECONDS
from pecdesk.errors import N_, UsageError
from pecdesk.store import ServerFolder
from pecdesk.store.ordering import comparable
from pecdesk.sync.server import FolderRole

if TYPE_CHECKING:
    from pecdesk.app.app import App

FIRST = (FolderRole.INBOX, FolderRole.SENT, FolderRole.DRAFTS, FolderRole.RECEIPTS, FolderRole.ARCHIVE)
LAST = (FolderRole.SPAM, FolderRole.TRASH)
"""Folders that stand before the others, and after them; the others stand in between, sorted as words are."""

INBOX = "INBOX"

DEEPEST = 20
"""Folders in one another that are shown as such; a name with more of them is shown as it is."""


@dataclass(frozen=True, slots=True)
class FolderNode:
    """A folder with those that lie in it. Names are data of the server, to be shown by `explain.visible` only."""

    path: tuple[str, ...]
    """The names from the top down to its own."""
    folder: ServerFolder | None
    """None: it holds other folders and no messages."""
    below: tuple[FolderNode, ...] = ()


def tree(folders: Iterable[ServerFolder]) -> tuple[FolderNode, ...]:
    """The folders of one account that its server has, each below the one it lies in.

    Where everything else lies in the inbox, as with servers whose names all begin with "INBOX.", it stands beside it.
    """
    listed = [folder for folder in folders if not folder.is_gone]
    beside_inbox = all(_is_inbox(folder.name) or _is_inbox(_names(folder)[0]) for folder in listed)
    found: dict[tuple[str, ...], ServerFolder] = {}
    for folder in listed:
        names = _names(folder)
        path = tuple(names[1:]) if beside_inbox and len(names) > 1 else tuple(names)
        found[(folder.name,) if path in found else path] = folder
    below: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for path in found:
        for depth in range(len(path)):
            below[path[:depth]].add(path[: depth + 1])
    return _nodes((), found, below)


def _nodes(
    path: tuple[str, ...],
    found: dict[tuple[str, ...], ServerFolder],
    below: dict[tuple[str, ...], set[tuple[str, ...]]],
) -> tuple[FolderNode, ...]:
    nodes = [FolderNode(each, found.get(each), _nodes(each, found, below)) for each in below.get(path, ())]
    return tuple(sorted(nodes, key=_standing))


def _standing(node: FolderNode) -> tuple[int, str, str]:
    role = node.folder.role if node.folder is not None else None
    if role in FIRST:
        place = FIRST.index(FolderRole(role)) - len(FIRST)
    else:
        place = LAST.index(FolderRole(role)) + 1 if role in LAST else 0
    return place, comparable(node.path[-1]), node.path[-1]


def _names(folder: ServerFolder) -> list[str]:
    """The names from the top down; where that makes no sense, the whole as one."""
    parts = folder.name.split(folder.delimiter) if folder.delimiter else [folder.name]
    return parts if all(parts) and len(parts) <= DEEPEST else [folder.name]


def _is_inbox(name: str) -> bool:
    return name.upper() == INBOX


def targets(folders: Sequence[ServerFolder], here: ServerFolder) -> tuple[ServerFolder, ...]:
    """The folders of the same server that something may be moved to.

    Never that of sent mail: what lies there stands for what was sent, and only the provider's own copy may.
    """
    return tuple(
        folder
        for folder in folders
        if folder.account == here.account and folder.name != here.name and not folder.is_gone
        if folder.role != FolderRole.SENT
    )


def is_alterable(app: App, account: str) -> bool:
    """Whether an account has a server here whose mail may be moved. Quick."""
    found = app.servers.get(account)
    return found is not None and not found.is_read_only


def move_rows(app: App, rows: Collection[int], here: ServerFolder, target: ServerFolder) -> None:
    """Move what lies of these rows in one folder of the server to another: here at once, there as soon as it can be
    reached. BusyError where another process goes on writing."""
    hashes = app.store.hashes_in_folder(rows, here.account, here.name)
    if not hashes:
        raise UsageError(N_("Nothing of what was chosen lies in this folder any more."))
    with app.writing(patience=MARK_SECONDS):
        app.syncing.move(here.account, hashes, here.name, target.name)
