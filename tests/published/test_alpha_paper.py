"""ALPHA (Stark 2023): martingale histories, its table 1 of combined strata and table 2 of sample sizes."""

from typing import Any

import numpy as np
import pytest

from tallyproof.risk.alpha import ConstantAlternative, FixedAlternative, ShrinkTrunc, optimal_comparison
from tallyproof.risk.bounding import fisher
from tallyproof.risk.function import Bet, Population
from tallyproof.risk.sample_size import constant_size, simulated_sizes
from tallyproof.risk.shuffle import replaced_cards
from tallyproof.risk.wealth import estimates, history, null_means

from .golden import ids, vector
from .tolerance import agrees

HISTORIES = ids("alpha-", "alpha_mart.p_history")


def sample(given: dict[str, Any]) -> Any:
    """The sample itself, or a comparison sample with overstatements at the places named."""
    if "x" in given:
        return given["x"]
    usual = 1 / (2 - given["v"])
    x = np.full(given["n"], usual)
    x[given["one_vote_overstatements_at"]] = usual / 2
    x[given["two_vote_overstatements_at"]] = 0
    return x


def bet(given: dict[str, Any]) -> Bet:
    """The estimator that the vector names."""
    name = given.get("estim", "shrink_trunc")
    if name == "fixed eta=0.9":
        return ConstantAlternative(0.9)
    if name == "fixed_alternative_mean":
        return FixedAlternative(given["eta"])
    if name == "optimal_comparison":
        return optimal_comparison(given["u"], given["error_rate_2"])
    options = {"min_sd" if key == "minsd" else key: given[key] for key in ("c", "f", "minsd") if key in given}
    return ShrinkTrunc(given["eta"], given["d"], **options)


def population(given: dict[str, Any]) -> Population:
    return Population(given["u"], given["t"], given["N"])


@pytest.mark.parametrize("name", HISTORIES)
def test_the_history_of_p_is_that_of_the_paper(name: str) -> None:
    """1 / T after each draw (or after those named) agrees."""
    given = vector(name)["inputs"]
    p = history(sample(given), population(given), bet(given)).p
    at_some = "at draws" in vector(name)["method"]
    assert agrees(p[[0, 29, 59, 119]] if at_some else p, vector(name))


def test_neither_for_nor_against() -> None:
    """Values equal to the null mean leave P at 1 (alpha-003)."""
    given = vector("alpha-003")["inputs"]
    assert agrees(history(given["x"], population(given), bet(given)).p_value, vector("alpha-003"))


@pytest.mark.parametrize("name", ids("alpha-", "shrink_trunc.eta_sequence"))
def test_estimates_shrink_and_are_truncated(name: str) -> None:
    """eta before each draw agrees with eq. 14."""
    given = vector(name)["inputs"]
    pool = Population(given["u"], given["t"], given["N"])
    assert agrees(estimates(given["x"], pool, bet(given)), vector(name))


def test_null_mean_of_what_is_left() -> None:
    """(N t - S) / (N - j + 1), also beyond the border (alpha-044)."""
    given = vector("alpha-044")["inputs"]
    assert agrees(null_means(given["x"], Population(1, given["t"], given["N"])), vector("alpha-044"))


@pytest.mark.parametrize("name", ids("stratified-"))
def test_table_1_combines_strata(name: str) -> None:
    """P of 1/2 in each of k strata: Fisher's combination against the product of supermartingales."""
    given = vector(name)["inputs"]
    logs = given["strata"] * np.log(given["p_each"])
    assert agrees([fisher(logs, given["strata"]), np.exp(logs)], vector(name))


@pytest.mark.parametrize("name", ids("samplesize-"))
def test_sizes_where_every_card_is_alike(name: str) -> None:
    """The crossing of a sample of equal values."""
    given = vector(name)["inputs"]
    pool = Population(given["u"], 0.5, given["N"])
    assert (
        constant_size(given["value"], pool, FixedAlternative(given["eta"]), given["alpha"])
        == vector(name)["expected"]
    )


@pytest.mark.parametrize("name", ids("alpha-sim-"))
def test_table_2_of_mean_sample_sizes(name: str) -> None:
    """Polling with replacement, 1,000 simulated audits each: means within the band of both simulations."""
    given = vector(name)["inputs"]
    share = given["theta"]
    pile = replaced_cards([1, 0], [share, 1 - share])
    means = []
    for d in given["d"]:
        rule: Bet = FixedAlternative(given["eta"]) if d == "inf" else ShrinkTrunc(given["eta"], d)
        sizes = simulated_sizes(
            pile, Population(), rule, given["alpha"], np.random.default_rng(20), given["replications"], None
        )
        found = sizes.mean()
        assert found is not None
        means.append(found.value)
    assert agrees(means, vector(name))
