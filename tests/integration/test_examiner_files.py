"""A message in a file goes to the helper in pieces: it is never whole in this process, and nothing else changes."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from pecdesk.errors import InputError
from pecdesk.examine import MAX_BYTES
from pecdesk.examiner import Examiner
from pecdesk.trust import AnchorSet, Reason, anchors_to_json
from tests.kit import messages

ANCHORS = anchors_to_json(AnchorSet(()))
TARGET = "tests.integration.examiner_targets:obedient"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "message.eml"


def test_a_file_is_judged_as_its_bytes_are(file: Path) -> None:
    raw = messages.genuine()[0].raw
    file.write_bytes(raw)
    with Examiner(anchors_to_json(messages.anchors()), now=messages.NOW) as examiner:
        assert examiner.examine_file(file) == examiner.examine(raw)


@pytest.mark.parametrize("size", [0, 1, (1 << 18) - 1, 1 << 18, (1 << 21) + 5])
def test_files_of_every_size_arrive_whole(file: Path, size: int) -> None:
    file.write_bytes(b"x" * size)
    with Examiner(ANCHORS, target=TARGET) as examiner:
        found = examiner.examine_file(file)
        assert (found.sha256, found.size) == (hashlib.sha256(b"x" * size).hexdigest(), size)
        assert examiner.examine(b"after").size == 5


@pytest.mark.parametrize(("order", "reason"), [(b"hang", Reason.TIME_LIMIT), (b"die", Reason.MEMORY_LIMIT)])
def test_a_file_that_takes_its_helper_down_costs_no_other_message(file: Path, order: bytes, reason: Reason) -> None:
    file.write_bytes(order)
    with Examiner(ANCHORS, budget_seconds=0.5, target=TARGET) as examiner:
        found = examiner.examine_file(file)
        assert found.reasons == (reason,)
        assert found.sha256 == hashlib.sha256(order).hexdigest()
        assert examiner.examine(b"after").size == 5


def test_a_file_over_the_limit_is_only_hashed(file: Path) -> None:
    with file.open("wb") as sparse:
        sparse.truncate(MAX_BYTES + 1)
    with Examiner(ANCHORS, target=TARGET) as examiner:
        assert examiner.examine_file(file).reasons == (Reason.SIZE_LIMIT,)


def test_a_file_that_cannot_be_read_is_a_sentence(file: Path) -> None:
    with Examiner(ANCHORS, target=TARGET) as examiner:
        with pytest.raises(InputError, match="cannot be read"):
            examiner.examine_file(file)
        assert examiner.examine(b"after").size == 5


MEASURED = """
import resource, sys
from pathlib import Path
from pecdesk.examiner import Examiner
from pecdesk.trust import AnchorSet, anchors_to_json
with Examiner(anchors_to_json(AnchorSet(()))) as examiner:
    examiner.examine(b"x")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert examiner.examine_file(Path(sys.argv[1])).size == 60_000_000
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts in kilobytes there")
def test_a_big_message_is_never_whole_in_this_process(file: Path) -> None:
    head = b"Subject: grande\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    file.write_bytes(head.ljust(60_000_000, b"A"))
    done = subprocess.run([sys.executable, "-c", MEASURED, str(file)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 8 * 1024
