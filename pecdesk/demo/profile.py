"""The demo as a profile: the office written as `.eml` files and brought in through the ordinary import."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import platformdirs

from pecdesk.app import App
from pecdesk.demo.keys import KeyRing
from pecdesk.demo.office import office, write
from pecdesk.errors import N_, UsageError
from pecdesk.pec.transmission import State
from pecdesk.profile import Profile
from pecdesk.store import Filter, Group, Row
from pecdesk.store.disk import write_file

Progress = Callable[[int, int | None], None]

UNREAD = 4
"""So many of the newest received messages nobody has read yet."""


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo profile, ready."""

    app: App
    now: datetime
    """The moment the office was made up for."""
    folder: Path
    """`mail/<account>/inbox|sent/*.eml` and `trust/demo.toml`, as imported."""
    accounts: tuple[str, ...]

    @property
    def policy(self) -> Path:
        """The trust policy of the made-up authority."""
        return self.folder / "trust" / "demo.toml"

    def showcase(self) -> Row:
        """A transmission that shows most: several recipients with different fates."""
        rows = self.app.rows(Filter(state=State.PARTLY_DELIVERED, limit=0), self.now)
        return max(rows, key=lambda row: (len({r.state for r in row.transmission.recipients}), row.id))


def demo_folder(root: Path | None) -> Path:
    """Where the demo profile is: in the folder named, or beside the user's own."""
    return root if root is not None else platformdirs.user_data_path("pecdesk", appauthor=False) / "demo"


def moment_of(profile: Profile) -> datetime | None:
    """The moment the office of a demo profile was made up for; None for any other profile."""
    made = profile.root / "demo" / "made.json"
    if not profile.is_demo or not made.is_file():
        return None
    return datetime.fromisoformat(json.loads(made.read_text(encoding="utf-8"))["now"])


@contextmanager
def open_demo(root: Path | None, now: datetime, *, reset: bool, progress: Progress) -> Iterator[Demo]:
    """Open the demo profile, making it first if it is not there or was not finished.

    Raises `UsageError` for a folder that holds a profile without the demo's stamp.
    """
    folder = demo_folder(root)
    if root is None:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = folder / "demo" / "made.json"
    if folder.is_dir() and any(folder.iterdir()):
        profile = Profile.open(folder)
        if not profile.is_demo:
            raise UsageError(
                N_("{folder} holds a real profile; the demo does not touch it."),
                N_("Name another folder with --profile."),
                folder=folder,
            )
        if reset or not made.is_file():
            _empty(profile)
    profile = Profile.open(folder)
    profile.stamp_demo()
    with App(profile) as app:
        if not made.is_file():
            _make(app, now, progress)
        facts = json.loads(made.read_text(encoding="utf-8"))
        yield Demo(app, datetime.fromisoformat(facts["now"]), folder / "demo", tuple(facts["accounts"]))


def _empty(profile: Profile) -> None:
    """Remove everything the demo made; the stamp goes last."""
    for path in sorted(profile.root.iterdir(), key=lambda path: path.name == "DEMO"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _make(app: App, now: datetime, progress: Progress) -> None:
    made = office(now)
    folder = app.profile.root / "demo"
    if folder.exists():
        shutil.rmtree(folder)
    os.umask(os.umask(0o077) | 0o077)
    write(made, folder)
    KeyRing(folder / "keys").keep(made.world, now)
    app.add_trust(folder / "trust" / "demo.toml", now, by_hand=False)
    for account in made.accounts:
        app.import_paths([folder / "mail" / account], account=account, now=now, progress=progress)
    newest = app.ids(Filter(group=Group.RECEIVED, limit=UNREAD), now)
    app.mark_read(newest, read=False, at=now)
    facts = {"now": now.isoformat(), "accounts": list(made.accounts)}
    write_file(folder / "made.json", json.dumps(facts).encode())
