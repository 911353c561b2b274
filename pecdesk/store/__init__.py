"""What a profile remembers: the archive of raw messages, the journal, and the SQLite database made from both.

The only package that writes to the database; the order of every arrival is archive, journal, database.
"""

from pecdesk.store.changes import ChangeFeed, Changes
from pecdesk.store.listing import Filter
from pecdesk.store.pieces import Placement
from pecdesk.store.search import Query, parse_query
from pecdesk.store.store import Arrival, Store, StoredMessage
from pecdesk.store.transmissions import Row

__all__ = [
    "Arrival",
    "ChangeFeed",
    "Changes",
    "Filter",
    "Placement",
    "Query",
    "Row",
    "Store",
    "StoredMessage",
    "parse_query",
]
