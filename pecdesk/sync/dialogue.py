"""Commands and their answers: what is asked goes out in pieces, what comes back is read until the command has ended.

Everything a server says without being asked is put aside, counted and thrown away, except that it means news. After an
answer that makes no sense nobody knows where the next one begins, so the connection is closed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from pecdesk.errors import N_, NetworkError, ServerError
from pecdesk.sync.answers import Answer, AnswerError, SkippedBlock, announced, is_status, read_answer
from pecdesk.sync.arguments import Literal, Piece, checked
from pecdesk.sync.refusal import RefusalError
from pecdesk.sync.wire import LITERAL_LIMIT, Wire

_NEWS = frozenset({"EXISTS", "EXPUNGE", "VANISHED", "FETCH"})
_SHORT_LITERAL = 4096
"""Bytes of the longest block that is sent without leave."""
_DONE_SECONDS = 10.0
"""How long the end of IDLE may take; a connection that needs longer is dead."""


@dataclass(frozen=True, slots=True)
class Reply:
    """How a command ended, and what came before."""

    end: Answer
    answers: list[Answer] = field(default_factory=list)

    def of(self, kind: str) -> list[Answer]:
        """Answers of that kind, in order."""
        return [answer for answer in self.answers if answer.kind == kind]

    def codes(self, code: str) -> list[bytes]:
        """What came with that word in square brackets, at whichever status."""
        return [answer.code_text for answer in (*self.answers, self.end) if answer.code == code]


class Dialogue:
    """One server, asked one thing after the other. For one thread."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.takes_short_literals = False
        """LITERAL+ or LITERAL- (RFC 7888): short blocks are sent without waiting for leave."""
        self.exists: int | None = None
        """How many messages the open folder has, as was last said."""
        self.has_news = False
        """Something was said about the open folder that nobody had asked for."""
        self._numbers = itertools.count(1)

    def ask(
        self,
        *pieces: Piece,
        expects: frozenset[str] = frozenset(),
        lines: int = 10_000,
        octets: int = 64 << 20,
        block_limit: int = LITERAL_LIMIT,
        patience: float | None = None,
    ) -> Reply:
        """Ask one thing and hear all of its answer.

        `expects`: the kinds of answer that belong to the question; others are news, or nothing. A block longer than
        `block_limit` is read past; a `SkippedBlock` stands in its place. Raises `RefusalError` for NO and BAD.
        """
        tag = b"Z%d" % next(self._numbers)
        self.wire.allow(lines=lines, octets=octets, patience=patience)
        try:
            ended = self._say(tag, pieces)
            answers: list[Answer] = []
            end = ended
            while end is None:
                is_end, answer = self._read(tag, block_limit)
                if answer is None:
                    raise AnswerError(b"+")
                if is_end:
                    end = answer
                elif not self._overhear(answer, expects):
                    answers.append(answer)
        except AnswerError as error:
            raise self.nonsense() from error
        if end.kind == "OK":
            return Reply(end, answers)
        raise refusal(end, self.wire.host)

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> bool:
        """IDLE until there is news: True. Or until the time is over, or `stopped`."""
        tag = b"Z%d" % next(self._numbers)
        self.wire.allow()
        try:
            self.wire.send(tag + b" IDLE\r\n")
            while True:
                is_end, answer = self._read(tag, 0)
                if answer is None:
                    break
                if is_end:
                    if answer.kind == "OK":
                        raise AnswerError(b"OK")
                    raise refusal(answer, self.wire.host)
                self._overhear(answer)
            ends = monotonic() + seconds
            while not self.has_news and not stopped() and (left := ends - monotonic()) > 0:
                # What comes while nobody hurries has no end of its own: the budget begins again each time.
                self.wire.allow()
                line = self.wire.line_within(min(left, 0.25))
                if line is None:
                    continue
                is_end, answer = self._finish(line, tag, 0)
                if is_end:
                    return self.has_news
                if answer is not None:
                    self._overhear(answer)
            self._done(tag)
        except AnswerError as error:
            raise self.nonsense() from error
        return self.has_news

    def nonsense(self) -> ServerError:
        """Close the connection over an answer that makes no sense."""
        self.wire.close()
        return ServerError(
            N_("{host} answers what makes no sense."),
            N_("The connection was closed. If this goes on, tell the provider."),
            host=self.wire.host,
        )

    # --- how it is done -----------------------------------------------------------------------------------------------

    def _done(self, tag: bytes) -> None:
        timeout, self.wire.timeout = self.wire.timeout, min(self.wire.timeout, _DONE_SECONDS)
        self.wire.allow(patience=_DONE_SECONDS)
        try:
            self.wire.send(b"DONE\r\n")
            while True:
                is_end, answer = self._read(tag, 0)
                if is_end:
                    return
                if answer is not None:
                    self._overhear(answer)
        finally:
            self.wire.timeout = timeout

    def _say(self, tag: bytes, pieces: tuple[Piece, ...]) -> Answer | None:
        """Send a command; how it ended, where the server would not even hear it to its end."""
        line = bytearray(tag)
        for piece in pieces:
            if isinstance(piece, bytes):
                line += b" " + checked(piece)
                continue
            needs_leave = True
            if isinstance(piece, Literal):
                size = len(piece.raw)
                # A long one waits for leave even where it need not: a full mailbox says so before it was all sent.
                needs_leave = size > _SHORT_LITERAL or not self.takes_short_literals
                line += b" {%d}" % size if needs_leave else b" {%d+}" % size
            self.wire.send(bytes(line + b"\r\n"))
            line.clear()
            if needs_leave and (ended := self._leave(tag)):
                return ended
            self.wire.send(piece.raw if isinstance(piece, Literal) else checked(piece.raw))
        self.wire.send(bytes(line + b"\r\n"))
        return None

    def _leave(self, tag: bytes) -> Answer | None:
        """Wait until a block may be sent; or how the command ended instead."""
        while True:
            is_end, answer = self._read(tag, 0)
            if answer is None:
                return None
            if is_end:
                if answer.kind == "OK":
                    raise AnswerError(b"OK")
                return answer
            self._overhear(answer)

    def _read(self, tag: bytes, block_limit: int) -> tuple[bool, Answer | None]:
        """The next answer and whether it ends the command; None for leave to go on."""
        return self._finish(self.wire.line(), tag, block_limit)

    def _finish(self, line: bytes, tag: bytes, block_limit: int) -> tuple[bool, Answer | None]:
        if line.startswith(b"+"):
            return False, None
        text = line.rstrip(b"\r\n")
        if text.startswith(b"* "):
            parts: list[bytes] = [text[2:]]
            while not is_status(parts[0]) and (size := announced(parts[-1])) is not None:
                parts += [self._block(size, block_limit), self.wire.line().rstrip(b"\r\n")]
            answer = read_answer(tuple(parts))
            if answer.kind == "BYE":
                raise self._dismissed(answer)
            return False, answer
        if not line.startswith(tag + b" "):
            raise AnswerError(line[:80])
        end = read_answer((text[len(tag) + 1 :],))
        if end.kind not in {"OK", "NO", "BAD"}:
            raise AnswerError(line[:80])
        return True, end

    def _block(self, size: int, limit: int) -> bytes:
        if size <= limit:
            return self.wire.block(size)
        self.wire.skip(size)
        return SkippedBlock(size)

    def _overhear(self, answer: Answer, expects: frozenset[str] = frozenset()) -> bool:
        """Note what an answer says about the open folder; whether it was of that sort."""
        if answer.kind not in _NEWS or answer.kind in expects:
            return False
        if answer.kind == "EXISTS":
            if answer.number != self.exists:
                self.exists = answer.number
                self.has_news = True
        else:
            self.has_news = True
            if answer.kind != "FETCH":
                # How many there are now is not counted along: whatever number comes next is news.
                self.exists = None
        return True

    def _dismissed(self, answer: Answer) -> NetworkError:
        self.wire.close()
        return NetworkError(
            N_("{host} closed the connection: {reason}"),
            N_("Try again later."),
            host=self.wire.host,
            reason=answer.reason,
        )


def refusal(answer: Answer, host: str) -> RefusalError:
    """NO or BAD, as an exception."""
    return RefusalError(
        N_("{host} refuses: {reason}"),
        N_("If this goes on, tell the provider."),
        code=answer.code,
        host=host,
        reason=answer.reason,
    )
