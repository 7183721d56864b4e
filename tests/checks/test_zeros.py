"""A choice with none of many votes, and units without any."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.checks.zeros import log_binomial_tail
from tallyproof.election.evidence import Severity

from .county import findings, material, material_of, needs

HEAD = "county,precinct,office,district,party,candidate,votes\n"


def county(name: str, zero: int | None = None, choice: str = "Cy Clay", left: int = 0) -> str:
    """Twelve units of 500 votes and more with three choices; in one unit a choice has nearly none."""
    rows = ""
    for n in range(12):
        for who, votes in (("Ann Adams", 250 + n), ("Bob Baker", 200 - n), ("Cy Clay", 50 + n % 3)):
            given_ = left if n == zero and who == choice else votes
            rows += f"{name},P-{n},President,,,{who},{given_}\n"
    return rows


# ---- B11: improbable zeros


@given(n=st.integers(1, 400), thousandths=st.integers(1, 999), data=st.data())
def test_the_tail_is_the_binomial_sum(n: int, thousandths: int, data: st.DataObject) -> None:
    """The sum in logarithms equals that of the exact binomial terms, however small it is."""
    v = data.draw(st.integers(0, n))
    terms = (math.comb(n, k) * thousandths**k * (1_000 - thousandths) ** (n - k) for k in range(v + 1))
    wanted = math.log(sum(terms)) - n * math.log(1_000)
    found = log_binomial_tail(v, n, thousandths / 1_000)
    assert math.isclose(found, wanted, rel_tol=1e-6, abs_tol=1e-6)


def test_a_county_where_all_have_votes_is_silent() -> None:
    """Shares that differ a little are no zeros."""
    assert findings("B11", material(HEAD + county("Demo"))) == []


@pytest.mark.parametrize(("unit", "left"), [(0, 0), (7, 1), (11, 0)])
def test_a_zero_is_found_at_its_cell(unit: int, left: int) -> None:
    """Fifty votes left out in one unit of twelve are found there, with those to be expected at stake."""
    (found,) = findings("B11", material(HEAD + county("Demo", zero=unit, left=left)))
    assert (found.severity, found.unit) == (Severity.WARNING, f"Demo, P-{unit}")
    assert (found.source.row, found.topic) == (3 * unit + 4, "clay")
    assert found.votes_at_stake is not None and 40 <= found.votes_at_stake <= 52
    assert float(found.numbers["log10_p"] or 0) < -6


def test_a_part_of_the_votes_is_no_zero() -> None:
    """Five of fifty votes are few, but not next to none: other checks ask about that."""
    assert findings("B11", material(HEAD + county("Demo", zero=3, left=5))) == []


def test_an_unknown_number_is_no_zero() -> None:
    """A withheld cell says nothing."""
    assert findings("B11", material(HEAD + county("Demo", zero=3).replace("Clay,0", "Clay,*"))) == []


def test_write_ins_are_not_asked_about() -> None:
    """A unit without write-in votes is nothing to wonder at."""
    assert findings("B11", material(HEAD + county("Demo", zero=3).replace("Cy Clay", "Write-ins"))) == []


def test_a_name_that_the_county_does_not_count_is_not_asked_about() -> None:
    """Where it counts no name that is written in; one that it counts in other units is told as any choice."""
    marked = "Cy Clay (Write-in)"
    elsewhere = HEAD + county("North") + county("South")
    none = "".join(f"East,P-{n},President,,,{who},{votes}\n" for n in range(2)
                   for who, votes in (("Ann Adams", 250), ("Bob Baker", 200), ("Cy Clay", 0)))  # fmt: skip
    assert findings("B11", material((elsewhere + none).replace("Cy Clay", marked))) == []
    (found,) = findings("B11", material((HEAD + county("Demo", zero=3)).replace("Cy Clay", marked)))
    assert (found.unit, found.topic) == ("Demo, P-3", "clay")


def test_a_town_unlike_its_county_is_not_told() -> None:
    """Six neighbouring units without votes for a choice are a town that votes so."""
    rows = HEAD + county("Demo")
    for n in range(6):
        rows += f"Demo,Uptown {n},President,,,Ann Adams,500\nDemo,Uptown {n},President,,,Bob Baker,200\n"
        rows += f"Demo,Uptown {n},President,,,Cy Clay,0\n"
    assert findings("B11", material(rows)) == []


def test_a_choice_of_another_district_is_not_told() -> None:
    """A choice in whose place another one stands was not on this unit's ballot."""
    council = ""
    for n in range(12):
        elsewhere = n in (2, 9)
        here = {"Ann Adams": 0 if elsewhere else 300, "Bob Baker": 280, "Di Dunn": 310 if elsewhere else 0}
        council += "".join(f"Demo,P-{n},City Council,,,{who},{votes}\n" for who, votes in here.items())
    assert findings("B11", material(HEAD + council)) == []


def test_a_county_without_a_choice_is_held_against_the_others() -> None:
    """Where all units of a county have none, the county is the finding."""
    rows = HEAD + "".join(county(name) for name in ("North", "South"))
    rows += "".join(f"East,P-{n},President,,,{who},{votes}\n" for n in range(2)
                    for who, votes in (("Ann Adams", 250), ("Bob Baker", 200), ("Cy Clay", 0)))  # fmt: skip
    found = findings("B11", material(rows))
    assert "East" in {finding.unit for finding in found}


def test_a_way_of_voting_without_a_choice_is_found() -> None:
    """No election-day votes in a whole county, where the choice leads by mail (as DeKalb County 2022)."""
    rows = "county,precinct,office,district,party,candidate,votes,election_day,mail\n"
    for n in range(12):
        for who, day, mail in (("Ann Adams", 150 + n, 40), ("Bob Baker", 140, 30 + n), ("Cy Clay", 0, 90)):
            rows += f"Demo,P-{n},Commissioner,,,{who},{day + mail},{day},{mail}\n"
    found = {finding.unit: finding for finding in findings("B11", material(rows))}
    assert found["Demo"].numbers["mode"] == "election-day"
    assert found["Demo"].topic == "clay" and found["Demo"].numbers["votes"] == 0


def test_one_unit_alone_cannot_be_compared() -> None:
    """Zeros are judged by votes elsewhere."""
    assert needs("B11", material(HEAD + "Demo,P-1,President,,,Ann Adams,260\n")) != ""


def test_wisconsin_2016_has_three_and_the_recount_changed_all(shared_data: Path) -> None:
    """Recounted: Ward 34 Trump 254, Somers Ward 2 and Menominee Johnson 12 each."""
    found = findings("B11", material_of(shared_data / "medsl2016" / "wi.zip"))
    assert {(finding.unit, finding.topic) for finding in found} == {
        ("Kenosha, TOWN OF SOMERS Ward 2", "johnson"),
        ("Menominee", "johnson"),
        ("Milwaukee, CITY OF MILWAUKEE Ward 34", "trump"),
    }
    assert {finding.severity for finding in found} == {Severity.WARNING}


def test_michigan_2016_has_eight(shared_data: Path) -> None:
    """Eight of 360,000 cells: the rate at which ordinary returns have such zeros."""
    assert len(findings("B11", material_of(shared_data / "medsl2016" / "mi.zip"))) == 8


# ---- B12: units without votes

BALLOTS = "Demo,P-{n},Ballots Cast,,,,{ballots}\nDemo,P-{n},Registered Voters,,,,{registered}\n"


def empty_unit(ballots: int, registered: int) -> str:
    """A thirteenth unit in which all choices have 0."""
    votes = "".join(f"Demo,P-12,President,,,{who},0\n" for who in ("Ann Adams", "Bob Baker", "Cy Clay"))
    return votes + BALLOTS.format(n=12, ballots=ballots, registered=registered)


def test_units_with_votes_are_silent() -> None:
    """Every unit of a clean county has votes."""
    assert findings("B12", material(HEAD + county("Demo"))) == []


@pytest.mark.parametrize(("ballots", "registered", "told"), [(310, 400, True), (0, 400, True), (0, 0, False)])
def test_a_unit_without_votes_is_information_unless_it_is_empty(
    ballots: int, registered: int, told: bool
) -> None:
    """Voters or ballots make a unit without votes worth a word; a unit without both is empty."""
    found = findings("B12", material(HEAD + county("Demo") + empty_unit(ballots, registered)))
    expected = [(Severity.INFO, "Demo, P-12", 38, ballots)] if told else []
    assert [(each.severity, each.unit, each.source.row, each.votes_at_stake) for each in found] == expected


def test_a_contest_without_votes_in_one_unit_is_a_warning() -> None:
    """All vote for Senate around, and 500 people here voted for President: the Senate votes are missing."""
    senate = "".join(
        f"Demo,P-{n},U.S. Senate,,,{who},{0 if n == 4 else 200 + n}\n"
        for n in range(12)
        for who in ("Ed Eames", "Flo Fox")
    )
    (found,) = findings("B12", material(HEAD + county("Demo") + senate))
    assert (found.severity, found.contest, found.unit) == (Severity.WARNING, "wi-us-senate", "Demo, P-4")
    assert found.source.row == 46


def test_a_contest_of_some_units_only_is_silent() -> None:
    """Zero rows for a district that most units are not in are only filling."""
    rows = "".join(
        f"Demo,P-{n},State House,5,,{who},{200 if n < 3 else 0}\n"
        for n in range(12)
        for who in ("A B", "C D")
    )
    assert findings("B12", material(HEAD + county("Demo") + rows)) == []


def test_wisconsin_2016_has_137_units_without_votes(shared_data: Path) -> None:
    """All are information; beside EL-190 only those 13 stay in which somebody is registered or unknown."""
    wards = shared_data / "medsl2016" / "wi.zip"
    ballots = shared_data / "wi2016" / "raw" / "wec_el190_2016_general_2017-10-05.csv"
    found = findings("B12", material_of(wards))
    assert (len(found), {finding.severity for finding in found}) == (137, {Severity.INFO})
    assert len(findings("B12", material_of(wards, ballots))) == 13


def test_star_township_2020_has_no_votes_for_state_house(shared_data: Path) -> None:
    """In the Antrim file 633 voted for President there and nobody for State House: asked about."""
    file = shared_data / "formats" / "openelections" / "20201103__mi__general__antrim__precinct.csv"
    (found,) = findings("B12", material_of(file))
    assert (found.unit, found.severity) == ("Antrim, Star Township, Precinct 1", Severity.WARNING)
    assert (found.contest, found.source.row) == ("mi-state-house-105", 419)
