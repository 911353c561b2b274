"""An IMAP server that let us in, asked through a dialogue: `sync.server.Server` on a real connection.

UIDs only, never sequence numbers. What the server says is read strictly; where it makes no sense the connection is
closed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import BinaryIO

from pecdesk.errors import N_, PecdeskError
from pecdesk.profile.account_status import Quota
from pecdesk.profile.providers import Provider
from pecdesk.sync import bodies
from pecdesk.sync.answers import AnswerError, SkippedBlock, fetched, moment, number, words_of
from pecdesk.sync.arguments import (
    Literal,
    Piece,
    checked,
    date_time,
    flag_list,
    our_message_id,
    string,
    uid_sets,
    uids_of_set,
    words,
)
from pecdesk.sync.dialogue import Dialogue, Reply
from pecdesk.sync.folder_names import decode_name, encode_name
from pecdesk.sync.refusal import RefusalError, SizeError
from pecdesk.sync.roles import with_roles
from pecdesk.sync.server import DELETED, FolderStatus, RemoteFolder, RemoteMessage

log = logging.getLogger("sync")

_GOODBYE_SECONDS = 1.0


class ImapServer:
    """One connection, logged in: `pecdesk.sync.server.Server`."""

    def __init__(self, dialogue: Dialogue, capabilities: frozenset[str], provider: Provider | None) -> None:
        self._dialogue = dialogue
        self._wire = dialogue.wire
        self._capabilities = capabilities
        self._provider = provider
        self._raw_names: dict[str, bytes] = {}
        self._known_sizes: dict[tuple[str, int], dict[int, int]] = {}
        """What was said of messages that were not fetched yet, by folder and UIDVALIDITY."""
        self._sizes: dict[int, int] = {}
        """The same of the open folder."""
        self._open: str | None = None
        self._is_read_only = True

    # --- the protocol -------------------------------------------------------------------------------------------------

    @property
    def capabilities(self) -> frozenset[str]:
        """Upper case, as announced after the login."""
        return self._capabilities

    def folders(self) -> list[RemoteFolder]:
        """All folders of the user, in the server's order, with their roles."""
        asks_use = {"SPECIAL-USE", "LIST-EXTENDED"} <= self._capabilities
        pieces = [words('LIST "" "*"'), *([words("RETURN (SPECIAL-USE)")] if asks_use else [])]
        listed: list[tuple[RemoteFolder, list[str]]] = []
        raw_names: dict[str, bytes] = {}
        with self._making_sense():
            for answer in self._dialogue.ask(*pieces, expects=frozenset({"LIST"})).of("LIST"):
                tokens = answer.tokens()
                if len(tokens) < 3:
                    raise AnswerError(answer.text[:80])
                flags = words_of(tokens[0])
                delimiter = tokens[1].decode("latin-1") if isinstance(tokens[1], bytes) else ""
                raw = tokens[2] if isinstance(tokens[2], bytes) else b"NIL"
                name = "INBOX" if raw.upper() == b"INBOX" else decode_name(raw)
                if name in raw_names or not name.isprintable():
                    log.warning("a folder of the server has a name that cannot be used")
                    continue
                raw_names[name] = raw
                is_selectable = not {"\\noselect", "\\nonexistent"} & {flag.lower() for flag in flags}
                listed.append((RemoteFolder(name, delimiter, None, is_selectable), flags))
        self._raw_names = raw_names
        return with_roles(listed, self._provider)

    def status(self, folder: str) -> FolderStatus:
        """Describe a folder without opening it."""
        keeps_modseq = "CONDSTORE" in self._capabilities
        items = "(MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ)" if keeps_modseq else "(MESSAGES UIDNEXT UIDVALIDITY)"
        name = self._name(folder)
        with self._making_sense():
            for answer in self._dialogue.ask(b"STATUS", name, words(items), expects=frozenset({"STATUS"})).of("STATUS"):
                tokens = answer.tokens()
                said = tokens[-1]
                if len(tokens) != 2 or not isinstance(said, list):
                    raise AnswerError(answer.text[:80])
                keys = [key.upper() if isinstance(key, bytes) else b"" for key in said[::2]]
                values = dict(zip(keys, map(number, said[1::2]), strict=True))
                missing = {b"MESSAGES", b"UIDNEXT", b"UIDVALIDITY"} - values.keys()
                if missing:
                    raise AnswerError(answer.text[:80])
                return FolderStatus(
                    values[b"UIDVALIDITY"],
                    values[b"UIDNEXT"],
                    values[b"MESSAGES"],
                    values.get(b"HIGHESTMODSEQ") or None,
                )
            raise AnswerError(b"STATUS")

    def select(self, folder: str, *, read_only: bool = True) -> FolderStatus:
        """Open a folder."""
        name = self._name(folder)
        is_modseq_asked = "CONDSTORE" in self._capabilities and "ENABLE" not in self._capabilities
        pieces: list[Piece] = [b"EXAMINE" if read_only else b"SELECT", name]
        self._open = None
        with self._making_sense():
            reply = self._dialogue.ask(
                *pieces, *([b"(CONDSTORE)"] if is_modseq_asked else []), expects=frozenset({"EXISTS"})
            )
            exists = [answer.number for answer in reply.of("EXISTS") if answer.number is not None]
            uidvalidity, uidnext = _coded(reply, "UIDVALIDITY"), _coded(reply, "UIDNEXT")
            if uidvalidity is None or uidnext is None or not exists:
                raise AnswerError(b"SELECT")
            modseq = _coded(reply, "HIGHESTMODSEQ") or None
        self._open, self._sizes = folder, self._known_sizes.setdefault((folder, uidvalidity), {})
        self._is_read_only = read_only or reply.end.code == "READ-ONLY"
        self._dialogue.exists, self._dialogue.has_news = exists[-1], False
        return FolderStatus(uidvalidity, uidnext, exists[-1], modseq, self._is_read_only)

    def uids(self) -> list[int]:
        """All UIDs, ascending."""
        for _ in range(3):
            self.still_there()
            found = self._search(b"ALL")
            # A message that came while the server searched is announced and not found.
            if self._dialogue.exists in {None, len(found)}:
                break
        return found

    def changed_since(self, modseq: int) -> list[int]:
        """UIDs whose flags changed, or that are new, since then; only with CONDSTORE."""
        self._need("CONDSTORE", N_("{host} does not tell what changed since the last time."))
        self.still_there()
        # The search includes the state it is asked about (RFC 7162 section 3.1.5).
        return self._search(words(f"MODSEQ {modseq + 1}"))

    def describe(self, uids: Collection[int]) -> dict[int, RemoteMessage]:
        """Size, flags and date; a UID that is gone is left out."""
        described: dict[int, RemoteMessage] = {}
        with self._making_sense():
            for uid, items in bodies.ask(self._dialogue, uids, "(UID RFC822.SIZE FLAGS INTERNALDATE)"):
                if not {"RFC822.SIZE", "FLAGS", "INTERNALDATE"} <= items.keys():
                    continue
                size = number(items["RFC822.SIZE"])
                flags = frozenset(words_of(items["FLAGS"])) - {"\\Recent"}
                described[uid] = RemoteMessage(uid, size, flags, moment(items["INTERNALDATE"]))
                self._sizes[uid] = size
        return described

    def headers(self, uids: Collection[int]) -> dict[int, bytes]:
        """The whole header of each, with the empty line that ends it, byte for byte."""
        with self._making_sense():
            return bodies.headers(self._dialogue, uids)

    def fetch(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """The exact bytes of small messages, some at a time; a UID that is gone is left out. Marks nothing as read.

        Raises `SizeError` after all others came for one that is far longer than the server had said.
        """
        unknown = [uid for uid in uids if uid not in self._sizes]
        if unknown:
            self.describe(unknown)
        sizes = {uid: self._sizes[uid] for uid in dict.fromkeys(uids) if uid in self._sizes}
        too_long: SizeError | None = None
        for batch in bodies.batches(sizes):
            with self._making_sense():
                came = bodies.whole(self._dialogue, batch)
            for uid, raw in came.items():
                self._sizes.pop(uid, None)
                if isinstance(raw, SkippedBlock):
                    too_long = SizeError(uid=uid, said=sizes[uid], came=raw.size)
                else:
                    yield uid, raw
        if too_long is not None:
            raise too_long

    def fetch_into(
        self, uid: int, size: int, file: BinaryIO, progress: Callable[[int], None], cancelled: Callable[[], bool]
    ) -> int:
        """Write a big message to a file in pieces; how many bytes came, fewer only when cancelled.

        Raises `SizeError` when all came and it is not `size` bytes: the file then holds what there is.
        """
        with self._making_sense():
            return bodies.into_file(self._dialogue, uid, size, file, progress, cancelled)

    def change_flags(self, uids: Collection[int], *, add: Collection[str] = (), remove: Collection[str] = ()) -> None:
        """Set and take flags."""
        self._need_writable()
        for flags, how in ((add, b"+FLAGS.SILENT"), (remove, b"-FLAGS.SILENT")):
            if flags:
                for named in uid_sets(uids):
                    self._store(named, how, flags)

    def move(self, uids: Collection[int], target: str) -> dict[int, int]:
        """Move to another folder; the new UID of each where the server tells (COPYUID)."""
        self._need_writable()
        can_move = "MOVE" in self._capabilities
        if not can_move:
            self._need("UIDPLUS", N_("{host} cannot move single messages."))
        name = self._name(target)
        moved: dict[int, int] = {}
        for named in uid_sets(uids):
            reply = self._dialogue.ask(
                b"UID MOVE" if can_move else b"UID COPY", named, name, expects=frozenset({"EXPUNGE", "VANISHED"})
            )
            if not can_move:
                self._expunge(named)
            for text in reply.codes("COPYUID"):
                moved |= _copied(text, len(uids))
        self._dialogue.exists = None
        return moved

    def delete(self, uids: Collection[int]) -> None:
        """Delete exactly these."""
        self._need_writable()
        self._need("UIDPLUS", N_("{host} cannot delete single messages."))
        for named in uid_sets(uids):
            self._expunge(named)

    def append(self, folder: str, raw: bytes, flags: Collection[str], at: datetime | None) -> int | None:
        """Put a message into a folder, byte for byte; its UID where the server tells (APPENDUID).

        A full mailbox is a `RefusalError` whose `code` is OVERQUOTA.
        """
        pieces: list[Piece] = [b"APPEND", self._name(folder)]
        if flags:
            pieces.append(flag_list(flags))
        if at is not None:
            pieces.append(date_time(at))
        with self._making_sense():
            reply = self._dialogue.ask(*pieces, Literal(raw))
            for text in reply.codes("APPENDUID"):
                _, _, uid = text.partition(b" ")
                return number(uid)
        return None

    def find_message_id(self, folder: str, message_id: str) -> list[int]:
        """UIDs in that folder with that Message-ID. The folder is open for reading afterwards, if it was not open."""
        wanted = our_message_id(message_id)
        if self._open != folder:
            self.select(folder)
        self.still_there()
        return self._search(b"HEADER Message-ID", wanted)

    def quota(self) -> Quota | None:
        """How full the mailbox is; None where the server does not say. Of several limits, the nearest."""
        if "QUOTA" not in self._capabilities:
            return None
        found: list[Quota] = []
        with self._making_sense():
            reply = self._dialogue.ask(b"GETQUOTAROOT", b'"INBOX"', expects=frozenset({"QUOTA", "QUOTAROOT"}))
            for answer in reply.of("QUOTA"):
                limits = answer.tokens()[-1]
                if not isinstance(limits, list) or len(limits) % 3:
                    raise AnswerError(answer.text[:80])
                for at in range(0, len(limits), 3):
                    resource = limits[at]
                    if isinstance(resource, bytes) and resource.upper() == b"STORAGE":
                        # In units of 1024 bytes (RFC 9208 section 5.1).
                        found.append(Quota(number(limits[at + 1]) << 10, number(limits[at + 2]) << 10))
        return max(found, key=lambda quota: quota.share, default=None)

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> bool:
        """IDLE in the open folder until something happens: True, at once where something already did."""
        self._need("IDLE", N_("{host} does not tell of new mail by itself."))
        if not self._dialogue.has_news:
            self._dialogue.wait(seconds, stopped)
        has_news, self._dialogue.has_news = self._dialogue.has_news, False
        return has_news

    def still_there(self) -> None:
        """Ask for nothing; NetworkError where the connection is gone."""
        self._dialogue.ask(b"NOOP")

    def close(self) -> None:
        """Say goodbye if there is still somebody there, and let go. Never raises."""
        if not self._wire.is_closed:
            self._wire.stopped, self._wire.timeout = (lambda: False), _GOODBYE_SECONDS
            with suppress(PecdeskError):
                self._dialogue.ask(b"LOGOUT", patience=_GOODBYE_SECONDS)
        self._wire.close()

    # --- how it is done -----------------------------------------------------------------------------------------------

    def _name(self, folder: str) -> Piece:
        """A folder as the server calls it."""
        checked(folder.encode())
        if folder not in self._raw_names and not (folder.isascii() and "&" not in folder):
            # It may be one that the server does not write as it should: only its list knows.
            self.folders()
        return string(self._raw_names.get(folder) or encode_name(folder))

    def _search(self, *criteria: Piece) -> list[int]:
        with self._making_sense():
            found: set[int] = set()
            for answer in self._dialogue.ask(b"UID SEARCH", *criteria, expects=frozenset({"SEARCH"})).of("SEARCH"):
                plain = answer.text.partition(b"(")[0].split()
                try:
                    found.update(map(int, plain))
                except ValueError as error:
                    raise AnswerError(answer.text[:80]) from error
            uids = sorted(found)
            if uids and not 0 < uids[0] <= uids[-1] < 1 << 32:
                raise AnswerError(b"SEARCH")
        return uids

    def _store(self, named: bytes, how: bytes, flags: Collection[str]) -> None:
        with self._making_sense():
            reply = self._dialogue.ask(b"UID STORE", named, how, flag_list(flags), expects=frozenset({"FETCH"}))
            # The new MODSEQ is told even to who asked for silence (RFC 7162); flags that somebody else set are news.
            if any("FLAGS" in fetched(answer) for answer in reply.of("FETCH")):
                self._dialogue.has_news = True

    def _expunge(self, named: bytes) -> None:
        self._store(named, b"+FLAGS.SILENT", [DELETED])
        self._dialogue.ask(b"UID EXPUNGE", named, expects=frozenset({"EXPUNGE", "VANISHED"}))
        self._dialogue.exists = None

    def _need(self, capability: str, message: str) -> None:
        if capability not in self._capabilities:
            raise RefusalError(message, code="CANNOT", host=self._wire.host)

    def _need_writable(self) -> None:
        if self._is_read_only:
            raise RefusalError(N_("The folder was opened for reading only."), code="READ-ONLY")

    @contextmanager
    def _making_sense(self) -> Iterator[None]:
        try:
            yield
        except AnswerError as error:
            raise self._dialogue.nonsense() from error


def _coded(reply: Reply, code: str) -> int | None:
    """The number that came with a code; the last, where it came more than once."""
    found = reply.codes(code)
    return number(found[-1]) if found else None


def _copied(text: bytes, limit: int) -> dict[int, int]:
    """Old and new UIDs of COPYUID; none where the server does not count right."""
    _, _, sets = text.partition(b" ")
    old, _, new = sets.partition(b" ")
    before, after = uids_of_set(old, limit), uids_of_set(new, limit)
    return dict(zip(before, after, strict=True)) if len(before) == len(after) else {}
