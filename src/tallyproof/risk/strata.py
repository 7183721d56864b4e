"""Stratified tests: the largest P over all ways in which the strata's means could make the null true.

The null "the strata's means, weighted by their cards, average at most t" is a union over vectors of stratum
means; it is rejected when each of them is (union-intersection test; Stark 2023, ALPHA, section 4; Spertus,
Sridhar and Stark 2024, "Sequential stratified inference for the mean", arXiv 2409.06680). For a vector,
stratum martingales are multiplied, or their sequential P's combined by Fisher's method.

``stratified_risk`` fixes the stakes k_j at a reference mean. Then log T is convex in each stratum's mean
("inverse bets"): tangents bound it from below, for any number of strata. ``banded_risk`` lets two strata's
bets follow the mean in bands; within a band, with fixed lambda, log T is concave and least at an end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tallyproof.risk.bounding import Bounded, fisher
from tallyproof.risk.function import Bet, Floats, Population, checked_sample, require, risk
from tallyproof.risk.wealth import bets, running_logs, running_totals
from tallyproof.risk.wealth import stakes as stakes_of

FIRST_POINTS = 9
MOST_STEPS = 200
NEAR = 1e-9  # of a range: beside an end, where T may be infinite or nothing is bet


@dataclass(frozen=True, eq=False)
class Stratum:
    """A sample in draw order from ``cards`` cards with values in [0, ``upper``], and the bet on it.

    The stratum adds ``offset`` + mean to the overall mean, weighted by its cards: 0 where the values are
    the assorter's own; reported mean - u where they are u + A(paper) - A(record), at most 2 u.
    ``reference`` is the null mean at which ``stratified_risk`` fixes the stakes.
    """

    sample: Floats
    cards: int
    bet: Bet
    upper: float = 1.0
    offset: float = 0.0
    reference: float = 0.5
    replaced: bool = False
    stakes: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Check the sample and fix the stakes."""
        x = checked_sample(self.sample, self.population(self.reference))
        require(x.ndim == 1, "sample", "one sample in draw order per stratum")
        object.__setattr__(self, "sample", x)
        object.__setattr__(self, "stakes", stakes_of(x, self.population(self.reference), self.bet))

    def population(self, null_mean: float | Floats) -> Population:
        """The stratum with a null mean of its own."""
        return Population(self.upper, null_mean, None if self.replaced else self.cards)

    @property
    def range(self) -> tuple[float, float]:
        """Means that the stratum can still have, given what was drawn."""
        if self.replaced:
            return 0.0, self.upper
        total = float(np.sum(self.sample))
        return total / self.cards, (total + (self.cards - len(self.sample)) * self.upper) / self.cards


@dataclass(frozen=True, eq=False)
class Tangents:
    """Values and slopes of a convex falling curve at points of [low, high]."""

    low: float
    high: float
    points: Floats
    values: Floats
    slopes: Floats

    def with_points(self, points: Floats, values: Floats, slopes: Floats) -> Tangents:
        """More tangents, in order of their points."""
        merged, first = np.unique(np.concatenate([self.points, points]), return_index=True)
        return Tangents(
            self.low,
            self.high,
            merged,
            np.concatenate([self.values, values])[first],
            np.concatenate([self.slopes, slopes])[first],
        )


def stratified_risk(
    strata: Sequence[Stratum], null_mean: float = 0.5, by_fisher: bool = False, gap: float = 1e-3
) -> Bounded:
    """The largest P over stratum means, at most a share ``gap`` too large; ``nuisance`` are the means.

    The product of T at the end of the samples, or Fisher's combination of the strata's sequential P's.
    Looking again after later rounds is allowed: the smallest of the P's stays valid, for a fixed
    interleaving of the strata. A stratum without draws adds nothing.
    """
    _check(strata, null_mean)
    require(0 < gap < 1, "gap", "above 0 and below 1")
    weights = np.array([stratum.cards for stratum in strata], dtype=np.float64)
    weights /= weights.sum()
    budget = null_mean - float(weights @ [stratum.offset for stratum in strata])
    ranges = [stratum.range for stratum in strata]
    lows, highs = (np.array(ends) for ends in zip(*ranges, strict=True))
    settled = _settled(weights @ lows, weights @ highs, budget, lows, highs)
    if settled is not None:
        return settled
    cuts = [_first_tangents(stratum, *ends, by_fisher) for stratum, ends in zip(strata, ranges, strict=True)]
    bound, best, place = 1.0, 0.0, lows
    for _ in range(MOST_STEPS):
        means, least = _least_of_models(cuts, weights, budget)
        probes = np.maximum(means, lows + NEAR * (highs - lows))  # at the very end T may be infinite
        found = [
            _log_t(stratum, np.array([mean, probe]), by_fisher)
            for stratum, mean, probe in zip(strata, means, probes, strict=True)
        ]
        attained = _combined(float(sum(values[0] for values, _ in found)), len(strata), by_fisher)
        if attained >= best:
            best, place = attained, means
        bound = _combined(least, len(strata), by_fisher)
        if bound * (1.0 - gap) <= best:
            break
        cuts = [
            cut.with_points(np.array([probe]), values[1:], slopes[1:])
            for cut, probe, (values, slopes) in zip(cuts, probes, found, strict=True)
        ]
    return Bounded(max(bound, best), best, tuple(float(mean) for mean in place))


def _check(strata: Sequence[Stratum], null_mean: float) -> None:
    """Refuse no strata, and a null mean that the strata together cannot have."""
    require(len(strata) > 0, "strata", "at least one stratum")
    cards = sum(stratum.cards for stratum in strata)
    low = sum(stratum.cards * stratum.offset for stratum in strata) / cards
    high = low + sum(stratum.cards * stratum.upper for stratum in strata) / cards
    require(low <= null_mean <= high, "null_mean", f"from {low:g} to {high:g}, what the strata can average")


def banded_risk(strata: Sequence[Stratum], null_mean: float = 0.5, bands: int = 100) -> Bounded:
    """The largest P over the means of two strata, with bets that follow the mean in so many bands.

    In each band of the line on which the null just holds, lambda_j is what the bet says at the largest
    mean that the band gives its stratum. log T then falls in each mean and is concave along the line, so
    its least value is at an end of the band and the maximum is exact. The number of bands must not be
    chosen from the sample.
    """
    require(len(strata) == 2, "strata", "two strata; for more use stratified_risk")
    require(bands >= 1, "bands", "at least 1")
    _check(strata, null_mean)
    first, second = strata
    cards = first.cards + second.cards
    weights = first.cards / cards, second.cards / cards
    budget = null_mean - weights[0] * first.offset - weights[1] * second.offset
    lows, highs = (np.array(ends) for ends in zip(first.range, second.range, strict=True))
    settled = _settled(np.array(weights) @ lows, np.array(weights) @ highs, budget, lows, highs)
    if settled is not None:
        return settled
    low = max(lows[0], (budget - weights[1] * highs[1]) / weights[0])
    high = min(highs[0], (budget - weights[1] * lows[1]) / weights[0])
    edges = np.linspace(low, high, bands + 1)
    others = np.clip((budget - weights[0] * edges) / weights[1], lows[1], highs[1])
    first_low, first_high = _fixed_log_t(first, edges[:-1], edges[1:])
    second_low, second_high = _fixed_log_t(second, others[1:], others[:-1])
    at_start, at_end = first_low + second_high, first_high + second_low
    least = np.minimum(at_start, at_end)
    worst = int(least.argmin())
    place = worst if at_start[worst] <= at_end[worst] else worst + 1
    p = float(risk(least[worst]))
    return Bounded(p, p, (float(edges[place]), float(others[place])))


def _settled(least: float, most: float, budget: float, lows: Floats, highs: Floats) -> Bounded | None:
    """P where what was drawn already proves the null false, or true."""
    slack = 1e-12
    if least > budget + slack:
        return Bounded(0.0, 0.0, tuple(map(float, lows)))
    return Bounded(1.0, 1.0, tuple(map(float, highs))) if most <= budget + slack else None


def _combined(log_t: float, tests: int, by_fisher: bool) -> float:
    total = np.array(max(0.0, log_t))
    return float(fisher(-total, tests) if by_fisher else risk(total))


def _log_t(stratum: Stratum, means: Floats, sequential: bool) -> tuple[Floats, Floats]:
    """Logarithm of T of a stratum at each mean, and its slope; where sequential the largest so far, or 0."""
    x, k = stratum.sample[:, np.newaxis], stratum.stakes[:, np.newaxis]
    if len(x) == 0:
        return np.zeros_like(means), np.zeros_like(means)
    left, reach = _left(stratum)
    null = means * reach[:, np.newaxis] - left[:, np.newaxis]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(x > 0, x / np.maximum(null, 0.0), 0.0)
        factors = 1.0 - k + k * ratio
        slopes = np.where(x > 0, -k * ratio / (np.maximum(null, 0.0) * factors), 0.0) * reach[:, np.newaxis]
    logs = running_logs(factors, np.zeros(means.shape))
    if not sequential:
        return logs[-1], np.sum(slopes, axis=0)
    last = logs.argmax(axis=0)
    columns = np.arange(len(means))
    highest = logs[last, columns]
    summed = np.cumsum(slopes, axis=0)[last, columns]
    return np.maximum(highest, 0.0), np.where(highest > 0, summed, 0.0)


def _left(stratum: Stratum) -> tuple[Floats, Floats]:
    """m_j = mean * reach_j - left_j: N / (N - j + 1) and S_{j-1} / (N - j + 1), or 1 and 0."""
    n = len(stratum.sample)
    if stratum.replaced:
        return np.zeros(n), np.ones(n)
    before = running_totals(stratum.sample, np.zeros(()))[:-1]
    remaining = stratum.cards - np.arange(n, dtype=np.float64)
    return before / remaining, stratum.cards / remaining


def _first_tangents(stratum: Stratum, low: float, high: float, sequential: bool) -> Tangents:
    points = low + (high - low) * (np.arange(FIRST_POINTS) + 0.5) / FIRST_POINTS
    return Tangents(low, high, points, *_log_t(stratum, points, sequential))


def _least_of_models(cuts: Sequence[Tangents], weights: Floats, budget: float) -> tuple[Floats, float]:
    """Means on the null's border where the sum of tangent models is least, and that least value.

    Each model falls in straight pieces that get flatter, so the steepest pieces (per weight) are taken
    first until the budget is used up: the exact solution of this linear programme.
    """
    means = np.array([cut.low for cut in cuts])
    value, pieces = 0.0, []
    for number, cut in enumerate(cuts):
        breaks = _breaks(cut)
        value += float(np.max(cut.values + cut.slopes * (cut.low - cut.points)))
        pieces += [
            (slope / weights[number], number, length)
            for slope, length in zip(cut.slopes, np.diff(breaks), strict=True)
            if length > 0
        ]
    spare = budget - float(weights @ means)
    for steepness, number, length in sorted(pieces):
        taken = min(length, spare / weights[number])
        means[number] += taken
        value += steepness * weights[number] * taken
        spare -= weights[number] * taken
        if spare <= 0:
            break
    return means, value


def _breaks(cut: Tangents) -> Floats:
    """Where each tangent of the model takes over from the one before, from ``low`` to ``high``."""
    heights = cut.values - cut.slopes * cut.points
    steps = np.diff(cut.slopes)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = np.where(steps > 0, -np.diff(heights) / steps, cut.points[1:])
    inner = np.clip(crossings, cut.points[:-1], cut.points[1:])
    return np.concatenate([[cut.low], inner, [cut.high]])


def _fixed_log_t(stratum: Stratum, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Logarithm of T at the lower and at the upper ends of bands, each with bets that the band fixes."""
    if len(stratum.sample) == 0:
        return np.zeros_like(lower), np.zeros_like(lower)
    x = np.broadcast_to(stratum.sample[:, np.newaxis], (len(stratum.sample), len(lower)))
    corner = np.clip(upper, NEAR * stratum.upper, (1 - NEAR) * stratum.upper)
    amounts = bets(x, stratum.population(corner), stratum.bet)
    left, reach = (part[:, np.newaxis] for part in _left(stratum))
    ends = []
    for means in (lower, upper):
        factors = 1.0 + amounts * (x - np.maximum(means * reach - left, 0.0))
        with np.errstate(divide="ignore"):
            ends.append(np.sum(np.log(np.maximum(factors, 0.0)), axis=0))
    return ends[0], ends[1]
