"""How an IMAP server says no, as exceptions: by its response code (RFC 5530), never by its prose."""

from __future__ import annotations

import re

from pecdesk.errors import N_, LoginError, NetworkError, ServerError

_CONNECTIONS = re.compile(r"too many|simultaneous|connections?\b|maximum number", re.IGNORECASE)
_WRONG_PASSWORD = re.compile(r"authenticat|credential|password|login (?:failed|denied|incorrect)", re.IGNORECASE)
_NOT_OF_THE_PASSWORD = frozenset({"UNAVAILABLE", "LIMIT", "INUSE", "SERVERBUG", "CORRUPTION"})


class RefusalError(ServerError):
    """The server refused one command; the connection is as good as before. `code` tells why, where it said so."""

    def __init__(self, message: str, next_step: str = "", /, *, code: str = "", **fields: object) -> None:
        super().__init__(message, next_step, **fields)
        self.code = code
        """Upper case, without its brackets: OVERQUOTA, LIMIT, TRYCREATE, NONEXISTENT, READ-ONLY… or empty."""


class SizeError(ServerError):
    """A message came whole, as far as the server is concerned, and is not as long as the server had said."""

    def __init__(self, *, uid: int, said: int, came: int) -> None:
        super().__init__(
            N_("The server said that message {uid} has {said} bytes, and sent {came}."),
            N_("If this goes on, tell the provider."),
            uid=uid,
            said=said,
            came=came,
        )
        self.said = said
        self.came = came


def login_error(refusal: RefusalError, host: str) -> LoginError | RefusalError:
    """What a refused login means: the password is wrong, or the server is busy and would refuse any other, too."""
    reason = str(refusal.fields.get("reason", ""))
    is_busy = refusal.code in _NOT_OF_THE_PASSWORD
    if refusal.code in {"", "ALERT"} and _CONNECTIONS.search(reason):
        # Servers that give no code, or only ask that their words be shown.
        is_busy = True
    if is_busy:
        return RefusalError(
            N_("{host} lets nobody in at the moment: {reason}"),
            N_("The password was not refused. Try again later."),
            code=refusal.code or "LIMIT",
            host=host,
            reason=reason,
        )
    if refusal.code == "EXPIRED":
        return LoginError(
            N_("{host} says that the password has expired."),
            N_("Make a new password at the provider and enter it here."),
            host=host,
        )
    return _wrong_password(host)


def login_goodbye(error: NetworkError, host: str) -> LoginError | NetworkError:
    """What it means that a server hung up instead of answering a login: some do so over a wrong password, and would
    count every further attempt."""
    reason = str(error.fields.get("reason", ""))
    is_refused = _WRONG_PASSWORD.search(reason) and not _CONNECTIONS.search(reason)
    return _wrong_password(host) if is_refused else error


def _wrong_password(host: str) -> LoginError:
    return LoginError(
        N_("{host} refuses the user name or the password."),
        N_("Check both. It is not tried again by itself, so that the mailbox is not locked."),
        host=host,
    )
