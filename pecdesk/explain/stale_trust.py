"""A genuine message must not look false without a word because the trust data of this program are older than it.

Whoever signed under an unknown authority, but names one of certified mail, is explained here: what that may mean, and
what to do. It may as well be a forgery that uses the name, and the sentence says so.
"""

from __future__ import annotations

from pecdesk.errors import N_
from pecdesk.examine import Examination
from pecdesk.explain.language import Language
from pecdesk.explain.visible import visible
from pecdesk.trust import Reason, names_pec_authority

REM = N_(
    "It is a message of REM, the European successor of PEC, under “{issuer}”: this version of pecdesk does not know"
    " that authority and can say nothing for or against it."
)
PEC = N_(
    "The certificate names “{issuer}”, as certificates of PEC providers do, but this version of pecdesk does not know"
    " that authority with this key: either it is newer than the program, or somebody uses its name. Until that is"
    " settled, the message proves nothing."
)
WHAT_TO_DO = N_(
    "Update pecdesk: the authorities it knows come with each version, and that can be brought here on a stick where"
    " there is no network. If no newer version knows it, add the authority from a file, in the settings or with"
    " “pecdesk trust add”, once you have compared its fingerprint with the one that the authority publishes: what it"
    " vouches for stays marked as trusted by your hand."
)


def stale_trust(examination: Examination, language: Language) -> str:
    """What an unknown authority may mean and what to do about it; empty where it claims nothing or is known."""
    signer = examination.signature.signer
    if signer is None or Reason.UNKNOWN_ANCHOR not in examination.reasons:
        return ""
    if examination.kind.is_rem:
        template = REM
    elif names_pec_authority(signer.issuer, signer.policies):
        template = PEC
    else:
        return ""
    return f"{language.say(template, issuer=visible(signer.issuer))} {language.say(WHAT_TO_DO)}"
