"""`Dossier`: what a proof contains, as a pure value. A proof never rests on a stored verdict: every message in it was
examined afresh, and the transmission was linked from those examinations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pecdesk.examine import Examination
from pecdesk.pec.message import MessageKind
from pecdesk.pec.transmission import Direction, Evidence, OriginalSource, Transmission
from pecdesk.proof.naming import original_names


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One original message of the proof."""

    file_name: str
    path: Path
    """Where its bytes lie."""
    examination: Examination
    line: Evidence | None
    """The evidence it is; None for the sent message and for what proves nothing."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything a proof says, before it is put into words."""

    row: Transmission
    exhibits: tuple[Exhibit, ...]
    main: Examination | None
    """The examination of the message that is the original, or that holds it."""
    made_at: datetime
    program_version: str
    anchors_version: str
    demo: bool = False

    @property
    def identity(self) -> str:
        """What names the transmission: the identificativo, else the Message-ID."""
        return self.row.identifier or self.row.message_id or self.row.original_sha256 or self.row.key


FILE_KINDS = {
    MessageKind.ACCEPTANCE: "accettazione",
    MessageKind.NON_ACCEPTANCE: "non-accettazione",
    MessageKind.TAKEN_IN_CHARGE: "presa-in-carico",
    MessageKind.DELIVERY: "consegna",
    MessageKind.NON_DELIVERY: "mancata-consegna",
    MessageKind.DELAY_NOTICE: "preavviso",
    MessageKind.VIRUS_DETECTED: "rilevazione-virus",
    MessageKind.TRANSPORT_ENVELOPE: "busta-di-trasporto",
    MessageKind.ANOMALY_ENVELOPE: "busta-di-anomalia",
    MessageKind.REM_DISPATCH: "messaggio-rem",
    MessageKind.REM_RECEIPT: "ricevuta-rem",
    MessageKind.DELIVERY_STATUS: "stato-di-consegna",
    MessageKind.ORDINARY: "messaggio",
    MessageKind.UNKNOWN: "messaggio",
}
"""Kinds in file names: Italian, whatever the language of the document."""

SENT_MESSAGE = "messaggio-inviato"


def make_dossier(
    row: Transmission,
    examinations: dict[str, Examination],
    paths: dict[str, Path],
    *,
    made_at: datetime,
    program_version: str,
    anchors_version: str,
    demo: bool,
) -> Dossier:
    """Choose what belongs into the proof of a transmission, and name it."""
    chosen = list(chosen_messages(row))
    labels = [
        (label_of(row, sha256, examinations[sha256].kind), (line.recipient if line else None) or "")
        for sha256, line in chosen
    ]
    # Number 00 is kept for the sent message, here or not.
    names = original_names(labels) if _sends_own(row) else original_names([(SENT_MESSAGE, ""), *labels])[1:]
    exhibits = tuple(
        Exhibit(name, paths[sha256], examinations[sha256], line)
        for name, (sha256, line) in zip(names, chosen, strict=True)
    )
    return Dossier(
        row=row,
        exhibits=exhibits,
        main=examinations.get(row.original_sha256 or ""),
        made_at=made_at,
        program_version=program_version,
        anchors_version=anchors_version,
        demo=demo,
    )


def label_of(row: Transmission, sha256: str, kind: MessageKind) -> str:
    """The kind of a message in a file name."""
    return SENT_MESSAGE if sha256 == row.original_sha256 and _sends_own(row) else FILE_KINDS[kind]


def _sends_own(row: Transmission) -> bool:
    return row.direction is Direction.SENT and row.original is OriginalSource.OWN


def left_out(row: Transmission) -> int:
    """How many unproven receipts are filed under this transmission: they are no part of the proof."""
    return sum(not _belongs(row, line) for line in row.evidence)


def chosen_messages(row: Transmission) -> Iterator[tuple[str, Evidence | None]]:
    """The sent message first when it is here, then the proven evidence in order; of a received row the row itself."""
    lines = {line.sha256: line for line in row.evidence}
    if row.original_sha256 is not None and (_sends_own(row) or row.original_sha256 not in lines):
        yield row.original_sha256, None
    for line in row.evidence:
        if _belongs(row, line):
            yield line.sha256, line


def _belongs(row: Transmission, line: Evidence) -> bool:
    """Proven evidence; of a received row also the message itself, whatever it is worth."""
    return line.standing.proves or line.sha256 == row.original_sha256
