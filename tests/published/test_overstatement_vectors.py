"""Overstatements and the values they are compared by: assorters of any upper bound, pools, lost cards."""

from fractions import Fraction

import numpy as np
import pytest

from tallyproof.audit.assertion import Tally, ahead, plurality
from tallyproof.audit.assorter import (
    HALF,
    NO_VOTE,
    NOT_FOUND,
    NOT_ON_CARD,
    Column,
    Interpretation,
    PointsAssorter,
    interpretation,
)
from tallyproof.audit.discrepancy import votes_overstated
from tallyproof.audit.overstatement import Comparison, overstatement
from tallyproof.audit.pools import DrawnCard as Drawn
from tallyproof.audit.pools import Pool, oneaudit_values, pool_of_cards

from .golden import ids, vector
from .tolerance import agrees

PAIR = ahead(Tally({"win": 6, "lose": 4, "oth": 0}, 20), "win", "lose").assorter
SHOWN = {
    "win": interpretation((0,), 3),
    "lose": interpretation((1,), 3),
    "oth": interpretation((2,), 3),
    "blank": NO_VOTE,
    "contest missing": NOT_ON_CARD,
    "phantom": NOT_FOUND,
}


def exact(number: float) -> Fraction:
    return Fraction(str(number))


@pytest.mark.parametrize("name", ids("assorter-", "overstatement_assorter"))
def test_values_of_overstatements(name: str) -> None:
    """(1 - omega / u) / (2 - v / u)."""
    given = vector(name)["inputs"]
    comparison = Comparison(PointsAssorter((), exact(given["u"])), exact(given["v"]))
    assert agrees(float(comparison.value(exact(given["overstatement"]))), vector(name))


@pytest.mark.parametrize("name", ids("assorter-", "overstatement (plurality)"))
def test_overstatements_of_lost_and_incomplete_cards(name: str) -> None:
    """Blank, without the contest, or not found, with and without card styles."""
    given = vector(name)["inputs"]
    got = overstatement(PAIR, SHOWN[given["cvr"]], SHOWN[given["mvr"]], given["use_style"])
    assert agrees(float(got), vector(name))


@pytest.mark.parametrize("name", ids("assorter-", "comparison assorter values"))
def test_the_seven_values_where_u_is_not_1(name: str) -> None:
    """D'Hondt with u = 1.75: record and paper for winner, loser or another, as a rising list.

    The source names two of them the other way round: a record for another and a paper for the winner is
    understated by u - 1/2, more than a record for the loser and a paper for another (1/2).
    """
    given = vector(name)["inputs"]
    u = exact(given["assorter_upper"])
    comparison = Comparison(PointsAssorter((), u), u * (2 - 1 / exact(given["noerror"])))
    value = {"win": u, "los": Fraction(0), "oth": HALF}
    pairs = ["win-los", "win-oth", "oth-los", "oth-oth", "oth-win", "los-oth", "los-win"]
    got = [float(comparison.value(value[pair[:3]] - value[pair[4:]])) for pair in pairs]
    assert got[4] > got[5]
    assert agrees(sorted(got), vector(name))


@pytest.mark.parametrize("name", ids("oneaudit-", "Kalamazoo 2018: [v"))
def test_values_in_a_pool(name: str) -> None:
    """Kalamazoo's pool, with the mean that the vector names (which is not that of its votes)."""
    given = vector(name)["inputs"]
    comparison = Comparison(PAIR, 2 * exact(given["assorter_mean_all"]) - 1)
    pools = {"no records": Pool(1, exact(given["pool_mean"]))}
    drawn = [Drawn(SHOWN[paper], pool="no records") for paper in ("win", "lose")]
    got = [float(comparison.margin), float(comparison.upper), float(comparison.no_error)]
    assert agrees([*got, *oneaudit_values(comparison, pools, drawn)], vector(name))


@pytest.mark.parametrize("name", ids("oneaudit-", "tally pool means"))
def test_pool_means_over_all_their_cards(name: str) -> None:
    """Cards without the contest count 1/2, unless styles tell them apart."""
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    shown = {"AvB Alice": SHOWN["win"], "AvB Bob": SHOWN["lose"], "no AvB": NOT_ON_CARD}
    pools = [[shown[card] for card in given[pool]] for pool in ("pool1", "pool2")]
    assert agrees([mean(pool) for pool in pools], vector(name), expected["pool_contests_added"])
    alone = [[card for card in pool if card is not NOT_ON_CARD] for pool in pools]
    assert agrees([mean(pool) for pool in alone], vector(name), expected["style_only_cards_with_contest"])


def mean(cards: list[Interpretation]) -> float:
    return float(pool_of_cards(PAIR, Column(np.arange(len(cards)), tuple(cards))).mean)


CASES = {
    "CVR vote for loser; audited vote for winner": ("lose", "win"),
    "ballot not found by the audit board": ("lose", "phantom"),
    "ballot absent from the CVR file": ("phantom", "win"),
    "contest not on CVR; audited vote for loser": ("contest missing", "lose"),
}


@pytest.mark.parametrize("name", ids("supersimple-discrepancy-"))
def test_overstated_votes_of_a_card(name: str) -> None:
    """Two votes for a card that nobody finds, on either side."""
    record, paper = CASES[vector(name)["inputs"]["case"]]
    assert votes_overstated(SHOWN[record], SHOWN[paper], (0, 1)) == vector(name)["expected"]


def test_a_pair_is_one_of_its_contest() -> None:
    """The pair that the vectors speak of is the contest's closest."""
    assert PAIR in [
        each.assorter for each in plurality(Tally({"win": 6, "lose": 4, "oth": 0}, 20)).assertions
    ]
