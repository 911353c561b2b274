"""The examiner with real helper processes: whatever one message does to its helper, every other is examined."""

from __future__ import annotations

import gc
import hashlib
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest

from pecdesk.errors import PecdeskError
from pecdesk.examine import MAX_BYTES, examine, from_json, inside
from pecdesk.examiner import Examiner, frames
from pecdesk.examiner import examiner as examiner_module
from pecdesk.examiner.frames import Request, time_for
from pecdesk.examiner.process import Helper, Recipe, Watch
from pecdesk.mime import Refusal
from pecdesk.reading import Reading, read_message
from pecdesk.trust import AnchorSet, Reason, anchors_from_json, anchors_to_json
from tests.kit import messages

ANCHORS = anchors_to_json(AnchorSet(()))
VERSION = anchors_from_json(ANCHORS).version
TARGETS = "tests.integration.examiner_targets"
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"

posix = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX matter")
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def examiner(budget: float = 30.0, processes: int = 1, target: str = "obedient", memory: int = 1 << 30) -> Examiner:
    return Examiner(ANCHORS, processes, budget, memory, target=f"{TARGETS}:{target}")


def sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def reasons(examiner: Examiner, *messages: bytes) -> list[Reason]:
    found = dict(examiner.examine_many(enumerate(messages)))
    assert [found[number].sha256 for number in range(len(messages))] == [sha(raw) for raw in messages]
    return [found[number].reasons[0] for number in range(len(messages))]


@pytest.fixture(autouse=True)
def nothing_stays_behind() -> Iterator[None]:
    threads = set(threading.enumerate())
    children = own_children()
    yield
    gc.collect()
    assert set(threading.enumerate()) == threads
    assert own_children() == children


def own_children() -> set[str]:
    """Child processes of this one, zombies included."""
    if sys.platform != "linux":
        return set()
    found = set()
    for task in Path("/proc/self/task").iterdir():
        try:
            found |= set((task / "children").read_text().split())
        except OSError:
            continue
    return found


def test_a_message_comes_back_examined() -> None:
    with examiner() as helpers:
        examination = helpers.examine(b"Subject: x\r\n\r\n")
    assert examination.sha256 == sha(b"Subject: x\r\n\r\n")
    assert examination.reasons == (Reason.INCOMPLETE,)


@pytest.mark.parametrize("raw", [b"", b"\x00" * 100, os.urandom(100_000)])
def test_the_helper_says_what_examine_says(raw: bytes) -> None:
    at, now = datetime(2019, 1, 1, tzinfo=UTC), datetime(2024, 5, 3, 10, 0, tzinfo=UTC)
    anchors = anchors_from_json(ANCHORS)
    with Examiner(ANCHORS, now=now) as helpers:
        assert helpers.examine(raw) == examine(raw, anchors, now=now)
        assert helpers.examine(raw, at) == examine(raw, anchors, at=at, now=now)
        assert dict(helpers.examine_many([("key", raw)])) == {"key": examine(raw, anchors, now=now)}


def test_genuine_messages_are_examined_in_the_helper_as_they_are_here() -> None:
    messages = {path.name: path.read_bytes() for path in sorted(SAMPLES.glob("*.eml"))}
    if not messages:
        pytest.skip("the folder of genuine messages is not here")
    from pecdesk.trust import shipped_anchors

    anchors = shipped_anchors()
    now = datetime(2024, 5, 3, 10, 0, tzinfo=UTC)
    with Examiner(anchors_to_json(anchors), now=now) as helpers:
        found = dict(helpers.examine_many(messages.items()))
    assert found == {name: examine(raw, anchors, now=now) for name, raw in messages.items()}


READ = {
    "nothing": b"",
    "noise": os.urandom(100_000),
    "text": b"Subject: x\r\n\r\nCiao\r\n",
    "html": b"Content-Type: text/html\r\n\r\n<p>Ciao <img src=http://x.example/><script>x</script>\r\n",
}


@pytest.mark.parametrize("name", READ)
def test_the_helper_reads_what_read_message_reads(name: str) -> None:
    with Examiner(ANCHORS) as helpers:
        assert helpers.read(READ[name]) == read_message(READ[name])


def test_of_an_envelope_the_mail_inside_is_read_and_examined_on_its_own() -> None:
    now = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
    delivery = messages.delivery(messages.sending(messages.draft(text="Il testo della diffida.\n"))).sealed()
    within = inside(delivery)
    assert within is not None
    with Examiner(anchors_to_json(messages.anchors()), now=now) as helpers:
        assert helpers.read(delivery).text == "Il testo della diffida."
        assert helpers.inside(delivery) == examine(within, messages.anchors(), now=now)
        assert helpers.inside(within) is None


def test_readings_and_examinations_pass_each_other_without_being_mixed_up() -> None:
    with examiner() as helpers:
        many = helpers.examine_many((number, b"%d" % number) for number in range(500))
        next(many)
        assert helpers.read(b"in between") == Reading(sha(b"in between"), None, None, (), 0)
        assert helpers.inside(b"nothing") is None
        within = helpers.inside(b"a mail")
        assert within is not None
        assert within.sha256 == sha(b"a mail")
        assert len(list(many)) == 499


@pytest.mark.parametrize("order", [b"hang", b"die", b"exhaust", b"crash", b"garbage", b"half"])
def test_what_cannot_be_read_within_the_limits_is_a_refusal_and_costs_nothing_else(order: bytes) -> None:
    with examiner(budget=0.5, memory=200 << 20) as helpers:
        assert helpers.read(order) == Reading("", None, Refusal.LIMIT, (), 0)
        within = helpers.inside(order)
        assert within is not None
        assert within.reasons in ((Reason.TIME_LIMIT,), (Reason.MEMORY_LIMIT,))
        assert reasons(helpers, b"a") == [Reason.INCOMPLETE]


def test_a_message_over_the_limit_is_not_read_either() -> None:
    with examiner(target="mute") as helpers:
        assert helpers.read(bytes(MAX_BYTES + 1)).html_refused is Refusal.LIMIT


def test_the_helper_is_told_anchors_once_and_times_with_each_message() -> None:
    at, now = datetime(2019, 1, 1, 12, tzinfo=UTC), datetime(2024, 5, 3, 10, 0, tzinfo=UTC)
    with Examiner(ANCHORS, now=now, target=f"{TARGETS}:obedient") as helpers:
        for asked in (at, None):
            said = f"{ANCHORS.decode()} {asked} {now}".encode()
            assert helpers.examine(b"asked", asked).sha256 == sha(said)


@pytest.mark.parametrize("processes", [1, 2])
def test_many_messages_all_come_back_once_with_their_keys(processes: int) -> None:
    messages = {f"key {number}": b"%d " % number * (number % 7) for number in range(1500)}
    with examiner(processes=processes) as helpers:
        found = list(helpers.examine_many(messages.items()))
    assert len(found) == len(messages)
    assert {key: examination.sha256 for key, examination in found} == {k: sha(raw) for k, raw in messages.items()}


def test_messages_larger_than_any_pipe_pass_among_small_ones() -> None:
    messages = [b"x" * size for size in (1, 65_536, 200_000, 1, 3 << 20, 1 << 20, (1 << 19) - 200, 5, 40 << 20, 7)]
    with examiner(processes=2) as helpers:
        assert reasons(helpers, *messages) == [Reason.INCOMPLETE] * len(messages)


def test_the_examiner_reads_only_so_far_ahead() -> None:
    read = 0

    def messages() -> Iterator[tuple[int, bytes]]:
        nonlocal read
        for number in range(10_000):
            read += 1
            yield number, b"%d" % number

    with examiner() as helpers:
        many = helpers.examine_many(messages())
        next(many)
        assert read <= 300
        many.close()  # type: ignore[attr-defined]


def test_what_is_done_is_handed_on_before_more_is_read() -> None:
    read = 0

    def messages() -> Iterator[tuple[int, bytes]]:
        nonlocal read
        for number in range(200):
            read += 1
            helpers.examine(b"asked meanwhile")
            yield number, b"%d" % number

    with examiner() as helpers:
        many = helpers.examine_many(messages())
        next(many)
        assert read < 100
        many.close()  # type: ignore[attr-defined]


def test_large_messages_are_not_all_asked_for_at_once() -> None:
    read = 0

    def messages() -> Iterator[tuple[int, bytes]]:
        nonlocal read
        for number in range(20):
            read += 1
            yield number, bytes(16 << 20)

    with examiner() as helpers:
        for done, _ in enumerate(helpers.examine_many(messages()), 1):
            assert read - done < 5


def test_a_message_over_the_limit_never_reaches_a_helper() -> None:
    with examiner(target="mute") as helpers:
        examination = helpers.examine(bytes(MAX_BYTES + 1))
    assert examination.reasons == (Reason.SIZE_LIMIT,)
    assert examination.anchors_version == VERSION


@pytest.mark.parametrize("order", [b"hang", b"spin"])
def test_a_message_that_takes_too_long_costs_its_time_and_nothing_else(order: bytes) -> None:
    with examiner(budget=0.5) as helpers:
        assert reasons(helpers, b"a", order, b"b", b"c") == [
            Reason.INCOMPLETE,
            Reason.TIME_LIMIT,
            Reason.INCOMPLETE,
            Reason.INCOMPLETE,
        ]
        assert helpers.examine(order).anchors_version == VERSION


@pytest.mark.parametrize("order", [b"die", b"exhaust", b"garbage", b"nonsense", b"half", b"shout", b"boast"])
def test_a_message_that_twice_breaks_its_helper_is_said_to_be_over_a_limit(order: bytes) -> None:
    with examiner(memory=200 << 20) as helpers:
        assert reasons(helpers, b"a", order, b"b", b"c") == [
            Reason.INCOMPLETE,
            Reason.MEMORY_LIMIT,
            Reason.INCOMPLETE,
            Reason.INCOMPLETE,
        ]


@linux
def test_a_helper_killed_from_outside_costs_no_message() -> None:
    others = own_children()  # of tests that ran before in this process and share a server
    with examiner() as helpers:
        assert reasons(helpers, b"a") == [Reason.INCOMPLETE]
        (process,) = own_children() - others
        os.kill(int(process), signal.SIGKILL)
        assert reasons(helpers, b"b", b"c") == [Reason.INCOMPLETE] * 2
        assert process not in own_children()


@linux
def test_a_helper_that_was_stopped_is_replaced() -> None:
    others = own_children()
    with examiner(budget=0.5) as helpers:
        assert reasons(helpers, b"a") == [Reason.INCOMPLETE]
        (process,) = own_children() - others
        os.kill(int(process), signal.SIGSTOP)
        assert reasons(helpers, bytes(8 << 20), b"b") == [Reason.TIME_LIMIT, Reason.INCOMPLETE]


def test_an_answer_that_is_here_but_not_read_yet_saves_its_helper() -> None:
    watch = Watch()
    helper = Helper(Recipe(ANCHORS, 30, 1 << 30, f"{TARGETS}:obedient"), watch)
    try:
        helper.send(Request(), b"a")
        assert select.select([helper._from], [], [], 20)[0]
        helper.begin(-1)
        helper.expire(time.monotonic())
        assert from_json(helper.receive()).sha256 == sha(b"a")
        assert not helper.expired
    finally:
        helper.kill()
        watch.close()


def test_a_large_message_has_more_time_than_a_small_one() -> None:
    assert time_for(0, 5.0) == 5.0
    assert time_for(100 << 20, 5.0) == 15.0


def test_hostile_messages_between_honest_ones_spoil_none_of_them() -> None:
    hostile = {3: b"die", 40: b"hang", 41: b"half"}
    messages = [hostile.get(number, b"%d" % number) for number in range(200)]
    with examiner(budget=0.5, processes=2) as helpers:
        found = reasons(helpers, *messages)
    assert {number for number, reason in enumerate(found) if reason is not Reason.INCOMPLETE} == set(hostile)
    assert found[40] is Reason.TIME_LIMIT


def test_stray_output_and_input_do_not_touch_the_answers(capfd: pytest.CaptureFixture[str]) -> None:
    with examiner() as helpers:
        assert reasons(helpers, b"chatter", b"a", b"chatter") == [Reason.INCOMPLETE] * 3
    assert capfd.readouterr() == ("", "")


def test_an_error_nobody_expected_is_logged_without_the_message_and_costs_only_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with examiner() as helpers:
        assert reasons(helpers, b"crash", b"a") == [Reason.MEMORY_LIMIT, Reason.INCOMPLETE]
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "KeyError in " in record.getMessage()
    assert "examiner_targets.py" in record.getMessage()
    assert "secret" not in record.getMessage()


@posix
def test_a_helper_has_no_network_no_programs_and_no_files() -> None:
    attempts = [b"connect", b"resolve", b"run", b"shell", b"write", b"append", b"read", b"leave", b"delete"]
    with examiner() as helpers:
        found = reasons(helpers, *(b"trespass " + attempt for attempt in attempts))
    assert [attempt for attempt, reason in zip(attempts, found, strict=True) if reason is not Reason.INCOMPLETE] == []


def test_a_helper_learns_nothing_of_the_environment_but_where_programs_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PECDESK_PASSWORD", "x")
    assert "PECDESK_PASSWORD" not in Recipe(b"", 1, 1).environment(os.environ)
    monkeypatch.setattr(os, "environ", {"PATH": os.environ["PATH"], "PECDESK_PASSWORD": "x"})
    with examiner() as helpers:
        seen = helpers.examine(b"environment").sha256
    assert seen in {sha(names) for names in (b"LC_CTYPE PATH PYTHONPATH", b"PATH PYTHONPATH")}


def test_a_helper_imports_nothing_from_the_folder_the_user_happens_to_be_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "struct.py").write_text("raise SystemExit\n")
    (tmp_path / "msgspec.py").write_text("raise SystemExit\n")
    monkeypatch.chdir(tmp_path)
    with Examiner(ANCHORS) as helpers:
        assert helpers.examine(b"x").sha256 == sha(b"x")


@pytest.mark.parametrize(("target", "words"), [("broken", "ValueError in .* > broken "), ("mute", "status 7")])
def test_a_helper_that_cannot_start_is_a_sentence_for_each_message_and_no_hang(target: str, words: str) -> None:
    with examiner(target=target) as helpers:
        for _ in range(2):
            with pytest.raises(PecdeskError, match=f"cannot be started: .*{words}"):
                helpers.examine(b"x")
        with pytest.raises(PecdeskError, match="cannot be started"):
            list(helpers.examine_many([(1, b"x"), (2, b"y")]))


def test_a_missing_interpreter_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    with examiner() as helpers, pytest.raises(PecdeskError, match="cannot be started"):
        helpers.examine(b"x")


class Recording(Helper):
    """A helper that tells what it was asked and what it answered."""

    said: ClassVar[list[str]] = []

    def send(self, request: Request, raw: bytes) -> None:
        self.said.append(f"ask {raw.decode()}")
        super().send(request, raw)

    def receive(self) -> bytes:
        self.said.append("wait")
        return super().receive()


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(examiner_module, "Helper", Recording)
    monkeypatch.setattr(Recording, "said", [])
    return Recording.said


def test_a_suspect_is_examined_once_more_alone(said: list[str]) -> None:
    with examiner() as helpers:
        reasons(helpers, b"a", b"die", b"b", b"c")
    again = len(said) - said[::-1].index("ask die") - 1
    # "wait" comes once when a helper starts, and then for each answer.
    assert said[again - 1 : again + 2] == ["wait", "ask die", "wait"]
    assert said.count("ask die") == 2


def test_messages_wait_in_the_pipe_while_the_helper_is_busy(said: list[str]) -> None:
    with examiner() as helpers:
        reasons(helpers, *(b"%d" % number for number in range(20)))
    first = said.index("ask 0")
    assert said[first : first + 21] == [f"ask {number}" for number in range(20)] + ["wait"]


def test_one_message_is_examined_before_the_many_that_wait(said: list[str]) -> None:
    with examiner() as helpers:
        many = helpers.examine_many((number, b"%d" % number) for number in range(500))
        next(many)
        assert helpers.examine(b"in between").sha256 == sha(b"in between")
        assert len(list(many)) == 499
    asked = [words for words in said if words != "wait"]
    # Whatever was asked for ahead of it (256 at most) may have been answered before this thread came to ask.
    assert asked.index("ask in between") < 300


def test_what_nobody_waits_for_any_more_is_not_examined_again_and_again(said: list[str]) -> None:
    with examiner(budget=0.3) as helpers:
        many = helpers.examine_many((number, b"hang" if number else b"a") for number in range(100))
        next(many)
        many.close()  # type: ignore[attr-defined]
        assert reasons(helpers, b"b") == [Reason.INCOMPLETE]
    # Two helpers that started, "a", the one message that was killed, "b".
    assert said.count("wait") == 5


def test_threads_may_share_an_examiner() -> None:
    found: list[str] = []

    def ask(number: int) -> None:
        found.extend(e.sha256 for _, e in helpers.examine_many((i, b"%d %d" % (number, i)) for i in range(50)))

    with examiner(processes=2) as helpers:
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(found) == sorted(sha(b"%d %d" % (number, i)) for number in range(6) for i in range(50))


def test_what_the_source_of_messages_raises_comes_through_and_leaves_the_examiner_usable() -> None:
    def failing() -> Iterator[tuple[int, bytes]]:
        yield 1, b"a"
        raise ZeroDivisionError

    with examiner() as helpers:
        with pytest.raises(ZeroDivisionError):
            list(helpers.examine_many(failing()))
        assert reasons(helpers, b"b") == [Reason.INCOMPLETE]


def test_closing_while_busy_ends_everything_at_once_and_tells_who_waits() -> None:
    helpers = examiner(budget=600)
    told: list[str] = []
    busy = threading.Event()

    def ask() -> None:
        try:
            for _ in helpers.examine_many([(1, b"a"), (2, b"hang")]):
                busy.set()
        except PecdeskError as error:
            told.append(str(error))

    # All their messages are asked for while the helper starts, so that they wait in its pipe, one behind the other.
    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert busy.wait(30)
    helpers.close()
    for thread in threads:
        thread.join(20)
    assert len(told) == 3
    assert all("closing" in words for words in told)


def test_closing_right_after_opening_does_not_wait_for_the_helpers() -> None:
    for _ in range(3):
        examiner(processes=2).close()


def test_a_closed_examiner_takes_nothing_and_may_be_closed_again() -> None:
    helpers = examiner()
    helpers.close()
    helpers.close()
    with pytest.raises(PecdeskError, match="closing"):
        helpers.examine(b"x")


def test_many_messages_given_up_half_way_do_not_delay_the_next() -> None:
    with examiner() as helpers:
        for _ in helpers.examine_many((number, b"%d" % number) for number in range(1000)):
            break
        assert reasons(helpers, b"a") == [Reason.INCOMPLETE]


ORPHAN = """
import os, sys
from pecdesk.examiner import Examiner
helpers = Examiner(sys.argv[1].encode(), target=sys.argv[2])
helpers.examine(b"x")
print(open("/proc/self/task/%d/children" % os.getpid()).read() or "", flush=True)
for task in os.listdir("/proc/self/task"):
    print(open("/proc/self/task/%s/children" % task).read(), flush=True)
print("end", flush=True)
os._exit(1)
"""


@linux
def test_a_helper_ends_when_its_parent_dies() -> None:
    command = [sys.executable, "-c", ORPHAN, ANCHORS.decode(), f"{TARGETS}:obedient"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        processes = {int(word) for word in parent.stdout.read().replace("end", "").split()}
    assert processes
    for process in processes:
        wait_until_gone(process)


def wait_until_gone(process: int) -> None:
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        assert select.select([handle], [], [], 20)[0]
    finally:
        os.close(handle)


@linux
def test_a_helper_whose_parent_died_does_not_compute_for_ever() -> None:
    recipe = Recipe(ANCHORS, 0.0, 1 << 30, f"{TARGETS}:obedient")
    command = [word if word != "2.0" else "0.5" for word in recipe.command()]
    assert command != recipe.command()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=recipe.environment(os.environ)
    ) as process:
        assert process.stdin is not None
        process.stdin.write(frames.FRAME.pack(len(ANCHORS)) + ANCHORS)
        process.stdin.write(frames.HEAD.pack(2, 4) + b"{}spin")
        process.stdin.flush()
        assert process.wait(30) == -signal.SIGXCPU


def test_without_wide_pipes_nothing_is_sent_ahead_and_all_is_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pecdesk.examiner.process._widen", lambda descriptor: 0)
    with examiner() as helpers:
        assert reasons(helpers, *(b"%d" % number for number in range(100))) == [Reason.INCOMPLETE] * 100
