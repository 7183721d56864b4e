"""SUITE: one stratum compared with cast vote records, one polled, combined by Fisher's method.

Ottoboni, Stark, Lindeman and McBurnett 2018, "Risk-limiting audits by stratified union-intersection tests
of elections (SUITE)". Of the votes V by which the winner leads in both strata together, a share l is
granted to errors in the comparison stratum and 1 - l to the polling stratum; P is the largest over l.
Kept to reproduce audits that used it: strata.py needs fewer cards.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tallyproof.risk.bounding import Bounded, fisher, largest_on_line
from tallyproof.risk.function import Floats, check_alpha, require
from tallyproof.risk.supersimple import GAMMA, NONE, Discrepancies, discrepancy_logs

HALVINGS = 60


@dataclass(frozen=True)
class Compared:
    """The stratum with cast vote records: cards, the winner's lead in it, draws and what they showed."""

    cards: int
    lead: int
    draws: int
    found: Discrepancies = NONE
    gamma: float = GAMMA


@dataclass(frozen=True)
class Polled:
    """The stratum without: cards, votes for winner and loser, and the sample's cards and votes."""

    cards: int
    winner: int
    loser: int
    draws: int
    drawn_winner: int
    drawn_loser: int

    def __post_init__(self) -> None:
        """Refuse samples larger than the stratum and votes beyond the cards."""
        require(0 <= self.drawn_winner + self.drawn_loser <= self.draws <= self.cards, "draws", "consistent")
        require(self.winner + self.loser <= self.cards, "cards", "at least the votes for winner and loser")


def suite_risk(compared: Compared, polled: Polled, gap: float = 1e-3) -> Bounded:
    """The largest Fisher-combined P over l, at most a share ``gap`` too large; ``nuisance`` is (l,).

    P of the comparison stratum falls in l. In the polling stratum the null is that the winner's lead is at
    most what 1 - l leaves; its P, the largest over smaller leads, rises in l.
    """
    votes = _lead(compared, polled)
    low, high = _range(compared, polled)
    return largest_on_line(
        lambda share: comparison_log_p(compared, votes, share),
        lambda share: polling_log_p(polled, votes, 1.0 - share),
        low,
        high,
        lambda total: fisher(total, 2),
        gap,
    )


def suite_grid_risk(compared: Compared, polled: Polled, alpha: float) -> float:
    """P as the programs that ran SUITE audits print it: the largest on a grid of l.

    The grid has steps of 0.05. Where its P is at most ``alpha`` but the modulus of continuity cannot rule
    out more than ``alpha`` in between, the grid is refined tenfold around its best point. Above ``alpha``
    the first grid's value is printed. This bounds the largest P neither way: between its points P may be
    larger, and a grid goes up to a step, a refined one two, beyond the shares that errors could make up,
    where P may be larger than anywhere within (small strata).
    """
    check_alpha(alpha)
    votes = _lead(compared, polled)
    (low, high), step = _range(compared, polled), 0.05
    while True:
        shares = np.arange(low, high + step, step)
        if len(shares) < 5:
            step = (high + 1 - low) / 5
            shares = np.arange(low, high + step, step)
        logs = comparison_log_p(compared, votes, shares) + polling_exact_log_p(polled, votes, 1.0 - shares)
        values = fisher(logs, 2)
        best = float(values.max())
        if best > alpha or _modulus(compared, polled, votes, step) <= 2 * abs(
            _fisher_y(best) - _fisher_y(alpha)
        ):
            return best
        place = float(shares[values.argmax()])
        low, high, step = place - 2 * step, place + 2 * step, step / 10


def comparison_log_p(stratum: Compared, votes: int, share: Floats) -> Floats:
    """Logarithm of Kaplan-Markov's P if a share of the lead may be error in this stratum.

    (1 - l V / (2 g N))^n with the discrepancies' factors of the super-simple method, at most 1.
    """
    if stratum.draws == 0:
        return np.zeros_like(share)
    factor = 1.0 - share * votes / (2 * stratum.gamma * stratum.cards)
    with np.errstate(divide="ignore"):
        logs = stratum.draws * np.log(np.maximum(factor, 0.0))
    return np.minimum(logs - discrepancy_logs(stratum.found, stratum.gamma), 0.0)


def polling_log_p(stratum: Polled, votes: int, share: Floats) -> Floats:
    """Logarithm of the polling P for every lead of at most the reported one less a share of V.

    For exactly one lead, P rises with the lead to 1, which it reaches at the reported lead at the latest
    (the profile of a log-concave likelihood is log-concave), and may then fall: all leads together rise.
    """
    return np.where(share <= 0, 0.0, polling_exact_log_p(stratum, votes, share))


def polling_exact_log_p(stratum: Polled, votes: int, share: Floats) -> Floats:
    """Logarithm of the tri-hypergeometric likelihood ratio's P for exactly that lead (SUITE, section 3.3).

    The nuisance, how many votes the winner has in the stratum, is where the null's likelihood is largest;
    that likelihood is log-concave in it. P is 0 where no number of votes fits the sample.
    """
    if stratum.draws == 0:
        return np.zeros_like(share)
    drawn = _drawn(stratum)
    reported = stratum.winner, stratum.loser, stratum.cards - stratum.winner - stratum.loser
    if any(pool < count for pool, count in zip(reported, drawn, strict=True)):
        return np.zeros_like(share)
    lead = stratum.winner - stratum.loser - np.asarray(share, dtype=np.float64) * votes
    low = np.maximum(drawn[0], drawn[1] + lead)
    high = (stratum.cards - drawn[2] + lead) / 2
    possible = low <= high
    nuisance = _likeliest(stratum, lead, np.minimum(low, high), high)
    null = _log_likelihood(_pools(stratum, nuisance, lead), drawn)
    alternative = _log_likelihood((np.array(float(pool)) for pool in reported), drawn)
    return np.where(possible, np.minimum(null - alternative, 0.0), -np.inf)


def _likeliest(stratum: Polled, lead: Floats, low: Floats, high: Floats) -> Floats:
    """Halve [low, high] around the root of the derivative of a concave function."""
    drawn = _drawn(stratum)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        slopes = [
            _slopes(pool, count) for pool, count in zip(_pools(stratum, middle, lead), drawn, strict=True)
        ]
        rising = slopes[0] + slopes[1] - 2 * slopes[2] > 0
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    return low


def _pools(stratum: Polled, winner: Floats, lead: Floats) -> tuple[Floats, Floats, Floats]:
    return winner, winner - lead, stratum.cards - 2 * winner + lead


def _drawn(stratum: Polled) -> tuple[int, int, int]:
    won, lost = stratum.drawn_winner, stratum.drawn_loser
    return won, lost, stratum.draws - won - lost


def _log_likelihood(pools: Iterable[Floats], drawn: tuple[int, int, int]) -> Floats:
    """Sum over the pools of ln(pool) + ln(pool - 1) + …, one term per card drawn.

    A pool that rounding makes a little too small counts as just large enough.
    """
    terms = (pool[..., np.newaxis] - np.arange(count) for pool, count in zip(pools, drawn, strict=True))
    logs = [np.sum(np.log(np.maximum(term, 1e-9)), axis=-1) for term in terms]
    return np.asarray(logs[0] + logs[1] + logs[2])


def _slopes(pool: Floats, count: int) -> Floats:
    terms = pool[..., np.newaxis] - np.arange(count)
    return np.asarray(np.sum(1.0 / np.maximum(terms, 1e-9), axis=-1))


def _range(compared: Compared, polled: Polled) -> tuple[float, float]:
    """Shares of V that errors in the two strata could make up at all."""
    votes, lead = _lead(compared, polled), polled.winner - polled.loser
    low = max(compared.lead - compared.cards, votes - (lead + polled.cards)) / votes
    high = min(compared.lead + compared.cards, votes - (lead - polled.cards)) / votes
    return low, high


def _lead(compared: Compared, polled: Polled) -> int:
    votes = compared.lead + polled.winner - polled.loser
    require(votes > 0, "lead", "such that the winner leads in both strata together")
    return votes


def _modulus(compared: Compared, polled: Polled, votes: int, step: float) -> float:
    """How much -2 sum ln P can change within a step of l (SUITE, section 3.4)."""
    won, lost, other = _drawn(polled)
    polled_part = (won + lost) * math.log1p(votes * step) + other * math.log1p(2 * votes * step)
    compared_part = compared.draws * math.log1p(votes * step / (2 * compared.cards * compared.gamma))
    return 2 * (polled_part + compared_part)


def _fisher_y(p: float) -> float:
    """The y at which exp(-y) (1 + y) is p."""
    low, high = 0.0, 800.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if fisher(np.array(-middle), 2) > p else (low, middle)
    return low
