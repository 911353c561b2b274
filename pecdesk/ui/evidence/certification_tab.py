"""Dati di certificazione: what the provider certifies, labelled; or what a message only claims, said so."""

from __future__ import annotations

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.visible import visible
from pecdesk.ui.evidence.facts import FactTable
from pecdesk.ui.evidence.tab import EvidenceTab, Shown
from pecdesk.ui.style.panels import Notice, label


class CertificationTab(EvidenceTab):
    """The content of daticert.xml as a table of labelled values."""

    def content_of(self, shown: Shown) -> object:
        return shown.page.certification, shown.page.certification_caption, _is_claim(shown)

    def draw(self, shown: Shown) -> None:
        page, caption = shown.page, visible(shown.page.certification_caption)
        if not page.certification:
            self.show_message("information", self.desk.say(N_("No certification data")), caption)
            return
        if _is_claim(shown):
            warning = Notice(self.desk.theme)
            warning.say(Tone.RED, caption, icon="warning")
            self.page.add(warning)
        elif caption:
            self.page.add(label(caption, "muted", wraps=True))
        table = FactTable(self.desk, self.desk.say(N_("Certification data")), page.certification)
        table.copied.connect(self.copied)
        self.page.add(table)
        self.page.end()
        self.show_content()


def _is_claim(shown: Shown) -> bool:
    """Whether no signature that holds covers these data."""
    return not shown.known.examination.standing.proves
