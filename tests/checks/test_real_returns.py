"""What the checks of identities, levels and comparison find in the returns of 2016 and 2020."""

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from tallyproof.checks.catalogue import catalogue
from tallyproof.checks.check import Missing
from tallyproof.checks.material import Material
from tallyproof.checks.pairs import beside_previous, two_party
from tallyproof.checks.robust import among_units
from tallyproof.election.canvass import Snapshot, Status
from tallyproof.election.evidence import Finding, Severity

from .county import findings, material_of, read
from .wide import in_snapshot, one_source, sources, wide, wisconsin

MINE = ("B1", "B2", "B3", "B4", "B7", "B13", "C1", "C2", "C3", "C7", "E1", "E2", "E3", "E4", "E5")
EL190 = "wec_el190_2016_general_2017-10-05.csv"


@cache
def wards_and_el190(data: Path) -> Material:
    """MEDSL's wards of Wisconsin 2016 and the clerks' reports of ballots."""
    return material_of(data / "medsl2016" / "wi.zip", data / "wi2016" / "raw" / EL190)


@cache
def michigan(data: Path) -> Material:
    """MEDSL's precincts of Michigan 2016."""
    return material_of(data / "medsl2016" / "mi.zip")


def by_unit(found: list[Finding]) -> dict[str, Finding]:
    """Findings by the name of their unit."""
    return {each.unit: each for each in found}


# ---- identities


@pytest.mark.parametrize(("version", "units"), [("canvass", 152), ("recount", 106)])
def test_votes_exceed_the_ballots_of_el190(shared_data: Path, version: str, units: int) -> None:
    """Joined on ru_id: 152 units before and 106 after the recount, largest Ward 190, all warnings."""
    el190 = read(shared_data / "wi2016" / "wi_2016_el190_ballots_by_ward.csv")[0].frame
    found = findings("B2", sources(wisconsin(shared_data, version), el190))
    assert Counter(each.severity for each in found) == {Severity.WARNING: units}
    largest = max(found, key=lambda each: each.votes_at_stake or 0)
    assert (largest.unit, largest.numbers["votes"], largest.numbers["ballots"]) == (
        "Milwaukee, CITY OF MILWAUKEE Ward 190", 1369, 620
    )  # fmt: skip


def test_el190_has_more_ballots_than_registered_voters_in_65_wards(shared_data: Path) -> None:
    """Most by a registration that cannot be right: Rib Mountain, 4,423 ballots and 16 voters."""
    found = findings("B4", wards_and_el190(shared_data))
    largest = max(found, key=lambda each: each.votes_at_stake or 0)
    assert len(found) == 65
    assert (largest.numbers["ballots"], largest.numbers["registered"], largest.source.row) == (4423, 16, 1584)


def test_michigans_negative_adjustments_are_information(shared_data: Path) -> None:
    """18 rows below zero, all of them Statistical Adjustments."""
    found = findings("B13", michigan(shared_data))
    assert Counter(each.severity for each in found) == {Severity.INFO: 18}
    assert all("Statistical Adjustments" in each.unit for each in found)
    huron = by_unit([each for each in found if each.contest == "mi-president" and each.topic == "clinton"])
    assert huron["Huron, Statistical Adjustments"].source.row == 72909


# ---- levels


def test_pennsylvanias_precincts_meet_66_of_67_counties(shared_data: Path) -> None:
    """Only Allegheny differs: short by 355 for one candidate and 683 for the other."""
    columns = [("trump", "Donald Trump", "REP"), ("clinton", "Hillary Clinton", "DEM")]
    places = {"county": "county_name", "unit": "precinct"}
    precincts = wide(shared_data / "pa2016" / "pa_2016_president_precincts.csv", columns, places, state="PA")
    county_file = shared_data / "formats" / "openelections" / "20161108__pa__general_county.csv"
    found = findings("C1", sources(precincts, read(county_file)[0].frame))
    assert {(each.unit, each.topic.split()[0], each.numbers["gap"]) for each in found} == {
        ("Allegheny", "trump", 355), ("Allegheny", "clinton", 683)
    }  # fmt: skip
    assert {each.severity for each in found} == {Severity.WARNING}


def test_the_ward_behind_wisconsins_440_votes_is_named(shared_data: Path) -> None:
    """One choice of one county is off, and Hazelhurst's 44 for 484 alone explains it."""
    canvass = wisconsin(shared_data, "canvass")
    by_county = canvass.group_by("county", "contest", "choice_id", "measure", maintain_order=True).agg(
        pl.col("votes").sum(), *(pl.col(name).first() for name in canvass.columns if name not in
                                 {"county", "contest", "choice_id", "measure", "votes", "unit", "level"}),
    )  # fmt: skip
    level = pl.lit("county").cast(canvass.schema["level"])
    counties = by_county.with_columns(unit=pl.lit("").cast(pl.Categorical), level=level).select(
        canvass.columns
    )
    first = read(shared_data / "medsl2016" / "wi.zip")[0].frame
    (found,) = findings("C1", sources(first, counties))
    assert (found.unit, found.numbers["gap"]) == ("Oneida", 440)
    assert found.numbers["explained_by"] == "Oneida, TOWN OF HAZELHURST Wards 1-2"
    assert "No other number of this contest is off there." in found.message


def test_wards_renamed_between_2012_and_2016_are_not_missed(shared_data: Path) -> None:
    """Of 3,541 wards of 2012 one is missed, the rest stand under new names told once per county."""
    columns = [("obama", "Barack Obama", "DEM"), ("romney", "Mitt Romney", "REP")]
    places = {"county": "county", "unit": "reporting_unit"}
    before = wide(shared_data / "wi2016" / "wi_2012_president_wards.csv", columns, places, state="WI")
    found = findings("C3", one_source(wisconsin(shared_data, "canvass"), previous=before))
    assert Counter(each.severity for each in found) == {Severity.WARNING: 1, Severity.INFO: 56}
    assert [each.unit for each in found if each.severity is Severity.WARNING] == [
        "Door, TOWN OF EGG HARBOR WARD 2"
    ]


def test_wisconsins_recount_is_told_with_its_change_of_the_margin(shared_data: Path) -> None:
    """131 votes of margin after a canvass taken as certified: for information, since it is the lawful way."""
    before, later = wisconsin(shared_data, "canvass"), wisconsin(shared_data, "recount")
    old, new = (
        Snapshot("a", "WEC", Status.CERTIFIED, sequence=1),
        Snapshot("b", "WEC", Status.RECOUNT, sequence=2),
    )
    given = Material(in_snapshot(later, "b"), {"b": new}, ((old, in_snapshot(before, "a")),))
    (found,) = findings("C7", given)
    assert (found.severity, found.votes_at_stake, found.margin) == (Severity.INFO, 131, 22_748)
    assert "Donald Trump +844, Hillary Clinton +713" in found.message
    amended = replace(given, snapshots={"b": replace(new, status=Status.CERTIFIED)})
    assert [each.severity for each in findings("C7", amended)] == [Severity.WARNING]


# ---- comparisons


def test_roll_off_finds_hazelhurst_ward_34_and_oakland(shared_data: Path) -> None:
    """19 of 3,297 units stand out; the three first by |z| and their votes at stake in both orders."""
    found = findings("E2", wards_and_el190(shared_data))
    assert (len(found), found[0].numbers["units"]) == (19, 3297)
    by_z = sorted(found, key=lambda each: each.numbers["rank"] or 0)
    assert [(each.unit.split(", ")[1], round(float(each.numbers["z"] or 0), 1)) for each in by_z[:3]] == [
        ("TOWN OF HAZELHURST Wards 1-2", -46.4), ("CITY OF MILWAUKEE Ward 34", -19.5),
        ("TOWN OF OAKLAND Ward 1-4", 18.2),
    ]  # fmt: skip
    assert [(each.votes_at_stake, each.numbers["rank_by_votes"]) for each in by_z[:3]] == [
        (432, 1),
        (228, 3),
        (385, 2),
    ]


def test_ticket_splitting_finds_hazelhurst_and_ward_34(shared_data: Path) -> None:
    """z -11.8 and -6.8 between President and Senate; nothing else passes 5."""
    found = findings("E5", wards_and_el190(shared_data))
    assert sorted((round(float(each.numbers["z"] or 0), 1), each.unit.split(", ")[1]) for each in found) == [
        (-11.8, "TOWN OF HAZELHURST Wards 1-2"), (-6.8, "CITY OF MILWAUKEE Ward 34")
    ]  # fmt: skip


def michigan_2020(data: Path, antrim: tuple[int, int] | None) -> Material:
    """Michigan's 83 counties of 2020 beside 2016; ``antrim`` replaces Antrim's votes of the two parties."""
    places = {"state": "state", "county": "county"}
    path_2016 = data / "us2016" / "counties_2016_2012_demographics_equipment.csv"
    path_2020 = data / "us2020_timeseries" / "nyt_2020_counties_20201113.csv"
    before = wide(
        path_2016, [("clinton_2016", "Hillary Clinton", "DEM"), ("trump_2016", "Donald Trump", "REP")], places
    )
    now = wide(path_2020, [("biden", "Joe Biden", "DEM"), ("trump", "Donald Trump", "REP")], places)
    here = now.filter(pl.col("state") == "MI")
    if antrim:
        is_antrim, votes = pl.col("county") == "Antrim", dict(zip(("DEM", "REP"), antrim, strict=True))
        given = pl.col("party").cast(pl.String).replace_strict(votes, return_dtype=pl.Int64)
        here = here.with_columns(votes=pl.when(is_antrim).then(given).otherwise("votes"))
    return one_source(here, previous=before)


@pytest.mark.parametrize(
    ("report", "antrim", "z"),
    [("first", (7_769, 4_509), 20.1), ("second", None, 5.1), ("certified", (5_960, 9_748), 1.7)],
)
def test_antrim_2020_stands_out_until_it_is_right(
    shared_data: Path, report: str, antrim: tuple[int, int] | None, z: float
) -> None:
    """Among 83 counties: z 20 in the first report, 5.1 in the second, 1.7 as certified, which is silent."""
    given = michigan_2020(shared_data, antrim)
    found = findings("E4", given)
    if report == "certified":
        assert found == []
    else:
        assert [(each.unit, each.numbers["units"], each.numbers["rank"]) for each in found] == [
            ("Antrim", 83, 1)
        ]
    assert given.before is not None
    pairs = beside_previous(two_party(given), two_party(given.before), ["R", "D"])
    swing = (pl.col("R") - pl.col("D")) / (pl.col("R") + pl.col("D")) - (
        (pl.col("R_before") - pl.col("D_before")) / (pl.col("R_before") + pl.col("D_before"))
    )
    scored = among_units(pairs.with_columns(x=swing), "x", None, ["snapshot"])
    assert scored.filter(pl.col("county") == "Antrim")["z"].abs().round(1).to_list() == [z]


# ---- all of them


@pytest.mark.parametrize("file", ["mi", "wi", "antrim", "pa", "wards-2016-04"])
def test_ids_are_unique_and_every_message_names_its_place(shared_data: Path, file: str) -> None:
    """Within one report no two findings have one id, and each says where it is and cites its source."""
    folder = shared_data / "formats" / "openelections"
    files = {
        "antrim": "20201103__mi__general__antrim__precinct.csv",
        "pa": "20161108__pa__general_county.csv",
        "wards-2016-04": "20160405__wi__general__ward.csv",
    }
    known = {"mi": michigan, "wi": wards_and_el190}
    given = known[file](shared_data) if file in known else material_of(folder / files[file])
    outcomes = [catalogue()[each].answer(given) for each in MINE]
    found = [finding for outcome in outcomes if not isinstance(outcome, Missing) for finding in outcome]
    assert max(Counter(each.id for each in found).values(), default=1) == 1
    assert all(each.message.startswith(each.unit) and each.source.file and each.benign for each in found)
    assert not [each for each in found if each.severity is Severity.ERROR]
