"""What a piece of evidence means in law, in one line each, with its source.

Only what a source we read says is said here; what is known from memory alone is not cited by article. Sources: the
decree d.P.R. 68/2005, the technical rules (d.m. 2 November 2005, Italian text of RFC 6109, whose sections are cited),
the Codice dell'amministrazione digitale in its text of May 2023.
"""

from __future__ import annotations

from pecdesk.errors import N_
from pecdesk.explain.language import Language
from pecdesk.pec.message import MessageKind
from pecdesk.pec.standing import Standing

MEANINGS: dict[MessageKind, str] = {
    # Sent at acceptance: d.P.R. 68 art. 3. What attests sending and receipt: art. 4 c. 6.
    MessageKind.ACCEPTANCE: N_(
        "It attests that the message was sent at this moment, not that it was delivered (d.P.R. 68/2005, arts. 3 and 4,"
        " par. 6)."
    ),
    # d.P.R. 68 art. 4 c. 6; RFC 6109 §3.1.2.
    MessageKind.NON_ACCEPTANCE: N_(
        "It attests that the provider did not take the message: the receipt that would attest its sending is missing"
        " (d.P.R. 68/2005, art. 4, par. 6)."
    ),
    # RFC 6109 §2.1.1.1.1 and §3.2.1: between providers, never meant for users.
    MessageKind.TAKEN_IN_CHARGE: N_(
        "It passes between providers: the recipient's has taken the message over; it does not attest the delivery"
        " (technical rules, d.m. 2 November 2005; RFC 6109, § 3.2.1)."
    ),
    # Delivered when available in the mailbox, read or not: d.P.R. 68 art. 3, RFC 6109 §1.2.3. Attests: art. 4 c. 6.
    MessageKind.DELIVERY: N_(
        "It attests the delivery: from this moment the message is available to the recipient, read or not (d.P.R."
        " 68/2005, arts. 3 and 4, par. 6)."
    ),
    # The sender is told of a non-delivery within the 24 hours after sending: d.P.R. 68 art. 8.
    MessageKind.NON_DELIVERY: N_(
        "It attests that the message was not delivered to this recipient; the provider tells so within 24 hours of"
        " sending (d.P.R. 68/2005, art. 8)."
    ),
    # RFC 6109 §3.1.6: notices after 12 and 24 hours; §2.1.1.1.2: after the second the transaction has failed.
    MessageKind.DELAY_NOTICE: N_(
        "It attests that the message was not delivered so far; if the delivery is still missing 24 hours after sending,"
        " the transmission counts as failed (technical rules, d.m. 2 November 2005; RFC 6109, § 3.1.6)."
    ),
    # RFC 6109 §3.2.3, §3.2.4.
    MessageKind.VIRUS_DETECTED: N_(
        "It passes between providers: the message was stopped for a virus; to the sender a notice of non-delivery goes"
        " (technical rules, d.m. 2 November 2005; RFC 6109, §§ 3.2.3 and 3.2.4)."
    ),
    # RFC 6109 §3.1.5: sender, recipients and time of acceptance in the envelope. d.P.R. 68 art. 4 c. 6.
    MessageKind.TRANSPORT_ENVELOPE: N_(
        "It attests the sending mailbox, the moment of acceptance and that nothing was changed since; the delivery is"
        " attested by the receipt that went to the sender (d.P.R. 68/2005, art. 4, par. 6)."
    ),
    # RFC 6109 §3.2.2, §2.2.2.
    MessageKind.ANOMALY_ENVELOPE: N_(
        "It is not certified mail: the provider passes on what came from outside PEC, or damaged, and does not"
        " vouch for its sender (technical rules, d.m. 2 November 2005; RFC 6109, § 3.2.2)."
    ),
    # CAD art. 1 c. 1-ter.
    MessageKind.REM_DISPATCH: N_(
        "A qualified registered delivery service may be used like PEC (CAD, art. 1, par. 1-ter); whether this is one"
        " cannot be established here."
    ),
    MessageKind.REM_RECEIPT: N_(
        "A receipt of a qualified registered delivery service may serve like one of PEC (CAD, art. 1, par. 1-ter);"
        " whether this is one cannot be established here."
    ),
    MessageKind.DELIVERY_STATUS: N_(
        "It is not a receipt of certified mail: it attests neither a delivery nor a failure."
    ),
    MessageKind.ORDINARY: N_("It is not certified mail: it attests neither sending nor delivery."),
    MessageKind.UNKNOWN: N_("What it is could not be established: it attests nothing here."),
}
"""Of what is proven; of anomaly envelopes, REM and ordinary mail whatever may be said of them."""

# Signed by a provider: RFC 6109 §2.1.
UNPROVEN = N_(
    "As it stands it attests nothing: what counts is what a provider signed and nobody changed since (technical rules,"
    " d.m. 2 November 2005; RFC 6109, § 2.1)."
)
UNDETERMINED = N_("As long as it cannot be verified it attests nothing.")
BY_HAND = N_(
    "What it attests cannot be said: the authority behind it was added by hand and is not the one of PEC providers."
)
# d.P.R. 68 art. 4 c. 6.
SENT_MEANING = N_(
    "By itself this copy attests nothing: sending and delivery are attested by the receipts (d.P.R. 68/2005, art. 4,"
    " par. 6)."
)
CONTRADICTORY = N_("It contradicts itself, so nothing is built on it here.")
RESERVE = N_("{meaning} The reserve stated here remains.")

_CLAIM_NOTHING = frozenset(
    {
        MessageKind.ANOMALY_ENVELOPE,
        MessageKind.DELIVERY_STATUS,
        MessageKind.ORDINARY,
        MessageKind.UNKNOWN,
    }
)


def meaning_in_law(
    kind: MessageKind, standing: Standing, language: Language, *, by_hand: bool = False, counts: bool = True
) -> str:
    """One line. `by_hand`: judged by an authority added by hand; `counts`: it agrees with its own inner message."""
    say = language.say
    if standing.proves and by_hand:
        return say(BY_HAND)
    if standing.proves and not counts:
        return say(CONTRADICTORY)
    if standing is Standing.CERTIFIED_WITH_RESERVE:
        return say(RESERVE, meaning=say(MEANINGS[kind]))
    if standing is Standing.CERTIFIED:
        return say(MEANINGS[kind])
    if standing is Standing.NOT_CERTIFIED and kind in _CLAIM_NOTHING:
        return say(MEANINGS[kind])
    if standing is Standing.UNDETERMINED:
        return say(MEANINGS[kind]) if kind.is_rem else say(UNDETERMINED)
    return say(UNPROVEN)
