"""Where the trust in an authority comes from, in words."""

from __future__ import annotations

from pecdesk.errors import N_
from pecdesk.trust import TrustPolicy, shipped_anchors


def origin(policy: TrustPolicy) -> str:
    """Who brought this authority into the profile: an English template."""
    if policy.by_hand:
        return N_("added by hand to this profile")
    shipped = {known.name for known in shipped_anchors().policies}
    return N_("shipped with pecdesk") if policy.name in shipped else N_("made up for the demo")
