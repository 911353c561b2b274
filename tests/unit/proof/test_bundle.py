from __future__ import annotations

import errno
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pikepdf
import pytest

from pecdesk.errors import CancelledError, DiskFullError, InputError, StoreError
from pecdesk.proof.bundle import Bundle, Original, WrittenBundle, write_bundle
from pecdesk.proof.page import Report
from pecdesk.proof.pdf import Embedded

from .made_up import MADE_AT, ORIGINALS, italian, original, sha256

NAME = "2026-11-22_diffida-ad-adempiere-contratto-n-88-2025_2d711642"


class PlainTypesetter:
    """Writes the names and hashes it was given; for tests that are not about paper."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure

    def __call__(
        self,
        target: Path,
        report: Report,
        attachments: Sequence[Embedded],
        made_at: datetime,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        target.write_text(f"{report.title} {made_at} {[(each.name, each.sha256) for each in attachments]}")
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    archive = tmp_path / "archive"
    archive.mkdir()
    originals = []
    for name in ORIGINALS:
        path = archive / sha256(original(name))
        path.write_bytes(original(name))
        path.chmod(0o400)
        originals.append(Original(name, path, sha256(original(name)), f"Messaggio originale: {name}"))
    return Bundle(
        day=date(2026, 11, 22),
        subject="Diffida ad adempiere – contratto n. 88/2025",
        identity="x",
        report=italian(),
        originals=tuple(originals),
        verification=b'{"files": []}\n',
        readme="Questa cartella è una prova.\n",
    )


def write(
    bundle: Bundle, target: Path, *, packed: bool = False, failure: Exception | None = None, made_at: datetime = MADE_AT
) -> WrittenBundle:
    return write_bundle(target, bundle, zip=packed, made_at=made_at, typeset=PlainTypesetter(failure))


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_bundle_holds_everything_under_its_name(bundle: Bundle, tmp_path: Path) -> None:
    written = write_bundle(tmp_path / "out", bundle, made_at=MADE_AT)

    assert written == WrittenBundle(tmp_path / "out" / NAME, was_there=False)
    content = files(written.path)
    assert set(content) == {
        "LEGGIMI.txt",
        "impronte.sha256",
        "prova.pdf",
        "verifica.json",
        *(f"originali/{name}" for name in ORIGINALS),
    }
    assert all(content[f"originali/{name}"] == original(name) for name in ORIGINALS)
    assert content["LEGGIMI.txt"] == "Questa cartella è una prova.\n".encode()
    assert content["verifica.json"] == b'{"files": []}\n'
    with pikepdf.open(written.path / "prova.pdf") as pdf:
        assert list(pdf.attachments) == sorted(ORIGINALS)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [NAME]


def test_the_hashes_cover_every_other_file(bundle: Bundle, tmp_path: Path) -> None:
    content = files(write(bundle, tmp_path / "out").path)

    listed = dict(reversed(line.split("  ")) for line in content["impronte.sha256"].decode("ascii").splitlines())

    assert b"\r" not in content["impronte.sha256"]
    assert listed == {name: sha256(data) for name, data in content.items() if name != "impronte.sha256"}


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is missing")
def test_sha256sum_agrees(bundle: Bundle, tmp_path: Path) -> None:
    path = write(bundle, tmp_path / "out").path
    check = ["sha256sum", "--check", "--strict", "--quiet", "impronte.sha256"]

    assert subprocess.run(check, cwd=path, check=False).returncode == 0

    (path / "originali" / ORIGINALS[0]).write_bytes(b"altered")
    assert subprocess.run(check, cwd=path, check=False, capture_output=True).returncode == 1


def test_the_originals_in_the_archive_stay_as_they_are(bundle: Bundle, tmp_path: Path) -> None:
    written = write(bundle, tmp_path / "out")

    for each in bundle.originals:
        assert isinstance(each.source, Path)
        assert each.source.stat().st_nlink == 1
        assert (written.path / "originali" / each.name).stat().st_ino != each.source.stat().st_ino


def test_the_same_bundle_again_is_found_and_left_alone(bundle: Bundle, tmp_path: Path) -> None:
    first = write(bundle, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in first.path.rglob("*")}

    again = write(bundle, tmp_path / "out")

    assert again == WrittenBundle(first.path, was_there=True)
    assert {path: path.stat().st_mtime_ns for path in first.path.rglob("*")} == before
    assert list((tmp_path / "out").iterdir()) == [first.path]


@pytest.mark.parametrize("packed", [False, True])
def test_other_content_under_the_same_name_gets_a_number(bundle: Bundle, tmp_path: Path, packed: bool) -> None:
    end = ".zip" if packed else ""
    first = write(bundle, tmp_path / "out", packed=packed)
    changed = replace(bundle, readme="Altro.\n")

    second = write(changed, tmp_path / "out", packed=packed)
    third = write(changed, tmp_path / "out", packed=packed)

    assert first.path.name == f"{NAME}{end}"
    assert second == WrittenBundle(tmp_path / "out" / f"{NAME}_2{end}", was_there=False)
    assert third == WrittenBundle(second.path, was_there=True)


def test_something_added_to_an_old_bundle_is_never_written_over(bundle: Bundle, tmp_path: Path) -> None:
    first = write(bundle, tmp_path / "out")
    (first.path / "appunti.txt").write_text("mine")

    assert write(bundle, tmp_path / "out").path.name == f"{NAME}_2"
    assert (first.path / "appunti.txt").read_text() == "mine"


def test_a_link_that_leads_nowhere_is_not_followed(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / NAME).symlink_to(tmp_path / "elsewhere")

    assert write(bundle, tmp_path / "out").path.name == f"{NAME}_2"
    assert not (tmp_path / "elsewhere").exists()


def test_a_zip_is_the_same_bytes_every_time_and_holds_the_folder(bundle: Bundle, tmp_path: Path) -> None:
    folder = write(bundle, tmp_path / "a").path
    one = write(bundle, tmp_path / "b", packed=True).path
    two = write(bundle, tmp_path / "c", packed=True).path

    assert one.name == f"{NAME}.zip"
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as packed:
        assert packed.testzip() is None
        assert {name: packed.read(name) for name in packed.namelist()} == {
            f"{NAME}/{name}": data for name, data in files(folder).items()
        }
        assert {entry.date_time for entry in packed.infolist()} == {(2026, 11, 22, 20, 40, 0)}
    assert one.stat().st_nlink == 1


def test_bytes_serve_as_an_original_too(bundle: Bundle, tmp_path: Path) -> None:
    content = b"Subject: x\n\n\x00"
    changed = replace(bundle, originals=(Original("00_x.eml", content, sha256(content), ""),))

    assert (write(changed, tmp_path).path / "originali" / "00_x.eml").read_bytes() == content


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), DiskFullError),
        (DiskFullError("full"), DiskFullError),
        (OSError(errno.EIO, "Input/output error"), StoreError),
        (CancelledError(), CancelledError),
        (RuntimeError("a bug"), RuntimeError),
    ],
)
def test_what_fails_leaves_nothing_behind(
    bundle: Bundle, tmp_path: Path, failure: Exception, expected: type[Exception], packed: bool
) -> None:
    with pytest.raises(expected):
        write(bundle, tmp_path / "out", failure=failure, packed=packed)

    assert list((tmp_path / "out").iterdir()) == []


def test_an_original_that_changed_since_it_was_examined_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    first, *others = bundle.originals

    with pytest.raises(InputError, match="00_messaggio-inviato"):
        write(replace(bundle, originals=(replace(first, source=b"changed"), *others)), tmp_path / "out")

    assert list((tmp_path / "out").iterdir()) == []


def test_an_original_that_is_gone_is_told_by_name(bundle: Bundle, tmp_path: Path) -> None:
    first, *others = bundle.originals

    with pytest.raises(StoreError, match="00_messaggio-inviato"):
        write(replace(bundle, originals=(replace(first, source=tmp_path / "gone"), *others)), tmp_path / "out")


def test_a_file_in_place_of_the_folder_is_told_in_a_sentence(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")

    with pytest.raises(StoreError, match="could not be written"):
        write(bundle, tmp_path / "out")

    assert (tmp_path / "out").read_text() == "a file"


def test_it_stops_between_originals_when_asked(bundle: Bundle, tmp_path: Path) -> None:
    with pytest.raises(CancelledError):
        write_bundle(tmp_path / "out", bundle, made_at=MADE_AT, cancelled=lambda: True, typeset=PlainTypesetter())

    assert list((tmp_path / "out").iterdir()) == []


def test_a_name_that_could_lead_out_of_the_folder_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    outside = Original("../x.eml", b"", sha256(b""), "")

    with pytest.raises(ValueError, match="safe"):
        write(replace(bundle, originals=(outside,)), tmp_path / "out")

    assert list((tmp_path / "out").iterdir()) == []


def test_a_whole_bundle_is_the_same_bytes_twice(bundle: Bundle, tmp_path: Path) -> None:
    one = write_bundle(tmp_path / "a", bundle, zip=True, made_at=MADE_AT).path.read_bytes()
    two = write_bundle(tmp_path / "b", bundle, zip=True, made_at=MADE_AT).path.read_bytes()

    assert one == two
