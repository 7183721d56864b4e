"""Minerva: risks over rounds, stopping rules, and sizes as the program Athena finds them."""

import math
from fractions import Fraction
from typing import Any

import pytest

from tallyproof.risk import minerva
from tallyproof.risk.rounds import Smallest, normal_votes, smallest_round

from .contests import Pair, Votes, votes_of
from .golden import ids, vector
from .tolerance import agrees

CHANCES = (0.7, 0.8, 0.9)
NARROW = 0.015  # below this margin the program answers with the normal approximation


def risk(votes: Votes, alpha: float, rounds: list[list[int]]) -> float:
    """The largest P over pairs after the last round; ``rounds`` in the order of the choices."""
    return max(pair_risk(votes, pair, alpha, rounds) for pair in votes.pairs)


def pair_risk(votes: Votes, pair: Pair, alpha: float, rounds: list[list[int]]) -> float:
    names = list(votes.by_choice)
    won = cumulative([new[names.index(pair.winner)] for new in rounds])
    lost = cumulative([new[names.index(pair.loser)] for new in rounds])
    schedule = [a + b for a, b in zip(won, lost, strict=True)]
    return float(minerva.risks(votes.share(pair), alpha, schedule, won)[-1])


def cumulative(numbers: list[int]) -> list[int]:
    return [sum(numbers[: place + 1]) for place in range(len(numbers))]


def ballots_for(votes: Votes, alpha: float, chance: float) -> int:
    """Ballots of a first round: each pair's votes divided by its share of the ballots, the largest."""
    sizes = []
    for pair in votes.pairs:
        share = votes.share(pair)
        if 2 * share - 1 < NARROW:
            relevant = normal_votes(share, alpha, chance)
        else:
            relevant = smallest_round(share, alpha, chance, Smallest.HALVING).votes
        of_two = votes.by_choice[pair.winner] + votes.by_choice[pair.loser]
        sizes.append(math.ceil(relevant * Fraction(votes.ballots, of_two)))
    return max(sizes)


@pytest.mark.parametrize("name", ids("minerva-size-"))
def test_first_rounds(name: str) -> None:
    """Sizes for chances of 70, 80 and 90 %."""
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    found = [ballots_for(votes_of(given), given["risk_limit"], chance) for chance in CHANCES]
    assert found == [expected["p70"], expected["p80"], expected["p90"]]


@pytest.mark.parametrize("name", ids("minerva-", "first round sizes"))
def test_first_rounds_with_other_votes(name: str) -> None:
    """Undervotes and third candidates make rounds larger in proportion."""
    given = vector(name)["inputs"]
    found = [ballots_for(votes_of(given), given["risk_limit"], chance) for chance in CHANCES]
    assert found == vector(name)["expected"]


@pytest.mark.parametrize("name", ids("minerva-", "risk after"))
def test_risks(name: str) -> None:
    """P after one round or two, for one winner or two."""
    given: dict[str, Any] = vector(name)["inputs"]
    assert agrees(risk(votes_of(given), given["alpha"], given["rounds"]), vector(name))


@pytest.mark.parametrize("name", ids("minerva-risk-"))
def test_risks_of_the_deciding_pair(name: str) -> None:
    """P and whether the audit stops."""
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    found = risk(votes_of(given), given["risk_limit"], given["sample_per_round_in_candidate_order"])
    assert agrees(found, vector(name), expected["p_value"])
    assert (found <= given["risk_limit"]) == expected["stop"]


def test_votes_that_end_each_round() -> None:
    """Rounds of 100, 200 and 400 votes at 60 % (minerva-014)."""
    given = vector("minerva-014")["inputs"]
    share = given["tally"][0] / sum(given["tally"])
    rules = minerva.stopping_rules(share, given["alpha"], given["rounds"])
    assert [rule.winner_votes for rule in rules] == vector("minerva-014")["expected"]


def test_the_smallest_round_has_three_meanings() -> None:
    """At 60 %, 10 % risk and a chance of 90 %: 173 works, 174 not, all from 186; halving finds 179."""
    found = {meaning: smallest_round(0.6, 0.1, 0.9, meaning).votes for meaning in Smallest}
    assert found == {Smallest.FIRST: 173, Smallest.LASTING: 186, Smallest.HALVING: 179, Smallest.DECADES: 173}
