"""Counts: who goes out, who was tied for it, and who can win."""

from itertools import permutations

from hypothesis import given, settings

from tallyproof.audit.irv_count import count_irv, possible_winners
from tallyproof.audit.irv_rankings import collapse
from tallyproof.audit.irv_tallies import Tallies

from .ranked import Rankings, ballots_of, elections, tops


def is_a_count(rankings: Rankings, order: tuple[int, ...]) -> bool:
    """Whether everyone in this order goes out with the fewest votes."""
    rounds = [(choice, tops(rankings, set(order[place:]))) for place, choice in enumerate(order)]
    return all(votes[choice] == min(votes.values()) for choice, votes in rounds)


@settings(deadline=None)
@given(elections())
def test_each_round_takes_out_one_with_the_fewest_votes(election: tuple[int, Rankings]) -> None:
    """Votes, order and tied choices are those of a count by hand."""
    choices, rankings = election
    counted = count_irv(Tallies(ballots_of(election)))
    assert sorted(counted.order) == list(range(choices))
    assert is_a_count(rankings, counted.order)
    for place, round_ in enumerate(counted.rounds):
        votes = tops(rankings, set(counted.order[place:]))
        assert round_.votes == dict(votes)
        assert round_.tied == tuple(sorted(c for c in votes if votes[c] == min(votes.values())))


@settings(deadline=None)
@given(elections())
def test_possible_winners_are_those_of_all_counts(election: tuple[int, Rankings]) -> None:
    """Every way to break the ties is tried."""
    choices, rankings = election
    orders = [order for order in permutations(range(choices)) if is_a_count(rankings, order)]
    assert possible_winners(Tallies(ballots_of(election))) == tuple(sorted({order[-1] for order in orders}))


def test_a_tie_that_decides_the_winner_is_an_answer() -> None:
    """Equal votes at the end: both can win, nobody surely."""
    counted = count_irv(Tallies(collapse(2, {(0,): 5, (1,): 5})))
    assert counted.rounds[0].tied == (0, 1)
    assert (counted.winner, counted.possible_winners) == (None, (0, 1))


def test_a_tie_that_decides_nothing_leaves_the_winner_sure() -> None:
    """Two tie for last, and the third wins whoever goes out first."""
    counted = count_irv(Tallies(collapse(3, {(0,): 9, (1,): 2, (2,): 2})))
    assert counted.rounds[0].tied == (1, 2)
    assert counted.winner == 0


def test_a_tie_is_broken_as_lots_were_drawn() -> None:
    """The first of the lots among the tied goes out."""
    tallies = Tallies(collapse(3, {(0,): 9, (1,): 2, (2,): 2}))
    assert count_irv(tallies).order == (1, 2, 0)
    assert count_irv(tallies, lots=[0, 2, 1]).order == (2, 1, 0)


def test_thirty_choices_without_votes_end_soon() -> None:
    """A tied group that cannot catch up goes out together; without votes at all anyone can win."""
    assert possible_winners(Tallies(collapse(30, {(7,): 1}))) == (7,)
    assert possible_winners(Tallies(collapse(30, {}))) == tuple(range(30))
