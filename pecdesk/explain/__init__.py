"""The one place of wording: from domain values to the words, marks and sentences shown.

The same on screen, in the terminal and on paper. English in the code, Italian in the catalogue.
"""

from pecdesk.explain.badge import Badge, Shape, Tone, badge, standing_badge
from pecdesk.explain.language import LANGUAGES, Language, language, preferred

__all__ = ["LANGUAGES", "Badge", "Language", "Shape", "Tone", "badge", "language", "preferred", "standing_badge"]
