"""Cleaned HTML as a shallow tree, without the nesting that would cost Qt more than it is worth to a reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

MAX_DEPTH = 100
"""Elements one inside another; those below give up their place to their content."""
MAX_NESTED_TABLES = 3
"""Tables of more than one column one inside another. Qt lays out what a table holds twice, and so takes twice the time
for each level: 14 levels around one paragraph took five seconds."""

MAX_NESTED_QUOTES = 10
"""Quotations one inside another, each a little narrower."""

VOID = frozenset({"br", "hr", "img"})
_TABLE_PARTS = frozenset({"caption", "tbody", "td", "tfoot", "th", "thead", "tr"})
_CELLS = frozenset({"td", "th"})


@dataclass(slots=True)
class Element:
    """One element; its children are elements and texts in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        """The children that are no text."""
        return [child for child in self.children if isinstance(child, Element)]

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


def tree_of(cleaned: str) -> Element:
    """The tree of well-formed HTML, as the cleaner writes it, below one `body`."""
    builder = _Builder()
    builder.feed(cleaned)
    builder.close()
    _calm(builder.root, 0, 0)
    return builder.root


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("body")
        self._open = [self.root]
        self._too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(self._open) >= MAX_DEPTH and tag not in VOID:
            self._too_deep += 1
            return
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._too_deep:
            self._too_deep -= 1
        elif len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def _calm(element: Element, tables: int, quotes: int) -> None:
    """Turn tables of one column, which only frame their content, and what is nested too deeply into blocks."""
    for child in element.elements:
        is_table = child.tag == "table" and tables < MAX_NESTED_TABLES and _columns(child) > 1
        is_quote = child.tag == "blockquote" and quotes < MAX_NESTED_QUOTES
        if child.tag in ("blockquote", "table") and not (is_table or is_quote):
            _dissolve(child)
        _calm(child, tables + is_table, quotes + is_quote)


def _columns(table: Element) -> int:
    most = 0
    for part in table.elements:
        rows = [part] if part.tag == "tr" else [row for row in part.elements if row.tag == "tr"]
        for row in rows:
            most = max(most, sum(cell.tag in _CELLS for cell in row.elements))
    return most


def _dissolve(part: Element) -> None:
    part.tag = "div"
    part.attributes.clear()
    for child in part.elements:
        if child.tag in _TABLE_PARTS:
            _dissolve(child)
