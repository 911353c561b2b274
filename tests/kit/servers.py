"""A server on this machine that answers as it is told to: byte by byte, without end, or with what nobody asked for."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PATIENCE = 10.0
"""Seconds after which a test has failed."""


@dataclass
class Visit:
    """One connection, seen from the server."""

    connection: socket.socket
    request: bytes
    ended: threading.Event

    @property
    def path(self) -> str:
        return self.request.split(b" ", 2)[1].decode()

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(self, body: bytes = b"", *headers: str, status: str = "200 OK", length: bool = True) -> None:
        lines = [f"HTTP/1.1 {status}", *headers, *([f"Content-Length: {len(body)}"] if length else [])]
        self.send("\r\n".join((*lines, "", "")).encode() + body)

    def drip(self, pieces: Iterator[bytes], seconds: float) -> None:
        """Send piece by piece, so many seconds apart, until nobody listens any more or the test is over."""
        for piece in pieces:
            self.send(piece)
            if self.ended.wait(seconds):
                return


@dataclass
class Server:
    """What was asked of it, and where it is."""

    port: int
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(answer: Callable[[Visit], None]) -> Iterator[Server]:
    """A server that treats every visitor like this, one after the other; gone without a trace afterwards."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(listener.getsockname()[1])
    ended = threading.Event()

    def run() -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(PATIENCE)
                request = b""
                while b"\r\n\r\n" not in request and (piece := connection.recv(4096)):
                    request += piece
                if request:
                    server.requests.append(request)
                    answer(Visit(connection, request, ended))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield server
    finally:
        ended.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(PATIENCE)
        assert not thread.is_alive()
