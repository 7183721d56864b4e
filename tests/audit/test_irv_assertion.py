"""Assertions: votes, scores and sentences of NEB and NEN."""

import pytest
from hypothesis import given, settings

from tallyproof.audit.irv_assertion import Assertion, halves_of_rankings
from tallyproof.audit.irv_rankings import Ranking
from tallyproof.audit.irv_tallies import Tallies

from .ranked import Rankings, all_assertions, ballots_of, elections

NEB = Assertion("NEB", 0, 1)
NEN = Assertion("NEN", 0, 1, (0, 1, 2))
NAMES = ["Ann", "Bob", "Cy", "Di"]


@pytest.mark.parametrize(
    ("ranking", "neb", "nen"),
    [
        ((0,), 2, 2),
        ((0, 1), 2, 2),
        ((1,), 0, 0),
        ((1, 0), 0, 0),
        ((2, 0, 1), 1, 1),
        ((2, 1, 0), 0, 1),
        ((3, 0), 1, 2),
        ((3, 1), 0, 0),
        ((3, 2), 1, 1),
        ((), 1, 1),
    ],
)
def test_a_ballot_scores_for_winner_loser_or_neither(ranking: Ranking, neb: int, nen: int) -> None:
    """2 halves for the winner, 0 for the loser, 1 otherwise; NEN passes over those who are out."""
    assert (NEB.halves(ranking), NEN.halves(ranking)) == (neb, nen)


@settings(deadline=None)
@given(elections(5))
def test_the_mean_score_is_one_half_plus_the_margin(election: tuple[int, Rankings]) -> None:
    """Sum of halves less ballots = winner's votes less loser's, for each assertion there is."""
    choices, rankings = election
    ballots = ballots_of(election)
    tallies = Tallies(ballots)
    for assertion in all_assertions(choices):
        halves = sum(assertion.halves(ranking) * number for ranking, number in rankings.items())
        assert halves - ballots.ballots == assertion.margin(tallies)


@settings(deadline=None)
@given(elections(5))
def test_all_rankings_at_once_score_as_one_by_one(election: tuple[int, Rankings]) -> None:
    """The array has each ranking's own value."""
    choices, rankings = election
    ballots = ballots_of(election)
    for assertion in all_assertions(choices):
        one_by_one = [assertion.halves(ranking) for ranking in rankings]
        assert halves_of_rankings(assertion, ballots).tolist() == one_by_one


def test_sentences_name_the_choices() -> None:
    """A reader sees who is compared, and when."""
    assert "Ann is never eliminated before Bob" in NEB.sentence(NAMES)
    assert NEN.sentence(NAMES) == "When only Ann, Bob and Cy remain, Ann has more votes than Bob."
    assert NEN.sentence(NAMES[:3]) == "Before anyone is eliminated, Ann has more votes than Bob."
