"""Bets in detail: defaults, units, the ends of what is allowed, one number against another."""

import numpy as np
import pytest

from tallyproof.errors import RequestError
from tallyproof.risk.alpha import ShrinkTrunc, optimal_comparison
from tallyproof.risk.betting import (
    Agrapa,
    FixedBet,
    FixedStake,
    bet_of_estimate,
    cobra_bet,
    estimate_of_bet,
    kelly_bet,
    portfolio_history,
)
from tallyproof.risk.function import Population
from tallyproof.risk.kaplan import KaplanKolmogorov, KaplanWald
from tallyproof.risk.wealth import estimates, history, stakes

# ---- ALPHA


def test_shrink_trunc_is_set_as_in_the_paper() -> None:
    """A hundred earlier draws, no pull, and a floor of a millionth below the standard deviation."""
    assert ShrinkTrunc(0.6) == ShrinkTrunc(0.6, d=100.0, c=None, f=0.0, min_sd=1e-6)


def test_the_distance_from_the_null_mean_is_half_of_the_hope() -> None:
    """After many zeros the estimate is m + (eta - t) / (2 sqrt(d + j - 1)), no nearer and no farther."""
    found = estimates(np.zeros(50), Population(), ShrinkTrunc(0.7, d=10))
    assert found[-1] == pytest.approx(0.5 + 0.1 / np.sqrt(10 + 49))


def test_the_pull_towards_u_is_as_printed() -> None:
    """((d eta + S) / (d + j - 1) + f u / sd) / (1 + f / sd), sd = 1 before the third draw; u = 2."""
    bet, population = ShrinkTrunc(1.1, d=10, c=0.0, f=0.1), Population(2.0, 0.9)
    found = estimates([1.0, 1.5, 0.5, 1.0], population, bet)
    sds = [1.0, 1.0, 0.25, float(np.std([1.0, 1.5, 0.5]))]
    for drawn, (total, sd) in enumerate(zip([0.0, 1.0, 2.5, 3.0], sds, strict=True)):
        mean = (10 * 1.1 + total) / (10 + drawn)
        assert found[drawn] == pytest.approx((mean + 0.1 * 2.0 / sd) / (1 + 0.1 / sd))


def test_equal_draws_pull_with_the_least_standard_deviation() -> None:
    """Three equal draws: sd is min_sd, the pull f / min_sd."""
    found = estimates(np.full(4, 0.5), Population(), ShrinkTrunc(0.6, c=0.0, f=0.01, min_sd=0.02))
    mean = (100 * 0.6 + 1.5) / 103
    assert found[3] == pytest.approx((mean + 0.5) / 1.5)


def test_estimates_stay_below_u_in_every_column() -> None:
    """The distance from u is kept where one column of many is near it, and by no other column."""
    population = Population(np.array([1.0, 1.0]), np.array([0.5, 0.5]))
    bet = ShrinkTrunc(np.array([0.99, 0.6]), d=10, c=np.array([0.2, 0.2]))
    found = estimates(np.ones((5, 2)), population, bet)
    gap = 0.2 / np.sqrt(10 + np.arange(5))
    assert found[:, 0] == pytest.approx(1 - gap)
    assert np.all(found[:, 1] < 1 - gap)


# ---- the ends of what is allowed


@pytest.mark.parametrize(
    "make",
    [
        lambda: optimal_comparison(1.02, 0.0),
        lambda: optimal_comparison(1.02, 1.0),
        lambda: FixedBet(0.0),
        lambda: FixedBet(1.0, most=1.0),
        lambda: FixedStake(0.0),
        lambda: FixedStake(1.0),
        lambda: Agrapa(0.6, most=1.0),
        lambda: ShrinkTrunc(0.6, c=0.0),
        lambda: KaplanKolmogorov(0.0),
        lambda: KaplanWald(0.0),
        lambda: cobra_bet(1.0),
        lambda: cobra_bet(0.1, 0.4, 0.6),
        lambda: kelly_bet([0.0, 1.0], [0.0, 1.0]),
        lambda: portfolio_history([1.0], Population(), [0.2, 0.5], [0.0, 1.0]),
    ],
)
def test_the_ends_of_what_is_allowed_are_allowed(make: object) -> None:
    """No bet, every bet, no padding, no weight: each is a bet."""
    assert make() is not None  # type: ignore[operator]


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: optimal_comparison(np.array([1.02, 0.9]), 0.01), "upper"),
        (lambda: optimal_comparison(1.02, -0.1), "two_vote_rate"),
        (lambda: FixedBet(np.array([1.0, -0.1])), "bet"),
        (lambda: FixedBet(1.0, most=1.1), "most"),
        (lambda: FixedStake(-0.1), "share"),
        (lambda: FixedStake(np.array([0.5, 1.5])), "share"),
        (lambda: Agrapa(0.6, sd=np.array([0.5, 0.0])), "sd"),
        (lambda: Agrapa(0.6, most=0.0), "most"),
        (lambda: KaplanWald(-0.1), "padding"),
        (lambda: cobra_bet(1.1), "margin"),
        (lambda: cobra_bet(0.1, 0.0, -0.01), "two_vote_rate"),
        (lambda: kelly_bet([0, 1], [-0.1, 1.1]), "shares"),
        (lambda: portfolio_history([1], Population(), [0.5, 0.6], [1.0]), "weights"),
        (lambda: portfolio_history([1], Population(), [0.5, 0.6], [1.5, -0.5]), "weights"),
    ],
)
def test_what_lies_just_beyond_is_refused(make: object, name: str) -> None:
    """One number of many is enough."""
    with pytest.raises(RequestError, match=f"'{name}' must be"):
        make()  # type: ignore[operator]


# ---- Kaplan


def test_kaplans_bets_without_a_padding_given() -> None:
    """Kaplan-Kolmogorov pads nothing, Kaplan-Wald a tenth."""
    x = [0.9, 0.4]
    assert history(x, Population(), KaplanKolmogorov()).p[-1] == pytest.approx(1 / (1.8 * 0.8))
    assert history(x, Population(), KaplanWald()).p[-1] == pytest.approx(1 / (1.72 * 0.82))


# ---- betting


def test_agrapa_is_as_printed() -> None:
    """lambda m = m (mean - m) / (variance + (mean - m)^2), guesses counting as two draws."""
    found = stakes([1.0, 0.0, 1.0], Population(1, 0.4), Agrapa(0.5, sd=0.3, weight=2.0, most=1.0))
    means = [0.5, (1.0 + 1.0) / 3, (1.0 + 1.0) / 4]
    variances = [0.09, 2 * 0.09 / 3, (2 * 0.09 + 0.5) / 4]
    for k, (mean, variance) in enumerate(zip(means, variances, strict=True)):
        edge = mean - 0.4
        assert found[k] == pytest.approx(min(0.4 * edge / (variance + edge**2), 1.0))


def test_agrapa_is_set_to_a_guess_of_one_draw() -> None:
    """Standard deviation 1/2, one draw, at most nine tenths of the wealth."""
    assert Agrapa(0.6) == Agrapa(0.6, sd=0.5, weight=1.0, most=0.9)


def test_kelly_bets_against_another_null_mean() -> None:
    """Two values, 0 and 1, and a null mean of t: lambda = (p - t) / (t (1 - t)), at most most / t."""
    assert float(kelly_bet([0, 1], [0.4, 0.6], null_mean=0.3)) == pytest.approx(0.3 / 0.21)
    assert float(kelly_bet([0, 1], [0.4, 0.6], null_mean=0.3, most=0.2)) == pytest.approx(0.2 / 0.3)
    assert float(kelly_bet([1.0], [1.0])) == pytest.approx(2.0)


def test_bets_and_estimates_where_u_is_1() -> None:
    """As it is unless given: lambda 1 at m = 1/2 is the estimate 3/4."""
    assert estimate_of_bet(1.0, 0.5) == 0.75
    assert bet_of_estimate(0.75, 0.5) == 1.0
    assert estimate_of_bet(1.0, 0.5, 2.0) == 1.25
    assert bet_of_estimate(1.25, 0.5, 2.0) == 1.0


def test_a_portfolio_without_weights_is_divided_equally() -> None:
    """A half each; the wealth is the mean of the two."""
    found = portfolio_history([1.0, 1.0], Population(), [0.2, 0.6])
    assert np.exp(found.log_t) == pytest.approx([(1.2 + 1.6) / 2, (1.44 + 2.56) / 2])


def test_without_errors_all_is_staked() -> None:
    """COBRA's bet is 2 where no card is overstated, and that is the rate unless given."""
    assert cobra_bet(0.05) == pytest.approx(2.0)
    assert cobra_bet(0.05, one_vote_rate=1e-9) == pytest.approx(2.0, abs=1e-4)


@pytest.mark.parametrize(("two", "one"), [(0.001, 0.01), (0.002, 0.002)])
def test_one_vote_overstatements_have_half_the_value(two: float, one: float) -> None:
    """At the best bet the mean of (x - 1/2) / (1 + lambda (x - 1/2)) is 0, x = 0, a / 2 and a."""
    usual = 1 / (2 - 0.05)
    gains = np.array([0.0, usual / 2, usual]) - 0.5
    bet = cobra_bet(0.05, two, one)
    assert 0 < bet < 2
    assert np.array([two, one, 1 - two - one]) @ (gains / (1 + bet * gains)) == pytest.approx(0, abs=1e-9)


def test_a_portfolio_ends_where_the_cards_decide() -> None:
    """Proven true of the null: P is 1, whatever was won before. Proven false: 0."""
    lost = portfolio_history([1.0] * 4 + [0.0] * 6, Population(1, 0.5, 10), [0.2, 0.6])
    assert lost.p[3] < 0.4 and lost.p_value == 1
    assert lost.null_certain.tolist() == [False] * 8 + [True] * 2
    won = portfolio_history([1.0] * 6, Population(1, 0.5, 10), [0.2, 0.6])
    assert won.p_value == 0 and not won.null_certain.any()
    assert not portfolio_history([1.0], Population(), [0.2]).null_certain.any()
