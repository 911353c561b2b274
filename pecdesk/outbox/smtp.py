"""Talking to a provider over SMTP with TLS from the first byte (RFC 5321, RFC 8314); the only user of smtplib.

smtplib speaks the commands and reads what a server can do. What it writes and reads goes through a connection of ours,
so that every wait can be ended, no answer is without limit, and it is known of every byte whether it left.
"""

from __future__ import annotations

import base64
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from pecdesk.errors import N_, LoginError, NetworkError, ServerError, UsageError
from pecdesk.profile.accounts import Account
from pecdesk.profile.connection import reach

_CONNECTING = 30.0
"""Seconds for each step on the way to a server."""
_GOODBYE = 1.0
_POLL = 0.25
"""Seconds after which a wait looks whether it was stopped."""
_MOST_LINES = 100
_LONGEST_LINE = 2048
"""RFC 5321 §4.5.3.1.5 says 512."""
_LONGEST_SHOWN = 500

_ANSWER = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)

Answer = tuple[int, str]


class LostError(Exception):
    """The connection was cut, nobody answered in time, what was answered is no SMTP, or we were told to stop."""


class AnswerError(Exception):
    """Another answer than the one that was hoped for."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.code, self.text = answer


class Dialogue(smtplib.SMTP):
    """One conversation over a connection that is there already."""

    def __init__(self, connection: socket.socket, patience: float, stopped: Callable[[], bool]) -> None:
        super().__init__(local_hostname=_literal(connection))
        self.sock = connection
        self.patience = patience
        self._connection = connection
        self._stopped = stopped
        self._received = bytearray()
        self.secrets: tuple[str, ...] = ()
        """What is taken out of every answer, should the server repeat it."""
        self.left = 0
        """Bytes of the last `send` that were taken from us."""
        self.in_data = False
        """Whether what is sent now is a message, and no command."""

    def send(self, s: bytes | str) -> None:  # type: ignore[override]  # typeshed knows only what smtplib itself sends
        """Send all of it."""
        rest = memoryview(s.encode("ascii") if isinstance(s, str) else s)
        self.left = 0
        deadline = time.monotonic() + self.patience
        self._connection.settimeout(_POLL)
        while rest:
            try:
                count = self._connection.send(rest)
            except (TimeoutError, ssl.SSLWantWriteError):
                if self._stopped() or time.monotonic() > deadline:
                    raise LostError from None
            except OSError as error:
                raise LostError from error
            else:
                self.left += count
                rest = rest[count:]
                deadline = time.monotonic() + self.patience

    def getreply(self) -> tuple[int, bytes]:
        """One answer, of however many lines, all with the same code (RFC 5321 §4.2.1)."""
        deadline = time.monotonic() + self.patience
        texts: list[bytes] = []
        codes: set[bytes] = set()
        while len(texts) < _MOST_LINES:
            match = _ANSWER.fullmatch(self._line(deadline))
            if match is None:
                raise LostError
            codes.add(match[1])
            if len(codes) > 1:
                raise LostError
            texts.append((match[3] or b"").strip())
            if match[2] != b"-":
                return int(match[1]), b"\n".join(texts)
        raise LostError

    def _line(self, deadline: float) -> bytes:
        self._connection.settimeout(_POLL)
        while (end := self._received.find(b"\n")) < 0:
            if len(self._received) > _LONGEST_LINE:
                raise LostError
            try:
                received = self._connection.recv(4096)
            except (TimeoutError, ssl.SSLWantReadError):
                if self._stopped() or time.monotonic() > deadline:
                    raise LostError from None
                continue
            except OSError as error:
                raise LostError from error
            if not received:
                raise LostError
            self._received += received
        line = bytes(self._received[:end]).removesuffix(b"\r")
        del self._received[: end + 1]
        return line

    @property
    def has_more(self) -> bool:
        """Whether more came together with the last answer than that."""
        return bool(self._received)

    def unasked(self) -> Answer | None:
        """What the server has said by itself, if it has; without waiting for it to begin."""
        if self.has_more:
            return self.answer()
        self._connection.settimeout(0)
        try:
            received = self._connection.recv(4096)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        except OSError as error:
            raise LostError from error
        if not received:
            raise LostError
        self._received += received
        return self.answer()

    def answer(self) -> Answer:
        """One answer, its text as it can be shown: foreign, and not trusted."""
        return self.shown(*self.getreply())

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Say a command. `LostError` where something was answered already: whatever it was to, the answers that follow
        would be taken for those to other commands."""
        if self.has_more:
            raise LostError
        super().putcmd(cmd, args)

    def command(self, verb: str, arguments: str = "", *, wanted: Sequence[int] = (250,)) -> Answer:
        """Say a command and hear the answer; `AnswerError` where it is none of those wanted."""
        self.putcmd(verb, arguments)
        answer = self.answer()
        if answer[0] not in wanted:
            raise AnswerError(answer)
        return answer

    def shown(self, code: int, text: bytes) -> Answer:
        """On one line, without its full stop: a sentence of ours ends with it."""
        said = text.decode("utf-8", "replace")
        for secret in self.secrets:
            said = said.replace(secret, "…")
        line = " ".join(said.split())
        return code, f"{code} {line}"[:_LONGEST_SHOWN].rstrip(" .")

    def goodbye(self) -> None:
        """Take leave if the other side still listens, and let go. Never raises."""
        self.patience = _GOODBYE
        if not self.in_data:
            with suppress(LostError, OSError):
                self.putcmd("QUIT")
                self.getreply()
        self.hang_up()

    def hang_up(self) -> None:
        """Let go."""
        with suppress(OSError):
            self._connection.close()


def check_login(account: Account, password: str, timeout: float = 30.0) -> None:
    """Log in once and take leave: nothing is sent. Raises `NetworkError`, `LoginError`, `ServerError`."""
    dialogue = open_dialogue(account, timeout, lambda: False)
    try:
        greet(dialogue)
        log_in(dialogue, account, password)
    except AnswerError as error:
        raise ServerError(N_("{host} answers: {reply}."), host=host_of(account), reply=error.text) from None
    except LostError:
        raise NetworkError(N_("{host} closed the connection, or did not answer."), host=host_of(account)) from None
    finally:
        dialogue.goodbye()


def open_dialogue(account: Account, patience: float, stopped: Callable[[], bool]) -> Dialogue:
    """Reach the server of an account; nothing is said yet. Raises `NetworkError`, `UsageError` where there is none."""
    if account.smtp is None:
        raise UsageError(N_("The account {address} has no server to send through."), address=account.address)
    return Dialogue(reach(account.smtp, account.ca_file, min(patience, _CONNECTING)), patience, stopped)


def greet(dialogue: Dialogue) -> None:
    """Hear who is there and what it can do. Raises `AnswerError`."""
    greeting = dialogue.answer()
    if greeting[0] != 220:
        raise AnswerError(greeting)
    code, text = dialogue.ehlo()
    if code != 250:
        raise AnswerError(dialogue.shown(code, text))


def log_in(dialogue: Dialogue, account: Account, password: str) -> None:
    """Log in, once: a few wrong passwords lock a mailbox (RFC 4954, RFC 4616). `AnswerError` where the server cannot
    say now whether it lets us in."""
    ways = dialogue.esmtp_features.get("auth", "").upper().split()
    plain = _base64(f"\0{account.login}\0{password}")
    dialogue.secrets = tuple(filter(None, (plain, _base64(password), password)))
    try:
        if "PLAIN" in ways:
            dialogue.command("AUTH", f"PLAIN {plain}", wanted=(235,))
            return
        if "LOGIN" in ways:
            dialogue.command("AUTH", "LOGIN", wanted=(334,))
            dialogue.command(_base64(account.login), wanted=(334,))
            dialogue.command(_base64(password), wanted=(235,))
            return
        code, text = 504, ""
    except AnswerError as error:
        if error.code < 500:
            raise
        code, text = error.code, error.text
    # Out here no exception of before goes along.
    if code < 505:  # it does not understand: that says nothing about the password
        message = N_("{host} offers no way to log in that is known here.")
        raise ServerError(message, N_("Check the name of the server and the port."), host=host_of(account))
    raise LoginError(
        N_("{host} does not accept user or password: {reply}."),
        N_("Correct them in the settings of the account: it is not tried again by itself."),
        host=host_of(account),
        reply=text,
    )


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def host_of(account: Account) -> str:
    """The server's name, for people."""
    return account.smtp.host if account.smtp else ""


def _literal(connection: socket.socket) -> str:
    """How we call ourselves: by the address we come from, never by the name of the computer (RFC 5321 §4.1.3)."""
    address = str(connection.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
