"""Super-simple discrepancies: which pair a card counts against, and how often."""

import numpy as np
import pytest

from tallyproof.audit.assertion import Tally
from tallyproof.audit.assorter import Column, one_vote_kinds
from tallyproof.audit.discrepancy import counts, errors, pairs_of, super_simple_risk
from tallyproof.errors import RequestError
from tallyproof.risk.supersimple import Discrepancies

KINDS = one_vote_kinds(3)
FAR = Tally({"W": 50_000, "L1": 49_000, "L2": 1_000}, 100_000)


def sample(cards: int, papers: dict[int, int]) -> tuple[Column, Column]:
    """So many cards whose records all say W, and how many papers show another kind."""
    codes = np.zeros(cards, dtype=np.int8)
    shown = np.repeat(np.array(list(papers), dtype=np.int8), list(papers.values()))
    codes[: len(shown)] = shown
    return Column(np.zeros(cards, dtype=np.int8), KINDS), Column(codes, KINDS)


def test_a_card_counts_against_the_pair_where_it_weighs_most() -> None:
    """A vote lost against the runner-up (1 / 1,000) weighs more than two against the third (2 / 49,000)."""
    records, papers = sample(3_000, {2: 20})
    assert set(errors(records, papers, pairs_of(FAR))) == {0.0, 1.0}
    assert super_simple_risk(records, papers, pairs_of(FAR)) == pytest.approx(0.26027035245086794)
    assert super_simple_risk(records, papers, pairs_of(FAR), conservative=True) == 1.0


def test_a_card_drawn_three_times_counts_three_times() -> None:
    """The discrepancy of a card stands for each of its draws."""
    records, papers = sample(6, {3: 1})
    draws = np.array([0, 0, 0, 1, 2, 3])
    records, papers = Column(records.codes[draws], KINDS), Column(papers.codes[draws], KINDS)
    assert counts(records, papers, pairs_of(FAR)) == Discrepancies(over_one=3)


def test_understatements_count_where_all_pairs_are_understated() -> None:
    """Overstated by none, understated by one: a blank record whose paper is for the winner."""
    blank = Column(np.array([3], dtype=np.int8), KINDS)
    winner = Column(np.array([0], dtype=np.int8), KINDS)
    assert counts(blank, winner, pairs_of(FAR)) == Discrepancies(under_one=1)
    assert errors(blank, winner, pairs_of(FAR))[0] == pytest.approx(-1_000 / 49_000)


def test_a_tie_has_no_smallest_margin() -> None:
    """A contest without a loser, or with a tie for the last seat, cannot be audited."""
    for seats, votes in ((1, {"a": 5, "b": 5}), (2, {"a": 5, "b": 4})):
        with pytest.raises(RequestError, match="'seats'"):
            pairs_of(Tally(votes, 10), seats)


def test_a_paper_for_every_record_is_needed() -> None:
    """A sample with a paper missing is refused; a paper not found is a kind of its own."""
    records, papers = sample(5, {})
    with pytest.raises(RequestError, match="'papers'"):
        errors(records, Column(papers.codes[:4], KINDS), pairs_of(FAR))
