"""COBRA (Spertus 2023): optimal bets, sizes without error, and table 1 by simulation."""

from typing import Any

import numpy as np
import pytest

from tallyproof.risk.betting import FixedBet, FixedStake, cobra_bet, estimate_of_bet
from tallyproof.risk.function import Population
from tallyproof.risk.sample_size import comparison_size, constant_size, simulated_sizes
from tallyproof.risk.shuffle import replaced_cards
from tallyproof.risk.wealth import history

from .golden import ids, vector
from .tolerance import agrees

SIZES = ids("betting-", "clca_no_error_sample_size")
TABLE_1 = [(0.0, 119), (0.001, 146), (0.005, 242), (0.01, 482), (0.015, 1283)]


def size(given: dict[str, Any]) -> int | None:
    """The closed form with replacement; else the crossing of a sample without errors."""
    if "diluted_margin" in given:
        return comparison_size(given["alpha"], given["diluted_margin"], given["lam"])
    usual = 1 / (2 - given["assorter_margin"] / given["assorter_upper"])
    pool = Population(2 * usual, 0.5, given["N"])
    return constant_size(usual, pool, FixedStake(given["maxloss"]), given["alpha"])


@pytest.mark.parametrize("name", SIZES)
def test_sizes_without_error(name: str) -> None:
    """COBRA's eq. 1 with replacement, and bets of a fixed share of the wealth without."""
    assert agrees(size(vector(name)["inputs"]), vector(name))


@pytest.mark.parametrize("name", ids("betting-", "betting_mart.p_value"))
def test_fixed_bets(name: str) -> None:
    """P of twenty equal values under a fixed bet."""
    given = vector(name)["inputs"]
    x = np.full(20, float(given["x"].split()[0]))
    found = history(x, Population(given["u"], given["t"], given["N"]), FixedBet(given["lam"])).p_value
    assert agrees(found, vector(name))


@pytest.mark.parametrize("name", ids("betting-", "lam_to_eta"))
def test_a_bet_as_an_estimate(name: str) -> None:
    """eta = m (1 + lambda (u - m)): ALPHA's estimate of a bet, before it is kept below u."""
    given = vector(name)["inputs"]
    assert agrees(estimate_of_bet(given["lam"], given["mu"], given["u"]), vector(name))


def test_the_optimal_bet() -> None:
    """COBRA's eq. 3 at margin 5 % and one two-vote overstatement in a thousand cards (betting-033)."""
    given = vector("betting-033")["inputs"]
    assert agrees(cobra_bet(given["v"], given["p2"]), vector("betting-033"))


@pytest.mark.parametrize(("rate", "published"), TABLE_1)
def test_table_1_oracle_bets(rate: float, published: int) -> None:
    """400 audits with replacement at margin 5 % and risk limit 5 %: the mean within 3 standard errors."""
    usual = 1 / (2 - 0.05)
    pile = replaced_cards([usual, 0], [1 - rate, rate])
    sizes = simulated_sizes(
        pile,
        Population(2 * usual),
        FixedBet(cobra_bet(0.05, rate)),
        0.05,
        np.random.default_rng(3),
        400,
        None,
    )
    found = sizes.mean()
    assert found is not None
    standard_error = (found.high - found.low) / 4
    assert abs(found.value - published) <= 3 * standard_error
