"""Why an attachment is only saved and not opened, in a sentence."""

from __future__ import annotations

from pecdesk.errors import N_
from pecdesk.explain.language import Language
from pecdesk.mime import Danger

SENTENCES: dict[Danger, str] = {
    Danger.PROGRAM: N_("It is a program: pecdesk only saves it, and does not open it."),
    Danger.SCRIPT: N_(
        "It holds commands that the computer would carry out: pecdesk only saves it, and does not open it."
    ),
    Danger.SHORTCUT: N_("It is a shortcut that starts something else: pecdesk only saves it, and does not open it."),
    Danger.INSTALLER: N_("It installs programs: pecdesk only saves it, and does not open it."),
    Danger.DISK_IMAGE: N_(
        "It is the image of a disk, which may start programs: pecdesk only saves it, and does not open it."
    ),
    Danger.WEB_PAGE: N_(
        "It is a web page: opened in a browser it can run programs and tell the sender that it was read. pecdesk only"
        " saves it, and does not open it."
    ),
    Danger.MACROS: N_(
        "It may hold macros, small programs inside a document: pecdesk only saves it, and does not open it."
    ),
    Danger.DISGUISED: N_(
        "Its name pretends to be that of a document, and it is a program: pecdesk only saves it, and does not open it."
        " Do not open it either."
    ),
    Danger.ARCHIVE: N_("It is an archive that pecdesk cannot look into: it only saves it, and does not open it."),
    Danger.ARCHIVE_WITH_PROGRAM: N_(
        "It is an archive that holds programs: pecdesk only saves it, and does not open it."
    ),
    Danger.MISMATCH: N_("Its content is not what its name says: pecdesk only saves it, and does not open it."),
    Danger.UNKNOWN: N_("pecdesk does not know this kind of file: it only saves it, and does not open it."),
}


def why_only_saved(danger: Danger, language: Language) -> str:
    """The sentence for one danger."""
    return language.say(SENTENCES[danger])
