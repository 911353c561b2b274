"""A place of the side bar: which rows it shows, what it is called, and what is said when it is empty."""

from __future__ import annotations

from dataclasses import dataclass

from pecdesk.errors import N_
from pecdesk.explain import Language
from pecdesk.explain.visible import visible
from pecdesk.store import Filter, Group

TITLES = {
    Group.FOLLOW: N_("Everything that matters"),
    Group.WAITING: N_("Waiting for delivery"),
    Group.ANOMALIES: N_("Anomalies and failures"),
    Group.DEADLINES: N_("Deadlines (30 months)"),
    Group.ALL: N_("All messages"),
    Group.RECEIVED: N_("Received mail"),
    Group.SENT: N_("Sent mail"),
    Group.DRAFTS: N_("Drafts"),
    Group.OUTBOX: N_("Outbox"),
    Group.UNMATCHED: N_("Unmatched receipts"),
    Group.HIDDEN: N_("Hidden"),
}

EMPTY = {
    Group.FOLLOW: (
        N_("Nothing needs you"),
        N_("What was not delivered, is late, was forged or altered, or has waited too long appears here by itself."),
    ),
    Group.WAITING: (
        N_("Nothing is on its way"),
        N_("A message that was sent stands here until it is known for every recipient whether it was delivered."),
    ),
    Group.ANOMALIES: (
        N_("No anomalies"),
        N_("Failed and refused deliveries, forged or altered messages and anomaly envelopes appear here."),
    ),
    Group.DEADLINES: (
        N_("No deadline is near"),
        N_(
            "A message with a missing receipt appears here three months before its provider may delete the log,"
            " which is kept for 30 months."
        ),
    ),
    Group.ALL: (N_("No messages"), N_("Messages appear here as soon as they are imported.")),
    Group.RECEIVED: (N_("Nothing was received"), N_("Received messages appear here as soon as they are imported.")),
    Group.SENT: (
        N_("Nothing was sent"),
        N_("Sent messages appear here, with their receipts, as soon as they are imported."),
    ),
    Group.DRAFTS: (
        N_("No drafts"),
        N_("What you write is kept here by itself, until it is sent or thrown away."),
    ),
    Group.OUTBOX: (
        N_("Nothing is about to leave"),
        N_(
            "A message stands here from the moment you send it until your provider has taken it; and for as long as it"
            " is not known whether it has."
        ),
    ),
    Group.UNMATCHED: (
        N_("Every receipt has found its message"),
        N_("A receipt that speaks of a message of somebody else appears here."),
    ),
    Group.HIDDEN: (
        N_("Nothing is hidden"),
        N_("What you hide leaves the other lists and stays here, with all its evidence, until you show it again."),
    ),
}

FETCHED = {
    Group.ALL: N_("What comes and what you send appears here by itself, with its receipts."),
    Group.RECEIVED: N_("What is sent to you appears here by itself as soon as it comes."),
    Group.SENT: N_("What you send appears here by itself, and its receipts with it as they come."),
}
"""What is said instead where a mailbox is set up: nothing has to be imported."""

PASSING = frozenset({Group.FOLLOW, Group.WAITING, Group.ANOMALIES, Group.DEADLINES, Group.OUTBOX})
"""Groups that a row leaves by itself, when a receipt comes or time goes by."""


@dataclass(frozen=True, slots=True)
class Place:
    """A group of rows, of one mailbox or of all; or a label; or a folder of a mail server; or a saved search."""

    group: Group
    account: str | None = None
    label: str | None = None
    folder: str | None = None
    """Name of a folder on the server of `account`."""
    search: str = ""
    """Name of a saved search."""
    query: str = ""
    """What is searched for, as it was typed."""

    @property
    def name(self) -> str:
        """What a place is remembered by."""
        parts = {
            "account": self.account,
            "label": self.label,
            "folder": self.folder,
            "search": self.search or None,
        }
        narrowed = [f"{what}={which}" for what, which in parts.items() if which is not None]
        return " ".join([str(self.group), *narrowed])

    @property
    def is_whole_group(self) -> bool:
        """Whether it is nothing but a group, if perhaps that of one mailbox."""
        return self.label is None and self.folder is None and not self.search

    @property
    def filter(self) -> Filter:
        """Its rows, all of them."""
        return Filter(group=self.group, account=self.account, label=self.label, folder=self.folder, limit=0)

    def title(self, language: Language) -> str:
        """What it is called."""
        return visible(self.label or self.folder or self.search) or language.say(TITLES[self.group])

    def empty(self, language: Language, *, is_fetched: bool = False) -> tuple[str, str]:
        """What is said when it holds nothing: what will appear here, and how. `is_fetched`: mail comes by itself."""
        if self.label is not None:
            return (
                language.say(N_("Nothing carries this label")),
                language.say(N_("Choose messages, then “Label” in their menu: they are found here from then on.")),
            )
        if self.folder is not None:
            return (
                language.say(N_("Nothing lies in this folder")),
                language.say(N_("What lies in this folder on the provider’s server appears here as it is fetched.")),
            )
        title, text = EMPTY[self.group]
        if is_fetched:
            text = FETCHED.get(self.group, text)
        return language.say(title), language.say(text)


EVERYTHING = Place(Group.ALL)
