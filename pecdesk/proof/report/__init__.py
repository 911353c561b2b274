"""Dossier to sentences: the document of a proof in headings, tables and sentences, in one language.

`document` puts it together from its sections, in the order of the paper: `outcome` (what became of it), `weak_points`,
`evidence` (the originals and what was found of each), `content` (what was sent). `tones` says which mark stands for
what; `readme` is the file for a stranger that lies beside the document.
"""

from pecdesk.proof.report.document import make_report
from pecdesk.proof.report.readme import readme
from pecdesk.proof.report.weak_points import points

__all__ = ["make_report", "points", "readme"]
