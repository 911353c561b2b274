"""One account's share of the store, as one pass of synchronising sees it; every write takes its turn first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from pecdesk.examine import Examination
from pecdesk.store import Arrival, CopyState, Folder, Looked, Placement, Reached, ServerCopy, Store
from pecdesk.store.messages import IMAP
from pecdesk.store.pending import SEEN
from pecdesk.sync.means import Means, StaleError
from pecdesk.sync.plan import must_ask
from pecdesk.sync.server import FolderRole, RemoteFolder, RemoteMessage
from pecdesk.sync.state import FolderState


class Ledger:
    """What is kept of one account. For one thread and one pass; StaleError when the database was replaced since, or a
    folder that is looked into was forgotten."""

    def __init__(self, account: str, means: Means, stopped: Callable[[], bool]) -> None:
        self.account = account
        """Comparable form."""
        self._means = means
        self._stopped = stopped
        self._store = means.store()

    @property
    def store(self) -> Store:
        """The store this pass began with."""
        if self._means.store() is not self._store:
            raise StaleError
        return self._store

    @contextmanager
    def turn(self) -> Iterator[Store]:
        """Write inside the block."""
        with self._means.writing(self._stopped):
            yield self.store

    def now(self) -> datetime:
        """The present moment."""
        return self._means.clock()

    # folders

    def folders(self) -> dict[str, Folder]:
        """Those known, by name."""
        return {folder.name: folder for folder in self.store.folders(self.account)}

    def know(self, remote: RemoteFolder, known: Folder | None) -> Folder:
        """Know a folder of the server. Where it holds what was sent now, or no longer, so do its messages."""
        if known is not None and (known.delimiter, known.role) == (remote.delimiter, remote.role):
            return known
        with self.turn() as store:
            folder = store.know_folder(self.account, remote.name, remote.delimiter, remote.role)
            if known is not None and FolderRole.SENT in (known.role, remote.role):
                store.place_anew(folder.id, self._placement(remote.name, remote.role))
        return folder

    def state(self, folder: Folder | None, name: str, role: FolderRole | None) -> FolderState:
        """The store's side of a folder, without flags."""
        if folder is None:
            return FolderState(name, role)
        contents = self.store.contents(folder.id)
        return FolderState(
            name,
            role,
            folder.uidvalidity,
            folder.uidnext,
            folder.messages,
            folder.highest_modseq,
            uids=contents.here,
            is_complete=folder.is_complete,
            has_earlier=self.store.has_earlier(folder.id),
            missing=contents.missing,
            leaving=contents.leaving,
            unfetched=contents.unfetched,
        )

    def looked(self, looked: Looked) -> None:
        """Keep what looking into a folder showed."""
        with self.turn() as store:
            if store.note_looked(looked) is None:
                raise StaleError  # what is found there now would be kept nowhere

    def unlisted(self, folder: Folder) -> None:
        """The server no longer lists it."""
        with self.turn() as store:
            store.note_unlisted(folder.id)

    def settle(self) -> None:
        """All folders were looked through: say of what was found where it lies, and decide what became of what they
        lost, if there is anything."""
        unsaid = self.store.unsaid(self.account)
        if unsaid:
            with self.turn() as store:
                for name, folder in self.folders().items():
                    if name in unsaid:
                        role = FolderRole(folder.role) if folder.role else None
                        store.place_anew(folder.id, self._placement(name, role), unsaid[name])
        if not self.store.is_settled(self.account, must_ask):
            with self.turn() as store:
                store.settle(self.account, self.now(), must_ask)

    # messages

    def copy(self, folder: Folder, uidvalidity: int, message: RemoteMessage) -> ServerCopy:
        """A message of the server, as it is kept."""
        return ServerCopy(
            folder.id, uidvalidity, message.uid, message.size, clean(message.flags), message.internal_date
        )

    def arrival(self, folder: Folder, copy: ServerCopy, examination: Examination) -> Arrival:
        """A message found in a folder."""
        role = FolderRole(folder.role) if folder.role else None
        unseen = SEEN not in copy.flags and role is not FolderRole.SENT
        return Arrival(examination, self._placement(folder.name, role), unseen=unseen, copy=copy)

    def _placement(self, name: str, role: FolderRole | None) -> Placement:
        # Only what lies in the folder of sent mail can stand for what was sent: anybody can send a message that bears
        # this mailbox's address and a Message-ID of its own.
        return Placement(self.account, name, role is FolderRole.SENT, IMAP, self.now().isoformat())

    def archive(self, raws: Sequence[bytes]) -> None:
        """Put bytes into the archive; durable when it returns."""
        if raws:
            with self.turn() as store:
                self._means.check_room(sum(map(len, raws)))
                with store.archive.batch() as archive:
                    for raw in raws:
                        archive.put(raw)

    def remember(self, arrivals: Sequence[Arrival], reached: Sequence[Reached]) -> None:
        """Journal, then database: messages whose bytes are in the archive, by the trust of this moment."""
        with self.turn() as store:
            current = self._judged_anew(arrivals)
            store.add(current or arrivals, reached)
            # Whoever changed the trust meanwhile has judged anew what was here before these came.
            late = self._judged_anew(current or arrivals)
            if late:
                store.replace([arrival.examination for arrival in late])

    def _judged_anew(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """The same by the trust of this moment; none where they are: the trust may have changed since."""
        version = self._means.anchors_version()
        if all(arrival.examination.anchors_version == version for arrival in arrivals):
            return []
        now, path_of = self.now(), self.store.archive.path
        with self._means.examiner(1) as examiner:
            return [
                replace(one, examination=examiner.examine_file(path_of(one.examination.sha256), now=now))
                if one.examination.anchors_version != version
                else one
                for one in arrivals
            ]

    def without_message(self, copies: Collection[ServerCopy], state: CopyState) -> None:
        """Remember messages whose bytes are not kept here."""
        with self.turn() as store:
            store.note_without_message(copies, state, self.now())


def clean(flags: Collection[str]) -> frozenset[str]:
    """Flags without the one that only tells of the connection (RFC 3501 §2.3.2)."""
    return frozenset(flag for flag in flags if flag != "\\Recent")
