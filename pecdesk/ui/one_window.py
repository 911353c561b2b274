"""One window for each profile: a second start hands over what it was asked for, and the first comes to the front.

A lock says who is the first; the system lets go of it however that process ends. What is handed over goes through a
local socket that only this user can reach: a hidden file of the profile where its path is short enough for a socket's
name, else in a private temporary folder. Where it is stands in the profile.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from pecdesk.errors import N_, ProfileError
from pecdesk.profile import Profile
from pecdesk.store.disk import write_file

LOCK = "window"
LONGEST_NAME = 100
"""Bytes of a socket's path that every system takes (Linux 108, macOS 104)."""
LARGEST = 1 << 20
"""Bytes of what is handed over; more is none of ours."""
PATIENCE = 5.0
"""Seconds a second start waits for a first that is just starting."""
ANSWER = b"taken\n"


@dataclass(frozen=True, slots=True)
class Request:
    """What a start of the program was asked for."""

    files: tuple[str, ...] = ()
    """Messages to inspect, as absolute paths; without any, the main window is meant."""
    links: tuple[str, ...] = ()
    """`mailto:` links to write to."""
    token: str = ""
    """What a Wayland desktop wants to see before it lets a window come to the front."""
    attached: tuple[str, ...] = ()
    """Files that begin a message, as absolute paths."""


class OneWindow(QObject):
    """The first window of a profile, which listens for others. `asked` is told on the GUI thread."""

    asked = Signal(object)
    """A `Request`."""

    def __init__(self, profile: Profile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._profile = profile
        self._held = ExitStack()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._take)
        self._read: dict[QLocalSocket, bytearray] = {}

    def be_first(self) -> bool:
        """Become the window of this profile; False where another process is."""
        try:
            self._held.enter_context(self._profile.lock(LOCK))
        except ProfileError as error:
            if error.message != self._profile.in_use().message:
                raise
            return False
        name = self._name()
        QLocalServer.removeServer(name)
        if self._server.listen(name):
            write_file(_address(self._profile), name.encode())
        return True

    def close(self) -> None:
        """Listen no longer; the next start is the first."""
        self._read.clear()
        self._server.close()
        with suppress(OSError):
            _address(self._profile).unlink(missing_ok=True)
        self._held.close()

    def _name(self) -> str:
        if sys.platform == "win32":
            return f"pecdesk-{uuid.uuid4().hex}"
        inside = self._profile.root / ".window.socket"
        if len(os.fsencode(inside)) <= LONGEST_NAME:
            return str(inside)
        folder = tempfile.TemporaryDirectory(prefix="pecdesk-", ignore_cleanup_errors=True)
        self._held.callback(folder.cleanup)
        return str(Path(folder.name) / ".window.socket")

    def _take(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            self._read[socket] = bytearray()
            socket.readyRead.connect(lambda socket=socket: self._hear(socket))
            socket.disconnected.connect(lambda socket=socket: self._forget(socket))
            self._hear(socket)

    def _hear(self, socket: QLocalSocket) -> None:
        if socket not in self._read:
            return
        heard = self._read[socket]
        heard += bytes(socket.readAll().data())
        if len(heard) > LARGEST:
            socket.abort()
        elif heard.endswith(b"\n"):
            request = _request(bytes(heard))
            heard.clear()
            if request is not None:
                socket.write(ANSWER)
                socket.flush()
                self.asked.emit(request)

    def _forget(self, socket: QLocalSocket) -> None:
        if self._read.pop(socket, None) is not None:
            socket.deleteLater()


def hand_over(profile: Profile, request: Request, patience: float = PATIENCE) -> None:
    """Ask the window of this profile for what this start was asked for. Waits; ProfileError where it does not answer.

    For a process without an event loop of its own.
    """
    end = time.monotonic() + patience
    while True:
        if _ask(profile, request):
            return
        if time.monotonic() >= end:
            raise ProfileError(
                N_("A window of pecdesk is open on the profile {path} already, and does not answer."),
                N_("Close it, or wait until it has finished; then start again."),
                path=profile.root,
            )
        time.sleep(0.1)


def _ask(profile: Profile, request: Request) -> bool:
    try:
        name = _address(profile).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(1000):
        return False
    socket.write(json.dumps(asdict(request)).encode() + b"\n")
    heard = b""
    while not heard.endswith(ANSWER):
        if not socket.waitForReadyRead(2000):
            return False
        heard += bytes(socket.readAll().data())
    socket.disconnectFromServer()
    return True


def _address(profile: Profile) -> Path:
    return profile.root / ".window.address"


def _request(heard: bytes) -> Request | None:
    """What was asked for; None for what is none of ours."""
    try:
        found: Any = json.loads(heard)
        files, links, token, attached = found["files"], found["links"], found["token"], found["attached"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not all(isinstance(names, list) for names in (files, links, attached)):
        return None
    if not all(isinstance(each, str) for each in (*files, *links, *attached, token)):
        return None
    return Request(tuple(files), tuple(links), token, tuple(attached))
