"""One file from the network, from an address that was found in a certificate: within limits, and from nowhere private.

Whoever answers, or changes the answer on its way, may send what he likes as slowly as he likes: time, size and
redirections are limited, nothing is unpacked, and no address inside this machine or this network is ever asked. Proxies
of the environment are not used: they would take these limits away.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import cast
from urllib.parse import SplitResult, urljoin, urlsplit

from pecdesk.errors import N_, PecdeskError

_HEAD_BYTES = 1 << 16
_REDIRECTIONS = frozenset({301, 302, 303, 307, 308})
_TRY_LATER = N_("It is tried again later; until then nothing else changes.")
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for an IPv4 address (RFC 6052)."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class FetchError(PecdeskError):
    """A file that could not be fetched. `wait_seconds`: how long the server asked to be left alone."""

    def __init__(self, message: str, *, wait_seconds: int = 0, **fields: object) -> None:
        super().__init__(message, _TRY_LATER, **fields)
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost."""

    connect_seconds: float = 10.0
    silent_seconds: float = 10.0
    """Longest wait for the next byte."""
    total_seconds: float = 60.0
    """Redirections included."""
    octets: int = 16 << 20
    redirections: int = 3


def is_public(address: Address) -> bool:
    """Whether this is an address of the internet, and not of this machine or of a network around it."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(inside)
    return address.is_global and not address.is_multicast


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a file may be fetched from. Tests reach their own machine; everybody else the internet."""

    ports: frozenset[int] | None = frozenset({80, 443})
    is_allowed: Callable[[Address], bool] = is_public
    resolve: Callable[[str, int], list[str]] = _resolve
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context


USUAL_LIMITS = Limits()
INTERNET = Reach()


def fetch(url: str, limits: Limits = USUAL_LIMITS, reach: Reach = INTERNET) -> bytes:
    """The bytes at this address. Raises FetchError, with the reason."""
    deadline = time.monotonic() + limits.total_seconds
    asked = url
    for _ in range(limits.redirections + 1):
        try:
            found = _ask(asked, deadline, limits, reach)
            if isinstance(found, bytes):
                return found
            asked = urljoin(asked, found.url)
        except FetchError:
            raise
        except TimeoutError as error:
            raise FetchError(N_("{url} did not answer in time."), url=url) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
            raise FetchError(N_("{url} could not be fetched: {reason}."), url=url, reason=reason) from error
    raise FetchError(N_("{url} leads from one address to the next without end."), url=url)


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """The answer lies at another address."""

    url: str


def _ask(url: str, deadline: float, limits: Limits, reach: Reach) -> bytes | _Elsewhere:
    parts = urlsplit(url)
    host, port = _place(parts, url, reach)
    request = _request(parts)
    addresses = _within(deadline, limits.connect_seconds, lambda: reach.resolve(host, port))
    allowed = [one for one in addresses if reach.is_allowed(ipaddress.ip_address(one.partition("%")[0]))]
    if not allowed:
        raise FetchError(N_("{url} is not an address on the internet."), url=url)
    connection = _connect(allowed, port, deadline, limits)
    if parts.scheme == "https":
        with closing(connection):
            connection.settimeout(_remaining(deadline, limits.connect_seconds))
            connection = reach.context().wrap_socket(connection, server_hostname=host)
    with closing(connection):
        connection.sendall(request)
        bounded = cast("socket.socket", _Bounded(connection, deadline, limits))
        with closing(http.client.HTTPResponse(bounded, method="GET")) as response:
            response.begin()
            return _answer(response, url, limits)


def _place(parts: SplitResult, url: str, reach: Reach) -> tuple[str, int]:
    """Host and port, where they may be asked at all."""
    ports = {"http": 80, "https": 443}
    if parts.scheme not in ports or not parts.hostname or parts.username is not None or not url.isascii():
        raise FetchError(N_("{url} is not an address on the internet."), url=url)
    port = parts.port or ports[parts.scheme]
    if reach.ports is not None and port not in reach.ports:
        raise FetchError(N_("{url} is not an address on the internet."), url=url)
    return parts.hostname, port


def _request(parts: SplitResult) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc
    if any(char <= " " or char == "\x7f" for char in target + host):
        raise ValueError("a character that has no place in an address")
    lines = (
        f"GET {target} HTTP/1.1",
        f"Host: {host}",
        "User-Agent: pecdesk",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii")


def _answer(response: http.client.HTTPResponse, url: str, limits: Limits) -> bytes | _Elsewhere:
    if response.status in _REDIRECTIONS and (location := response.getheader("Location")):
        return _Elsewhere(location)
    if response.status != 200:
        wait = response.getheader("Retry-After") or ""
        seconds = int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 9 else 0
        raise FetchError(N_("{url} answers {status}."), url=url, status=response.status, wait_seconds=seconds)
    if (response.getheader("Content-Encoding") or "identity").strip().lower() != "identity":
        raise FetchError(N_("{url} sends something packed, which is not opened."), url=url)
    data = b"" if (response.length or 0) > limits.octets else response.read(limits.octets + 1)
    if max(len(data), response.length or 0) > limits.octets:
        raise FetchError(N_("{url} sends more than {size} bytes, which is not read."), url=url, size=limits.octets)
    if response.length:
        raise FetchError(N_("{url} broke off before the end."), url=url)
    return data


def _remaining(deadline: float, at_most: float) -> float:
    """Seconds left; TimeoutError when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, at_most)


def _within(deadline: float, seconds: float, work: Callable[[], list[str]]) -> list[str]:
    """Do something that knows no time limit of its own, and wait no longer than this."""
    answers: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def run() -> None:
        try:
            answers.put(work())
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            answers.put(error)

    threading.Thread(target=run, name="name-look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=_remaining(deadline, seconds))
    except Empty as error:
        raise TimeoutError from error
    if isinstance(answer, Exception):
        raise answer
    return answer


def _connect(addresses: list[str], port: int, deadline: float, limits: Limits) -> socket.socket:
    """A connection to the first of these that takes one."""
    *first, last = addresses
    for address in first:
        try:
            return socket.create_connection((address, port), _remaining(deadline, limits.connect_seconds))
        except OSError:
            continue
    return socket.create_connection((last, port), _remaining(deadline, limits.connect_seconds))


class _Bounded(io.RawIOBase):
    """What a connection sends, up to a number of bytes and a time. Stands where `http.client` wants a socket."""

    def __init__(self, connection: socket.socket, deadline: float, limits: Limits) -> None:
        self._connection = connection
        self._deadline = deadline
        self._silent_seconds = limits.silent_seconds
        self._left = limits.octets + _HEAD_BYTES

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What `http.client` reads from."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview[int]) -> int:  # type: ignore[override]
        self._connection.settimeout(_remaining(self._deadline, self._silent_seconds))
        got = self._connection.recv_into(buffer)
        self._left -= got
        if self._left < 0:
            raise ValueError("more bytes than are read")
        return got
