"""Small phrases that all findings share: places, counts and source cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tallyproof.election.evidence import Source
from tallyproof.election.jurisdiction import STATES


def place(row: Mapping[str, Any]) -> str:
    """The unit as people name it: "Oneida, Town of Hazelhurst Wards 1-2"; a state's name on state level."""
    parts = [part for part in (row["county"], row["unit"]) if part]
    return ", ".join(parts) or STATES.get(row["state"], row["state"]) or "all units"


def count(number: int, word: str) -> str:
    """The number with thousands separated and its word in the right form: "1 vote", "2,485 votes"."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def source_of(row: Mapping[str, Any], column: str = "") -> Source:
    """The source cell of a row that carries file, row and snapshot."""
    return Source(row["file"], row["row"], column or row.get("column") or None, row.get("snapshot", ""))


def topic(*parts: str) -> str:
    """What tells findings of one check, contest and unit apart: a choice, a measure, a source."""
    return " ".join(part for part in parts if part)
