"""Contests that are not on every ballot are not held against all ballots of their units."""

from pathlib import Path

import pytest

from tallyproof.checks.on_ballot import is_of_party

from .county import findings, material, material_of, needs

HEADER = "county,unit,office,choice,measure,votes,vote_for\n"


def units(number: int, office: str, votes: int, under: int, ballots: int, start: int = 1) -> str:
    """So many units alike, each with its own ballots as a whole."""
    lines = []
    for n in range(start, start + number):
        lines += [
            f"Demo,P-{n},{office},Ann Adams,choice,{votes},1", f"Demo,P-{n},{office},,undervotes,{under},1",
            f"Demo,P-{n},{office},,overvotes,0,1",
        ]  # fmt: skip
        lines += [f"Demo,P-{n},,,ballots_cast,{ballots},"]
    return "\n".join(lines) + "\n"


def test_a_primary_beside_ballots_of_both_parties_cannot_be_checked(shared_data: Path) -> None:
    """Greenup County, Kentucky, 2014: 34 places fall short, because Democrats had another ballot."""
    greenup = material_of(shared_data / "formats/clarity/clarify_precinct.xml", state="KY")
    assert "the ballots that contain each contest" in needs("B1", greenup)
    assert "the ballots that contain each contest" in needs("E1", greenup)


def test_far_fewer_votes_than_ballots_in_nearly_all_units() -> None:
    """A contest of half of the ballots; its name does not say so."""
    given = material(HEADER + units(20, "School Board", 60, 5, 130))
    assert "evidently not on all of them" in needs("B1", given)
    assert "evidently not on all of them" in needs("E1", given)


def test_a_slip_in_one_unit_is_still_found() -> None:
    """19 units add up; the one that does not is the finding."""
    given = material(HEADER + units(19, "Mayor", 95, 5, 100) + units(1, "Mayor", 60, 5, 100, start=20))
    (found,) = findings("B1", given)
    assert (found.unit, found.numbers["d"]) == ("Demo, P-20", -35)


def test_few_units_are_judged() -> None:
    """Four that all fall short may as well be four slips."""
    assert len(findings("B1", material(HEADER + units(4, "Mayor", 60, 5, 130)))) == 4


def test_ballots_of_the_contest_itself_are_known() -> None:
    """A party's contest with its own ballots is judged by them."""
    text = HEADER + units(6, "Governor - REPUBLICAN", 60, 5, 130)
    own = "".join(f"Demo,P-{n},Governor - REPUBLICAN,,ballots_cast,66,1\n" for n in range(1, 7))
    assert [found.numbers["d"] for found in findings("B1", material(text + own))] == [-1] * 6


def test_a_partys_contest_that_adds_up_is_judged() -> None:
    """In a closed primary's own file all ballots are the party's: the slip is found."""
    text = units(9, "Governor (REP)", 95, 5, 100) + units(1, "Governor (REP)", 90, 5, 100, start=10)
    assert [found.unit for found in findings("B1", material(HEADER + text))] == ["Demo, P-10"]


@pytest.mark.parametrize(
    "office",
    [
        "US Senator - REPUBLICAN",
        "Governor (REP)",
        "REP - Governor",
        "DEM Governor",
        "Republican State Committee",
        "State Senate (special democratic primary)",
        "Mayor, Libertarian Party",
    ],
)
def test_the_words_of_a_partys_contest(office: str) -> None:
    """At the start or at the end, in full or short."""
    assert is_of_party(office)


@pytest.mark.parametrize(
    "office",
    [
        "Governor",
        "Mayor - Bowling Green",
        "Rep in Congress",
        "REP. TO THE GENERAL ASSEMBLY",
        "Representative in Congress",
        "Register of Deeds",
        "Demarest Council",
        "Republic Township Trustee",
        "City Council, Green",
    ],
)
def test_words_that_only_look_like_a_party(office: str) -> None:
    """Letters within others, abbreviations of an office, places."""
    assert not is_of_party(office)
