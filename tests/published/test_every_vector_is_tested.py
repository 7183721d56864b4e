"""No published vector is left out: a test asserts each, or its reason for waiting is written here.

That a test which names a vector also reads every part of its answer is looked after in conftest.py; here all
tests are asked which vectors they name.
"""

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .golden import REASON, all_vectors, inputs, promised, readings, unread, vector

HERE = Path(__file__).resolve()
LATER = {"sampler-017": "describes a generator that no published draw was made with, and gives no numbers"}
"""Vectors that no test can assert yet, and why."""


def all_tests() -> Iterator[Callable[..., None]]:
    """The tests beside this one."""
    for file in sorted(HERE.parent.glob("test_*.py")):
        if file != HERE:
            module = importlib.import_module(f".{file.stem}", __package__)
            named = inspect.getmembers(module, inspect.isfunction)
            yield from (test for name, test in named if name.startswith("test_"))


def parameters(test: Callable[..., None]) -> list[Any]:
    """All values that the test runs with."""
    return [mark.args[1] for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]


def test_each_vector_is_asserted_or_explained() -> None:
    """Somebody who adds a vector must test it, or say why not."""
    if not all_vectors():
        pytest.skip(REASON)
    asserted = {name for test in all_tests() for name in promised(test, parameters(test))}
    assert asserted | LATER.keys() == all_vectors().keys()
    assert not asserted & LATER.keys()


# ---- the watch itself: what it would say of tests that read too little


@pytest.fixture
def left() -> Iterator[Callable[[str], list[str]]]:
    """What a vector has left to read; afterwards nothing is held against the test that asked."""
    yield unread
    readings.clear()


def test_an_id_that_is_only_written_is_noticed(left: Callable[[str], list[str]]) -> None:
    """Asking for the inputs is not enough."""
    name = "-".join(["alpha", "003"])
    inputs(name)
    assert left(name) == [f"{name}: never asked for"]


def test_a_part_that_is_not_read_is_noticed(left: Callable[[str], list[str]]) -> None:
    """Of P and whether the audit stops, the second."""
    name = "-".join(["supersimple", "small"])
    vector(name)["expected"]["p_value"]
    assert left(name) == [f"{name}: expected/stop"]
    assert vector(name)["expected"] == vector(name)["expected"]
    assert left(name) == []


def test_items_of_lists_are_parts_too(left: Callable[[str], list[str]]) -> None:
    """The first of two numbers read leaves the second."""
    name = "-".join(["macro", "001"])
    vector(name)["expected"][0]
    assert left(name) == [f"{name}: expected/1"]
    assert sum(vector(name)["expected"]) == 51
    assert left(name) == []


def test_a_promise_is_an_id_among_parameters_or_in_the_code() -> None:
    """A word that is no id promises nothing."""
    if not all_vectors():
        pytest.skip(REASON)
    names = list(all_vectors())[:2]
    assert promised(lambda: "alpha", [names[0], ("alpha", {names[1]: 1})]) == set(names)
