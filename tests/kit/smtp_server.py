"""A provider's SMTP on this machine: TLS and login, what it takes is durable before it says so, and it fails on order.

What lies in `stored` is what a provider has: the oracle for "never sent twice" counts there, by Message-ID.
"""

from __future__ import annotations

import base64
import os
import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pecdesk.profile.accounts import Endpoint, Security
from tests.kit.certificates import ServerCertificate

PATIENCE = 20.0
"""Seconds after which a test has failed."""
END = b"\r\n.\r\n"
OK = "250 2.0.0 Ok: queued"


@dataclass(frozen=True)
class Behaviour:
    """How it treats one visitor. Answers go by command: `MAIL`, `RCPT anna@…`, `DATA`, `AUTH`, `EHLO`, `greeting`."""

    answers: dict[str, str] = field(default_factory=dict)
    features: tuple[str, ...] = ("AUTH PLAIN LOGIN", "SIZE 100000000", "8BITMIME")
    cut_at: int | None = None
    """Hangs up after so many bytes since it said 354."""
    cut_on: str = ""
    """Hangs up instead of answering that command."""
    stores: bool = True
    """Whether it keeps what came whole."""
    answer: str | None = OK
    """To the whole message; None: it hangs up without a word."""
    hold: threading.Event | None = None
    """Waited for before that answer; what came is kept before."""
    holding: threading.Event | None = None
    """Set when it waits so."""
    early: str = ""
    """Said as soon as the first bytes of the message came; it hangs up then."""


@dataclass(frozen=True)
class StoredMail:
    """What it took."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class SmtpServer:
    """Listens on a free port until it is left. `behaviours` are taken in turn, the last one for ever."""

    def __init__(
        self,
        folder: Path,
        certificate: ServerCertificate | None = None,
        *behaviours: Behaviour,
        user: str = "studio@pec.gestore.example",
        password: str = "Sesamo",
    ) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.behaviours = list(behaviours) or [Behaviour()]
        self.user = user
        self.password = password
        self.visits: list[list[str]] = []
        """The commands of every visitor."""
        self.logins = 0
        self._context = certificate.context() if certificate is not None else None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._is_closed = False
        self._lock = threading.Lock()
        self._acceptor = threading.Thread(target=self._accept, name="smtp-server")

    @property
    def endpoint(self) -> Endpoint:
        security = Security.TLS if self._context is not None else Security.PLAIN
        return Endpoint("127.0.0.1", self._listener.getsockname()[1], security)

    @property
    def stored(self) -> list[StoredMail]:
        """What is on the disk, in the order in which it came."""
        return [_read(path) for path in sorted(self.folder.glob("*.eml"))]

    def times(self, message_id: str) -> int:
        """How often it took the message of that id."""
        return sum(mail.message_id == message_id for mail in self.stored)

    def __enter__(self) -> SmtpServer:
        self._acceptor.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in (self._acceptor, *self._threads):
            thread.join(PATIENCE)
            assert not thread.is_alive()

    def _accept(self) -> None:
        while not self._is_closed:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._connections.add(connection)
                behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
            thread = threading.Thread(target=self._serve, args=(connection, behaviour), name="smtp-visit")
            self._threads.append(thread)
            thread.start()

    def _serve(self, plain: socket.socket, behaviour: Behaviour) -> None:
        plain.settimeout(PATIENCE)
        connection = plain
        with suppress(OSError, _HungUpError):
            if self._context is not None:
                connection = self._context.wrap_socket(plain, server_side=True)
                with self._lock:
                    self._connections.add(connection)
            _Visit(self, connection, behaviour).run()
        with suppress(OSError):
            connection.close()
        plain.close()
        with self._lock:
            self._connections -= {plain, connection}

    def objection(self, sender: str, recipients: list[str]) -> str | None:
        """Why a message with this envelope is not even listened to; for providers with rules."""
        return None

    def keep(self, sender: str, recipients: list[str], raw: bytes) -> str | None:
        """Durably: what a real provider has taken it does not lose. Another answer than the planned one, if any."""
        with self._lock:
            number = len(list(self.folder.glob("*.eml")))
            path = self.folder / f"{number:06}.eml"
            with path.open("wb") as file:
                file.write("\r\n".join([sender, *recipients, "", ""]).encode() + raw)
                file.flush()
                os.fsync(file.fileno())
        return None

    def first_time(self, commands: list[str]) -> None:
        with self._lock:
            self.visits.append(commands)


class _HungUpError(Exception):
    pass


class _Visit:
    def __init__(self, server: SmtpServer, connection: socket.socket, behaviour: Behaviour) -> None:
        self._server = server
        self._connection = connection
        self._behaviour = behaviour
        self._received = b""
        self._commands: list[str] = []
        self._sender = ""
        self._recipients: list[str] = []
        server.first_time(self._commands)

    def run(self) -> None:
        self._say(self._behaviour.answers.get("greeting", "220 mail.gestore.example ESMTP"))
        verbs: dict[str, Callable[[str], None]] = {
            "EHLO": self._ehlo,
            "AUTH": self._auth,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
        }
        while (line := self._line()) is not None:
            verb = line[:4].upper()
            address = re.search("<([^>]*)>", line)
            name = f"{verb} {address[1]}" if verb == "RCPT" and address else verb
            self._commands.append("AUTH" if verb == "AUTH" else line)
            if self._behaviour.cut_on in (verb, name):
                raise _HungUpError
            if verb == "QUIT":
                self._say("221 2.0.0 Bye")
                return
            planned = self._behaviour.answers.get(name) or self._behaviour.answers.get(verb)
            if planned is not None:
                self._say(planned)
            elif verb in verbs:
                verbs[verb](line)
            else:
                self._say("502 5.5.2 unknown")

    def _ehlo(self, _line: str) -> None:
        lines = ["mail.gestore.example", *self._behaviour.features]
        for line in lines[:-1]:
            self._say(f"250-{line}")
        self._say(f"250 {lines[-1]}")

    def _auth(self, line: str) -> None:
        words = line.split()
        if words[1].upper() == "PLAIN":
            _, user, password = base64.b64decode(words[2]).decode().split("\0")
        else:
            self._say("334 VXNlcm5hbWU6")
            user = base64.b64decode(self._line() or "").decode()
            self._say("334 UGFzc3dvcmQ6")
            password = base64.b64decode(self._line() or "").decode()
        self._server.logins += 1
        is_right = (user, password) == (self._server.user, self._server.password)
        self._say("235 2.7.0 ok" if is_right else "535 5.7.8 authentication failed")

    def _mail(self, line: str) -> None:
        self._sender = line.partition("<")[2].partition(">")[0]
        self._recipients = []
        self._say("250 2.1.0 ok")

    def _rcpt(self, line: str) -> None:
        self._recipients.append(line.partition("<")[2].partition(">")[0])
        self._say("250 2.1.5 ok")

    def _rset(self, _line: str) -> None:
        self._sender, self._recipients = "", []
        self._say("250 2.0.0 ok")

    def _data(self, _line: str) -> None:
        if objection := self._server.objection(self._sender, self._recipients):
            self._say(objection)
            return
        self._say("354 go on")
        raw = self._message()
        answer = self._behaviour.answer
        if self._behaviour.stores and (answer is None or answer.startswith("2")):
            answer = self._server.keep(self._sender, self._recipients, raw) or answer
        self._commands.append(".")
        if self._behaviour.holding is not None:
            self._behaviour.holding.set()
        if self._behaviour.hold is not None:
            self._behaviour.hold.wait(PATIENCE)
        if answer is None:
            raise _HungUpError
        self._say(answer)

    def _message(self) -> bytes:
        data, cut_at, looked = self._received, self._behaviour.cut_at, 0
        self._received = b""
        while True:
            if cut_at is not None and len(data) >= cut_at:
                data = data[:cut_at]
            end = data.find(END, max(0, looked - len(END))) if not data.startswith(END[2:]) else -2
            looked = len(data)
            if end != -1:
                self._received = data[end + len(END) :]
                return data[: max(end, 0)].replace(b"\n..", b"\n.").removeprefix(b".") + b"\r\n"
            if cut_at is not None and len(data) == cut_at:
                raise _HungUpError
            if data and self._behaviour.early:
                self._say(self._behaviour.early)
                raise _HungUpError
            data += self._receive(65536 if cut_at is None else cut_at - len(data))

    def _line(self) -> str | None:
        while b"\r\n" not in self._received:
            try:
                self._received += self._receive(4096)
            except _HungUpError:
                return None
        line, _, self._received = self._received.partition(b"\r\n")
        return line.decode("utf-8", "replace")

    def _receive(self, count: int) -> bytes:
        received = self._connection.recv(max(count, 1))
        if not received:
            raise _HungUpError
        return received

    def _say(self, line: str) -> None:
        self._connection.sendall(f"{line}\r\n".encode())


def _read(path: Path) -> StoredMail:
    envelope, _, raw = path.read_bytes().partition(b"\r\n\r\n")
    sender, *recipients = envelope.decode().split("\r\n")
    found = re.search(rb"(?im)^message-id:\s*(\S+)", raw)
    return StoredMail(found[1].decode() if found else "", sender, tuple(recipients), raw)
