"""What a cleaner never writes and an archive rarely holds: read all the same, without an exception."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from pecdesk.mime import parse
from pecdesk.mime.bodies import bodies
from pecdesk.mime.html_tree import tree_of
from pecdesk.mime.safe_html import Refusal, safe_html
from pecdesk.mime.zip_contents import MAX_ENTRIES, names_in_zip


@pytest.mark.parametrize("source", ["</p>", "</br>", "</p></p>a", "<br></br>"])
def test_end_tags_of_nothing_end_nothing(source: str) -> None:
    children = tree_of(source).children
    assert [child if isinstance(child, str) else child.tag for child in children] == (
        ["a"] if source.endswith("a") else ["br"] if source.startswith("<br") else []
    )


def test_html_that_grows_when_it_is_cleaned_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(safe_html.__globals__, "MAX_CLEANED", 30)
    assert safe_html([("<b>breve</b>", True)], lambda _: None).html == "<b>breve</b>"
    refused = safe_html([("<b>" + "x" * 40 + "</b>", True)], lambda _: None)
    assert (refused.html, refused.refused) == (None, Refusal.SIZE)


def archive(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name in names:
            file.writestr(name, b"x")
    return stream.getvalue()


def with_end(content: bytes, **changes: int) -> bytes:
    """The archive with other words in its end: disk, here, entries, size, start."""
    fields = dict(
        zip(("disk", "first", "here", "entries", "size", "start"), struct.unpack("<4H2L", content[-18:-2]), strict=True)
    )
    fields |= changes
    return content[:-18] + struct.pack("<4H2L", *fields.values()) + content[-2:]


def test_a_table_of_contents_that_is_not_what_its_end_says_is_refused() -> None:
    whole = archive("a.txt", "b.txt")
    assert names_in_zip(with_end(whole)) == names_in_zip(whole) == ("a.txt", "b.txt")
    for changes in (
        {"here": 3, "entries": 3},
        {"here": 1, "entries": 1},
        {"here": 1},
        {"here": MAX_ENTRIES + 1, "entries": MAX_ENTRIES + 1},
        {"disk": 1},
        {"start": 0},
    ):
        assert names_in_zip(with_end(whole, **changes)) is None


def test_an_entry_without_its_mark_is_refused() -> None:
    whole = archive("a.txt")
    assert names_in_zip(whole.replace(b"PK\x01\x02", b"PK\x01\x03")) is None


def test_alternatives_that_are_all_empty_are_no_body() -> None:
    raw = b"Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\nContent-Type: text/html\n\n\n--b--\n"
    assert bodies(raw, parse(raw)) == ()
