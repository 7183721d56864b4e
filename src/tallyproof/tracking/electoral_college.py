"""Electoral votes: the only place that adds them up."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tallyproof.election.returns import Measure, is_measure

MAJORITY = 270
"""A majority of 538 electors (U.S. Constitution, Twelfth Amendment)."""


@dataclass(frozen=True, slots=True)
class Electors:
    """One person's electors: pledged by the states' results, and cast by the electors."""

    choice: str
    pledged: int
    cast: int | None


def electors(leaves: pl.DataFrame) -> list[Electors]:
    """Electors per choice over all states, most first; empty where no source gives them."""
    given = leaves.filter(is_measure(Measure.ELECTORS, Measure.ELECTORS_CAST))
    if not given.height:
        return []
    by_choice = given.group_by("choice_id").agg(
        pl.col("choice").first(),
        pl.col("votes").filter(is_measure(Measure.ELECTORS)).sum().alias("pledged"),
        pl.col("votes").filter(is_measure(Measure.ELECTORS_CAST)).sum().alias("cast"),
    )
    has_cast = bool(given.select(is_measure(Measure.ELECTORS_CAST).any()).item())
    found = [
        Electors(str(r["choice"]), r["pledged"], r["cast"] if has_cast else None)
        for r in by_choice.iter_rows(named=True)
    ]
    return sorted(found, key=lambda each: (-each.pledged, -(each.cast or 0), each.choice))
