"""Where a link really leads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.mime import Target, link_target
from pecdesk.mime.link_target import MAX_TARGET, names_another_place


@pytest.mark.parametrize(
    ("href", "url", "place"),
    [
        ("https://www.x.example/a?b=1#c", "https://www.x.example/a?b=1#c", "www.x.example"),
        ("HTTP://X.Example", "http://x.example", "x.example"),
        (" \n https://x.example/a\tb\n", "https://x.example/ab", "x.example"),
        ("https://x.example:8080/", "https://x.example:8080/", "x.example:8080"),
        ("http://[2001:db8::1]/", "http://[2001:db8::1]/", "[2001:db8::1]"),
        ("https://x.example/è <b>'", "https://x.example/%C3%A8%20%3Cb%3E'", "x.example"),
        ("https://x.example?a@b", "https://x.example?a@b", "x.example"),
        ("https://pagа.example/", "https://xn--pag-8cd.example/", "xn--pag-8cd.example"),
        ("mailto:a.b@x.example", "mailto:a.b@x.example", "a.b@x.example"),
        ("MAILTO:a@x.example?subject=è", "mailto:a@x.example?subject=%C3%A8", "a@x.example"),
    ],
)
def test_links_to_the_web_and_to_addresses_are_written_in_plain_letters(href: str, url: str, place: str) -> None:
    assert link_target(href) == Target(url, place)


@pytest.mark.parametrize(
    "href",
    [
        "",
        "x.example",
        "//x.example/",
        "/a",
        "#a",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "cid:x",
        "ftp://x.example/",
        "tel:1",
        "https:x.example",
        "https:/x.example",
        "https:\\\\x.example",
        "https://bank.example@evil.example/",
        "https://bank.example\\@evil.example/",
        "https://x.exa mple/",
        "https://x%2eexample/",
        "https:///a",
        "https://-x/",
        "https://x.example:99999999/",
        "https://" + "a" * 300 + ".example/",
        "https://" + "è" * 100 + ".example/",
        "https://x.example/" + "a" * MAX_TARGET,
        "mailto:",
        "mailto:nobody",
    ],
)
def test_everything_else_is_no_link(href: str) -> None:
    assert link_target(href) is None


@given(st.text(max_size=80))
def test_no_target_holds_anything_but_plain_letters(text: str) -> None:
    for href in (text, f"https://{text}", f"https://x.example/{text}", f"mailto:a@{text}"):
        target = link_target(href)
        if target is not None:
            assert all("!" <= char <= "~" and char not in '<>"\\' for char in target.url)
            assert link_target(target.url) == target


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("www.bank.example", "https://evil.example/"),
        ("https://bank.example/conto", "https://evil.example/bank.example"),
        ("bank.example", "https://bank.example.evil.example/"),
        ("bank.example", "https://notbank.example/"),
        (" \n bank.example ", "https://evil.example/"),
        ("банк.example", "https://evil.example/"),
        ("info@bank.example", "https://bank.example/"),
        ("info@bank.example", "mailto:info@evil.example"),
        ("bank.example", "mailto:info@evil.example"),
        ("http://bank.example:80", "http://evil.example:80/"),
    ],
)
def test_words_that_name_another_place_are_noticed(words: str, url: str) -> None:
    target = link_target(url)
    assert target is not None
    assert names_another_place(words, target)


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("www.bank.example", "https://bank.example/"),
        ("bank.example", "https://www.bank.example/"),
        ("bank.example", "https://conto.bank.example/"),
        ("HTTPS://BANK.EXAMPLE", "http://bank.example:8080/a"),
        ("clicca qui", "https://evil.example/"),
        ("", "https://evil.example/"),
        ("art. 3.2", "https://evil.example/"),
        ("1.2", "https://evil.example/"),
        ("Info@Bank.example", "mailto:info@bank.example"),
        ("bank.example", "mailto:info@bank.example"),
        ("pagа.example", "https://pagа.example/"),
    ],
)
def test_words_that_name_the_place_or_none_are_not(words: str, url: str) -> None:
    target = link_target(url)
    assert target is not None
    assert not names_another_place(words, target)
