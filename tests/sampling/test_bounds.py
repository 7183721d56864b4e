"""Batches drawn by their error bounds: exact, independent of the list's order, rounds extend."""

from collections import Counter
from fractions import Fraction
from itertools import accumulate
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.errors import RequestError
from tallyproof.sampling.arlo import arlo_batches, key_text, numpy_choices
from tallyproof.sampling.bounds import draw_by_bounds
from tallyproof.sampling.counter import counter_number
from tallyproof.sampling.seed import Seed

SEED = Seed("53417960661093690826")
BOUNDS = {"A": Fraction(1, 2), "B": Fraction(0), "C": Fraction(1, 3), "D": Fraction(5)}
weights = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.fractions(0, 9, max_denominator=50), min_size=1, max_size=8
).filter(lambda bounds: any(bounds.values()))


@settings(deadline=None)
@given(weights, st.integers(0, 20), st.integers(0, 20))
def test_rounds_extend_and_the_order_of_the_list_does_not_matter(
    bounds: dict[str, Fraction], first: int, second: int
) -> None:
    """Two rounds of a list turned around are one draw of the list."""
    turned = dict(reversed(bounds.items()))
    rounds = draw_by_bounds(SEED, turned, first) + draw_by_bounds(SEED, turned, second, already=first)
    assert rounds == draw_by_bounds(SEED, bounds, first + second)


@settings(deadline=None)
@given(weights)
def test_a_draw_is_where_its_number_falls(bounds: dict[str, Fraction]) -> None:
    """The definition, in fractions: batches side by side in the order of their names."""
    names = sorted(bounds)
    ends = list(accumulate(bounds[name] for name in names))
    for draw, name in enumerate(draw_by_bounds(SEED, bounds, 10), start=1):
        point = Fraction(counter_number(SEED, draw), 2**256) * ends[-1]
        assert name == next(n for n, end in zip(names, ends, strict=True) if point < end)


def test_batches_come_in_proportion_to_their_bounds() -> None:
    """Chi-square over 20,000 draws lies within four standard deviations; a bound of 0 is never drawn."""
    counts, total = Counter(draw_by_bounds(SEED, BOUNDS, 20_000)), sum(BOUNDS.values())
    expected = {name: float(20_000 * bound / total) for name, bound in BOUNDS.items() if bound}
    chi_square = sum((counts[name] - mean) ** 2 / mean for name, mean in expected.items())
    assert set(counts) == set(expected)
    assert abs(chi_square - 2) < 4 * (2 * 2) ** 0.5


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({"A": Fraction(-1), "B": Fraction(2)}, "the bound of A is -1"),
        ({"A": 0.5}, "whole numbers or fractions"),
        ({"A": Fraction(0)}, "no bound is above 0"),
        ({}, "no bound is above 0"),
    ],
)
def test_bounds_that_cannot_be_drawn_from_are_refused(bounds: dict[str, Any], message: str) -> None:
    """Both ways of drawing say why."""
    with pytest.raises(RequestError, match=message):
        draw_by_bounds(SEED, bounds, 3)
    with pytest.raises(RequestError, match=message):
        arlo_batches(SEED, bounds, 3)


def test_sizes_below_zero_are_refused() -> None:
    """So is a round that starts before the first draw."""
    with pytest.raises(RequestError, match="'size' is -1"):
        draw_by_bounds(SEED, BOUNDS, -1)
    with pytest.raises(RequestError, match="'already' -1"):
        arlo_batches(SEED, BOUNDS, 1, already=-1)


@settings(deadline=None)
@given(weights, st.integers(0, 2**32))
def test_choices_are_those_of_numpy(bounds: dict[str, Fraction], number: int) -> None:
    """The choices written from raw words are the ones that NumPy's own method makes."""
    from hashlib import sha256

    seed, total = Seed(f"{number:020d}"), sum(bounds.values())
    shares = [float(bound / total) for bound in bounds.values()]
    generator = np.random.default_rng(int(sha256(seed.text.encode()).hexdigest(), 16))
    theirs = generator.choice(len(shares), 25, p=shares, replace=True)
    assert numpy_choices(seed, list(bounds.values()), 25).tolist() == theirs.tolist()


def test_keys_are_printed_as_either_numpy_prints_them() -> None:
    """A plain text prints alike; a tuple's parts are marked from NumPy 2 on."""
    assert key_text(("Jx 1", "pct 8")) == "('Jx 1', 'pct 8')"
    assert (
        key_text(("Jx 1", "pct 8"), 2)
        == "(np.str_('Jx 1'), np.str_('pct 8'))"
        == str(tuple(np.array(["Jx 1", "pct 8"])))
    )
    assert key_text(("one",), 2) == str(tuple(np.array(["one"])))
    assert key_text("pct 8", 2) == "pct 8" == str(np.array(["pct 8"])[0])
