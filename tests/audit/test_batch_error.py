"""Batch errors: bounds, taints, lost cards, batches counted together."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.audit.assertion import Tally, above, ahead, plurality
from tallyproof.audit.batch_assorter import BatchComparison
from tallyproof.audit.batch_error import Batch, BatchContest, unauditable
from tallyproof.errors import RequestError
from tallyproof.risk.betting import FixedStake
from tallyproof.risk.wealth import history

TALLY = Tally({"w": 200, "l": 100, "x": 50}, 350)
BATCHES = (
    Batch("1", (60, 40, 0), 100), Batch("2", (0, 60, 40), 100),
    Batch("3", (90, 0, 10), 100), Batch("4", (50, 0, 0), 50),
)  # fmt: skip
PAIRS = plurality(TALLY).assertions


def test_a_bound_is_the_largest_over_pairs() -> None:
    """Batch 2: 40 / 100 against the runner-up, 60 / 150 against the third."""
    contest = BatchContest(TALLY, PAIRS, BATCHES)
    assert contest.bounds["2"] == Fraction(40, 100) == Fraction(60, 150)
    assert contest.total_bound == Fraction(9, 2)


def test_a_majority_is_a_lead_over_all_others_together() -> None:
    """200 of 350 votes: the lead over all others is 50."""
    contest = BatchContest(TALLY, (above(TALLY, "w", Fraction(1, 2)),), BATCHES)
    assert contest.margins == (50,)
    assert contest.bounds["4"] == Fraction(100, 50)


def test_weights_that_are_fractions_are_scaled() -> None:
    """Two thirds of the votes: 1/2 of a vote more for it, 1 less for others; a card takes 1 at most."""
    tally = Tally({"yes": 300, "no": 100}, 400)
    batch = Batch("1", (300, 100), 400)
    contest = BatchContest(tally, (above(tally, "yes", Fraction(2, 3)),), (batch,))
    assert Fraction(contest.margins[0], contest.leads[0][-1]) == 400 * tally.margin(contest.assertions[0])
    assert contest.taint(batch, (0, 400)) == 1


def test_lost_cards_that_could_change_the_outcome_are_refused() -> None:
    """A margin of 100 votes with 100 cards pending is no margin."""
    assert BatchContest(TALLY, PAIRS, BATCHES, lost=99).margins == (1, 51)
    with pytest.raises(RequestError, match="'lost' is 100 cards"):
        BatchContest(TALLY, PAIRS, BATCHES, lost=100).bounds  # noqa: B018


def test_batches_counted_together_are_one() -> None:
    """Their votes and cards add up; the bound of the whole is at most the sum of the bounds."""
    contest = BatchContest(TALLY, PAIRS, BATCHES)
    both = contest.combined("3 and 4", {"3", "4"})
    assert both == Batch("3 and 4", (140, 0, 10), 150)
    assert contest.bound(both) == contest.bounds["3"] + contest.bounds["4"]
    with pytest.raises(RequestError, match="must all be batches"):
        contest.combined("3 and 5", {"3", "5"})


def test_a_batch_that_is_wrong_through_and_through_leaves_nothing() -> None:
    """All of batch 4 for the loser is the whole of its bound: P is 1 whatever else was drawn."""
    contest = BatchContest(TALLY, PAIRS, BATCHES)
    clean = [(batch, batch.votes) for batch in BATCHES] * 10
    assert contest.p_value(clean) == pytest.approx((1 - 1 / 4.5) ** 40)
    assert contest.p_value([*clean, (BATCHES[3], (0, 50, 0))]) == 1.0
    assert contest.p_value([]) == 1.0


def test_understatements_never_lower_p() -> None:
    """As in the programs that states run."""
    contest = BatchContest(TALLY, PAIRS, BATCHES)
    assert contest.p_value([(BATCHES[0], (100, 0, 0))]) == contest.p_value([(BATCHES[0], (60, 40, 0))])


def test_unauditable_cards_are_those_in_no_batch() -> None:
    """350 cards reported, 350 in batches; one batch fewer leaves 50 out; more than reported is refused."""
    assert unauditable(TALLY, BATCHES) == 0
    assert unauditable(TALLY, BATCHES[:3]) == 50
    with pytest.raises(RequestError, match="50 cards more"):
        unauditable(TALLY, [*BATCHES, BATCHES[3]])


@pytest.mark.parametrize(
    ("batches", "why"),
    [
        ((), "at least one"),
        (BATCHES + BATCHES[:1], "names 1 twice"),
        ((Batch("a", (1, 2), 3),), "for 3 choices"),
    ],
)
def test_lists_that_are_no_batches_of_the_contest_are_refused(batches: tuple[Batch, ...], why: str) -> None:
    """No batches, a name twice, a choice missing; negative votes."""
    with pytest.raises(RequestError, match=why):
        BatchContest(TALLY, PAIRS, batches)
    with pytest.raises(RequestError, match="below 0"):
        Batch("a", (-1, 2), 3)
    with pytest.raises(RequestError, match="'audited' of 1"):
        BatchContest(TALLY, PAIRS, BATCHES).error(BATCHES[0], (1, 2))


VOTES = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))


@given(st.lists(st.tuples(VOTES, VOTES), min_size=2, max_size=6))
def test_errors_reach_the_outcome_exactly_when_they_sum_to_one(
    batches: list[tuple[tuple[int, ...], ...]],
) -> None:
    """If a loser truly ties or leads, the errors of all batches sum to at least 1: MACRO's null."""
    told = tuple(Batch(str(place), reported, 90) for place, (reported, _) in enumerate(batches))
    totals = [sum(batch.votes[choice] for batch in told) for choice in range(3)]
    tally = Tally(dict(zip("abc", totals, strict=True)), 90 * len(told))
    claims = plurality(tally).assertions
    if not claims:
        return
    contest = BatchContest(tally, claims, told)
    found = [contest.error(batch, true) for batch, (_, true) in zip(told, batches, strict=True)]
    winner = "abc".index(claims[0].winner)
    real = [sum(true[choice] for _, true in batches) for choice in range(3)]
    if real[winner] <= max(real[:winner] + real[winner + 1 :]):
        assert sum(found) >= 1
    assert all(error <= contest.bound(batch) for error, batch in zip(found, told, strict=True))


def test_the_batch_assorter_agrees_with_macro_where_there_is_no_error() -> None:
    """At the full stake each clean batch multiplies by 1 + v, which is 1 / (1 - 1 / U) for one pair."""
    tally = Tally({"w": 200, "l": 150}, 350)
    batches = (Batch("1", (100, 50), 150), Batch("2", (100, 100), 200))
    comparison = BatchComparison(ahead(tally, "w", "l"), batches)
    values = [comparison.value_by_size(batch, batch.votes) for batch in batches]
    found = history(values, comparison.population_by_size, FixedStake(1.0))
    contest = BatchContest(tally, plurality(tally).assertions, batches)
    clean = [(batch, batch.votes) for batch in batches]
    assert found.p_value == pytest.approx(contest.p_value(clean))


@given(st.lists(st.tuples(VOTES, VOTES), min_size=2, max_size=6))
def test_batch_values_average_at_most_the_null_mean_where_the_assertion_is_false(
    batches: list[tuple[tuple[int, ...], ...]],
) -> None:
    """Drawn by size or alike, for one claim of the contest; a card that is missing counts 0."""
    told = tuple(Batch(str(place), reported, 90) for place, (reported, _) in enumerate(batches))
    tally = Tally({"a": 1, "b": 0, "c": 0}, 1)
    claim = ahead(tally, "a", "b")
    lead, true_lead = (sum(votes[side][0] - votes[side][1] for votes in batches) for side in (0, 1))
    if lead <= 0:
        return
    comparison = BatchComparison(claim, told)
    paper = [true for _, true in batches]
    alike = [comparison.value_alike(batch, true) for batch, true in zip(told, paper, strict=True)]
    sized = [comparison.value_by_size(batch, true) for batch, true in zip(told, paper, strict=True)]
    chances = np.array([float(comparison.sums[batch.name]) for batch in told])
    mean = float(np.average(sized, weights=chances))
    if true_lead <= 0:
        assert mean <= comparison.population_by_size.null_mean + 1e-12
        assert np.mean(alike) <= 0.5 + 1e-12
    else:
        assert np.mean(alike) > 0.5 - 1e-12
    assert max(alike) <= comparison.population_alike.upper + 1e-12
    assert comparison.value_by_size(told[0], (0, 0, 0), 90) == 0


def test_batches_over_which_the_claim_is_false_are_refused() -> None:
    """A lead of nothing cannot be audited, nor a ceiling that cuts a clean batch."""
    claim = ahead(TALLY, "w", "l")
    with pytest.raises(RequestError, match="make it false"):
        BatchComparison(claim, BATCHES[1:2])
    with pytest.raises(RequestError, match="'ceiling'"):
        BatchComparison(claim, BATCHES, ceiling=Fraction(1))
    with pytest.raises(RequestError, match="more than its cards"):
        BatchComparison(claim, BATCHES).value_by_size(BATCHES[0], (200, 0, 0))
