"""Batches in detail: values at their ends, lost and missing cards, what each message names."""

from fractions import Fraction

import pytest

from tallyproof.audit.assertion import Tally, above, ahead, plurality
from tallyproof.audit.batch_assorter import BatchClaims, BatchComparison
from tallyproof.audit.batch_error import Batch, BatchContest
from tallyproof.errors import RequestError

TALLY = Tally({"w": 200, "l": 100, "x": 50}, 350)
BATCHES = (
    Batch("1", (60, 40, 0), 100), Batch("2", (0, 60, 40), 100),
    Batch("3", (90, 0, 10), 100), Batch("4", (50, 0, 0), 50),
)  # fmt: skip
PAIRS = plurality(TALLY).assertions
PAIR = ahead(TALLY, "w", "l")


def test_a_name_that_stands_twice_is_named() -> None:
    """The third batch, not the first."""
    with pytest.raises(RequestError, match="names 3 twice"):
        BatchContest(TALLY, PAIRS, (*BATCHES, BATCHES[2]))


def test_votes_below_zero_on_paper_are_refused() -> None:
    """However many the others have."""
    with pytest.raises(RequestError, match="'audited' of 1"):
        BatchContest(TALLY, PAIRS, BATCHES).error(BATCHES[0], (60, -1, 0))


def test_a_batch_without_cards_cannot_be_drawn() -> None:
    """Its bound is 0; it adds nothing to U and has no taint."""
    empty = Batch("5", (0, 0, 0), 0)
    contest = BatchContest(TALLY, PAIRS, (*BATCHES, empty))
    assert contest.bounds["5"] == 0
    with pytest.raises(RequestError, match="5 cannot hold an error"):
        contest.taint(empty, (0, 0, 0))


def test_batches_alike_run_from_0_to_the_bound() -> None:
    """The best batch with no card left is worth 0; the worst with all cards for the winner the bound."""
    comparison = BatchComparison(PAIR, BATCHES)
    sums = {"1": 60, "2": 20, "3": 95, "4": 50}  # for w, and half of the cards for neither
    assert comparison.sums == sums
    scale = 2 * (95 - 350 * Fraction(2, 7) / 8)
    assert comparison.value_alike(BATCHES[2], (0, 100, 0)) == 0
    assert comparison.value_alike(BATCHES[2], (0, 0, 0), missing=100) == 0
    best = comparison.value_alike(BATCHES[1], (100, 0, 0))
    assert best == pytest.approx(float((95 - 20 + 100) / scale))
    assert comparison.population_alike.upper == pytest.approx(best)
    assert comparison.population_alike.size == 4


def test_a_missing_card_counts_as_one_for_the_loser() -> None:
    """Ten cards missing that were reported without a vote for the two lower X by five."""
    comparison = BatchComparison(PAIR, BATCHES)
    scale = float(2 * (95 - 350 * Fraction(2, 7) / 8))
    clean = comparison.value_alike(BATCHES[2], (90, 0, 10))
    assert comparison.value_alike(BATCHES[2], (90, 0, 0), missing=10) == pytest.approx(clean - 5 / scale)
    assert comparison.value_by_size(BATCHES[2], (90, 0, 0), missing=10) == pytest.approx(90 / 95)


def test_lost_cards_enlarge_the_population() -> None:
    """Fifty cards at 0: v = 2 * 225 / 400 - 1; a hundred more would leave nothing to audit."""
    assert BatchComparison(PAIR, BATCHES, lost=50).margin == Fraction(2 * 225, 400) - 1
    with pytest.raises(RequestError, match="make it false"):
        BatchComparison(PAIR, BATCHES, lost=100)


def test_values_by_size_are_cut_at_twice_the_reported() -> None:
    """Unless another ceiling is given; the null mean is 1 / (1 + v)."""
    comparison = BatchComparison(PAIR, BATCHES)
    assert comparison.value_by_size(BATCHES[1], (100, 0, 0)) == 2
    assert BatchComparison(PAIR, BATCHES, ceiling=Fraction(4)).value_by_size(BATCHES[1], (100, 0, 0)) == 4
    assert comparison.population_by_size.null_mean == pytest.approx(7 / 9)
    assert comparison.population_by_size.upper == 2


def test_a_batch_bears_at_most_u_per_card() -> None:
    """With u = 3/4: 100 cards all for it are 75, and no fewer than 0."""
    comparison = BatchComparison(above(TALLY, "w", Fraction(2, 3)), (Batch("1", (90, 10, 0), 100),))
    assert comparison.sum_of((100, 0, 0), 100) == 75
    assert comparison.sum_of((0, 100, 0), 100) == 0
    for votes in ((101, 0, 0), (0, 101, 0)):
        with pytest.raises(RequestError, match="more than its cards"):
            comparison.sum_of(votes, 100)


def test_errors_of_every_claim_unless_cards_are_missing() -> None:
    """Ten of w's 60 votes go to l: 20 of a margin of 100, 10 of 150; one card missing adds one to each."""
    contest = BatchContest(TALLY, PAIRS, BATCHES)
    assert contest.margins == (100, 150)
    assert contest.errors(BATCHES[0], (50, 50, 0)) == (Fraction(20, 100), Fraction(10, 150))
    assert contest.errors(BATCHES[0], (50, 49, 0), 1) == (Fraction(20, 100), Fraction(11, 150))
    assert contest.error(BATCHES[0], (50, 50, 0)) == Fraction(1, 5)
    assert contest.error(BATCHES[0], (60, 40, 0)) == 0
    assert contest.error(BATCHES[0], (60, 39, 0), 1) == Fraction(1, 150)
    assert contest.taint(BATCHES[0], (50, 50, 0)) == Fraction(1, 5) / contest.bound(BATCHES[0])


def test_values_of_every_claim_unless_cards_are_missing() -> None:
    """1 - e / u for w over l and over x: of a bound of 120 / 100 the errors take 20 / 100 and 10 / 150."""
    contest = BatchContest(TALLY, PAIRS, BATCHES)
    tested = BatchClaims(contest)
    assert contest.bound(BATCHES[0]) == Fraction(120, 100)
    assert tested.values(BATCHES[0], (60, 40, 0)) == (Fraction(1), Fraction(1))
    assert tested.values(BATCHES[0], (50, 50, 0)) == (Fraction(5, 6), Fraction(17, 18))
    assert tested.values(BATCHES[0], (60, 39, 0), 1) == (Fraction(1), Fraction(179, 180))


def test_a_batch_that_adds_nothing_for_a_claim_cannot_be_drawn_for_it() -> None:
    """All its cards are for l: there is nothing to find less of."""
    with pytest.raises(RequestError) as refused:
        BatchComparison(PAIR, BATCHES).value_by_size(Batch("5", (0, 10, 0), 10), (0, 10, 0))
    assert str(refused.value) == "'batches': 5 has no chance, so it cannot have been drawn."
