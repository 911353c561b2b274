"""The cleaned tree written as the little HTML a reader is shown, with what it will cost to lay out.

Written from a closed list and nothing copied: a value that is not on it does not come through. No colours, no
backgrounds, no fonts, no sizes, no positions:

- nothing can imitate the seals and panels that the program draws itself, or hide letters in the colour of their ground;
  what was invisible is read, and what is read is what is printed and quoted;
- it stays legible on a dark ground and in the user's own size of letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from pecdesk.mime.html_tree import VOID, Element
from pecdesk.mime.link_target import link_target, names_another_place

STYLES = {
    "font-style": frozenset({"italic", "oblique"}),
    "font-weight": frozenset({"bold", "bolder", "600", "700", "800", "900"}),
    "text-align": frozenset({"center", "justify", "left", "right"}),
    "text-decoration": frozenset({"line-through", "underline"}),
    "white-space": frozenset({"pre-wrap"}),
}
"""Style properties that come through, with all values they may have."""

LONGEST_WORD = 250
"""Letters without a place to break the line; Qt needs the square of that. An invisible one is put into longer words."""
BREAK = "\u200b"
_LARGEST_SIDE = 2000
_LARGEST_SPAN = 50
_LONGEST_ALT = 200

_COST = {"td": 70.0, "th": 70.0, "table": 40.0, "li": 45.0, "a": 30.0, "img": 30.0, "dd": 30.0}
"""Microseconds of layout; measured with Qt 6.12, and rounded up."""
_COST_ELSEWHERE = 15.0
_COST_CHARACTER = 0.6
_COST_FOREIGN = 2.0
_COST_RARE = 6.0
"""More, for each character that is not Latin, or beyond the first 65,536: their letters come from other fonts."""

_ALIGNED = frozenset({"div", "h1", "h2", "h3", "h4", "h5", "h6", "p", "td", "th", "tr"})
_INLINE = frozenset(
    "a abbr b big cite code del dfn em i ins kbd mark nobr q s samp small span strike strong sub sup tt u var".split()  # noqa: SIM905
)
_CELLS = frozenset({"td", "th"})
_BLOCKS = frozenset("article aside div figcaption figure footer header main nav section".split())  # noqa: SIM905
"""All of them are written as `div`: Qt does not know the newer ones."""

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_WORD = re.compile(r"[ \t\n\r\f]+|[^ \t\n\r\f]+")
_NUMBER = re.compile(r"[0-9]{1,4}")
_ESCAPED = re.compile(rb"%([0-9A-Fa-f]{2})")
_STYLE = re.compile(r"([a-z-]+)\s*:\s*([a-z0-9-]+)\s*(?:;|$)", re.IGNORECASE)
_FOREIGN = "\u0590"
"""Here the alphabets begin that are written in other fonts, or not in the Latin way."""
# They would carry an order of letters over from the sender's words to ours.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")

Pictures = Callable[[str], str | None]
"""The name under which a picture of the message is shown, by its Content-ID; None where there is none to be shown."""


class Writer:
    """Writes one tree; `html` and the costs are what came of it. It stops where the budget, in microseconds, ends."""

    def __init__(self, pictures: Pictures, budget: float) -> None:
        self._pictures = pictures
        self._budget = budget
        self._pieces: list[str] = []
        self._word = 0
        """Letters since the line could last be broken."""
        self._is_preformatted = False
        self._tables = 0
        self.cost = 0.0
        """Microseconds of layout, about."""
        self.cost_of_cells = 0.0
        """The share of table cells in it."""

    @property
    def html(self) -> str:
        """What was written so far."""
        return "".join(self._pieces)

    @property
    def is_over(self) -> bool:
        """Whether the layout would cost more than the budget, and the rest was not written."""
        return self.cost > self._budget

    def _write(self, element: Element) -> None:
        if self.is_over:
            return
        match element.tag:
            case "img":
                self._write_picture(element)
            case "a":
                self._write_link(element)
            case tag:
                attributes = _attributes(element)
                if not attributes and (tag == "span" or (tag in _BLOCKS and _only_frames(element))):
                    self.write_content(element)
                else:
                    self._write_element("div" if tag in _BLOCKS else tag, element, attributes)

    def _write_element(self, tag: str, element: Element, attributes: str) -> None:
        self._charge(tag)
        if tag not in _INLINE:
            self._word = 0
        self._pieces.append(f"<{tag}{attributes}>")
        if tag in VOID:
            return
        before = self._is_preformatted
        self._is_preformatted = before or tag == "pre" or "pre-wrap" in attributes
        self._tables += tag == "table"
        self.write_content(element)
        self._tables -= tag == "table"
        self._is_preformatted = before
        self._pieces.append(f"</{tag}>")
        if tag not in _INLINE:
            self._word = 0

    def write_content(self, element: Element) -> None:
        """Write what is in an element, without the element."""
        for child in element.children:
            if isinstance(child, str):
                self._write_text(child)
            else:
                self._write(child)

    def _write_link(self, element: Element) -> None:
        """A link, and behind it where it leads if its words name another place."""
        target = link_target(element.attributes.get("href", ""))
        if target is None:
            self.write_content(element)
            return
        self._write_element("a", element, f' href="{escape(target.url)}"')
        if names_another_place(element.text, target):
            self._write_text(f" [{target.place}]")

    def _write_picture(self, element: Element) -> None:
        """A picture of the message, or the words that stand for one that is not shown."""
        source = element.attributes.get("src", "")
        name = self._pictures(_content_id(source[4:])) if source[:4].lower() == "cid:" else None
        if name is None:
            words = _BLANKS.sub(" ", element.attributes.get("alt", "")).strip()[:_LONGEST_ALT]
            if words:
                self._write_text(f" [{words}] ")
            return
        self._charge("img")
        self._word = 0
        sides = "".join(f' {side}="{value}"' for side in ("width", "height") if (value := _side(element, side)))
        self._pieces.append(f'<img src="cid:{name}"{sides}>')

    def _write_text(self, text: str) -> None:
        text = _DIRECTION.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
        if not self._is_preformatted:
            text = _BLANKS.sub(" ", text)
        self.cost += _cost_of(text) * 2**self._tables
        self._pieces.append(escape(self._breakable(text), quote=False))

    def _breakable(self, text: str) -> str:
        if self._word + len(text) < LONGEST_WORD and " " not in text:
            self._word += len(text)
            return text
        pieces: list[str] = []
        for found in _WORD.finditer(text):
            word = found[0]
            if _BLANKS.match(word):
                self._word = 0
            while self._word + len(word) > LONGEST_WORD:
                room = LONGEST_WORD - self._word
                pieces += (word[:room], BREAK)
                word, self._word = word[room:], 0
            self._word += len(word)
            pieces.append(word)
        return "".join(pieces)

    def _charge(self, tag: str) -> None:
        cost = _COST.get(tag, _COST_ELSEWHERE) * 2 ** max(0, self._tables - 1)
        self.cost += cost
        if tag in _CELLS:
            self.cost_of_cells += cost


def _cost_of(text: str) -> float:
    cost = len(text) * _COST_CHARACTER
    if not text.isascii():
        rare = len(text.encode("utf-16-le", "replace")) // 2 - len(text)
        cost += sum(map(_FOREIGN.__le__, text)) * _COST_FOREIGN + rare * _COST_RARE
    return cost


def _only_frames(element: Element) -> bool:
    """Whether all it holds is one block."""
    inner = [child for child in element.children if isinstance(child, Element) or child.strip()]
    return len(inner) == 1 and isinstance(inner[0], Element) and inner[0].tag not in _INLINE | VOID


def _attributes(element: Element) -> str:
    """The attributes that come through, as they are written."""
    tag, given = element.tag, element.attributes
    kept: list[tuple[str, str]] = []
    if tag == "table":
        kept += [("border", "1")] if given.get("border", "0") not in ("", "0") else []
        kept += [("cellspacing", "0"), ("cellpadding", "4")]
    if tag in _CELLS:
        for name in ("colspan", "rowspan"):
            span = given.get(name, "")
            if _NUMBER.fullmatch(span) and 1 < int(span) <= _LARGEST_SPAN:
                kept.append((name, span))
        if given.get("valign", "").lower() in ("bottom", "middle", "top"):
            kept.append(("valign", given["valign"].lower()))
    if tag in _ALIGNED and given.get("align", "").lower() in STYLES["text-align"]:
        kept.append(("align", given["align"].lower()))
    if tag == "ol":
        kept += [("start", given["start"])] if _NUMBER.fullmatch(given.get("start", "")) else []
        kept += [("type", given["type"])] if given.get("type", "") in ("1", "a", "A", "i", "I") else []
    style = ";".join(
        f"{name}:{value}"
        for name, value in _STYLE.findall(given.get("style", "").lower())
        if value in STYLES.get(name, ())
    )
    if style:
        kept.append(("style", style))
    return "".join(f' {name}="{value}"' for name, value in kept)


def _content_id(written: str) -> str:
    """What a `cid:` reference names (RFC 2392 §2)."""
    octets = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), written.encode("utf-8", "replace"))
    return octets.decode("utf-8", "replace").strip().removeprefix("<").removesuffix(">")


def _side(element: Element, name: str) -> str | None:
    value = element.attributes.get(name, "").removesuffix("px")
    return value if _NUMBER.fullmatch(value) and 0 < int(value) <= _LARGEST_SIDE else None
