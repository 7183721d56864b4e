"""The largest combined P over a nuisance on a line, between a lower and an upper bound that are proven."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tallyproof.risk.function import Floats, require

Curve: TypeAlias = Callable[[Floats], Floats]
CELLS = 64
PIECES = 8
MOST_CELLS = 200_000


@dataclass(frozen=True)
class Bounded:
    """A largest value known to lie in [attained, p]: ``attained`` at ``nuisance``, ``p`` an upper bound.

    ``p`` is what an audit reports: it is never too small.
    """

    p: float
    attained: float
    nuisance: tuple[float, ...]

    @property
    def gap(self) -> float:
        """(p - attained) / p: the share by which the reported P may be too large."""
        return (self.p - self.attained) / self.p if self.p > 0 else 0.0


def fisher(log_p_sum: Floats, tests: int) -> Floats:
    """Fisher's combination: the chance that chi-squared with 2k degrees of freedom exceeds -2 sum ln P.

    For even degrees the tail is exp(-y) (1 + y + … + y^(k-1) / (k-1)!), y = -sum ln P (Fisher 1932).
    """
    y = np.asarray(-log_p_sum, dtype=np.float64)
    term = total = np.ones_like(y)
    finite = np.where(np.isfinite(y), y, 0.0)
    for power in range(1, tests):
        term = term * finite / power
        total = total + term
    return np.where(np.isfinite(y), np.minimum(np.exp(-finite) * total, 1.0), np.where(y > 0, 0.0, 1.0))


def largest_on_line(
    falling: Curve, rising: Curve, low: float, high: float, combine: Curve, gap: float = 1e-3
) -> Bounded:
    """The largest ``combine(falling(x) + rising(x))`` for x in [low, high], to a relative ``gap``.

    ``falling`` and ``rising`` are logarithms of the two tests' P, monotone as named, and ``combine`` never
    falls. In a cell [a, b] the value is then at most combine(falling(a) + rising(b)): a bound, not a guess.
    Cells whose bound is above the best value found are cut into pieces until none is by more than ``gap``.
    """
    require(0 < gap < 1, "gap", "above 0 and below 1")
    cuts = np.linspace(low, high, CELLS + 1)[np.newaxis]
    best, place, closed = -1.0, low, 0.0
    while True:
        down, up = falling(cuts.ravel()).reshape(cuts.shape), rising(cuts.ravel()).reshape(cuts.shape)
        values, bounds = combine(down + up), combine(down[:, :-1] + up[:, 1:])
        if values.max() > best:
            best, place = float(values.max()), float(cuts.flat[values.argmax()])
        undecided = bounds * (1.0 - gap) > best
        closed = max(closed, float(np.max(bounds[~undecided], initial=0.0)))
        if not undecided.any() or undecided.sum() * PIECES > MOST_CELLS:
            return Bounded(max(best, closed, float(np.max(bounds[undecided], initial=0.0))), best, (place,))
        cuts = _pieces(cuts[:, :-1][undecided], cuts[:, 1:][undecided])


def _pieces(starts: Floats, ends: Floats) -> Floats:
    shares = np.linspace(0.0, 1.0, PIECES + 1)
    return np.asarray(starts[:, np.newaxis] + shares * (ends - starts)[:, np.newaxis])
