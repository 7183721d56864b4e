"""What every risk function shares: a population, what a bet may know, and the history of its wealth.

A sample x_1 … x_n of values in [0, u] lies along the first axis of an array, in the order drawn; further
axes are columns (one assertion each, one simulated audit each) that are worked on together. The null says
that the population's mean is at most t. Before draw j a bet stakes a share k_j in [0, 1] of the wealth T:

    T_j = T_{j-1} (1 - k_j + k_j x_j / m_j),      P_j = min(1, 1 / max_{i <= j} T_i)

where m_j is the mean of what is left if the null just holds. T is a nonnegative supermartingale under the
null, so P is valid at any time (Ville). ALPHA's estimate is eta_j = m_j + k_j (u - m_j), the betting form's
bet is lambda_j = k_j / m_j: one family (Stark 2023, "ALPHA", eq. 4 and 12; Waudby-Smith and Ramdas 2024).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tallyproof.errors import RequestError

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Numbers: TypeAlias = float | Floats


@dataclass(frozen=True, eq=False)
class Population:
    """Values in [0, ``upper``] whose mean is at most ``null_mean`` under the null hypothesis.

    ``size`` is the number of cards when they are drawn without replacement, None when with replacement.
    Each may be an array with one entry per column of the sample.
    """

    upper: Numbers = 1.0
    null_mean: Numbers = 0.5
    size: int | Ints | None = None

    def __post_init__(self) -> None:
        """Refuse bounds that no population has."""
        require(bool(np.all(_finite(self.upper) & (np.asarray(self.upper) > 0))), "upper", "a number above 0")
        inside = (np.asarray(self.null_mean) > 0) & (np.asarray(self.null_mean) < self.upper)
        require(bool(np.all(_finite(self.null_mean) & inside)), "null_mean", "above 0 and below 'upper'")
        if self.size is not None:
            size = np.asarray(self.size, dtype=np.float64)
            whole = bool(np.all((size >= 1) & (size == np.floor(size))))
            require(whole, "size", "a whole number of cards, at least 1")


@dataclass(frozen=True, eq=False)
class Past:
    """What a bet may know before each draw of a block: the draws before it, never the draw itself.

    ``drawn`` is j - 1 and ``total`` x_1 + … + x_{j-1}, along the first axis; ``null_mean`` is m_j.
    """

    drawn: Floats
    total: Floats
    null_mean: Floats
    population: Population
    first: Floats | None = None
    squares: Floats | None = None

    @property
    def deviations(self) -> Floats:
        """Sum of squared deviations of the draws so far from their mean; needs a bet with ``spread``."""
        assert self.first is not None and self.squares is not None
        shifted = self.total - self.drawn * self.first
        return np.maximum(self.squares - shifted * shifted / np.maximum(self.drawn, 1.0), 0.0)


class Bet(Protocol):
    """A rule that stakes a share of the wealth before each draw."""

    @property
    def spread(self) -> bool:
        """Whether it looks at ``Past.deviations``."""
        ...

    def stakes(self, past: Past) -> Floats:
        """Shares of the wealth, clipped to [0, 1] by the caller; broadcastable to ``past.null_mean``."""
        ...


@dataclass(frozen=True, eq=False)
class History:
    """Logarithm of T after each draw, and whether the draws up to there prove the null true.

    Where the draws prove the null false (S_j > N t), T is infinite; where they prove it true, T is 0.
    """

    log_t: Floats
    null_certain: Flags

    @property
    def p(self) -> Floats:
        """min(1, 1 / T_j) after each draw: valid at one time chosen in advance."""
        return risk(self.log_t)

    @property
    def sequential(self) -> Floats:
        """Smallest p up to each draw: valid whenever one looks."""
        return np.minimum.accumulate(self.p, axis=0)

    @property
    def p_value(self) -> Floats:
        """Sequential P of the whole sample, per column; 1 where the sample proves the null true."""
        highest = np.max(self.log_t, axis=0, initial=0.0)
        if len(self.log_t) == 0:
            return risk(highest)
        return np.where(self.null_certain[-1], 1.0, risk(highest))

    def p_value_after(self, draws: ArrayLike) -> Floats:
        """Sequential P after so many draws, a number per column: for columns padded to one length."""
        counts = np.broadcast_to(np.asarray(draws, dtype=np.int64), self.log_t.shape[1:])
        require(bool(np.all((counts >= 0) & (counts <= len(self.log_t)))), "draws", "at most the sample's")
        place = np.maximum(counts - 1, 0)[np.newaxis]
        highest = np.maximum.accumulate(np.maximum(self.log_t, 0.0), axis=0)
        p = risk(np.take_along_axis(highest, place, axis=0)[0])
        proven = np.take_along_axis(self.null_certain, place, axis=0)[0]
        return np.where((counts == 0) | proven, 1.0, p)

    def crossing(self, alpha: float) -> Ints:
        """Number of draws after which P first is at most ``alpha``, per column; 0 where it never is."""
        check_alpha(alpha)
        met = self.log_t >= -np.log(alpha)
        return np.where(met.any(axis=0), met.argmax(axis=0) + 1, 0) if len(met) else met.sum(axis=0)


def risk(log_t: Floats) -> Floats:
    """min(1, 1 / T), in [0, 1] for every log T from -inf to inf."""
    return np.exp(-np.maximum(log_t, 0.0))


def checked_sample(sample: ArrayLike, population: Population) -> Floats:
    """``sample`` as numbers with draws along the first axis; refuses what cannot be a sample."""
    x = np.asarray(sample, dtype=np.float64)
    require(x.ndim >= 1, "sample", "an array with draws along its first axis")
    if x.size == 0:
        return x
    upper = np.asarray(population.upper)
    low, high = x.min(), np.max(x, axis=0)
    require(not np.isnan(low), "sample", "numbers; it holds one that is not a number (NaN)")
    top = f"{np.max(upper):g}"
    require(
        low >= 0 and bool(np.all(high <= upper * (1 + 1e-12))), "sample", f"values in [0, {top}] ('upper')"
    )
    if population.size is not None:
        smallest = int(np.min(population.size))
        require(len(x) <= smallest, "sample", f"at most {smallest:,} draws, as many as 'size' has cards")
    return x


def check_alpha(alpha: float) -> None:
    """Refuse a risk limit that is not strictly between 0 and 1."""
    require(0 < alpha < 1, "alpha", "a risk limit above 0 and below 1, such as 0.05")


def require(holds: bool, argument: str, allowed: str) -> None:
    """Raise RequestError naming the argument and what it may be."""
    if not holds:
        raise RequestError(f"'{argument}' must be {allowed}.")


def require_number(numbers: Numbers, argument: str) -> None:
    """Refuse what is not a number (NaN), in an array too; infinity is a number."""
    require(not np.isnan(np.asarray(numbers, dtype=np.float64)).any(), argument, "a number, not NaN")


def _finite(numbers: Numbers) -> Flags:
    return np.isfinite(np.asarray(numbers, dtype=np.float64))
