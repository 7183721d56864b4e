"""How fast a recount is held against the count before it: 3,636 units and 17 choices.

Run it alone (``python bench/comparison.py``), or take its lines from ``measure``. Each figure is the best of
a few runs in a warm process.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import polars as pl

from tallyproof.election.returns import conform
from tallyproof.recount.comparison import RecountComparison
from tallyproof.services.comparing import Asked, compare
from tallyproof.services.solving import solve

UNITS, CHOICES, COUNTIES = 3_636, 17, 72


def measure() -> Iterator[str]:
    """One line for each thing measured."""
    chance = np.random.default_rng(2016)
    votes = chance.integers(0, 900, (UNITS, CHOICES))
    recounted = votes + (chance.random((UNITS, CHOICES)) < 0.05) * chance.integers(-2, 3, (UNITS, CHOICES))
    before, after = table(votes), table(np.maximum(recounted, 0))
    title = f"{UNITS:,} units x {CHOICES} choices compared"
    yield line(title, best(lambda: compare(before, after, Asked())), "1 s")
    problem = compare(before, after.filter(pl.col("row") % 2 == 0), Asked(largest_change=300)).problem
    assert isinstance(problem, RecountComparison)
    yield line("of these the arithmetic, half recounted", best(lambda: solve(problem)), "1 s")


def table(votes: np.ndarray[Any, Any]) -> pl.DataFrame:
    """A returns table of these votes, a row per unit and choice."""
    rows = [
        (
            number,
            "WI",
            f"County {number % COUNTIES}",
            f"Ward {number}",
            "wi-president",
            f"Choice {place}",
            int(cell),
        )
        for number, unit in enumerate(votes)
        for place, cell in enumerate(unit)
    ]
    names = ("row", "state", "county", "unit", "contest", "choice", "votes")
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return conform(frame.with_columns(choice_id=pl.col("choice")))


def best(work: Callable[[], object], runs: int = 3) -> float:
    """Seconds of the fastest run."""
    took = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took)


def line(title: str, seconds: float, aim: str) -> str:
    """One line of the table."""
    return f"{title[:46]:46} {UNITS:10,} {seconds:8.2f} {UNITS / seconds:10,.0f} {'':16}  under {aim}"


if __name__ == "__main__":
    for each in measure():
        print(each, flush=True)
