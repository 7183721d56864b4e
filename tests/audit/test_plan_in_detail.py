"""Sizes of audits as problems, in detail: each method's pile, population and bet, and what an answer says."""

import math
from typing import Any

import msgspec
import numpy as np
import pytest

from tallyproof.audit.plan import (
    ErrorRates,
    SampleSize,
    Size,
    SizeMethod,
    solve_sample_size,
)
from tallyproof.errors import RequestError
from tallyproof.risk import bravo
from tallyproof.risk.alpha import ShrinkTrunc
from tallyproof.risk.betting import FixedBet, cobra_bet, kelly_bet
from tallyproof.risk.function import Bet, Population
from tallyproof.risk.macro import macro_size
from tallyproof.risk.rounds import Smallest, normal_votes, smallest_round
from tallyproof.risk.sample_size import Sizes, comparison_size, simulated_sizes
from tallyproof.risk.shuffle import Cards, cards
from tallyproof.risk.supersimple import Discrepancies, starting_size

NOTHING = ErrorRates()


def size(method: SizeMethod, margin: float = 0.1, rates: ErrorRates = NOTHING, **more: Any) -> Size:
    """The one size of a problem of ten thousand cards."""
    given = {"cards": 10_000, "replications": 40, "quantile": 0.7, "risk_limit": 0.1, **more}
    (found,) = solve_sample_size(
        SampleSize(margins=(margin,), methods=(method,), rates=(rates,), **given)
    ).sizes
    return found


def formula(method: str, margin: float, found: int | None, how: Any = "formula", **more: Any) -> Size:
    told = {"two_votes": 0, "one_vote": 0, "low": None, "high": None, "draws": None, "replications": 0}
    return Size(method=method, margin=margin, cards=found, how=how, **{**told, **more})


def played(pile: Cards, upper: float, bet: Bet, total: int = 10_000, seed: int = 1) -> Sizes:
    """Forty audits at 10 %, watched until 70 % of them and the error of that are known."""
    chance = np.random.default_rng(seed)
    return simulated_sizes(pile, Population(upper, 0.5, total), bet, 0.1, chance, 40, (0.7,))


def simulated(method: str, margin: float, ended: Sizes, **rates: float) -> Size:
    found = ended.quantile(0.7)
    assert found is not None
    ends = {"low": int(found.low), "high": int(found.high), "replications": 40}
    return formula(method, margin, int(found.value), "simulated", **ends, **rates)


# ---- records compared with paper


def test_a_comparison_without_errors_is_a_formula() -> None:
    """ln 10 / -ln(1 - v / 2), rounded up."""
    assert size("comparison") == formula("comparison", 0.1, 45)
    assert comparison_size(0.1, 0.1) == math.ceil(math.log(10) / -math.log(0.95)) == 45


@pytest.mark.parametrize(
    ("two", "one", "most"), [(0.001, 0.01, 0.99), (0.0, 0.01, 1.0), (0.001, 0.0, 0.99), (0.0001, 0.0, 0.99)]
)
def test_a_comparison_with_errors_is_simulated(two: float, one: float, most: float) -> None:
    """Cards overstated by two votes count 0, by one half of a right one's 1 / 1.9."""
    usual, many = 1 / 1.9, [round(two * 10_000), round(one * 10_000)]
    pile = cards([0.0, usual / 2, usual], [*many, 10_000 - sum(many)])
    bet = FixedBet(cobra_bet(0.1, two, one), most)
    expected = simulated("comparison", 0.1, played(pile, 2 * usual, bet), two_votes=two, one_vote=one)
    assert size("comparison", rates=ErrorRates(two, one)) == expected


def test_rates_below_one_card_are_none() -> None:
    """Of ten thousand cards 0.00004 is none, and the bet is still made for the rates stated."""
    rates = ErrorRates(0.00004, 0.00004)
    found = size("comparison", rates=rates)
    assert found == formula("comparison", 0.1, 45, two_votes=0.00004, one_vote=0.00004)


def test_the_sizes_that_programs_plan() -> None:
    """Whole discrepancies at the rates stated."""
    rates = ErrorRates(0.0001, 0.001)
    expected = starting_size(0.1, 0.1, Discrepancies(0.001, 0.0001))
    found = formula("super_simple", 0.1, expected, two_votes=0.0001, one_vote=0.001)
    assert size("super_simple", rates=rates) == found


# ---- pools


@pytest.mark.parametrize(
    ("pooled", "two", "one"), [(0.2, 0.0, 0.0), (0.2, 0.001, 0.01), (0.00004, 0.001, 0.01)]
)
def test_pools_vote_like_all_others(pooled: float, two: float, one: float) -> None:
    """2,000 of 10,000 cards, of which 900, 700 and 400: mean 0.55; their papers count (1 + paper - mean) / 1.9."""
    inside = round(pooled * 10_000)
    votes = (900, 700, 400) if inside else (0, 0, 0)
    own = 10_000 - inside
    mistaken = [round(two * own), round(one * own)]
    if inside:
        mean, usual = 0.55, 1 / 1.9
        kinds = [(0.0, mistaken[0]), (usual / 2, mistaken[1]), (usual, own - sum(mistaken))]
        kinds += [((1 + paper - mean) / 1.9, many) for paper, many in zip((1, 0, 0.5), votes, strict=True)]
        values, many = zip(*((value, many) for value, many in kinds if many), strict=True)
        pile = cards(values, many)
        bet = FixedBet(float(kelly_bet(pile.values, pile.counts / pile.counts.sum(), most=0.9)), 0.9)
        expected = simulated("pools", 0.1, played(pile, 2 * usual, bet), two_votes=two, one_vote=one)
        assert size("pools", rates=ErrorRates(two, one), voted=0.8, pooled=pooled) == expected
