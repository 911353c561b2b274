"""Sending cut at every byte, by the oracle of what the provider durably stored; and a very big message, with memory.

Run by hand: `python -m tests.benchmarks.sending`. For every number of bytes of the data that get through, with TLS and
without, a message is sent, its state is held against the truth, and it is tried again. Takes a few minutes.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from pecdesk.app import App
from pecdesk.examine import examine
from pecdesk.pec.acceptable import addressed
from pecdesk.profile import Profile
from pecdesk.profile.accounts import Account, Endpoint, Security
from pecdesk.store import Store
from tests.integration.test_sending import ANNA, BRUNO, ME, NOW
from tests.kit.certificates import ServerAuthority
from tests.kit.smtp_server import Behaviour, SmtpServer


def message(number: int, text: str = "Testo.\r\n.\r\n..\r\n") -> bytes:
    return (
        f"From: {ME}\r\nTo: {ANNA}, {BRUNO}\r\nSubject: Prova {number}\r\n"
        f"Message-ID: <{number}@pec.gestore.example>\r\nDate: Sun, 22 Nov 2026 10:30:00 +0000\r\n\r\n{text}"
    ).encode()


def on_the_wire(raw: bytes) -> int:
    """Bytes of the data: dots doubled, the end included."""
    return len(raw) + raw.count(b"\n.") + len(b".\r\n")


def opened(folder: Path) -> App:
    app = App(Profile.open(folder / "profile"))
    app.clock = lambda: NOW
    app.examine_bytes = lambda raw, now: examine(raw, app.anchors, now=now)  # type: ignore[method-assign]
    return app


def set_up(app: App, server: SmtpServer, ca_file: str) -> None:
    imap = Endpoint("127.0.0.1", 993, Security.PLAIN)
    app.servers.add(Account(ME, imap, smtp=server.endpoint, ca_file=ca_file, password_command="echo Sesamo"), None, NOW)


def send(app: App, path: Path, raw: bytes) -> int:
    path.write_bytes(raw)
    id_ = app.outgoing.send_file(path, ME, None, app.clock()).row_id
    app.outgoing.deliver_now()
    return id_


def state(app: App, id_: int) -> str:
    return str(app.rows_by_id([id_])[0].transmission.state)


def cut_everywhere(folder: Path, step: int, *, tls: bool) -> Counter[tuple[str, int, str, int]]:
    """How often each state, with the times it was stored: at once, and after it was tried again."""
    authority = ServerAuthority(folder / "authority")
    certificate = authority.good() if tls else None
    found: Counter[tuple[str, int, str, int]] = Counter()
    with SmtpServer(folder / "provider", certificate) as server, opened(folder) as app:
        set_up(app, server, str(authority.ca_file) if tls else "")
        whole = on_the_wire(message(0))
        for number, place in enumerate([*range(0, whole, step), *range(whole - 8, whole + 1)]):
            raw = message(number)
            name = f"<{addressed(raw).message_id}>"
            cut = place - whole + on_the_wire(raw)
            lost = Behaviour(answer=None) if place >= whole else Behaviour(cut_at=cut)
            server.behaviours = [lost, Behaviour()]
            id_ = send(app, folder / "message.eml", raw)
            first = state(app, id_), server.times(name)
            at = app.clock() + timedelta(hours=1)
            app.clock = lambda at=at: at  # type: ignore[misc]
            app.outgoing.deliver_now()
            second = state(app, id_), server.times(name)
            assert first[0] != "queued" or first[1] == 0, (place, first)
            assert second[1] <= 1, (place, second)
            assert first[0] != "uncertain" or second == first, (place, first, second)
            found[(*first, *second)] += 1
        assert isinstance(app.store, Store)
        assert app.store.database.check() is None
    return found


def big(folder: Path, size: int) -> tuple[float, float]:
    """Seconds and megabytes at most for handing over a message of that size that is frozen already."""
    with SmtpServer(folder / "provider") as server, opened(folder) as app:
        set_up(app, server, "")
        server.behaviours = [Behaviour({"MAIL": "451 later"}), Behaviour(stores=False)]
        send(app, folder / "message.eml", message(1, ("x" * 76 + "\r\n") * (size // 78)))
        at = app.clock() + timedelta(hours=1)
        app.clock = lambda: at
        started = time.perf_counter()
        app.outgoing.deliver_now()
        seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--step", type=int, default=1, help="bytes between two cuts away from the end")
    words.add_argument("--size", type=int, default=50_000_000, help="bytes of the big message")
    options = words.parse_args()
    for tls in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            print("TLS" if tls else "plain text")
            for (first, stored, second, then), count in sorted(
                cut_everywhere(Path(folder), options.step, tls=tls).items()
            ):
                print(f"  {count:5} times {first}, stored {stored}; tried again: {second}, stored {then}")
    with tempfile.TemporaryDirectory() as folder:
        seconds, megabytes = big(Path(folder), options.size)
        print(f"{options.size / 1e6:.0f} MB handed over in {seconds:.1f} s, {megabytes:.0f} MB of memory at most")


if __name__ == "__main__":
    sys.exit(main())
