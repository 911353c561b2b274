"""The folders of a mail server in the side bar, as a tree whose branches stay as they were left."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pecdesk.app.folders import FolderNode, tree
from pecdesk.errors import N_
from pecdesk.explain import Language
from pecdesk.explain.folders import USUAL, folder_words, path_words
from pecdesk.explain.visible import visible
from pecdesk.store import Group, ServerFolder
from pecdesk.ui.layout_memory import LayoutMemory
from pecdesk.ui.mailbox.place import Place
from pecdesk.ui.mailbox.side_bar_entries import Entry

MANY = 8
"""Folders of an account that are more than this stand in closed branches until somebody opens them."""

REMEMBERED = "side/branches"


class Branches:
    """Which branches were opened or closed by hand."""

    def __init__(self, memory: LayoutMemory) -> None:
        self._memory = memory
        self._said = _read(memory.word(REMEMBERED))

    def is_open(self, name: str, usually: bool) -> bool:
        """Whether a branch is open, by hand or because it usually is."""
        return self._said.get(name, usually)

    def set_open(self, name: str, is_open: bool) -> None:
        """Leave it like that from now on."""
        self._said[name] = is_open
        self._memory.keep_word(REMEMBERED, json.dumps(self._said))


def _read(text: str) -> dict[str, bool]:
    """What was kept; nothing where it cannot be read."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {name: is_open is True for name, is_open in found.items()} if isinstance(found, dict) else {}


def folder_entries(
    account: str, folders: Sequence[ServerFolder], branches: Branches, language: Language
) -> Iterator[Entry]:
    """The lines for the folders of an account, given those of all; nothing where it has none."""
    mine = [folder for folder in folders if folder.account == account]
    listed = [folder for folder in mine if not folder.is_gone]
    gone = [folder for folder in mine if folder.is_gone]
    is_few = len(listed) <= MANY
    if listed:
        root = Entry(
            language.say(N_("Server folders")),
            depth=1,
            branch=f"folders {account}",
            is_open=branches.is_open(f"folders {account}", usually=is_few),
        )
        yield root
        # Two folders for one purpose are told apart by their own names.
        plain = frozenset(role for role, number in Counter(folder.role for folder in listed).items() if number > 1)
        yield from _lines(tree(listed), root, plain, branches, language, is_few=is_few)
    if gone:
        yield from _gone(account, gone, branches, language)


def _lines(
    nodes: Iterable[FolderNode],
    above: Entry,
    plain: frozenset[str | None],
    branches: Branches,
    language: Language,
    *,
    is_few: bool,
) -> Iterator[Entry]:
    for node in nodes:
        folder = node.folder
        role = folder.role if folder is not None and folder.role not in plain else None
        branch = f"{above.branch}\n{node.path[-1]}" if node.below else ""
        words = folder_words(node.path[-1], role, language)
        line = Entry(
            words,
            Place(Group.ALL, folder.account, folder=folder.name) if folder is not None else None,
            whole=visible(folder.name) if folder is not None else path_words(node.path),
            spoken=words if role in USUAL else path_words(node.path),
            depth=above.depth + 1,
            branch=branch,
            is_open=bool(branch) and branches.is_open(branch, usually=is_few),
            above=above.branch,
        )
        yield line
        yield from _lines(node.below, line, plain, branches, language, is_few=is_few)


def _gone(account: str, gone: Iterable[ServerFolder], branches: Branches, language: Language) -> Iterator[Entry]:
    """Folders that the server no longer has, and from which messages were kept."""
    branch = f"gone {account}"
    title = language.say(N_("No longer on the server"))
    yield Entry(title, depth=1, branch=branch, is_open=branches.is_open(branch, usually=False))
    for folder in gone:
        name = visible(folder.name)
        yield Entry(
            name,
            Place(Group.ALL, account, folder=folder.name),
            whole=language.say(N_("{folder}: no longer on the server; its messages are kept here"), folder=name),
            spoken=language.say(N_("{folder}, no longer on the server"), folder=name),
            depth=2,
            above=branch,
        )
