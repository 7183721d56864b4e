"""ALPHA: bets stated as an estimate of the mean of what is left to draw.

Stark 2023, "ALPHA: Audit that learns from previously hand-audited ballots", Annals of Applied Statistics
17(1). An estimate eta_j, known before draw j, stakes the share (eta_j - m_j) / (u - m_j) of the wealth;
estimates outside (m_j, u] are moved to the nearest end, so no factor is negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tallyproof.risk.function import Floats, Numbers, Past, Population, require, require_number


@dataclass(frozen=True)
class FixedAlternative:
    """The population's mean is taken to be ``eta``: what is left then has mean (N eta - S) / (N - j + 1).

    With replacement the estimate stays ``eta``: Wald's sequential probability ratio test, and BRAVO where
    the values are 0 and 1 (ALPHA, section 2.3; Wald 1945).
    """

    eta: Numbers
    spread: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Refuse what is no number."""
        require_number(self.eta, "eta")

    def stakes(self, past: Past) -> Floats:
        """Shares of the wealth."""
        size = past.population.size
        if size is None:
            return estimate_stakes(np.asarray(self.eta, dtype=np.float64), past)
        cards = np.asarray(size, dtype=np.float64)
        return estimate_stakes((cards * self.eta - past.total) / (cards - past.drawn), past)


@dataclass(frozen=True)
class ConstantAlternative:
    """The estimate is ``eta`` before every draw, however few cards are left."""

    eta: Numbers
    spread: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Refuse what is no number."""
        require_number(self.eta, "eta")

    def stakes(self, past: Past) -> Floats:
        """Shares of the wealth."""
        return estimate_stakes(np.asarray(self.eta, dtype=np.float64), past)


@dataclass(frozen=True)
class ShrinkTrunc:
    """The mean so far, shrunk towards ``eta`` as if ``d`` earlier draws had had that mean, and truncated.

    ALPHA, section 2.5.2 and eq. 14: the estimate (d eta + S) / (d + j - 1) is kept at least
    c / sqrt(d + j - 1) above m_j and, as in the paper's code, as far below u. ``c`` is (eta - t) / 2
    unless given. ``f`` > 0 pulls the estimate towards u, the more the smaller the standard deviation of
    the draws so far (taken as 1 before the third draw, and at least ``min_sd``).
    """

    eta: Numbers
    d: float = 100.0
    c: Numbers | None = None
    f: float = 0.0
    min_sd: float = 1e-6

    def __post_init__(self) -> None:
        """Refuse weights that are not weights."""
        require_number(self.eta, "eta")
        require(self.d > 0, "d", "a number of draws above 0")
        require(self.f >= 0, "f", "at least 0")
        require(self.min_sd > 0, "min_sd", "above 0")
        require(self.c is None or bool(np.all(np.asarray(self.c) >= 0)), "c", "at least 0")

    @property
    def spread(self) -> bool:
        """Deviations are needed only to pull towards u."""
        return self.f > 0

    def stakes(self, past: Past) -> Floats:
        """Shares of the wealth."""
        weight = past.drawn + self.d
        estimate = past.total + self.d * np.asarray(self.eta)
        estimate /= weight
        if self.f > 0:
            pull = self.f / self._sd(past)
            estimate = (estimate + pull * np.asarray(past.population.upper)) / (1.0 + pull)
        gap = np.asarray(self._c(past.population)) / np.sqrt(weight)
        estimate -= past.null_mean
        np.maximum(estimate, gap, out=estimate)
        room = np.asarray(past.population.upper) - past.null_mean
        if estimate.max() > room.min() - gap.max():
            np.minimum(estimate, room - gap, out=estimate)
        estimate /= room
        return estimate

    def _c(self, population: Population) -> Numbers:
        half = (np.asarray(self.eta) - population.null_mean) / 2
        return np.maximum(half, 0.0) if self.c is None else self.c

    def _sd(self, past: Past) -> Floats:
        sd = np.sqrt(past.deviations / np.maximum(past.drawn, 1.0))
        return np.where(past.drawn < 2, 1.0, np.maximum(sd, self.min_sd))


def optimal_comparison(upper: Numbers, two_vote_rate: float) -> ConstantAlternative:
    """The alternative that is best if a share ``two_vote_rate`` of cards is overstated by two votes.

    ``upper`` is the bound of the overstatement assorter, 2 / (2 - v). Spertus 2023 (COBRA), eq. 3, as an
    estimate: (1 - u (1 - p)) / (2 - 2 u) + u (1 - p) - 1/2.
    """
    require(bool(np.all(np.asarray(upper) > 1)), "upper", "above 1: 2 / (2 - v) for a margin v above 0")
    require(0 <= two_vote_rate <= 1, "two_vote_rate", "a share of cards, in [0, 1]")
    kept = np.asarray(upper) * (1.0 - two_vote_rate)
    return ConstantAlternative((1.0 - kept) / (2.0 - 2.0 * np.asarray(upper)) + kept - 0.5)


def estimate_stakes(estimate: Floats, past: Past) -> Floats:
    """Share of the wealth that an estimate stakes: (eta - m) / (u - m)."""
    gain = estimate - past.null_mean
    gain /= np.asarray(past.population.upper) - past.null_mean
    return gain
