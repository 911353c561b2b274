"""A network that fails as it is told to: a proxy on this machine that cuts, stalls, slices, slows and rewrites.

What is planned holds for the next connection only, so that the one after it finds everything well again.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Self

PATIENCE = 10.0
"""Seconds after which a test has failed."""
_TAIL = 200
"""Bytes of the longest pattern."""


class Way(StrEnum):
    """In which direction bytes go."""

    UP = "up"
    """From the client to the server."""
    DOWN = "down"


@dataclass(frozen=True)
class Plan:
    """What goes wrong with one connection. Bytes and patterns count from its beginning; TLS is bytes, too."""

    way: Way = Way.DOWN
    """Where the cut, the stall, the slices and the rewriting are."""
    cut_after: int | None = None
    """So many bytes pass, then the connection is gone on both sides."""
    cut_after_pattern: bytes = b""
    """It is gone as soon as this has passed."""
    stall_after: int | None = None
    """So many bytes pass, then nothing any more in either direction; both sides stay open."""
    stall_after_pattern: bytes = b""
    slice_bytes: int = 0
    """Bytes pass in pieces of this length, each sent by itself."""
    pause: float = 0.0
    """Seconds between two pieces."""
    rewrite_line: Callable[[bytes], bytes] | None = None
    """What becomes of each line; only where nothing is encrypted."""
    is_reset: bool = False
    """The cut is a reset, not an end."""


@dataclass
class Link:
    """One connection that went through."""

    plan: Plan
    client: socket.socket
    server: socket.socket
    counts: dict[Way, int] = field(default_factory=lambda: dict.fromkeys(Way, 0))
    """How many bytes passed."""
    passed: dict[Way, bytearray] = field(default_factory=lambda: {way: bytearray() for way in Way})
    """The bytes themselves; without records only the last few."""
    is_stalled: threading.Event = field(default_factory=threading.Event)
    is_over: threading.Event = field(default_factory=threading.Event)

    def end(self, *, is_reset: bool = False) -> None:
        """Gone, on both sides."""
        self.is_over.set()
        for side in (self.client, self.server):
            with suppress(OSError):
                if is_reset:
                    side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    # Whoever still waits for bytes here would hold the socket open, and nothing would be reset.
                    side.shutdown(socket.SHUT_RD)
                else:
                    side.shutdown(socket.SHUT_RDWR)
            with suppress(OSError):
                side.close()


class FaultProxy:
    """A proxy to a port of this machine. Use with `with`."""

    def __init__(self, target_port: int, target_host: str = "127.0.0.1", *, records: bool = True) -> None:
        """Stand before that port. Without `records` what passed is forgotten: for long runs."""
        self._records = records
        self._target = (target_host, target_port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.links: list[Link] = []
        """All connections there were, the newest last."""
        self.refuses = False
        """Everybody is turned away at the door."""
        self._plans: list[Plan] = []
        self._threads: list[threading.Thread] = []
        self._is_over = threading.Event()
        self._start(self._listen)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in self.links:
            link.end()
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()

    def plan(self, plan: Plan) -> None:
        """What happens to the next connection; planned more than once, to the one after it."""
        self._plans.append(plan)

    def stall(self) -> None:
        """From now on nothing passes any more, and nobody is told: the half-open connection."""
        for link in self.links:
            link.is_stalled.set()

    def cut(self, *, is_reset: bool = False) -> None:
        """All connections are gone now."""
        for link in self.links:
            link.end(is_reset=is_reset)

    def passed(self, way: Way = Way.UP) -> bytes:
        """All bytes of all connections that passed in that direction."""
        return b"".join(bytes(link.passed[way]) for link in self.links)

    # --- how it is done -----------------------------------------------------------------------------------------------

    def _start(self, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name="fault proxy")
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        while not self._is_over.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.refuses:
                client.close()
                continue
            try:
                server = socket.create_connection(self._target, PATIENCE)
            except OSError:
                client.close()
                continue
            for side in (client, server):
                side.settimeout(None)
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link = Link(self._plans.pop(0) if self._plans else Plan(), client, server)
            self.links.append(link)
            self._start(lambda link=link: self._carry(link, Way.UP))  # type: ignore[misc]
            self._start(lambda link=link: self._carry(link, Way.DOWN))  # type: ignore[misc]

    def _carry(self, link: Link, way: Way) -> None:
        origin, target = (link.client, link.server) if way is Way.UP else (link.server, link.client)
        waiting = b""
        is_planned = link.plan.way is way
        while not link.is_over.is_set():
            try:
                data = origin.recv(1 << 16)
            except OSError:
                data = b""
            if not data:
                if link.is_stalled.is_set():
                    return
                if waiting:
                    self._pass_on(link, way, target, waiting, is_planned=is_planned)
                link.end()
                return
            if is_planned and link.plan.rewrite_line is not None:
                *lines, waiting = (waiting + data).split(b"\n")
                data = b"".join(link.plan.rewrite_line(line + b"\n") for line in lines)
            self._pass_on(link, way, target, data, is_planned=is_planned)

    def _pass_on(self, link: Link, way: Way, target: socket.socket, data: bytes, *, is_planned: bool) -> None:
        plan, passed, count = link.plan, link.passed[way], link.counts[way]
        end = count + len(data)
        cut = stall = None
        if is_planned:
            recent = bytes(passed[-_TAIL:])
            cut = _limit(recent, data, count, plan.cut_after, plan.cut_after_pattern)
            stall = _limit(recent, data, count, plan.stall_after, plan.stall_after_pattern)
        allowed = data[: min(each for each in (cut, stall, end) if each is not None) - count]
        step = (plan.slice_bytes if is_planned else 0) or len(allowed) or 1
        for at in range(0, len(allowed), step):
            if link.is_stalled.is_set() or link.is_over.is_set():
                return
            piece = allowed[at : at + step]
            passed += piece
            link.counts[way] += len(piece)
            if not self._records:
                del passed[:-_TAIL]
            try:
                target.sendall(piece)
            except OSError:
                link.end()
                return
            if plan.pause and is_planned:
                link.is_over.wait(plan.pause)
        if stall is not None:
            link.is_stalled.set()
        if cut is not None:
            link.end(is_reset=plan.is_reset)


def _limit(recent: bytes, data: bytes, count: int, after: int | None, pattern: bytes) -> int | None:
    """After how many bytes of the connection it happens; None where not within `data`."""
    limits = [after] if after is not None and after <= count + len(data) else []
    if pattern and (found := (recent + data).find(pattern)) >= 0:
        limits.append(count - len(recent) + found + len(pattern))
    return min(limits, default=None)
