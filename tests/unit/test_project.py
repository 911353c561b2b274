"""The project itself: how it is built, found, layered, locked and prepared; rules no single package could keep."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from importlib.metadata import distribution, packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest
from importlinter.cli import lint_imports
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import pecdesk
from tests.conftest import CORE

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = sorted((ROOT / "packaging").glob("requirements*.lock"))
RESOURCES_OF = "from pecdesk.resources import resources; print(resources())"


def _python(*arguments: str | Path, cwd: Path, python: str | Path = sys.executable) -> str:
    return subprocess.run([python, *arguments], cwd=cwd, check=True, capture_output=True, text=True).stdout.strip()


def _files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _project_files() -> list[Path]:
    folders = [ROOT / name for name in (".ci", "packaging", "pecdesk", "resources", "tests")]
    beside = [path for path in ROOT.iterdir() if path.is_file() and not path.name.startswith(".coverage")]
    below = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path for path in beside + below if "__pycache__" not in path.parts]


# --- built, installed, found ------------------------------------------------------------------------------------------


class Built(NamedTuple):
    """What the build makes of the source tree."""

    wheel: Path
    editable: Path
    source: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("built")

    def build(kind: str) -> Path:
        call = f"import sys, hatchling.build as build; print(build.build_{kind}(sys.argv[1]))"
        target = folder / kind
        target.mkdir()
        return target / _python("-c", call, target, cwd=ROOT).splitlines()[-1]

    return Built(build("wheel"), build("editable"), build("sdist"))


def _install(wheel: Path, folder: Path) -> Path:
    """A new environment with nothing in it but this wheel; its interpreter."""
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = ["-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    _python(*pip, wheel, cwd=folder)
    return python


def test_an_installed_wheel_finds_every_resource_inside_itself(built: Built, tmp_path: Path) -> None:
    python = _install(built.wheel, tmp_path / "venv")

    found = Path(_python("-I", "-c", RESOURCES_OF, cwd=tmp_path, python=python))

    shipped = _files_below(ROOT / "resources")
    assert found.is_relative_to(tmp_path)
    assert shipped
    assert _files_below(found) == shipped
    assert found.name == "_resources"


def test_an_editable_install_finds_the_resources_of_the_source_tree(built: Built, tmp_path: Path) -> None:
    python = _install(built.editable, tmp_path / "venv")

    assert Path(_python("-I", "-c", RESOURCES_OF, cwd=tmp_path, python=python)) == ROOT / "resources"


def test_an_editable_install_copies_nothing_that_could_grow_old(built: Built) -> None:
    names = zipfile.ZipFile(built.editable).namelist()

    assert [name for name in names if ".dist-info/" not in name] == ["_pecdesk.pth"]


def test_the_source_tree_finds_its_resources_without_being_installed(tmp_path: Path) -> None:
    call = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {RESOURCES_OF}"

    assert Path(_python("-I", "-S", "-c", call, cwd=tmp_path)) == ROOT / "resources"


def test_the_wheel_holds_the_program_the_licence_and_nothing_else(built: Built) -> None:
    names = zipfile.ZipFile(built.wheel).namelist()

    assert {name.split("/")[0] for name in names} == {"pecdesk", f"pecdesk-{pecdesk.__version__}.dist-info"}
    assert f"pecdesk-{pecdesk.__version__}.dist-info/licenses/LICENSE" in names
    packaged = {name.removeprefix("pecdesk/") for name in names if name.endswith(".py")}
    assert packaged == {name for name in _files_below(ROOT / "pecdesk") if name.endswith(".py")}


def test_a_wheel_built_from_the_source_archive_is_the_same_wheel(built: Built, tmp_path: Path) -> None:
    _python("-m", "tarfile", "--extract", built.source, tmp_path, cwd=tmp_path)
    (unpacked,) = tmp_path.iterdir()

    again = _python("-c", "import hatchling.build as b; print(b.build_wheel('.'))", cwd=unpacked).splitlines()[-1]

    def contents(wheel: Path) -> dict[str, bytes]:
        with zipfile.ZipFile(wheel) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    assert contents(unpacked / again) == contents(built.wheel)


def test_the_command_pecdesk_is_a_function_of_the_package() -> None:
    (command,) = (entry for entry in distribution("pecdesk").entry_points if entry.group == "console_scripts")

    assert command.name == "pecdesk"
    assert callable(command.load())


def test_the_installed_version_is_the_version_of_the_source() -> None:
    assert distribution("pecdesk").version == pecdesk.__version__


# --- layers and words -------------------------------------------------------------------------------------------------


def test_every_import_contract_is_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)

    status = lint_imports(no_cache=True, no_logo=True)

    said = capsys.readouterr().out
    assert status == 0, said
    assert f"{len(PYPROJECT['tool']['importlinter']['contracts'])} kept, 0 broken" in said


def test_every_package_says_what_it_is_for() -> None:
    folders = {path.parent for path in (ROOT / "pecdesk").rglob("*.py")}

    silent = [
        folder.relative_to(ROOT).as_posix()
        for folder in sorted(folders)
        if not (folder / "__init__.py").is_file()
        or not ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    ]

    assert silent == []


def test_no_module_is_a_drawer_without_a_subject() -> None:
    drawers = {"util", "utils", "helpers", "common", "misc", "manager"}

    assert [path for path in (ROOT / "pecdesk").rglob("*") if path.stem in drawers] == []


def test_no_regular_expression_repeats_a_group_possessively() -> None:
    """Python before 3.11.5 (Debian 12 has 3.11.2) lets `a(?:\\.[a-z]+)*+@` match "a.@"; an atomic group is sound."""
    possessive = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+")

    found = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
        for path in sorted((ROOT / "pecdesk").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
        if possessive.search(node.value if isinstance(node.value, str) else node.value.decode("latin-1"))
    ]

    assert found == [], "write (?>(?:…)*) instead of (?:…)*+"


# Written in two halves, so that this file does not hold what it looks for.
FOREIGN_WORDS = [
    "/work" + "/",
    "/root" + "/",
    "/tmp" + "/venv",
    "/home" + "/runner",
    "pypi" + ".org",
    "python" + "hosted",
    "registry." + "npmjs",
    "deb." + "debian.org",
    "work" + "place",
    "chat" + "gpt",
    "clau" + "de",
    "anthro" + "pic",
]


def test_no_file_names_a_machine_a_registry_or_a_workshop() -> None:
    pattern = re.compile("|".join(re.escape(word) for word in FOREIGN_WORDS).encode(), re.IGNORECASE)

    found = {path.relative_to(ROOT).as_posix(): pattern.findall(path.read_bytes()) for path in _project_files()}

    assert {name: words for name, words in found.items() if words} == {}


def test_the_licence_is_the_whole_eupl() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert licence.split("\n")[0].strip() == "EUROPEAN UNION PUBLIC LICENCE v. 1.2"
    assert re.findall(r"^(\d+)\. [A-Z]", licence, re.MULTILINE) == [str(article) for article in range(1, 16)]
    assert licence.rstrip().endswith("new\nEUPL version.")
    assert PYPROJECT["project"]["license"] == "EUPL-1.2"


# --- dependencies -----------------------------------------------------------------------------------------------------


def _imported_libraries() -> set[str]:
    """The distributions behind every import of the program that is neither its own nor Python's."""
    modules: set[str] = set()
    for path in (ROOT / "pecdesk").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
                modules.add(node.module.split(".")[0])
    foreign = modules - sys.stdlib_module_names - {"pecdesk", "_typeshed"}
    owners = packages_distributions()
    return {canonicalize_name(name) for module in foreign for name in owners.get(module, [module])}


def test_the_program_imports_exactly_the_libraries_it_declares() -> None:
    declared = {canonicalize_name(Requirement(line).name) for line in PYPROJECT["project"]["dependencies"]}

    assert _imported_libraries() == declared


def _locked(lock: Path) -> dict[str, tuple[Requirement, int]]:
    """Each requirement of a lock file with the number of hashes that come with it."""
    entries = re.split(r"^(?=[A-Za-z0-9])", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    parsed = [(Requirement(entry.split("\\\n")[0].strip()), entry.count("--hash=sha256:")) for entry in entries]
    return {canonicalize_name(requirement.name): (requirement, hashes) for requirement, hashes in parsed}


def _version(requirement: Requirement) -> str:
    (specifier,) = requirement.specifier
    assert specifier.operator == "=="
    return specifier.version


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", PYPROJECT["project"]["dependencies"]),
        ("requirements-build.lock", PYPROJECT["build-system"]["requires"]),
        (
            "requirements-dev.lock",
            [*PYPROJECT["project"]["dependencies"], *PYPROJECT["project"]["optional-dependencies"]["dev"]],
        ),
    ],
    ids=["runtime", "build", "dev"],
)
def test_the_lock_has_a_fitting_version_for_every_dependency(lock: str, wanted: list[str]) -> None:
    locked = _locked(ROOT / "packaging" / lock)

    for requirement in map(Requirement, wanted):
        assert canonicalize_name(requirement.name) in locked, f"{requirement.name}: run sh packaging/lock.sh"
        version = _version(locked[canonicalize_name(requirement.name)][0])
        assert requirement.specifier.contains(version, prereleases=True), f"{requirement}: run sh packaging/lock.sh"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_version_is_exact_and_has_hashes(lock: Path) -> None:
    for name, (requirement, hashes) in _locked(lock).items():
        assert _version(requirement), name
        assert hashes > 0, name


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_no_lock_names_an_index_or_a_file(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")

    assert re.findall(r"://|--index|--extra-index|--find-links|\.whl|^-", text, re.MULTILINE) == []


def test_the_three_locks_agree_on_every_version() -> None:
    complete = _locked(ROOT / "packaging" / "requirements-dev.lock")

    for lock in LOCKS:
        for name, (requirement, _) in _locked(lock).items():
            assert _version(requirement) == _version(complete[name][0]), f"{lock.name}: {name}"


# --- the tests --------------------------------------------------------------------------------------------------------


def test_every_test_of_the_core_is_run_where_its_branches_are_counted() -> None:
    script = (ROOT / "packaging" / "dev.sh").read_text(encoding="utf-8")
    (said,) = re.findall(r"^CORE_TESTS='(.*)'$", script, re.MULTILINE)

    assert said.split() == [f"tests/{place}" for place in CORE], "else some are run neither there nor with the others"
    assert [place for place in CORE if not (ROOT / "tests" / place).exists()] == []


# --- the script that prepares a machine -------------------------------------------------------------------------------


def _dev(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", ROOT / "packaging" / "dev.sh", *arguments],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_dev_sh_explains_itself_when_asked_for_something_else(tmp_path: Path) -> None:
    answer = _dev("dance", environment={"PECDESK_VENV": str(tmp_path / "venv")})

    assert answer.returncode == 2
    assert "run, test, gate" in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_dev_sh_never_touches_a_folder_that_is_no_environment(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")

    answer = _dev("run", environment={"PECDESK_VENV": str(tmp_path)})

    assert answer.returncode == 3
    assert "is not a virtual environment" in answer.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_dev_sh_says_what_to_do_by_hand_on_windows(tmp_path: Path) -> None:
    uname = tmp_path / "uname"
    uname.write_text("#!/bin/sh\necho MINGW64_NT-10.0\n")
    uname.chmod(0o755)

    answer = _dev("run", environment={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"})

    assert answer.returncode == 3
    assert "py -m venv .venv" in answer.stderr
    assert "Traceback" not in answer.stderr
