"""Confidence sequences: the means that the betting test has not rejected, after any number of draws.

Waudby-Smith, Stark and Ramdas 2021, "RiLACS: Risk-limiting audits via confidence sequences". The test is a
portfolio of fixed stakes, whose wealth falls as the null mean rises, so the means it rejects are all those
below a bound; the upper bound is that of the values counted down from u. Bounds hold for all numbers of
draws at once with chance 1 - alpha.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tallyproof.risk.betting import portfolio_history
from tallyproof.risk.function import Floats, Ints, Population, check_alpha, checked_sample, require

STAKES = np.geomspace(0.003, 0.95, 12)
HALVINGS = 34


@dataclass(frozen=True, eq=False)
class ConfidenceSequence:
    """Bounds of the mean after each number of draws in ``draws``; they never widen."""

    draws: Ints
    lower: Floats
    upper: Floats

    def mapped(self, scale: float, shift: float) -> ConfidenceSequence:
        """Bounds of scale * mean + shift: a margin is 2 * mean - 1; a negative scale swaps the bounds."""
        ends = self.lower * scale + shift, self.upper * scale + shift
        return ConfidenceSequence(self.draws, np.minimum(*ends), np.maximum(*ends))


def confidence_sequence(
    sample: ArrayLike,
    alpha: float,
    upper: float = 1.0,
    size: int | None = None,
    draws: Sequence[int] | None = None,
    two_sided: bool = True,
    stakes: ArrayLike = STAKES,
) -> ConfidenceSequence:
    """Bounds of the mean of a population with values in [0, ``upper``], from a sample in draw order.

    ``size`` is the number of cards when drawn without replacement. Each side has alpha / 2; with
    ``two_sided`` false the lower side has all of alpha and the upper bound is what the cards not drawn
    allow. ``draws`` are the numbers of draws to answer for (all of them unless given).
    """
    check_alpha(alpha)
    x = checked_sample(sample, Population(upper, upper / 2, size))
    require(x.ndim == 1, "sample", "one sample in draw order")
    times = np.arange(1, len(x) + 1) if draws is None else np.asarray(draws, dtype=np.int64)
    fits = bool(np.all((times >= 1) & (times <= len(x))) and np.all(np.diff(times) > 0))
    require(fits, "draws", f"rising numbers of draws from 1 to {len(x):,}")
    side = alpha / 2 if two_sided else alpha
    lower = _lower_bounds(x, side, upper, size, times, np.asarray(stakes, dtype=np.float64))
    if two_sided:
        down = np.clip(upper - x, 0.0, upper)
        highest = upper - _lower_bounds(down, side, upper, size, times, np.asarray(stakes, dtype=np.float64))
    else:
        highest = _reachable(x, upper, size)[times - 1]
    return ConfidenceSequence(times, np.maximum.accumulate(lower), np.minimum.accumulate(highest))


def _lower_bounds(
    x: Floats, alpha: float, upper: float, size: int | None, times: Ints, stakes: Floats
) -> Floats:
    """For each time the largest mean rejected up to then, by halving [0, u]: wealth falls in the mean."""
    low, high = np.zeros(len(times)), np.full(len(times), upper)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        rejected = _highest(x, middle, upper, size, times, stakes) >= -np.log(alpha)
        low, high = np.where(rejected, middle, low), np.where(rejected, high, middle)
    return low


def _highest(x: Floats, means: Floats, upper: float, size: int | None, times: Ints, stakes: Floats) -> Floats:
    """The largest log T up to time i when the null mean is means[i]."""
    longest = int(times.max(initial=0))
    columns = np.broadcast_to(x[:longest, np.newaxis], (longest, len(means)))
    log_t = portfolio_history(columns, Population(upper, means, size), stakes).log_t
    return np.asarray(np.maximum.accumulate(log_t, axis=0)[times - 1, np.arange(len(times))])


def _reachable(x: Floats, upper: float, size: int | None) -> Floats:
    """The largest mean that the cards not yet drawn allow after each draw."""
    if size is None:
        return np.full(len(x), upper)
    return np.asarray((np.cumsum(x) + (size - np.arange(1, len(x) + 1)) * upper) / size)
