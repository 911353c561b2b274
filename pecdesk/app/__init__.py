"""`App`: opens a profile, owns its parts, offers the verbs that command line and window share.

Nothing here prints or knows a language; verbs return values.
"""

from pecdesk.app.app import App
from pecdesk.app.trust import anchors_of
from pecdesk.app.verifying import Judged, verify_files

__all__ = ["App", "Judged", "anchors_of", "verify_files"]
