"""Every window of the program as a picture, in both themes, both languages and two scales, against pictures somebody
looked at. References are kept at half size, those of the double scale at a quarter."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from pecdesk.demo.profile import open_demo
from tests.visual.comparison import REFERENCES, accepting, differs, keep_difference
from tests.visual.windows import NOW

WINDOWS = REFERENCES / "windows"
CASES = [("light", "it", 1), ("dark", "en", 1), ("light", "it", 2), ("dark", "en", 2)]
if os.environ.get("PECDESK_EVERY_PICTURE"):
    CASES += [("dark", "it", 1), ("light", "en", 1)]
"""Each theme, language and scale is in the suite; the two other pairs cost half a minute and are looked at by hand."""


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "profile"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "cpu_count", lambda: 1)  # one helper: rows of one moment come in the same order every time
        with open_demo(folder, NOW, reset=False, progress=lambda _done, _of: None):
            pass
    return folder


@pytest.mark.parametrize(("theme", "spoken", "scale"), CASES)
def test_the_windows_look_as_they_were_looked_at(
    theme: str, spoken: str, scale: int, profile: Path, tmp_path: Path
) -> None:
    shutil.copytree(profile, tmp_path / "profile")
    command = [sys.executable, "-m", "tests.visual.windows", str(tmp_path / "profile"), str(tmp_path / "pictures")]
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": str(scale),
        "QT_FONT_DPI": "96",
        "TZ": "Europe/Rome",
    }
    subprocess.run([*command, "--theme", theme, "--lang", spoken], env=environment, check=True, timeout=200)
    taken = {}
    for path in sorted((tmp_path / "pictures").glob("*.png")):
        with Image.open(path) as picture:
            small = (picture.width // (2 * scale), picture.height // (2 * scale))
            taken[path.stem] = picture.convert("RGB").resize(small, Image.Resampling.BOX)
    if accepting():
        WINDOWS.mkdir(exist_ok=True)
        for name, picture in taken.items():
            picture.save(WINDOWS / f"{name}.png", optimize=True)
    expected = {path.stem for path in WINDOWS.glob(f"{theme}-{spoken}-{100 * scale}-*.png")}

    assert set(taken) == expected
    wrong = []
    for name, actual in taken.items():
        reference = Image.open(WINDOWS / f"{name}.png").convert("RGB")
        if differs(reference, actual, colour_tolerance=6.0):
            wrong.append(name)
            keep_difference(name, reference, actual)
    assert wrong == []
