"""Assorters in detail: what one card is worth, and which cards show no vote."""

from fractions import Fraction

import numpy as np
import pytest

from tallyproof.audit.assertion import Tally, above, below
from tallyproof.audit.assorter import (
    HALF,
    NO_VOTE,
    Column,
    Interpretation,
    RankedAssorter,
    State,
    column_of_points,
    column_of_rankings,
    interpretation,
    one_vote_kinds,
)
from tallyproof.audit.irv_assertion import Assertion as RankedAssertion
from tallyproof.errors import RequestError

TALLY = Tally({"w": 6, "l": 4, "x": 0}, 20)


def test_a_share_is_of_cards_with_exactly_one_mark() -> None:
    """3/4 for it, 0 for another, 1/2 for two marks and for none, where two thirds are asked for."""
    share = above(TALLY, "w", Fraction(2, 3)).assorter
    shown = [interpretation(marks, 3, vote_for=2) for marks in ((0,), (1,), (0, 1), ())]
    assert [share.value(each) for each in shown] == [Fraction(3, 4), 0, HALF, HALF]
    assert share.upper == Fraction(3, 4)


def test_less_than_a_share_turns_winner_and_others_round() -> None:
    """0 for it and 3/2 for another, where a third of the votes stands for 1 / (2 (1 - 2/3))."""
    short = below(TALLY, "w", Fraction(2, 3)).assorter
    assert [short.value(interpretation((place,), 3)) for place in range(3)] == [
        0,
        Fraction(3, 2),
        Fraction(3, 2),
    ]


def test_a_ranking_that_is_no_vote_counts_one_half() -> None:
    """A ranking spoilt by an overvote speaks for nobody; nor does an empty one."""
    ranked = RankedAssorter(RankedAssertion("NEB", 0, 1))
    assert ranked.upper == 1
    assert ranked.value(Interpretation(ranking=(0,))) == 1
    assert ranked.value(Interpretation(ranking=(0,), state=State.OVERVOTE)) == HALF


def test_cards_without_a_mark_are_cards_without_a_vote() -> None:
    """However the column was made."""
    assert interpretation((), 3) is NO_VOTE
    assert NO_VOTE in column_of_points([[0, 0], [1, 0]]).kinds
    assert NO_VOTE in column_of_rankings([(), (0, 1)]).kinds


def test_codes_below_zero_are_refused() -> None:
    """They would count from the end of the list."""
    with pytest.raises(RequestError, match="from 0 to 6"):
        Column(np.array([-1, 3]), one_vote_kinds(3))


def test_a_column_of_no_cards_counts_none() -> None:
    """An empty sample is a sample."""
    assert Column(np.zeros(0, dtype=np.int8), one_vote_kinds(2)).counts == (0,) * 6
