"""Firma: who signed, when the certificate was valid, what is known of revocation, and the chain up to the anchor."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout

from pecdesk.errors import N_
from pecdesk.explain.facts import Fact
from pecdesk.explain.signature import SignaturePage
from pecdesk.explain.visible import visible
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.facts import FactTable
from pecdesk.ui.evidence.tab import EvidenceTab, Shown
from pecdesk.ui.evidence.validity_bar import ValidityBarView
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP


class SignatureTab(EvidenceTab):
    """The one signature over the whole message."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.validity: ValidityBarView | None = None

    def content_of(self, shown: Shown) -> object:
        return shown.page.signature

    def draw(self, shown: Shown) -> None:
        signature, say = shown.page.signature, self.desk.say
        self.validity = None
        if not (signature.facts or signature.chain):
            self.show_message("information", say(N_("No signature")), visible(signature.revocation))
            return
        self._add_validity(signature)
        self.page.add_heading(say(N_("Signature")))
        self.page.add(self._card(say(N_("Signature")), signature.facts))
        if signature.chain:
            self.page.add_heading(say(N_("Certificate chain")))
        for number, facts in enumerate(signature.chain, start=1):
            name = say(N_("Certificate {n} of {all}"), n=number, all=len(signature.chain))
            self.page.add(self._card(name, facts, captioned=True))
        self.page.end()
        self.show_content()

    def _add_validity(self, signature: SignaturePage) -> None:
        if signature.validity is not None:
            self.page.add_heading(self.desk.say(N_("Validity of the certificate")))
            self.validity = ValidityBarView(self.desk, signature.validity)
            self.page.add(self.validity)
            self.page.add(label(visible(signature.validity.sentence), wraps=True))
        if signature.revocation:
            self.page.add_heading(self.desk.say(N_("Revocation")))
            self.page.add(label(visible(signature.revocation), wraps=True))

    def _card(self, name: str, facts: Sequence[Fact], *, captioned: bool = False) -> QFrame:
        card = QFrame()
        wear(card, "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(3 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        column.setSpacing(STEP)
        if captioned:
            column.addWidget(label(name, "strong"))
        table = FactTable(self.desk, name, facts)
        table.copied.connect(self.copied)
        column.addWidget(table)
        return card
