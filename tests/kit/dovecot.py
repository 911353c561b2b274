"""A real Dovecot on this machine, for one test module: TLS and plain on free loopback ports, gone without a trace.

It runs as an unprivileged user, because its login process refuses to be root. Its configuration is that of Dovecot
2.3; 2.4 speaks another language and is skipped.
"""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from pecdesk.profile.accounts import Account, Endpoint, Security
from pecdesk.sync.folder_names import encode_name
from tests.kit.certificates import ServerAuthority, ServerCertificate
from tests.kit.dovecot_configuration import CONFIGURATION

PATIENCE = 10.0
"""Seconds after which Dovecot is given up."""
USER = "mario.rossi@pec.esempio.example"
PASSWORD = 'Sesamo "aperto" \\ 1'
FOLDERS = {"Sent": "\\Sent", "Trash": "\\Trash", "Drafts": "\\Drafts", "Spam": "\\Junk"}
"""Made by itself, with their special use."""

_LINE_END = re.compile(rb"\r\n|\r|\n")


def missing() -> str:
    """Why there can be no Dovecot here; empty where there can."""
    if not shutil.which("dovecot") or not shutil.which("doveadm"):
        return "Dovecot is not installed"
    version = subprocess.run(["dovecot", "--version"], capture_output=True, text=True, check=False).stdout
    if not version.startswith("2.3."):
        return f"the configuration is written for Dovecot 2.3, not for {version.strip()}"
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        return "Dovecot cannot run as root, and there is no setpriv"
    return ""


@dataclass(frozen=True)
class StoredMessage:
    """One message as a second client sees it."""

    uid: int
    raw: bytes
    flags: frozenset[str]
    internal_date: datetime


class Dovecot:
    """One running server with one user; any number of folders."""

    def __init__(
        self,
        *,
        storage: str = "sdbox",
        separator: str = "/",
        quota: str | None = None,
        connections: int = 20,
        capabilities: str | None = None,
        special_use: bool = True,
        certificate: ServerCertificate | None = None,
        user: str = USER,
        password: str = PASSWORD,
    ) -> None:
        """Start one.

        `quota` like "20M"; `connections` allowed for user and address; `capabilities` replaces the announced list, or
        adds to it where it begins with "+"; `certificate` one of its authority's, or another one.
        """
        self.user, self.password, self.host = user, password, "127.0.0.1"
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.authority = ServerAuthority(self.folder / "tls")
        self.ca_file = self.authority.ca_file
        self._certificate = certificate or self.authority.good()
        self._options = {
            "storage": storage,
            "separator": separator,
            "connections": connections,
            "plugins": "quota" if quota else "",
            "imap_plugins": "quota imap_quota" if quota else "",
            "quota": quota or "0",
            "capability": f"  imap_capability = {capabilities}" if capabilities else "",
            "mailboxes": "\n".join(
                f"  mailbox {name} {{\n    auto = subscribe\n{f'    special_use = {use}' if special_use else ''}\n  }}"
                for name, use in FOLDERS.items()
            ),
        }
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- its life -----------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.getuid())
        for name in ("run", "state", "mail", "home"):
            (self.folder / name).mkdir()
        self.port, self.plain_port = _free_ports()
        configuration = CONFIGURATION.format(
            folder=self.folder,
            user=owner.pw_name,
            group=grp.getgrgid(owner.pw_gid).gr_name,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            certificate=self._certificate.certificate,
            key=self._certificate.key,
            port=self.port,
            plain_port=self.plain_port,
            **self._options,
        )
        self._configuration = self.folder / "dovecot.conf"
        self._configuration.write_text(configuration)
        (self.folder / "passwords").write_text(f"{self.user}:{{PLAIN}}{self.password}::::::\n")
        self._as_owner: list[str] = []
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, owner.pw_uid, owner.pw_gid)
            self._as_owner = [
                "setpriv",
                f"--reuid={owner.pw_uid}",
                f"--regid={owner.pw_gid}",
                "--clear-groups",
                "--no-new-privs",
                "--",
            ]
        self._process = subprocess.Popen(
            [*self._as_owner, "dovecot", "-F", "-c", str(self._configuration)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            start_new_session=True,
        )
        _until(self._answers, lambda: f"Dovecot does not start:\n{self.log}")

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"Dovecot ended:\n{self.log}"
        try:
            with socket.create_connection((self.host, self.plain_port), timeout=PATIENCE) as connection:
                return connection.recv(4) == b"* OK"
        except OSError:
            return False

    def stop(self) -> None:
        """End it, wait for it, and remove what it left. More than once does no harm."""
        process, self._process = self._process, None
        if process is not None:
            # All its processes are of one session. Asked politely it takes a second, and nothing here is worth saving.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def log(self) -> str:
        """What it wrote into its log."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    # --- for the client that is tested --------------------------------------------------------------------------------

    def account(self, *, plain: bool = False, port: int | None = None) -> Account:
        """The account to log in with; at another port where something stands between."""
        security = Security.PLAIN if plain else Security.TLS
        at = port or (self.plain_port if plain else self.port)
        return Account(self.user, Endpoint(self.host, at, security), ca_file="" if plain else str(self.ca_file))

    # --- what a second client does ------------------------------------------------------------------------------------

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """A second client, logged in."""
        client = self._logged_in()
        try:
            yield client
        finally:
            _leave(client)

    def _logged_in(self) -> imaplib.IMAP4:
        """Where connections are counted, one that has just ended still counts for a moment: it is waited for."""
        end = time.monotonic() + PATIENCE
        while True:
            client = imaplib.IMAP4(self.host, self.plain_port, timeout=PATIENCE)
            try:
                client.login(f'"{self.user}"', self.password)
            except imaplib.IMAP4.error as error:
                _leave(client)
                if "[LIMIT]" not in str(error) or time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                return client

    def append(self, folder: str, raw: bytes, flags: Collection[str] = (), at: datetime | None = None) -> int:
        """Deliver a message; its UID. Line ends become CRLF."""
        return self.append_all(folder, [raw], flags, at)[0]

    def append_all(
        self, folder: str, messages: Iterable[bytes], flags: Collection[str] = (), at: datetime | None = None
    ) -> list[int]:
        """Deliver messages, in this order; their UIDs. Many go in one command (RFC 3502)."""
        before = f" ({' '.join(flags)})" + (f" {imaplib.Time2Internaldate(at)}" if at else "")
        uids: list[int] = []
        rest = iter(messages)
        with self.client() as client:
            while some := [_LINE_END.sub(b"\r\n", raw) for raw in islice(rest, 100)]:
                blocks = b"".join(b"%s {%d+}\r\n%s" % (before.encode(), len(raw), raw) for raw in some)
                client.send(b"M APPEND " + _quoted(folder).encode() + blocks + b"\r\n")
                while not (line := client.readline()).startswith(b"M "):
                    assert line, "Dovecot hung up"
                found = re.match(rb"M OK \[APPENDUID \d+ (\d+)(?::(\d+))?\]", line)
                assert found, line
                uids.extend(range(int(found[1]), int(found[2] or found[1]) + 1))
        return uids

    def messages(self, folder: str) -> list[StoredMessage]:
        """All messages of a folder, by UID."""
        with self.client() as client:
            kind, data = client.select(_quoted(folder), readonly=True)
            assert kind == "OK", data
            kind, found = client.uid("FETCH", "1:*", "(UID FLAGS INTERNALDATE BODY.PEEK[])")
            assert kind == "OK", found
        stored = []
        for item in found:
            if not isinstance(item, tuple):
                continue
            head, raw = item
            uid = int(head.split(b"UID ", 1)[1].split(b" ", 1)[0])
            flags = frozenset(flag.decode() for flag in imaplib.ParseFlags(head))
            date = head.split(b'INTERNALDATE "', 1)[1].split(b'"', 1)[0].decode().strip()
            stored.append(
                StoredMessage(
                    uid, raw, flags - {"\\Recent"}, datetime.strptime(date, "%d-%b-%Y %H:%M:%S %z").astimezone(UTC)
                )
            )
        return sorted(stored, key=lambda message: message.uid)

    def flag(self, folder: str, uids: Collection[int], flags: Collection[str], *, add: bool = True) -> None:
        """Set or take flags, as another client would."""
        with self.client() as client:
            client.select(_quoted(folder))
            kind, data = client.uid("STORE", _set(uids), "+FLAGS" if add else "-FLAGS", f"({' '.join(flags)})")
            assert kind == "OK", data

    def expunge(self, folder: str, uids: Collection[int]) -> None:
        """Delete exactly these, as another client would."""
        with self.client() as client:
            client.select(_quoted(folder))
            client.uid("STORE", _set(uids), "+FLAGS.SILENT", "(\\Deleted)")
            kind, data = client.uid("EXPUNGE", _set(uids))
            assert kind == "OK", data

    def move(self, folder: str, uids: Collection[int], target: str) -> None:
        """Move these, as another client would."""
        with self.client() as client:
            client.select(_quoted(folder))
            kind, data = client.uid("MOVE", _set(uids), _quoted(target))
            assert kind == "OK", data

    def create(self, folder: str) -> None:
        """Make a folder."""
        with self.client() as client:
            kind, data = client.create(_quoted(folder))
            assert kind == "OK", data

    # --- what its administrator does ----------------------------------------------------------------------------------

    def doveadm(self, *words: str, check: bool = True) -> str:
        """One administrator's command; what it printed."""
        done = subprocess.run(
            [*self._as_owner, "doveadm", "-c", str(self._configuration), *words],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            cwd=self.folder,
            check=False,
        )
        assert not check or done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def folders(self) -> list[str]:
        """Names of all folders, as UTF-8."""
        return self.doveadm("-f", "tab", "mailbox", "list", "-u", self.user).splitlines()[1:]

    def rename(self, folder: str, name: str) -> None:
        """Give a folder another name."""
        self.doveadm("mailbox", "rename", "-u", self.user, folder, name)

    def remove(self, folder: str) -> None:
        """Delete a folder with all its mail."""
        self.doveadm("mailbox", "delete", "-u", self.user, folder)

    def change_uidvalidity(self, folder: str, uidvalidity: int) -> None:
        """From now on all UIDs known of this folder mean nothing."""
        self.doveadm("mailbox", "update", "-u", self.user, "--uid-validity", str(uidvalidity), folder)

    def kick(self) -> None:
        """Drop all connections of the user."""

        def gone() -> bool:
            # One that is only just there is not in its list yet, and one that was told to go needs a moment.
            self.doveadm("kick", self.user, check=False)
            return not self.connections

        _until(gone, lambda: f"still connected:\n{self.doveadm('who', check=False)}")

    def change_password(self, password: str) -> None:
        """From now on this is the password, as when the old one ran out at the provider."""
        self.password = password
        (self.folder / "passwords").write_text(f"{self.user}:{{PLAIN}}{password}::::::\n")
        # It looks at the file again only after a second.
        self.doveadm("reload")
        _until(lambda: "auth succeeded" in self._login_test(), self._login_test)

    def _login_test(self) -> str:
        return self.doveadm("auth", "test", self.user, self.password, check=False)

    @property
    def connections(self) -> int:
        """How many the user has open now."""
        return len(self.doveadm("-f", "tab", "who", self.user, check=False).splitlines()[1:])


def _leave(client: imaplib.IMAP4) -> None:
    with suppress(imaplib.IMAP4.error, OSError):
        client.logout()
    with suppress(OSError):  # the server may have hung up before the farewell
        client.shutdown()


def _quoted(folder: str) -> str:
    """A folder's name, as imaplib wants it."""
    escaped = encode_name(folder).decode("ascii").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _set(uids: Collection[int]) -> str:
    return ",".join(map(str, sorted(uids)))


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def _until(condition: Callable[[], bool], complaint: Callable[[], str]) -> None:
    ends = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < ends, complaint()
        pause.wait(0.01)
