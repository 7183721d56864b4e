"""Bets: the best ones are best, and portfolios average wealth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.errors import RequestError
from tallyproof.risk.alpha import optimal_comparison
from tallyproof.risk.betting import (
    Agrapa,
    FixedBet,
    FixedStake,
    cobra_bet,
    estimate_of_bet,
    kelly_bet,
    portfolio_history,
)
from tallyproof.risk.function import Population
from tallyproof.risk.wealth import history, stakes

shares = st.floats(0, 0.2)


def growth(bet: float, values: list[float], weights: list[float]) -> float:
    """Mean of log(1 + bet (x - 1/2))."""
    return float(np.sum(np.array(weights) * np.log(np.maximum(1 + bet * (np.array(values) - 0.5), 1e-300))))


@settings(deadline=None)
@given(shares, shares, shares)
def test_kelly_bets_grow_fastest(two: float, one: float, under: float) -> None:
    """No other bet in [0, 2] has a larger mean logarithm, at margin 10 % and any error rates."""
    usual = 1 / 1.9
    values = [0.0, usual / 2, usual, 1.5 * usual]
    weights = [two, one, 1 - two - one - under, under]
    best = float(kelly_bet(values, weights))
    assert 0 <= best <= 2
    for other in np.linspace(0, 1.999, 60):
        assert growth(best, values, weights) >= growth(float(other), values, weights) - 1e-9


def test_kelly_bets_for_many_assertions_at_once() -> None:
    """Columns answer as one after the other."""
    values = np.array([[0.0, 0.0], [0.52, 0.6]])
    weights = np.array([[0.01, 0.05], [0.99, 0.95]])
    together = kelly_bet(values, weights)
    alone = [float(kelly_bet(values[:, k], weights[:, k])) for k in range(2)]
    assert together == pytest.approx(alone)


@settings(deadline=None)
@given(st.floats(0.01, 0.5), st.floats(0, 0.004))
def test_cobra_is_kelly_for_two_vote_overstatements(margin: float, rate: float) -> None:
    """The closed form is the root; as an estimate it is SHANGRLA's optimal comparison."""
    usual = 1 / (2 - margin)
    closed = cobra_bet(margin, rate)
    assert closed == pytest.approx(float(kelly_bet([0, usual], [rate, 1 - rate])), abs=1e-6)
    eta = optimal_comparison(2 * usual, rate).eta
    if closed > 0:
        assert float(np.asarray(estimate_of_bet(closed, 0.5, 2 * usual))) == pytest.approx(
            float(np.asarray(eta))
        )


def test_one_vote_overstatements_lower_the_bet() -> None:
    """The generalisation to both rates continues the closed form, and bets less."""
    assert cobra_bet(0.05, 0.001, 1e-9) == pytest.approx(cobra_bet(0.05, 0.001), abs=1e-4)
    assert cobra_bet(0.05, 0.001, 0.01) < cobra_bet(0.05, 0.001)
    assert cobra_bet(0.05, 0.03) == 0
    assert cobra_bet(0.05, 0.01, 0.04) == 0


@settings(deadline=None)
@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=25), st.booleans())
def test_a_portfolio_averages_wealth_not_risk(x: list[float], finite: bool) -> None:
    """T is the mean of the parts' T; the mean of their P is something else."""
    population = Population(1, 0.5, 60 if finite else None)
    parts = np.array([0.1, 0.5, 0.9])
    weights = np.array([0.5, 0.3, 0.2])
    found = np.exp(portfolio_history(x, population, parts, weights).log_t)
    each = [np.exp(history(x, population, FixedStake(share)).log_t) for share in parts]
    assert np.allclose(found, weights @ each, rtol=1e-9)


def test_a_portfolio_for_many_assertions_and_sizes() -> None:
    """Columns with their own bounds and sizes answer as one after the other."""
    x = np.random.default_rng(5).random((40, 3))
    wide = Population(np.array([1.0, 1.5, 2.0]), np.array([0.5, 0.4, 0.6]), np.array([50, 60, 70]))
    together = portfolio_history(x, wide, [0.2, 0.7])
    for k, (upper, mean, size) in enumerate([(1.0, 0.5, 50), (1.5, 0.4, 60), (2.0, 0.6, 70)]):
        alone = portfolio_history(x[:, k], Population(upper, mean, size), [0.2, 0.7])
        assert np.allclose(together.log_t[:, k], alone.log_t)


def test_agrapa_learns_and_stays_below_its_cap() -> None:
    """After many equal values above the null mean the whole allowed share is staked; below it nothing."""
    up = stakes(np.full(400, 0.6), Population(), Agrapa(0.5, most=0.8))
    assert up[0] == 0
    assert up[-1] == 0.8
    assert np.all(stakes(np.full(50, 0.2), Population(), Agrapa(0.5))[1:] == 0)


def test_equal_values_leave_no_variance() -> None:
    """Constant data: deviations are exactly 0 at every draw, however awkward the value."""
    value = 1 / (2 - 0.013)
    amounts = stakes(np.full(3_000, value), Population(2 * value), Agrapa(value, sd=1e-9, most=1.0))
    edge = value - 0.5
    assert np.allclose(amounts[1:], min(1.0, 0.5 / edge))


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: cobra_bet(0, 0.01), "margin"),
        (lambda: cobra_bet(0.1, -0.01), "two_vote_rate"),
        (lambda: cobra_bet(0.1, 0.6, 0.6), "two_vote_rate"),
        (lambda: kelly_bet([0, 1], [0.5, 0.6]), "shares"),
        (lambda: portfolio_history([1], Population(), [0.5], [0.9]), "weights"),
        (lambda: portfolio_history([1], Population(), [0.5, 1.5]), "share"),
        (lambda: optimal_comparison(1.0, 0.01), "upper"),
        (lambda: optimal_comparison(1.02, 1.5), "two_vote_rate"),
    ],
)
def test_what_cannot_be_a_bet_is_refused(make: object, name: str) -> None:
    """The message names the argument."""
    with pytest.raises(RequestError, match=f"'{name}' must be"):
        make()  # type: ignore[operator]


def test_a_bet_of_everything_is_fatal_and_a_cap_is_not() -> None:
    """One two-vote overstatement at lambda 2 ends all hope; a cap of 90 % of the wealth keeps some."""
    usual = 1 / 1.9
    x = np.append(0.0, np.full(300, usual))
    assert history(x, Population(2 * usual), FixedBet(2.0)).p_value == 1
    assert history(x, Population(2 * usual), FixedBet(2.0, most=0.9)).p_value < 0.01
