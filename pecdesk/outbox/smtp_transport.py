"""Handing a message over to a real provider: every answer, and every way in which there is none, to the exception that
says what became of the message.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from pecdesk.errors import N_, NetworkError, PecdeskError
from pecdesk.mime.header_fields import is_mail_address
from pecdesk.outbox.lines import END, LineError, Scanned, scan, stuffed
from pecdesk.outbox.smtp import AnswerError, Dialogue, LostError, greet, host_of, log_in, open_dialogue
from pecdesk.outbox.transport import Parcel, PostponedError, RefusedError, Taken, UncertainError
from pecdesk.profile.accounts import Account

PATIENCE = 60.0
"""Seconds to wait for the answer to a command."""
LAST_PATIENCE = 600.0
"""Seconds to wait for the answer to the whole message (RFC 5321 §4.5.3.2.6)."""

_AGAIN = N_("It is tried again by itself.")
_SETTLE = N_("Wait for the acceptance receipt; if none comes, say yourself whether it was sent.")

_log = logging.getLogger("outbox")


class SmtpTransport:
    """The way to the provider of one account. For one thread; a new connection for each message."""

    def __init__(
        self,
        account: Account,
        password: Callable[[], str],
        *,
        stopped: Callable[[], bool] = lambda: False,
        patience: float = PATIENCE,
        last_patience: float = LAST_PATIENCE,
    ) -> None:
        self._account = account
        self._password = password
        self._stopped = stopped
        self._patience = patience
        self._last_patience = last_patience

    def hand_over(self, parcel: Parcel, before_the_dot: Callable[[], None]) -> Taken:
        """As `Transport` says. Seconds of a wait after which `stopped` ends it: a quarter."""
        scanned = _checked(parcel)
        password = self._password()
        try:
            dialogue = open_dialogue(self._account, self._patience, self._stopped)
        except NetworkError as error:
            raise PostponedError.because_of(error) from error
        try:
            try:
                greet(dialogue)
                log_in(dialogue, self._account, password)
                self._begin(dialogue, parcel, scanned)
                self._send(dialogue, parcel)
            except AnswerError as error:
                raise _refusal(error) from None
            except LostError:
                raise self._cut() from None
            before_the_dot()
            taken = self._end(dialogue)
        except PecdeskError:
            dialogue.goodbye()
            raise
        except BaseException:
            dialogue.hang_up()
            raise
        dialogue.goodbye()
        return taken

    def _begin(self, dialogue: Dialogue, parcel: Parcel, scanned: Scanned) -> None:
        """Everything up to the first byte of the message."""
        features = dialogue.esmtp_features
        limit = features.get("size", "")
        if limit.isascii() and limit.isdigit() and 0 < int(limit) < scanned.size:
            raise RefusedError(
                N_("The message has {size} bytes, and the provider takes {limit} at most."),
                N_("Nothing was sent. Take something away, or send it in several messages."),
                size=scanned.size,
                limit=int(limit),
            )
        if scanned.is_8bit and "8bitmime" not in features:
            raise RefusedError(
                N_("The message has characters that this provider would change (8-bit, RFC 6152)."),
                N_("Nothing was sent. Let the program that made it encode them, or write the message here."),
            )
        options = f" SIZE={scanned.size}" if "size" in features else ""
        options += " BODY=8BITMIME" if scanned.is_8bit else ""
        try:
            dialogue.command("MAIL", f"FROM:<{parcel.sender}>{options}")
        except AnswerError as error:
            if error.code < 500:
                raise
            raise RefusedError(
                N_("The provider does not accept the sender {address}: {reply}."),
                N_("Nothing was sent. Check user and address of the account."),
                address=parcel.sender,
                reply=error.text,
            ) from None
        self._name(dialogue, parcel.recipients)
        dialogue.command("DATA", wanted=(354,))
        dialogue.in_data = True

    @staticmethod
    def _name(dialogue: Dialogue, recipients: Sequence[str]) -> None:
        """Name every recipient. Where one is refused nothing is sent to anybody: To and Cc would no longer be true."""
        refused: list[tuple[str, AnswerError]] = []
        for recipient in recipients:
            try:
                dialogue.command("RCPT", f"TO:<{recipient}>", wanted=(250, 251, 252))
            except AnswerError as error:
                refused.append((recipient, error))
        if not refused:
            return
        with suppress(AnswerError):
            dialogue.command("RSET")
        for_good = [(recipient, error) for recipient, error in refused if error.code >= 500]
        if not for_good:
            raise refused[0][1]
        raise RefusedError(
            N_("The provider does not accept the recipient {recipients}: {reply}."),
            N_("Nothing was sent to anybody. Correct the address or take it away, then send again."),
            recipients=", ".join(recipient for recipient, _ in for_good),
            reply=for_good[0][1].text,
        )

    def _send(self, dialogue: Dialogue, parcel: Parcel) -> None:
        """Everything but the end of the data. A server that closes in the middle may have said why."""
        with parcel.open() as file:
            for piece in stuffed(file):
                if self._stopped():
                    raise LostError
                try:
                    dialogue.send(piece)
                except LostError:
                    _raise_said(dialogue)
                    raise

    def _end(self, dialogue: Dialogue) -> Taken:
        """The end of the data and its answer: here, and only here, nobody may know what happened."""
        try:
            _raise_said(dialogue)
        except LostError:
            raise self._cut() from None
        except AnswerError as error:
            raise _refusal(error) from None
        try:
            dialogue.send(END)
        except LostError:
            raise self._perhaps() if dialogue.left else self._cut() from None
        dialogue.patience = self._last_patience
        try:
            code, text = dialogue.answer()
        except LostError:
            raise self._perhaps() from None
        if dialogue.has_more:
            raise self._perhaps()  # two answers to one message: nobody knows which of them is to be believed
        dialogue.in_data = False
        if 200 <= code < 300:
            return Taken(text)
        if code < 400:
            raise self._perhaps()
        raise _refusal(AnswerError((code, text)))

    def _cut(self) -> PostponedError:
        message = N_("The connection to {host} was cut before the message was handed over: nothing was sent.")
        return PostponedError(message, _AGAIN, host=host_of(self._account))

    def _perhaps(self) -> UncertainError:
        message = N_(
            "The connection to {host} was cut after the message was handed over and before the provider had answered:"
            " it may have been sent."
        )
        return UncertainError(message, _SETTLE, host=host_of(self._account))


def _raise_said(dialogue: Dialogue) -> None:
    """Raise what the server has said by itself, or that it has gone."""
    said = dialogue.unasked()
    if said is not None:
        raise AnswerError(said)


def _refusal(error: AnswerError) -> PecdeskError:
    if error.code >= 500:
        return RefusedError(N_("The provider refuses the message: {reply}."), N_("Nothing was sent."), reply=error.text)
    return PostponedError(N_("The provider cannot take the message at the moment: {reply}."), _AGAIN, reply=error.text)


def _checked(parcel: Parcel) -> Scanned:
    """Nothing that could end a line of the dialogue, and nothing that could end the data before its end."""
    for address in (parcel.sender, *parcel.recipients):
        if not is_mail_address(address):
            raise RefusedError(N_("“{address}” is not a mail address."), N_("Nothing was sent."), address=address)
    if not parcel.recipients:
        raise RefusedError(N_("The message has no recipient."), N_("Nothing was sent."))
    try:
        with parcel.open() as file:
            return scan(file)
    except LineError as error:
        _log.error("a frozen message is not fit to be sent: %s", error)
        raise RefusedError(N_("The message has line ends that no mail may have."), N_("Nothing was sent.")) from error
