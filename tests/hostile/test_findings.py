"""What an enemy once found here, and what is answered now."""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from pecdesk.demo.draft import original
from pecdesk.examine import examine, to_json
from pecdesk.trust.certificate import read_certificate
from pecdesk.trust.der import SEQUENCE, encode
from tests.hostile.attacks import CERTIFIED, RESERVE, receipt
from tests.hostile.bench import Bench, signer
from tests.hostile.limits import attached, certifying, document, long_name, marks, reheaded, siblings, signed
from tests.hostile.mailbox import Mailbox, command
from tests.hostile.structure import taken_apart
from tests.kit import messages
from tests.kit.messages import RECIPIENT, SENDER, delivery, draft, provider, sending


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("pending"))


# --- pecdesk/pec ----------------------------------------------------------------------------------------------------


def test_a_long_name_in_from_does_not_cost_the_verdict(bench: Bench) -> None:
    """binding.py, ADDRESS_IN_NAME: `[^…]+@[^…]+` takes the square of a word without "@" (45 s for 60 kB)."""
    name = b'"' + b"a" * 60_000 + b'" <posta-certificata@pec.gestoreuno.example>'
    entry = bench.verify({"x": reheaded(b"From", name)})["x"]
    assert (entry["standing"], entry["reasons"]) == (CERTIFIED, [])


def test_a_subject_of_many_marks_does_not_cost_the_verdict(bench: Bench) -> None:
    """binding.py, squeezed: NFKC takes the square of a row of combining marks; users write the certified subject."""
    changed = document().replace(b"Diffida", marks(100_000))
    entry = bench.verify({"x": certifying(changed)})["x"]
    assert entry["standing"] in (CERTIFIED, RESERVE)


def test_a_second_kind_header_that_contradicts_is_a_contradiction(bench: Bench) -> None:
    """classify.py, _header: only the first X-Ricevuta is looked at; cli.md row 8 wants a reserve."""
    pieces = taken_apart(receipt().sealed())
    doubled = pieces.joined(fields=[*pieces.fields, b"X-Ricevuta: errore-consegna\r\n"])
    assert bench.verify({"x": doubled})["x"]["standing"] == RESERVE


def test_many_named_parts_do_not_make_a_verdict_of_megabytes() -> None:
    """comparison.py, _forms: some thirty hashes for each named part; 280 kB of mail become 8 MB in the database."""
    raw = siblings(4900, attached(b"a"))
    found = examine(raw, messages.anchors(), now=messages.NOW)
    assert len(to_json(found)) < 10 * len(raw)


def test_a_mail_from_the_inbox_never_stands_in_for_what_was_sent(bench: Bench, tmp_path: Path) -> None:
    """With --account every folder counts as Sent (intake/run.py, _placement), so a mail that only pretends to be ours
    and bears a Message-ID of ours competes with the real copy, and the lower SHA-256 wins (linking.py, _own_copy)."""
    taken = sending()
    short = delivery(taken, completeness=messages.Completeness.SHORT).sealed()
    texts = (original(replace(draft(text=f"Altro, {n}.\n"), message_id=taken.message_id)) for n in range(100_000))
    forged = next(raw for raw in texts if sha256(raw).digest() < sha256(taken.original).digest())
    for name, raws in (("Sent", [taken.original]), ("Inbox", [forged, provider().acceptance(taken).sealed(), short])):
        (tmp_path / name).mkdir()
        for place, raw in enumerate(raws):
            (tmp_path / name / f"{place}.eml").write_bytes(raw)
    studio = Mailbox.empty(bench, SENDER)
    assert studio.command("import", tmp_path, "--account", SENDER).code == 0
    assert "Altro" not in studio.row(taken.identifier)["text"]


# --- pecdesk/trust --------------------------------------------------------------------------------------------------


def test_an_issuers_name_of_many_marks_does_not_cost_the_verdict(bench: Bench) -> None:
    """names.py, _prepare: NFKC takes the square of a row of combining marks; no bound on a value's length."""
    serial = encode(0x02, read_certificate(signer().certificate).serial)
    raw = signed(identifier=encode(SEQUENCE, long_name(150_000), serial))
    entry = bench.verify({"x": raw})["x"]
    assert "time-limit" not in entry["reasons"]


def test_a_policy_of_many_brackets_is_answered_in_words(tmp_path: Path) -> None:
    """policy_file.py: tomllib raises RecursionError; a traceback."""
    policy, mail = tmp_path / "x.toml", tmp_path / "x.eml"
    policy.write_bytes(b"name=" + b"[" * 50_000)
    mail.write_bytes(original(draft("x")))
    assert command("verify", mail, "--trust", policy).code == 3


def test_a_proof_into_a_folder_whose_name_is_no_text_is_made_or_refused_in_one_sentence(
    bench: Bench, tmp_path: Path
) -> None:
    """proof/pdf.py: the child fails with a traceback, whose lines become the sentence."""
    studio = Mailbox.empty(bench, RECIPIENT)
    studio.receive(provider().envelope(sending(), RECIPIENT).sealed())
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    done = studio.command("proof", "--to", folder, studio.rows()[0]["id"])
    assert "[U+000A]" not in done.err
    assert ".py" not in done.err
