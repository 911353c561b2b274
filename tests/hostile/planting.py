"""Bugs planted on purpose: a piece of the program's text is replaced, for as long as a test lasts."""

from __future__ import annotations

import functools
import gc
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

import pecdesk

PACKAGE = Path(pecdesk.__file__).parent
MADE_ANEW = ("pecdesk.", "tests.unit.", "tests.hostile.")


@dataclass(frozen=True)
class Bug:
    """A piece of a module's text, which stands there once, and what it is replaced with. No line may be added."""

    module: str
    """Below `pecdesk`: `trust.keys`."""
    old: str
    new: str

    def code(self) -> tuple[str, CodeType]:
        """The module's file and its code with the bug inside."""
        path = PACKAGE / (self.module.replace(".", "/") + ".py")
        text = path.read_text(encoding="utf-8")
        assert text.count(self.old) == 1, f"{self.module} does not say once: {self.old}"
        assert self.old.count("\n") == self.new.count("\n")
        return str(path), compile(text.replace(self.old, self.new), str(path), "exec")


@contextmanager
def planted(*bugs: Bug) -> Iterator[None]:
    """The bugs are there inside the block, for whoever calls the functions of those modules."""
    changed: list[tuple[FunctionType, CodeType]] = []
    for bug in bugs:
        importlib.import_module(f"pecdesk.{bug.module}")
        file, buggy = bug.code()
        codes = dict(_functions_in(buggy))
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType) and thing.__code__.co_filename == file:
                code = codes.get((thing.__code__.co_qualname, thing.__code__.co_firstlineno))
                if code is not None:
                    changed.append((thing, thing.__code__))
                    thing.__code__ = code
    _forget()
    try:
        yield
    finally:
        for function, code in changed:
            function.__code__ = code
        _forget()


def _functions_in(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield (constant.co_qualname, constant.co_firstlineno), constant
            yield from _functions_in(constant)


def _forget() -> None:
    """Empty the caches of the program and of the property tests: what is in them was made by other code.

    Those of the kit stay: its world is made by the builders, and other tests hold parts of it.
    """
    for thing in gc.get_objects():
        if isinstance(thing, functools._lru_cache_wrapper) and (thing.__module__ or "").startswith(MADE_ANEW):
            thing.cache_clear()
