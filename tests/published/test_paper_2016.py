"""What could be checked in November 2016: Verified Voting's equipment beside votes and margins."""

from pathlib import Path

import pytest

from tallyproof.services.comparing import Attached
from tallyproof.services.paper_trails import Trail, of_files, of_table
from tallyproof.services.reading import Request

from .conftest import MAPPINGS


@pytest.fixture(scope="module")
def equipment(shared_data: Path) -> Attached:
    """The class of equipment of every county."""
    path = shared_data / "us2016" / "counties_2016_2012_demographics_equipment.csv"
    return Attached(path, MAPPINGS / "counties_equipment.toml")


@pytest.fixture(scope="module")
def states(equipment: Attached) -> Trail:
    """All states, their votes for the two leading candidates by the equipment of the counties."""
    return of_files(equipment, Request((equipment.path,), mapping=MAPPINGS / "counties_2016.toml"))


def test_pennsylvania_cannot_be_checked(states: Trail) -> None:
    """49 counties vote on machines without paper, five partly; the margin stands beside it."""
    found = next(each for each in states.answer.states if each.state == "PA")
    assert (found.none.places, found.part.places, found.paper.places) == (49, 5, 13)
    assert found.margin == 44_292
    assert found.none.number > 100 * found.margin
    assert found.sentence.startswith(
        "Pennsylvania: cannot be checked in full: 49 of 67 counties vote on machines without paper"
    )


def test_michigan_and_wisconsin_can_be_checked(states: Trail) -> None:
    """Paper in all 83 and in all 72 counties: ballots, or machines with a printed record."""
    found = {each.state: each for each in states.answer.states}
    assert (found["MI"].paper.places, found["MI"].all.places) == (83, 83)
    assert (found["WI"].paper.places, found["WI"].all.places) == (72, 72)
    assert "Michigan: can be checked: all 83 counties vote with a paper record" in found["MI"].sentence


def test_counties_are_those_of_the_source(states: Trail) -> None:
    """758 without paper, 226 in part, and every place in one of four kinds."""
    by_state = states.answer.states
    assert sum(each.none.places for each in by_state) == 758
    assert sum(each.part.places for each in by_state) == 226
    assert sum(each.all.places for each in by_state) == 3_113 == len(states.answer.places)


def test_registered_voters_where_no_votes_are_given(shared_data: Path) -> None:
    """The table alone: 49 of 67 jurisdictions with 6,493,269 registered voters; no margin is invented."""
    path = shared_data / "us2016" / "voting_equipment_2016_jurisdictions.csv"
    (found,) = of_table(Attached(path), "PA").answer.states
    assert (found.none.places, found.none.number, found.margin) == (49, 6_493_269, None)
    assert "6,493,269 registered voters" in found.sentence
