"""Whether a certificate names an authority of certified mail as its own: a claim, which anybody can make.

Never a reason to believe anything. It tells a message that may be genuine and newer than the trust data shipped with
the program from one that has nothing to do with PEC, so that the first is not called false without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

PEC_POLICIES = "1.3.76.16.3"
"""Arc of the certificate policies of AgID CA1 (observed: .1 on the authority, .1.1 on providers)."""

_AUTHORITIES = re.compile(r"\bagid\b|\bagenzia per l.?italia digitale\b|\bdigitpa\b|\bcnipa\b")
"""AgID and those before it: CNIPA until 2009, DigitPA until 2012 (and in certificates until 2018)."""


def names_pec_authority(issuer: str, policies: Iterable[str]) -> bool:
    """Whether the issuer (RFC 4514) calls itself an authority of PEC, or a policy (OID) is one of PEC's."""
    return _AUTHORITIES.search(issuer.casefold()) is not None or any(
        policy == PEC_POLICIES or policy.startswith(f"{PEC_POLICIES}.") for policy in policies
    )
