"""`pecdesk verify`: judged as it stands, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.integration.conftest import MadeDemo, Pecdesk

GENUINE_NOTES = {"sha1-at-the-time", "certificate-expired-since", "revocation-not-checked"}
EXPECTED = {
    "aruba-2018-acceptance.eml": ("acceptance", "certified", GENUINE_NOTES),
    "aruba-2018-delivery-full.eml": ("delivery", "certified", GENUINE_NOTES),
    "aruba-2021-acceptance.eml": ("acceptance", "certified", GENUINE_NOTES),
    "sogei-2018-envelope-sdi-rc.eml": ("transport-envelope", "certified", GENUINE_NOTES),
    "sogei-2018-envelope-sdi-rc-damaged.eml": ("transport-envelope", "altered", None),
    "unsigned-anonymised-acceptance.eml": ("acceptance", "not-certified", None),
    "ordinary-dsn.eml": ("delivery-status", "not-certified", None),
}


def test_the_genuine_samples_stand_as_they_must(pecdesk: Pecdesk, samples: Path) -> None:
    done = pecdesk("verify", *(samples / name for name in EXPECTED), "--json")
    assert done.code == 1
    for entry in done.json["files"]:
        kind, standing, notes = EXPECTED[Path(entry["file"]).name]
        assert (entry["kind"], entry["standing"]) == (kind, standing), entry["file"]
        assert notes is None or set(entry["notes"]) == notes
        assert bool(entry["reasons"]) == (standing != "certified")


def test_only_certified_files_give_exit_code_0(pecdesk: Pecdesk, samples: Path) -> None:
    done = pecdesk("verify", samples / "aruba-2018-acceptance.eml", "--json")
    assert done.code == 0
    assert done.err == ""
    entry = done.json["files"][0]
    assert entry["circuit"] == "AgID CA1"
    assert entry["certification"]["time"] == "2018-11-13T16:39:26+01:00"
    assert entry["signature"]["digest"] == "sha1"
    assert entry["signature"]["status"] == "passed"


def test_the_samples_are_imported_as_one_sent_transmission_read_out_of_its_receipt(
    pecdesk: Pecdesk, samples: Path, profile: Path
) -> None:
    done = pecdesk("--profile", profile, "import", samples, "--json")
    assert done.code == 0
    assert done.json == {"new": 7, "known": 0, "unreadable": [], "mismatched": 0}
    rows = pecdesk("--profile", profile, "list", "--json").json["transmissions"]
    sent = [row for row in rows if row["state"] == "delivered"]
    assert len(sent) == 1
    assert sent[0]["direction"] == "sent"
    assert sent[0]["original"] == "from-receipt"
    assert [line["kind"] for line in sent[0]["evidence"]] == ["acceptance", "delivery"]
    shown = pecdesk("--profile", profile, "show", sent[0]["id"], "--json").json
    assert shown["attachments"]
    again = pecdesk("--profile", profile, "import", samples, "--json")
    assert again.json == {"new": 0, "known": 7, "unreadable": [], "mismatched": 0}


def test_the_demo_is_certified_under_its_own_trust_and_nowhere_else(
    pecdesk: Pecdesk, demo: MadeDemo, tmp_path: Path
) -> None:
    message = next(demo.mail.rglob("*accettazione*.eml"), None) or next(
        path for path in sorted(demo.mail.rglob("inbox/*.eml")) if b"X-Ricevuta: accettazione" in path.read_bytes()
    )
    under_demo = pecdesk("verify", message, "--trust", demo.policy, "--json").json["files"][0]
    shipped = pecdesk("verify", message, "--json").json["files"][0]
    assert under_demo["standing"] == "certified"
    assert shipped["standing"] == "not-certified"
    assert "unknown-anchor" in shipped["reasons"]
    assert shipped["certification"] is None


def test_one_changed_byte_is_altered(pecdesk: Pecdesk, samples: Path, tmp_path: Path) -> None:
    raw = (samples / "aruba-2018-delivery-full.eml").read_bytes()
    place = raw.index(b"correttamente consegnato")
    mutant = tmp_path / "mutant.eml"
    mutant.write_bytes(raw[:place] + b"C" + raw[place + 1 :])
    entry = pecdesk("verify", mutant, "--json").json["files"][0]
    assert entry["standing"] == "altered"
    assert entry["reasons"] == ["digest-mismatch"]


def test_a_time_without_an_offset_is_refused(pecdesk: Pecdesk, demo: MadeDemo) -> None:
    for words in (("verify", "x.eml", "--at", "2026-01-01T10:00:00"), ("list", "--now", "2026-01-01T10:00:00")):
        assert pecdesk(*words).code == 2


def test_at_replaces_the_reference_time(pecdesk: Pecdesk, samples: Path) -> None:
    late = pecdesk("verify", samples / "aruba-2018-acceptance.eml", "--at", "2024-01-01T00:00:00+00:00", "--json")
    assert late.code == 1
    entry = late.json["files"][0]
    assert entry["standing"] == "not-certified"
    assert entry["reasons"] == ["expired"]


def test_files_that_cannot_be_read_are_said_and_the_rest_is_still_done(
    pecdesk: Pecdesk, samples: Path, tmp_path: Path
) -> None:
    good = samples / "aruba-2018-acceptance.eml"
    done = pecdesk("--lang", "en", "verify", tmp_path / "missing.eml", tmp_path, good, "--json")
    assert done.code == 3
    first, second, third = done.json["files"]
    assert set(first) == set(second) == {"file", "error"}
    assert third["standing"] == "certified"
    assert "is not there" in done.err
    assert "is a folder" in done.err


def test_hostile_files_get_an_answer_and_never_a_certificate(pecdesk: Pecdesk, tmp_path: Path) -> None:
    depth = 2000
    bombs = {
        "empty.eml": b"",
        "zeros.eml": b"\0" * 1_000_000,
        "nested.eml": b"".join(
            b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth)
        ),
        "headers.eml": b"From: " + b"(" * 200_000 + b"\r\n\r\nx",
        "text.eml": b"no headers at all",
        "binary.eml": bytes(range(256)) * 100,
    }
    for name, content in bombs.items():
        (tmp_path / name).write_bytes(content)
    done = pecdesk("verify", *(tmp_path / name for name in bombs), "--json")
    assert done.code == 1
    standing = {Path(entry["file"]).name: entry["standing"] for entry in done.json["files"]}
    assert standing["nested.eml"] == standing["headers.eml"] == "undetermined"
    assert standing["empty.eml"] == standing["zeros.eml"] == standing["text.eml"] == "not-certified"
    assert "certified" not in standing.values()


def test_a_truncated_message_cannot_be_determined(pecdesk: Pecdesk, samples: Path, tmp_path: Path) -> None:
    raw = (samples / "aruba-2018-delivery-full.eml").read_bytes()
    cut = []
    for number, end in enumerate((len(raw) // 3, len(raw) // 2, len(raw) - 60)):
        cut.append(tmp_path / f"{number}.eml")
        cut[-1].write_bytes(raw[:end])
    done = pecdesk("verify", *cut, "--json")
    assert [entry["standing"] for entry in done.json["files"]] == ["undetermined"] * 3
    assert json.loads(done.out)["files"][0]["reasons"] == ["incomplete"]


def test_a_file_larger_than_any_pec_is_undetermined_without_being_read_whole(pecdesk: Pecdesk, tmp_path: Path) -> None:
    zeros = tmp_path / "zeros.eml"
    with zeros.open("wb") as file:
        file.truncate(1_000_000_000)
    done = pecdesk("verify", zeros, "--json")
    assert done.code == 1
    entry = done.json["files"][0]
    assert (entry["standing"], entry["reasons"], entry["size"]) == ("undetermined", ["size-limit"], 1_000_000_000)
