"""`examine(raw, anchors)`: all that the bytes of one message tell, as one value.

Joins `mime` (where things lie), `trust` (who signed them) and `pec` (what they mean). Pure: no clock, no files, no
network; the same bytes under the same anchors give the same `Examination`, on disk, over a pipe and on screen. Reading
order: `examining`; what it asks, in its order: `certification`, `carried`, `signature` on `structure`; the answer is in
`examination`.
"""

from pecdesk.examine.carried import inside, original_bytes
from pecdesk.examine.examination import (
    EXAMINE_VERSION,
    Examination,
    Original,
    SignatureReport,
    from_json,
    over_limit,
    to_json,
    unexamined,
)
from pecdesk.examine.examining import MAX_BYTES, examine
from pecdesk.examine.structure import signed_bytes

__all__ = [
    "EXAMINE_VERSION",
    "MAX_BYTES",
    "Examination",
    "Original",
    "SignatureReport",
    "examine",
    "from_json",
    "inside",
    "original_bytes",
    "over_limit",
    "signed_bytes",
    "to_json",
    "unexamined",
]
