"""Vectors: published inputs and answers, each with its source and tolerance.

A test that asks for a vector must read every part of its answer: conftest.py looks after each test.
"""

import inspect
import json
import os
from collections.abc import Container, Iterator
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from .recorded import Reading

SHARED = Path(os.environ.get("TALLYPROOF_SHARED") or Path(__file__).resolve().parents[3] / "shared")
REASON = f"needs the shared vectors (looked in {SHARED / 'vectors'}): set TALLYPROOF_SHARED to their folder"
WORDS = {"correct": "says in words what the test of that id asserts in numbers"}
"""Parts of answers, by their key, that no test reads, and why."""

readings: dict[str, Reading] = {}
"""What the running test has read, by vector."""


@cache
def all_vectors() -> dict[str, dict[str, Any]]:
    """Every vector by its id; none where the files are absent."""
    files = [SHARED / "vectors" / name for name in ("audit_math.json", "audit_apps.json")]
    there = [json.loads(file.read_text(encoding="utf-8"))["vectors"] for file in files if file.is_file()]
    return {vector["id"]: vector for vectors in there for vector in vectors}


def vector(name: str) -> dict[str, Any]:
    """One vector, whose answer the test reads in full; the test is skipped where the files are absent."""
    if not all_vectors():
        pytest.skip(REASON)
    if name not in readings:
        found = all_vectors()[name]
        readings[name] = Reading(found["expected"])
        readings[name].answer.update({key: value for key, value in found.items() if key != "expected"})
    return readings[name].answer


def inputs(name: str) -> Any:
    """What goes into a vector whose answer another test asserts."""
    if not all_vectors():
        pytest.skip(REASON)
    return all_vectors()[name]["inputs"]


def ids(prefix: str, *methods: str, but: Container[str] = ()) -> list[str]:
    """The ids that start with ``prefix`` and whose method starts with one of ``methods``, none of ``but``."""
    asked = methods or ("",)
    found = [
        name
        for name, each in all_vectors().items()
        if name.startswith(prefix) and each["method"].startswith(asked) and each["method"] not in but
    ]
    return found or [f"{prefix}…"]


# ---- which vectors a test promises to assert


def unread(name: str) -> list[str]:
    """Parts of a vector's answer that the running test has not read, nor need not."""
    if name not in readings:
        return [f"{name}: never asked for"]
    left = [path for path in readings[name].unread if path[-1] not in WORDS]
    return [f"{name}: {'/'.join(map(str, path))}" for path in sorted(left, key=str)]


def promised(function: Any, values: Any) -> set[str]:
    """Ids among a test's parameters and those that it asks for by name."""
    return {*_ids_in(values), *_named(inspect.unwrap(function).__code__)}


def _ids_in(values: Any) -> Iterator[str]:
    if isinstance(values, str):
        yield from {values} & all_vectors().keys()
    elif isinstance(values, (list, tuple, dict)):
        for value in values:
            yield from _ids_in(value)


def _named(code: CodeType) -> Iterator[str]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _named(constant)
        else:
            yield from _ids_in(constant)
