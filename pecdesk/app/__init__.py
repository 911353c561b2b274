"""`App`: opens a profile, owns its parts, offers the verbs that command line and window share.

Nothing here prints; verbs return values. Reading order: `opened` (store, trust, helper process), `mailbox` (what a
window looks at and marks), `app` (what is brought in, verified, proven); then what it owns: `servers` and `syncing`
(the accounts and their mailboxes), `drafting` and `outgoing` (what is written, and what leaves).
"""

from pecdesk.app.app import App
from pecdesk.app.mailbox import Reexamined
from pecdesk.app.trust import anchors_of
from pecdesk.app.verifying import Judged, verify_files

__all__ = ["App", "Judged", "Reexamined", "anchors_of", "verify_files"]
