"""The public JSON: exactly the fields of the interface (more are allowed), and what stands in them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pecdesk.demo.forgery import unsigned
from pecdesk.demo.ordinary import ordinary
from pecdesk.examine import examine
from pecdesk.explain.documents import examination_document, file_error_document, transmission_document, utc, zoned
from pecdesk.pec.transmission import Transmission
from tests.kit.messages import NOW, RECIPIENT, SENDER, anchors, delivery, draft, genuine, hostile, sending
from tests.unit.pec.pieces import (
    ANNA,
    BRUNO,
    CLIENT_ID,
    IDENTIFIER,
    ME,
    ROME,
    after,
    copy,
    envelope,
    linked,
    mail,
    only,
    receipt,
    unproven,
)
from tests.unit.pec.pieces import delivery as delivered
from tests.unit.pec.test_closed_lists import CLOSED

FILE = {
    "file", "sha256", "size", "kind", "standing", "reasons", "notes", "circuit", "reference_time", "signature",
    "checks", "certification", "claimed",
}  # fmt: skip
SIGNATURE = {"status", "reason", "signed_at", "digest", "signer"}
SIGNER = {"email", "subject", "issuer", "serial", "sha256", "not_before", "not_after"}
CHECK = {"name", "status", "reason", "detail"}
CERTIFICATION = {
    "type", "error", "extended_error", "sender", "recipients", "reply_to", "subject", "issuer", "time", "identifier",
    "message_id", "receipt", "receipt_actual", "delivered_to",
}  # fmt: skip
CLAIMED = {"from", "subject", "x_ricevuta", "x_trasporto"}
TRANSMISSION = {
    "id", "kind", "direction", "account", "subject", "sender", "identifier", "message_id", "sent_at", "sent_at_source",
    "state", "attention", "original", "sealed", "not_before", "last_error", "recipients", "evidence",
}  # fmt: skip
RECIPIENT_FIELDS = {"address", "role", "type", "state", "since", "evidence"}
EVIDENCE = {"message", "kind", "standing", "recipient", "sha256", "time", "counts", "copies"}


def verified(raw: bytes, name: str = "messaggio.eml") -> dict[str, object]:
    """What `verify --json` prints of one file, through JSON."""
    found: dict[str, object] = json.loads(json.dumps(examination_document(examine(raw, anchors(), now=NOW), name)))
    return found


def listed(row: Transmission, hours: float = 0, id_: int = 17, linked_to: tuple[int, ...] = ()) -> dict[str, object]:
    """What `list --json` prints of one row, through JSON."""
    ids = {sha256: number for number, sha256 in enumerate(row.messages, start=100)}
    found: dict[str, object] = json.loads(json.dumps(transmission_document(row, id_, ids, after(hours), linked_to)))
    return found


def part(document: object, *path: str | int) -> object:
    for key in path:
        document = document[key]  # type: ignore[index]
    return document


def fields(document: object, *path: str | int) -> set[str]:
    found = part(document, *path)
    assert isinstance(found, dict)
    return set(found)


# verify


def test_a_file_has_every_field_of_the_interface() -> None:
    document = verified(delivery().sealed())

    assert fields(document) >= FILE
    assert fields(document, "signature") >= SIGNATURE
    assert fields(document, "signature", "signer") >= SIGNER
    assert fields(document, "checks", 0) >= CHECK
    assert fields(document, "certification") >= CERTIFICATION
    assert fields(document, "certification", "recipients", 0) == {"address", "type"}
    assert fields(document, "claimed") >= CLAIMED


@pytest.mark.parametrize("raw", [ordinary(draft()), b""])
def test_what_is_not_there_is_null(raw: bytes) -> None:
    document = verified(raw)

    assert fields(document) >= FILE
    assert (document["certification"], document["circuit"], document["reference_time"]) == (None, None, None)
    assert part(document, "signature", "status") == "none"
    assert part(document, "signature", "signer") is None


def test_the_values_of_a_file_are_those_of_the_interface() -> None:
    taken = sending()
    raw = delivery(taken).sealed()
    document = verified(raw, "ricevuta.eml")

    assert (document["file"], document["size"], document["kind"], document["standing"]) == (
        "ricevuta.eml", len(raw), "delivery", "certified",
    )  # fmt: skip
    assert (document["reasons"], document["notes"], document["circuit"]) == ([], ["revocation-not-checked"], "prova")
    assert document["reference_time"] == part(document, "certification", "time") == "2026-11-20T09:16:32+01:00"
    assert part(document, "signature", "signed_at") == "2026-11-20T08:16:32Z"
    assert (part(document, "signature", "status"), part(document, "signature", "digest")) == ("passed", "sha256")
    assert str(part(document, "signature", "signer", "not_before")).endswith("Z")
    certification = part(document, "certification")
    assert isinstance(certification, dict)
    assert certification["recipients"] == [{"address": RECIPIENT, "type": "certified"}]
    assert (certification["type"], certification["error"], certification["extended_error"]) == (
        "avvenuta-consegna", "nessuno", None,
    )  # fmt: skip
    assert (certification["receipt"], certification["receipt_actual"]) == ("completa", "full")
    assert (certification["delivered_to"], certification["sender"]) == (RECIPIENT, SENDER)
    assert (certification["identifier"], certification["message_id"]) == (
        taken.identifier,
        taken.message_id.strip("<>"),
    )
    assert part(document, "claimed", "x_ricevuta") == "avvenuta-consegna"
    assert part(document, "claimed", "certification") is None
    assert {part(check, "status") for check in document["checks"]} == {"passed", "not-done"}  # type: ignore[attr-defined]


def test_what_did_not_pass_is_told_with_its_reason() -> None:
    document = verified(delivery().sealed().replace(b"consegnato nella", b"consegnata nella"))
    digest = next(check for check in document["checks"] if check["name"] == "digest")  # type: ignore[attr-defined]

    assert (document["standing"], document["reasons"]) == ("altered", ["digest-mismatch"])
    assert part(document, "signature", "reason") == digest["reason"] == "digest-mismatch"
    assert (part(document, "signature", "status"), digest["status"]) == ("failed", "failed")
    assert digest["detail"]


def test_every_specimen_is_written_with_closed_words_only() -> None:
    closed = {kind.__name__: set(words.split()) for kind, words in CLOSED.items()}
    for specimen in (*genuine(), *hostile()):
        document = verified(specimen.raw)
        assert document["kind"] in closed["MessageKind"]
        assert document["standing"] in closed["Standing"]
        assert set(document["notes"]) <= closed["Note"]  # type: ignore[call-overload]
        assert part(document, "signature", "status") in closed["SignatureStatus"]
        assert {part(check, "status") for check in document["checks"]} <= closed["CheckStatus"]  # type: ignore[attr-defined]
        assert (document["certification"] is None) or part(document, "signature", "status") == "passed"


def test_a_claim_shows_what_it_claims_apart() -> None:
    document = verified(unsigned(delivery()))

    assert document["certification"] is None
    assert part(document, "claimed", "certification", "type") == "avvenuta-consegna"


def test_a_file_that_cannot_be_read_has_an_error_and_nothing_else() -> None:
    assert file_error_document(Path("missing.eml"), "It is not there.") == {
        "file": "missing.eml",
        "error": "It is not there.",
    }


# list


def test_a_row_has_every_field_of_the_interface() -> None:
    document = listed(only(receipt(), copy(), delivered()))

    assert fields(document) >= TRANSMISSION
    assert fields(document, "recipients", 0) >= RECIPIENT_FIELDS
    assert fields(document, "evidence", 0) >= EVIDENCE


@pytest.mark.parametrize(
    "row",
    [only(copy()), only(receipt()), only(envelope()), only(mail()), only(unproven(delivered()))],
)
def test_every_sort_of_row_has_the_same_fields(row: Transmission) -> None:
    assert fields(listed(row)) == fields(listed(only(receipt(), copy(), delivered())))


def test_the_values_of_a_sent_row_are_those_of_the_interface() -> None:
    row = only(receipt(), copy(sha256="0"), delivered())
    document = listed(row, 24, linked_to=(18,))

    assert (document["id"], document["kind"], document["direction"], document["account"]) == (17, "pec", "sent", ME)
    assert (document["identifier"], document["message_id"]) == (IDENTIFIER, f"<{CLIENT_ID}>")
    assert (document["sent_at"], document["sent_at_source"]) == ("2026-03-02T09:00:00+01:00", "acceptance")
    assert (document["state"], document["status"]) == ("partly-delivered", "parziale")
    assert (document["original"], document["sealed"], document["rivals"]) == ("own", None, [])
    assert (document["not_before"], document["last_error"], document["linked"]) == (None, None, [18])
    assert document["attention"] == ["overdue"]
    acceptance, delivery_id = (100 + row.messages.index(line.sha256) for line in row.evidence)
    assert document["recipients"] == [
        {
            "address": ANNA, "role": "to", "type": "certified", "state": "delivered",
            "since": "2026-03-02T09:06:00+01:00", "evidence": [acceptance, delivery_id],
        },
        {
            "address": BRUNO, "role": "cc", "type": "certified", "state": "accepted",
            "since": "2026-03-02T09:00:00+01:00", "evidence": [acceptance],
        },
    ]  # fmt: skip
    assert part(document, "evidence", 1) == {
        "message": delivery_id, "kind": "delivery", "standing": "certified", "recipient": ANNA,
        "sha256": row.evidence[1].sha256, "time": "2026-03-02T09:06:00+01:00", "counts": True, "copies": 1,
        "comparison": {"agreement": "same", "different": [], "other_subject": False},
    }  # fmt: skip


def test_a_received_row_has_the_standing_of_its_envelope() -> None:
    document = listed(only(envelope()))

    assert (document["direction"], document["state"], document["sealed"]) == ("received", "received", "certified")
    assert (document["sent_at"], document["sent_at_source"]) == ("2026-03-02T09:00:00+01:00", "acceptance")
    assert document["status"] == "certificata"


@pytest.mark.parametrize("row", [only(copy()), only(mail()), only(copy(), delivered())])
def test_a_time_that_nobody_certified_is_in_utc(row: Transmission) -> None:
    document = listed(row)

    assert (document["sent_at"], document["sent_at_source"]) == ("2026-03-02T07:59:24Z", "date-header")


def test_unproven_evidence_has_no_time_and_rivals_are_listed_by_their_row_id() -> None:
    row = only(receipt(), copy(sha256="0"), copy("Altra.", sha256="1"), unproven(delivered()))
    document = listed(row)

    assert document["rivals"] == [100 + row.messages.index("1")]
    assert part(document, "evidence", 1, "time") is None
    assert part(document, "evidence", 1, "counts") is False
    assert document["attention"] == ["forged"]


def test_copies_are_counted() -> None:
    (row,) = linked(receipt(), replace(receipt(), sha256="f" * 64))

    assert part(listed(row), "evidence", 0, "copies") == 2


def test_a_row_without_ids_and_time_has_nulls() -> None:
    document = listed(only(mail(message_id=None, date=None)))

    assert (document["message_id"], document["identifier"], document["sent_at"]) == (None, None, None)
    assert (document["account"], document["sent_at_source"]) == (None, "none")


def test_certified_times_keep_their_zone_and_all_others_are_utc() -> None:
    moment = datetime(2018, 11, 13, 16, 39, 26, tzinfo=ROME)

    assert zoned(moment) == "2018-11-13T16:39:26+01:00"
    assert utc(moment) == "2018-11-13T15:39:26Z"
    assert utc(moment.astimezone(UTC) + timedelta(0)) == "2018-11-13T15:39:26Z"
    assert (zoned(None), utc(None)) == (None, None)
