"""Providence: Minerva's test of the newest round, given everything drawn before it.

Broadrick, Morin, McClearn, McBurnett, Vora and Zagórski 2022, "Simplifying and improving ballot-polling
audits with Providence". Each round's size may be chosen after looking at the rounds before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tallyproof.risk import bravo
from tallyproof.risk.binomial import tail_ratio
from tallyproof.risk.function import Floats, check_alpha, require
from tallyproof.risk.rounds import Smallest, Stop, check_share, smallest_round, stop_after


def risks(share: float, votes: Sequence[int], winner_votes: Sequence[int]) -> Floats:
    """Smallest P up to each round; ``votes`` and ``winner_votes`` are those of each round alone.

    ``P_j = Pr(k_{j-1} | tie) / Pr(k_{j-1} | s) * Pr(K >= new k | tie) / Pr(K >= new k | s)``: the first
    ratio is that of all earlier rounds together, the second that of the newest.
    """
    check_share(share)
    require(len(votes) == len(winner_votes), "winner_votes", "one number per round of 'votes'")
    found, earned = [], 0.0
    for drawn, won in zip(votes, winner_votes, strict=True):
        require(0 <= won <= drawn, "winner_votes", "at most the votes of its round")
        found.append(_exp(-earned) * tail_ratio(drawn, won, share))
        earned += float(bravo.log_ratio(won, drawn - won, share))
    return np.minimum.accumulate(np.minimum(np.array(found, dtype=np.float64), 1.0))


def stop_after_round(share: float, alpha: float, votes: int, seen: tuple[int, int] = (0, 0)) -> Stop:
    """New votes for the winner that end a round of so many new votes, and the chance of that.

    ``seen`` are the votes for winner and loser in earlier rounds.
    """
    return stop_after(votes, share, _left(share, alpha, seen))


def next_round(
    share: float,
    alpha: float,
    chance: float,
    seen: tuple[int, int] = (0, 0),
    meaning: Smallest = Smallest.LASTING,
) -> Stop:
    """New votes that the next round needs to end the audit with the given chance if all is as reported."""
    return smallest_round(share, _left(share, alpha, seen), chance, meaning)


def _left(share: float, alpha: float, seen: tuple[int, int]) -> float:
    """The risk limit times the likelihood ratio earned so far: what the next round has to beat."""
    check_alpha(alpha)
    return alpha * _exp(float(bravo.log_ratio(*seen, share)))


def _exp(logarithm: float) -> float:
    """The exponential, or the largest that a float holds with room to spare."""
    return math.exp(min(logarithm, 700.0))
