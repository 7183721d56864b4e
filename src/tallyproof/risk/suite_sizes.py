"""Sample sizes of SUITE audits as the programs that ran them plan: both strata in proportion to cards."""

from __future__ import annotations

import math

from tallyproof.risk.function import check_alpha
from tallyproof.risk.suite import Compared, Polled, suite_grid_risk
from tallyproof.risk.supersimple import Discrepancies

FEWEST = 5
NEAR_ENOUGH = 0.8


def suite_sizes(alpha: float, compared: Compared, polled: Polled) -> tuple[int, int] | None:
    """Cards in all to draw from the comparison and from the polling stratum; None: count one by hand.

    The total grows by 2 (by 1.1 once cards have been drawn) until the P expected of it is at most
    ``alpha``, and is then halved back until that P lies between 0.8 alpha and alpha. Votes and
    discrepancies are expected to come as reported, or as in the sample so far. Where the next total would
    be more than all cards, those programs count all, though a total in between might do; so does this.
    """
    check_alpha(alpha)
    drawn, cards = compared.draws + polled.draws, compared.cards + polled.cards
    growth, high = (1.1 if drawn else 2.0), max(FEWEST, drawn)
    while True:
        high = max(high + 1, int(growth * high))
        if high > cards:
            return None
        if _expected_risk(alpha, compared, polled, high) <= alpha:
            break
    sizes = _split(compared, polled, _halved(alpha, compared, polled, high / growth, high))
    return None if sizes[0] >= compared.cards else sizes  # rounded up, so it reaches the whole stratum first


def _halved(alpha: float, compared: Compared, polled: Polled, low: float, high: int) -> int:
    while True:
        middle = math.floor((low + high) / 2)
        if middle in (low, high):
            return high
        p = _expected_risk(alpha, compared, polled, middle)
        if p > alpha:
            low = middle
        else:
            high = middle
            if p >= NEAR_ENOUGH * alpha:
                return high


def _split(compared: Compared, polled: Polled, total: int) -> tuple[int, int]:
    first = -(-compared.cards * total // (compared.cards + polled.cards))
    return first, total - first


def _expected_risk(alpha: float, compared: Compared, polled: Polled, total: int) -> float:
    first, second = _split(compared, polled, total)
    if first < compared.draws or second < polled.draws:
        return 1.0
    return suite_grid_risk(
        _expected_compared(compared, first, total), _expected_polled(polled, min(second, polled.cards)), alpha
    )


def _expected_compared(stratum: Compared, draws: int, total: int) -> Compared:
    """As many more discrepancies as the sample so far suggests, counted on the draws of both strata."""
    more = (total - stratum.draws) / stratum.draws if stratum.draws else 0.0
    o1, o2, u1, u2 = stratum.found.counts
    found = Discrepancies(
        o1 + math.ceil(o1 * more),
        o2 + math.ceil(o2 * more),
        u1 + math.floor(u1 * more),
        u2 + math.floor(u2 * more),
    )
    return Compared(stratum.cards, stratum.lead, draws, found, stratum.gamma)


def _expected_polled(stratum: Polled, draws: int) -> Polled:
    """Votes as reported, or as in the sample so far; rounded against the winner."""
    new = draws - stratum.draws
    if stratum.draws:
        shares = stratum.drawn_winner / stratum.draws, stratum.drawn_loser / stratum.draws
    else:
        shares = stratum.winner / stratum.cards, stratum.loser / stratum.cards
    won = min(stratum.drawn_winner + math.floor(new * shares[0]), stratum.winner)
    lost = min(stratum.drawn_loser + math.ceil(new * shares[1]), stratum.loser, draws - won)
    return Polled(stratum.cards, stratum.winner, stratum.loser, draws, won, lost)
