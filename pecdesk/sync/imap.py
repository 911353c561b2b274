"""The way into a real IMAP server, through imapclient: the only place that knows the library.

imapclient hears the greeting, learns what the server can and enables it. What is said after that goes through
`dialogue`, because version 4.1.0 rewrites the line ends of what it appends, loses lines that come in two pieces while
idle, cannot name folders in 8-bit letters, and believes any length a server announces.
"""

from __future__ import annotations

import base64
import imaplib
import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from imapclient import IMAPClient

from pecdesk.errors import N_, NetworkError, ServerError
from pecdesk.profile.accounts import Account
from pecdesk.profile.connection import reach
from pecdesk.profile.providers import provider_named
from pecdesk.sync.answers import AnswerError, read_answer
from pecdesk.sync.arguments import Prompted, checked, string
from pecdesk.sync.dialogue import Dialogue
from pecdesk.sync.imap_server import ImapServer
from pecdesk.sync.refusal import RefusalError, login_error, login_goodbye
from pecdesk.sync.wire import Wire

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

__all__ = ["ImapServer", "connect"]

log = logging.getLogger("sync")
# The library's own trace would hold commands and answers.
logging.getLogger("imapclient").setLevel(logging.WARNING)

_SHORT_LITERALS = frozenset({"LITERAL+", "LITERAL-"})
_TLS_PORTS = N_("Use the port that speaks TLS from the beginning: 993 for IMAP, 465 for SMTP.")


def connect(
    account: Account, password: str, *, timeout: float = 30.0, stopped: Callable[[], bool] = lambda: False
) -> ImapServer:
    """Connect and log in, once. `timeout`: seconds a server may be silent; `stopped` ends every wait within half a one.

    Raises `NetworkError`, `LoginError` (user or password refused; never tried twice), `ServerError`, `CancelledError`.
    """
    user, secret = checked(account.login.encode()), checked(password.encode())
    endpoint = account.imap
    wire = Wire(reach(endpoint, account.ca_file, timeout), endpoint.host, timeout, stopped)
    try:
        session = _opened(wire, endpoint.port)
        dialogue = Dialogue(wire)
        offered = session.offers()
        dialogue.takes_short_literals = bool(offered & _SHORT_LITERALS)
        _say_password(dialogue, offered, user, secret)
        session.came_in()
        offered = session.offers()
        if "ENABLE" in offered and (wanted := offered & {"CONDSTORE", "QRESYNC"}):
            session.enable_all(wanted)
    except BaseException:
        wire.close()
        raise
    log.info("logged in at %s (%s)", endpoint.host, endpoint.security)
    return ImapServer(dialogue, offered, provider_named(account.provider) if account.provider else None)


class _Lines(imaplib.IMAP4):
    """imaplib, reading and writing through a wire with limits, and keeping no record of what was said."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        super().__init__(wire.host)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:  # noqa: ARG002
        """The connection is open already."""
        self.host, self.port, self.sock = host, port, self._wire.connection

    def read(self, size: int) -> bytes:
        """A block."""
        return self._wire.block(size)

    def readline(self) -> bytes:
        """A line."""
        return self._wire.line()

    def send(self, data: Buffer) -> None:
        """Say something."""
        self._wire.send(bytes(data))

    def shutdown(self) -> None:
        """Let go."""
        self._wire.close()

    def _log(self, line: object) -> None:
        """Keep nothing: imaplib would remember the last commands, password and all."""


class _Session(IMAPClient):  # type: ignore[misc]  # the library has no types
    """imapclient on a connection that is open."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        super().__init__(wire.host, ssl=False)
        self._imap.debug = 0

    def _create_IMAP4(self) -> _Lines:  # noqa: N802  the library's name
        return _Lines(self._wire)

    @property
    def is_in(self) -> bool:
        """Whether the server let us in; at once, where it greeted with PREAUTH."""
        return bool(self._imap.state == "AUTH")

    def came_in(self) -> None:
        """User and password were said by somebody else, and accepted."""
        self._imap.state = "AUTH"

    def offers(self) -> frozenset[str]:
        """What the server can now, in upper case."""
        with self._talking():
            return frozenset(word.decode("ascii", "replace").upper() for word in self.capabilities())

    def enable_all(self, extensions: Collection[str]) -> None:
        """Ask for extensions that have to be asked for; before a folder is opened, later it is too late."""
        with self._talking():
            self.enable(*sorted(extensions))

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """Around what the library says: its complaints in our words."""
        self._wire.allow()
        try:
            yield
        except imaplib.IMAP4.abort as error:
            self._wire.close()
            raise NetworkError(
                N_("The connection to {host} was cut."),
                N_("If this goes on, check the connection to the internet."),
                host=self._wire.host,
            ) from error
        except (imaplib.IMAP4.error, ValueError, LookupError, TypeError) as error:
            raise Dialogue(self._wire).nonsense() from error


def _opened(wire: Wire, port: int) -> _Session:
    """Hear the greeting; who lets everybody in at once, turns everybody away or talks nonsense is no server of ours."""
    wire.allow(lines=50, octets=1 << 16, patience=wire.timeout)
    try:
        session = _Session(wire)
    except imaplib.IMAP4.error as error:
        said = error.args[0] if error.args else b""
        if isinstance(said, bytes) and said[:5].upper() == b"* BYE":
            with suppress(AnswerError):
                raise NetworkError(
                    N_("{host} closed the connection: {reason}"),
                    N_("Try again later."),
                    host=wire.host,
                    reason=read_answer((said[2:],)).reason,
                ) from error
        raise _no_imap(wire, port) from error
    except (ValueError, LookupError, TypeError) as error:
        raise _no_imap(wire, port) from error
    if session.is_in:
        raise ServerError(
            N_("{host} lets everybody in without a password: this is not a server to trust mail to."),
            N_("Check the name of the server and the port."),
            host=wire.host,
        )
    return session


def _no_imap(wire: Wire, port: int) -> ServerError:
    return ServerError(
        N_("What answers at {host} on port {port} is no IMAP server."),
        N_("Check the name of the server and the port."),
        host=wire.host,
        port=port,
    )


def _say_password(dialogue: Dialogue, offered: frozenset[str], user: bytes, secret: bytes) -> None:
    """Log in, once."""
    if "LOGINDISABLED" in offered and "AUTH=PLAIN" not in offered:
        raise ServerError(N_("{host} lets nobody log in with a password here."), _TLS_PORTS, host=dialogue.wire.host)
    both = base64.b64encode(b"\0" + user + b"\0" + secret)
    try:
        if "AUTH=PLAIN" not in offered:
            dialogue.ask(b"LOGIN", string(user), string(secret))
        elif "SASL-IR" in offered:
            dialogue.ask(b"AUTHENTICATE PLAIN", both)
        else:
            dialogue.ask(b"AUTHENTICATE PLAIN", Prompted(both))
        return
    except RefusalError as error:
        said: RefusalError | NetworkError = error
    except NetworkError as error:
        said = error
    # Out here no exception of before goes along. What a server repeats of what it was told is taken out.
    reason = str(said.fields.get("reason", ""))
    for told in (both, base64.b64encode(secret), secret):
        reason = reason.replace(told.decode(), "…")
    fields = said.fields | ({"reason": reason} if "reason" in said.fields else {})
    if isinstance(said, RefusalError):
        cleaned = RefusalError(said.message, said.next_step, code=said.code, **fields)
        raise login_error(cleaned, dialogue.wire.host)
    raise login_goodbye(NetworkError(said.message, said.next_step, **fields), dialogue.wire.host)
