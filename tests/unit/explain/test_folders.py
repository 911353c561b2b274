"""What folders of a mail server are called."""

from __future__ import annotations

import pytest

from pecdesk.explain import language
from pecdesk.explain.folders import USUAL, folder_words, path_words
from pecdesk.sync.server import FolderRole

EN, IT = language("en"), language("it")


def test_the_usual_folders_have_the_usual_words() -> None:
    assert folder_words("INBOX", FolderRole.INBOX, EN) == "Inbox"
    assert folder_words("Posta spedita", FolderRole.SENT, EN) == "Sent items"
    assert folder_words("Deleted", FolderRole.TRASH, EN) == "Trash"
    assert set(USUAL) == set(FolderRole) - {FolderRole.RECEIPTS, FolderRole.ARCHIVE}


@pytest.mark.parametrize("role", [None, FolderRole.RECEIPTS, FolderRole.ARCHIVE])
def test_all_others_keep_their_own_names(role: FolderRole | None) -> None:
    assert folder_words("Ricevute 2025", role, IT) == "Ricevute 2025"


def test_a_name_neither_moves_letters_nor_breaks_the_line() -> None:
    assert folder_words("a\u202eb\nc", None, EN) == "a[U+202E]b[U+000A]c"
    assert path_words(("Pratiche", "a\u202eb")) == "Pratiche / a[U+202E]b"
