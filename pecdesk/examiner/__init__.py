"""`examine()` and `read_message()` at arm's length, in a helper process that can be killed.

Foreign bytes are parsed, verified and made safe to show only there. A hostile message costs its time budget, not the
program. The helper is given the trust anchors once and then bytes; it answers with JSON, so that nothing it says is
ever executed here, and it has no network, no files but those of the program, and limits on memory and time. Reading
order: `frames` (what goes over the pipes), `child` and `confinement` (the helper's side), `process` (one
process, seen from here), `questions` and `jobs` (what is asked, and one message on its way), `examiner` (many messages,
few processes).
"""

from pecdesk.examiner.examiner import Examiner

__all__ = ["Examiner"]
