"""One contract for every server: the real one asked through `sync.imap`, and the one in memory, which may not lie."""

from __future__ import annotations

import io
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from pecdesk.errors import LoginError, NetworkError, ServerError
from pecdesk.profile.accounts import Account, Endpoint
from pecdesk.sync.arguments import ArgumentError
from pecdesk.sync.imap import connect
from pecdesk.sync.refusal import RefusalError, SizeError
from pecdesk.sync.server import ANSWERED, DELETED, FLAGGED, SEEN, FolderRole, Server
from tests.kit.dovecot import Dovecot, missing
from tests.kit.memory_mailbox import CAPABILITIES
from tests.kit.memory_server import MemoryMailbox

PATIENCE = 10.0
QUOTA = 20 << 20
AT = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
NUMBERS = itertools.count(1)


def message(words: str = "prova", size: int = 0, message_id: str = "") -> bytes:
    head = f"Subject: {words}\r\nMessage-ID: {message_id or f'<{words}.{next(NUMBERS)}@pec.esempio.example>'}\r\n\r\n"
    line = b"0123456789abcdef" * 4 + b"\r\n"
    return head.encode() + line * max(1, size // len(line))


@dataclass
class Bench:
    """A mailbox, as a second client sees it, and the way into it."""

    mailbox: MemoryMailbox | Dovecot
    connect: Callable[[Account, str], Server]
    account: Account
    password: str
    connections: list[Server] = field(default_factory=list)

    def server(self) -> Server:
        server = self.connect(self.account, self.password)
        self.connections.append(server)
        return server

    def folder(self) -> str:
        name = f"Prova {next(NUMBERS)}"
        self.mailbox.create(name)
        return name


@pytest.fixture(scope="module", params=["memory", "dovecot"])
def mailbox(request: pytest.FixtureRequest) -> Iterator[MemoryMailbox | Dovecot]:
    if request.param == "memory":
        memory = MemoryMailbox()
        memory.quota_limit = QUOTA
        yield memory
        return
    if reason := missing():
        pytest.skip(reason)
    with Dovecot(quota=f"{QUOTA >> 20}M") as dovecot:
        yield dovecot


@pytest.fixture
def bench(mailbox: MemoryMailbox | Dovecot) -> Iterator[Bench]:
    if isinstance(mailbox, Dovecot):
        bench = Bench(mailbox, connect, mailbox.account(), mailbox.password)
    else:
        account = Account("mario.rossi@pec.esempio.example", Endpoint("127.0.0.1", 993))
        bench = Bench(mailbox, mailbox.connect, account, mailbox.password)
    yield bench
    for server in bench.connections:
        server.close()


@pytest.fixture
def server(bench: Bench) -> Server:
    return bench.server()


@pytest.fixture
def folder(bench: Bench) -> str:
    return bench.folder()


@pytest.fixture
def filled(bench: Bench, folder: str, server: Server) -> dict[int, bytes]:
    """Three messages in a folder that is open for writing."""
    raws = [message(words) for words in ("uno", "due", "tre")]
    filled = {bench.mailbox.append(folder, raw): raw for raw in raws}
    server.select(folder, read_only=False)
    return filled


@contextmanager
def meanwhile(action: Callable[[], object]) -> Iterator[None]:
    """Have something done by somebody else while the body runs."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            action()
        except BaseException as error:  # noqa: BLE001  told in the test's own thread
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join(PATIENCE)
    assert not thread.is_alive()
    assert not failures, failures


def never() -> bool:
    return False


# --- folders ----------------------------------------------------------------------------------------------------------


def test_folders_are_told_with_their_roles(bench: Bench, server: Server) -> None:
    roles = {folder.name: folder.role for folder in server.folders()}
    assert roles["INBOX"] is FolderRole.INBOX
    assert roles["Sent"] is FolderRole.SENT
    assert roles["Spam"] is FolderRole.SPAM
    assert {folder.delimiter for folder in server.folders()} == {"/"}
    assert all(folder.is_selectable for folder in server.folders())


@pytest.mark.parametrize("name", ["Fattùre & Co", "日本", "Pratica “2026”", "a&b", "con spazio in fondo ", "100%"])
def test_a_folder_may_have_any_name(bench: Bench, name: str) -> None:
    bench.mailbox.create(name)
    assert name in [folder.name for folder in bench.server().folders()]
    server = bench.server()
    assert server.status(name).messages == 0
    uid = server.append(name, message(), (), None)
    assert server.select(name).messages == 1
    assert server.uids() == [uid]


def test_a_folder_is_described_alike_closed_and_open(bench: Bench, folder: str, server: Server) -> None:
    empty = server.status(folder)
    assert (empty.messages, empty.uidnext) == (0, 1)
    bench.mailbox.append(folder, message())
    status = server.status(folder)
    assert (status.messages, status.uidnext) == (1, 2)
    assert status.uidvalidity == empty.uidvalidity
    assert status.highest_modseq is not None
    assert empty.highest_modseq is not None
    assert status.highest_modseq > empty.highest_modseq
    assert server.select(folder, read_only=False) == status
    assert server.select(folder) == replace(status, is_read_only=True)


def test_a_folder_that_is_not_there_is_refused_and_nothing_else_ends(folder: str, server: Server) -> None:
    for attempt in (lambda: server.status("Non esiste"), lambda: server.select("Non esiste")):
        with pytest.raises(RefusalError) as caught:
            attempt()
        # Servers need not say why (Dovecot does not): nobody may rely on it.
        assert caught.value.code in {"", "NONEXISTENT"}
    assert server.select(folder).messages == 0


def test_a_refused_folder_leaves_none_open(folder: str, server: Server) -> None:
    server.select(folder)
    with pytest.raises(RefusalError):
        server.select("Non esiste")
    with pytest.raises(ServerError):
        server.uids()


def test_a_folder_with_a_line_break_in_its_name_is_never_asked_for(server: Server) -> None:
    for name in ("a\r\nZ9 DELETE INBOX", "a\nb", "a\rb", "a\0b"):
        attempts: list[Callable[[], object]] = [
            lambda name=name: server.select(name),
            lambda name=name: server.status(name),
            lambda name=name: server.append(name, message(), (), None),
            lambda name=name: server.find_message_id(name, "<a@pec.esempio.example>"),
        ]
        for attempt in attempts:
            with pytest.raises(ArgumentError):
                attempt()
    server.still_there()


# --- what is in them --------------------------------------------------------------------------------------------------


def test_uids_ascend_and_those_that_are_gone_are_missing(
    bench: Bench, folder: str, server: Server, filled: dict[int, bytes]
) -> None:
    assert server.uids() == [1, 2, 3]
    bench.mailbox.expunge(folder, [2])
    assert server.uids() == [1, 3]
    bench.mailbox.append(folder, message())
    assert server.uids() == [1, 3, 4]


def test_an_empty_folder_has_no_uids(folder: str, server: Server) -> None:
    server.select(folder)
    assert server.uids() == []
    assert server.describe([]) == {}
    assert server.headers([]) == {}
    assert list(server.fetch([])) == []


def test_messages_are_described(bench: Bench, folder: str, server: Server) -> None:
    raws = [message("uno"), message("due", 5000)]
    bench.mailbox.append(folder, raws[0], [SEEN, "$Forwarded"], AT)
    bench.mailbox.append(folder, raws[1], (), AT + timedelta(days=200))
    server.select(folder)
    described = server.describe([1, 2, 99])
    assert sorted(described) == [1, 2]
    assert [described[uid].size for uid in (1, 2)] == [len(raw) for raw in raws]
    assert described[1].flags == {SEEN, "$Forwarded"}
    assert described[2].flags == frozenset()
    assert [described[uid].internal_date for uid in (1, 2)] == [AT, AT + timedelta(days=200)]


def test_headers_come_byte_for_byte(bench: Bench, folder: str, server: Server) -> None:
    head = b'Subject: =?utf-8?q?citt=C3=A0?=\r\n folded\r\nX-Odd:   (a "b" {3}\r\nX-Raw: \xe0\r\n\r\n'
    bench.mailbox.append(folder, head + b"body\r\n\r\nmore\r\n")
    server.select(folder)
    assert server.headers([1, 7]) == {1: head}


def test_messages_come_byte_for_byte_and_stay_unread(
    bench: Bench, folder: str, server: Server, filled: dict[int, bytes]
) -> None:
    odd = b"Subject: x\r\n\r\n\xff\xfe) {5}\r\n* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\nZ1 OK done\r\n.\r\n"
    filled[bench.mailbox.append(folder, odd)] = odd
    assert server.uids() == [1, 2, 3, 4]
    assert dict(server.fetch([1, 2, 3, 4])) == filled
    assert all(SEEN not in one.flags for one in server.describe(filled).values())


def test_messages_come_in_the_order_that_was_asked_for(server: Server, filled: dict[int, bytes]) -> None:
    assert [uid for uid, _ in server.fetch([3, 1, 99, 2, 3])] == [3, 1, 2]


def test_fetching_may_be_given_up_in_the_middle(server: Server, filled: dict[int, bytes]) -> None:
    coming = server.fetch([1, 2, 3])
    assert next(coming) == (1, filled[1])
    assert server.uids() == [1, 2, 3]


def test_a_message_that_vanishes_meanwhile_is_left_out(
    bench: Bench, folder: str, server: Server, filled: dict[int, bytes]
) -> None:
    assert sorted(server.describe([1, 2, 3])) == [1, 2, 3]
    bench.mailbox.expunge(folder, [2])
    server.still_there()
    assert [uid for uid, _ in server.fetch([1, 2, 3])] == [1, 3]


def test_a_big_message_comes_into_a_file(bench: Bench, folder: str, server: Server) -> None:
    raw = message("grande", 2_600_000)
    uid = bench.mailbox.append(folder, raw)
    server.select(folder)
    steps: list[int] = []
    file = io.BytesIO()
    assert server.fetch_into(uid, len(raw), file, steps.append, never) == len(raw)
    assert file.getvalue() == raw
    assert steps == sorted(steps)
    assert len(steps) >= 3
    assert steps[-1] == len(raw)
    assert SEEN not in server.describe([uid])[uid].flags


@pytest.mark.parametrize("size", [1 << 20, (1 << 20) + 1])
def test_a_message_as_long_as_a_piece_comes_whole(bench: Bench, folder: str, server: Server, size: int) -> None:
    raw = b"Subject: x\r\n\r\n" + b"x" * (size - 16) + b"\r\n"
    uid = bench.mailbox.append(folder, raw)
    server.select(folder)
    file = io.BytesIO()
    assert server.fetch_into(uid, size, file, lambda done: None, never) == size
    assert file.getvalue() == raw


def test_a_big_message_can_be_stopped_between_two_pieces(bench: Bench, folder: str, server: Server) -> None:
    raw = message("grande", 2_600_000)
    uid = bench.mailbox.append(folder, raw)
    server.select(folder)
    steps: list[int] = []
    came = server.fetch_into(uid, len(raw), io.BytesIO(), steps.append, lambda: bool(steps))
    assert 0 < came < len(raw)
    assert server.uids() == [uid]


@pytest.mark.parametrize("lie", [-7, 7])
def test_a_message_of_another_size_than_was_said_is_told(
    bench: Bench, server: Server, filled: dict[int, bytes], lie: int
) -> None:
    file = io.BytesIO()
    said = len(filled[1]) + lie
    with pytest.raises(SizeError) as caught:
        server.fetch_into(1, said, file, lambda done: None, never)
    assert (caught.value.said, caught.value.came) == (said, len(filled[1]))
    assert file.getvalue() == filled[1]


def test_a_big_message_that_is_gone_is_refused(server: Server, filled: dict[int, bytes]) -> None:
    with pytest.raises(RefusalError) as caught:
        server.fetch_into(99, 1000, io.BytesIO(), lambda done: None, never)
    assert caught.value.code == "NONEXISTENT"


# --- flags, moves, deletions ------------------------------------------------------------------------------------------


def flags(server: Server, uid: int) -> frozenset[str]:
    return server.describe([uid])[uid].flags


def test_flags_are_set_and_taken(server: Server, filled: dict[int, bytes]) -> None:
    server.change_flags([1, 2], add=[SEEN, "$PecLetto"])
    server.change_flags([1, 99], add=[FLAGGED], remove=[SEEN])
    assert flags(server, 1) == {FLAGGED, "$PecLetto"}
    assert flags(server, 2) == {SEEN, "$PecLetto"}
    assert flags(server, 3) == frozenset()


def test_flags_set_elsewhere_are_seen(bench: Bench, folder: str, server: Server, filled: dict[int, bytes]) -> None:
    bench.mailbox.flag(folder, [2], [ANSWERED])
    server.still_there()
    assert flags(server, 2) == {ANSWERED}


def test_what_changed_since_is_told(bench: Bench, folder: str, server: Server, filled: dict[int, bytes]) -> None:
    before = server.select(folder).highest_modseq
    assert before is not None
    assert server.changed_since(before) == []
    bench.mailbox.flag(folder, [2], [SEEN])
    bench.mailbox.append(folder, message())
    assert server.changed_since(before) == [2, 4]
    after = server.status(folder).highest_modseq
    assert after is not None
    assert after > before
    assert server.changed_since(after) == []


def test_a_folder_opened_for_reading_is_never_altered(
    bench: Bench, folder: str, server: Server, filled: dict[int, bytes]
) -> None:
    server.select(folder)
    attempts: list[Callable[[], object]] = [
        lambda: server.change_flags([1], add=[SEEN]),
        lambda: server.move([1], "Trash"),
        lambda: server.delete([1]),
    ]
    for attempt in attempts:
        with pytest.raises(RefusalError) as caught:
            attempt()
        assert caught.value.code == "READ-ONLY"
    assert server.uids() == [1, 2, 3]
    assert flags(server, 1) == frozenset()


def test_moving_tells_the_new_uids(bench: Bench, folder: str, server: Server, filled: dict[int, bytes]) -> None:
    target = bench.folder()
    bench.mailbox.append(target, message())
    server.change_flags([3], add=[FLAGGED])
    before = server.describe([3])[3]
    assert server.move([1, 3, 99], target) == {1: 2, 3: 3}
    assert server.uids() == [2]
    server.select(target)
    assert dict(server.fetch([2, 3])) == {2: filled[1], 3: filled[3]}
    assert server.describe([3])[3] == before


def test_moving_what_is_gone_moves_nothing(server: Server, filled: dict[int, bytes]) -> None:
    assert server.move([98, 99], "Trash") == {}


def test_moving_to_a_folder_that_is_not_there_is_refused(server: Server, filled: dict[int, bytes]) -> None:
    with pytest.raises(RefusalError) as caught:
        server.move([1], "Non esiste")
    assert caught.value.code == "TRYCREATE"
    assert server.uids() == [1, 2, 3]


def test_exactly_these_are_deleted(bench: Bench, folder: str, server: Server, filled: dict[int, bytes]) -> None:
    bench.mailbox.flag(folder, [1], [DELETED])
    server.delete([2, 99])
    assert server.uids() == [1, 3]


# --- putting in, finding again ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 3_000, 3_000_000])
def test_what_is_put_in_is_there_byte_for_byte(bench: Bench, folder: str, server: Server, size: int) -> None:
    raw = message("copia", size)
    at = datetime(2026, 11, 22, 9, 30, 5, tzinfo=UTC) - timedelta(minutes=size)
    uid = server.append(folder, raw, [SEEN, "$Copia"], at)
    assert uid == 1
    server.select(folder)
    assert dict(server.fetch([uid])) == {uid: raw}
    described = server.describe([uid])[uid]
    assert described.flags == {SEEN, "$Copia"}
    assert described.internal_date == at


def test_what_is_put_in_without_a_date_gets_one(folder: str, server: Server) -> None:
    uid = server.append(folder, message(), (), None)
    assert uid is not None
    server.select(folder)
    assert server.describe([uid])[uid].internal_date is not None


def test_putting_into_a_folder_that_is_not_there_is_refused(server: Server) -> None:
    for size in (0, 100_000):
        with pytest.raises(RefusalError) as caught:
            server.append("Non esiste", message("x", size), (), None)
        assert caught.value.code == "TRYCREATE"
    server.still_there()


def test_a_full_mailbox_says_so(bench: Bench, folder: str, server: Server) -> None:
    with pytest.raises(RefusalError) as caught:
        server.append(folder, message("troppo", QUOTA), (), None)
    assert caught.value.code == "OVERQUOTA"
    assert server.status(folder).messages == 0


def test_how_full_the_mailbox_is(bench: Bench, folder: str, server: Server) -> None:
    before = server.quota()
    assert before is not None
    server.append(folder, message("pesante", 1 << 20), (), None)
    after = server.quota()
    assert after is not None
    assert after.limit == before.limit == QUOTA
    assert (1 << 20) - 2048 < after.used - before.used < (1 << 20) + 2048


def test_a_message_of_ours_is_found_by_its_identifier(bench: Bench, folder: str, server: Server) -> None:
    wanted = "<pecdesk.0a1b-2c@pec.esempio.example>"
    bench.mailbox.append(folder, message("altra"))
    assert server.find_message_id(folder, wanted) == []
    uid = server.append(folder, message("nostra", message_id=wanted), (), None)
    assert server.find_message_id(folder, wanted) == [uid]
    assert server.find_message_id("INBOX", wanted) == []


@pytest.mark.parametrize(
    "message_id",
    [
        '<a"b@x.example>',
        "<a@x.example> OR ALL",
        "a@x.example",
        "",
        "<a\r\n@x.example>",
        "<à@x.example>",
        "<\\@x.example>",
    ],
)
def test_nothing_is_searched_that_is_not_an_identifier_of_ours(folder: str, server: Server, message_id: str) -> None:
    with pytest.raises(ArgumentError):
        server.find_message_id(folder, message_id)
    server.still_there()


# --- waiting for news -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("news", ["a message", "a flag", "a removal"])
def test_news_end_the_wait(bench: Bench, folder: str, server: Server, filled: dict[int, bytes], news: str) -> None:
    happening: dict[str, Callable[[], object]] = {
        "a message": lambda: bench.mailbox.append(folder, message()),
        "a flag": lambda: bench.mailbox.flag(folder, [1], [SEEN]),
        "a removal": lambda: bench.mailbox.expunge(folder, [1]),
    }
    with meanwhile(happening[news]):
        assert server.wait(PATIENCE, never)
    assert not server.wait(0.01, never)


def test_without_news_the_wait_ends_by_itself(server: Server, filled: dict[int, bytes]) -> None:
    assert not server.wait(0.05, never)
    assert server.uids() == [1, 2, 3]


def test_the_wait_ends_when_it_is_told_to(server: Server, filled: dict[int, bytes]) -> None:
    looks: list[int] = []

    def stopped() -> bool:
        looks.append(1)
        return len(looks) > 1

    assert not server.wait(600, stopped)
    assert len(looks) == 2


def test_news_between_two_commands_are_not_lost(
    bench: Bench, folder: str, server: Server, filled: dict[int, bytes]
) -> None:
    bench.mailbox.append(folder, message())
    server.still_there()
    assert server.wait(PATIENCE, never)
    assert not server.wait(0.01, never)


def test_what_one_does_oneself_is_no_news(server: Server, filled: dict[int, bytes]) -> None:
    server.change_flags([1], add=[SEEN])
    server.move([1], "Trash")
    server.delete([2])
    assert server.uids() == [3]
    assert not server.wait(0.05, never)


# --- what happens to a mailbox ----------------------------------------------------------------------------------------


def test_another_uidvalidity_is_told(bench: Bench, folder: str, server: Server) -> None:
    bench.mailbox.append(folder, message())
    before = server.status(folder).uidvalidity
    bench.mailbox.change_uidvalidity(folder, before + 1000)
    assert server.status(folder).uidvalidity == before + 1000
    assert server.select(folder).uidvalidity == before + 1000


def test_a_folder_of_another_name_keeps_its_numbers(
    bench: Bench, folder: str, server: Server, filled: dict[int, bytes]
) -> None:
    before = server.status(folder)
    bench.mailbox.rename(folder, f"{folder} nuova")
    other = bench.server()
    names = [each.name for each in other.folders()]
    assert folder not in names
    assert f"{folder} nuova" in names
    after = other.select(f"{folder} nuova", read_only=False)
    assert (after.uidvalidity, after.uidnext) == (before.uidvalidity, before.uidnext)
    assert other.uids() == [1, 2, 3]


def test_a_folder_made_again_has_another_uidvalidity(bench: Bench, folder: str) -> None:
    with closing(bench.server()) as server:
        before = server.status(folder).uidvalidity
    bench.mailbox.remove(folder)
    with closing(bench.server()) as server, pytest.raises(RefusalError):
        server.status(folder)
    bench.mailbox.create(folder)
    with closing(bench.server()) as server:
        assert server.status(folder).uidvalidity != before


def test_a_folder_that_is_deleted_while_it_is_open_ends_the_connection(
    bench: Bench, folder: str, server: Server, filled: dict[int, bytes]
) -> None:
    bench.mailbox.remove(folder)
    with pytest.raises(NetworkError):
        server.uids()


# --- connections ------------------------------------------------------------------------------------------------------


def test_the_server_tells_what_it_can(server: Server) -> None:
    assert server.capabilities >= CAPABILITIES


def test_a_wrong_password_is_a_refused_login(bench: Bench) -> None:
    with pytest.raises(LoginError) as caught:
        bench.connect(bench.account, "un'altra")
    assert "un'altra" not in str(caught.value)


def test_two_connections_see_the_same_mailbox(bench: Bench, folder: str, server: Server) -> None:
    other = bench.server()
    uid = server.append(folder, message(), (), None)
    other.select(folder)
    assert other.uids() == [uid]


def test_a_dropped_connection_is_gone_for_good(bench: Bench, server: Server, filled: dict[int, bytes]) -> None:
    server.still_there()
    bench.mailbox.kick()
    for _ in range(2):
        with pytest.raises(NetworkError):
            server.still_there()
    server.close()


def test_a_connection_dropped_while_waiting_says_so(bench: Bench, server: Server, filled: dict[int, bytes]) -> None:
    with meanwhile(bench.mailbox.kick), pytest.raises(NetworkError):
        server.wait(PATIENCE, never)


def test_after_the_goodbye_nobody_is_there(server: Server) -> None:
    server.close()
    server.close()
    with pytest.raises(NetworkError):
        server.still_there()
    with pytest.raises(NetworkError):
        server.folders()
