"""An IMAP server that says what it is told to say: word for word, however wrong."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

from pecdesk.profile.accounts import Account, Endpoint, Security
from tests.kit.certificates import ServerCertificate

PATIENCE = 10.0
_LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r\n\Z")


class Visit:
    """One connection, seen from the server."""

    def __init__(self, connection: socket.socket, over: threading.Event) -> None:
        self._connection = connection
        self._lines = connection.makefile("rb")
        self.over = over

    def send(self, data: bytes) -> None:
        """Say this."""
        self._connection.sendall(data)

    def flood(self, piece: bytes) -> None:
        """Say this again and again, until nobody listens any more."""
        while not self.over.is_set():
            self.send(piece * 200)

    def drip(self, piece: bytes, seconds: float) -> None:
        """Say this again and again, so many seconds apart."""
        while not self.over.wait(seconds):
            self.send(piece)

    def silence(self) -> None:
        """Say nothing until the test is over."""
        self.over.wait(PATIENCE)

    def close(self) -> None:
        """Hang up, whoever still reads."""
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._lines.close()
        self._connection.close()

    def hear(self, refuses: bytes = b"") -> bytes:
        """One command with its blocks; empty when nobody speaks any more. `refuses`: what is said to a block."""
        command = self._lines.readline()
        while found := _LITERAL.search(command):
            if not found[2] and refuses:
                return command
            if not found[2]:
                self.send(b"+ go on\r\n")
            command += self._lines.read(int(found[1])) + self._lines.readline()
        return command


Answer = bytes | Callable[[Visit], None]
"""What is said; TAG stands for the command's tag. Or what is done."""


class ScriptedImap:
    """A server with one mailbox of one folder, which lies where the script says so. Use with `with`."""

    def __init__(
        self,
        answers: Mapping[str, Answer] | None = None,
        *,
        greeting: Answer = b"* OK ready\r\n",
        capabilities: str = "IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS IDLE MOVE",
        certificate: ServerCertificate | None = None,
        refuses_blocks: bytes = b"",
    ) -> None:
        """Start it. `refuses_blocks`: what is said to a block that waits for leave, instead of giving it."""
        self._refuses_blocks = refuses_blocks
        self.commands: list[bytes] = []
        """What was asked, without tags."""
        self.last_tag = b""
        self._answers: dict[str, Answer] = {
            "CAPABILITY": f"* CAPABILITY {capabilities}\r\nTAG OK done\r\n".encode(),
            "LIST": b'* LIST () "/" INBOX\r\nTAG OK done\r\n',
            "EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\nTAG OK [READ-ONLY] done\r\n",
            "SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\nTAG OK [READ-WRITE] done\r\n",
            **(answers or {}),
        }
        self._greeting = greeting
        self._context = certificate.context() if certificate else None
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._visits: list[Visit] = []
        self._thread = threading.Thread(target=self._run, name="scripted IMAP")
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for visit in self._visits:
            visit.close()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def account(self, *, security: Security = Security.PLAIN, ca_file: str = "", host: str = "127.0.0.1") -> Account:
        """The account to log in with."""
        return Account("mario.rossi@pec.esempio.example", Endpoint(host, self.port, security), ca_file=ca_file)

    def script(self, command: str, answer: Answer) -> None:
        """What is said to commands that begin like this, from now on."""
        self._answers[command] = answer

    def asked(self, command: str) -> list[bytes]:
        """Commands that began like this."""
        return [each for each in self.commands if each.upper().startswith(command.encode())]

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError, ValueError):
                connection.settimeout(PATIENCE)
                wrapped = connection
                if self._context is not None:
                    wrapped = self._context.wrap_socket(connection, server_side=True)
                visit = Visit(wrapped, self._over)
                self._visits.append(visit)
                try:
                    self._serve(visit)
                finally:
                    visit.close()

    def _serve(self, visit: Visit) -> None:
        self._say(visit, self._greeting, b"")
        while heard := visit.hear(self._refuses_blocks):
            self.last_tag, _, command = heard.partition(b" ")
            self.commands.append(command.rstrip(b"\r\n"))
            if self._refuses_blocks and _LITERAL.search(heard):
                self._say(visit, b"TAG " + self._refuses_blocks + b"\r\n", self.last_tag)
                continue
            names = [name for name in self._answers if command.upper().startswith(name.encode())]
            self._say(visit, self._answers[max(names, key=len)] if names else b"TAG OK done\r\n", self.last_tag)

    def _say(self, visit: Visit, answer: Answer, tag: bytes) -> None:
        if callable(answer):
            answer(visit)
        else:
            visit.send(answer.replace(b"TAG", tag))
