"""`mailto:` links: what they ask for, whatever stands in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.mime.mailto import MailtoLink, is_mailto, mailto_link


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("mailto:anna@pec.example", MailtoLink(to=("anna@pec.example",))),
        ("MAILTO:anna@pec.example,bruno@pec.example", MailtoLink(to=("anna@pec.example", "bruno@pec.example"))),
        ("mailto:?to=anna@pec.example&cc=b@x.example", MailtoLink(to=("anna@pec.example",), cc=("b@x.example",))),
        ("mailto:a@x.example?bcc=spia@x.example", MailtoLink(to=("a@x.example",), bcc=("spia@x.example",))),
        (
            "mailto:a@x.example?subject=Ricorso%20n.%203&body=Buongiorno%2C%0D%0Ain%20allegato",
            MailtoLink(to=("a@x.example",), subject="Ricorso n. 3", body="Buongiorno,\nin allegato"),
        ),
        ("mailto:a+b@x.example?subject=1+1", MailtoLink(to=("a+b@x.example",), subject="1+1")),
        ("mailto:a%2Cb@x.example", MailtoLink(to=("a,b@x.example",))),
        ("mailto:?subject=perch%C3%A9#in%20fondo", MailtoLink(subject="perché")),
        ("mailto:?subject=uno&subject=due&From=io@x.example&X-Foo=1", MailtoLink(subject="uno")),
        ("mailto:?in-reply-to=%3C1%40x%3E", MailtoLink(in_reply_to="<1@x>")),
        ("mailto:?subject=a%0D%0ABcc:%20c@x.example%00", MailtoLink(subject="a Bcc: c@x.example\ufffd")),
        ("mailto:", MailtoLink()),
        ("https://x.example", MailtoLink()),
    ],
)
def test_what_a_link_asks_for(link: str, found: MailtoLink) -> None:
    assert mailto_link(link) == found


@given(st.text(max_size=100))
def test_any_link_is_read(text: str) -> None:
    found = mailto_link(f"mailto:{text}")
    assert "\n" not in found.subject
    assert not any("\n" in each for each in (*found.to, *found.cc, *found.bcc))


def test_a_link_is_told_by_its_scheme() -> None:
    assert is_mailto("MailTo:x")
    assert not is_mailto("mailt")
