"""A mapping is drafted for any table, and reads it rightly as drafted."""

from pathlib import Path

import polars as pl
import pytest

from tallyproof.errors import UnreadableError
from tallyproof.formats import intake, mapping
from tallyproof.formats.importer import Asked
from tallyproof.formats.propose import propose
from tallyproof.formats.tidy import Reading

from .reading import sums, written

TABLES = sorted((Path(__file__).parent / "proposals").glob("*.csv"))
WEC = "wi2016/raw/wec_"
CSV = "us2016/counties_2016_2012_demographics_equipment.csv"


def drafted(path: Path, old: str = "", new: str = "") -> Reading:
    """The file read with the mapping that is proposed for it, one piece of which may be edited."""
    with intake.documents([path]) as (document,):
        text = propose(document)
        assert old in text
        return mapping.read_with(document, mapping.read_mapping(text.replace(old, new)), Asked(state="WI"))


@pytest.mark.parametrize("path", TABLES, ids=[path.stem for path in TABLES])
def test_the_draft_is_the_expected_one(path: Path) -> None:
    """The drafts stand beside the tables, for reading."""
    with intake.documents([path]) as (document,):
        assert propose(document) == path.with_suffix(".toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TABLES, ids=[path.stem for path in TABLES])
def test_the_draft_reads_every_row(path: Path) -> None:
    """Nothing is lost by a draft as it stands."""
    reading = drafted(path)
    assert (reading.read, reading.rejections) == (reading.stored, ())


@pytest.mark.parametrize(
    ("name", "trump", "clinton", "total"),
    [
        ("ward_report_first_posted", 1_404_000, 1_381_823, 2_975_313),
        ("ward_original_canvass_corrected", 1_404_440, 1_381_823, 2_975_753),
        ("ward_recount", 1_405_284, 1_382_536, 2_976_150),
        ("county_recount", 1_405_284, 1_382_536, 2_976_150),
    ],
)
def test_wisconsin_workbooks(name: str, trump: int, clinton: int, total: int, shared_data: Path) -> None:
    """Unedited: votes as published; stated county and office totals are kept above and not added."""
    reading = drafted(shared_data / f"{WEC}{name}.xlsx")
    found = sums(reading, "wi-president")
    assert (found["trump"], found["clinton"], sum(found.values())) == (trump, clinton, total)
    state = reading.frame.filter(pl.col("level") == "state", pl.col("choice_id") == "trump")
    assert state["votes"].to_list() == [trump]
    assert (reading.read, reading.rejections) == (reading.stored, ())


def test_wisconsin_ward_totals_agree_with_their_counties(shared_data: Path) -> None:
    """In each of 72 counties the stated total is the sum of the wards above it."""
    frame = drafted(shared_data / f"{WEC}ward_recount.xlsx").frame.filter(pl.col("choice_id") == "trump")
    wards = frame.filter(pl.col("level") == "unit").group_by("county").agg(pl.col("votes").sum())
    stated = frame.filter(pl.col("level") == "county").select("county", "votes")
    assert sorted(stated.rows()) == sorted(wards.rows())
    assert stated.height == 72


def test_wisconsin_pairs_of_canvass_and_recount(shared_data: Path) -> None:
    """The canvass is proposed; the recount is read by replacing the word that the draft names."""
    path = shared_data / "wi2016/wi_2016_president_wards_canvass_and_recount.csv"
    assert sums(drafted(path), "wi-president")["trump"] == 1_404_440
    assert sums(drafted(path, "_canvass", "_recount"), "wi-president")["trump"] == 1_405_284


def test_michigan_with_its_adjustments(shared_data: Path) -> None:
    """Negative adjustment rows are stored and named."""
    reading = drafted(shared_data / "mi2016/mi_2016_president_precincts.csv")
    found = sums(reading, "mi-president")
    assert (found["trump"], found["clinton"]) == (2_279_543, 2_268_839)
    negative = reading.frame.filter(pl.col("votes") < 0)
    assert set(negative["unit_kind"]) == {"adjustment"}
    assert set(negative["county"]) == {"Huron"}


def test_pennsylvania_with_votes_of_no_precinct(shared_data: Path) -> None:
    """Write-ins given for whole counties are counted and marked as floating."""
    reading = drafted(shared_data / "pa2016/pa_2016_president_precincts.csv")
    found = sums(reading, "pa-president")
    assert (found["trump"], found["clinton"]) == (2_970_378, 2_925_758)
    assert reading.frame.filter(pl.col("unit_kind") == "floating")["row"].n_unique() == 54


@pytest.mark.parametrize(
    ("path", "contest", "expected"),
    [
        (CSV, "wi-president", {"trump": 1_405_284, "clinton": 1_382_536}),
        (CSV, "mi-president", {"trump": 2_279_543, "clinton": 2_268_839}),
        ("us2016/states_2016_certified_ev.csv", "pa-president", {"trump": 2_970_733, "clinton": 2_926_441}),
        ("us2020_timeseries/nyt_2020_counties_20201113.csv", "wi-president", {"biden": 1_630_619}),
    ],
)
def test_tables_that_name_no_contest(
    path: str, contest: str, expected: dict[str, int], shared_data: Path
) -> None:
    """Only the contest's name is edited, which nothing in the file gives."""
    found = sums(drafted(shared_data / path, "Unnamed contest", "President"), contest)
    assert expected.items() <= found.items()


def test_contests_of_several_years_by_party(shared_data: Path) -> None:
    """Rows whose municipality has no code count too: 2012 as certified, the Senate of 2016 as well."""
    reading = drafted(shared_data / "wi2016/wi_ward_contests_2000_2018.csv")
    assert sums(reading, "wi-2012-president") == {"democratic": 1_620_985, "republican": 1_407_966}
    assert sums(reading, "wi-2016-senate") == {"democratic": 1_380_335, "republican": 1_479_471}


@pytest.mark.parametrize("text", ["a,b\nc,d\n", "1,2\n3,4\n", "name,date\nx,2016\n"])
def test_a_table_without_votes_is_refused(text: str, tmp_path: Path) -> None:
    """Nothing is drafted from names, from numbers without names, or from years."""
    with intake.documents([written(tmp_path, text)]) as (document,), pytest.raises(UnreadableError):
        propose(document)
