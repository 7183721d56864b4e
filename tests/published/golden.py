"""Vectors: published inputs and answers, each with its source and tolerance."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(os.environ.get("TALLYPROOF_SHARED") or Path(__file__).resolve().parents[3] / "shared")
REASON = f"needs the shared vectors (looked in {SHARED / 'vectors'}): set TALLYPROOF_SHARED to their folder"


@cache
def all_vectors() -> dict[str, dict[str, Any]]:
    """Every vector by its id; none where the files are absent."""
    files = [SHARED / "vectors" / name for name in ("audit_math.json", "audit_apps.json")]
    there = [json.loads(file.read_text(encoding="utf-8"))["vectors"] for file in files if file.is_file()]
    return {vector["id"]: vector for vectors in there for vector in vectors}


def vector(name: str) -> dict[str, Any]:
    """One vector; the test is skipped where the files are absent."""
    if not all_vectors():
        pytest.skip(REASON)
    return all_vectors()[name]


def ids(prefix: str, *methods: str) -> list[str]:
    """The ids of all vectors that start with ``prefix`` and whose method starts with one of ``methods``."""
    asked = methods or ("",)
    found = [n for n, v in all_vectors().items() if n.startswith(prefix) and v["method"].startswith(asked)]
    return found or [f"{prefix}…"]
