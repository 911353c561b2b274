"""HTML reduced to text: no links, no layout, no styles; what a reader can read, in order."""

from __future__ import annotations

import html
import re

# Scripts and styles are no text; a title repeats the subject.
_SKIPPED = frozenset({"script", "style", "title"})
_LINES = (
    "address", "article", "aside", "caption", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form",
    "header", "hr", "li", "main", "nav", "option", "pre", "section", "tbody", "tfoot", "thead", "tr",
)  # fmt: skip
_PARAGRAPHS = ("blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "table", "ul")
_LINE_ENDS = dict.fromkeys(_LINES, 1) | dict.fromkeys(_PARAGRAPHS, 2)
"""Line ends around a block: one begins a line, two set a paragraph apart."""
_CELLS = frozenset({"td", "th"})

_LETTER = re.compile("[A-Za-z]")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
# A quotation mark opens a quoted value only behind "="; without a partner it is an ordinary character. The search for
# the partner runs to the end of the text once for each kind of mark at most, so that the scan stays linear.
TAG = re.compile(r"</?([A-Za-z][^\s/>]*+)(?>(?:[^=>]++|=\s*+(?>(?:\"[^\"]*+\"|'[^']*+')?))*)>")
_SKIPPED_END = {name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE) for name in _SKIPPED}
_EMPTY_LINES = re.compile(r"\n{3,}")
# html.unescape() calls int(), which refuses thousands of digits; no character has more than seven.
_ABSURD_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")


def text_of_html(source: str) -> str:
    """The text of an HTML document or fragment; linear in its size, never raises.

    Blocks become lines, table cells are set apart by blanks, comments, scripts and styles are dropped, a tag that never
    ends ends the text. Character references are resolved after the tags are gone, so that none can make a tag.
    """
    source = _BLANKS.sub(" ", source)
    pieces: list[str] = []
    line_ends = 2  # at the end of what was collected; none are wanted at the beginning
    position = 0
    while (bracket := source.find("<", position)) >= 0:
        between = source[position:bracket]
        pieces.append(between)
        if between and between != " ":
            line_ends = 0
        tag = TAG.match(source, bracket)
        if tag is not None:
            position = tag.end()
            name = tag[1].lower()
            wanted = line_ends + 1 if name == "br" else _LINE_ENDS.get(name, 0)
            if wanted > line_ends:
                pieces.append("\n" * (wanted - line_ends))
                line_ends = wanted
            elif name in _CELLS:
                pieces.append(" ")
            elif name in _SKIPPED and source[bracket + 1] != "/":
                end = _SKIPPED_END[name].search(source, position)
                position = end.start() if end else len(source)
        elif source.startswith("<!--", bracket):
            position = behind("-->", source, bracket + 2)
        elif source.startswith(("<!", "<?", "</"), bracket):
            position = behind(">", source, bracket)
        elif _LETTER.match(source, bracket + 1):
            position = len(source)
        else:
            pieces.append("<")
            line_ends = 0
            position = bracket + 1
    pieces.append(source[position:])
    text = html.unescape(_ABSURD_REFERENCE.sub("\ufffd", "".join(pieces))).replace("\xa0", " ")
    return _EMPTY_LINES.sub("\n\n", "\n".join([line.strip(" ") for line in text.split("\n")])).strip("\n")


def behind(mark: str, source: str, start: int) -> int:
    """The position behind the next `mark`, or the end of the source."""
    found = source.find(mark, start)
    return found + len(mark) if found >= 0 else len(source)
