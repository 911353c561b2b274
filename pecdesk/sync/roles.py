"""What a folder is for: by what the server says of it, else by the names providers and webmails are known to use."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from pecdesk.profile.providers import Provider
from pecdesk.sync.server import FolderRole, RemoteFolder

# RFC 6154. \All and \Flagged are views of other folders: nothing lives there.
_SPECIAL_USE = {
    "\\sent": FolderRole.SENT,
    "\\junk": FolderRole.SPAM,
    "\\archive": FolderRole.ARCHIVE,
    "\\drafts": FolderRole.DRAFTS,
    "\\trash": FolderRole.TRASH,
}
_USUAL_NAMES = {
    FolderRole.SENT: (
        "sent",
        "sent items",
        "sent mail",
        "sent messages",
        "inviata",
        "inviate",
        "inviati",
        "posta inviata",
        "messaggi inviati",
        "elementi inviati",
        "spedita",
        "spedite",
        "spediti",
        "posta spedita",
    ),
    FolderRole.SPAM: ("spam", "junk", "junk mail", "junk e-mail", "bulk mail", "posta indesiderata", "indesiderata"),
    FolderRole.RECEIPTS: ("ricevute", "ricevute pec", "receipts"),
    FolderRole.ARCHIVE: ("archive", "archives", "archivio"),
    FolderRole.DRAFTS: ("drafts", "draft", "bozze", "bozza"),
    FolderRole.TRASH: (
        "trash",
        "deleted",
        "deleted items",
        "deleted messages",
        "bin",
        "cestino",
        "posta eliminata",
        "eliminata",
        "elementi eliminati",
    ),
}
_ROLE_OF_NAME = {name: role for role, names in _USUAL_NAMES.items() for name in names}


@dataclass(frozen=True, slots=True)
class Claim:
    """A role a folder may have, and how well founded that is."""

    role: FolderRole
    rank: int
    """0: the server says so. 1: the provider is known to name it so. 2: it is a usual name."""


def claim_of(name: str, delimiter: str, special_use: Collection[str], provider: Provider | None) -> Claim | None:
    """The role of one folder, judged by itself. `special_use`: what LIST says of it, such as ``\\Sent``."""
    if name.upper() == "INBOX":
        return Claim(FolderRole.INBOX, 0)
    for flag in special_use:
        if role := _SPECIAL_USE.get(flag.lower()):
            return Claim(role, 0)
    if provider is not None:
        known = (
            (FolderRole.SENT, provider.sent_folders),
            (FolderRole.SPAM, provider.spam_folders),
            (FolderRole.RECEIPTS, provider.receipt_folders),
        )
        for role, names in known:
            if name.casefold() in {each.casefold() for each in names}:
                return Claim(role, 1)
    usual = _ROLE_OF_NAME.get(_own_name(name, delimiter))
    return Claim(usual, 2) if usual else None


def with_roles(
    listed: Iterable[tuple[RemoteFolder, Collection[str]]], provider: Provider | None = None
) -> list[RemoteFolder]:
    """Folders with their roles: where one is well founded for a role, another's mere name no longer counts."""
    claims = [(folder, claim_of(folder.name, folder.delimiter, flags, provider)) for folder, flags in listed]
    best: dict[FolderRole, int] = {}
    for _, claim in claims:
        if claim is not None:
            best[claim.role] = min(claim.rank, best.get(claim.role, claim.rank))
    return [
        replace(folder, role=claim.role if claim and claim.rank == best[claim.role] else None)
        for folder, claim in claims
    ]


def _own_name(name: str, delimiter: str) -> str:
    """The name without the folders it lies in, where these are only the inbox: "INBOX.Inviata" is "inviata"."""
    above, found, own = name.rpartition(delimiter) if delimiter else ("", "", name)
    if found and above.upper() != "INBOX":
        return ""
    return " ".join(own.casefold().split())
