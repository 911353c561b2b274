"""Handing over, against a server on this machine that does what it is told to: each answer, each way to have none."""

from __future__ import annotations

import base64
import io
import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pecdesk.errors import CertificateError, LoginError, NetworkError, PecdeskError, ServerError, UsageError
from pecdesk.outbox.smtp import check_login
from pecdesk.outbox.smtp_transport import SmtpTransport
from pecdesk.outbox.transport import Parcel, PostponedError, RefusedError, UncertainError
from pecdesk.profile.accounts import Account, Endpoint
from tests.kit.certificates import ServerAuthority
from tests.kit.smtp_server import Behaviour, SmtpServer

ME = "studio@pec.gestore.example"
ANNA, BRUNO = "anna@pec.uno.example", "bruno@pec.due.example"
PASSWORD = "Sesamo"
RAW = (
    b"Message-ID: <uno@pec.gestore.example>\r\nFrom: studio@pec.gestore.example\r\nTo: anna@pec.uno.example\r\n"
    b"Subject: Diffida\r\n\r\nTesto.\r\n.\r\n..due punti\r\nfine\r\n"
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> ServerAuthority:
    return ServerAuthority(tmp_path_factory.mktemp("authority"))


Serve = Callable[..., SmtpServer]


@pytest.fixture
def serve(tmp_path: Path, request: pytest.FixtureRequest) -> Serve:
    """Start a server that behaves so; it ends with the test."""

    def start(*behaviours: Behaviour, certificate: object = None) -> SmtpServer:
        server = SmtpServer(tmp_path / "provider", certificate, *behaviours)  # type: ignore[arg-type]
        server.__enter__()
        request.addfinalizer(server.__exit__)
        return server

    return start


def account(server: SmtpServer, **changes: object) -> Account:
    return replace(Account(ME, Endpoint("127.0.0.1", 993), smtp=server.endpoint), **changes)  # type: ignore[arg-type]


def parcel(raw: bytes = RAW, *recipients: str) -> Parcel:
    return Parcel(ME, recipients or (ANNA, BRUNO), len(raw), lambda: io.BytesIO(raw))


class Marks:
    """Counts how often it was told that the end is next."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def transport(server: SmtpServer, **options: object) -> SmtpTransport:
    return SmtpTransport(account(server), lambda: PASSWORD, **options)  # type: ignore[arg-type]


def failure(server: SmtpServer, raw: bytes = RAW, **options: object) -> tuple[PecdeskError, int]:
    marks = Marks()
    with pytest.raises(PecdeskError) as raised:
        transport(server, **options).hand_over(parcel(raw), marks)
    return raised.value, marks.count


def test_what_arrives_over_tls_is_what_was_frozen_for_everybody_named(serve: Serve, authority: ServerAuthority) -> None:
    server = serve(certificate=authority.good())
    marks = Marks()
    sender = SmtpTransport(account(server, ca_file=str(authority.ca_file)), lambda: PASSWORD)

    taken = sender.hand_over(parcel(), marks)

    (mail,) = server.stored
    assert (mail.raw, mail.sender, mail.recipients) == (RAW, ME, (ANNA, BRUNO))
    assert (marks.count, taken.reply) == (1, "250 2.0.0 Ok: queued")
    assert server.visits[0][-1] == "QUIT"
    assert f"MAIL FROM:<{ME}> SIZE={len(RAW)}" in server.visits[0]


LONG = (b"x\r\n\r\n." * 30_000, b"x" * 90_000)


@pytest.mark.parametrize("raw", [b".", b"..", b"a\r\n.", b".\r\n.\r\n.", b"\r\n", *LONG], ids=lambda raw: raw[:9])
def test_dots_and_lengths_of_every_sort_arrive_as_they_are(serve: Serve, raw: bytes) -> None:
    server = serve()
    transport(server).hand_over(parcel(raw + b"\r\n"), Marks())
    assert server.stored[0].raw == raw + b"\r\n"


def test_eight_bit_bytes_are_announced_to_who_knows_them(serve: Serve) -> None:
    server = serve()
    raw = "Oggetto: è\r\n\r\nperché\r\n".encode()
    transport(server).hand_over(parcel(raw), Marks())
    assert any("BODY=8BITMIME" in command for command in server.visits[0])
    assert server.stored[0].raw == raw
    plain = serve(Behaviour(features=("AUTH PLAIN",)))
    error, _ = failure(plain, raw)
    assert isinstance(error, RefusedError)
    assert not any(command.startswith("MAIL") for command in plain.visits[0])


ANSWERS = [
    ("greeting", "554 no", RefusedError),
    ("greeting", "421 busy", PostponedError),
    ("EHLO", "550 no", RefusedError),
    ("AUTH", "535 5.7.8 wrong", LoginError),
    ("AUTH", "454 4.7.0 later", PostponedError),
    ("AUTH", "503 5.5.1 what", ServerError),
    ("MAIL", "553 5.7.1 not logged in", RefusedError),
    ("MAIL", "451 4.3.0 later", PostponedError),
    (f"RCPT {BRUNO}", "550 5.1.1 unknown", RefusedError),
    (f"RCPT {BRUNO}", "450 4.2.0 later", PostponedError),
    ("DATA", "554 5.7.0 no", RefusedError),
    ("DATA", "451 4.3.0 later", PostponedError),
    ("MAIL", "nonsense", PostponedError),
    ("MAIL", "250-endless", PostponedError),
]


@pytest.mark.parametrize(("command", "answer", "expected"), ANSWERS, ids=lambda value: str(value)[:24])
def test_an_answer_before_the_message_says_that_nothing_was_sent(
    serve: Serve, command: str, answer: str, expected: type[PecdeskError]
) -> None:
    server = serve(Behaviour({command: answer}))
    error, marks = failure(server, patience=0.5)
    assert type(error) is expected
    assert (server.stored, marks) == ([], 0)
    if isinstance(error, RefusedError) and command != "EHLO":
        assert answer in str(error)


def test_one_refused_recipient_means_that_nobody_gets_it_and_all_refused_ones_are_named(serve: Serve) -> None:
    server = serve(Behaviour({f"RCPT {ANNA}": "550 5.1.1 unknown", f"RCPT {BRUNO}": "550 5.1.1 neither"}))
    error, _ = failure(server)
    assert isinstance(error, RefusedError)
    assert ANNA in str(error)
    assert BRUNO in str(error)
    assert "RSET" in server.visits[0]
    assert "DATA" not in server.visits[0]
    assert server.stored == []


AT_THE_END = [
    ("552 5.3.4 too big", RefusedError),
    ("554 5.6.0 virus", RefusedError),
    ("451 4.3.0 later", PostponedError),
    ("421 4.3.2 going down", PostponedError),
    ("354 what", UncertainError),
    ("nonsense", UncertainError),
    ("550-no\r\n250 yes", UncertainError),
    ("250 yes\r\n550 no", UncertainError),
    ("451 later\r\n250 yes", UncertainError),
    (None, UncertainError),
]


@pytest.mark.parametrize(("answer", "expected"), AT_THE_END, ids=lambda value: str(value)[:20])
def test_after_the_end_only_an_answer_says_what_became_of_it(
    serve: Serve, answer: str | None, expected: type[PecdeskError]
) -> None:
    server = serve(Behaviour(answer=answer))
    error, marks = failure(server)
    assert type(error) is expected
    assert marks == 1


@pytest.mark.parametrize("command", ["greeting", "MAIL", f"RCPT {ANNA}", f"RCPT {BRUNO}"])
def test_an_answer_nobody_asked_for_is_not_taken_for_that_to_the_next_command(serve: Serve, command: str) -> None:
    server = serve(Behaviour({command: "220 ok\r\n250 ok" if command == "greeting" else "250 ok\r\n250 ok"}))
    error, marks = failure(server)
    assert isinstance(error, PostponedError)
    assert (server.stored, marks) == ([], 0)


@pytest.mark.parametrize("answer", ["250 Ok: queued", "451 later", "354 go on"])
def test_an_answer_before_the_end_is_not_that_to_the_message(serve: Serve, answer: str) -> None:
    """It came in one piece with the leave to begin: the end is not sent, and nobody can have taken anything."""
    server = serve(Behaviour({"DATA": f"354 go on\r\n{answer}"}))
    error, _ = failure(server)
    assert isinstance(error, PostponedError)
    assert not any(command == "." for visit in server.visits for command in visit)


def test_a_connection_that_tls_does_not_close_either_says_nothing(serve: Serve, authority: ServerAuthority) -> None:
    server = serve(Behaviour(answer=None), certificate=authority.good())
    with pytest.raises(UncertainError):
        SmtpTransport(account(server, ca_file=str(authority.ca_file)), lambda: PASSWORD).hand_over(parcel(), Marks())
    assert len(server.stored) == 1


def test_an_answer_that_never_comes_leaves_it_uncertain(serve: Serve) -> None:
    hold = threading.Event()
    server = serve(Behaviour(hold=hold))
    error, _ = failure(server, last_patience=0.3)
    hold.set()
    assert isinstance(error, UncertainError)
    assert len(server.stored) == 1


def test_a_late_answer_is_waited_for(serve: Serve) -> None:
    hold, holding = threading.Event(), threading.Event()
    server = serve(Behaviour(hold=hold, holding=holding))

    def release() -> None:
        holding.wait(10)
        hold.set()

    thread = threading.Thread(target=release)
    thread.start()
    taken = transport(server, patience=0.3).hand_over(parcel(), Marks())
    thread.join()
    assert taken.reply.startswith("250")


def test_nobody_is_waited_for_once_we_are_told_to_stop(serve: Serve) -> None:
    hold, stopped = threading.Event(), threading.Event()
    server = serve(Behaviour(hold=hold, holding=stopped))
    error, _ = failure(server, stopped=stopped.is_set)
    hold.set()
    assert isinstance(error, UncertainError)


def test_where_writing_down_that_the_end_is_next_fails_the_end_is_not_sent(serve: Serve) -> None:
    server = serve()

    def refuse() -> None:
        raise PecdeskError("disk full")

    with pytest.raises(PecdeskError, match="disk full"):
        transport(server).hand_over(parcel(), refuse)
    assert server.stored == []
    assert "QUIT" not in server.visits[0]


@pytest.mark.parametrize("verb", ["EHLO", "AUTH", "MAIL", f"RCPT {BRUNO}", "DATA"])
def test_a_connection_cut_before_the_message_sends_nothing(serve: Serve, verb: str) -> None:
    server = serve(Behaviour(cut_on=verb))
    error, marks = failure(server)
    assert isinstance(error, PostponedError)
    assert (server.stored, marks) == ([], 0)


def test_a_server_that_hung_up_before_the_end_leaves_no_doubt(serve: Serve) -> None:
    server = serve(Behaviour(early="552 5.3.4 too big"))
    ended = threading.Event()

    def wait_for_it() -> None:
        for thread in server._threads:
            thread.join(10)
        ended.set()

    with pytest.raises(RefusedError, match="too big"):
        transport(server).hand_over(parcel(), wait_for_it)
    assert server.stored == []


def test_a_message_too_big_for_the_provider_is_refused_before_it_is_sent(serve: Serve) -> None:
    server = serve(Behaviour(features=("AUTH PLAIN", "SIZE 100")))
    error, _ = failure(server)
    assert isinstance(error, RefusedError)
    assert not any(command.startswith("MAIL") for command in server.visits[0])


@pytest.mark.parametrize("features", [("AUTH LOGIN",), ("AUTH CRAM-MD5 LOGIN PLAIN",)])
def test_it_logs_in_in_one_of_two_ways_and_once(serve: Serve, features: tuple[str, ...]) -> None:
    server = serve(Behaviour(features=features))
    transport(server).hand_over(parcel(), Marks())
    assert server.logins == 1


def test_a_wrong_password_is_tried_once_and_stands_in_no_word_of_ours(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "Segretò-1234"
    server = serve(Behaviour(features=("AUTH PLAIN LOGIN",), answers={"AUTH": f"535 no {secret} for you"}))
    with pytest.raises(LoginError) as raised:
        SmtpTransport(account(server), lambda: secret).hand_over(parcel(), Marks())
    assert secret not in str(raised.value)
    assert secret not in caplog.text
    assert len(server.visits) == 1
    with pytest.raises(LoginError):
        check_login(account(server), secret)


@pytest.mark.parametrize("answers", [{"AUTH": "454 {}"}, {"AUTH": "235 ok", "MAIL": "550 {}"}, {"MAIL": "451 {}"}])
def test_no_answer_carries_the_password_along(serve: Serve, answers: dict[str, str]) -> None:
    plain = base64.b64encode(f"\0{ME}\0{PASSWORD}".encode()).decode()
    server = serve(Behaviour({command: said.format(f"{PASSWORD} {plain}") for command, said in answers.items()}))
    error, _ = failure(server)
    assert "… …" in str(error)
    assert PASSWORD not in str(error)
    assert plain not in str(error)


def test_logging_in_is_tried_out_without_sending_anything(serve: Serve, authority: ServerAuthority) -> None:
    server = serve(certificate=authority.good())
    check_login(account(server, ca_file=str(authority.ca_file)), PASSWORD)
    assert [command[:4] for command in server.visits[0]] == ["ehlo", "AUTH", "QUIT"]


def test_a_server_that_cannot_let_us_in_now_is_no_wrong_password(serve: Serve) -> None:
    with pytest.raises(ServerError, match="later"):
        check_login(account(serve(Behaviour({"AUTH": "454 4.7.0 later"}))), PASSWORD)


def test_a_server_that_hangs_up_is_no_wrong_password(serve: Serve) -> None:
    with pytest.raises(NetworkError):
        check_login(account(serve(Behaviour(cut_on="AUTH"))), PASSWORD)


def test_a_server_without_a_way_to_log_in_is_told_so(serve: Serve) -> None:
    with pytest.raises(ServerError):
        check_login(account(serve(Behaviour(features=("SIZE 100",)))), PASSWORD)


def test_an_account_without_a_server_cannot_send() -> None:
    nowhere = Account(ME, Endpoint("127.0.0.1", 993))
    with pytest.raises(UsageError):
        SmtpTransport(nowhere, lambda: PASSWORD).hand_over(parcel(), Marks())


@pytest.mark.parametrize("kind", ["wrong_host", "expired", "self_signed"])
def test_a_server_that_is_not_believed_hears_nothing(serve: Serve, authority: ServerAuthority, kind: str) -> None:
    server = serve(certificate=getattr(authority, kind)())
    mine = account(server, ca_file=str(authority.ca_file))
    with pytest.raises(PostponedError):
        SmtpTransport(mine, lambda: PASSWORD).hand_over(parcel(), Marks())
    with pytest.raises(CertificateError):
        check_login(mine, PASSWORD)
    assert server.visits == []


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nDATA", "a@b.example>", "<a@b.example", "a b@c.example", "", "è@b.example", "a@b\0"]
)
def test_no_address_becomes_a_command(serve: Serve, address: str) -> None:
    server = serve()
    for given in (replace(parcel(), recipients=(ANNA, address)), replace(parcel(), sender=address)):
        with pytest.raises(RefusedError):
            transport(server).hand_over(given, Marks())
    assert server.visits == []


@pytest.mark.parametrize("raw", [b"", b"a\n", b"a\rb\r\n", b"a\r\n.\n", b"a\0\r\n", b"a", b"a\r\n.\r", b"x\n.\r\n"])
def test_no_bytes_end_the_message_before_its_end(serve: Serve, raw: bytes) -> None:
    server = serve()
    error, _ = failure(server, raw)
    assert isinstance(error, RefusedError)
    assert server.visits == []
