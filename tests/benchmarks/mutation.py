"""Mutation testing: one small change at a time in the code that judges, and whether any of its tests notices.

    python -m tests.benchmarks.mutation [--minutes N] [--seed N] [--only WORD …] [--list]

Changes comparisons, conditions, whole numbers, signs, returns, raises and picks of extremes in the functions of
`pecdesk/trust` and of the standing table, and runs the unit tests that reach the changed lines, the quickest first,
until one fails. Every change lives in a process of its own, forked when the tests are loaded, so that none costs more
than the tests it needs. Prints the survivors with their lines, and the figures; exit 1 if any survived that is not
among those explained in `EXPLAINED`. All of them take about an hour on one core; `--minutes` stops earlier, after a
sample that the seed decides. Numbers and names at the top of a module are not changed.
"""

from __future__ import annotations

import argparse
import ast
import copy
import functools
import gc
import importlib
import math
import os
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import CodeType, FunctionType

import coverage
import pytest

import pecdesk
from tests.benchmarks.mutation_explained import EXPLAINED

ROOT = Path(pecdesk.__file__).parents[1]
MUTATED = [*sorted((ROOT / "pecdesk" / "trust").glob("*.py")), ROOT / "pecdesk" / "pec" / "standing.py"]
TESTS = ("tests/unit/trust", "tests/unit/pec/test_standing.py", "tests/unit/examine/test_standing_rows.py")
SECONDS = 10
"""For the tests of one mutant, beside five times what they usually take; one that takes longer hangs, which is a way of
being noticed."""

Change = tuple[str, Callable[[ast.AST], ast.AST]]

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_TWINS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """One change in one file."""

    path: Path
    line: int
    last_line: int
    what: str
    number: int
    """Which change of this file it is."""

    @property
    def place(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"

    @property
    def text(self) -> str:
        """The line as it stands."""
        return self.path.read_text(encoding="utf-8").splitlines()[self.line - 1].strip()


def _set(field: str, value: object) -> Callable[[ast.AST], ast.AST]:
    def change(node: ast.AST) -> ast.AST:
        setattr(node, field, value)
        return node

    return change


def _changes_of(node: ast.AST) -> Iterator[Change]:
    """What may be changed about one node."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARISONS:
            for other in _COMPARISONS[type(op)]:
                yield f"{type(op).__name__} to {other.__name__}", _set("ops", [other()])
        case ast.Compare(ops=[first, second]) if type(first) in _COMPARISONS and type(second) in _COMPARISONS:
            yield f"first {type(first).__name__} turned", _set("ops", [_COMPARISONS[type(first)][0](), second])
            yield f"second {type(second).__name__} turned", _set("ops", [first, _COMPARISONS[type(second)][0]()])
        case ast.BoolOp():
            yield "and/or exchanged", _set("op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
            for index in range(len(node.values)):
                rest = [value for at, value in enumerate(node.values) if at != index]
                yield (
                    f"operand {index} left out",
                    lambda _, rest=rest: rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest),
                )  # type: ignore[misc]
        case ast.UnaryOp(op=ast.Not()):
            yield "not left out", lambda node: node.operand  # type: ignore[attr-defined]
        case ast.BinOp() if type(node.op) in _OPERATORS:
            yield f"{type(node.op).__name__} exchanged", _set("op", _OPERATORS[type(node.op)]())
        case ast.AugAssign() if type(node.op) in _OPERATORS:
            yield f"{type(node.op).__name__} exchanged", _set("op", _OPERATORS[type(node.op)]())
            yield "left out", lambda _: ast.Pass()
        case ast.Constant(value=bool(value)):
            yield f"{value} turned", _set("value", not value)
        case ast.Constant(value=int(value)):
            yield f"{value} plus one", _set("value", value + 1)
        case ast.If() | ast.While() | ast.IfExp():
            yield "condition turned", _set("test", ast.UnaryOp(ast.Not(), node.test))
        case ast.comprehension(ifs=[_, *_]):
            yield "filter left out", _set("ifs", [])
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and not value.value):
            yield "returns None", _set("value", ast.Constant(None))
        case ast.Raise() | ast.Continue():
            yield f"{type(node).__name__} left out", lambda _: ast.Pass()
        case ast.Expr(value=ast.Call()):
            yield "call left out", lambda _: ast.Pass()
        case ast.Call(func=ast.Name(id=name)) if name in _TWINS:
            yield f"{name} to {_TWINS[name]}", _set("func", ast.Name(_TWINS[name], ast.Load()))


def _inside_functions(tree: ast.Module) -> Iterator[ast.AST]:
    """Nodes that are run when a function is called; annotations, defaults and what only a person reads are not."""
    for node in tree.body:
        yield from _walk(node, inside=False)


def _walk(node: ast.AST, *, inside: bool) -> Iterator[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        body = node.body if isinstance(node.body, list) else [node.body]
        for child in body:
            yield from _walk(child, inside=True)
        return
    if isinstance(node, ast.JoinedStr):
        return
    if inside:
        yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _walk(child, inside=inside)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every change that can be made in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    number = 0
    for node in _inside_functions(tree):
        for what, _ in _changes_of(node):
            line = getattr(node, "lineno", None) or node.target.lineno  # type: ignore[attr-defined]
            last = getattr(node, "end_lineno", None) or line
            if isinstance(node, ast.If | ast.While):
                last = node.test.end_lineno or line
            yield Mutant(path, line, last, what, number)
            number += 1


def code_of(mutant: Mutant) -> CodeType:
    """The file's code with this change."""
    tree = ast.parse(mutant.path.read_text(encoding="utf-8"))
    number = 0
    for node in _inside_functions(tree):
        for _, change in _changes_of(node):
            if number == mutant.number:
                changed = change(copy.copy(node))
                _Replace(node, changed).visit(tree)
                return compile(ast.fix_missing_locations(tree), str(mutant.path), "exec")
            number += 1
    raise AssertionError(mutant)


class _Replace(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, ast.copy_location(new, old) if hasattr(old, "lineno") else new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().generic_visit(node)


def _codes(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """The code of every function that stands by itself in a module, by name and line."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield (constant.co_qualname, constant.co_firstlineno), constant
            yield from _codes(constant)


class Program:
    """The functions and the caches of the program, whoever holds them, as they are when the tests are loaded."""

    def __init__(self) -> None:
        for path in MUTATED:
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        files = {str(path) for path in MUTATED}
        things = gc.get_objects()
        self.functions = [one for one in things if isinstance(one, FunctionType) and one.__code__.co_filename in files]
        self.caches = [
            one
            for one in things
            if isinstance(one, functools._lru_cache_wrapper) and (one.__module__ or "").startswith("pecdesk")
        ]

    def put_in(self, mutant: Mutant) -> None:
        """Run the changed code from now on."""
        changed = dict(_codes(code_of(mutant)))
        for function in self.functions:
            old = function.__code__
            new = changed.get((old.co_qualname, old.co_firstlineno))
            if old.co_filename == str(mutant.path) and new is not None and new.co_freevars == old.co_freevars:
                function.__code__ = new

    def forget(self) -> None:
        """Empty every cache, so that nothing is remembered from other code or other tests."""
        for cache in self.caches:
            cache.cache_clear()


class Campaign:
    """A pytest plug-in: runs every test once to see what it reaches, then the mutants, instead of the usual loop."""

    def __init__(self, mutants: list[Mutant], minutes: float) -> None:
        self.mutants = mutants
        self.minutes = minutes
        self.reached: dict[tuple[str, int], list[str]] = defaultdict(list)
        self.seconds: dict[str, float] = {}
        self.results: dict[Mutant, str] = {}
        self.program: Program
        self.child = False
        self.failed: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Before any test is loaded: property tests try the same every time and remember nothing."""
        from hypothesis import settings

        settings.register_profile("mutation", database=None, derandomize=True)
        settings.load_profile("mutation")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that fails ends the life of a mutant."""
        if report.failed:
            if self.child:
                os._exit(1)
            self.failed.append(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running the tests once."""
        self.program = Program()
        self._look(session)
        if self.failed:
            print(f"these tests fail by themselves: {self.failed}", file=sys.stderr)
            return True
        items = {item.nodeid: item for item in session.items}
        end = time.monotonic() + self.minutes * 60
        gc.collect()
        gc.freeze()
        for number, mutant in enumerate(self.mutants, start=1):
            if time.monotonic() > end:
                break
            names = {
                name
                for line in range(mutant.line, mutant.last_line + 1)
                for name in self.reached[str(mutant.path), line]
            }
            tests = [items[name] for name in sorted(names, key=self.seconds.__getitem__)]
            self.results[mutant] = self._try(mutant, tests) if tests else "not reached"
            if self.results[mutant] not in ("killed", "hangs"):
                _say(f"{self.results[mutant]}: {mutant.place}: {mutant.what}: {mutant.text}  [{len(tests)} tests]")
            if number % 100 == 0:
                _say(f"{number} of {len(self.mutants)}: {dict(Counter(self.results.values()))}")
        return True

    def _look(self, session: pytest.Session) -> None:
        """Run every test once, and write down which lines it reaches."""
        measured = coverage.Coverage(data_file=None, config_file=False, include=[str(path) for path in MUTATED])
        measured.start()
        for item in session.items:
            self.program.forget()
            measured.switch_context(item.nodeid)
            began = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            self.seconds[item.nodeid] = time.process_time() - began
        measured.stop()
        data = measured.get_data()
        for path in MUTATED:
            for line, names in data.contexts_by_lineno(str(path)).items():
                self.reached[str(path), line] = [name for name in names if name in self.seconds]

    def _try(self, mutant: Mutant, tests: list[pytest.Item]) -> str:
        child = os.fork()
        if child == 0:
            self.child = True
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(SECONDS + 5 * math.ceil(sum(self.seconds[test.nodeid] for test in tests)))
            try:
                self.program.put_in(mutant)
                for item in tests:
                    self.program.forget()
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            except BaseException:  # noqa: BLE001 - a mutant may break anything
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return "hangs" if os.WTERMSIG(status) == signal.SIGALRM else "killed"
        return "killed" if os.WEXITSTATUS(status) else "SURVIVED"


def _say(line: str) -> None:
    os.write(_OUT, (line + "\n").encode())


_OUT = os.dup(1)
"""Standard output as it was before pytest took it."""


def main() -> int:
    """Try the mutants and print what came of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mutation", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1e6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", default=[""], help="only files or changes that hold one of these words")
    parser.add_argument("--list", action="store_true", help="only count them")
    words = parser.parse_args()
    mutants = [mutant for path in MUTATED for mutant in mutants_of(path)]
    mutants = [mutant for mutant in mutants if any(word in f"{mutant.place} {mutant.what}" for word in words.only)]
    if words.list:
        for path, count in Counter(str(mutant.path.name) for mutant in mutants).items():
            print(f"{count:5} {path}")
        print(f"{len(mutants):5} together")
        return 0
    Random(words.seed).shuffle(mutants)
    campaign = Campaign(mutants, words.minutes)
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:cov", "--no-header", *TESTS]
    pytest.main(options, plugins=[campaign])
    counted = Counter(campaign.results.values())
    survivors = [mutant for mutant, result in campaign.results.items() if result in ("SURVIVED", "not reached")]
    explained = [mutant for mutant in survivors if (mutant.text, mutant.what) in EXPLAINED]
    print(f"\n{len(campaign.results)} of {len(mutants)} mutants tried: {dict(counted)}")
    print(f"{len(explained)} of the survivors are explained, {len(survivors) - len(explained)} are not")
    return 1 if len(survivors) > len(explained) or campaign.failed else 0


if __name__ == "__main__":
    sys.exit(main())
