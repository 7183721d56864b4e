"""Binomial probabilities of whole rounds, from ratios of neighbours: no factorial, no overflow."""

from __future__ import annotations

import numpy as np

from tallyproof.risk.function import Floats


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
