"""The example case against the returns its figures were taken from, county by county."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

WARDS = "wi2016/wi_2016_president_wards_canvass_and_recount.csv"
EL190 = "wi2016/wi_2016_el190_ballots_by_ward.csv"
WARD_COLUMNS = {
    "Donald Trump": "trump", "Hillary Clinton": "clinton", "Darrell Castle": "castle",
    "Gary Johnson": "johnson", "Jill Stein": "stein", "Monica Moorehead": "moorehead",
    "Rocky Roque De La Fuente": "de_la_fuente", "Evan McMullin": "mcmullin_wi", "Cherunda Fox": "fox_wi",
    "Michael Maturen": "maturen_wi", "Marshall Schoenke": "schoenke_wi", "Chris Keniston": "keniston_wi",
    "Laurence Kotlikoff": "kotlikoff_wi", "Tom Hoefling": "hoefling_wi", "Joseph Maldonado": "maldonado_wi",
    "Emidio Soltysik": "soltysik_wi", "Scattering": "scattering", "": "total",
}  # fmt: skip
MICHIGAN_COLUMNS = {
    "Donald Trump": "trump", "Hillary Clinton": "clinton", "Gary Johnson": "johnson", "Jill Stein": "stein",
    "Darrell Castle": "castle", "Evan McMullin": "mcmullin", "Emidio Soltysik": "soltysik",
    "Other write-in candidates": "other",
}  # fmt: skip
PENNSYLVANIA_NAMES = {
    "Donald J. Trump": "Donald Trump", "Hillary Clinton": "Hillary Clinton",
    "Gary E. Johnson": "Gary Johnson", "Jill Stein": "Jill Stein", "Darrell L. Castle": "Darrell Castle",
}  # fmt: skip
STATE_COLUMNS = {
    ("choice", "Donald Trump"): "trump_vote", ("choice", "Hillary Clinton"): "clinton_vote",
    ("choice", "Gary Johnson"): "johnson_vote", ("other", "Other candidates"): "other_vote",
    ("total_votes", ""): "total_vote",
    ("electors", "Donald Trump"): "ev_pledged_rep", ("electors", "Hillary Clinton"): "ev_pledged_dem",
    ("electors_cast", "Donald Trump"): "ev_cast_trump",
    ("electors_cast", "Hillary Clinton"): "ev_cast_clinton",
    ("electors_cast", "Other persons"): "ev_cast_other",
}  # fmt: skip


Row = dict[str, str]
Figures = dict[tuple[str, str], int]


@cache
def table(name: str) -> tuple[Row, ...]:
    text = (files("tallyproof.examples") / "upper_midwest_2016" / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def figures(rows: Iterable[Row]) -> Figures:
    """Votes by county and choice; a stated total stands under the choice ""."""
    return {(row["county"].casefold(), row["choice"]): int(row["votes"]) for row in rows}


def source(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def summed(rows: Iterable[Row], county: Callable[[Row], str], columns: dict[str, str]) -> Figures:
    sums: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for choice, column in columns.items():
            sums[county(row).casefold(), choice] += int(row[column])
    return dict(sums)


def plain(name: str) -> str:
    return name.removesuffix(" County")


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("wisconsin_first_posted.csv", "canvass"),
        ("wisconsin_canvass.csv", "canvass"),
        ("wisconsin_recount.csv", "recount"),
    ],
)
def test_wisconsin_equals_the_ward_reports(name: str, stage: str, shared_data: Path) -> None:
    """Every county and choice equals the sum of its reporting units."""
    columns = {choice: f"{column}_{stage}" for choice, column in WARD_COLUMNS.items()}
    if name == "wisconsin_first_posted.csv":
        columns |= {"Donald Trump": "trump_canvass_first_posted", "": "total_canvass_first_posted"}
    expected = summed(source(shared_data / WARDS), lambda row: row["county"], columns)
    assert figures(table(name)) == expected


def test_el190_equals_the_clerks_reports(shared_data: Path) -> None:
    """Ballots, voters and registrants of every county equal the sums of its reporting units."""
    columns = {"ballots_cast": "total_ballots", "voters": "total_voters", "registered": "registrants"}
    rows = table("wisconsin_el190.csv")
    ours = {(row["county"].casefold(), row["measure"]): int(row["votes"]) for row in rows}
    assert ours == summed(source(shared_data / EL190), lambda row: row["county"], columns)


def test_el190_rows_name_the_missing_units(shared_data: Path) -> None:
    """The counties whose sum lacks reporting units say so in the source, nine units in all."""
    reported = {row["ru_id"] for row in source(shared_data / EL190)}
    wards = source(shared_data / WARDS)
    lacking = Counter(row["county"].casefold() for row in wards if row["ru_id"] not in reported)
    cited = [row for row in table("wisconsin_el190.csv") if "reporting units missing" in row["source"]]
    stated = {row["county"].casefold(): int(row["source"].partition("(")[2].split()[0]) for row in cited}
    assert stated == lacking
    assert lacking.total() == 9


def test_michigan_equals_the_precinct_returns(shared_data: Path) -> None:
    """Every county and choice equals the sum of its precincts, adjustment rows included."""
    precincts = source(shared_data / "mi2016/mi_2016_president_precincts.csv")
    expected = summed(precincts, lambda row: plain(row["county_name"]), MICHIGAN_COLUMNS)
    assert figures(table("michigan_certified.csv")) == expected


def test_pennsylvania_equals_the_county_file(shared_data: Path) -> None:
    """Every county and choice equals the county file."""
    rows = source(shared_data / "formats/openelections/20161108__pa__general_county.csv")
    expected = {
        (row["county"].casefold(), PENNSYLVANIA_NAMES[row["candidate"]]): int(row["votes"])
        for row in rows
        if row["office"] == "President"
    }
    assert figures(table("pennsylvania_certified.csv")) == expected


def test_states_equal_the_state_table(shared_data: Path) -> None:
    """Every figure of every state equals the table it was taken from."""
    expected = {
        (row["st"], *key): int(row[column])
        for row in source(shared_data / "us2016/states_2016_certified_ev.csv")
        for key, column in STATE_COLUMNS.items()
        if column != "ev_cast_other" or row[column] != "0"
    }
    rows = table("states_certified.csv")
    assert {(row["state"], row["measure"], row["choice"]): int(row["votes"]) for row in rows} == expected


def test_press_margins_equal_the_table_of_press_figures(shared_data: Path) -> None:
    """The three margins are those noted for 23 November 2016."""
    press = source(shared_data / "us2016_timeseries/state_margin_press_snapshots_2016.csv")
    expected = {
        row["state"]: int(row["margin_trump_minus_clinton"])
        for row in press
        if row["date"] == "2016-11-23" and row["state"] != "US"
    }
    rows = [row for row in table("press_2016-11-23.csv") if row["measure"] == "margin"]
    assert {row["state"]: int(row["votes"]) for row in rows} == expected


def test_2012_equals_the_county_table(shared_data: Path) -> None:
    """Every county of 2012 equals the table it was taken from."""
    counties = source(shared_data / "us2016/counties_2016_2012_demographics_equipment.csv")
    columns = {"Barack Obama": "obama_2012", "Mitt Romney": "romney_2012", "": "total_2012"}
    three = [row for row in counties if row["state"] in {"WI", "MI", "PA"}]
    expected = summed(three, lambda row: f"{row['state']} {plain(row['county'])}", columns)
    rows = table("counties_2012.csv")
    ours = {(f"{row['state']} {row['county']}".casefold(), row["choice"]): int(row["votes"]) for row in rows}
    assert ours == expected


def test_2012_equals_the_wisconsin_ward_report(shared_data: Path) -> None:
    """The state's own ward report confirms all 72 Wisconsin counties of 2012, Waupaca as corrected."""
    wards = source(shared_data / "wi2016/wi_2012_president_wards.csv")
    columns = {"Barack Obama": "obama", "Mitt Romney": "romney", "": "total"}
    ours = figures(row for row in table("counties_2012.csv") if row["state"] == "WI")
    assert ours == summed(wards, lambda row: row["county"], columns)
    assert ours["waupaca", "Mitt Romney"] == 14_002
