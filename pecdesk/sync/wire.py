"""A connection read in lines and blocks, within limits: of size, of number and of time.

Whoever answers may send lines without end, announce what it never sends, or drip. A budget holds for the answer to one
command; who breaks it is cut off. Every wait looks at `stopped` four times a second.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress

from pecdesk.errors import N_, CancelledError, NetworkError, ServerError

LITERAL_LIMIT = 150 << 20
"""Bytes of the longest block that is taken: a message of 100 MB is 137 MB in base64."""
LINE_LIMIT = 16 << 20
"""Bytes of one line: the numbers of two million messages."""
_CHUNK = 1 << 18
_GLANCE = 0.25
"""Seconds between two looks at `stopped`."""
_SLOWEST = 1024.0
"""Bytes in a second, on average over one answer; slower is a connection that is kept busy on purpose, or dead."""
_CHECK_NETWORK = N_("If this goes on, check the connection to the internet.")


class Wire:
    """One connection. After any error it is closed."""

    def __init__(
        self,
        connection: socket.socket,
        host: str,
        timeout: float,
        stopped: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.connection = connection
        self.host = host
        self.timeout = timeout
        self.stopped = stopped
        self._clock = clock
        self._buffer = bytearray()
        self._chunk = bytearray(_CHUNK)
        self._is_closed = False
        self.allow()

    def allow(self, *, lines: int = 10_000, octets: int = 64 << 20, patience: float | None = None) -> None:
        """The budget of the next answer, which begins now. `patience`: seconds beyond what its bytes may take."""
        self._lines_left = lines
        self._octets_left = octets
        self._began = self._clock()
        self._came = 0
        self._patience = 5 * self.timeout if patience is None else patience

    def line(self) -> bytes:
        """One line with its end."""
        end = 0
        while True:
            found = self._buffer.find(b"\n", end)
            if found >= 0:
                break
            end = len(self._buffer)
            if end > min(LINE_LIMIT, self._octets_left):
                raise self._nonsense(N_("{host} sends a line without end."))
            self._receive()
        self._lines_left -= 1
        if self._lines_left < 0:
            raise self._nonsense(N_("{host} answers without end."))
        return self._take(found + 1)

    def line_within(self, seconds: float) -> bytes | None:
        """A line, or None where none is complete after so many seconds. Counts against no budget of time."""
        ends = self._clock() + seconds
        while b"\n" not in self._buffer:
            left = ends - self._clock()
            if left <= 0:
                return None
            if len(self._buffer) > LINE_LIMIT:
                raise self._nonsense(N_("{host} sends a line without end."))
            self._receive_once(min(left, _GLANCE))
        return self.line()

    def block(self, size: int) -> bytes:
        """Exactly so many bytes. Nothing is set aside for bytes that have not come."""
        if size > min(LITERAL_LIMIT, self._octets_left):
            raise self._nonsense(N_("{host} announces {size} bytes, more than are taken here."), size=size)
        while len(self._buffer) < size:
            self._receive()
        return self._take(size)

    def skip(self, size: int) -> None:
        """Read past so many bytes, and keep none."""
        if size > min(LITERAL_LIMIT, self._octets_left):
            raise self._nonsense(N_("{host} announces {size} bytes, more than are taken here."), size=size)
        self._octets_left -= size
        while size:
            if not self._buffer:
                self._receive()
            step = min(size, len(self._buffer))
            del self._buffer[:step]
            size -= step

    def send(self, data: bytes) -> None:
        """Send all of it."""
        view = memoryview(data)
        waited_since = self._clock()
        while view:
            self._check_stopped()
            try:
                self._wait_at_most(_GLANCE)
                sent = self.connection.send(view[:_CHUNK])
            except (TimeoutError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                if self._clock() - waited_since > self.timeout:
                    raise self._silent() from None
                continue
            except OSError as error:
                raise self._cut() from error
            view = view[sent:]
            waited_since = self._clock()

    def close(self) -> None:
        """Let go of it, whatever state it is in."""
        self._is_closed = True
        self._buffer.clear()
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            self.connection.close()

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be said any more."""
        return self._is_closed

    # --- underneath ---------------------------------------------------------------------------------------------------

    def _take(self, size: int) -> bytes:
        self._octets_left -= size
        if self._octets_left < 0:
            raise self._nonsense(N_("{host} answers without end."))
        taken = bytes(memoryview(self._buffer)[:size])
        del self._buffer[:size]
        return taken

    def _receive(self) -> None:
        """Wait for some bytes, as long as one may."""
        waited_since = self._clock()
        while not self._receive_once(_GLANCE):
            if self._clock() - waited_since > self.timeout:
                raise self._silent()
        if self._clock() - self._began > self._patience + self._came / _SLOWEST:
            raise self._silent()

    def _receive_once(self, seconds: float) -> int:
        """How many bytes came; 0 where none did."""
        self._check_stopped()
        try:
            self._wait_at_most(max(seconds, 0.001))
            count = self.connection.recv_into(self._chunk)
        except (TimeoutError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0
        except OSError as error:
            raise self._cut() from error
        if not count:
            raise self._cut()
        self._buffer += memoryview(self._chunk)[:count]
        self._came += count
        return count

    def _wait_at_most(self, seconds: float) -> None:
        """How long a call of the system may take: set anew only where it differs, which costs a call itself."""
        if self.connection.gettimeout() != seconds:
            self.connection.settimeout(seconds)

    def _check_stopped(self) -> None:
        if self.stopped():
            self.close()
            raise CancelledError(N_("Stopped while waiting for the server."))
        if self._is_closed:
            raise self._cut()

    def _cut(self) -> NetworkError:
        self.close()
        return NetworkError(N_("The connection to {host} was cut."), _CHECK_NETWORK, host=self.host)

    def _silent(self) -> NetworkError:
        self.close()
        return NetworkError(N_("{host} did not answer in time."), _CHECK_NETWORK, host=self.host)

    def _nonsense(self, message: str, **fields: object) -> ServerError:
        self.close()
        return ServerError(
            message, N_("The connection was closed. If this goes on, tell the provider."), host=self.host, **fields
        )
