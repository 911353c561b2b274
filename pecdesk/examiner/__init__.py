"""`examine()` at arm's length: foreign bytes are parsed and verified only in a helper process that can be killed.

A hostile message costs its time budget, not the program. The helper is given the trust anchors once and then bytes; it
answers with JSON, so that nothing it says is ever executed here, and it has no network, no files but those of the
program, and limits on memory and time. Reading order: `frames` (what goes over the pipes), `child` and `confinement`
(the helper's side), `helper` (one process, seen from here), `examiner` (many messages, few processes).
"""

from pecdesk.examiner.examiner import Examiner

__all__ = ["Examiner"]
