"""Providence: risks over rounds and sizes as the program R2B2 finds them."""

import math
from fractions import Fraction

import pytest

from tallyproof.risk import providence
from tallyproof.risk.rounds import Smallest, halve

from .contests import Pair, Votes, votes_of
from .golden import ids, vector
from .tolerance import agrees

CHANCES = {"p70": 0.7, "p80": 0.8, "p90": 0.9}


def scaled(votes: Votes, pair: Pair, relevant: int) -> int:
    """Ballots that hold so many votes for the two, if all is as reported."""
    of_two = votes.by_choice[pair.winner] + votes.by_choice[pair.loser]
    return math.ceil(relevant * Fraction(votes.ballots, of_two))


def first_round(votes: Votes, alpha: float, chance: float) -> int:
    return max(
        scaled(
            votes,
            pair,
            providence.next_round(votes.share(pair), alpha, chance, (0, 0), Smallest.DECADES).votes,
        )
        for pair in votes.pairs
    )


def second_round(votes: Votes, alpha: float, chance: float, sample: dict[str, int], drawn: int) -> int:
    """As the program counts: the ballots of the first round stand among the votes for the two."""

    def size(pair: Pair) -> int:
        seen = sample[pair.winner], sample[pair.loser]
        stop = halve(
            lambda n: providence.stop_after_round(votes.share(pair), alpha, max(0, n - drawn), seen),
            chance,
            100,
            1000,
        )
        return scaled(votes, pair, drawn + stop.votes)

    return max(size(pair) for pair in votes.pairs)


def test_risk_after_two_rounds() -> None:
    """The first round's likelihood ratio times the second's tail ratio (providence-001)."""
    given = vector("providence-001")["inputs"]
    votes, won = [sum(new) for new in given["rounds"]], [new[0] for new in given["rounds"]]
    found = providence.risks(given["tally"][0] / sum(given["tally"]), votes, won)
    assert agrees(found[-1], vector("providence-001"))


@pytest.mark.parametrize("name", ids("providence-risk-"))
def test_risks(name: str) -> None:
    """The largest P over pairs after the rounds, and whether it ends the audit."""
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    votes, names = votes_of(given), list(votes_of(given).by_choice)
    rounds = [dict(zip(names, new, strict=True)) for new in given["sample_per_round_in_candidate_order"]]
    found = max(
        providence.risks(
            votes.share(pair),
            [new[pair.winner] + new[pair.loser] for new in rounds],
            [new[pair.winner] for new in rounds],
        )[-1]
        for pair in votes.pairs
    )
    assert agrees(found, vector(name), expected["p_value"])
    assert (found <= given["risk_limit"]) == expected["stop"]


@pytest.mark.parametrize("name", ids("providence-size-"))
def test_sizes(name: str) -> None:
    """First rounds, and a second one after 100 ballots."""
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    votes, alpha = votes_of(given), given["risk_limit"]
    if "round_sizes" not in given:
        found = {key: first_round(votes, alpha, CHANCES[key]) for key in expected}
    else:
        sample = dict(zip(votes.by_choice, given["sample_per_round_in_candidate_order"][0], strict=True))
        drawn = given["round_sizes"][0]
        found = {key: second_round(votes, alpha, CHANCES[key], sample, drawn) for key in expected}
    assert found == expected
