"""Pools and comparisons in detail: bounds other than 1, pools at their ends, cards in any order."""

from fractions import Fraction

import numpy as np
import pytest

from tallyproof.audit.assertion import Tally, above, ahead
from tallyproof.audit.assorter import NOT_ON_CARD, Column, interpretation, one_vote_kinds
from tallyproof.audit.overstatement import Comparison, phantoms
from tallyproof.audit.pools import (
    DrawnCard,
    Pool,
    PooledRecords,
    expected_cards,
    oneaudit_values,
    pool_of_cards,
    pool_of_totals,
)
from tallyproof.errors import RequestError

TALLY = Tally({"w": 6, "l": 3, "x": 1}, 20)
PAIR = ahead(TALLY, "w", "l").assorter
SHARE = above(TALLY, "w", Fraction(2, 3)).assorter
WIN, LOSE = interpretation((0,), 3), interpretation((1,), 3)


def test_the_largest_margin_is_2_u_less_1() -> None:
    """All cards at u: 1/2 where two thirds are asked for and u is 3/4; more is refused."""
    everything = Comparison(SHARE, Fraction(1, 2))
    assert everything.upper == 2 / (2 - Fraction(2, 3))
    with pytest.raises(RequestError, match="at most 0.5"):
        Comparison(SHARE, Fraction(51, 100))


def test_as_many_records_as_cards_need_no_phantoms() -> None:
    """The bound itself is allowed."""
    assert phantoms(9, 9) == 0


def test_pools_of_one_kind_are_pools() -> None:
    """All for the loser, all for the winner, one card."""
    assert pool_of_totals(PAIR, (0, 5, 0), 5) == Pool(5, Fraction(0))
    assert pool_of_totals(PAIR, (5, 0, 0), 5) == Pool(5, Fraction(1))
    assert pool_of_totals(PAIR, (0, 0, 1), 1) == Pool(1, Fraction(1, 2))


def test_totals_and_pools_that_cannot_be_are_refused() -> None:
    """Votes below 0, however many the others have; a pool of no cards."""
    with pytest.raises(RequestError, match="'totals' at least 0"):
        pool_of_totals(PAIR, (3, -1, 0), 5)
    with pytest.raises(RequestError, match="'shown' must hold"):
        pool_of_cards(PAIR, Column(np.zeros(0, dtype=np.int8), one_vote_kinds(3)))


def test_cards_of_other_contests_do_not_end_the_sample() -> None:
    """The card after one that lacks the contest counts."""
    drawn = [DrawnCard(WIN, record=WIN), DrawnCard(WIN, record=NOT_ON_CARD), DrawnCard(LOSE, record=LOSE)]
    comparison = Comparison(PAIR, Fraction(1, 10))
    assert len(oneaudit_values(comparison, {}, drawn)) == 2


def test_expected_values_for_a_share() -> None:
    """(u - pool mean + A) / (2 u - v) with u = 3/4: 12 for it, 3 against, 1 without a vote, 4 records."""
    totals = (12, 2, 1)
    pool = pool_of_totals(SHARE, totals, 16)
    records = PooledRecords(Column(np.array([0] * 4), one_vote_kinds(3)), {"p": pool}, 20)
    v = records.margin(SHARE)
    pile = expected_cards(Comparison(SHARE, v), records, {"p": totals})
    u = Fraction(3, 4)
    worth = {u: 12, Fraction(0): 3, Fraction(1, 2): 1}
    expected = {float((u - pool.mean + value) / (2 * u - v)): count for value, count in worth.items()}
    expected[float(u / (2 * u - v))] = 4
    assert dict(zip(pile.values, pile.counts, strict=True)) == pytest.approx(expected)
