"""ONEAudit: pool means, values of pooled cards, what the population looks like if all is right."""

from fractions import Fraction

import numpy as np
import pytest

from tallyproof.audit.assertion import Tally, ahead
from tallyproof.audit.assorter import (
    NO_VOTE,
    NOT_ON_CARD,
    Column,
    PointsAssorter,
    interpretation,
    one_vote_kinds,
)
from tallyproof.audit.overstatement import Comparison
from tallyproof.audit.pools import (
    DrawnCard,
    PooledRecords,
    expected_cards,
    kelly,
    oneaudit_values,
    pool_of_cards,
    pool_of_totals,
)
from tallyproof.errors import RequestError

ASSORTER = ahead(Tally({"w": 6, "l": 3, "x": 1}, 20), "w", "l").assorter
KINDS = one_vote_kinds(3)
WIN, LOSE = interpretation((0,), 3), interpretation((1,), 3)
TOTALS = {"a": (30, 20, 5), "b": (10, 25, 0)}
POOLS = {"a": pool_of_totals(ASSORTER, TOTALS["a"], 60), "b": pool_of_totals(ASSORTER, TOTALS["b"], 40)}
RECORDS = Column(np.array([0] * 70 + [1] * 40 + [3] * 10, dtype=np.int8), KINDS)
POPULATION = PooledRecords(RECORDS, POOLS, 225)


def test_a_pool_mean_counts_all_its_cards() -> None:
    """(w + (n - w - l) / 2) / n, not (w - l) / n; the same from totals and from cards."""
    assert POOLS["a"].mean == Fraction(30 + 5, 60)
    cards = Column(np.array([0] * 30 + [1] * 20 + [2] * 5 + [3] * 3 + [5] * 2), KINDS)
    assert pool_of_cards(ASSORTER, cards) == POOLS["a"]


def test_the_margin_is_that_of_all_votes_over_all_cards() -> None:
    """Pools, records and phantoms together: (110 - 85) / 225."""
    assert POPULATION.margin(ASSORTER) == Fraction(110 - 85, 225)


def test_if_all_is_right_the_mean_is_that_of_a_right_record() -> None:
    """Pooling spreads values but leaves their mean where it was, phantoms apart."""
    complete = PooledRecords(RECORDS, POOLS, 220)
    comparison = Comparison(ASSORTER, complete.margin(ASSORTER))
    pile = expected_cards(comparison, complete, TOTALS)
    assert pile.size == 220
    assert pile.mean == pytest.approx(float(comparison.no_error))
    assert expected_cards(comparison, POPULATION, TOTALS).mean < pile.mean
    assert 0 < kelly(pile).bet < 2


def test_drawn_cards_are_compared_with_their_pool_or_record() -> None:
    """(u - reported + paper) / (2 u - v), a pool's card without the contest at 1/2."""
    comparison = Comparison(ASSORTER, POPULATION.margin(ASSORTER))
    drawn = [
        DrawnCard(WIN, record=WIN),
        DrawnCard(LOSE, pool="b"),
        DrawnCard(NOT_ON_CARD, pool="b"),
        DrawnCard(NOT_ON_CARD, record=NO_VOTE),
        DrawnCard(WIN, record=NOT_ON_CARD),
    ]
    v, b = POPULATION.margin(ASSORTER), POOLS["b"].mean
    expected = [1 / (2 - v), (1 - b) / (2 - v), (Fraction(3, 2) - b) / (2 - v), Fraction(1, 2) / (2 - v)]
    assert oneaudit_values(comparison, POOLS, drawn) == pytest.approx([float(value) for value in expected])


def test_what_no_pool_can_hold_is_refused() -> None:
    """More votes than cards, more cards than the bound, a card without pool and record, an unknown pool."""
    comparison = Comparison(ASSORTER, Fraction(1, 10))
    with pytest.raises(RequestError, match="more votes than"):
        pool_of_totals(ASSORTER, (61, 0, 0), 60)
    with pytest.raises(RequestError, match="'size'"):
        pool_of_totals(ASSORTER, (0, 0, 0), 0)
    with pytest.raises(RequestError, match="'cards' is 219"):
        PooledRecords(RECORDS, POOLS, 219)
    with pytest.raises(RequestError, match="not both"):
        oneaudit_values(comparison, POOLS, [DrawnCard(WIN)])
    with pytest.raises(RequestError, match="none of the 2"):
        oneaudit_values(comparison, POOLS, [DrawnCard(WIN, pool="z")])


def test_a_pool_is_measured_by_its_own_assorter() -> None:
    """Weights and totals must list the same choices."""
    with pytest.raises(ValueError, match="longer|shorter"):
        pool_of_totals(PointsAssorter((Fraction(1, 2),), Fraction(1)), (1, 2), 5)
