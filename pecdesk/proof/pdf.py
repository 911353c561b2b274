"""Sets a `Report` as PDF/A-3a and PDF/UA-1 at once, with the originals embedded: same input, same bytes.

The typesetter runs in a child process, `python -m pecdesk.proof.pdf FOLDER`: it holds all originals in memory at the
same time, and what it needs goes back to the system when it ends. The folder is private and all the child gets:

    page.json        the report as data (`sheet`)
    originals.json   what to embed: file in this folder, name, SHA-256, description
    0, 1, …          the originals, as hard links where the disk allows it
    job.json         time of making
    out.pdf          what the child leaves behind
    error.txt        or what it said instead

Text is data for the template, never source; the template can read nothing outside this folder and imports no package.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pecdesk.errors import N_, CancelledError, DiskFullError, InputError, PecdeskError
from pecdesk.proof.coverage import shipped_coverage
from pecdesk.proof.legible import Legible
from pecdesk.proof.naming import is_safe
from pecdesk.proof.page import Report
from pecdesk.proof.sheet import lay_out
from pecdesk.resources import resources

_STANDARDS: tuple[Literal["a-3a"], Literal["ua-1"]] = ("a-3a", "ua-1")

_REFUSED, _CHANGED, _DISK_FULL = 4, 5, 6
_SECONDS, _SECONDS_PER_MEGABYTE = 120.0, 2.0
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Embedded:
    """One original inside the PDF, byte for byte."""

    name: str
    """As a reader of the PDF sees it; `naming.is_safe`."""
    path: Path
    sha256: str
    """What the file must hash to when it is embedded."""
    description: str
    mime_type: str = "message/rfc822"


def render(report: Report, attachments: Sequence[Embedded], made_at: datetime) -> bytes:
    """The document as bytes. For large attachments use `render_to`."""
    with tempfile.TemporaryDirectory(prefix="pecdesk-") as folder:
        target = Path(folder) / "document.pdf"
        render_to(target, report, attachments, made_at)
        return target.read_bytes()


def render_to(
    target: Path,
    report: Report,
    attachments: Sequence[Embedded],
    made_at: datetime,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Writes the document to `target`, whose folder must exist; all or nothing.

    Raises `CancelledError`, `DiskFullError`, `InputError` when an original is not what its hash says, and
    `PecdeskError` for whatever else goes wrong in the child.
    """
    if made_at.tzinfo is None:
        raise ValueError("made_at needs a time zone")
    for attachment in attachments:
        if not is_safe(attachment.name):
            raise ValueError(f"not a safe file name: {attachment.name!r}")
    try:
        with tempfile.TemporaryDirectory(prefix=".pecdesk-", dir=target.parent) as name:
            folder = Path(name)
            _hand_over(folder, attachments, made_at)
            _set(folder, report, _time_limit(attachments), cancelled)
            with (folder / "out.pdf").open("rb") as document:
                os.fsync(document.fileno())
            (folder / "out.pdf").replace(target)
    except OSError as error:
        raise _world(error) from error


def _hand_over(folder: Path, attachments: Sequence[Embedded], made_at: datetime) -> None:
    originals = []
    for number, attachment in enumerate(attachments):
        _link_or_copy(attachment.path, folder / str(number))
        entry = {key: value for key, value in asdict(attachment).items() if key != "path"}
        originals.append({**entry, "file": str(number)})
    (folder / "originals.json").write_text(json.dumps(originals), encoding="ascii")
    (folder / "job.json").write_text(json.dumps({"made_at": made_at.isoformat()}), encoding="ascii")


def _link_or_copy(source: Path, target: Path) -> None:
    # A read-only file shares that attribute with its links on Windows, where it could then not be deleted again.
    if os.name != "nt":
        try:
            os.link(source, target)
        except OSError:
            pass
        else:
            return
    shutil.copyfile(source, target)


def _set(folder: Path, report: Report, limit: float, cancelled: Callable[[], bool] | None) -> None:
    """Runs the child; once more with every doubtful character written as its code point if the typesetter refused."""
    coverage = shipped_coverage(resources() / "fonts")
    for strict in (False, True):
        page = lay_out(report, Legible(coverage, strict=strict))
        (folder / "page.json").write_text(json.dumps(page), encoding="ascii")
        code = _run_child(folder, limit, cancelled)
        if code == 0:
            return
        if code != _REFUSED:
            break
    said = (folder / "error.txt").read_text(encoding="utf-8", errors="replace").strip()
    if code == _CHANGED:
        raise InputError(N_("The original {name} is not the one that was examined."), name=said)
    if code == _DISK_FULL:
        raise OSError(errno.ENOSPC, said)
    raise PecdeskError(
        N_("The proof document could not be set: {reason}."), N_("Nothing was written."), reason=said[-400:] or code
    )


def _run_child(folder: Path, limit: float, cancelled: Callable[[], bool] | None) -> int:
    package = str(Path(__file__).resolve().parents[2])
    known = os.environ.get("PYTHONPATH")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([package, known] if known else [package])}
    command = [sys.executable, "-P", "-m", "pecdesk.proof.pdf", str(folder.absolute())]
    end = time.monotonic() + limit
    with (
        (folder / "error.txt").open("wb") as said,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, cwd=folder, env=environment
        ) as child,
    ):
        try:
            while True:
                try:
                    return child.wait(_POLL_SECONDS)
                except subprocess.TimeoutExpired:
                    if cancelled is not None and cancelled():
                        raise CancelledError from None
                    if time.monotonic() > end:
                        raise PecdeskError(
                            N_("The proof document was not ready after {seconds} seconds."),
                            N_("Make one proof at a time."),
                            seconds=round(limit),
                        ) from None
        finally:
            child.kill()


def _time_limit(attachments: Sequence[Embedded]) -> float:
    size = sum(attachment.path.stat().st_size for attachment in attachments)
    return _SECONDS + _SECONDS_PER_MEGABYTE * size / 1_000_000


def _world(error: OSError) -> PecdeskError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFullError(
            N_("There is no room left on the disk for the proof document."), N_("Free some space and try again.")
        )
    return PecdeskError(
        N_("The proof document could not be written: {reason}."),
        N_("Choose another folder."),
        reason=error.strerror or str(error),
    )


def typeset(folder: Path) -> None:
    """The child's work: `out.pdf` from what lies in `folder`; raises `TypstError` when the typesetter refuses."""
    import typst  # noqa: PLC0415 - 80 MB that only the child may load

    (folder / "marks").mkdir(exist_ok=True)
    for source in (resources() / "report").rglob("*.*"):
        shutil.copyfile(source, folder / source.relative_to(resources() / "report"))
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(resources() / "fonts")]
    )
    job = json.loads((folder / "job.json").read_text(encoding="ascii"))
    compiler = typst.Compiler(
        str(folder / "report.typ"),
        root=str(folder),
        font_paths=fonts,
        ignore_system_fonts=True,
        package_path=str(folder / "no-packages"),
        package_cache_path=str(folder / "no-packages"),
    )
    document = compiler.compile(
        format="pdf", pdf_standards=[*_STANDARDS], timestamp=datetime.fromisoformat(job["made_at"])
    )
    assert isinstance(document, bytes)
    (folder / "out.pdf").write_bytes(document)


def main(arguments: Sequence[str]) -> int:
    """The child: one folder, one document, and an exit code the parent understands."""
    folder = Path(arguments[0])
    for original in json.loads((folder / "originals.json").read_text(encoding="ascii")):
        with (folder / original["file"]).open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != original["sha256"]:
                return _say(_CHANGED, original["name"])
    try:
        typeset(folder)
    except OSError as error:
        return _say(_DISK_FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else 1, str(error))
    except RuntimeError as error:
        return _say(_REFUSED, f"{error} {getattr(error, 'diagnostic', '')}")
    return 0


def _say(code: int, words: str) -> int:
    """Tells the parent; on a full disk the exit code must do."""
    with contextlib.suppress(OSError):
        os.write(2, words.encode("utf-8", "replace"))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
