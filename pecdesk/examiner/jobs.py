"""One message on its way to a helper and back."""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue
from typing import Generic, TypeVar

from pecdesk.errors import N_, InputError, PecdeskError
from pecdesk.examiner.frames import Request
from pecdesk.examiner.questions import Question

A = TypeVar("A")


class Errand:
    """Whoever asked; may go away without waiting."""

    __slots__ = ("is_abandoned",)

    def __init__(self) -> None:
        self.is_abandoned = False


class Job(Generic[A]):
    """A message, what is asked about it, and who waits for the answer."""

    __slots__ = ("answer", "answers", "deaths", "errand", "key", "question", "raw", "request", "size")

    def __init__(
        self,
        key: object,
        raw: bytes | Path,
        question: Question[A],
        request: Request,
        answers: SimpleQueue[Job[A]],
        errand: Errand,
    ) -> None:
        self.key = key
        self.raw = raw
        """The message, or the file that holds it: sent in pieces and never whole in this process."""
        self.size = raw.stat().st_size if isinstance(raw, Path) else len(raw)
        self.question = question
        self.request = request
        self.answers = answers
        self.errand = errand
        self.answer: A | PecdeskError
        self.deaths = 0
        """Helpers that ended over it."""

    def finish(self, answer: A | PecdeskError) -> None:
        """Tell whoever asked, and let go of the bytes."""
        self.answer = answer
        self.raw = b""
        self.answers.put(self)

    def result(self) -> A:
        """What came of it; raises what kept it from being answered."""
        if isinstance(self.answer, PecdeskError):
            raise self.answer
        return self.answer


def closed() -> PecdeskError:
    """What is said to who waits when the program ends."""
    return PecdeskError(N_("The program is closing: the message was not examined."), N_("Do it again."))


def unreadable(path: Path, error: OSError) -> InputError:
    """What is said of a file that was to be examined and cannot be read."""
    message = N_("The file {path} cannot be read: {reason}.")
    return InputError(message, path=path, reason=error.strerror or type(error).__name__)
