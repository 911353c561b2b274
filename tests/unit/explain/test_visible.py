from __future__ import annotations

import pytest

from pecdesk.explain.visible import visible, visible_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Diffida ad adempiere – n. 88", "Diffida ad adempiere – n. 88"),
        ("fattura\u202efdp.exe", "fattura[U+202E]fdp.exe"),
        ("riga\r\naltra", "riga[U+000D][U+000A]altra"),
        ("\u2705 PEC certificata", "[U+2705] PEC certificata"),
        ("\U0001f7e2 Consegnato", "[U+1F7E2] Consegnato"),
        ("auguri \U0001f382", "auguri \U0001f382"),
        ("città di Málaga", "città di Málaga"),
    ],
)
def test_a_field_out_of_mail_cannot_paint(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_the_text_of_a_message_keeps_its_lines_and_its_ticks() -> None:
    assert visible_lines("uno\tdue\n\u2705 tre\u202e") == "uno\tdue\n\u2705 tre[U+202E]"
