"""What stands in the place of an empty list: what will appear there, and how."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from pecdesk.store import Group
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.emptiness import Ways, show_emptiness
from pecdesk.ui.mailbox.place import Place
from pecdesk.ui.style.panels import View
from tests.ui.account_kit import ARUBA, AccountApp, keep


class Said:
    """Stands for the place of the list, and remembers what it was to say."""

    text = ""

    def show_message(self, _icon: str, _title: str, text: str, _ways: object = ()) -> None:
        self.text = text


def said_of(desk: Desk, place: Place) -> str:
    said = Said()
    ways = Ways(lambda: None, lambda: None, lambda: None)
    show_emptiness(cast(View, said), desk, place, "", archive_is_empty=False, ways=ways)
    return said.text


WITH_MAIL = (Group.ALL, Group.RECEIVED, Group.SENT)


@pytest.mark.parametrize("group", WITH_MAIL)
def test_where_a_mailbox_is_set_up_its_mail_comes_by_itself(
    open_desk: Callable[..., Desk], tmp_path: Path, group: Group
) -> None:
    keep(tmp_path / "profile", ARUBA)
    desk = open_desk(tmp_path / "profile", "en", AccountApp)

    for place in (Place(group), Place(group, ARUBA.key)):
        assert "by itself" in said_of(desk, place)
        assert "import" not in said_of(desk, place)
    assert "imported" in said_of(desk, Place(group, "altro@pec.example"))


@pytest.mark.parametrize("group", WITH_MAIL)
def test_without_a_mailbox_mail_is_imported(empty_desk: Desk, group: Group) -> None:
    empty_desk.speak("en")

    assert "imported" in said_of(empty_desk, Place(group))
