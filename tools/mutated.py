"""A module with a small change in it: put into the functions that are in use, or imported anew."""

from __future__ import annotations

import ast
import builtins
import gc
import importlib
import importlib.abc
import importlib.machinery
import types
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import Any

from mutations import Mutation, outermost_functions

SOURCE = Path(__file__).resolve().parent.parent / "src" / "tallyproof"

FUNCTIONS: dict[str, list[types.FunctionType]] = defaultdict(list)
CALLED: set[str] = set()
TREES: dict[str, ast.Module] = {}
"""Of the modules that are watched: functions by file, those called since it was emptied, text as parsed."""


def path_of(module: str) -> Path:
    """The file of a module named like ``risk.alpha``."""
    return SOURCE.joinpath(*module.split(".")).with_suffix(".py")


def mutated(module: str, mutation: Mutation) -> types.CodeType:
    """The code of a module with the change; the tree stays changed, so this is for a fork."""
    mutation.make()
    return compile(ast.fix_missing_locations(TREES[module]), str(path_of(module)), "exec")


def watch_functions(names: Sequence[str]) -> None:
    """Note the functions of the modules, wherever they are held, and let each say when it is called."""
    files = {str(path_of(name)): name for name in names}
    for name in names:
        importlib.import_module(f"tallyproof.{name}")
    for found in gc.get_objects():
        if isinstance(found, types.FunctionType) and found.__code__.co_filename in files:
            FUNCTIONS[found.__code__.co_filename].append(found)
    builtins.mutants_called = CALLED.add  # type: ignore[attr-defined]
    for file, name in files.items():
        text = Path(file).read_text(encoding="utf-8")
        TREES[name], tree = ast.parse(text), ast.parse(text)
        for function, place in outermost_functions(tree):
            told = ast.parse(f"mutants_called({f'{name}:{place}'!r})").body[0]
            documented = ast.get_docstring(function) is not None
            function.body.insert(int(documented), ast.copy_location(told, function.body[0]))
        _swap(file, compile(ast.fix_missing_locations(tree), file, "exec"))
    gc.freeze()


def swap_code(module: str, mutation: Mutation) -> None:
    """Give the functions of a module that is in use the code with the change."""
    _swap(str(path_of(module)), mutated(module, mutation))


def _swap(filename: str, module: types.CodeType) -> None:
    changed = dict(_codes(module, filename))
    for function in FUNCTIONS[filename]:
        code = function.__code__
        if "<locals>" not in code.co_qualname:
            function.__code__ = changed.get((code.co_qualname, code.co_firstlineno), code)


def _codes(code: types.CodeType, filename: str) -> Iterator[tuple[tuple[str, int], types.CodeType]]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType) and constant.co_filename == filename:
            yield (constant.co_qualname, constant.co_firstlineno), constant
            yield from _codes(constant, filename)


class Loader(importlib.machinery.SourceFileLoader):
    """Reads one module with its change."""

    def __init__(self, name: str, module: str, mutation: Mutation) -> None:
        super().__init__(name, str(path_of(module)))
        self.module, self.mutation = module, mutation

    def get_code(self, fullname: str) -> types.CodeType:
        """The changed code, never a cached one."""
        return mutated(self.module, self.mutation)


class Finder(importlib.abc.MetaPathFinder):
    """Finds the module that is changed."""

    def __init__(self, module: str, mutation: Mutation) -> None:
        self.module, self.mutation = module, mutation

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        """The changed module under its own name."""
        if fullname != f"tallyproof.{self.module}":
            return None
        file = path_of(self.module)
        return spec_from_file_location(fullname, file, loader=Loader(fullname, self.module, self.mutation))
