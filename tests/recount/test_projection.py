"""The projected final margin: its interval covers, tightens, and is refused where nothing can be said."""

import numpy as np
import pytest

from tallyproof.recount.compared import solve_recount_comparison as solve
from tallyproof.recount.comparison import Projection, RecountComparison, UnitCount

RUNS, UNITS = 120, 200


def population(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Votes and changes of the margin by unit: mostly none, some small, one large (as in Wisconsin 2016)."""
    votes = rng.integers(200, 2_000, UNITS)
    changes = np.where(rng.random(UNITS) < 0.3, rng.integers(-3, 5, UNITS), 0)
    changes[rng.integers(UNITS)] = 150
    return votes, changes


def projected(votes: np.ndarray, changes: np.ndarray, done: np.ndarray, **more: object) -> Projection:
    """The projection when these units are recounted; Ann leads by a tenth of the votes."""
    units = []
    for number, (each, by) in enumerate(zip(votes.tolist(), changes.tolist(), strict=True)):
        ann, bob = each * 11 // 20, each - each * 11 // 20
        after = {"Ann": ann + by, "Bob": bob} if number in done else None
        units.append(UnitCount(f"U{number}", {"Ann": ann, "Bob": bob}, after))
    return solve(RecountComparison(units=tuple(units), **more)).projection  # type: ignore[arg-type]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_interval_covers_the_final_margin_in_seeded_simulation(share: float) -> None:
    """At 90 % confidence, in 120 random orders with one large error, at most 12 + 3 sd miss."""
    rng = np.random.default_rng(2016)
    missed = 0
    for run in range(RUNS):
        votes, changes = population(rng)
        final = sum(each * 11 // 20 * 2 - each for each in votes.tolist()) + int(changes.sum())
        done = set(rng.permutation(UNITS)[: int(share * UNITS)].tolist())
        found = projected(votes, changes, done, largest_change=200, confidence=0.9, seed=run)  # type: ignore[arg-type]
        assert found.low is not None and found.high is not None
        missed += not found.low <= final <= found.high
    assert missed <= 0.1 * RUNS + 3 * (RUNS * 0.1 * 0.9) ** 0.5


def test_the_interval_tightens_to_the_final_margin() -> None:
    """The more is recounted the narrower; at the end nothing is uncertain."""
    votes, changes = population(np.random.default_rng(1))
    order = np.random.default_rng(2).permutation(UNITS)
    widths = []
    for number in (30, 100, 190, 200):
        found = projected(votes, changes, set(order[:number].tolist()), largest_change=200)  # type: ignore[arg-type]
        assert found.low is not None and found.high is not None and found.expected is not None
        assert found.low <= found.expected <= found.high
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True) and widths[-1] == 0


def test_an_assumed_largest_change_narrows_the_interval() -> None:
    """Without it each unit may change by all its votes."""
    votes, changes = population(np.random.default_rng(1))
    done = set(range(100))
    wide = projected(votes, changes, done)  # type: ignore[arg-type]
    narrow = projected(votes, changes, done, largest_change=200)  # type: ignore[arg-type]
    assert (
        wide.high is not None and wide.low is not None and narrow.high is not None and narrow.low is not None
    )
    assert narrow.high - narrow.low < (wide.high - wide.low) / 3
    assert (wide.is_assumed, narrow.is_assumed) == (False, True)


def pair(name: str, recounted: bool, **labels: str) -> UnitCount:
    """A unit of 100 votes without a change."""
    votes: dict[str, int | None] = {"Ann": 60, "Bob": 40}
    return UnitCount(name, votes, votes if recounted else None, labels=labels)


def test_nothing_is_projected_before_the_first_unit() -> None:
    """No unit recounted: the answer says so and gives no number."""
    found = solve(RecountComparison(units=(pair("Ash", False), pair("Birch", False))))
    assert (found.projection.expected, found.projection.cannot) == (None, "No unit is recounted yet.")
    assert "cannot be projected: no unit is recounted yet." in found.sentences[-1]


def test_hand_counted_units_say_nothing_of_machine_counted_ones() -> None:
    """No unit with the label of those left is recounted, so nothing can be said."""
    units = [pair(f"H{n}", True, method="hand") for n in range(40)]
    found = solve(RecountComparison(units=(*units, pair("M", False, method="machine"))))
    assert found.projection.expected is None
    assert "says nothing of what is left" in found.projection.cannot


def test_a_few_unlike_units_are_allowed_everything() -> None:
    """They widen the interval by all they hold; the others are projected."""
    units = [pair(f"H{n}", n < 39, method="hand") for n in range(40)]
    alone = solve(RecountComparison(units=tuple(units))).projection
    with_one = solve(RecountComparison(units=(*units, pair("M", False, method="machine")))).projection
    assert with_one.unlike.units == 1
    assert alone.low is not None and with_one.low is not None and alone.high is not None
    assert with_one.low == alone.low + 20 - 120
    assert with_one.high == alone.high + 20 + 80


def test_the_same_question_has_the_same_answer() -> None:
    """The order of units comes from the seed alone."""
    votes, changes = population(np.random.default_rng(1))
    once, again, other = (
        projected(votes, changes, set(range(99)), largest_change=200, seed=seed)  # type: ignore[arg-type]
        for seed in (1, 1, 2)
    )
    assert once == again
    assert once.expected == other.expected
