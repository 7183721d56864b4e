"""Minerva: rounds judged by the chance of doing as well, among the paths that had not stopped before.

Zagórski, McClearn, Morin, McBurnett and Vora 2021, "Minerva: An efficient risk-limiting ballot polling
audit", USENIX Security. The schedule of rounds must not depend on what is drawn (Providence lifts that).
``share`` is the winner's share of the votes for the two; rounds are cumulative numbers of those votes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tallyproof.risk.binomial import SMALL, probabilities, tails
from tallyproof.risk.bravo import end_of_round_risk
from tallyproof.risk.function import Floats, check_alpha, require
from tallyproof.risk.rounds import Stop, check_share


def stopping_rules(share: float, alpha: float, schedule: Sequence[int]) -> list[Stop]:
    """For each round the votes for the winner that end it, and its chance of ending the audit.

    The chance is that of reaching this round and stopping in it; the sum over rounds is that of stopping
    at all. Exact convolution of whole distributions.
    """
    return [stop for stop, _, _ in _rounds(share, alpha, schedule)]


def risks(share: float, alpha: float, schedule: Sequence[int], winner_votes: Sequence[int]) -> Floats:
    """Smallest P up to each round: Pr(K >= k, not stopped before | tie) over the same as reported.

    ``winner_votes`` are cumulative, one per round. Raises RequestError where a round has fewer votes than
    the one before, or more for the winner than it holds.
    """
    require(len(winner_votes) == len(schedule), "winner_votes", "one number per round of 'schedule'")
    before = (0, *winner_votes)
    fits = [
        0 <= won - past <= votes
        for won, past, votes in zip(winner_votes, before, _steps(schedule), strict=False)
    ]
    require(all(fits), "winner_votes", "cumulative, within the votes of each round")
    found, ended = [], False
    for won, (stop, reported, tied) in zip(winner_votes, _rounds(share, alpha, schedule), strict=True):
        found.append(_ratio(tied[won], reported[won], won, stop.votes - won, share, ended))
        ended = ended or (stop.winner_votes is not None and won >= stop.winner_votes)
    return np.minimum.accumulate(np.minimum(np.array(found), 1.0))


def _ratio(tied: float, reported: float, won: int, lost: int, share: float, ended: bool) -> float:
    """Quotient of two tails; where both are too small for a float, a bound on it.

    Every path to K >= k votes is at least (2s)^k (2 - 2s)^(n - k) times likelier as reported than in a tie.
    A result that a rule had ended before it could come about says nothing.
    """
    if reported > SMALL:
        return tied / reported
    return 1.0 if ended else float(end_of_round_risk(won, lost, share))


def _rounds(share: float, alpha: float, schedule: Sequence[int]) -> list[tuple[Stop, Floats, Floats]]:
    """Stopping rule and both tail distributions of each round."""
    check_alpha(alpha)
    check_share(share)
    reported, tied = np.ones(1), np.ones(1)
    rounds = []
    for votes, new in zip(schedule, _steps(schedule), strict=True):
        reported = np.convolve(reported, probabilities(new, share))
        tied = np.convolve(tied, probabilities(new, 0.5))
        ends, draws = tails(reported), tails(tied)
        enough = (alpha * ends >= draws) & (ends > 0)
        fewest = int(enough.argmax()) if enough.any() else None
        rounds.append((Stop(votes, fewest, 0.0 if fewest is None else float(ends[fewest])), ends, draws))
        if fewest is not None:
            reported[fewest:], tied[fewest:] = 0.0, 0.0
    return rounds


def _steps(schedule: Sequence[int]) -> list[int]:
    steps = [now - past for now, past in zip(schedule, (0, *schedule), strict=False)]
    require(bool(schedule) and min(steps) >= 0, "schedule", "cumulative numbers of votes, never falling")
    return steps
