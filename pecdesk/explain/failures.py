"""Why a message was not delivered, in plain words, and what helps: the numeric code first, then `errore`.

Providers write the codes of RFC 3463 into `errore-esteso` (AgID, note 12 of 2015, whose table could not be read): what
each means is told by the code itself, and where only its class is known, by its class.
"""

from __future__ import annotations

import re

from pecdesk.errors import N_

_CODE = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")

_UNKNOWN_ADDRESS = N_("The address does not exist or is not valid.")
_UNKNOWN_DOMAIN = N_("The recipient's domain does not exist.")
_DISABLED = N_("The recipient's mailbox is disabled.")
_FULL = N_("The recipient's mailbox is full.")
_TOO_LARGE = N_("The message is larger than the recipient's mailbox takes.")
_MOVED = N_("The recipient's mailbox was moved or closed.")
_LATE_12 = N_("The message was not delivered in the first 12 hours.")
_LATE_24 = N_("The message was not delivered in the first 24 hours.")
_VIRUS = N_("A virus was found in the message.")
_NO_RECIPIENT = N_("The recipient does not exist.")
_NOT_REACHED = N_("The recipient's provider could not be reached.")
_FAULT = N_("The recipient's provider had a fault.")
_NOT_ALLOWED = N_("The recipient's provider does not let this message in.")
_ADDRESS = N_("Something is wrong with the recipient's address.")
_MAILBOX = N_("Something is wrong with the recipient's mailbox.")

_CODES = {
    "4.4.1": _LATE_12,
    "5.1.1": _UNKNOWN_ADDRESS,
    "5.1.2": _UNKNOWN_DOMAIN,
    "5.1.3": _UNKNOWN_ADDRESS,
    "5.1.6": _MOVED,
    "5.2.1": _DISABLED,
    "5.2.2": _FULL,
    "5.2.3": _TOO_LARGE,
    "5.3.4": _TOO_LARGE,
    "5.4.1": _LATE_24,
    "5.4.4": _NOT_REACHED,
    "5.5.1": _VIRUS,
    "5.7.1": _NOT_ALLOWED,
}

_ERRORS = {"no-dest": _NO_RECIPIENT, "no-dominio": _UNKNOWN_DOMAIN, "virus": _VIRUS}

_CLASSES = {"1": _ADDRESS, "2": _MAILBOX, "3": _FAULT, "4": _NOT_REACHED, "7": _NOT_ALLOWED}
"""Of a permanent failure, by the middle number (RFC 3463 §3); the fifth and sixth class say nothing to a person."""

_HELP = {
    _UNKNOWN_ADDRESS: N_("The address may be mistyped, or closed."),
    _ADDRESS: N_("The address may be mistyped, or closed."),
    _FULL: N_("A full mailbox may take the message later; until then tell the recipient by another way."),
    _DISABLED: N_("A disabled mailbox may be opened again; look whether the recipient has another address."),
    _TOO_LARGE: N_("Send it in smaller parts, or with smaller files."),
    _VIRUS: N_("Where a virus was reported, check the attachments before you send them again."),
    _LATE_24: N_("The recipient's provider did not take it in time: the same message may go through later."),
    _NOT_REACHED: N_("The fault may pass: the same message may go through later."),
    _FAULT: N_("The fault may pass: the same message may go through later."),
    _NOT_ALLOWED: N_("Ask the recipient by another way what the mailbox lets in."),
}


def failure(error: str | None, detail: str | None) -> str:
    """Why a message was not delivered, as an English template; empty where nobody says."""
    code = _CODE.match(detail or "")
    known = _CODES.get(".".join(code.groups())) if code else None
    if known or (error or "") in _ERRORS:
        return known or _ERRORS[error or ""]
    return _CLASSES.get(code[2], "") if code and code[1] == "5" else ""


def what_helps(error: str | None, detail: str | None) -> str:
    """What to do about that cause beside sending again, as an English template; empty where there is nothing to add."""
    return _HELP.get(failure(error, detail), "")
