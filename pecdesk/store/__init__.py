"""What a profile remembers: the archive of raw messages, the journal, and the SQLite database made from both.

The only package that writes to the database; the order of every arrival is archive, journal, database. Reading order:
`archive`, `journal`, `database`, `columns` and `transmissions` (rows of the list), `listing` (which rows), `marks`
(read, labelled, hidden), `replay` (what the journal tells in the end), `folders` and `mirroring` (mail servers, as last
seen), `server_folders` (these as places of a window), `arrivals` (messages on their way in), `store`, `keeping` (many
of them at once).
"""

from pecdesk.store.arrivals import Arrival
from pecdesk.store.changes import ChangeFeed, Changes
from pecdesk.store.erasing import Losses
from pecdesk.store.folders import CopyState, Folder, Looked, Reached, ServerCopy
from pecdesk.store.keeping import Keeper
from pecdesk.store.listing import Filter, Group, Groups
from pecdesk.store.messages import StoredMessage
from pecdesk.store.ordering import Order
from pecdesk.store.pieces import Placement
from pecdesk.store.search import Query, parse_query
from pecdesk.store.server_folders import ServerFolder
from pecdesk.store.store import Store
from pecdesk.store.transmissions import Row

__all__ = [
    "Arrival",
    "ChangeFeed",
    "Changes",
    "CopyState",
    "Filter",
    "Folder",
    "Group",
    "Groups",
    "Keeper",
    "Looked",
    "Losses",
    "Order",
    "Placement",
    "Query",
    "Reached",
    "Row",
    "ServerCopy",
    "ServerFolder",
    "Store",
    "StoredMessage",
    "parse_query",
]
