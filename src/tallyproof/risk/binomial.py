"""Binomial probabilities of whole rounds, from ratios of neighbours: no factorial, no overflow."""

from __future__ import annotations

import math

import numpy as np

from tallyproof.risk.function import Floats

SMALL = 1e-290  # below, floats lose digits


def probabilities(draws: int, share: float) -> Floats:
    """Chances of 0 … ``draws`` successes, each with chance ``share``.

    Products of p(k + 1) / p(k) = (n - k) / (k + 1) * s / (1 - s) outwards from the likeliest k, scaled to
    sum to 1: the relative error grows only with the distance from there, about 1e-16 a step.
    """
    if draws == 0 or share in (0.0, 1.0):
        only = np.zeros(draws + 1)
        only[draws if share == 1.0 else 0] = 1.0
        return only
    mode = min(int((draws + 1) * share), draws)
    upwards = np.arange(mode, draws, dtype=np.float64)
    downwards = np.arange(mode, 0, -1, dtype=np.float64)
    odds = share / (1.0 - share)
    above = np.cumprod((draws - upwards) / (upwards + 1.0) * odds)
    below = np.cumprod(downwards / (draws - downwards + 1.0) / odds)
    chances = np.concatenate([below[::-1], [1.0], above])
    return np.asarray(chances / chances.sum())


def tails(chances: Floats) -> Floats:
    """Chances of k or more, for each k; summed from the small end."""
    return np.cumsum(chances[::-1])[::-1]


def tail_ratio(draws: int, least: int, share: float) -> float:
    """Pr(K >= least | tie) / Pr(K >= least | share), also where both are too small for a float.

    There it is the quotient of the two chances of exactly ``least``, (2s)^-k (2 - 2s)^-(n - k), times that
    of the sums of what follows, each as a share of its first term.
    """
    reported, tied = (float(tails(probabilities(draws, each))[least]) for each in (share, 0.5))
    if reported > SMALL:
        return tied / reported
    missed = draws - least
    logarithm = -least * math.log(2 * share) - missed * math.log(2 - 2 * share)
    return math.exp(logarithm) * _following(draws, least, 0.5) / _following(draws, least, share)


def _following(draws: int, least: int, share: float) -> float:
    """Pr(K >= least) / Pr(K = least); for ``least`` above the mean."""
    more = np.arange(least, draws, dtype=np.float64)
    return 1.0 + float(np.cumprod((draws - more) / (more + 1.0) * (share / (1.0 - share))).sum())
