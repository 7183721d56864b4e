"""Assorters and columns: values of cards, counts, margins over a population."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.audit.assertion import Tally, ahead, plurality
from tallyproof.audit.assorter import (
    HALF,
    NOT_FOUND,
    NOT_ON_CARD,
    OVERVOTE,
    Column,
    Interpretation,
    PointsAssorter,
    RankedAssorter,
    column_of_marks,
    column_of_points,
    column_of_rankings,
    interpretation,
    margin,
    one_vote_kinds,
)
from tallyproof.audit.irv_assertion import Assertion as RankedAssertion
from tallyproof.errors import RequestError

PAIR = ahead(Tally({"w": 6, "l": 4, "x": 0}, 20), "w", "l").assorter


@pytest.mark.parametrize(
    ("marks", "value"), [((0,), 1), ((1,), 0), ((2,), HALF), ((), HALF), ((0, 1), HALF), ((1, 2), HALF)]
)
def test_a_pair_sees_one_mark_for_each_side(marks: tuple[int, ...], value: Fraction) -> None:
    """1 for the winner, 0 for the loser, 1/2 for others, none and overvotes."""
    assert PAIR.value(interpretation(marks, 3)) == value


def test_two_of_two_marks_are_no_overvote() -> None:
    """Marks for both sides of a pair cancel; a mark for a third choice counts for neither."""
    assert PAIR.value(interpretation((0, 1), 3, vote_for=2)) == HALF
    assert PAIR.value(interpretation((0, 2), 3, vote_for=2)) == 1
    assert interpretation((0, 1, 2), 3, vote_for=2) is OVERVOTE


def test_marks_of_no_choice_are_refused() -> None:
    """A mark must be for a choice that there is."""
    with pytest.raises(RequestError, match="choices from 0 to 2"):
        interpretation((3,), 3)


def test_values_outside_the_range_are_refused() -> None:
    """More points than a card may give would break the bound that every risk rests on."""
    with pytest.raises(RequestError, match="more than the contest allows"):
        PAIR.value(Interpretation((2, 0, 0)))
    with pytest.raises(RequestError, match="must have 3"):
        PAIR.value(Interpretation((1, 0)))


def test_the_margin_counts_all_cards_that_may_bear_the_contest() -> None:
    """Cards without the contest, phantoms and cards without a record count 1/2, in every denominator."""
    column = Column(np.array([0, 0, 0, 1, 3, 4, 5, 6], dtype=np.int8), one_vote_kinds(3))
    assert margin(PAIR, column) == Fraction(2, 8)
    assert margin(PAIR, column, cards=6) == Fraction(2, 6)
    assert margin(PAIR, column, cards=100) == Fraction(2, 100)
    assert column.with_contest == 6


def test_fewer_cards_than_records_are_refused() -> None:
    """More records than the trusted bound on cards is no matter of chance."""
    column = Column(np.array([0, 0, 1]), one_vote_kinds(3))
    with pytest.raises(RequestError, match="'cards' is 2"):
        margin(PAIR, column, cards=2)


def test_codes_that_point_nowhere_are_refused() -> None:
    """A column cannot hold what its kinds do not list."""
    with pytest.raises(RequestError, match="from 0 to 6"):
        Column(np.array([0, 7]), one_vote_kinds(3))
    with pytest.raises(RequestError, match="whole number"):
        Column(np.array([0.5]), one_vote_kinds(3))


def test_columns_of_marks_points_and_rankings_agree_with_their_cards() -> None:
    """Whatever a contest's cards show becomes one code per card."""
    marks = column_of_marks([0b01, 0b11, 0b111, 0, 0b01], 3, vote_for=2)
    assert [float(value) for value in marks.values(PAIR)] == [1, 0.5, 0.5, 0.5, 1]
    points = column_of_points([[3, 0], [1, 2], [0, 0], [0, 3]])
    borda = PointsAssorter((Fraction(1, 6), Fraction(-1, 6)), Fraction(1))
    assert [float(value) for value in points.values(borda)] == pytest.approx([1, 1 / 3, 0.5, 0])
    rankings = column_of_rankings([(0, 1), (1, 0), (), (2, 1), (0, 1)])
    ranked = RankedAssorter(RankedAssertion("NEB", 0, 1))
    assert list(rankings.values(ranked)) == [1, 0, 0.5, 0, 1]
    assert margin(ranked, rankings) == Fraction(2 + -1 + 0 - 1, 5)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_counting_many_kinds_agrees_with_counting_few(codes: list[int]) -> None:
    """Both ways to count a column give each kind's cards."""
    kinds = (NOT_ON_CARD,) * 40 + (NOT_FOUND,)
    column = Column(np.array(codes), kinds)
    assert column.counts == tuple(codes.count(place) for place in range(41))


@given(st.lists(st.integers(0, 6), min_size=1, max_size=50))
def test_margins_from_cards_are_those_of_the_totals(codes: list[int]) -> None:
    """Whether cards or reported totals are asked, v is the same exact fraction."""
    column = Column(np.array(codes, dtype=np.int8), one_vote_kinds(3))
    tally = Tally({name: codes.count(place) for place, name in enumerate("abc")}, len(codes))
    for assertion in plurality(tally).assertions:
        assert margin(assertion.assorter, column) == tally.margin(assertion)
        assert float(np.mean(column.values(assertion.assorter))) == pytest.approx(
            float(tally.margin(assertion) + 1) / 2
        )
