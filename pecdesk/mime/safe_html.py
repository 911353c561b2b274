"""Foreign HTML made safe to show: `nh3` cleans it, and what is left is written again from a closed list.

Nothing that comes out of here can reach the network or a file, run, or send anything: no `src` but that of a picture
in the message itself, links to http, https and mailto only. Beyond a size or a number of table cells it is refused,
and the plain text is shown: Qt lays a document out in one go, and the window must not stand still for it. Limits come
first, so that hostile input costs little more than an honest page of its size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from html import escape, unescape

import nh3

from pecdesk.mime.charset import without_controls
from pecdesk.mime.html_text import TAG, behind
from pecdesk.mime.html_tree import VOID, tree_of
from pecdesk.mime.html_writer import STYLES, Pictures, Writer

MAX_SOURCE = 1024 * 1024
"""Characters of HTML that are looked at."""
MAX_TAGS = 20_000
"""Tags that begin or end an element."""
MAX_OPEN = 2_000
"""Elements begun and not ended by a tag of their own; the HTML5 rules of nesting take the square of them."""
MAX_REFERENCES = 50_000
"""Ampersands, and less-than signs that begin no tag; the cleaner takes the square of them."""
MAX_CLEANED = 4 * MAX_SOURCE
"""Characters after cleaning: closing what a mail left open can make it longer."""
MAX_TAG = 64 * 1024
"""Characters of one tag; a longer one loses its attributes, which are compared each with each."""

LAYOUT_BUDGET = 50_000.0
"""Microseconds that Qt may need to lay it out."""

_FORMATS = frozenset("b big code em i nobr s small strike strong tt u".split())  # noqa: SIM905
"""Elements that HTML5 opens again in every paragraph while they are not closed; without attributes no more than three
of each, with them without end."""
_TAGS = _FORMATS | {
    "a", "abbr", "address", "article", "aside", "blockquote", "br", "caption", "center", "cite", "dd", "del", "dfn",
    "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "img",
    "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "samp", "section", "span", "sub", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "var",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"align", "style"},
    "a": {"href"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start", "type"},
    "table": {"border"},
    "td": {"colspan", "rowspan", "valign"},
    "th": {"colspan", "rowspan", "valign"},
}
_SCHEMES = {"cid", "http", "https", "mailto"}
_WITHOUT_CONTENT = frozenset({"script", "style", "title"})
_LETTER = re.compile("[A-Za-z]")
_END_OF = {name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE) for name in _WITHOUT_CONTENT}

# What a browser would load by itself when it shows the page; where a link leads is not among them.
_LOADING = frozenset({
    "archive", "background", "classid", "code", "codebase", "content", "data", "dynsrc", "href", "icon", "imagesrcset",
    "longdesc", "lowsrc", "manifest", "poster", "profile", "src", "srcdoc", "srcset", "style", "xlink:href",
})  # fmt: skip
_LINKS = frozenset({"a", "area", "form"})
_ATTRIBUTE = re.compile(r"([^\s\"'=<>/]+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>][^\s>]*)")
_IGNORED = re.compile(r"[\x00-\x20\\]")
_NETWORK = re.compile(r"(?:https?|ftp|wss?):|(?:^|[('\",;=])//", re.IGNORECASE)
_IN_STYLE = re.compile(r"url\(|@import", re.IGNORECASE)


class Refusal(StrEnum):
    """Why HTML is not shown."""

    SIZE = "size"
    """There is too much of it."""
    CELLS = "cells"
    """Its tables have too many cells."""
    LIMIT = "limit"
    """Reading the message took more time or memory than a message may."""


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """What came of cleaning."""

    html: str | None
    """A fragment to show; None when it was refused."""
    refused: Refusal | None
    remote: int
    """References to the network that were left out."""


def safe_html(bodies: Iterable[tuple[str, bool]], pictures: Pictures) -> SafeHtml:
    """One safe fragment made of bodies in order, each a text and whether that is HTML.

    `pictures` is asked for each reference to a picture of the message. Never raises.
    """
    calmed = [_Calmed(source) if is_html else _Calmed(_as_html(source)) for source, is_html in bodies]
    remote = sum(body.remote for body in calmed)
    if (
        any(body.is_too_deep for body in calmed)
        or sum(body.length for body in calmed) > MAX_SOURCE
        or sum(body.tags for body in calmed) > MAX_TAGS
        or sum(body.references for body in calmed) > MAX_REFERENCES
    ):
        return SafeHtml(None, Refusal.SIZE, remote)
    cleaned = "".join(map(_cleaned, (body.html for body in calmed)))
    if len(cleaned) > MAX_CLEANED:
        return SafeHtml(None, Refusal.SIZE, remote)
    writer = Writer(pictures, LAYOUT_BUDGET)
    writer.write_content(tree_of(cleaned))
    if writer.is_over:
        refusal = Refusal.CELLS if writer.cost_of_cells > writer.cost / 2 else Refusal.SIZE
        return SafeHtml(None, refusal, remote)
    return SafeHtml(writer.html, None, remote)


def _cleaned(source: str) -> str:
    return nh3.clean(
        source,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_only_own_pictures,
        url_schemes=_SCHEMES,
        url_relative="deny",
        filter_style_properties=set(STYLES),
        link_rel=None,
    )


def _only_own_pictures(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if value[:4].lower() == "cid:" else None
    return value


def _as_html(text: str) -> str:
    return f'<div style="white-space:pre-wrap">{escape(text, quote=False)}</div>'


class _Calmed:
    """HTML without what costs a parser most, and what was seen on the way.

    Comments, scripts, styles and tags that are not shown anyway are gone, and bold, italic and their like have no
    attributes. Nothing here makes it safe; it is merely less to clean. Linear in the size.
    """

    def __init__(self, source: str) -> None:
        self.length = len(source)
        self.tags = 0
        self._open: Counter[str] = Counter()
        self.remote = 0
        self.references = source.count("&", 0, MAX_SOURCE)
        self.html = self._calm(without_controls(source[:MAX_SOURCE]))

    @property
    def is_too_deep(self) -> bool:
        """Whether too many elements may lie one in another."""
        return self._open.total() > MAX_OPEN

    @property
    def _is_too_much(self) -> bool:
        return self.tags > MAX_TAGS or self.references > MAX_REFERENCES

    def _calm(self, source: str) -> str:
        pieces: list[str] = []
        position = 0
        while (bracket := source.find("<", position)) >= 0 and not self._is_too_much:
            pieces.append(source[position:bracket])
            tag = TAG.match(source, bracket)
            if tag is not None:
                position = tag.end()
                name = tag[1].lower()
                pieces.append(self._calm_tag(tag[0], name))
                if name in _WITHOUT_CONTENT and source[bracket + 1] != "/":
                    end = _END_OF[name].search(source, position)
                    stop = end.start() if end else len(source)
                    if name == "style":
                        self._count_in_style(source[position:stop])
                    position = stop
            elif source.startswith("<!--", bracket):
                position = behind("-->", source, bracket + 2)
            elif source.startswith(("<!", "<?", "</"), bracket):
                position = behind(">", source, bracket)
            elif _LETTER.match(source, bracket + 1):
                position = len(source)
            else:
                pieces.append("&lt;")
                self.references += 1
                position = bracket + 1
        pieces.append(source[position:])
        return "".join(pieces)

    def _calm_tag(self, tag: str, name: str) -> str:
        self._count(tag, name)
        if name not in _TAGS:
            return ""
        self.tags += 1
        if tag.startswith("</"):
            if self._open[name]:
                self._open[name] -= 1
            return f"</{name}>"
        if name not in VOID:
            self._open[name] += 1
        return f"<{name}>" if name in _FORMATS or len(tag) > MAX_TAG else tag

    def _count(self, tag: str, name: str) -> None:
        """Count the attributes that a browser would have followed."""
        if name in _LINKS or "=" not in tag:
            return
        for attribute, value in _ATTRIBUTE.findall(tag):
            if attribute.lower() in _LOADING:
                self.remote += _points_to_network(value.strip("\"'"))

    def _count_in_style(self, style: str) -> None:
        for found in _IN_STYLE.finditer(style):
            self.remote += _points_to_network(style[found.end() : found.end() + 40].lstrip("\"' ("))


def _points_to_network(value: str) -> bool:
    value = unescape(value[:MAX_TAG])
    return _NETWORK.search(_IGNORED.sub(lambda sign: "/" if sign[0] == "\\" else "", value)) is not None
