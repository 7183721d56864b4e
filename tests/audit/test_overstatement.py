"""Comparison audits: what each card contributes, phantoms and zombies, cards for other contests."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.audit.assertion import Tally, above, ahead
from tallyproof.audit.assorter import (
    NO_VOTE,
    NOT_FOUND,
    NOT_ON_CARD,
    Column,
    interpretation,
    margin,
    one_vote_kinds,
)
from tallyproof.audit.overstatement import Comparison, compared, overstatement, phantoms, polled
from tallyproof.audit.proportional import seat_ahead
from tallyproof.errors import RequestError

TALLY = Tally({"w": 6, "l": 3, "x": 1}, 20)
ASSORTERS = [
    ahead(TALLY, "w", "l").assorter,
    above(TALLY, "w", Fraction(3, 5)).assorter,
    seat_ahead(TALLY, "w", Fraction(3), "l", Fraction(2)).assorter,
]
KINDS = one_vote_kinds(3)
CODES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=40)


@given(CODES, st.sampled_from(ASSORTERS), st.booleans())
def test_the_mean_is_above_half_exactly_where_the_assertion_is_true(
    cards: list[tuple[int, int]], assorter: object, styles: bool
) -> None:
    """Mean B > 1/2 if and only if the paper's mean A > 1/2: the reason why comparison audits work."""
    records, papers = (Column(np.array(side), KINDS) for side in zip(*cards, strict=True))
    chosen = next(each for each in ASSORTERS if each is assorter)
    drawn = [(KINDS[r], KINDS[p]) for r, p in cards if not (styles and KINDS[r] is NOT_ON_CARD)]
    if not drawn:
        return
    v = sum((2 * chosen.value(record) - 1 for record, _ in drawn), Fraction()) / len(drawn)
    if not v > 0:
        return
    comparison = Comparison(chosen, v, styles)
    values = [comparison.value(overstatement(chosen, record, paper, styles)) for record, paper in drawn]
    true_mean = sum((chosen.value(r) - overstatement(chosen, r, p, styles) for r, p in drawn), Fraction())
    assert (sum(values) > Fraction(len(drawn), 2)) == (true_mean > Fraction(len(drawn), 2))
    assert compared(comparison, records, papers) == pytest.approx([float(value) for value in values])
    assert all(0 <= value <= comparison.upper for value in values)


def test_a_card_drawn_for_another_contest_says_nothing_here() -> None:
    """Its record lacks the contest: with styles it is left out, alone it is refused."""
    comparison = Comparison(ASSORTERS[0], Fraction(1, 10))
    records, papers = Column(np.array([0, 5, 1]), KINDS), Column(np.array([0, 0, 1]), KINDS)
    assert len(compared(comparison, records, papers)) == 2
    with pytest.raises(RequestError, match="'record' lacks the contest"):
        overstatement(ASSORTERS[0], NOT_ON_CARD, NO_VOTE, styles=True)


def test_a_paper_without_the_contest_counts_against_the_assertion_with_styles_only() -> None:
    """Without styles it is an ordinary card without a vote."""
    win = interpretation((0,), 3)
    assert overstatement(ASSORTERS[0], win, NOT_ON_CARD, styles=True) == 1
    assert overstatement(ASSORTERS[0], win, NOT_ON_CARD, styles=False) == Fraction(1, 2)
    assert overstatement(ASSORTERS[0], NOT_FOUND, NOT_FOUND, styles=True) == Fraction(1, 2)


def test_phantoms_fill_up_to_the_bound() -> None:
    """The margin over records and phantoms is the margin over the bound; more records are refused."""
    recorded = Column(np.array([0] * 6 + [1] * 3, dtype=np.int8), KINDS)
    added = phantoms(12, 9)
    filled = Column(np.append(recorded.codes, np.full(added, 6, dtype=np.int8)), KINDS)
    assert margin(ASSORTERS[0], filled) == margin(ASSORTERS[0], recorded, cards=12) == Fraction(3, 12)
    with pytest.raises(RequestError, match="'cards' is 8"):
        phantoms(8, 9)


@pytest.mark.parametrize("v", [Fraction(0), Fraction(-1, 10), Fraction(11, 10)])
def test_a_margin_that_no_true_assertion_has_is_refused(v: Fraction) -> None:
    """An assertion false of the records is for a full hand count, not for a sample."""
    with pytest.raises(RequestError, match="'margin' is"):
        Comparison(ASSORTERS[0], v)


def test_polling_counts_lost_cards_against_the_assertion() -> None:
    """Papers alone: 1, 0, 1/2 and 0 for a card that was not found."""
    papers = Column(np.array([0, 1, 2, 6, 5]), KINDS)
    assert list(polled(ASSORTERS[0], papers)) == [1, 0, 0.5, 0, 0]
    assert list(polled(ASSORTERS[0], papers, styles=False)) == [1, 0, 0.5, 0, 0.5]


def test_records_and_papers_must_be_as_many() -> None:
    """One paper per record; an overstatement within the assorter's bounds."""
    comparison = Comparison(ASSORTERS[0], Fraction(1, 10))
    with pytest.raises(RequestError, match="'papers' has 1"):
        compared(comparison, Column(np.array([0, 0]), KINDS), Column(np.array([0]), KINDS))
    with pytest.raises(RequestError, match="'omega' is 2"):
        comparison.value(Fraction(2))
