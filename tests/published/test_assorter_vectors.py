"""Seats, assorters and margins of published D'Hondt elections."""

from fractions import Fraction
from typing import Any

import pytest

from tallyproof.audit.assertion import Assertion, Claims, Tally
from tallyproof.audit.proportional import highest_averages, relative_margin

from .golden import ids, vector
from .tolerance import agrees

FIVE_PERCENT = Fraction(1, 20)


def election(given: dict[str, Any]) -> tuple[Tally, Claims]:
    cards = given.get("N") or given.get("cards") or sum(given["votes"].values())
    tally = Tally(given["votes"], cards)
    return tally, highest_averages(tally, given["seats"], threshold=FIVE_PERCENT)


def no_error_value(tally: Tally, assertion: Assertion) -> float:
    return float(1 / (2 - relative_margin(tally, assertion)))


@pytest.mark.parametrize("name", ids("dhondt-", "seats"))
def test_seats(name: str) -> None:
    """Antwerp's members of the federal chamber, 2024."""
    assert election(vector(name)["inputs"])[1].outcome == vector(name)["expected"]


@pytest.mark.parametrize("name", ids("dhondt-", "hardest"))
def test_the_hardest_assertion(name: str) -> None:
    """Winner, loser, upper bound, mean and the value of a card without error."""
    tally, claims = election(vector(name)["inputs"])
    hardest = min(claims.assertions, key=lambda each: relative_margin(tally, each))
    mean = float(tally.margin(hardest) + 1) / 2
    pair = [float(hardest.winner), float(hardest.loser)]
    numbers = [float(hardest.assorter.upper), mean, no_error_value(tally, hardest)]
    assert agrees(pair + numbers, vector(name))


@pytest.mark.parametrize("name", ids("dhondt-", "FlandreEast"))
def test_a_named_assertion(name: str) -> None:
    """East Flanders: Vooruit's third seat against CD&V's third."""
    tally, claims = election(vector(name)["inputs"])
    seats, upper, no_error = vector(name)["expected"]
    assert claims.outcome == seats
    (found,) = (each for each in claims.assertions if (each.winner, each.loser) == ("28", "4"))
    assert agrees(
        [float(found.assorter.upper), no_error_value(tally, found)], vector(name), [upper, no_error]
    )
