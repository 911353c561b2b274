"""LEGGIMI.txt: what lies in the folder of a proof, for somebody who was handed it and knows nothing of it."""

from __future__ import annotations

from pecdesk.errors import N_
from pecdesk.explain import Language
from pecdesk.proof.dossier import Dossier
from pecdesk.proof.report.document import make_report


def readme(dossier: Dossier, language: Language) -> str:
    """Six lines."""
    say, report = language.say, make_report(dossier, language)
    lines = (
        f"{report.banner} {report.kicker}.".lstrip(),
        say(N_("Subject: {subject}"), subject=" ".join(dossier.row.subject.split())[:200]),
        say(N_("prova.pdf is a copy to read; the proof is the messages in originali/, byte for byte as received.")),
        say(N_("impronte.sha256 holds the fingerprint of every file; check it with: sha256sum -c impronte.sha256")),
        say(
            N_("verifica.json holds the result of every check; the signatures can be verified again with openssl cms.")
        ),
        say(
            N_("Made on {instant} by pecdesk {version}."),
            instant=language.instant(dossier.made_at),
            version=dossier.program_version,
        ),
    )
    return "\n".join(lines) + "\n"
