"""Fetching from servers that mean harm: within its time and size, and from nowhere it should not go."""

from __future__ import annotations

import gzip
import ipaddress
import itertools
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from pecdesk.app import fetching
from pecdesk.app.fetching import INTERNET, Address, FetchError, Limits, Reach, fetch, is_public
from tests.kit.servers import PATIENCE, Server, Visit, serving

QUICK = Limits(connect_seconds=1.0, silent_seconds=0.3, total_seconds=0.6, octets=50_000)
SLACK = 2.0
"""Seconds a busy machine may add."""


def only_this_machine(address: Address) -> bool:
    """What the tests may reach: their own server, and nothing else that is private."""
    return address == ipaddress.ip_address("127.0.0.1") or is_public(address)


HERE = Reach(ports=None, is_allowed=only_this_machine)


def got(server: Server, path: str = "/list.crl", limits: Limits = QUICK) -> bytes:
    return fetch(server.url + path, limits, HERE)


def refused(server: Server, path: str = "/list.crl", limits: Limits = QUICK) -> str:
    began = time.monotonic()
    with pytest.raises(FetchError) as caught:
        got(server, path, limits)
    assert time.monotonic() - began < limits.total_seconds + SLACK
    assert caught.value.next_step
    return str(caught.value)


# --- honest servers ---------------------------------------------------------------------------------------------------


def test_the_bytes_come_as_they_are() -> None:
    body = bytes(range(256)) * 100
    with serving(lambda visit: visit.answer(body)) as server:
        assert got(server, "/crl?of=a") == body
    (request,) = server.requests
    head = request.decode().splitlines()
    assert head[0] == "GET /crl?of=a HTTP/1.1"
    assert f"Host: 127.0.0.1:{server.port}" in head
    assert "Accept-Encoding: identity" in head
    assert not [line for line in head if line.lower().startswith(("cookie", "authorization", "referer"))]


def test_an_address_without_a_path_means_its_root() -> None:
    with serving(lambda visit: visit.answer(b"crl")) as server:
        assert got(server, "") == b"crl"
    assert server.requests[0].startswith(b"GET / HTTP/1.1")


@pytest.mark.parametrize("way", ["chunked", "until it closes"])
def test_a_body_of_unknown_length_is_read(way: str) -> None:
    def answer(visit: Visit) -> None:
        if way == "chunked":
            visit.answer(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "Transfer-Encoding: chunked", length=False)
        else:
            visit.answer(b"abcde", length=False)

    with serving(answer) as server:
        assert got(server) == b"abcde"


def test_it_is_led_to_another_address() -> None:
    def answer(visit: Visit) -> None:
        if visit.path == "/list.crl":
            visit.answer(b"", "Location: elsewhere.crl", status="302 Found")
        else:
            visit.answer(visit.path.encode())

    with serving(answer) as server:
        assert got(server) == b"/elsewhere.crl"


def test_a_body_just_as_long_as_may_be_is_read() -> None:
    for length in (True, False):
        with serving(lambda visit, length=length: visit.answer(bytes(QUICK.octets), length=length)) as server:
            assert len(got(server)) == QUICK.octets


def test_an_address_that_does_not_answer_is_passed_over_for_the_next() -> None:
    with socket.create_server(("127.0.0.2", 0)) as closed:
        free = closed.getsockname()[1]
    reach = Reach(None, lambda address: address.is_loopback, lambda host, port: ["127.0.0.2", "127.0.0.1"])
    with serving(lambda visit: visit.answer(b"crl")) as server:
        assert free != server.port
        assert fetch(server.url, QUICK, reach) == b"crl"


# --- hostile ones -----------------------------------------------------------------------------------------------------


def saying(head: bytes, piece: bytes, seconds: float = 0.0) -> Callable[[Visit], None]:
    """Begins like this, and goes on with the same piece without end."""
    return lambda visit: visit.drip(itertools.chain((head,), itertools.repeat(piece)), seconds)


def replying(body: bytes = b"", *headers: str, status: str = "200 OK", length: bool = True) -> Callable[[Visit], None]:
    """One whole answer."""
    return lambda visit: visit.answer(body, *headers, status=status, length=length)


def leading_to(place: str) -> Callable[[Visit], None]:
    """Sends its visitors elsewhere."""
    return replying(b"", f"Location: {place}", status="302 Found")


def silent(visit: Visit) -> None:
    visit.ended.wait(PATIENCE)


OK = b"HTTP/1.1 200 OK\r\n"
BIG = bytes(4096)
NO_ADDRESS = "not an address on the internet"

HOSTILE: dict[str, tuple[Callable[[Visit], None], str]] = {
    "says nothing": (silent, "in time"),
    "drips its head": (saying(b"", b"H", 0.02), "in time"),
    "drips its headers": (saying(OK, b"A: b\r\n", 0.02), "in time"),
    "drips its body": (saying(OK + b"\r\n", b"x", 0.02), "in time"),
    "says to go on without end": (saying(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 500), "more bytes than are read"),
    "sends headers without end": (saying(OK, b"A: b\r\n" * 200), "more than 100 headers"),
    "sends a head line without end": (saying(b"", b"x" * 4096), "more than 65536 bytes"),
    "sends a body without end": (saying(OK + b"\r\n", BIG), "more than 50000 bytes"),
    "announces more than is read": (replying(b"", "Content-Length: 50001", length=False), "more than 50000 bytes"),
    "sends a chunk without end": (
        saying(OK + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n", BIG),
        "more than 50000 bytes",
    ),
    "breaks off": (replying(b"abc", "Content-Length: 10", length=False), "broke off"),
    "breaks off before it begins": (replying(b"", "Content-Length: 10", length=False), "broke off"),
    "breaks off in a chunk": (
        replying(b"9\r\nabc", "Transfer-Encoding: chunked", length=False),
        "could not be fetched",
    ),
    "hangs up at once": (lambda visit: None, "could not be fetched"),
    "talks nonsense": (lambda visit: visit.send(b"\x00\xff\r\n\r\n"), "could not be fetched"),
    "sends a bomb": (replying(gzip.compress(bytes(40_000_000)), "Content-Encoding: gzip"), "packed"),
    "sends something packed twice": (replying(b"x", "Content-Encoding: br, gzip"), "packed"),
    "has nothing there": (replying(b"gone", status="404 Not Found"), "answers 404"),
    "leads nowhere": (replying(b"", status="302 Found"), "answers 302"),
    "leads round in a circle": (leading_to("/list.crl"), "without end"),
    "leads to a file": (leading_to("file:///etc/hostname"), NO_ADDRESS),
    "leads to a directory service": (leading_to("ldap://127.0.0.1/x"), NO_ADDRESS),
    "leads into a private network": (leading_to("http://10.0.0.1/"), NO_ADDRESS),
    "leads to the machine's own data": (leading_to("http://169.254.169.254/latest"), NO_ADDRESS),
    "leads to a name with a password": (leading_to("http://user:secret@127.0.0.1/"), NO_ADDRESS),
    "leads to an address that is none": (leading_to("http://[::1"), "could not be fetched"),
    "leads to letters that have no place": (
        lambda visit: visit.send("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/é\r\n\r\n".encode("latin-1")),
        NO_ADDRESS,
    ),
}


@pytest.mark.parametrize("server", HOSTILE)
def test_a_hostile_server_costs_little_and_gets_nothing(server: str) -> None:
    answer, words = HOSTILE[server]
    with serving(answer) as running:
        assert words in refused(running)
    assert len(running.requests) <= QUICK.redirections + 1


def test_a_name_that_is_never_resolved_costs_no_more_than_its_time() -> None:
    over = threading.Event()
    try:
        slow = Reach(resolve=lambda host, port: (over.wait(10) and []) or [])
        began = time.monotonic()
        with pytest.raises(FetchError, match="in time"):
            fetch("http://ca.example/crl", QUICK, slow)
        assert time.monotonic() - began < QUICK.total_seconds + SLACK
    finally:
        over.set()


def test_time_that_is_over_is_over_before_anybody_is_asked() -> None:
    with serving(lambda visit: visit.answer(b"crl")) as server:
        refused(server, limits=replace(QUICK, total_seconds=0.0))
    assert server.requests == []


def test_a_name_that_does_not_exist_is_told() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(FetchError, match="Name or service not known"):
        fetch("http://ca.example/crl", QUICK, Reach(resolve=unknown))


def test_a_server_that_says_when_to_come_back_is_heard() -> None:
    for value, seconds in (("120", 120), ("Fri, 01 Jan 2027 00:00:00 GMT", 0), ("999999999", 0), ("-5", 0)):
        with (
            serving(lambda visit, value=value: visit.answer(b"", f"Retry-After: {value}", status="503 Busy")) as server,
            pytest.raises(FetchError) as caught,
        ):
            got(server)
        assert caught.value.wait_seconds == seconds


# --- where it may go --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://ca.example/crl",
        "ldap://ca.example/crl",
        "gopher://ca.example/",
        "//ca.example/crl",
        "ca.example/crl",
        "",
        "http://",
        "http:///crl",
        "http://user@ca.example/crl",
        "http://ca.example:22/crl",
        "http://ca.example:8080/crl",
        "http://ca.èxample/crl",
    ],
)
def test_only_plain_addresses_of_the_web_are_asked(url: str) -> None:
    def never(host: str, port: int) -> list[str]:
        raise AssertionError

    with pytest.raises(FetchError, match="not an address on the internet"):
        fetch(url, QUICK, Reach(resolve=never))


@pytest.mark.parametrize("url", ["http://ca.example:99999/crl", "http://[ca.example/crl", "http://ca.example:x/"])
def test_addresses_that_mean_nothing_are_told(url: str) -> None:
    with pytest.raises(FetchError, match="could not be fetched"):
        fetch(url, QUICK)


def test_an_address_with_a_space_or_a_line_end_in_it_is_never_sent() -> None:
    with serving(replying(b"crl")) as server:
        for path in ("/a b", "/a\x7f", "/a\r\nX: y"):
            assert "no place in an address" in refused(server, path)
    assert server.requests == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff0e::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("2002:0a00:0001::1", False),
        ("64:ff9b::10.0.0.1", False),
        ("64:ff9b::93.184.216.34", True),
    ],
)
def test_private_addresses_are_known_in_every_dress(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


def test_a_name_that_leads_to_a_private_address_is_not_asked() -> None:
    with serving(lambda visit: visit.answer(b"secret")) as server:
        for host in ("127.0.0.1", "localhost", "[::1]"):
            with pytest.raises(FetchError, match="not an address on the internet"):
                fetch(f"http://{host}:{server.port}/", QUICK, replace(INTERNET, ports=None))
        named = Reach(None, resolve=lambda host, port: ["127.0.0.1", "fe80::1%1"])
        with pytest.raises(FetchError, match="not an address on the internet"):
            fetch(f"http://ca.example:{server.port}/", QUICK, named)
    assert server.requests == []


def test_the_usual_reach_is_the_internet_on_its_own_ports() -> None:
    assert (INTERNET.ports, INTERNET.is_allowed) == ({80, 443}, is_public)
    assert fetching._resolve("127.0.0.1", 80) == ["127.0.0.1"]


def test_a_secure_address_is_checked_by_its_certificate() -> None:
    asked = []

    class Context:
        def wrap_socket(self, connection: socket.socket, server_hostname: str) -> socket.socket:
            asked.append((server_hostname, connection.gettimeout()))
            return socket.socket(fileno=connection.detach())

    reach = replace(HERE, context=Context)  # type: ignore[arg-type]
    with serving(lambda visit: visit.answer(b"crl")) as server:
        assert fetch(f"https://127.0.0.1:{server.port}/", QUICK, reach) == b"crl"
        with pytest.raises(FetchError):
            fetch(f"https://127.0.0.1:{server.port}/", QUICK, HERE)
    assert asked[0][0] == "127.0.0.1"
    assert 0 < asked[0][1] <= QUICK.connect_seconds
    context = INTERNET.context()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(lambda visit: visit.answer(b"crl")) as server:
        assert got(server) == b"crl"
