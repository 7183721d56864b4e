"""Super-simple comparison audits: Kaplan-Markov P and sizes from counts of over- and understatements.

Stark 2010, "Super-simple simultaneous single-ballot risk-limiting audits"; Lindeman and Stark 2012, "A
gentle introduction to risk-limiting audits". ``margin`` is the diluted margin, the smallest pairwise margin
in votes over the number of cards. A card's overstatement is the largest over pairs of error / margin of
*that pair*; counts of one- and two-vote overstatements stand for it only where the pair with the smallest
margin decides. A card drawn twice counts twice. ``gamma`` (> 1) inflates the error bound; programs use
1.03905, at which an overstatement of two votes costs about five times as much as one of one vote.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tallyproof.risk.function import Floats, check_alpha, require, risk

GAMMA = 1.03905


@dataclass(frozen=True)
class Discrepancies:
    """Cards (or shares of cards) overstated by one and two votes, and understated by one and two."""

    over_one: float = 0
    over_two: float = 0
    under_one: float = 0
    under_two: float = 0

    def __post_init__(self) -> None:
        """Refuse negative counts."""
        require(
            all(count >= 0 for count in self.counts), "discrepancies", "counts or shares of cards, at least 0"
        )

    @property
    def counts(self) -> tuple[float, float, float, float]:
        """The four numbers in the order above."""
        return self.over_one, self.over_two, self.under_one, self.under_two

    def times(self, cards: int) -> Discrepancies:
        """Shares of so many cards as numbers of cards."""
        return Discrepancies(*(share * cards for share in self.counts))


NONE = Discrepancies()


def risks(
    draws: ArrayLike,
    margin: ArrayLike,
    over_one: ArrayLike = 0,
    over_two: ArrayLike = 0,
    under_one: ArrayLike = 0,
    under_two: ArrayLike = 0,
    gamma: float = GAMMA,
) -> Floats:
    """P of samples of so many draws with so many discrepancies; arrays give one P per contest.

    P = (1 - m/2g)^n (1 - 1/2g)^-o1 (1 - 1/g)^-o2 (1 + 1/2g)^-u1 (1 + 1/g)^-u2, at most 1 (Gentle
    introduction). A margin of 0, as programs print for contests without a loser, leaves P at 1.
    """
    n, m = np.asarray(draws, dtype=np.float64), np.asarray(margin, dtype=np.float64)
    counts = [np.asarray(count, dtype=np.float64) for count in (over_one, over_two, under_one, under_two)]
    _check(1.0, gamma)
    require(bool(np.all((m >= 0) & (m <= 1))), "margin", "diluted margins from 0 to 1")
    require(bool(np.all(n >= 0)), "draws", "a number of draws, at least 0")
    require(all(bool(np.all(count >= 0)) for count in counts), "over_one", "counts of cards, at least 0")
    return risk(
        -n * np.log1p(-m / (2 * gamma))
        + sum(
            np.multiply(count, cost, out=np.zeros_like(count), where=count > 0)
            for count, cost in zip(counts, _costs(gamma), strict=True)
        )
    )


def risk_of_errors(draws: int, margin: float, errors: ArrayLike, gamma: float = GAMMA) -> float:
    """P where cards' overstatements are not whole votes of the smallest margin.

    ``errors`` are the overstatements of the cards that have one, each the largest over pairs of error /
    margin of that pair, times the smallest margin in votes: 1 or 2 for the pair that decides, less for
    others, below 0 for understatements. P = (1 - m/2g)^n / product of (1 - e/2g) (Stark 2010, eq. 9-10).
    """
    e = np.asarray(errors, dtype=np.float64)
    _check(margin, gamma)
    require(draws >= len(e), "draws", "at least as many as cards with errors")
    require(bool(np.all(e <= 2)), "errors", "at most 2: a vote for the winner that is one for the loser")
    with np.errstate(divide="ignore"):
        shares = np.log1p(-e / (2 * gamma))
    return float(risk(np.asarray(-draws * math.log1p(-margin / (2 * gamma)) + shares.sum())))


def size(alpha: float, margin: float, found: Discrepancies = NONE, gamma: float = GAMMA) -> int:
    """Draws after which P is at most ``alpha`` if the sample holds exactly the discrepancies ``found``.

    max(o1 + o2 + u1 + u2, ceil(-2g (ln alpha + o1 ln(1 - 1/2g) + …) / m)): the closed form that programs
    publish, by ln(1 - x) <= -x never smaller than needed (Gentle introduction).
    """
    check_alpha(alpha)
    _check(margin, gamma)
    needed = -2 * gamma * (math.log(alpha) + discrepancy_logs(found, gamma)) / margin
    return max(math.ceil(sum(found.counts)), math.ceil(needed))


def size_at_rates(alpha: float, margin: float, rates: Discrepancies, gamma: float = GAMMA) -> int | None:
    """Draws after which P is at most ``alpha`` if discrepancies come exactly at the ``rates``.

    ln alpha over the logarithm that each draw adds on average; None where errors are so frequent that no
    sample suffices.
    """
    check_alpha(alpha)
    _check(margin, gamma)
    added = math.log1p(-margin / (2 * gamma)) - discrepancy_logs(rates, gamma)
    return math.ceil(math.log(alpha) / added) if added < 0 else None


def sample_size_multiplier(alpha: float, tolerance: float, gamma: float = GAMMA) -> float:
    """The number rho by which programs divide the margin to get a size: n = rho / m.

    rho = -ln alpha / (1/2g + l ln(1 - 1/2g)) allows one-vote overstatements at l times the margin's half
    rate without a larger sample (Stark 2010). Raises RequestError where no size would suffice.
    """
    check_alpha(alpha)
    _check(1.0, gamma)
    left = 1 / (2 * gamma) + tolerance * _costs(gamma)[0]
    require(tolerance >= 0 and left > 0, "tolerance", "at least 0 and small enough to leave an edge")
    return -math.log(alpha) / left


def starting_size(
    alpha: float,
    margin: float,
    rates: Discrepancies,
    gamma: float = GAMMA,
    round_up_one: bool = True,
    round_up_two: bool = False,
) -> int | None:
    """First sample as programs plan it: whole discrepancies expected at the size for the ``rates``.

    One-vote counts are rounded up (or to the nearest), two-vote counts to the nearest (or up), and the
    closed form gives the size. None where no sample suffices at these rates.
    """
    first = size_at_rates(alpha, margin, rates, gamma)
    if first is None:
        return None
    o1, o2, u1, u2 = rates.times(first).counts
    one, two = (math.ceil if up else round for up in (round_up_one, round_up_two))
    return size(alpha, margin, Discrepancies(one(o1), two(o2), one(u1), two(u2)), gamma)


def discrepancy_logs(found: Discrepancies, gamma: float = GAMMA) -> float:
    """What the discrepancies add to log T: negative for overstatements, positive for understatements."""
    return sum(count * cost for count, cost in zip(found.counts, _costs(gamma), strict=True) if count)


def _costs(gamma: float) -> tuple[float, float, float, float]:
    """What one discrepancy of each kind adds to log T."""
    half, whole = 1 / (2 * gamma), 1 / gamma
    fatal = -math.inf if whole >= 1 else math.log1p(-whole)
    return math.log1p(-half), fatal, math.log1p(half), math.log1p(whole)


def _check(margin: float, gamma: float) -> None:
    require(gamma >= 1, "gamma", "at least 1")
    require(0 < margin <= 1, "margin", "a diluted margin above 0 and at most 1")
