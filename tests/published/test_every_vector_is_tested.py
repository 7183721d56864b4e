"""No published vector is left out: each is asserted by a test, or its reason for waiting is written here."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from .golden import REASON, all_vectors, ids

HERE = Path(__file__).resolve()
LATER = {"sampler-017": "describes a generator that no published draw was made with, and gives no numbers"}
"""Vectors that no test can assert yet, and why."""


def constants(call: ast.Call) -> list[str]:
    """The texts among a call's arguments."""
    return [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]


def named_in(tree: ast.AST) -> Iterator[str]:
    """Vectors that a test file names one by one, or asks for by the beginning of their ids."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ids":
            yield from ids(*constants(node)) if constants(node) else ()
        elif isinstance(node, ast.Constant) and node.value in all_vectors():
            yield node.value


@cache
def asserted() -> frozenset[str]:
    """Vectors that some test of ours asserts."""
    files = [file for file in HERE.parent.glob("test_*.py") if file != HERE]
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in files)
    return frozenset(name for tree in trees for name in named_in(tree))


@pytest.mark.parametrize("name", list(all_vectors()) or [""])
def test_each_vector_is_asserted_or_explained(name: str) -> None:
    """Somebody who adds a vector must test it, or say why not."""
    if not name:
        pytest.skip(REASON)
    assert (name in asserted()) != (name in LATER)


def test_what_waits_is_still_there() -> None:
    """The table holds no vector that is gone."""
    if not all_vectors():
        pytest.skip(REASON)
    assert LATER.keys() <= all_vectors().keys()
