"""IMAP servers and networks that mean harm, or are broken: nothing wrong is believed, nothing waits for ever."""

from __future__ import annotations

import base64
import io
import itertools
import logging
import os
import ssl
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pecdesk.errors import CancelledError, LoginError, NetworkError, PecdeskError, ServerError
from pecdesk.profile.accounts import Endpoint, Security
from pecdesk.profile.connection import CertificateError, tls_context
from pecdesk.sync.arguments import ArgumentError
from pecdesk.sync.imap import ImapServer, connect
from pecdesk.sync.refusal import RefusalError, SizeError
from pecdesk.sync.server import SEEN
from tests.kit.certificates import ServerAuthority, ServerCertificate
from tests.kit.dovecot import Dovecot
from tests.kit.fault_proxy import FaultProxy, Plan, Way
from tests.kit.scripted_imap import Answer, ScriptedImap, Visit

SECRET = "Sesamo-apriti-42"
QUICK = 0.4
"""Seconds of silence after which a server is given up here."""
SLACK = 3.0
"""Seconds a busy machine may add."""


OPEN: list[ImapServer] = []


@pytest.fixture(autouse=True)
def _all_closed() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


def came_in(server: ScriptedImap, **options: Any) -> ImapServer:
    """Logged in."""
    imap = connect(server.account(), SECRET, **{"timeout": QUICK, **options})
    OPEN.append(imap)
    return imap


def entered(server: ScriptedImap) -> ImapServer:
    """Logged in, with the folder open."""
    imap = came_in(server)
    imap.select("INBOX", read_only=False)
    return imap


def refused(server: ScriptedImap, kind: type[PecdeskError]) -> PecdeskError:
    began = time.monotonic()
    with pytest.raises(kind) as caught:
        connect(server.account(), SECRET, timeout=QUICK).close()
    assert time.monotonic() - began < 5 * QUICK + SLACK
    assert caught.value.next_step
    return caught.value


def never() -> bool:
    return False


# --- at the door ------------------------------------------------------------------------------------------------------

GREETINGS: dict[str, tuple[Answer, type[PecdeskError], str]] = {
    "lets everybody in": (b"* PREAUTH welcome\r\n", ServerError, "without a password"),
    "turns everybody away": (b"* BYE [UNAVAILABLE] too busy\r\n", NetworkError, "closed the connection: too busy"),
    "speaks another language": (b"220 smtp.example ESMTP\r\n", ServerError, "no IMAP server"),
    "speaks the web's": (b"HTTP/1.1 400 Bad Request\r\n\r\n", ServerError, "no IMAP server"),
    "speaks nothing": (b"\x00\xff\xfe\r\n", ServerError, "no IMAP server"),
    "says no": (b"* NO not here\r\n", ServerError, "no IMAP server"),
    "answers before it was asked": (b"Z1 OK done\r\n", ServerError, "no IMAP server"),
    "hangs up": (Visit.close, NetworkError, "was cut"),
    "says nothing": (Visit.silence, NetworkError, "in time"),
    "begins a line without end": (lambda visit: visit.flood(b"x" * 100), ServerError, "without end"),
    "says lines without end": (lambda visit: visit.flood(b"* OK on\r\n" * 10), ServerError, "without end"),
    "drips": (lambda visit: visit.drip(b"x", 0.01), NetworkError, "in time"),
    "announces a block": (b"* OK {60000000000}\r\n", ServerError, "makes no sense|no IMAP|announces"),
}


@pytest.mark.parametrize("greeting", GREETINGS)
def test_a_strange_greeting_is_told_and_no_password_said(greeting: str) -> None:
    said, kind, words = GREETINGS[greeting]
    with ScriptedImap(greeting=said) as server:
        error = refused(server, kind)
        assert not server.asked("AUTHENTICATE")
        assert not server.asked("LOGIN")
    if greeting != "announces a block":
        assert words in str(error)


@pytest.mark.parametrize("capabilities", ["", "IMAP2", "POP3 SMTP"])
def test_a_server_that_cannot_speak_imap_is_told(capabilities: str) -> None:
    with ScriptedImap(capabilities=capabilities) as server:
        refused(server, ServerError)
        assert not server.asked("AUTHENTICATE")


def test_a_server_that_takes_no_password_here_gets_none() -> None:
    with ScriptedImap(capabilities="IMAP4rev1 STARTTLS LOGINDISABLED") as server:
        assert "nobody log in" in str(refused(server, ServerError))
        assert not server.asked("LOGIN")
        assert not server.asked("STARTTLS")


# --- TLS --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> ServerAuthority:
    return ServerAuthority(tmp_path_factory.mktemp("tls"))


CERTIFICATES: dict[str, tuple[Callable[[ServerAuthority], ServerCertificate], str]] = {
    "another host's": (ServerAuthority.wrong_host, "not for 127.0.0.1"),
    "an expired one": (ServerAuthority.expired, "has expired"),
    "one of tomorrow": (ServerAuthority.not_yet_valid, "not valid yet"),
    "its own word": (ServerAuthority.self_signed, "vouches only for itself"),
}


@pytest.mark.parametrize("shown", CERTIFICATES)
def test_a_certificate_that_is_not_believed_is_the_end(authority: ServerAuthority, shown: str) -> None:
    make, words = CERTIFICATES[shown]
    with ScriptedImap(certificate=make(authority)) as server:
        account = server.account(security=Security.TLS, ca_file=str(authority.ca_file))
        with pytest.raises(CertificateError, match=words) as caught:
            connect(account, SECRET, timeout=QUICK)
        assert "The password was not sent" in caught.value.next_step
        assert server.commands == []


def test_an_authority_nobody_named_is_not_believed(authority: ServerAuthority) -> None:
    with (
        ScriptedImap(certificate=authority.good()) as server,
        pytest.raises(CertificateError, match="authority that is not known"),
    ):
        connect(server.account(security=Security.TLS), SECRET, timeout=QUICK)


def test_the_good_certificate_is_believed_by_name_and_by_address(authority: ServerAuthority) -> None:
    for host in ("localhost", "127.0.0.1"):
        with ScriptedImap(certificate=authority.good()) as server:
            account = server.account(security=Security.TLS, ca_file=str(authority.ca_file), host=host)
            imap = connect(account, SECRET, timeout=5)
            assert imap.select("INBOX").uidvalidity == 7
            imap.close()


def test_nothing_is_agreed_upon_anew_on_a_connection_that_is_believed(authority: ServerAuthority) -> None:
    context = tls_context(str(authority.ca_file))
    assert context.options & ssl.OP_NO_RENEGOTIATION
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_encryption_of_yesterday_is_refused(authority: ServerAuthority) -> None:
    class Old(ServerCertificate):
        def context(self) -> ssl.SSLContext:
            context = super().context()
            context.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = ssl.TLSVersion.TLSv1_1
            return context

    good = authority.good()
    with ScriptedImap(certificate=Old(good.certificate, good.key)) as server:
        account = server.account(security=Security.TLS, ca_file=str(authority.ca_file))
        with pytest.raises(CertificateError, match="no longer safe"):
            connect(account, SECRET, timeout=QUICK)


@pytest.mark.parametrize("greeting", [b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n", b"* PREAUTH in\r\n"])
def test_a_server_that_would_only_begin_without_tls_is_refused(greeting: bytes) -> None:
    with ScriptedImap(greeting=greeting) as server:
        with pytest.raises(NetworkError, match="does not speak TLS"):
            connect(server.account(security=Security.TLS), SECRET, timeout=QUICK)
        assert not [command for command in server.commands if SECRET.encode() in command]


def test_without_tls_only_this_computer_is_talked_to() -> None:
    account = replace(ACCOUNT, imap=Endpoint("192.0.2.1", 143, Security.PLAIN))
    began = time.monotonic()
    with pytest.raises(NetworkError, match="not this computer"):
        connect(account, SECRET)
    assert time.monotonic() - began < SLACK


def test_where_nobody_listens_is_told() -> None:
    with ScriptedImap() as server:
        account = server.account()
    with pytest.raises(NetworkError, match="nobody answers"):
        connect(account, SECRET, timeout=QUICK)


def test_a_file_of_authorities_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    os.mkfifo(tmp_path / "pipe.pem")
    (tmp_path / "endless.pem").write_bytes(b" " * (2 << 20))
    for name in ("empty.pem", "missing.pem", "pipe.pem", "endless.pem", "."):
        with ScriptedImap() as server, pytest.raises(PecdeskError, match="cannot be used"):
            connect(server.account(security=Security.TLS, ca_file=str(tmp_path / name)), SECRET, timeout=QUICK)


# --- logging in -------------------------------------------------------------------------------------------------------

with_plain = "IMAP4rev1 AUTH=PLAIN SASL-IR"
without_initial = "IMAP4rev1 AUTH=PLAIN"
only_login = "IMAP4rev1"

REFUSALS = {
    b"NO [AUTHENTICATIONFAILED] wrong": LoginError,
    b"NO LOGIN failed": LoginError,
    b"NO [AUTHORIZATIONFAILED] not you": LoginError,
    b"NO [EXPIRED] too old": LoginError,
    b"NO [ALERT] Invalid credentials": LoginError,
    b"NO [UNAVAILABLE] try again later": RefusalError,
    b"NO [LIMIT] too many": RefusalError,
    b"NO [INUSE] locked": RefusalError,
    b"NO [ALERT] Too many simultaneous connections": RefusalError,
    b"NO Maximum number of connections exceeded": RefusalError,
    b"NO [CONTACTADMIN] ask": LoginError,
    b"BAD what": LoginError,
    b"NO [SERVERBUG] oops": RefusalError,
}


@pytest.mark.parametrize("capabilities", [with_plain, without_initial, only_login])
@pytest.mark.parametrize("said", REFUSALS)
def test_a_refused_login_is_told_apart_from_a_busy_server_and_never_tried_twice(said: bytes, capabilities: str) -> None:
    answers = {"AUTHENTICATE": b"TAG " + said + b"\r\n", "LOGIN": b"TAG " + said + b"\r\n"}
    with ScriptedImap(answers, capabilities=capabilities) as server:
        with pytest.raises(PecdeskError) as caught:
            connect(server.account(), SECRET, timeout=QUICK)
        assert len(server.asked("AUTHENTICATE") + server.asked("LOGIN")) == 1
    assert type(caught.value) is REFUSALS[said]
    assert SECRET not in everything_told(caught.value)


def test_a_goodbye_during_the_login_is_no_refused_password() -> None:
    with ScriptedImap({"AUTHENTICATE": b"* BYE [UNAVAILABLE] maintenance\r\n"}) as server:
        assert "maintenance" in str(refused(server, NetworkError))


@pytest.mark.parametrize(
    "words", ["Authentication failed", "Wrong password", "[ALERT] invalid credentials", "login denied"]
)
def test_a_goodbye_over_the_password_is_a_refused_one(words: str) -> None:
    with ScriptedImap({"AUTHENTICATE": f"* BYE {words}\r\n".encode()}) as server:
        refused(server, LoginError)
        assert len(server.asked("AUTHENTICATE")) == 1


@pytest.mark.parametrize("said", [b"TAG NO [LIMIT] too many as ", b"* BYE [UNAVAILABLE] gone with ", b"TAG NO "])
@pytest.mark.parametrize("repeated", [SECRET.encode(), base64.b64encode(SECRET.encode()), b"PLAIN"])
def test_a_server_that_repeats_the_password_is_not_repeated(said: bytes, repeated: bytes) -> None:
    told = PLAIN if repeated == b"PLAIN" else repeated
    with (
        ScriptedImap({"AUTHENTICATE": said + told + b" !\r\n"}) as server,
        pytest.raises(PecdeskError) as caught,
    ):
        connect(server.account(), SECRET, timeout=QUICK)
    everything = everything_told(caught.value) + str(caught.value) + repr(caught.value.fields)
    assert told.decode() not in everything


def test_who_asks_for_the_password_again_and_again_gets_it_once() -> None:
    with ScriptedImap({"AUTHENTICATE": lambda visit: visit.flood(b"+ \r\n")}, capabilities=without_initial) as server:
        refused(server, ServerError)
        assert sum(command.count(PLAIN) for command in server.commands) <= 1


@pytest.mark.parametrize("capabilities", [with_plain, without_initial, only_login, f"{only_login} LITERAL+"])
@pytest.mark.parametrize("password", [SECRET, 'a" \\b', "perché € 5", " "])
def test_every_password_arrives_as_it_is(capabilities: str, password: str) -> None:
    heard: list[bytes] = []

    def hear(visit: Visit) -> None:
        visit.send(b"+ \r\n")
        heard.append(visit.hear().strip())
        visit.send(server.last_tag + b" OK in\r\n")

    answers = {"AUTHENTICATE": hear} if capabilities == without_initial else {}
    with ScriptedImap(answers, capabilities=capabilities) as server:
        connect(server.account(), password, timeout=QUICK).close()
        said = b"".join(server.asked("AUTHENTICATE") + server.asked("LOGIN") + heard)
    user = server.account().login.encode()
    if capabilities == only_login or "LITERAL+" in capabilities:
        raw = password.encode()
        quoted = b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
        plus = b"+" if "LITERAL+" in capabilities else b""
        block = b"{%d%s}\r\n" % (len(raw), plus) + raw
        assert said == b'LOGIN "' + user + b'" ' + (quoted if raw.isascii() else block)
    else:
        assert said.endswith(base64.b64encode(b"\0" + user + b"\0" + password.encode()))


@pytest.mark.parametrize("letter", ["\r", "\n", "\0", "\r\nZ9 DELETE INBOX\r\n"])
def test_a_line_break_in_user_or_password_is_never_sent(letter: str) -> None:
    with ScriptedImap() as server:
        for account, password in (
            (server.account(), SECRET + letter),
            (replace(server.account(), user=f"mario{letter}"), SECRET),
        ):
            with pytest.raises(ArgumentError) as caught:
                connect(account, password, timeout=QUICK)
            assert SECRET not in everything_told(caught.value)
        assert server.commands == []


def test_too_many_connections_are_no_refused_password() -> None:
    with Dovecot(connections=1) as dovecot:
        first = connect(dovecot.account(), dovecot.password)
        with pytest.raises(PecdeskError) as caught:
            connect(dovecot.account(), dovecot.password)
        assert isinstance(caught.value, RefusalError)
        assert caught.value.code == "LIMIT"
        first.close()


def test_the_log_keeps_neither_password_nor_mail(dovecot: Dovecot, caplog: pytest.LogCaptureFixture) -> None:
    dovecot.append("INBOX", b"Subject: riservato\r\n\r\nsegreto\r\n")
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("imapclient").setLevel(logging.DEBUG)
        try:
            imap = connect(dovecot.account(), dovecot.password)
            imap.select("INBOX")
            assert b"segreto" in b"".join(raw for _, raw in imap.fetch(imap.uids()))
            imap.close()
        finally:
            logging.getLogger("imapclient").setLevel(logging.WARNING)
    assert "logged in" in caplog.text
    encoded = base64.b64encode(b"\0" + dovecot.user.encode() + b"\0" + dovecot.password.encode()).decode()
    for word in (dovecot.password, dovecot.user, "segreto", "riservato", encoded):
        assert word not in caplog.text


# --- messages that are not what they seem -----------------------------------------------------------------------------

DESCRIBED = b'* 1 FETCH (UID 8 RFC822.SIZE 3 FLAGS (\\Seen) INTERNALDATE "01-Mar-2026 10:30:00 +0000")\r\n'


def fetching(answer: bytes) -> dict[str, Answer]:
    """A server that describes message 8 as three bytes long, and answers this when it is asked for them."""
    return {
        "UID FETCH 8 (UID RFC822": DESCRIBED + b"TAG OK done\r\n",
        "UID FETCH": answer + b"TAG OK done\r\n",
    }


NOTHING: dict[str, bytes] = {
    "says nothing of it": b"",
    "has none of its bytes": b"* 1 FETCH (UID 8 BODY[] NIL)\r\n",
    "gives an empty text": b'* 1 FETCH (UID 8 BODY[] "")\r\n',
    "gives an empty block": b"* 1 FETCH (UID 8 BODY[] {0}\r\n)\r\n",
    "gives another": b"* 1 FETCH (UID 9 BODY[] {3}\r\nabc)\r\n",
    "does not say which": b"* 1 FETCH (BODY[] {3}\r\nabc)\r\n",
    "gives its flags only": b"* 1 FETCH (UID 8 FLAGS (\\Seen))\r\n",
    "gives its header": b"* 1 FETCH (UID 8 BODY[HEADER] {3}\r\nabc)\r\n",
    "gives a list": b"* 1 FETCH (UID 8 BODY[] (a b c))\r\n",
}


@pytest.mark.parametrize("server_that", NOTHING)
def test_what_is_not_the_message_is_not_taken_for_it(server_that: str) -> None:
    with ScriptedImap(fetching(NOTHING[server_that])) as server:
        imap = entered(server)
        assert list(imap.fetch([8])) == []
        assert list(imap.headers([8])) == ([8] if "header" in server_that else [])
        with pytest.raises(ServerError):
            imap.fetch_into(8, 3, io.BytesIO(), lambda done: None, never)


NONSENSE: dict[str, bytes] = {
    "a block nobody can hold": b"* 1 FETCH (UID 8 BODY[] {60000000000}\r\n",
    "a block with a long number": b"* 1 FETCH (UID 8 BODY[] {" + b"9" * 19 + b"}\r\n",
    "no end of its list": b"* 1 FETCH (UID 8 BODY[] {3}\r\nabc\r\n",
    "lists in lists without end": b"* 1 FETCH " + b"(" * 50_000 + b"\r\n",
    "more ends than beginnings": b"* 1 FETCH (UID 8))\r\n",
    "a text without end": b'* 1 FETCH (UID 8 BODY[] "abc)\r\n',
    "an uneven list": b"* 1 FETCH (UID)\r\n",
    "no list": b"* 1 FETCH UID 8\r\n",
    "a UID that is no number": b"* 1 FETCH (UID x BODY[] {3}\r\nabc)\r\n",
    "a UID below zero": b"* 1 FETCH (UID -8 BODY[] {3}\r\nabc)\r\n",
    "words before its list": b"* 1 FETCH x (UID 8)\r\n",
    "brackets without number": b"* FETCH (UID 8 [[[[\r\n",
    "somebody else's answer": b"Z999 OK done\r\n",
    "no answer at all": b"\x00\x01\x02\r\n",
    "an empty line": b"\r\n",
    "leave to go on": b"+ go on\r\n",
    "a block longer than it said": b"* 1 FETCH (UID 8 BODY[] {2}\r\nabc)\r\n",
    "a block shorter than it said": b"* 1 FETCH (UID 8 BODY[] {4}\r\nabc)\r\n",
}


@pytest.mark.parametrize("answer", NONSENSE)
def test_an_answer_that_makes_no_sense_ends_the_connection(answer: str) -> None:
    with ScriptedImap(fetching(NONSENSE[answer])) as server:
        imap = entered(server)
        began = time.monotonic()
        with pytest.raises(PecdeskError) as caught:
            list(imap.fetch([8]))
        assert isinstance(caught.value, ServerError | NetworkError)
        assert caught.value.next_step
        with pytest.raises(NetworkError):
            imap.still_there()
        assert time.monotonic() - began < 5 * QUICK + SLACK


ENDLESS: dict[str, Callable[[Visit], None]] = {
    "a line": lambda visit: visit.flood(b"x" * 10_000),
    "answers": lambda visit: visit.flood(b"* 1 FETCH (UID 9 FLAGS ())\r\n"),
    "other answers": lambda visit: visit.flood(b"* 5 EXISTS\r\n* 4 EXISTS\r\n"),
    "statuses": lambda visit: visit.flood(b"* OK still here\r\n"),
    "blocks": lambda visit: visit.flood(b"* 1 FETCH (UID 9 BODY[] {9}\r\n123456789)\r\n"),
    "drops": lambda visit: visit.drip(b"x", 0.01),
    "silence": Visit.silence,
}


@pytest.mark.parametrize("what", ENDLESS)
def test_an_answer_without_end_is_cut_off(what: str) -> None:
    script = fetching(b"")
    with ScriptedImap({**script, "UID FETCH": ENDLESS[what]}) as server:
        imap = entered(server)
        imap.describe([8])
        began = time.monotonic()
        with pytest.raises((ServerError, NetworkError)):
            list(imap.fetch([8]))
        assert time.monotonic() - began < 5 * QUICK + SLACK
        with pytest.raises(NetworkError):
            imap.still_there()


def test_a_message_far_longer_than_was_said_does_not_fill_the_memory_and_holds_up_no_other() -> None:
    long = b"x" * (3 << 20)
    both = b'* 1 FETCH (UID 7 RFC822.SIZE 3 FLAGS () INTERNALDATE "01-Mar-2026 10:30:00 +0000")\r\n' + DESCRIBED
    bodies = b"* 1 FETCH (UID 7 BODY[] {%d}\r\n%s)\r\n* 2 FETCH (UID 8 BODY[] {3}\r\nabc)\r\n" % (len(long), long)
    with ScriptedImap(
        {"UID FETCH 7:8 (UID RFC822": both + b"TAG OK\r\n", "UID FETCH": bodies + b"TAG OK done\r\n"}
    ) as server:
        imap = entered(server)
        came: dict[int, bytes] = {}
        with pytest.raises(SizeError) as caught:
            came.update(imap.fetch([7, 8]))
        assert (caught.value.said, caught.value.came) == (3, len(long))
        assert came == {8: b"abc"}
        imap.still_there()


def test_a_message_somewhat_different_from_what_was_said_is_asked_for_once_more_and_then_taken() -> None:
    with ScriptedImap(fetching(b"* 1 FETCH (UID 8 BODY[] {5}\r\nabcde)\r\n")) as server:
        imap = entered(server)
        assert list(imap.fetch([8])) == [(8, b"abcde")]
        assert len(server.asked("UID FETCH 8 (UID BODY.PEEK[])")) == 2


PIECES: dict[str, tuple[list[bytes], type[PecdeskError]]] = {
    "more than was asked for": ([b"BODY[]<0> {1048577}\r\n" + b"x" * 1048577], ServerError),
    "another beginning": ([b"BODY[]<7> {3}\r\nabc"], ServerError),
    "the beginning again": ([b"BODY[]<0> {1048576}\r\n" + b"x" * 1048576, b"BODY[] {3}\r\nabc"], ServerError),
    "nothing after a while": ([b"BODY[]<0> {2}\r\nab", b"BODY[]<2> NIL"], ServerError),
    "its end too early": ([b"BODY[]<0> {2}\r\nab", b'BODY[]<2> ""'], SizeError),
    "more than it has": ([b"BODY[]<0> {4}\r\nabcd", b'BODY[]<4> ""'], SizeError),
}


@pytest.mark.parametrize("what", PIECES)
def test_a_big_message_that_does_not_come_as_it_should_is_told(what: str) -> None:
    pieces, kind = PIECES[what]
    coming = iter([b"* 1 FETCH (UID 8 " + piece + b")\r\n" for piece in pieces])

    def answer(visit: Visit) -> None:
        visit.send(next(coming) + server.last_tag + b" OK done\r\n")

    with ScriptedImap({"UID FETCH": answer}) as server:
        imap = entered(server)
        with pytest.raises(kind):
            imap.fetch_into(8, 3, io.BytesIO(), lambda done: None, never)


def test_a_big_message_that_comes_in_short_pieces_comes_whole() -> None:
    def answer(visit: Visit) -> None:
        begin = int(server.commands[-1].split(b"<")[1].split(b".")[0])
        piece = b"abcdefg"[begin : begin + 2]
        said = b"* 1 FETCH (UID 8 BODY[]<%d> {%d}\r\n%s)\r\n" % (begin, len(piece), piece)
        visit.send(said + server.last_tag + b" OK done\r\n")

    with ScriptedImap({"UID FETCH": answer}) as server:
        imap = entered(server)
        file = io.BytesIO()
        assert imap.fetch_into(8, 7, file, lambda done: None, never) == 7
        assert file.getvalue() == b"abcdefg"


def test_news_about_other_messages_are_not_mixed_up_with_an_answer() -> None:
    noise = b"* 9 FETCH (FLAGS (\\Seen))\r\n* 2 EXPUNGE\r\n* 12 EXISTS\r\n* VANISHED 5:6\r\n* OK [ALERT] look {3}\r\n"
    with ScriptedImap(fetching(noise + b"* 1 FETCH (UID 8 BODY[] {3}\r\nabc)\r\n" + noise)) as server:
        imap = entered(server)
        assert list(imap.fetch([8])) == [(8, b"abc")]
        assert imap.wait(0, never)


# --- a network that cuts ----------------------------------------------------------------------------------------------

THREE_PARTS = (
    b"Subject: tre parti\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    + b"".join(
        b"--x\r\nContent-Type: text/plain\r\n\r\n" + part * 300 + b"\r\n" for part in (b"uno ", b"due ", b"tre ")
    )
    + b"--x--\r\n"
)


@pytest.fixture(scope="module")
def uid(dovecot: Dovecot) -> int:
    dovecot.create("Tagli")
    return dovecot.append("Tagli", THREE_PARTS)


def visited(proxy: FaultProxy, dovecot: Dovecot, uid: int, *, timeout: float = 5.0) -> dict[int, bytes]:
    imap = connect(dovecot.account(plain=True, port=proxy.port), dovecot.password, timeout=timeout)
    try:
        imap.select("Tagli")
        return dict(imap.fetch([uid]))
    finally:
        imap.close()


def test_a_message_that_is_cut_off_is_never_taken_for_whole(dovecot: Dovecot, uid: int) -> None:
    with FaultProxy(dovecot.plain_port) as proxy:
        assert visited(proxy, dovecot, uid) == {uid: THREE_PARTS}
        whole = proxy.passed(Way.DOWN)
        begin, end = whole.index(b"BODY[]") - 10, whole.index(b")\r\n", whole.index(b"--x--")) + 5
        step = (end - begin) // 24
        for index, offset in enumerate([*range(begin, end, step), end - 6, end - 5, end - 3]):
            proxy.plan(Plan(cut_after=offset, is_reset=bool(index % 2)))
            with pytest.raises(NetworkError):
                visited(proxy, dovecot, uid)


def test_an_answer_that_comes_byte_by_byte_is_the_same(dovecot: Dovecot, uid: int) -> None:
    with FaultProxy(dovecot.plain_port) as proxy:
        proxy.plan(Plan(slice_bytes=1))
        assert visited(proxy, dovecot, uid) == {uid: THREE_PARTS}


def test_a_command_that_goes_out_byte_by_byte_is_the_same(dovecot: Dovecot, uid: int) -> None:
    with FaultProxy(dovecot.plain_port) as proxy:
        proxy.plan(Plan(Way.UP, slice_bytes=1))
        assert visited(proxy, dovecot, uid) == {uid: THREE_PARTS}


def test_a_connection_that_says_nothing_any_more_is_given_up(dovecot: Dovecot, uid: int) -> None:
    with FaultProxy(dovecot.plain_port) as proxy:
        proxy.plan(Plan(stall_after_pattern=b"boundary=x"))
        with pytest.raises(NetworkError, match="in time"):
            visited(proxy, dovecot, uid, timeout=QUICK)


def lying(pattern: bytes, by: int) -> Callable[[bytes], bytes]:
    """Every number after this pattern is another one."""

    def rewrite(line: bytes) -> bytes:
        before, found, after = line.partition(pattern)
        digits = bytes(itertools.takewhile(lambda letter: chr(letter).isdigit(), after))
        if not found or not digits:
            return line
        return before + found + b"%d" % (int(digits) + by) + after[len(digits) :]

    return rewrite


@pytest.mark.parametrize("by", [-1000, -1, 1, 1000])
def test_a_size_that_is_a_lie_changes_no_byte(dovecot: Dovecot, uid: int, by: int) -> None:
    with FaultProxy(dovecot.plain_port) as proxy:
        proxy.plan(Plan(rewrite_line=lying(b"RFC822.SIZE ", by)))
        assert visited(proxy, dovecot, uid) == {uid: THREE_PARTS}


@pytest.mark.parametrize("by", [-100, -1, 1, 2, 100, 60_000_000_000])
def test_a_length_that_is_a_lie_is_never_believed(dovecot: Dovecot, uid: int, by: int) -> None:
    with FaultProxy(dovecot.plain_port) as proxy:
        proxy.plan(Plan(rewrite_line=lying(b"BODY[] {", by)))
        with pytest.raises((ServerError, NetworkError)):
            visited(proxy, dovecot, uid, timeout=QUICK)


def test_a_copy_whose_acknowledgement_is_lost_is_a_cut_connection_and_can_be_looked_for(dovecot: Dovecot) -> None:
    dovecot.create("Copie")
    with FaultProxy(dovecot.plain_port) as proxy:
        proxy.plan(Plan(cut_after_pattern=b"APPENDUID"))
        account = dovecot.account(plain=True, port=proxy.port)
        imap = connect(account, dovecot.password)
        with pytest.raises(NetworkError):
            imap.append("Copie", b"Message-ID: <copia.1@pecdesk.example>\r\n\r\nx\r\n", [SEEN], None)
        again = connect(account, dovecot.password)
        assert again.find_message_id("Copie", "<copia.1@pecdesk.example>") == [1]
        again.close()


# --- waiting ----------------------------------------------------------------------------------------------------------


def idling(*said: bytes, ends: bytes = b"TAG OK done\r\n") -> Callable[[Visit], None]:
    """IDLE: say this piece by piece, then wait for the end of it."""

    def answer(visit: Visit) -> None:
        tag = server_tag[-1]
        visit.send(b"+ idling\r\n")
        for piece in said:
            visit.send(piece)
            visit.over.wait(0.02)
        if visit.hear() == b"DONE\r\n":
            visit.send(ends.replace(b"TAG", tag))

    return answer


server_tag: list[bytes] = []


@pytest.fixture(autouse=True)
def _no_tags_of_before() -> Iterator[None]:
    server_tag.clear()
    yield
    server_tag.clear()


def idle(*said: bytes, ends: bytes = b"TAG OK done\r\n") -> ScriptedImap:
    server = ScriptedImap()
    answer = idling(*said, ends=ends)

    def with_tag(visit: Visit) -> None:
        server_tag.append(server.last_tag)
        answer(visit)

    server.script("IDLE", with_tag)
    return server


def test_news_that_come_in_two_pieces_are_news() -> None:
    with idle(b"* OK hello\r\n* 2 EX", b"ISTS", b"\r\n") as server:
        imap = entered(server)
        assert imap.wait(5, never)
        imap.still_there()


@pytest.mark.parametrize("said", [b"* OK Still here\r\n", b"* 1 EXISTS\r\n", b"* 0 RECENT\r\n", b"* NO watch out\r\n"])
def test_what_is_no_news_does_not_end_the_wait(said: bytes) -> None:
    with idle(said) as server:
        imap = entered(server)
        assert not imap.wait(0.1, never)
        imap.still_there()


def test_a_half_open_connection_is_found_out_when_the_wait_ends() -> None:
    with idle(ends=b"") as server:
        imap = entered(server)
        with pytest.raises(NetworkError, match="in time"):
            imap.wait(0.05, never)


def test_a_server_that_will_not_wait_is_told() -> None:
    with ScriptedImap({"IDLE": b"TAG NO not now\r\n"}) as server:
        imap = entered(server)
        with pytest.raises(RefusalError):
            imap.wait(1, never)
        imap.still_there()


def test_a_goodbye_while_waiting_is_the_end() -> None:
    with idle(b"* BYE see you\r\n") as server, pytest.raises(NetworkError, match="see you"):
        entered(server).wait(5, never)


def test_without_idle_nobody_waits() -> None:
    with ScriptedImap(capabilities="IMAP4rev1 AUTH=PLAIN SASL-IR") as server:
        with pytest.raises(RefusalError) as caught:
            entered(server).wait(1, never)
        assert caught.value.code == "CANNOT"


def test_whoever_is_told_to_stop_stops_within_half_a_second_wherever_he_waits() -> None:
    stop: list[bool] = []
    began: list[float] = []

    def stopped() -> bool:
        if began and time.monotonic() - began[0] > 0.3:
            stop.append(True)
        return bool(stop)

    with ScriptedImap({"NOOP": Visit.silence}) as server:
        imap = came_in(server, timeout=30, stopped=stopped)
        began.append(time.monotonic())
        with pytest.raises(CancelledError):
            imap.still_there()
        assert time.monotonic() - began[0] < 0.3 + 0.5 + SLACK


# --- nothing is said that should not be -------------------------------------------------------------------------------

BAD = ("a\rb", "a\nb", "a\0b", "x\r\nZ9 DELETE INBOX\r\n")


@pytest.mark.parametrize("bad", BAD)
def test_no_argument_with_a_line_break_is_ever_sent(bad: str) -> None:
    with ScriptedImap() as server:
        imap = entered(server)
        before = list(server.commands)
        attempts: list[Callable[[], object]] = [
            lambda: imap.select(bad),
            lambda: imap.status(bad),
            lambda: imap.append(bad, b"x", (), None),
            lambda: imap.append("INBOX", b"x", [bad], None),
            lambda: imap.move([1], bad),
            lambda: imap.change_flags([1], add=[bad]),
            lambda: imap.change_flags([1], remove=[bad]),
            lambda: imap.find_message_id(bad, "<a@x.example>"),
            lambda: imap.find_message_id("INBOX", f"<{bad}@x.example>"),
        ]
        for attempt in attempts:
            with pytest.raises(ArgumentError):
                attempt()
        assert server.commands == before
        imap.still_there()


@pytest.mark.parametrize("flag", ["", "a b", "a)", "(x", '"x"', "x{3}", "\\", "\\a\\b", "à", "%", "*"])
def test_what_is_no_flag_is_never_sent(flag: str) -> None:
    with ScriptedImap() as server:
        imap = entered(server)
        with pytest.raises(ArgumentError):
            imap.change_flags([1], add=[flag])
        assert not server.asked("UID STORE")


def test_folders_of_any_letters_are_listed_and_can_be_opened() -> None:
    listed = (
        b'* LIST (\\HasNoChildren) "/" "Posta inviata"\r\n'
        b'* LIST () "/" Fatt\xc3\xb9re\r\n'
        b'* LIST () "/" {5}\r\nx\xff&y}\r\n'
        b'* LIST () NIL "rotto&Bar"\r\n'
        b'* LIST (\\Noselect) "/" "solo cartelle"\r\n'
        b'* LIST () "/" {4}\r\na\r\nb\r\n'
        b'* LIST () "/" "con \\"virgolette\\""\r\n'
        b'* LIST () "/" 2026\r\n'
        b'* LIST () "/" inbox\r\n'
        b"TAG OK done\r\n"
    )
    with ScriptedImap({"LIST": listed}) as server:
        imap = came_in(server)
        names = {folder.name: folder for folder in imap.folders()}
        assert list(names) == [
            "Posta inviata",
            "Fattùre",
            "xÿ&y}",
            "rotto&Bar",
            "solo cartelle",
            'con "virgolette"',
            "2026",
            "INBOX",
        ]
        assert not names["solo cartelle"].is_selectable
        assert names["rotto&Bar"].delimiter == ""
        opened = {
            "Fattùre": b"EXAMINE {8}\r\nFatt\xc3\xb9re",
            "xÿ&y}": b"EXAMINE {5}\r\nx\xff&y}",
            "rotto&Bar": b'EXAMINE "rotto&Bar"',
            'con "virgolette"': b'EXAMINE "con \\"virgolette\\""',
            "INBOX": b'EXAMINE "inbox"',
        }
        for name, said in opened.items():
            imap.select(name)
            assert server.commands[-1] == said
    with ScriptedImap({"LIST": listed}) as server:
        # Whoever knows a name from yesterday need not list them all first.
        came_in(server).select("Fattùre")
        assert server.commands[-1] == opened["Fattùre"]


def test_a_list_of_folders_without_end_is_cut_off() -> None:
    server = ScriptedImap({"LIST": lambda visit: visit.flood(b'* LIST () "/" a\r\n')})
    with server, pytest.raises(ServerError, match="without end"):
        came_in(server).folders()


# --- servers that can little ------------------------------------------------------------------------------------------


def test_without_move_messages_are_copied_and_exactly_they_removed() -> None:
    copied = {"UID COPY": b"TAG OK [COPYUID 9 5:6 11,13] done\r\n"}
    with ScriptedImap(copied, capabilities="IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS") as server:
        imap = entered(server)
        assert imap.move([6, 5], "Archivio") == {5: 11, 6: 13}
        assert server.commands[-3:] == [
            b'UID COPY 5:6 "Archivio"',
            b"UID STORE 5:6 +FLAGS.SILENT (\\Deleted)",
            b"UID EXPUNGE 5:6",
        ]


def test_nothing_is_removed_that_could_not_be_copied() -> None:
    copied = {"UID COPY": b"TAG NO [OVERQUOTA] full\r\n"}
    with ScriptedImap(copied, capabilities="IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS") as server:
        with pytest.raises(RefusalError) as caught:
            entered(server).move([5], "Archivio")
        assert caught.value.code == "OVERQUOTA"
        assert not server.asked("UID STORE")
        assert not server.asked("UID EXPUNGE")


def test_without_uidplus_nothing_is_removed_at_all() -> None:
    with ScriptedImap(capabilities="IMAP4rev1 AUTH=PLAIN SASL-IR") as server:
        imap = entered(server)
        for attempt in (lambda: imap.move([5], "Archivio"), lambda: imap.delete([5])):
            with pytest.raises(RefusalError) as caught:
                attempt()
            assert caught.value.code == "CANNOT"
        assert not [command for command in server.commands if b"EXPUNGE" in command or b"STORE" in command]
        with pytest.raises(RefusalError):
            imap.changed_since(5)
        assert imap.quota() is None


@pytest.mark.parametrize(
    "said",
    [b"9 5:6 11", b"9 5:4294967295 1:4294967295", b"9 x y", b"", b"9 5 6 7", b"9 5:6 " + b"1" * 5000],
)
def test_new_numbers_that_do_not_fit_are_not_believed(said: bytes) -> None:
    with ScriptedImap({"UID MOVE": b"* OK [COPYUID " + said + b"] done\r\nTAG OK done\r\n"}) as server:
        assert entered(server).move([5, 6], "Archivio") == {}


@pytest.mark.parametrize("found", [b"x", b"0", b"-1", b"4294967296", b"1 2 (3", b"9" * 500])
def test_numbers_that_are_none_are_not_believed(found: bytes) -> None:
    with ScriptedImap({"UID SEARCH": b"* SEARCH " + found + b"\r\nTAG OK done\r\n"}) as server:
        imap = entered(server)
        if found == b"1 2 (3":
            assert imap.uids() == [1, 2]
            return
        with pytest.raises(ServerError, match="no sense"):
            imap.uids()


@pytest.mark.parametrize(
    "said",
    [
        b"TAG OK done\r\n",
        b"* 1 EXISTS\r\nTAG OK done\r\n",
        b"* 1 EXISTS\r\n* OK [UIDVALIDITY x] x\r\n* OK [UIDNEXT 9] x\r\nTAG OK done\r\n",
        b"* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\nTAG OK done\r\n",
    ],
)
def test_a_folder_without_lasting_numbers_is_not_opened(said: bytes) -> None:
    with ScriptedImap({"EXAMINE": said}) as server:
        imap = came_in(server)
        with pytest.raises(ServerError):
            imap.select("INBOX")


def test_of_several_quotas_the_nearest_counts() -> None:
    said = (
        b'* QUOTAROOT "INBOX" "" "b"\r\n* QUOTA "" (STORAGE 10 100 MESSAGE 99 100)\r\n'
        b'* QUOTA "b" (STORAGE 90 100)\r\nTAG OK done\r\n'
    )
    with ScriptedImap({"GETQUOTAROOT": said}, capabilities="IMAP4rev1 AUTH=PLAIN SASL-IR QUOTA") as server:
        quota = came_in(server).quota()
        assert quota is not None
        assert (quota.used, quota.limit) == (90 << 10, 100 << 10)


def test_changes_are_asked_for_where_they_have_to_be_and_before_a_folder_is_open() -> None:
    modseq = (
        b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\n* OK [HIGHESTMODSEQ 5] x\r\nTAG OK done\r\n"
    )
    for capabilities, commands in (
        ("CONDSTORE", [b'EXAMINE "INBOX" (CONDSTORE)']),
        ("CONDSTORE QRESYNC ENABLE", [b"ENABLE CONDSTORE QRESYNC", b'EXAMINE "INBOX"']),
        ("ENABLE", [b'EXAMINE "INBOX"']),
    ):
        with ScriptedImap(
            {"EXAMINE": modseq, "ENABLE": b"* ENABLED X\r\nTAG OK done\r\n"},
            capabilities=f"IMAP4rev1 AUTH=PLAIN SASL-IR {capabilities}",
        ) as server:
            imap = came_in(server)
            assert imap.select("INBOX").highest_modseq == 5
            assert server.commands[-len(commands) :] == commands


def test_a_big_copy_waits_for_leave() -> None:
    with ScriptedImap({"APPEND": b"TAG OK done\r\n"}, capabilities="IMAP4rev1 AUTH=PLAIN SASL-IR LITERAL+") as server:
        assert came_in(server).append("INBOX", b"x" * 10_000, [SEEN], datetime(2026, 3, 1, tzinfo=UTC)) is None
        assert server.commands[-1].startswith(b'APPEND "INBOX" (\\Seen) "01-Mar-2026 00:00:00 +0000" {10000}\r\nxxxx')


def test_a_full_mailbox_gets_nothing_of_a_big_copy() -> None:
    with ScriptedImap(refuses_blocks=b"NO [OVERQUOTA] full") as server:
        imap = came_in(server)
        with pytest.raises(RefusalError) as caught:
            imap.append("INBOX", b"x" * 10_000, (), None)
        assert caught.value.code == "OVERQUOTA"
        assert server.commands[-1] == b'APPEND "INBOX" {10000}'
        imap.still_there()


def everything_told(error: BaseException) -> str:
    """All words an error and those behind it would ever show."""
    told: list[str] = []
    behind: BaseException | None = error
    while behind is not None:
        told += [str(behind), repr(behind), repr(getattr(behind, "fields", "")), repr(behind.args)]
        behind = behind.__cause__ or behind.__context__
    return "\n".join(told)


with ScriptedImap() as _server:
    ACCOUNT = _server.account()
PLAIN = base64.b64encode(b"\0" + ACCOUNT.login.encode() + b"\0" + SECRET.encode())
