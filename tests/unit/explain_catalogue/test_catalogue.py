"""The Italian catalogue: every sentence of the code is in it, translated, and filled from the same fields."""

from __future__ import annotations

import ast
import gettext
import io
import os
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from pecdesk.cli.main import run
from pecdesk.cli.parser import argparse_in
from pecdesk.errors import InputError
from pecdesk.explain import language
from pecdesk.explain.badge import _MARKS
from pecdesk.explain.language import SYSTEM_WORDS
from pecdesk.explain.words import (
    ATTENTION,
    CHECKS,
    COMPLETENESS,
    KINDS,
    NOTES,
    REASONS,
    RECIPIENTS,
    ROLES,
    ROWS,
    STANDINGS,
    STATUSES,
)
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Attention, RecipientState, Role, Status, TransmissionKind
from pecdesk.trust import CheckName, CheckStatus, Note, Reason

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = ROOT / "resources" / "translations" / "it" / "LC_MESSAGES" / "pecdesk.po"

MARK, SAY, COUNTED = "N_", "say", "counted"
KEYWORDS = {MARK: None, SAY: None, COUNTED: (1, 2)}
"""As in packaging/translate.sh."""

Id = str | tuple[str, str]


@cache
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def messages() -> list[Message]:
    return [message for message in catalogue() if message.id]


@cache
def modules() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "pecdesk").rglob("*.py"))}


def name_of(call: ast.Call) -> str:
    """The last name of what is called: `say` of `self.language.say(…)`."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


@cache
def all_calls() -> list[tuple[str, ast.Call]]:
    return [
        (f"{path.relative_to(ROOT)}:{node.lineno}", node)
        for path, module in modules().items()
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
    ]


def calls(*names: str) -> list[tuple[str, ast.Call]]:
    """Every call of these names, with the place where it stands."""
    return [(place, call) for place, call in all_calls() if name_of(call) in names]


def sentence_of(call: ast.Call) -> Id | None:
    """The sentence that stands in a call as such."""
    given = [literal(argument) for argument in call.args[:2]]
    if name_of(call) == COUNTED:
        return (given[0], given[1]) if len(given) == 2 and given[0] and given[1] else None
    return given[0] if given and given[0] else None


def sentences() -> dict[Id, str]:
    """Every sentence in the code, found without Babel, with one place where it stands."""
    return {sentence: place for place, call in calls(*KEYWORDS) if (sentence := sentence_of(call)) is not None}


def fields(text: str) -> set[tuple[str, str, str]]:
    """What is filled in: `str.format` fields with conversion and form, and %-fields."""
    braces = {
        (name, conversion or "", form or "")
        for _, name, form, conversion in string.Formatter().parse(text)
        if name is not None
    }
    return braces | {(field, "", "%") for field in re.findall(r"%(?:\(\w+\))?[a-zA-Z]", text)}


def field_names(text: str) -> set[str]:
    return {re.split(r"[.\[]", name)[0] for name, _, form in fields(text) if form != "%"}


def pairs() -> list[tuple[str, str]]:
    """Every English text with the Italian one that stands for it, plural forms one by one."""
    found: list[tuple[str, str]] = []
    for message in messages():
        if isinstance(message.id, tuple):
            found += zip(message.id, message.string, strict=True)
        else:
            found.append((message.id, str(message.string)))
    return found


# --- complete ---------------------------------------------------------------------------------------------------------


def test_babel_finds_in_the_code_exactly_the_sentences_of_the_catalogue() -> None:
    found = {
        identity
        for _, _, identity, _, _ in extract_from_dir(
            ROOT / "pecdesk", method_map=[("**.py", "python")], keywords=KEYWORDS
        )
    }

    known = {message.id for message in messages()}

    assert sorted(map(str, found - known)) == [], "run sh packaging/translate.sh and translate what is new"
    assert sorted(map(str, known - found)) == [], "run sh packaging/translate.sh --prune"


def test_no_sentence_in_the_code_escapes_the_extraction() -> None:
    known = {message.id for message in messages()}

    assert {str(sentence): place for sentence, place in sentences().items() if sentence not in known} == {}


def test_no_sentence_is_marked_inside_an_f_string_where_extraction_may_not_see_it() -> None:
    inside = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, module in modules().items()
        for text in ast.walk(module)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and name_of(call) in KEYWORDS and sentence_of(call) is not None
    ]

    assert inside == []


def test_a_marked_sentence_is_one_literal() -> None:
    assert [place for place, call in calls(MARK) if len(call.args) != 1 or literal(call.args[0]) is None] == []


def test_every_sentence_is_translated() -> None:
    assert [english for english, italian in pairs() if not italian] == []


def test_nothing_in_the_catalogue_is_fuzzy_or_left_over() -> None:
    assert [message.id for message in messages() if message.fuzzy] == []
    assert list(catalogue().obsolete) == [], "run sh packaging/translate.sh --prune"


def test_the_compiled_catalogue_is_a_fresh_compilation_of_the_text() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue())
    compiled.seek(0)

    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        shipped = gettext.GNUTranslations(file)

    fresh = gettext.GNUTranslations(compiled)
    keys = {key for each in (fresh, shipped) for key in each._catalog if key}  # type: ignore[attr-defined]
    assert keys
    assert {key for key in keys if fresh._catalog.get(key) != shipped._catalog.get(key)} == set()  # type: ignore[attr-defined]


def test_the_program_speaks_from_the_compiled_catalogue() -> None:
    assert language("it").say("Delivery receipt") == "Ricevuta di avvenuta consegna"
    assert language("it").counted("{n} transmission in {folder}", "{n} transmissions in {folder}", 1, folder="x") == (
        "1 trasmissione in x"
    )
    assert language("it").counted("{n} transmission in {folder}", "{n} transmissions in {folder}", 0, folder="x") == (
        "0 trasmissioni in x"
    )


# --- filled -----------------------------------------------------------------------------------------------------------


def test_both_languages_are_filled_from_the_same_fields() -> None:
    number = {("n", "", "")}
    plural = {text for message in messages() if isinstance(message.id, tuple) for text in message.id}

    differing = {
        english: (fields(english), fields(italian))
        for english, italian in pairs()
        if fields(english) - (number if english in plural else set())
        != fields(italian) - (number if english in plural else set())
    }

    assert differing == {}


def test_every_translation_can_be_filled() -> None:
    for english, italian in pairs():
        given = dict.fromkeys({*field_names(english), "n"}, "x")
        assert italian.format(**given), english


def test_what_is_escaped_stays_escaped() -> None:
    def escaped(text: str) -> list[str]:
        return sorted(re.findall(r"\{\{\w+\}\}|%%", text))

    assert {english for english, italian in pairs() if escaped(english) != escaped(italian)} == set()


def unfilled(call: ast.Call, template: str) -> set[str]:
    """The fields of a template that a call does not give."""
    given = {keyword.arg for keyword in call.keywords}
    return set() if None in given else field_names(template) - {name for name in given if name}


def test_every_sentence_that_is_said_gets_its_fields() -> None:
    lacking: dict[str, set[str]] = {}
    for place, call in calls(SAY):
        marked = call.args[0] if call.args else None
        inner = marked.args[0] if isinstance(marked, ast.Call) and name_of(marked) == MARK else marked
        template = literal(inner) if inner is not None else None
        if template and call.keywords and (missing := unfilled(call, template)):
            lacking[place] = missing
    for place, call in calls(COUNTED):
        sentence = sentence_of(call)
        missing = unfilled(call, "".join(sentence)) - {"n"} if isinstance(sentence, tuple) else set()
        if missing:
            lacking[place] = missing

    assert lacking == {}


# --- errors -----------------------------------------------------------------------------------------------------------


@cache
def error_names() -> frozenset[str]:
    """`PecdeskError` and every class below it."""
    classes = [node for module in modules().values() for node in ast.walk(module) if isinstance(node, ast.ClassDef)]
    names = {"PecdeskError"}
    while found := {
        node.name
        for node in classes
        if node.name not in names and any(getattr(base, "id", "") in names for base in node.bases)
    }:
        names |= found
    return frozenset(names)


def assigned(scope: ast.AST, name: str) -> list[ast.expr]:
    """What a name is set to, wherever in that scope."""
    return [
        node.value
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]


def imported_from(module: ast.Module, name: str) -> ast.Module | None:
    """The module of ours from which a name comes."""
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module and any(alias.name == name for alias in node.names):
            return modules().get((ROOT / node.module.replace(".", "/")).with_suffix(".py"))
    return None


def is_marked(node: ast.expr, functions: list[ast.FunctionDef], module: ast.Module) -> bool:
    """Whether an expression can be nothing but a marked sentence, that of another failure, or an empty one."""
    if isinstance(node, ast.Attribute) and node.attr in ("message", "next_step"):
        return True
    if literal(node) == "" or (isinstance(node, ast.Call) and name_of(node) == MARK):
        return True
    if isinstance(node, ast.IfExp):
        return is_marked(node.body, functions, module) and is_marked(node.orelse, functions, module)
    if not isinstance(node, ast.Name):
        return False
    for function in reversed(functions):
        parameters = [argument.arg for argument in function.args.args if argument.arg not in ("self", "cls")]
        if node.id in parameters:
            position = parameters.index(node.id)
            handed = [
                call.args[position]
                for call in ast.walk(module)
                if isinstance(call, ast.Call) and name_of(call) == function.name and len(call.args) > position
            ]
            return bool(handed) and all(is_marked(one, [], module) for one in handed)
    values = [value for scope in functions for value in assigned(scope, node.id)] or assigned(module, node.id)
    if not values and (home := imported_from(module, node.id)) is not None:
        return is_marked(node, [], home)
    return bool(values) and all(is_marked(value, [], module) for value in values)


def error_calls() -> Iterator[tuple[str, ast.Call, list[ast.FunctionDef], ast.Module]]:
    """Every place that makes a `PecdeskError`, with the functions around it."""

    def below(node: ast.AST, functions: list[ast.FunctionDef]) -> Iterator[tuple[ast.Call, list[ast.FunctionDef]]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call) and name_of(child) in error_names():
                yield child, functions
            yield from below(child, [*functions, child] if isinstance(child, ast.FunctionDef) else functions)

    for path, module in modules().items():
        for call, functions in below(module, []):
            yield f"{path.relative_to(ROOT)}:{call.lineno}", call, functions, module


def test_every_failure_is_a_marked_sentence_with_a_marked_next_step() -> None:
    found = list(error_calls())

    assert len(found) > 50
    assert [
        f"{place}: {ast.unparse(argument)}"
        for place, call, functions, module in found
        for argument in call.args
        if not is_marked(argument, functions, module)
    ] == []


def test_every_failure_gets_the_fields_of_its_sentences() -> None:
    lacking = {
        place: missing
        for place, call, _, _ in error_calls()
        for argument in call.args
        if isinstance(argument, ast.Call) and (missing := unfilled(call, literal(argument.args[0]) or ""))
    }

    assert lacking == {}


def test_the_words_of_the_system_are_italian_inside_an_italian_sentence() -> None:
    error = InputError(
        "{path} cannot be read: {reason}.", "Check its permissions.", path="a.eml", reason="Is a directory"
    )

    assert language("it").error(error) == "Impossibile leggere a.eml: è una cartella. Controllane i permessi."
    assert language("en").error(error) == "a.eml cannot be read: Is a directory. Check its permissions."


@pytest.mark.skipif(sys.platform != "linux", reason="the words are those of Linux")
def test_the_usual_refusals_of_the_disk_are_translated() -> None:
    names = ["ENOENT", "EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "EISDIR", "EIO", "ENOTDIR"]
    # In a process of its own: the C library keeps what it once translated, whichever language is asked for later.
    program = "import errno, os, sys; [print(os.strerror(getattr(errno, name))) for name in sys.argv[1:]]"
    told = subprocess.run(
        [sys.executable, "-c", program, *names],
        env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    assert len(told) == len(names)
    assert [words for words in told if words not in SYSTEM_WORDS] == []


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (KINDS, MessageKind),
        (STANDINGS, Standing),
        (ROWS, TransmissionKind),
        (RECIPIENTS, RecipientState),
        (ROLES, Role),
        (COMPLETENESS, Completeness),
        (ATTENTION, Attention),
        (REASONS, Reason),
        (NOTES, Note),
        (CHECKS, CheckName),
        (STATUSES, CheckStatus),
        (_MARKS, Status),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_member_of_a_closed_set_has_words(words: dict[str, object], kind: type[Status]) -> None:
    assert set(words) == set(kind)


@pytest.mark.parametrize(
    ("status", "italian", "english"),
    [
        (Status.DRAFT, "Bozza", "Draft"),
        (Status.QUEUED, "In uscita", "Queued"),
        (Status.SENDING, "In invio", "Sending"),
        (Status.UNCERTAIN, "Invio incerto", "Sending uncertain"),
        (Status.WAITING, "In attesa", "Waiting"),
        (Status.PARTLY_DELIVERED, "Consegnato {done} di {all}", "Delivered {done} of {all}"),
        (Status.DELIVERED, "Consegnato", "Delivered"),
        (Status.DELAYED, "In ritardo", "Delayed"),
        (Status.FAILED, "Mancata consegna", "Not delivered"),
        (Status.REFUSED, "Non accettato", "Not accepted"),
        (Status.CONTRADICTORY, "Esiti discordanti", "Contradictory"),
        (Status.CERTIFIED, "PEC certificata", "Certified"),
        (Status.ALTERED, "Alterato", "Altered"),
        (Status.FORGED, "Non autentico", "Not authentic"),
        (Status.ORDINARY, "Posta ordinaria", "Ordinary mail"),
        (Status.UNDETERMINED, "Non verificabile", "Cannot be verified"),
    ],
)
def test_a_state_is_called_what_the_interface_calls_it(status: Status, italian: str, english: str) -> None:
    word = _MARKS[status][0]

    assert (language("it").say(word), language("en").say(word)) == (italian, english)


@pytest.mark.parametrize(
    ("kind", "term"),
    [
        (MessageKind.ACCEPTANCE, "Ricevuta di accettazione"),
        (MessageKind.NON_ACCEPTANCE, "Avviso di non accettazione"),
        (MessageKind.TAKEN_IN_CHARGE, "Ricevuta di presa in carico"),
        (MessageKind.DELIVERY, "Ricevuta di avvenuta consegna"),
        (MessageKind.DELAY_NOTICE, "Preavviso di mancata consegna"),
        (MessageKind.NON_DELIVERY, "Avviso di mancata consegna"),
        (MessageKind.VIRUS_DETECTED, "Avviso di rilevazione virus"),
    ],
)
def test_a_receipt_bears_the_name_the_rules_give_it(kind: MessageKind, term: str) -> None:
    assert language("it").say(KINDS[kind]) == term


def test_italian_is_set_with_its_own_apostrophe_and_the_punctuation_of_the_english() -> None:
    ends = (".", ":", "…", ",", ";")

    def end(text: str) -> str:
        return text[-1] if text.endswith(ends) else ""

    def margins(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert [italian for _, italian in pairs() if re.search(r"\w'\w", italian)] == []
    assert [italian for _, italian in pairs() if "  " in italian.strip()] == []
    assert [italian for english, italian in pairs() if margins(english) != margins(italian)] == []
    assert [italian for english, italian in pairs() if end(english) != end(italian)] == []


# --- argparse ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["verify"], "mancano argomenti obbligatori: FILE. Vedi `pecdesk verify --help`."),
        (["list", "--limit"], "argomento --limit: serve un valore. Vedi `pecdesk list --help`."),
        (["list", "--limit", "-1"], "argomento --limit: '-1' non è un numero intero. Vedi `pecdesk list --help`."),
        (["list", "--more"], "argomenti sconosciuti: --more. Vedi `pecdesk --help`."),
        (["list", "--l", "3"], "opzione ambigua: --l può stare per --lang, --limit. Vedi `pecdesk list --help`."),
        (["list", "--json=3"], "argomento --json: non accetta il valore '3'. Vedi `pecdesk list --help`."),
        (
            ["list", "--direction", "up"],
            "argomento --direction: 'up' non è tra i valori possibili: sent, received. Vedi `pecdesk list --help`.",
        ),
        (
            ["verify", "a.eml", "--at", "2020-01-01T00:00:00"],
            "argomento --at: a '2020-01-01T00:00:00' manca lo scarto da UTC; scrivi come in 2026-11-22T09:15:00+01:00."
            " Vedi `pecdesk verify --help`.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_wrong_words_are_complained_of_in_italian(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--lang", "it", *words]) == 2
    assert capsys.readouterr().err == f"pecdesk: {complaint}\n"


def test_a_wrong_command_is_complained_of_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang=it", "dance"]) == 2
    assert capsys.readouterr().err.startswith("pecdesk: argomento COMMAND: scelta non valida: 'dance' (scegli tra ")

    assert run(["--lang=en", "dance"]) == 2
    assert capsys.readouterr().err.startswith("pecdesk: argument COMMAND: invalid choice: 'dance' (choose from ")


def test_no_english_line_is_left_in_the_italian_help(capsys: pytest.CaptureFixture[str]) -> None:
    commands = [[], ["trust", "add"], ["trust", "remove"], *([name] for name in ("demo", "verify", "list", "proof"))]

    for command in commands:
        told = {}
        for code in ("it", "en"):
            with pytest.raises(SystemExit):
                run(["--lang", code, *command, "--help"])
            told[code] = {line.strip() for line in capsys.readouterr().out.splitlines() if " " in line.strip()}
        same = {line for line in told["it"] & told["en"] if not line.startswith(("[", "--"))}

        assert same <= {"FILE [FILE ...]", "ID [ID ...]", "list|add|remove ..."}, command
        assert any(line.startswith("uso: pecdesk") for line in told["it"])


def test_argparse_is_given_its_own_language_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    before = gettext.textdomain()

    with pytest.raises(SystemExit, match="uso: "), argparse_in(language("it")):
        sys.exit(gettext.gettext("usage: "))

    assert (gettext.textdomain(), os.environ["LANGUAGE"]) == (before, "de")


# --- the script that keeps it -----------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the script reads and writes."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "packaging").mkdir()
    shutil.copy(ROOT / "packaging" / "translate.sh", tmp_path / "packaging")
    shutil.copytree(ROOT / "pecdesk", tmp_path / "pecdesk", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "resources" / "translations", tmp_path / "resources" / "translations")
    return tmp_path


def translate(checkout: Path, *options: str) -> str:
    script = checkout / "packaging" / "translate.sh"
    environment = {**os.environ, "PECDESK_PYTHON": sys.executable}
    return subprocess.run(
        ["sh", script, *options], env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


def test_the_script_changes_nothing_in_a_catalogue_that_is_complete(checkout: Path) -> None:
    said = translate(checkout)

    assert said == f"{len(messages())} messages, 0 empty, 0 fuzzy, 0 no longer said"
    copy = checkout / CATALOGUE.relative_to(ROOT)
    assert copy.read_text(encoding="utf-8") == CATALOGUE.read_text(encoding="utf-8")


def test_the_script_keeps_the_translation_of_a_sentence_that_is_gone_until_told_otherwise(checkout: Path) -> None:
    module = checkout / "pecdesk" / "explain" / "failures.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(text.replace('N_("The recipient\'s mailbox is full.")', 'N_("Zebra quux!")'), encoding="utf-8")
    copy = checkout / CATALOGUE.relative_to(ROOT)
    translation = "La casella del destinatario è piena."
    assert translation in copy.read_text(encoding="utf-8")

    said = translate(checkout)

    assert said.endswith("1 empty, 0 fuzzy, 1 no longer said")
    assert translation in copy.read_text(encoding="utf-8")
    assert translate(checkout, "--prune").endswith("1 empty, 0 fuzzy, 0 no longer said")
    assert translation not in copy.read_text(encoding="utf-8")
