"""Proofs and exports: what leaves the profile to stand on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from pecdesk import __version__, explain
from pecdesk.errors import N_, CancelledError, StoreError
from pecdesk.examine import Examination
from pecdesk.examiner import Examiner
from pecdesk.explain import Language
from pecdesk.explain.documents import examination_document
from pecdesk.explain.sentences import note_sentences
from pecdesk.explain.words import KINDS
from pecdesk.pec.linking import Piece, link
from pecdesk.pec.transmission import Direction, Transmission
from pecdesk.proof.bundle import Bundle, Original, write_bundle, write_durably, write_whole
from pecdesk.proof.dossier import Dossier, Exhibit, chosen_messages, label_of, make_dossier
from pecdesk.proof.naming import bundle_name, original_names
from pecdesk.proof.report import make_report, points, readme
from pecdesk.store import Row, Store
from pecdesk.store.database import refusals
from pecdesk.store.pieces import pieces_of


@dataclass(frozen=True, slots=True)
class MadeProof:
    """One bundle on disk."""

    row_id: int
    path: Path
    files: int
    """Original messages in it."""
    weak_points: list[str]
    """In the language of the document."""
    weak_points_in_english: list[str]
    was_there: bool


@dataclass(frozen=True, slots=True)
class Weakness:
    """What the proof of one row would name as weak, told before it is made."""

    row: Row
    originals: int
    """Messages that would be in it."""
    points: tuple[str, ...]
    notes: tuple[str, ...]
    """What the document says beside them, and what takes nothing from the proof."""


def weaknesses(store: Store, rows: Sequence[Row], now: datetime, language: Language) -> list[Weakness]:
    """The weak points of each row by the stored verdicts; the proof itself judges afresh."""
    found = []
    for row in rows:
        chosen = [sha256 for sha256, _ in chosen_messages(row.transmission)]
        messages = store.messages([row.message_ids[sha256] for sha256 in chosen])
        notes = {str(note) for message in messages for note in message.examination.notes}
        found.append(
            Weakness(
                row,
                len(chosen),
                tuple(points(row.transmission, now, language)),
                tuple(note_sentences(sorted(notes), language)),
            )
        )
    return found


def make_proof(
    store: Store,
    examiner: Examiner,
    row: Row,
    target: Path,
    *,
    zipped: bool,
    made_at: datetime,
    language: Language,
    anchors_version: str,
    demo: bool,
    cancelled: Callable[[], bool] | None = None,
) -> MadeProof:
    """Write the proof of one row, from verdicts made this moment."""
    fresh, transmission = relinked(store, examiner, row)
    dossier = make_dossier(
        transmission,
        fresh,
        {sha256: store.archive.path(sha256) for sha256 in fresh},
        made_at=made_at,
        program_version=__version__,
        anchors_version=anchors_version,
        demo=demo,
    )
    written = write_bundle(target, _bundle(dossier, language), zip=zipped, made_at=made_at, cancelled=cancelled)
    return MadeProof(
        row_id=row.id,
        path=written.path,
        files=len(dossier.exhibits),
        weak_points=points(transmission, made_at, language),
        weak_points_in_english=points(transmission, made_at, explain.language("en")),
        was_there=written.was_there,
    )


def relinked(store: Store, examiner: Examiner, row: Row) -> tuple[dict[str, Examination], Transmission]:
    """Examine every message of a row afresh and link it from nothing else; a changed database is found out here."""
    messages = store.messages(list(row.message_ids.values()))
    placements = {message.examination.sha256: list(message.placements) for message in messages}
    raws = ((sha256, store.archive.get(sha256)) for sha256 in row.message_ids)
    fresh: dict[str, Examination] = dict(examiner.examine_many(raws))
    pieces: list[Piece] = [
        piece for sha256, examination in fresh.items() for piece in pieces_of(examination, placements.get(sha256, []))
    ]
    linked = link(pieces, store.accounts())
    same = [found for found in linked if found.key == row.transmission.key]
    nearest = same or sorted(
        (found for found in linked if set(found.messages) & set(row.transmission.messages)),
        key=lambda found: (-len(set(found.messages) & set(row.transmission.messages)), found.key),
    )
    if not nearest:
        raise StoreError(
            N_("The messages of row {id} make no transmission any more."),
            N_("Run `pecdesk reexamine --all`."),
            id=row.id,
        )
    return fresh, nearest[0]


def _day(row: Transmission) -> date:
    """The day in the names: of sending; where nothing tells that, as with a refusal whose message is not here, of the
    first certified piece."""
    moments = [line.time for line in row.evidence if line.counts and line.time is not None]
    first = row.sent_at or min(moments, default=None)
    return first.date() if first else date.min


def _bundle(dossier: Dossier, language: Language) -> Bundle:
    return Bundle(
        day=_day(dossier.row),
        subject=dossier.row.subject,
        identity=dossier.identity,
        report=make_report(dossier, language),
        originals=tuple(
            Original(
                exhibit.file_name,
                exhibit.path,
                exhibit.examination.sha256,
                language.say(_description(dossier, exhibit)),
            )
            for exhibit in dossier.exhibits
        ),
        verification=_verification(dossier),
        readme=readme(dossier, language),
    )


def _description(dossier: Dossier, exhibit: Exhibit) -> str:
    """What an original is, in English; the sent message bears no mark of certification and is no ordinary mail."""
    if dossier.row.direction is Direction.SENT and exhibit.line is None:
        return N_("Sent message")
    return KINDS[exhibit.examination.kind]


def _verification(dossier: Dossier) -> bytes:
    document = {
        "program": f"pecdesk {dossier.program_version}",
        "trust": dossier.anchors_version,
        "made_at": dossier.made_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "demo": dossier.demo,
        "state": str(dossier.row.state),
        "files": [examination_document(e.examination, f"originali/{e.file_name}") for e in dossier.exhibits],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def export_originals(
    store: Store,
    rows: Sequence[Row],
    target: Path,
    progress: Callable[[int, int | None], None],
    cancelled: Callable[[], bool],
) -> list[tuple[Path, str]]:
    """Write every message of these rows byte for byte, a folder for each row; path and SHA-256 of each file.

    A folder is there whole or not at all; when it is stopped, those that were finished stay.
    """
    written: list[tuple[Path, str]] = []
    with suppress(CancelledError):
        for done, row in enumerate(rows, start=1):
            written += _export_row(store, row, target, cancelled)
            progress(done, len(rows))
    return written


def _export_row(store: Store, row: Row, target: Path, cancelled: Callable[[], bool]) -> list[tuple[Path, str]]:
    found = row.transmission
    kinds = {
        message.examination.sha256: message.examination.kind
        for message in store.messages(list(row.message_ids.values()))
    }
    lines = {line.sha256: line for line in found.evidence}
    labels = [
        (label_of(found, sha256, kinds[sha256]), (lines[sha256].recipient if sha256 in lines else None) or "")
        for sha256 in found.messages
    ]
    names = dict(zip(original_names(labels), found.messages, strict=True))

    def fill(folder: Path) -> Path:
        for name, sha256 in names.items():
            if cancelled():
                raise CancelledError
            write_durably(store.archive.get(sha256), folder / name)
        return folder

    with refusals(target):
        name = bundle_name(_day(found), found.subject, found.identifier or found.message_id or found.key)
        folder = write_whole(target, name, fill).path
    return [(folder / name, sha256) for name, sha256 in names.items()]
