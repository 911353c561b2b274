"""One helper process, seen from the parent, and the watch that kills it when a message takes too long."""

from __future__ import annotations

import io
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from pecdesk.errors import N_, PecdeskError
from pecdesk.examiner.frames import FRAME, HEAD, BrokenAnswerError, Outcome, Request, encode_request, read_answer

_START_SECONDS = 60.0
_REAP_SECONDS = 5.0
_WANTED_PIPE = 1 << 20
_CHUNK = 1 << 18
"""Bytes of a file that are sent at once."""
_JOINED = 1 << 16
"""Up to here a message is sent in one piece with its head; a larger one is not copied for that."""

_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "PYTHONHOME", "PYTHONPATH")
"""All that a helper learns of the user's environment."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How helpers are started."""

    anchors_json: bytes
    budget_seconds: float
    memory_limit_bytes: int
    target: str | None = None
    """`module:function` in the place of `examine`; for tests."""

    def command(self) -> list[str]:
        """The program itself, as a helper. Nothing is imported from the folder it happens to be started in."""
        limits = ["--memory", str(self.memory_limit_bytes), "--seconds", str(self.budget_seconds + 2)]
        target = ["--target", self.target] if self.target else []
        return [sys.executable, "-P", "-m", "pecdesk.examiner", *limits, *target]

    def environment(self, inherited: Mapping[str, str]) -> dict[str, str]:
        """What of the parent's environment the helper is given, and where this very package lies."""
        kept = {name: inherited[name] for name in _ENVIRONMENT if name in inherited}
        here = str(Path(__file__).resolve().parents[2])
        kept["PYTHONPATH"] = os.pathsep.join(filter(None, (here, kept.get("PYTHONPATH"))))
        return kept


class Helper:
    """A running helper. Sending and receiving is for one thread; `expire` and `kill` may come from any."""

    def __init__(self, recipe: Recipe, watch: Watch) -> None:
        """Start one and wait until it is ready; PecdeskError when it cannot be had."""
        self._watch = watch
        self._lock = threading.Lock()
        self._deadline: float | None = None
        self.expired = False
        """It was killed because its time was over."""
        try:
            self._process = _start(recipe)
        except OSError as error:
            raise _cannot_start(error.strerror or str(error)) from error
        self._to = cast("BinaryIO", self._process.stdin)
        self._from = io.BufferedReader(cast("io.FileIO", self._process.stdout), 1 << 16)
        self.capacity = _widen(self._to.fileno())
        """Bytes that may wait in the pipe while the helper is busy, without blocking who sends them."""
        watch.add(self)
        try:
            self.begin(_START_SECONDS)
            self._write(FRAME.pack(len(recipe.anchors_json)), recipe.anchors_json)
            self.receive()
        except (OSError, BrokenAnswerError) as error:
            self.kill()
            raise _cannot_start(f"it ended with status {self._process.returncode}") from error
        except HelperError as error:
            self.kill()
            raise _cannot_start(str(error)) from error

    def send(self, request: Request, raw: bytes | Path) -> None:
        """Hand over a message; what a dead helper does not take is noticed when it does not answer. A file goes over in
        pieces; one that cannot be read ends the helper, which would wait for it for ever."""
        asked = encode_request(request)
        if isinstance(raw, Path):
            self._pour(asked, raw)
            return
        with suppress(OSError):
            self._write(HEAD.pack(len(asked), len(raw)) + asked, raw)

    def _pour(self, asked: bytes, path: Path) -> None:
        try:
            with path.open("rb") as file:
                missing = os.fstat(file.fileno()).st_size
                self._write(HEAD.pack(len(asked), missing) + asked, b"")
                while missing and (chunk := file.read(min(missing, _CHUNK))):
                    self._write(chunk, b"")
                    missing -= len(chunk)
        except OSError:
            missing = 1
        if missing:
            self.interrupt()

    def receive(self) -> bytes:
        """The answer to the first message not answered yet. BrokenAnswerError: it died; HelperError: a bug there."""
        outcome, body = read_answer(self._from)
        with self._lock:
            self._deadline = None
        if outcome is Outcome.FAILED:
            raise HelperError(body.decode(errors="replace"))
        return body

    def begin(self, seconds: float) -> None:
        """From now on the next answer has so many seconds."""
        self._deadline = deadline = time.monotonic() + seconds
        self._watch.wake_by(deadline)

    def remaining(self, now: float) -> float | None:
        """Seconds until its time is over; None while nothing is expected of it."""
        deadline = self._deadline
        return None if deadline is None else deadline - now

    def expire(self, now: float) -> None:
        """Kill it if its time is over, unless its answer is here already and merely was not read yet."""
        with self._lock:
            if self._deadline is None or self._deadline > now:
                return
            if _has_answered(self._from.fileno()):
                self._deadline = now + 1
                return
            self.expired = True
            self._deadline = None
            self._process.kill()

    def kill(self) -> None:
        """End it now, close its pipes and leave no zombie."""
        self._watch.remove(self)
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_REAP_SECONDS)
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()

    def interrupt(self) -> None:
        """End it now, from another thread than the one that reads its answers."""
        self._process.kill()

    def _write(self, head: bytes, raw: bytes) -> None:
        if len(raw) <= _JOINED:
            pieces: tuple[bytes, ...] = (head + raw,)
        else:
            pieces = (head, raw)
        for piece in pieces:
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(self._to.fileno(), rest) :]


class HelperError(Exception):
    """The helper is well and says that examining this message raised an error."""


class Watch:
    """A thread that only waits, and kills helpers whose time is over."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._helpers: list[Helper] = []
        self._asleep_until = math.inf
        self._is_ending = False
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="examiner-watch", daemon=True)
        self._thread.start()

    def add(self, helper: Helper) -> None:
        """Watch over one more."""
        with self._changed:
            self._helpers.append(helper)
            if self._is_ending:
                helper.interrupt()

    def remove(self, helper: Helper) -> None:
        """Forget one."""
        with self._changed:
            if helper in self._helpers:
                self._helpers.remove(helper)

    def end_all(self) -> None:
        """Kill all helpers, and those that come later as soon as they come."""
        with self._changed:
            self._is_ending = True
            for helper in self._helpers:
                helper.interrupt()

    def wake_by(self, deadline: float) -> None:
        """A helper has got a deadline. Costs nothing while the watch waits for an earlier one."""
        if deadline < self._asleep_until:
            with self._changed:
                self._changed.notify()

    def close(self) -> None:
        """Stop watching."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        with self._changed:
            while not self._is_closed:
                # Said before looking: a deadline set in between then finds it said, and wakes us.
                self._asleep_until = math.inf
                now = time.monotonic()
                remaining = [seconds for helper in self._helpers if (seconds := helper.remaining(now)) is not None]
                if not remaining:
                    self._changed.wait()
                    continue
                if min(remaining) > 0:
                    self._asleep_until = now + min(remaining)
                    self._changed.wait(min(remaining))
                    continue
                for helper in self._helpers:
                    helper.expire(now)


def _start(recipe: Recipe) -> subprocess.Popen[bytes]:
    if sys.platform == "win32":
        flags, group = subprocess.CREATE_NO_WINDOW, None
    else:
        # A group of its own: Ctrl-C in the terminal is for the program, which ends its helpers itself.
        flags, group = 0, 0
    return subprocess.Popen(
        recipe.command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env=recipe.environment(os.environ),
        creationflags=flags,
        process_group=group,
    )


def _cannot_start(reason: str) -> PecdeskError:
    message = N_("The helper process that examines messages cannot be started: {reason}.")
    return PecdeskError(message, N_("Install the program again, or free some memory."), reason=reason)


def _widen(descriptor: int) -> int:
    """Bytes that surely fit into a pipe: nothing where the system does not say."""
    if sys.platform != "linux":
        return 0
    import fcntl  # noqa: PLC0415 - does not exist on Windows

    with suppress(OSError):
        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _WANTED_PIPE)
    # Half of it: a pipe counts pages, and a piece of a page is a page.
    return fcntl.fcntl(descriptor, fcntl.F_GETPIPE_SZ) // 2


def _has_answered(descriptor: int) -> bool:
    if sys.platform == "win32":
        return False
    import select  # noqa: PLC0415 - works on sockets alone on Windows

    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return any(event & select.POLLIN for _, event in poll.poll(0))
