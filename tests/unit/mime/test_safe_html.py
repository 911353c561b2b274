"""Foreign HTML made safe to show."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.mime import BREAK, Refusal, SafeHtml, safe_html
from pecdesk.mime.html_tree import MAX_DEPTH, MAX_NESTED_QUOTES, MAX_NESTED_TABLES, tree_of
from pecdesk.mime.html_writer import LONGEST_WORD, STYLES
from pecdesk.mime.safe_html import MAX_OPEN, MAX_REFERENCES, MAX_SOURCE, MAX_TAGS
from tests.kit.hostile_html import documents

PICTURES = {"logo@x": "1", "foto": "2"}.get


def clean(source: str, *, is_html: bool = True) -> SafeHtml:
    return safe_html([(source, is_html)], PICTURES)


def shown(source: str) -> str:
    """The cleaned HTML without blanks between tags."""
    html = clean(source).html
    assert html is not None
    return re.sub(r">\s+<", "><", html).strip()


# --- what comes through ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "<p>uno</p><p>due</p>",
        "<b>a</b>, <i>b</i><u>c</u><s>d</s><sub>e</sub><sup>f</sup><code>g</code>",
        "<h1>a</h1><h2>b</h2><blockquote>c</blockquote><pre>d\n  e</pre>",
        "<ul><li>a</li><li>b</li></ul>",
        '<ol start="3" type="a"><li>a</li></ol>',
        "a<br>b<hr>c",
        '<p align="right">a</p>',
        '<a href="https://x.example/a?b=1&amp;c=2#d">a</a>',
        '<a href="mailto:a@x.example">a</a>',
        '<span style="font-weight:bold;font-style:italic">a</span>',
        '<div style="text-align:center">a</div>',
        "2 &lt; 3 &amp; 4",
        "perché no: €",
    ],
)
def test_what_a_letter_needs_comes_through_as_it_is(source: str) -> None:
    assert shown(source) == source


def test_a_table_of_several_columns_stays_a_table() -> None:
    source = '<table border="1" width="600"><tr><th>A<th colspan="2">B<tr><td valign="top">1<td rowspan=3>2</table>'
    assert shown(source) == (
        '<table border="1" cellspacing="0" cellpadding="4"><tbody><tr><th>A</th><th colspan="2">B</th></tr>'
        '<tr><td valign="top">1</td><td rowspan="3">2</td></tr></tbody></table>'
    )


def test_what_was_left_open_is_closed() -> None:
    assert shown("<ul><li>a<li><b>b</ul>c") == "<ul><li>a</li><li><b>b</b></li></ul><b>c</b>"


def test_newer_blocks_are_written_as_what_qt_knows() -> None:
    assert shown("<section><p>a</p><p>b</p></section>x") == "<div><p>a</p><p>b</p></div>x"


def test_blocks_that_only_frame_another_are_left_out() -> None:
    assert shown("<div><div>\n<div><p>a</p></div> </div></div>x") == "<p>a</p> x"


# --- what does not ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("<script>alert(1)</script>a", "a"),
        ("<style>p{color:red}</style>a", "a"),
        ("<title>b</title>a", "a"),
        ("<!-- b --><!--[if mso]><p>b</p><![endif]-->a", "a"),
        ("<form action=x><input value=b><button>a</button></form>", "a"),
        ("<p onclick=x() id=b class=c title=d>a</p>", "<p>a</p>"),
        ("<p style='color:white;background:red;font-size:0;display:none;position:fixed'>a</p>", "<p>a</p>"),
        ("<p style='font-weight:expression(x);text-align:url(x)'>a</p>", "<p>a</p>"),
        ("<font color=green size=7 face=x>a</font>", "a"),
        ("<body bgcolor=green text=white><table bgcolor=green><tr><td bgcolor=green>a</table>", "<div>a</div>"),
        ("<a name=x>a</a><a href='#x'>b</a><a href='/x'>c</a>", "abc"),
        ("<a href='javascript:x'>a</a><a href='file:///x'>b</a><a href='data:,x'>c</a>", "abc"),
        ("<object data=x>a</object><embed src=x><iframe src=x></iframe>", "a"),
        ("<svg><image href='http://x.example/'/><text>a</text></svg>", "a"),
        ("<base href='http://x.example/'><meta http-equiv=refresh content='0'>a", "a"),
        ("<ol type=x start=-1><li>a</ol>", "<ol><li>a</li></ol>"),
        ("a<p", "a"),
    ],
)  # fmt: skip
def test_what_could_act_hide_or_imitate_is_left_out(source: str, left: str) -> None:
    assert shown(source) == left


def test_no_attribute_of_a_hostile_document_survives_but_links_and_own_pictures(tmp_path: Path) -> None:
    for document in documents("http://127.0.0.1:1", tmp_path)[::3]:
        found = _Attributes(clean(document).html or "")
        for tag, name, value in found.all:
            if name == "href":
                assert tag == "a"
                assert re.match(r"(?:https?://|mailto:)[!-~]+\Z", value)
            elif name == "src":
                assert (tag, value) in {("img", "cid:1"), ("img", "cid:2")}
            elif name == "style":
                assert all(part.split(":")[1] in STYLES[part.split(":")[0]] for part in value.split(";"))
            else:
                assert name in {"align", "border", "cellpadding", "cellspacing", "width", "height", "start", "type"}
                assert re.fullmatch(r"\w+", value)


class _Attributes(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all += [(tag, name, value or "") for name, value in attrs]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([
    "<b>", "</b>", "<p a='", "'", '"', ">", "<", "<table>", "<tr>", "<td>", "</table>", "<img src=", "cid:logo@x",
    "http://x.example/", " ", "<!--", "-->", "<script>", "</script>", "&#60;", "&lt;", "script", "<a href=", "\x00",
    "\ud800", "\u202e", "x", "<style>", "<svg>", "<![CDATA[", "]]>", "=", "/", "\\", "<textarea>", "</p>",
])))  # fmt: skip
def test_whatever_comes_only_known_tags_leave(pieces: list[str]) -> None:
    html = clean("".join(pieces)).html or ""
    html.encode()
    tags = set(re.findall(r"<(/?[a-z0-9]+)[^<>]*>", html))
    assert {tag.lstrip("/") for tag in tags} <= {
        "a", "b", "br", "div", "img", "p", "table", "tbody", "td", "tr",
    }  # fmt: skip
    assert re.sub(r"<[^<>]*>", "", html).count("<") == 0


# --- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["cid:logo@x", "CID:logo%40x", "cid:<logo@x>", "cid:%6Cogo@x"])
def test_a_picture_of_the_message_is_shown_under_a_name_of_ours(source: str) -> None:
    html = shown(f'<img src="{source}" width="100" height="50px" alt="b">')
    assert html == '<img src="cid:1" width="100" height="50">'


@pytest.mark.parametrize("size", ["0", "-1", "100%", "99999", "1e3", "3000", "x", "١"])
def test_absurd_sizes_of_pictures_are_left_out(size: str) -> None:
    assert shown(f'<img src="cid:foto" width="{size}">') == '<img src="cid:2">'


@pytest.mark.parametrize("source", ["http://x.example/a.png", "cid:unknown", "data:image/png;base64,AA", "logo@x", ""])
def test_for_a_picture_that_is_not_shown_its_words_stand(source: str) -> None:
    assert shown(f'<img src="{source}" alt=" Logo \n della ditta ">') == "[Logo della ditta]"
    assert shown(f'a<img src="{source}">') == "a"


# --- links -----------------------------------------------------------------------------------------------------------


def test_a_link_whose_words_name_another_place_tells_where_it_leads() -> None:
    assert shown('<a href="https://evil.example/x">www.bank.example</a>') == (
        '<a href="https://evil.example/x">www.bank.example</a> [evil.example]'
    )


def test_a_link_that_names_its_own_place_or_none_stands_alone() -> None:
    for words in ("www.bank.example", "https://bank.example/conto", "clicca qui", "bank.example"):
        source = f'<a href="https://www.bank.example/a">{words}</a>'
        assert shown(source) == source


# --- references to the network ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("<img src=http://x.example/a.png><img src='HTTPS://x.example/b.png'>", 2),
        ("<img src='//x.example/a'><img src='\\\\x.example\\a'><img src='ht\ttp://x.example'>", 3),
        ("<img src='&#104;ttp://x.example/'>", 1),
        ("<img srcset='//x.example/a 2x, //x.example/b 1x'>", 1),
        ("<body background=http://x.example/a><table background='http://x.example/a'>", 2),
        ("<p style='background:url(http://x.example/a)'>", 1),
        ("<style>@import '//x.example/a'; p{background:url( \"http://x.example/b\" )} q{color:red}</style>", 2),
        ("<link rel=stylesheet href=http://x.example/a.css><video poster=//x.example/a src=//x.example/b>", 3),
        ("<meta http-equiv=refresh content='0;url=http://x.example/'>", 1),
        ("<!-- <img src=http://x.example/a> -->", 0),
        ("<html xmlns='http://www.w3.org/1999/xhtml'><a href=http://x.example/>a</a>", 0),
        ("<form action=http://x.example/></form><img src=cid:logo@x alt=http://x.example/>", 0),
        ("<img src=a/b.png><meta content='text/html; charset=utf-8'>", 0),
    ],
)
def test_references_to_the_network_are_counted(source: str, number: int) -> None:
    assert clean(source).remote == number


# --- plain bodies ----------------------------------------------------------------------------------------------------


def test_a_plain_body_among_html_keeps_its_lines_and_its_signs() -> None:
    found = safe_html([("<p>a</p>", True), ("x <b>\n> y & z", False)], PICTURES)
    assert found.html == '<p>a</p><div style="white-space:pre-wrap">x &lt;b&gt;\n&gt; y &amp; z</div>'


def test_a_body_that_leaves_everything_open_does_not_take_in_the_next() -> None:
    found = safe_html([("<blockquote><b><!-- ", True), ("a", False)], PICTURES)
    assert (found.html or "").endswith('<div style="white-space:pre-wrap">a</div>')


# --- letters ---------------------------------------------------------------------------------------------------------


def test_words_without_end_are_given_places_to_break() -> None:
    text = "a" * 3 * LONGEST_WORD
    assert max(map(len, shown(f"<p>x {text} y</p>").removesuffix("</p>").replace(BREAK, " ").split())) <= LONGEST_WORD
    assert shown(text).replace(BREAK, "") == text


def test_words_put_together_from_many_pieces_are_broken_too() -> None:
    html = shown("<i>aaa</i><b>bbb</b>" * LONGEST_WORD)
    letters = re.sub(r"<[^>]*>", "", html)
    assert max(map(len, letters.split(BREAK))) <= LONGEST_WORD


def test_blanks_that_do_not_break_a_line_are_letters() -> None:
    assert BREAK in shown("&nbsp;" * (LONGEST_WORD + 1))


def test_ordinary_words_are_left_alone() -> None:
    text = "parole corte e una lunga precipitevolissimevolmente " * 50
    assert shown(text) == text.strip()


def test_signs_that_turn_the_direction_are_written_out() -> None:
    assert shown("<p>a\u202eb\u2066c</p>") == "<p>a[U+202E]b[U+2066]c</p>"


def test_control_characters_are_seen_instead_of_obeyed() -> None:
    assert shown("a\x00b\x1bc") == "a\ufffdb\ufffdc"


# --- nesting and budgets ---------------------------------------------------------------------------------------------


def test_tables_of_one_column_become_blocks() -> None:
    assert "table" not in shown(
        "<table><tr><td><table><tr><td>a</td></tr><tr><td>b</td></tr></table></td></tr></table>"
    )


def test_tables_are_nested_only_so_deep_and_keep_their_text() -> None:
    html = shown("<table><tr><td>a<td>" * 20 + "ende")
    assert html.count("<table") == MAX_NESTED_TABLES
    assert "ende" in html
    assert html.count("a") > 20


def test_quotations_are_nested_only_so_deep() -> None:
    assert shown("<blockquote>a" * 50).count("<blockquote") == MAX_NESTED_QUOTES


def test_the_tree_is_only_so_deep_and_keeps_its_text() -> None:
    root = tree_of("<b>" * 3000 + "a" + "</b>" * 3000 + "<i>b</i>")
    depth, element = 0, root
    while element.elements:
        depth, element = depth + 1, element.elements[0]
    assert depth < MAX_DEPTH
    assert root.text == "ab"
    assert root.elements[-1].tag == "i"


@pytest.mark.parametrize(
    ("source", "refusal"),
    [
        ("a " * (MAX_SOURCE // 2 + 1), Refusal.SIZE),
        ("<br>" * (MAX_TAGS + 1), Refusal.SIZE),
        ("<div>" * (MAX_OPEN + 1), Refusal.SIZE),
        ("&amp;" * (MAX_REFERENCES + 1), Refusal.SIZE),
        ("parole " * 40_000, Refusal.SIZE),
        ("<p>a</p>" * 5_000, Refusal.SIZE),
        ("<table>" + "<tr><td>a<td>b" * 600 + "</table>", Refusal.CELLS),
        ("<table>" + "<tr>" + "<td>a" * 1_200 + "</table>", Refusal.CELLS),
    ],
)
def test_what_would_make_the_window_wait_is_refused(source: str, refusal: Refusal) -> None:
    found = clean(source)
    assert (found.html, found.refused) == (None, refusal)


@pytest.mark.parametrize(
    "source",
    [
        "<p>parole di una lettera lunga, che nessuno vorrebbe vedere rifiutata. </p>" * 600,
        "<table>" + "<tr><td>voce<td>importo<td>totale<td>note" * 100 + "</table>",
        "<p class=MsoNormal><span style='font-size:11pt'>riga<o:p></o:p></span></p>" * 1000,
        "<!--" + "<w:LsdException>" * 30_000 + "-->" + "<p>a</p>",
        "<style>" + "p.c {color: red}\n" * 20_000 + "</style><p>a</p>",
    ],
)
def test_what_people_write_is_shown(source: str) -> None:
    assert clean(source).html is not None


HOSTILE = {
    "nested": "<div>" * 200_000,
    "tables": "<table><tr><td>" * 60_000,
    "formats": "".join(f"<p><font color=#{n:06}><b x={n}>" for n in range(25_000)),
    "attributes": "<p " + " ".join(f"a{n}=b" for n in range(90_000)) + ">",
    "references": "&" * 900_000,
    "tags that do not end": "<p a='" * 150_000,
    "comments that do not end": "<!--" * 200_000,
    "brackets": "<" * 900_000,
    "ends": "</p>" * 200_000,
    "links": "".join(f"<a href=http://x.example/{n}>" for n in range(20_000)),
    "quotes": "\"'" * 400_000 + "<p " + "='\"" * 100_000,
    "one word": "a" * 900_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_costs_little_more_than_honest_input(name: str) -> None:
    """Processor time, so that a busy machine does not matter; what is not linear here takes minutes."""
    begun = time.process_time()
    clean(HOSTILE[name])
    assert time.process_time() - begun < 3
