"""Simulated draws are fair, simulated sizes are those of the test itself, and carry their error."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.errors import RequestError
from tallyproof.risk.alpha import ShrinkTrunc
from tallyproof.risk.betting import Agrapa, FixedBet, FixedStake
from tallyproof.risk.function import Bet, Population
from tallyproof.risk.permutation import permutations
from tallyproof.risk.sample_size import Sizes, comparison_size, constant_size, simulated_sizes
from tallyproof.risk.shuffle import Cards, cards, cards_of, replaced_cards, source
from tallyproof.risk.wealth import history

MANY = np.linspace(0, 1, 30)  # more kinds than are told apart card by card
PILES = {
    "two kinds": cards([1, 0], [12, 8]),
    "one kind": cards([0.5], [20]),
    "rare kinds": cards([0.5, 0, 0.25, 1], [16, 2, 1, 1]),
    "three kinds": cards([0.5, 1, 0], [8, 7, 5]),
    "many kinds": cards(MANY, np.full(30, 2)),
}


def drawn(pile: Cards, audits: int, steps: list[int], seed: int = 1) -> np.ndarray:
    """Cards drawn in so many steps."""
    draws = source(pile, audits, np.random.default_rng(seed))
    return np.concatenate([draws.draw(step) for step in steps])


# ---- fair draws


@pytest.mark.parametrize("name", PILES)
def test_the_whole_pile_is_drawn_once(name: str) -> None:
    """In steps of any length every card comes out exactly once, in every audit."""
    pile = PILES[name]
    size = pile.size or 0
    found = drawn(pile, 40, [3, 1, 7, size - 11])
    everything = np.sort(np.repeat(pile.values, pile.counts.astype(int)))
    assert np.array_equal(np.sort(found, axis=0), np.repeat(everything[:, None], 40, axis=1))


@pytest.mark.parametrize("name", PILES)
def test_every_position_is_fair(name: str) -> None:
    """At each position the mean over 20,000 audits is the pile's, within 4.5 standard errors."""
    pile = PILES[name]
    found = drawn(pile, 20_000, [5, pile.size - 5 if pile.size else 0], seed=2)
    spread = math.sqrt(float((pile.values - pile.mean) ** 2 @ pile.counts) / float(pile.counts.sum()))
    assert np.all(np.abs(found.mean(axis=1) - pile.mean) <= 4.5 * spread / math.sqrt(20_000) + 1e-12)


@pytest.mark.parametrize("name", ["two kinds", "rare kinds", "three kinds", "many kinds"])
def test_sums_vary_as_without_replacement(name: str) -> None:
    """The variance of a half sample's sum is n s^2 (1 - n / N) N / (N - 1), within 5 %."""
    pile = PILES[name]
    size = pile.size or 0
    n = size // 2
    sums = drawn(pile, 40_000, [2, n - 2], seed=3).sum(axis=0)
    variance = float((pile.values - pile.mean) ** 2 @ pile.counts) / size
    assert float(sums.var()) == pytest.approx(n * variance * (size - n) / (size - 1), rel=0.05)


def test_pairs_of_cards_are_fair() -> None:
    """All 20 ordered pairs of five cards come equally often (chi-squared, 19 degrees of freedom)."""
    first, second = permutations(5, 40_000, np.random.default_rng(4)).places(0, 2)
    counts = np.bincount(first * 5 + second, minlength=25).reshape(5, 5)
    assert np.all(np.diag(counts) == 0)
    expected = 40_000 / 20
    assert float(np.sum((counts[counts > 0] - expected) ** 2) / expected) < 43.8  # one in a thousand


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(1, 300), st.integers(0, 2**32))
def test_a_permutation_takes_every_place_once(size: int, seed: int) -> None:
    """Also when asked for piece by piece."""
    order = permutations(size, 3, np.random.default_rng(seed))
    half = size // 2
    places = np.concatenate([order.places(0, half), order.places(half, size - half)])
    assert np.array_equal(np.sort(places, axis=0), np.repeat(np.arange(size)[:, None], 3, axis=1))


def test_shares_with_replacement() -> None:
    """Each value comes with its share, for few kinds and for many."""
    few = drawn(replaced_cards([0, 0.5, 1], [0.2, 0.3, 0.5]), 1_000, [200])
    assert [float(np.mean(few == value)) for value in (0, 0.5, 1)] == pytest.approx(
        [0.2, 0.3, 0.5], abs=0.005
    )
    many = drawn(replaced_cards(MANY, np.full(30, 1 / 30)), 1_000, [200])
    assert np.unique(many).tolist() == MANY.tolist()
    assert float(many.mean()) == pytest.approx(0.5, abs=0.005)


def test_only_the_cards_drawn_cost_anything() -> None:
    """Ten million cards of thousands of kinds are a table of kinds."""
    pile = cards(np.linspace(0, 1, 5_000), np.full(5_000, 2_000))
    assert drawn(pile, 10, [50]).shape == (50, 10)
    assert pile.size == 10_000_000


def test_one_audit_of_a_hundred_thousand_draws() -> None:
    """Long steps of few audits count cards beyond 2^15 rightly."""
    found = drawn(cards([1, 0], [60_000, 60_000]), 1, [100_000, 20_000])
    assert found.sum() == 60_000
    assert abs(float(found[:100_000].sum()) - 50_000) < 4.5 * math.sqrt(100_000 / 4 / 6)


# ---- sizes


@pytest.mark.parametrize("bet", [ShrinkTrunc(0.58, d=20), Agrapa(0.58), FixedBet(0.3)])
@pytest.mark.parametrize("size", [300, None])
def test_sizes_are_those_of_whole_histories(bet: Bet, size: int | None) -> None:
    """Stopping each audit at its crossing gives the distribution of crossings of full histories."""
    chance = np.random.default_rng(5)
    whole = np.repeat([1.0, 0.5, 0.0], [150, 60, 90])
    columns = np.repeat(whole[:, None], 3_000, axis=1)
    x = chance.permuted(columns, axis=0) if size else chance.choice(whole, size=(900, 3_000))
    crossings = history(x, Population(1, 0.5, size), bet).crossing(0.1)
    pile = cards_of(whole) if size else replaced_cards([1, 0.5, 0], [0.5, 0.2, 0.3])
    found = simulated_sizes(
        pile, Population(1, 0.5, size), bet, 0.1, chance, 3_000, None, horizon=300 if size else 900
    )
    for draws in (20, 50, 100, 200):
        ended = float(np.mean((crossings > 0) & (crossings <= draws)))
        estimate = found.chance_within(draws)
        assert abs(estimate.value - ended) <= 4.5 * math.sqrt(2 * 0.25 / 3_000)


def test_the_same_generator_gives_the_same_sizes() -> None:
    """A seed repeats a plan exactly."""
    plans = [
        simulated_sizes(
            cards([1, 0], [5_400, 4_600]),
            Population(1, 0.5, 10_000),
            ShrinkTrunc(0.54),
            0.05,
            np.random.default_rng(6),
            300,
        )
        for _ in range(2)
    ]
    assert np.array_equal(plans[0].ended, plans[1].ended)


def test_sizes_hardly_depend_on_the_number_of_cards() -> None:
    """10^5 and 10^7 cards: medians within their Monte Carlo error of each other."""
    medians = []
    for size in (100_000, 10_000_000):
        pile = cards([1, 0], [size * 55 // 100, size * 45 // 100])
        found = simulated_sizes(
            pile, Population(1, 0.5, size), ShrinkTrunc(0.55), 0.05, np.random.default_rng(7), 500, [0.5]
        )
        median = found.quantile(0.5)
        assert median is not None
        medians.append(median)
    assert medians[0].low <= medians[1].high
    assert medians[1].low <= medians[0].high


def test_what_was_drawn_counts() -> None:
    """A good first sample shortens the plan; one that met the limit ends it."""
    pile, population = cards([1, 0], [5_450, 4_450]), Population(1, 0.5, 10_000)
    good, bad = np.tile([1.0, 0.0, 1.0, 1.0, 0.0], 20), np.tile([0.0, 1.0, 0.0, 1.0, 0.0], 20)
    means = []
    for seen in (good, bad):
        sizes = simulated_sizes(
            pile, population, FixedBet(0.2), 0.05, np.random.default_rng(8), 400, None, drawn=seen
        )
        mean = sizes.mean()
        assert mean is not None
        means.append(mean.value)
    assert means[0] < means[1]
    met = simulated_sizes(
        cards([1, 0], [5_400, 4_590]),
        population,
        FixedBet(2.0),
        0.05,
        np.random.default_rng(8),
        10,
        None,
        drawn=np.ones(10),
    )
    assert met.ended.tolist() == [0] * 10


def test_audits_that_never_end() -> None:
    """A tie is not confirmed by counting all: quantiles are None, and so is the mean."""
    pile = cards([1, 0], [50, 50])
    found = simulated_sizes(
        pile, Population(1, 0.5, 100), ShrinkTrunc(0.55), 0.05, np.random.default_rng(9), 500, None
    )
    assert found.horizon == 100
    assert len(found.ended) / 500 <= 0.05 + 3.1 * math.sqrt(0.05 * 0.95 / 500)
    assert found.quantile(0.5) is None
    assert found.mean() is None


def test_the_horizon_ends_the_simulation() -> None:
    """Nothing is said beyond it."""
    pile = replaced_cards([1, 0], [0.51, 0.49])
    found = simulated_sizes(
        pile, Population(), ShrinkTrunc(0.51), 0.05, np.random.default_rng(10), 50, [0.9], horizon=100
    )
    assert found.horizon == 100
    with pytest.raises(RequestError, match="'cards' must be"):
        found.chance_within(101)


def test_estimates_carry_their_error() -> None:
    """Order statistics two binomial errors apart; a chance and a mean with two standard errors."""
    found = Sizes(np.arange(1, 101), 100, 100)
    quantile, chance, mean = found.quantile(0.5), found.chance_within(50), found.mean()
    assert quantile is not None and mean is not None
    assert (quantile.low, quantile.value, quantile.high) == (40, 50, 60)
    assert (chance.low, chance.value, chance.high) == pytest.approx((0.4, 0.5, 0.6))
    assert mean.value == 50.5
    assert mean.high - mean.value == pytest.approx(2 * np.arange(1, 101).std(ddof=1) / 10)
    late = Sizes(np.arange(1, 61), 100, 60).quantile(0.55)
    assert late is not None
    assert late.high == math.inf


@settings(deadline=None)
@given(st.floats(0.005, 1), st.floats(0.01, 0.3), st.floats(0.5, 2))
def test_the_closed_form_is_the_first_draw_at_the_limit(margin: float, alpha: float, bet: float) -> None:
    """P after n cards without error is at most alpha, after n - 1 it is not."""
    n = comparison_size(alpha, margin, bet)
    gain = math.log1p(bet * (1 / (2 - margin) - 0.5))
    assert n * gain >= -math.log(alpha) - 1e-6
    assert (n - 1) * gain < -math.log(alpha) + 1e-9


def test_equal_cards() -> None:
    """A constant sample crosses where its history does; one at the null mean never does."""
    population = Population(1, 0.5, 1_000)
    assert constant_size(0.7, population, FixedStake(0.5), 0.05) == history(
        np.full(1_000, 0.7), population, FixedStake(0.5)
    ).crossing(0.05)
    assert constant_size(0.5, population, FixedStake(0.5), 0.05) is None
    assert constant_size(0.51, population, FixedStake(0.0), 0.05) == 981  # only the full count proves it


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: cards([1, 0], [1.5, 2]), "counts"),
        (lambda: cards([1, 0], [-1, 2]), "counts"),
        (lambda: cards([1, 0], [0, 0]), "counts"),
        (lambda: cards([1, 0], [1]), "counts"),
        (lambda: cards([], []), "values"),
        (lambda: replaced_cards([1, 0], [0.6, 0.6]), "shares"),
        (lambda: comparison_size(0.05, 0), "margin"),
        (lambda: comparison_size(0.05, 0.1, 2.1), "bet"),
        (lambda: comparison_size(0, 0.1), "alpha"),
        (lambda: permutations(0, 1, np.random.default_rng(1)), "size"),
        (lambda: permutations(5, 1, np.random.default_rng(1)).places(3, 3), "count"),
        (lambda: plan(replaced_cards([1], [1])), "pile"),
        (lambda: plan(cards([1], [9])), "counts"),
        (lambda: plan(cards([2], [10])), "values"),
        (lambda: plan(cards([1], [10]), replications=0), "replications"),
        (lambda: plan(cards([1], [10]), quantiles=(1.0,)), "quantiles"),
        (lambda: plan(cards([1], [10]), alpha=1.0), "alpha"),
        (lambda: Sizes(np.arange(3), 3, 3).quantile(0), "share"),
    ],
)
def test_what_is_no_plan_is_refused(make: object, name: str) -> None:
    """The message names the argument."""
    with pytest.raises(RequestError, match=f"'{name}' must be"):
        make()  # type: ignore[operator]


def plan(pile: Cards, alpha: float = 0.05, **options: object) -> Sizes:
    population = Population(1, 0.5, 10)
    return simulated_sizes(pile, population, FixedBet(1), alpha, np.random.default_rng(1), **options)  # type: ignore[arg-type]
