"""The figures of the example case: what they sum to, what they cover, and how they are cited."""

import csv
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

FOLDER = files("tallyproof.examples") / "upper_midwest_2016"
TABLES = (
    "counties_2012.csv", "michigan_certified.csv", "pennsylvania_certified.csv", "press_2016-11-23.csv",
    "states_certified.csv", "wisconsin_canvass.csv", "wisconsin_el190.csv", "wisconsin_first_posted.csv",
    "wisconsin_recount.csv",
)  # fmt: skip
COLUMNS = [
    "state", "county", "unit", "office", "district", "vote_for", "choice", "party", "measure", "mode",
    "votes", "source", "date",
]  # fmt: skip
MEASURES = {
    "choice", "write_in", "other", "overvotes", "undervotes", "total_votes", "ballots_cast", "registered",
    "voters", "electors", "electors_cast", "margin",
}  # fmt: skip
PARTIES = {"", "DEM", "REP", "LIB", "GRN", "CON", "UST", "NLP", "IND"}
VOTES = {"choice", "write_in", "other"}
WISCONSIN = {
    "wisconsin_first_posted.csv": (1_404_000, 1_381_823, 2_975_313, 22_177),
    "wisconsin_canvass.csv": (1_404_440, 1_381_823, 2_975_753, 22_617),
    "wisconsin_recount.csv": (1_405_284, 1_382_536, 2_976_150, 22_748),
}

Row = dict[str, str]


@cache
def table(name: str) -> tuple[Row, ...]:
    return tuple(csv.DictReader((FOLDER / name).read_text(encoding="utf-8").splitlines()))


def total(rows: Iterable[Row], measure: str, choice: str = "") -> int:
    return sum(int(row["votes"]) for row in rows if (row["measure"], row["choice"]) == (measure, choice))


def margin(rows: Iterable[Row]) -> int:
    return total(rows, "choice", "Donald Trump") - total(rows, "choice", "Hillary Clinton")


def figures(rows: Iterable[Row]) -> dict[tuple[str, str], int]:
    return {(row["county"], row["choice"]): int(row["votes"]) for row in rows}


# ---- every file


@pytest.mark.parametrize("name", TABLES)
def test_file_is_plain_utf8_with_the_agreed_header(name: str) -> None:
    """Each table is UTF-8 without a byte order mark, has Unix line ends and exactly the agreed columns."""
    content = (FOLDER / name).read_bytes()
    assert b"\r" not in content
    assert content.endswith(b"\n")
    assert content.decode("utf-8").splitlines()[0].split(",") == COLUMNS


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_source_and_date(name: str) -> None:
    """Each figure is cited and dated, and no citation is a path on somebody's disk."""
    for row in table(name):
        assert row["source"].strip()
        assert not row["source"].startswith(("/", "file:", "."))
        assert date(2012, 11, 6) < date.fromisoformat(row["date"]) <= date(2017, 10, 5)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_uses_the_agreed_words(name: str) -> None:
    """Measures, parties, modes and numbers are those that README.md explains."""
    for row in table(name):
        assert row["measure"] in MEASURES
        assert row["party"] in PARTIES
        assert (row["office"], row["vote_for"], row["mode"]) == ("President", "1", "total")
        assert (row["unit"], row["district"]) == ("", "")
        assert row["votes"].isdigit()


@pytest.mark.parametrize("name", TABLES)
def test_no_figure_is_given_twice(name: str) -> None:
    """State, county, measure and choice name a row."""
    keys = Counter((row["state"], row["county"], row["measure"], row["choice"]) for row in table(name))
    assert max(keys.values()) == 1


@pytest.mark.parametrize("name", TABLES)
def test_counties_are_named_plainly(name: str) -> None:
    """No county is in capitals or carries the word County."""
    for county in {row["county"] for row in table(name)} - {""}:
        assert not county.isupper()
        assert "county" not in county.casefold()


def test_a_person_has_one_name_in_all_files() -> None:
    """One family name, one spelling."""
    people = {row["choice"] for name in TABLES for row in table(name) if row["measure"] == "choice"}
    by_family = defaultdict(set)
    for person in people:
        by_family[person.split()[-1]].add(person)
    assert {family: names for family, names in by_family.items() if len(names) > 1} == {}


def test_the_case_is_small() -> None:
    """All files together stay under 700 kB."""
    assert sum(len(entry.read_bytes()) for entry in FOLDER.iterdir()) < 700_000


# ---- Wisconsin


@pytest.mark.parametrize("name", WISCONSIN)
def test_wisconsin_sums(name: str) -> None:
    """Each version sums over its 72 counties to the published state figures."""
    rows = table(name)
    trump, clinton, votes, lead = WISCONSIN[name]
    assert len({row["county"] for row in rows}) == 72
    assert total(rows, "choice", "Donald Trump") == trump
    assert total(rows, "choice", "Hillary Clinton") == clinton
    assert total(rows, "total_votes") == votes
    assert margin(rows) == lead


@pytest.mark.parametrize("name", WISCONSIN)
def test_wisconsin_choices_add_up_to_the_stated_totals(name: str) -> None:
    """In every county the sixteen persons and scattering add up to the stated total."""
    votes, stated = Counter[str](), {}
    for row in table(name):
        if row["measure"] in VOTES:
            votes[row["county"]] += int(row["votes"])
        else:
            stated[row["county"]] = int(row["votes"])
    assert votes == stated


def test_first_posted_differs_from_the_canvass_in_one_figure_of_oneida() -> None:
    """Trump 11,677 becomes 12,117, with Oneida's total; nothing else changes."""
    first, canvass = (
        figures(table(name)) for name in ("wisconsin_first_posted.csv", "wisconsin_canvass.csv")
    )
    changed = {key: (first[key], canvass[key]) for key in first if first[key] != canvass[key]}
    assert changed == {("Oneida", "Donald Trump"): (11_677, 12_117), ("Oneida", ""): (21_033, 21_473)}


# ---- Michigan, Pennsylvania


def test_michigan_sums() -> None:
    """83 counties sum to the certified figures."""
    rows = table("michigan_certified.csv")
    assert len({row["county"] for row in rows}) == 83
    assert total(rows, "choice", "Donald Trump") == 2_279_543
    assert total(rows, "choice", "Hillary Clinton") == 2_268_839
    assert margin(rows) == 10_704


def test_pennsylvania_sums() -> None:
    """67 counties sum to the certified figures."""
    rows = table("pennsylvania_certified.csv")
    by_choice = Counter[str]()
    for row in rows:
        by_choice[row["choice"]] += int(row["votes"])
    assert len({row["county"] for row in rows}) == 67
    assert by_choice == {
        "Donald Trump": 2_970_733, "Hillary Clinton": 2_926_441, "Gary Johnson": 146_715,
        "Jill Stein": 49_941, "Darrell Castle": 21_572,
    }  # fmt: skip
    assert margin(rows) == 44_292


def test_the_three_margins_together() -> None:
    """The three states were decided by 77,744 votes."""
    names = ("wisconsin_recount.csv", "michigan_certified.csv", "pennsylvania_certified.csv")
    assert sum(margin(table(name)) for name in names) == 77_744


# ---- the states


def test_states_cover_the_nation() -> None:
    """51 states, none with a county."""
    rows = table("states_certified.csv")
    assert len({row["state"] for row in rows}) == 51
    assert {row["county"] for row in rows} == {""}


def test_electors() -> None:
    """306 and 232 electors pledged, 538 together; 304, 227 and 7 votes cast."""
    rows = table("states_certified.csv")
    pledged = [total(rows, "electors", choice) for choice in ("Donald Trump", "Hillary Clinton")]
    cast = [
        total(rows, "electors_cast", choice)
        for choice in ("Donald Trump", "Hillary Clinton", "Other persons")
    ]
    assert pledged == [306, 232]
    assert cast == [304, 227, 7]
    assert sum(pledged) == sum(cast) == 538


def test_electors_who_voted_for_other_persons() -> None:
    """One elector in Hawaii, two in Texas and four in Washington voted for somebody else."""
    other = {
        row["state"]: row["votes"]
        for row in table("states_certified.csv")
        if row["choice"] == "Other persons"
    }
    assert other == {"HI": "1", "TX": "2", "WA": "4"}


def test_votes_of_each_state_add_up_to_its_total() -> None:
    """Three candidates and the other candidates together make the stated total in every state."""
    votes, stated = Counter[str](), {}
    for row in table("states_certified.csv"):
        if row["measure"] in VOTES:
            votes[row["state"]] += int(row["votes"])
        elif row["measure"] == "total_votes":
            stated[row["state"]] = int(row["votes"])
    assert votes == stated
    assert len(stated) == 51


# ---- the press of 23 November 2016


def test_press_margins() -> None:
    """Trump's leads as the articles had them."""
    rows = [row for row in table("press_2016-11-23.csv") if row["measure"] == "margin"]
    leads = {(row["state"], row["choice"]): int(row["votes"]) for row in rows}
    assert leads == {
        ("MI", "Donald Trump"): 10_704,
        ("WI", "Donald Trump"): 22_525,
        ("PA", "Donald Trump"): 70_010,
    }


def test_el190_sums() -> None:
    """72 counties reported 2,998,823 ballots and 2,998,433 voters."""
    rows = table("wisconsin_el190.csv")
    assert len({row["county"] for row in rows}) == 72
    assert (total(rows, "ballots_cast"), total(rows, "voters")) == (2_998_823, 2_998_433)


def test_sauk_reports_more_votes_than_ballots() -> None:
    """Sauk County: 34,323 votes against 31,838 ballots, 2,485 too many."""
    sauk = [row for row in table("press_2016-11-23.csv") if row["county"] == "Sauk"]
    votes, ballots = total(sauk, "total_votes"), total(sauk, "ballots_cast")
    assert (votes, ballots) == (34_323, 31_838)
    assert votes - ballots == 2_485


# ---- 2012


@pytest.mark.parametrize(
    ("state", "obama", "romney", "counties"),
    [("WI", 1_620_985, 1_407_966, 72), ("MI", 2_564_569, 2_115_256, 83), ("PA", 2_990_274, 2_680_434, 67)],
)
def test_sums_of_2012(state: str, obama: int, romney: int, counties: int) -> None:
    """The counties of 2012 sum to the certified figures of that year."""
    rows = [row for row in table("counties_2012.csv") if row["state"] == state]
    assert total(rows, "choice", "Barack Obama") == obama
    assert total(rows, "choice", "Mitt Romney") == romney
    assert len({row["county"] for row in rows}) == counties


def test_counties_of_2012_and_2016_meet() -> None:
    """A swing can be computed in every county: the names are the same in both elections."""
    names = ("wisconsin_canvass.csv", "michigan_certified.csv", "pennsylvania_certified.csv")
    of_2016 = {(row["state"], row["county"]) for name in names for row in table(name)}
    assert {(row["state"], row["county"]) for row in table("counties_2012.csv")} == of_2016


# ---- case.toml


def imports() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = tomllib.loads((FOLDER / "case.toml").read_text(encoding="utf-8"))[
        "imports"
    ]
    return listed


def test_case_lists_every_table_once() -> None:
    """No table is forgotten and none imported twice."""
    listed = [name for entry in imports() for name in entry["files"]]
    packaged = [entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".csv")]
    assert sorted(listed) == sorted(packaged) == sorted(TABLES)


def test_imports_stand_in_the_order_of_time() -> None:
    """Each import has a time with a zone, none earlier than the one before."""
    times = [entry["as_of"] for entry in imports()]
    assert all(isinstance(time, datetime) and time.tzinfo for time in times)
    assert times == sorted(times)


def test_rows_are_dated_as_their_import() -> None:
    """The date in a file's rows is the local day of the import that case.toml names."""
    for entry in imports():
        for name in entry["files"]:
            assert {row["date"] for row in table(name)} == {entry["as_of"].date().isoformat()}, name


def test_imports_say_which_election_they_are_of() -> None:
    """Only the counties of 2012 belong to another election."""
    earlier = [entry["files"] for entry in imports() if entry["election_date"] != date(2016, 11, 8)]
    assert earlier == [["counties_2012.csv"]]


def test_wisconsin_is_not_certified_before_the_recount() -> None:
    """Three versions of one source; only the last is the state's certificate."""
    wisconsin = [entry for entry in imports() if entry["source"] == "Wisconsin Elections Commission"]
    assert [entry["status"] for entry in wisconsin] == ["unofficial-complete", "canvassed", "recount"]
