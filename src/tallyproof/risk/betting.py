"""Bets stated as a multiple of what a draw adds above the null mean: COBRA, Kelly, aGRAPA, portfolios.

T_j = T_{j-1} (1 + lambda_j (x_j - m_j)) with 0 <= lambda_j <= 1 / m_j (Waudby-Smith and Ramdas 2024,
"Estimating means of bounded random variables by betting", JRSS B 86(1)).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from tallyproof.risk.function import (
    Flags,
    Floats,
    History,
    Numbers,
    Past,
    Population,
    checked_sample,
    require,
    require_number,
)
from tallyproof.risk.wealth import advance, average, blocks, keep_memory, start


@dataclass(frozen=True)
class FixedBet:
    """The same lambda = ``bet`` before every draw; never more than the share ``most`` of the wealth."""

    bet: Numbers
    most: float = 1.0
    spread: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Refuse bets against what is to be shown."""
        require(bool(np.all(np.asarray(self.bet) >= 0)), "bet", "at least 0")
        require(0 < self.most <= 1, "most", "a share of the wealth above 0, at most 1")

    def stakes(self, past: Past) -> Floats:
        """Shares of the wealth: lambda m."""
        return np.minimum(np.asarray(self.bet) * past.null_mean, self.most)


@dataclass(frozen=True)
class FixedStake:
    """The same ``share`` of the wealth before every draw: lambda_j = share / m_j.

    It does not depend on the null mean, which makes log T convex in it ("inverse bets"; Spertus, Sridhar
    and Stark 2024, section 4).
    """

    share: Numbers
    spread: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Refuse stakes that could make the wealth negative."""
        share = np.asarray(self.share)
        require(bool(np.all((share >= 0) & (share <= 1))), "share", "a share of the wealth, in [0, 1]")

    def stakes(self, past: Past) -> Floats:
        """Shares of the wealth."""
        return np.broadcast_to(np.asarray(self.share, dtype=np.float64), _columns(past, self.share))


@dataclass(frozen=True)
class Agrapa:
    """Nearly the best bet for a population with the mean and variance of the draws so far.

    lambda = (mean - m) / (variance + (mean - m)^2), kept in [0, ``most`` / m] (Waudby-Smith and Ramdas
    2024, appendix B.3). Before the first draw, mean and standard deviation are guessed as ``mean`` and
    ``sd``; the guesses count as ``weight`` draws.
    """

    mean: Numbers
    sd: Numbers = 0.5
    weight: float = 1.0
    most: float = 0.9
    spread: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Refuse guesses that leave the first bet undefined."""
        require_number(self.mean, "mean")
        require(bool(np.all(np.asarray(self.sd) > 0)), "sd", "above 0")
        require(self.weight > 0, "weight", "a number of draws above 0")
        require(0 < self.most <= 1, "most", "a share of the wealth above 0, at most 1")

    def stakes(self, past: Past) -> Floats:
        """Shares of the wealth: lambda m."""
        count = past.drawn + self.weight
        edge = (past.total + self.weight * np.asarray(self.mean)) / count - past.null_mean
        variance = (past.deviations + self.weight * np.asarray(self.sd) ** 2) / count
        return np.minimum(past.null_mean * edge / (variance + edge * edge), self.most)


def estimate_of_bet(bet: Numbers, null_mean: Numbers, upper: Numbers = 1.0) -> Numbers:
    """ALPHA's estimate that stakes the same: m (1 + lambda (u - m)) (Stark 2023, eq. 12)."""
    return null_mean * (1.0 + bet * (upper - null_mean))


def bet_of_estimate(estimate: Numbers, null_mean: Numbers, upper: Numbers = 1.0) -> Numbers:
    """The bet lambda that stakes the same as ALPHA's estimate: (eta / m - 1) / (u - m)."""
    return (estimate / null_mean - 1.0) / (upper - null_mean)


def cobra_bet(margin: float, two_vote_rate: float = 0.0, one_vote_rate: float = 0.0) -> float:
    """The bet that grows fastest against a null mean of 1/2 if overstatements occur at the rates given.

    ``margin`` is the assorter margin v divided by the assorter's upper bound (the diluted margin of a
    plurality contest); the rates are shares of cards overstated by the whole upper bound and by half of
    it. Spertus 2023 (COBRA), eq. 3, (2 - 4 a (1 - p)) / (1 - 2 a) with a = 1 / (2 - v), where no card is
    overstated by one vote; else the root of the same condition for both. 0 where the rates leave no edge.
    """
    require(0 < margin <= 1, "margin", "above 0 and at most 1")
    shares = np.array([two_vote_rate, one_vote_rate, 1.0 - two_vote_rate - one_vote_rate])
    require(bool(np.all(shares >= 0)), "two_vote_rate", "shares of cards of which not more than 1 go astray")
    usual = 1.0 / (2.0 - margin)
    if one_vote_rate == 0:
        return float(np.clip((2 - 4 * usual * (1 - two_vote_rate)) / (1 - 2 * usual), 0.0, 2.0))
    return float(kelly_bet(np.array([0.0, usual / 2, usual]), shares))


def kelly_bet(values: ArrayLike, shares: ArrayLike, null_mean: Numbers = 0.5, most: float = 1.0) -> Floats:
    """The lambda in [0, most / m] that maximises the mean of log(1 + lambda (x - m)).

    ``values`` and the ``shares`` of cards that have them lie along the first axis; further axes are
    columns. The derivative falls in lambda, so halving an interval 60 times finds its root (Kelly 1956).
    """
    x, weights = np.asarray(values, dtype=np.float64), np.asarray(shares, dtype=np.float64)
    require(
        bool(np.all(weights >= 0) and np.allclose(weights.sum(axis=0), 1.0)), "shares", "shares that sum to 1"
    )
    gain = x / null_mean - 1.0
    low, high = np.zeros(()), np.array(most)
    for _ in range(60):
        middle = (low + high) / 2
        with np.errstate(divide="ignore", invalid="ignore"):
            rising = np.sum(weights * gain / (1.0 + middle * gain), axis=0) > 0
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    return np.asarray(low / null_mean)


def portfolio_history(
    sample: ArrayLike, population: Population, shares: ArrayLike, weights: ArrayLike | None = None
) -> History:
    """The universal portfolio: wealth divided over fixed stakes, T = sum of w_k T_k (never of P).

    ``shares`` are stakes in [0, 1] and ``weights`` (equal unless given) sum to 1. An average of
    martingales is a martingale, so P stays valid (Cover 1991; Waudby-Smith and Ramdas 2024, section 5).
    """
    bet, held = checked_portfolio(shares, weights)
    x = checked_sample(sample, population)[..., np.newaxis]
    wide = _with_axis(population)
    log_t, certain = np.empty(x.shape[:-1]), np.zeros(x.shape[:-1], bool)
    carry = start(x)
    keep_memory()
    for rows in blocks(np.broadcast_to(x, (*x.shape[:-1], len(held)))):
        logs, sure, carry = advance(x[rows], carry, wide, bet)
        log_t[rows] = average(logs, held)
        certain[rows] = _shared(sure)
    return History(log_t, certain)


def checked_portfolio(shares: ArrayLike, weights: ArrayLike | None) -> tuple[FixedStake, Floats]:
    """The stakes of a portfolio as one bet with a column for each, and their weights."""
    stakes = np.atleast_1d(np.asarray(shares, dtype=np.float64))
    held = (
        np.full(len(stakes), 1.0 / len(stakes)) if weights is None else np.asarray(weights, dtype=np.float64)
    )
    fits = held.shape == stakes.shape and bool(np.all(held >= 0)) and abs(held.sum() - 1.0) < 1e-9
    require(fits, "weights", "one per share, at least 0, with sum 1")
    return FixedStake(stakes), held


def _shared(sure: Flags | None) -> Flags | bool:
    return False if sure is None else np.asarray(sure[..., 0])


def _with_axis(population: Population) -> Population:
    upper, mean = (np.asarray(part)[..., np.newaxis] for part in (population.upper, population.null_mean))
    size = None if population.size is None else np.asarray(population.size)[..., np.newaxis]
    return Population(upper, mean, size)


def _columns(past: Past, share: Numbers) -> tuple[int, ...]:
    return np.broadcast_shapes(past.null_mean.shape, (1, *np.shape(share)))
