"""Names of counties, however they are written, lead to their FIPS codes."""

import csv
from pathlib import Path

import pytest

from tallyproof.election.jurisdiction import county_name
from tallyproof.figures.crosswalk import fips_of
from tallyproof.figures.geometry import STATE_FIPS, sheet

NAMES = [
    ("IN", "LaPorte", "18091"),
    ("IN", "LA PORTE COUNTY", "18091"),
    ("IL", "De Kalb", "17037"),
    ("MO", "Saint Louis County", "29189"),
    ("MO", "St. Louis City", "29510"),
    ("MO", "SAINTE GENEVIEVE", "29186"),
    ("MD", "Prince George's", "24033"),
    ("MD", "Prince George’s County", "24033"),
    ("MD", "PRINCE GEORGES", "24033"),
    ("MD", "Baltimore", "24005"),
    ("MD", "Baltimore City", "24510"),
    ("NM", "Doña Ana", "35013"),
    ("NM", "DONA ANA", "35013"),
    ("NM", "Don\u0303a Ana", "35013"),
    ("SD", "Oglala Lakota", "46102"),
    ("SD", "Shannon", "46102"),
    ("SD", "46113", "46102"),
    ("FL", "Dade", "12086"),
    ("VA", "Richmond", "51159"),
    ("VA", "City of Richmond", "51760"),
    ("VA", "Richmond (city)", "51760"),
    ("VA", "FAIRFAX CITY", "51600"),
    ("VA", "Alexandria", "51510"),
    ("VA", "James City County", "51095"),
    ("VA", "Charles City", "51036"),
    ("VA", "King & Queen", "51097"),
    ("NV", "Carson City", "32510"),
    ("LA", "St. John the Baptist Parish", "22095"),
    ("NY", "Brooklyn", "36047"),
    ("AK", "Alaska (statewide)", "02000"),
    ("DC", "District of Columbia", "11001"),
    ("AL", "1001", "01001"),
]
WITHOUT_OUTLINE = [
    ("MO", "Kansas City"),
    ("AK", "House District 12"),
    ("AK", "02020"),
    ("CT", "Capitol Planning Region"),
    ("CT", "09110"),
    ("MA", "Boston"),
    ("VA", "Bedford City"),
    ("DC", "Ward 3"),
    ("HI", "Kalawao"),
    ("WI", "26001"),
    ("WI", ""),
    ("PR", "Ponce"),
    ("US", "Dane"),
]


@pytest.mark.parametrize(("state", "name", "code"), NAMES)
def test_a_name_leads_to_its_county(state: str, name: str, code: str) -> None:
    """Saints, spaces, accents, apostrophes, cities outside counties, and earlier names."""
    assert fips_of(state, name) == code
    assert name.isdecimal() or fips_of("US", (state, name)) == code


@pytest.mark.parametrize(("state", "name"), WITHOUT_OUTLINE)
def test_what_has_no_outline_leads_nowhere(state: str, name: str) -> None:
    """Towns, districts, later regions and counties of other states are never taken for one that is there."""
    assert fips_of(state, name) is None


def test_a_place_of_another_state_is_not_on_this_map() -> None:
    """Adams is a county of both; the one of Pennsylvania is not drawn in Wisconsin."""
    assert fips_of("WI", ("WI", "Adams")) == "55001"
    assert fips_of("WI", ("PA", "Adams")) is None
    assert fips_of("US", ("US", "Adams")) is None


@pytest.mark.parametrize("state", STATE_FIPS)
def test_every_outline_is_found_by_its_own_name(state: str) -> None:
    """No two counties of a state share a key: each is found by name and kind, in capitals too."""
    for each in sheet(state).outlines:
        name = f"{each.name} {each.kind}".strip()
        assert fips_of(state, name) == fips_of(state, name.upper()) == each.fips


def test_the_counties_of_2016_match(shared_data: Path) -> None:
    """All 3,113 rows of the county file of 2016, as they are written and as our tables show them."""
    file = shared_data / "us2016" / "counties_2016_2012_demographics_equipment.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [(row["state"], row["county"], row["fips"]) for row in csv.DictReader(lines)]
    assert len(rows) == 3113
    assert [row for row in rows if fips_of(row[0], row[1]) != row[2]] == []
    assert [row for row in rows if fips_of(row[0], county_name(row[1].upper())) != row[2]] == []
    assert [row for row in rows if fips_of("US", (row[0], row[1])) != row[2]] == []


def test_the_counties_of_2020_match_but_for_alaska_s_districts(shared_data: Path) -> None:
    """A newspaper's 3,151 rows of 2020: all but Alaska's forty House districts have an outline."""
    file = shared_data / "us2020_timeseries" / "nyt_2020_counties_20201113.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [(row["state"], row["county"], row["fips"]) for row in csv.DictReader(lines)]
    missed = [row for row in rows if fips_of(row[0], row[1]) != row[2]]
    assert len(rows) == 3151
    assert len(missed) == 40 and {state for state, *_ in missed} == {"AK"}


def test_the_counties_of_the_example_match() -> None:
    """Michigan's 83, Wisconsin's 72 and Pennsylvania's 67 counties, as the example case writes them."""
    folder = Path(__file__).resolve().parents[2] / "src/tallyproof/examples/upper_midwest_2016"
    with (folder / "counties_2012.csv").open(encoding="utf-8", newline="") as lines:
        named = {(row["state"], row["county"]) for row in csv.DictReader(lines)}
    found = {(state, fips_of(state, county)) for state, county in named}
    for state, count in (("MI", 83), ("WI", 72), ("PA", 67)):
        assert len({code for own, code in found if own == state and code}) == count
