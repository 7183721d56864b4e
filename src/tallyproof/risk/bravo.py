"""BRAVO: a sequential test of the votes for a winner and a loser, and how many ballots it needs.

Lindeman, Stark and Yates 2012, "BRAVO: Ballot-polling risk-limiting audits to verify outcomes". Drawn with
replacement; only votes for one of the two count. ``winner`` and ``loser`` are shares of all ballots;
s = winner / (winner + loser) is the winner's share of the two. Shares may be exact fractions.
"""

from __future__ import annotations

import math
from fractions import Fraction
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from tallyproof.risk.alpha import FixedAlternative
from tallyproof.risk.binomial import probabilities
from tallyproof.risk.function import Floats, History, Population, check_alpha, require, risk
from tallyproof.risk.wealth import history

Share: TypeAlias = float | Fraction


def log_ratio(winner_votes: ArrayLike, loser_votes: ArrayLike, share: ArrayLike) -> Floats:
    """Logarithm of the likelihood ratio (2 s)^n_w (2 - 2 s)^n_l of reported result against a tie."""
    won, lost = np.asarray(winner_votes, dtype=np.float64), np.asarray(loser_votes, dtype=np.float64)
    s = np.asarray(share, dtype=np.float64)
    require(bool(np.all((s > 0.5) & (s <= 1))), "share", "above 1/2 and at most 1")
    require(bool(np.all((won >= 0) & (lost >= 0))), "winner_votes", "numbers of votes, at least 0")
    with np.errstate(divide="ignore", invalid="ignore"):
        against = np.where(lost > 0, lost * np.log(2.0 - 2.0 * s), 0.0)
    return np.asarray(won * np.log(2.0 * s) + against)


def end_of_round_risk(winner_votes: ArrayLike, loser_votes: ArrayLike, share: ArrayLike) -> Floats:
    """P from the totals at the end of a round: min(1, 1 / likelihood ratio)."""
    return risk(log_ratio(winner_votes, loser_votes, share))


def selection_ordered(votes: ArrayLike, share: float) -> History:
    """P after each ballot in the order drawn; ``votes`` holds 1 for the winner, 0 for the loser.

    Its ``p_value`` is never above the risk at the end of the round, since the audit may stop in between.
    """
    require(0.5 < share <= 1, "share", "above 1/2 and at most 1")
    return history(votes, Population(), FixedAlternative(share))


def expected_size(alpha: float, winner: Share, loser: Share, log_ratio_so_far: float = 0.0) -> int:
    """Ballots still to be drawn on average: (ln(1 / alpha) + z_w / 2) / (p_w z_w + p_l z_l).

    z_w = ln 2s and z_l = ln(2 - 2s); ``log_ratio_so_far`` is what earlier draws have already earned.
    """
    share = _share(alpha, winner, loser)
    gain = math.log(2 * share)
    drift = float(winner) * gain + (float(loser) * math.log(2 - 2 * share) if loser else 0.0)
    missing = -math.log(alpha) - log_ratio_so_far
    return math.ceil((missing + gain / 2) / drift) if missing > 0 else 0


def chance_of_finishing(
    alpha: float, winner: Share, loser: Share, ballots: int, seen: tuple[int, int] = (0, 0)
) -> float:
    """Chance that a round of so many ballots ends the audit if the result is as reported.

    Normal approximation of the winner's votes among winner + loser of the ballots; ``seen`` are the votes
    for the two in earlier rounds.
    """
    share = _share(alpha, winner, loser)
    missing, gain, loss = _missing(alpha, share, seen)
    if missing <= 0:
        return 1.0
    relevant = ballots * float(winner + loser)
    needed = (missing - loss * relevant) / (gain - loss)
    return NormalDist().cdf((relevant * share - needed) / math.sqrt(relevant * share * (1 - share)))


def size_for_chance(
    alpha: float, winner: Share, loser: Share, chance: float, seen: tuple[int, int] = (0, 0)
) -> int:
    """Ballots of a round that ends the audit with the given chance if the result is as reported.

    The first number of relevant votes, counted up from the normal approximation, at which the audit ends
    even if the winner's votes are only their (1 - chance) quantile; divided by the share of relevant
    votes. The chance is not quite monotone in the size, so a larger round may do slightly worse.
    """
    _check_chance(loser, chance)
    share = _share(alpha, winner, loser)
    missing, gain, loss = _missing(alpha, share, seen)
    if missing <= 0:
        return 0
    votes = _approximate_votes(share, missing, gain, loss, chance)
    while True:
        won = int(np.searchsorted(np.cumsum(probabilities(votes, share)), 1.0 - chance))
        if won * gain + (votes - won) * loss > missing:
            return math.ceil(votes / (Fraction(winner) + Fraction(loser)))
        votes += 1


def approximate_size(alpha: float, winner: Share, loser: Share, chance: float) -> int:
    """Ballots of a first round by the normal approximation; ``size_for_chance`` counts up from there."""
    _check_chance(loser, chance)
    share = _share(alpha, winner, loser)
    votes = _approximate_votes(share, *_missing(alpha, share, (0, 0)), chance)
    return math.ceil(votes / (Fraction(winner) + Fraction(loser)))


def _check_chance(loser: Share, chance: float) -> None:
    require(loser > 0, "loser", "above 0; without votes for a loser every vote drawn is for the winner")
    require(0 < chance < 1, "chance", "above 0 and below 1")


def _approximate_votes(share: float, missing: float, gain: float, loss: float, chance: float) -> int:
    """Solve n s + z sqrt(n s (1 - s)) = (missing - n loss) / (gain - loss), a quadratic in n."""
    z = NormalDist().inv_cdf(chance)
    offset, slope = missing / (gain - loss), loss / (gain - loss) + share
    middle = z * z * share * (1 - share) + 2 * offset * slope
    root = math.sqrt(max(0.0, middle**2 - 4 * slope**2 * offset**2))
    return math.floor((middle + (root if chance > 0.5 else -root)) / (2 * slope**2))


def _missing(alpha: float, share: float, seen: tuple[int, int]) -> tuple[float, float, float]:
    gain, loss = math.log(2 * share), math.log(2 - 2 * share) if share < 1 else -math.inf
    earned = seen[0] * gain + (seen[1] * loss if seen[1] else 0.0)
    return -math.log(alpha) - earned, gain, loss


def _share(alpha: float, winner: Share, loser: Share) -> float:
    check_alpha(alpha)
    require(0 <= loser < winner <= 1, "winner", "a share of the ballots above 'loser', at most 1")
    return float(winner / (winner + loser))
