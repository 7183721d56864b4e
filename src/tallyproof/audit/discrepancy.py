"""Discrepancies of sampled cards as super-simple audits count them: over- and understated votes.

Stark 2010, "Super-simple simultaneous single-ballot risk-limiting audits". For a card the overstatement is
the maximum over pairs (w, l) of e_wl / V_wl, the error in votes as a share of the margin of *that pair*. Two
votes against a distant loser can weigh less than one against the runner-up: taking the pair with the most
votes first, and its margin then, would understate the risk.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tallyproof.audit.assertion import Tally
from tallyproof.audit.assorter import Column, Interpretation, State
from tallyproof.errors import RequestError
from tallyproof.risk.function import risk
from tallyproof.risk.supersimple import GAMMA, Discrepancies, risks

Compared: TypeAlias = tuple[Interpretation, Interpretation, int]
"""What a record and its paper show, and on how many cards drawn."""
LOST = 2
"""Votes by which a card counts as overstated whose paper or record nobody finds."""


@dataclass(frozen=True)
class Pairs:
    """The places of winners and losers, and the margin in votes of each pair, all above 0."""

    places: tuple[tuple[int, int], ...]
    margins: tuple[int, ...]
    cards: int

    @property
    def smallest(self) -> int:
        """The margin in votes of the closest pair."""
        return min(self.margins)

    @property
    def diluted_margin(self) -> Fraction:
        """The smallest margin over all cards."""
        return Fraction(self.smallest, self.cards)


def pairs_of(tally: Tally, seats: int = 1) -> Pairs:
    """Every winner with every loser. Raises RequestError where nobody loses, or a tie decides."""
    names, ranked = list(tally.votes), tally.ranked
    if len(ranked) <= seats or tally.votes[ranked[seats - 1]] == tally.votes[ranked[seats]]:
        raise RequestError(f"'seats' is {seats}; that many choices must have more votes than the others.")
    found = list(product(ranked[:seats], ranked[seats:]))
    margins = tuple(tally.votes[winner] - tally.votes[loser] for winner, loser in found)
    return Pairs(tuple((names.index(w), names.index(loser)) for w, loser in found), margins, tally.cards)


def votes_overstated(record: Interpretation, paper: Interpretation, pair: tuple[int, int]) -> int:
    """Votes by which the record overstates the pair: -2 to 2 for marks, 2 where either was not found."""
    if State.NOT_FOUND in (record.state, paper.state):
        return LOST
    return _lead(record, pair) - _lead(paper, pair)


def overstatement_of(record: Interpretation, paper: Interpretation, pairs: Pairs) -> Fraction:
    """The maximum over pairs of error / margin, times the smallest margin: 1 or 2 for the closest pair."""
    worst = max(
        Fraction(votes_overstated(record, paper, pair), margin)
        for pair, margin in zip(pairs.places, pairs.margins, strict=True)
    )
    return worst * pairs.smallest


def errors(records: Column, papers: Column, pairs: Pairs) -> NDArray[np.float64]:
    """``overstatement_of`` of every draw; a card drawn k times stands k times, and counts k times."""
    return _table(records, papers, lambda record, paper: float(overstatement_of(record, paper, pairs)))


def counts(records: Column, papers: Column, pairs: Pairs) -> Discrepancies:
    """Draws overstated by one and two votes and understated by one and two, each the maximum over pairs.

    With the smallest margin for all pairs this is the conservative form that programs publish.
    """
    return counts_of(_compared(records, papers), pairs)


def super_simple_risk(
    records: Column, papers: Column, pairs: Pairs, gamma: float = GAMMA, conservative: bool = False
) -> float:
    """P of the draws; ``conservative`` counts whole votes against the smallest margin."""
    return risk_of(_compared(records, papers), pairs, gamma, conservative)


def counts_of(compared: Iterable[Compared], pairs: Pairs) -> Discrepancies:
    """The same of cards that stand together with their number."""
    found: Counter[int] = Counter()
    for record, paper, times in compared:
        found[max(votes_overstated(record, paper, pair) for pair in pairs.places)] += times
    return Discrepancies(*(found[size] for size in (1, 2, -1, -2)))


def risk_of(
    compared: Sequence[Compared], pairs: Pairs, gamma: float = GAMMA, conservative: bool = False
) -> float:
    """P of cards that stand together with their number, however many they are.

    P = (1 - m/2g)^n / product of (1 - e/2g) over cards (Stark 2010, eq. 9-10), e the overstatement.
    """
    draws, margin = sum(times for *_, times in compared), float(pairs.diluted_margin)
    if conservative:
        return float(risks(draws, margin, *counts_of(compared, pairs).counts, gamma))
    each = np.array([float(overstatement_of(record, paper, pairs)) for record, paper, _ in compared])
    many = np.array([times for *_, times in compared], dtype=np.float64)
    with np.errstate(divide="ignore"):
        log_t = -draws * math.log1p(-margin / (2 * gamma)) + many @ np.log1p(-each / (2 * gamma))
    return float(risk(np.asarray(log_t)))


def _compared(records: Column, papers: Column) -> list[Compared]:
    """Each combination of record and paper that occurs, and how often."""
    both = _combined(records, papers)
    distinct, times = np.unique(both, return_counts=True)
    kinds = (divmod(int(code), len(papers.kinds)) for code in distinct)
    return [
        (records.kinds[record], papers.kinds[paper], int(many))
        for (record, paper), many in zip(kinds, times, strict=True)
    ]


def _combined(records: Column, papers: Column) -> NDArray[np.int64]:
    if len(records.codes) != len(papers.codes):
        raise RequestError(f"'papers' must have the {len(records.codes):,} draws of 'records'.")
    return np.asarray(records.codes.astype(np.int64) * len(papers.kinds) + papers.codes)


def _table(
    records: Column, papers: Column, of: Callable[[Interpretation, Interpretation], float]
) -> NDArray[np.float64]:
    """A number for every draw, worked out once for each combination of record and paper that occurs."""
    distinct, place = np.unique(_combined(records, papers), return_inverse=True)
    kinds = (divmod(int(code), len(papers.kinds)) for code in distinct)
    values = np.array([of(records.kinds[record], papers.kinds[paper]) for record, paper in kinds])
    return np.asarray(values[place.ravel()], dtype=np.float64)


def _lead(shown: Interpretation, pair: tuple[int, int]) -> int:
    return shown.points[pair[0]] - shown.points[pair[1]] if shown.state is State.VOTED else 0
