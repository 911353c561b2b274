"""What a folder is for: what the server says counts first, then the provider's names, then the usual ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest

from pecdesk.profile.providers import Provider, providers
from pecdesk.sync.roles import claim_of, with_roles
from pecdesk.sync.server import FolderRole, RemoteFolder

ANYBODY: Provider = replace(
    providers()[0], sent_folders=("INBOX.Posta uscita",), spam_folders=("Quarantena",), receipt_folders=("INBOX/Esiti",)
)


def role_of(
    name: str, delimiter: str, special_use: Collection[str] = (), provider: Provider | None = None
) -> FolderRole | None:
    claim = claim_of(name, delimiter, special_use, provider)
    return claim.role if claim else None


USUAL = {
    "INBOX": FolderRole.INBOX,
    "inbox": FolderRole.INBOX,
    "Sent": FolderRole.SENT,
    "Sent Items": FolderRole.SENT,
    "Inviata": FolderRole.SENT,
    "INBOX.Inviata": FolderRole.SENT,
    "INBOX.Sent": FolderRole.SENT,
    "inbox.INVIATA": FolderRole.SENT,
    "Posta inviata": FolderRole.SENT,
    "INBOX.Posta  Inviata": FolderRole.SENT,
    "Spedite": FolderRole.SENT,
    "Elementi inviati": FolderRole.SENT,
    "Spam": FolderRole.SPAM,
    "INBOX.Junk": FolderRole.SPAM,
    "Posta indesiderata": FolderRole.SPAM,
    "Ricevute": FolderRole.RECEIPTS,
    "INBOX.Ricevute": FolderRole.RECEIPTS,
    "Cestino": FolderRole.TRASH,
    "Bozze": FolderRole.DRAFTS,
    "Archivio": FolderRole.ARCHIVE,
    "Clienti": None,
    "Clienti.Inviata": None,
    "INBOX.Clienti.Inviata": None,
    "Inviata a mano": None,
    "": None,
}


@pytest.mark.parametrize("name", USUAL)
def test_usual_names_are_known_in_both_languages(name: str) -> None:
    assert role_of(name, ".") is USUAL[name]


def test_a_folder_inside_another_is_told_by_its_delimiter() -> None:
    assert role_of("INBOX/Spedite", "/") is FolderRole.SENT
    assert role_of("INBOX/Spedite", ".") is None
    assert role_of("Inviata", "") is FolderRole.SENT


@pytest.mark.parametrize(
    ("flag", "role"),
    [
        ("\\Sent", FolderRole.SENT),
        ("\\sent", FolderRole.SENT),
        ("\\Junk", FolderRole.SPAM),
        ("\\Archive", FolderRole.ARCHIVE),
        ("\\Drafts", FolderRole.DRAFTS),
        ("\\Trash", FolderRole.TRASH),
        ("\\All", None),
        ("\\Flagged", None),
        ("\\HasNoChildren", None),
    ],
)
def test_the_servers_word_counts_first(flag: str, role: FolderRole | None) -> None:
    assert role_of("Clienti", ".", ["\\HasNoChildren", flag]) is role
    assert role_of("Cestino", ".", [flag]) is (role or FolderRole.TRASH)


def test_the_inbox_is_the_inbox_whatever_is_said_of_it() -> None:
    assert role_of("INBOX", "/", ["\\Sent"]) is FolderRole.INBOX


def test_the_providers_names_count_where_the_server_says_nothing() -> None:
    assert role_of("INBOX.Posta uscita", ".", provider=ANYBODY) is FolderRole.SENT
    assert role_of("inbox.posta uscita", ".", provider=ANYBODY) is FolderRole.SENT
    assert role_of("Quarantena", ".", provider=ANYBODY) is FolderRole.SPAM
    assert role_of("INBOX/Esiti", ".", provider=ANYBODY) is FolderRole.RECEIPTS
    assert role_of("Posta uscita", ".", provider=ANYBODY) is None
    assert role_of("Quarantena", ".", ["\\Trash"], ANYBODY) is FolderRole.TRASH


def roles(*listed: tuple[str, list[str]], provider: Provider | None = None) -> dict[str, FolderRole | None]:
    folders = with_roles([(RemoteFolder(name, "."), flags) for name, flags in listed], provider)
    assert [folder.name for folder in folders] == [name for name, _ in listed]
    return {folder.name: folder.role for folder in folders}


def test_a_mere_name_counts_only_where_nobody_is_better_founded() -> None:
    assert roles(("Sent", []), ("Posta inviata", ["\\Sent"])) == {"Sent": None, "Posta inviata": FolderRole.SENT}
    assert roles(("Sent", []), ("INBOX.Posta uscita", []), provider=ANYBODY) == {
        "Sent": None,
        "INBOX.Posta uscita": FolderRole.SENT,
    }
    assert roles(("Sent", []), ("Inviata", []), ("Spam", [])) == {
        "Sent": FolderRole.SENT,
        "Inviata": FolderRole.SENT,
        "Spam": FolderRole.SPAM,
    }


def test_every_provider_of_the_table_has_its_folders_found() -> None:
    for provider in providers():
        for name in provider.sent_folders:
            assert role_of(name, "/", provider=provider) is FolderRole.SENT
        for name in provider.spam_folders:
            assert role_of(name, "/", provider=provider) is FolderRole.SPAM
        for name in provider.receipt_folders:
            assert role_of(name, "/", provider=provider) is FolderRole.RECEIPTS
