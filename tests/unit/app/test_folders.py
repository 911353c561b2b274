"""The tree of a server's folders, and what may be moved where."""

from __future__ import annotations

import pytest

from pecdesk.app.folders import DEEPEST, FolderNode, targets, tree
from pecdesk.store import ServerFolder
from pecdesk.sync.server import FolderRole

A, B = "a@pec.example", "b@pec.example"


def folder(name: str, role: FolderRole | None = None, delimiter: str = "/", **fields: object) -> ServerFolder:
    return ServerFolder(A, name, delimiter, role, **fields)  # type: ignore[arg-type]


def drawn(nodes: tuple[FolderNode, ...], depth: int = 0) -> list[str]:
    """One line for each folder, moved in; in brackets where it only holds others."""
    found = []
    for node in nodes:
        name = node.path[-1]
        found.append("  " * depth + (name if node.folder is not None else f"({name})"))
        found += drawn(node.below, depth + 1)
    return found


def test_folders_stand_below_the_ones_they_lie_in() -> None:
    found = tree([folder("INBOX"), folder("Pratiche/2025/Rossi"), folder("Pratiche"), folder("Àncora"), folder("zeta")])

    assert drawn(found) == ["Àncora", "INBOX", "Pratiche", "  (2025)", "    Rossi", "zeta"]


def test_the_usual_ones_come_first_and_what_is_thrown_away_last() -> None:
    names = {
        "Cestino": FolderRole.TRASH,
        "Altro": None,
        "Ricevute": FolderRole.RECEIPTS,
        "Spam": FolderRole.SPAM,
        "Inviata": FolderRole.SENT,
        "INBOX": FolderRole.INBOX,
    }
    found = tree([folder(name, role) for name, role in names.items()])

    assert drawn(found) == ["INBOX", "Inviata", "Ricevute", "Altro", "Spam", "Cestino"]


def test_where_everything_lies_in_the_inbox_it_stands_beside_it() -> None:
    names = ("INBOX", "INBOX.Inviata", "INBOX.Pratiche.Rossi")
    found = tree([folder(name, delimiter=".") for name in names])

    assert drawn(found) == ["INBOX", "Inviata", "(Pratiche)", "  Rossi"]
    assert [node.folder.name for node in found if node.folder] == ["INBOX", "INBOX.Inviata"], "the names stay"


def test_where_it_does_not_a_folder_of_the_inbox_stands_in_it() -> None:
    assert drawn(tree([folder("INBOX"), folder("INBOX/Rossi"), folder("Sent")])) == ["INBOX", "  Rossi", "Sent"]


@pytest.mark.parametrize("name", ["//", "a//b", "/a", "a/", "/".join("x" * (DEEPEST + 1)), "/".join("x" * 5000)])
def test_a_name_that_makes_no_sense_as_a_path_is_one_name(name: str) -> None:
    assert drawn(tree([folder(name)])) == [name]


def test_no_folder_is_lost_where_two_come_to_the_same_place() -> None:
    same = [folder("INBOX"), folder("INBOX/INBOX"), folder("INBOX.INBOX", delimiter=".")]
    shown: list[ServerFolder] = []

    def collect(nodes: tuple[FolderNode, ...]) -> None:
        for node in nodes:
            shown.extend([node.folder] if node.folder else [])
            collect(node.below)

    collect(tree(same))
    assert sorted(each.name for each in shown) == sorted(each.name for each in same)


def test_a_folder_that_is_gone_stands_in_no_tree() -> None:
    assert tree([folder("Vecchie", is_gone=True)]) == ()


def test_something_is_moved_within_its_server_and_never_among_what_was_sent() -> None:
    here = folder("INBOX", FolderRole.INBOX)
    there, sent = folder("Pratiche"), folder("Inviata", FolderRole.SENT)
    gone, elsewhere = folder("Vecchie", is_gone=True), ServerFolder(B, "Pratiche")

    assert targets([here, there, sent, gone, elsewhere], here) == (there,)
