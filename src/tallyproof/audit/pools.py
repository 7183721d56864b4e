"""ONEAudit: cards without a record of their own are compared with the mean of their pool.

Stark 2023, "Overstatement-Net-Equivalent risk-limiting audit". A pool is a batch of cards of which only the
totals are known. Its reported mean is taken over all its cards that may bear the contest, for a pair
(w + (n - w - l) / 2) / n; every card of the pool counts as if its record said that mean. Sizes have long
tails: plan with quantiles, not with means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tallyproof.audit.assorter import (
    HALF,
    Assorter,
    Column,
    Interpretation,
    PointsAssorter,
    State,
    check_bound,
)
from tallyproof.audit.overstatement import Comparison, paper_value
from tallyproof.errors import RequestError
from tallyproof.risk.betting import FixedBet, kelly_bet
from tallyproof.risk.shuffle import Cards, cards


@dataclass(frozen=True)
class Pool:
    """So many cards that may bear the contest, and the assorter's mean over them as reported."""

    cards: int
    mean: Fraction


@dataclass(frozen=True)
class PooledRecords:
    """A population whose cards have records of their own, or only totals of their pool.

    ``column`` holds the cards with records; ``cards`` bounds all cards that may bear the contest, and those
    in excess are phantoms.
    """

    column: Column
    pools: Mapping[str, Pool]
    cards: int

    def __post_init__(self) -> None:
        """Refuse fewer cards than the records and pools hold."""
        check_bound(self.cards, self.column.with_contest + sum(pool.cards for pool in self.pools.values()))

    def margin(self, assorter: Assorter) -> Fraction:
        """The margin v = 2 mean - 1 over all cards, phantoms at 1/2."""
        kinds = zip(self.column.kinds, self.column.counts, strict=True)
        lead = sum(((2 * assorter.value(kind) - 1) * count for kind, count in kinds), Fraction())
        lead += sum(((2 * pool.mean - 1) * pool.cards for pool in self.pools.values()), Fraction())
        return lead / self.cards


def pool_of_totals(assorter: PointsAssorter, totals: Sequence[int], size: int) -> Pool:
    """The pool of ``size`` cards with these votes by choice: mean 1/2 + sum of weights * votes / cards."""
    if size < 1 or min(totals, default=0) < 0:
        raise RequestError("'size' must be at least 1 card and 'totals' at least 0 votes.")
    mean = (1 + assorter.margin(totals, size)) / 2
    return _checked(Pool(size, mean), assorter)


def pool_of_cards(assorter: Assorter, shown: Column) -> Pool:
    """The pool made of these cards; a card without the contest counts 1/2, as it does in the pool's total."""
    if not len(shown.codes):
        raise RequestError("'shown' must hold at least one card.")
    kinds = zip(shown.kinds, shown.counts, strict=True)
    total = sum((assorter.value(kind) * count for kind, count in kinds), Fraction())
    return Pool(len(shown.codes), total / len(shown.codes))


@dataclass(frozen=True)
class DrawnCard:
    """A sampled card: its pool's name, or its own record where it has one, and its paper."""

    paper: Interpretation
    record: Interpretation | None = None
    pool: str | None = None


def oneaudit_values(
    comparison: Comparison, pools: Mapping[str, Pool], drawn: Sequence[DrawnCard]
) -> NDArray[np.float64]:
    """B of the sampled cards in draw order: (u - reported value + A(paper)) / (2 u - v).

    A pool may hold cards without the contest, so such a paper counts 1/2 there. With styles, cards whose own
    record lacks the contest were drawn for others and are left out. Raises RequestError for an unknown
    pool, and where a card has both or neither of a pool and a record.
    """
    told, seen = [], []
    for card in drawn:
        _check(card, pools)
        state = None if card.record is None else card.record.state
        if comparison.styles and state is State.NOT_ON_CARD:
            continue
        told.append(_told(comparison.assorter, card, pools))
        expected = comparison.styles and state not in (None, State.NOT_FOUND)
        seen.append(paper_value(comparison.assorter, card.paper, expected))
    return comparison.values([float(value) for value in told], [float(value) for value in seen])


def expected_cards(
    comparison: Comparison, records: PooledRecords, totals: Mapping[str, Sequence[int]]
) -> Cards:
    """All values of B if every record and every pool total is right, with their numbers of cards.

    ``totals`` are the pools' votes by choice in a vote-for-one contest; phantoms are counted as not found.
    """
    assorter = comparison.assorter
    found: dict[float, int] = {}
    own = records.column.with_contest
    _add(found, comparison.no_error, own)
    for name, pool in records.pools.items():
        for choice, votes in enumerate(totals[name]):
            paper = Interpretation(tuple(int(place == choice) for place in range(len(totals[name]))))
            _add(found, _against(comparison, pool.mean, assorter.value(paper)), votes)
        _add(found, _against(comparison, pool.mean, HALF), pool.cards - sum(totals[name]))
    missing = records.cards - own - sum(pool.cards for pool in records.pools.values())
    _add(found, comparison.value(HALF), missing)
    return cards(list(found), list(found.values()))


def kelly(pile: Cards, most: float = 0.9) -> FixedBet:
    """The fixed bet that grows fastest if the pile is as expected, never more than ``most`` of the wealth.

    Spertus, Stark and others 2025 find it the best of the simple bets for pools.
    """
    shares = np.asarray(pile.counts, dtype=np.float64)
    bet = kelly_bet(pile.values, shares / shares.sum(), most=most)
    return FixedBet(float(bet), most)


def _against(comparison: Comparison, told: Fraction, seen: Fraction) -> Fraction:
    u = comparison.assorter.upper
    return (u - told + seen) / (2 * u - comparison.margin)


def _add(found: dict[float, int], value: Fraction, count: int) -> None:
    if count:
        found[float(value)] = found.get(float(value), 0) + count


def _check(card: DrawnCard, pools: Mapping[str, Pool]) -> None:
    if (card.record is None) == (card.pool is None):
        raise RequestError("'drawn' cards must each have a record or a pool, and not both.")
    if card.pool is not None and card.pool not in pools:
        raise RequestError(f"'pool' {card.pool} is none of the {len(pools):,} pools.")


def _told(assorter: Assorter, card: DrawnCard, pools: Mapping[str, Pool]) -> Fraction:
    if card.record is not None:
        return assorter.value(card.record)
    assert card.pool is not None
    return pools[card.pool].mean


def _checked(pool: Pool, assorter: Assorter) -> Pool:
    if not 0 <= pool.mean <= assorter.upper:
        raise RequestError("'totals' are more votes than the pool's cards can bear.")
    return pool
