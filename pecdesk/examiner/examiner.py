"""Many messages through few helpers: every helper kept busy, every message within its limits, none of them lost."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, TypeVar, cast

from pecdesk.errors import PecdeskError
from pecdesk.examine import MAX_BYTES, Examination
from pecdesk.examiner.frames import BrokenAnswerError, Request, time_for
from pecdesk.examiner.jobs import Errand, Job, closed, unreadable
from pecdesk.examiner.process import Helper, HelperError, Recipe, Watch
from pecdesk.examiner.questions import EXAMINATION, INSIDE, READING, Question
from pecdesk.reading import Reading
from pecdesk.trust import Reason, anchors_from_json

BUDGET_SECONDS = 5.0
MEMORY_LIMIT_BYTES = 1536 * 1024 * 1024
"""Address space of one helper; the largest honest message needs about half of it."""

_WINDOW = 256
"""Messages asked for and not yet handed on."""
_WINDOW_BYTES = 16 * 1024 * 1024
_AHEAD = 32
"""Messages waiting in a helper's pipe."""
_FRAMING = 160
"""Bytes of head and request, at most."""

_log = logging.getLogger("trust")

A = TypeVar("A")
K = TypeVar("K")


class Examiner:
    """Examines and reads messages in helper processes, within limits. For any number of threads; close it, or use
    `with`.

    `now` only decides what has expired since, as in `examine`. A message over its time, or one that twice takes a
    helper down, alone, comes out as undetermined, or as a reading of nothing; all others are unaffected. `target` is
    for tests.
    """

    def __init__(
        self,
        anchors_json: bytes,
        processes: int = 1,
        budget_seconds: float = BUDGET_SECONDS,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
        *,
        now: datetime | None = None,
        target: str | None = None,
    ) -> None:
        self.recipe = Recipe(anchors_json, budget_seconds, memory_limit_bytes, target)
        self._now = now
        self._jobs: deque[Job[Any]] = deque()
        self._changed = threading.Condition()
        self._is_closed = False
        self._watch = Watch()
        self._lanes = [_Lane(self, self._watch, number) for number in range(processes)]
        for lane in self._lanes:
            lane.start()

    def __enter__(self) -> Examiner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def examine(self, raw: bytes, at: datetime | None = None, now: datetime | None = None) -> Examination:
        """Examine one message, before those that are waiting in `examine_many`; `now` replaces this examiner's."""
        return self._ask(EXAMINATION, raw, at, now)

    def examine_file(self, path: Path, at: datetime | None = None, now: datetime | None = None) -> Examination:
        """The same of a message in a file, which goes to the helper in pieces. InputError where it cannot be read."""
        try:
            return self._ask(EXAMINATION, path, at, now)
        except OSError as error:
            raise unreadable(path, error) from error

    def inside(self, raw: bytes, at: datetime | None = None, now: datetime | None = None) -> Examination | None:
        """Examine the mail inside a message, on its own; None where there is none.

        Over a limit it is the examination of a message of which nothing is known but that of `raw`.
        """
        return self._ask(INSIDE, raw, at, now)

    def read(self, raw: bytes) -> Reading:
        """What of a message is shown to a reader; over a limit `Refusal.LIMIT`, and nothing else."""
        return self._ask(READING, raw)

    def _ask(
        self, question: Question[A], raw: bytes | Path, at: datetime | None = None, now: datetime | None = None
    ) -> A:
        answers: SimpleQueue[Job[A]] = SimpleQueue()
        request = Request(at, now or self._now, question.want)
        self._submit(Job(None, raw, question, request, answers, Errand()), first=True)
        return answers.get().result()

    def examine_many(
        self, messages: Iterable[tuple[K, bytes]], now: datetime | None = None
    ) -> Iterator[tuple[K, Examination]]:
        """Examine messages as they come and hand each on as soon as it is done: in no particular order.

        `messages` is read on the caller's thread, some way ahead of what is handed on, bounded in number and bytes;
        what is done is handed on before more is read.
        """
        answers: SimpleQueue[Job[Examination]] = SimpleQueue()
        errand = Errand()
        source = iter(messages)
        number = size = 0
        more = True
        try:
            while True:
                while more and number < _WINDOW and size < _WINDOW_BYTES and answers.empty():
                    message = next(source, None)
                    if message is None:
                        more = False
                        break
                    job = Job(message[0], message[1], EXAMINATION, Request(None, now or self._now), answers, errand)
                    number, size = number + 1, size + job.size
                    self._submit(job)
                    del message, job
                if not number:
                    return
                done = answers.get()
                number, size = number - 1, size - done.size
                yield cast("K", done.key), done.result()
        finally:
            errand.is_abandoned = True

    def close(self) -> None:
        """End the helpers now, whatever they are doing; who waits for an answer gets a PecdeskError."""
        self.shut()
        self._watch.end_all()
        for lane in self._lanes:
            lane.join()
        self._watch.close()

    def shut(self) -> None:
        """Take no more messages and give up those that wait."""
        with self._changed:
            self._is_closed = True
            waiting, self._jobs = self._jobs, deque()
            self._changed.notify_all()
        for job in waiting:
            job.finish(closed())

    @property
    def is_closed(self) -> bool:
        """Whether no message is taken any more."""
        return self._is_closed

    def take(self, *, wait: bool) -> Job[Any] | None:
        """The next message; None when the examiner is closed, or when there is none and the caller will not wait."""
        with self._changed:
            while not self._is_closed:
                while self._jobs:
                    job = self._jobs.popleft()
                    if not job.errand.is_abandoned:
                        return job
                if not wait:
                    return None
                self._changed.wait()
        return None

    def over(self, job: Job[A], reason: Reason) -> A:
        """What is said of a message over a limit."""
        return job.question.over(job.raw, reason, self._anchors_version)

    @cached_property
    def _anchors_version(self) -> str:
        return anchors_from_json(self.recipe.anchors_json).version

    def _submit(self, job: Job[Any], *, first: bool = False) -> None:
        if job.size > MAX_BYTES:
            job.finish(self.over(job, Reason.SIZE_LIMIT))
            return
        with self._changed:
            if self._is_closed:
                raise closed()
            if first:
                self._jobs.appendleft(job)
            else:
                self._jobs.append(job)
            self._changed.notify()


class _Lane(threading.Thread):
    """One helper after another, and the thread that waits for it.

    Small messages are sent ahead while the helper is still busy, as far as the pipe holds them, so that it never waits
    for this thread; the time of a message begins when the one before it is answered.
    """

    def __init__(self, examiner: Examiner, watch: Watch, number: int) -> None:
        super().__init__(name=f"examiner-{number}", daemon=True)
        self._examiner = examiner
        self._watch = watch
        self._helper: Helper | None = None
        self._waiting: deque[Job[Any]] = deque()
        """To be sent, again or for the first time."""
        self._sent: deque[Job[Any]] = deque()
        """Not answered yet; the helper is busy with the first."""

    def run(self) -> None:
        try:
            # The first helper starts while the program is still getting ready to ask.
            self._start()
            while self._take():
                if self._start() and self._send():
                    self._receive()
        finally:
            if not self._examiner.is_closed:
                self._examiner.shut()
            for job in (*self._sent, *self._waiting):
                job.finish(closed())
            if self._helper:
                self._helper.kill()

    def _take(self) -> bool:
        """Have something to do; False when there will be nothing more."""
        if self._examiner.is_closed:
            return False
        if not self._sent and not self._waiting:
            job = self._examiner.take(wait=True)
            if job is None:
                return False
            self._waiting.append(job)
        return True

    def _start(self) -> bool:
        if self._helper is None:
            try:
                self._helper = Helper(self._examiner.recipe, self._watch)
            except PecdeskError as error:
                while self._waiting:
                    self._waiting.popleft().finish(closed() if self._examiner.is_closed else error)
        return self._helper is not None

    def _send(self) -> bool:
        """Send what may be sent now; whether an answer is to be expected."""
        helper = self._helper
        while helper and (self._waiting or self._draw()):
            job = self._waiting[0]
            if job.errand.is_abandoned:
                self._waiting.popleft()
                continue
            if not self._sent:
                # Twice, since a helper that has stopped reading would never let the sending end.
                self._begin(helper, job)
                helper.send(job.request, job.raw)
                self._begin(helper, job)
            elif self._fits(job, helper):
                helper.send(job.request, job.raw)
            else:
                break
            self._sent.append(self._waiting.popleft())
        return bool(self._sent)

    def _begin(self, helper: Helper, job: Job[Any]) -> None:
        helper.begin(time_for(job.size, self._examiner.recipe.budget_seconds))

    def _draw(self) -> bool:
        job = self._examiner.take(wait=False) if len(self._sent) <= _AHEAD else None
        if job:
            self._waiting.append(job)
        return job is not None

    def _fits(self, job: Job[Any], helper: Helper) -> bool:
        """Whether it may wait in the pipe behind what the helper is busy with: never behind or as a suspect."""
        if job.deaths or self._sent[0].deaths:
            return False
        ahead = sum(_FRAMING + waiting.size for waiting in self._sent) - self._sent[0].size
        return ahead + _FRAMING + job.size <= helper.capacity

    def _receive(self) -> None:
        helper, job = cast("Helper", self._helper), self._sent[0]
        try:
            answer = job.question.read(helper.receive())
        except HelperError as error:
            _log.error("the examination of a message of %d bytes failed: %s", job.size, error)
            answer = self._over(job, Reason.MEMORY_LIMIT)
        except (BrokenAnswerError, OSError, ValueError, RecursionError):
            self._bury(helper)
            return
        self._sent.popleft()
        if helper.expired:
            # It answered at the very moment when its time was over, and was killed: nobody's fault.
            self._give_up(helper)
        elif self._sent:
            self._begin(helper, self._sent[0])
        job.finish(answer)

    def _over(self, job: Job[Any], reason: Reason) -> Any:
        try:
            return self._examiner.over(job, reason)
        except OSError as error:  # its file is gone
            return unreadable(cast("Path", job.raw), error)

    def _bury(self, helper: Helper) -> None:
        """The helper ended over its first message, or talks nonsense; the messages behind it are sent again."""
        job = self._sent.popleft()
        self._give_up(helper)
        job.deaths += 1
        if self._examiner.is_closed:
            job.finish(closed())
        elif helper.expired:
            job.finish(self._over(job, Reason.TIME_LIMIT))
        elif job.deaths > 1:
            job.finish(self._over(job, Reason.MEMORY_LIMIT))
        else:
            self._waiting.appendleft(job)

    def _give_up(self, helper: Helper) -> None:
        helper.kill()
        self._helper = None
        self._waiting.extendleft(reversed(self._sent))
        self._sent.clear()
