"""What stands in for `examine` inside a helper process, to misbehave on demand. Imported by the helper alone."""

from __future__ import annotations

import hashlib
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pecdesk.examine import over_limit, to_json
from pecdesk.examiner.frames import NOTHING, Request, Want
from pecdesk.reading import Reading
from pecdesk.reading import to_json as reading_to_json
from pecdesk.trust import Reason

Target = Callable[[bytes, Request], bytes]

ANSWERS = 3
"""Descriptors from here on are the helper's own; its answers go over one of them."""


def answer(raw: bytes, reason: Reason = Reason.INCOMPLETE) -> bytes:
    return to_json(over_limit(raw, reason))


def obedient(anchors_json: bytes) -> Target:
    """Does what the message says."""

    def examine(raw: bytes, asked: Request) -> bytes:
        order, _, rest = raw.partition(b" ")
        if order in ORDERS:
            ORDERS[order](rest.decode())
        if order == b"garbage":
            return b"\xff not an examination"
        if order == b"nonsense":
            return b'{"verdict": "certified"}'
        if order == b"environment":
            return answer(" ".join(sorted(os.environ)).encode())
        if order == b"asked":
            return answer(f"{anchors_json.decode()} {asked.at} {asked.now}".encode())
        if asked.want is Want.READING:
            return reading_to_json(Reading(sha256_of(raw), None, None, (), 0))
        if asked.want is Want.INSIDE and not rest:
            return NOTHING
        return answer(raw)

    return examine


def sha256_of(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def trivial(anchors_json: bytes) -> Target:
    """Answers always the same, as fast as it can."""
    same = answer(anchors_json)
    return lambda raw, asked: same


def broken(anchors_json: bytes) -> Target:
    """Never becomes ready."""
    raise ValueError(anchors_json)


def mute(anchors_json: bytes) -> Target:
    """Dies before it is ready."""
    os._exit(7)


def hang(_: str) -> None:
    while True:
        time.sleep(60)


def spin(_: str) -> None:
    while True:
        pass


def die(_: str) -> None:
    os._exit(9)


def crash(_: str) -> None:
    raise KeyError("secret of the message")


def exhaust(_: str) -> None:
    kept = []
    while True:
        kept.append(bytearray(16 << 20))


def chatter(_: str) -> None:
    print("stray", flush=True)
    os.write(1, b"stray\n" * 100)
    os.write(2, b"stray\n")
    sys.stdout.write("more\n")
    if sys.stdin.read():
        raise AssertionError


def half(_: str) -> None:
    _write_answer(struct.pack(">BQ", 0x50, 1000) + b'{"sha256":')
    os._exit(0)


def shout(_: str) -> None:
    _write_answer(b"HTTP/1.1 200 OK\r\n\r\n" * 10)
    os._exit(0)


def boast(_: str) -> None:
    _write_answer(struct.pack(">BQ", 0x50, 1 << 62))


def trespass(what: str) -> None:
    attempts: dict[str, Callable[[], object]] = {
        "connect": lambda: socket.create_connection(("127.0.0.1", 1)),
        "resolve": lambda: socket.getaddrinfo("localhost", 80),
        "run": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        "shell": lambda: os.system("true"),
        "write": lambda: Path("/tmp/pecdesk-examiner").write_text("x"),
        "append": lambda: os.open(__file__, os.O_WRONLY | os.O_APPEND),
        "read": lambda: Path("/etc/hostname").read_text(),
        "leave": lambda: Path(__file__, "..", "..", "..", "..", "..", "etc", "hostname").read_text(),
        "delete": lambda: Path(__file__).unlink(),
    }
    try:
        attempts[what]()
    except PermissionError:
        return
    os._exit(1)


def _write_answer(data: bytes) -> None:
    for descriptor in range(ANSWERS, 16):
        try:
            os.write(descriptor, data)
        except OSError:
            continue


ORDERS: dict[bytes, Callable[[str], None]] = {
    b"hang": hang,
    b"spin": spin,
    b"die": die,
    b"crash": crash,
    b"exhaust": exhaust,
    b"chatter": chatter,
    b"half": half,
    b"shout": shout,
    b"boast": boast,
    b"trespass": trespass,
}
