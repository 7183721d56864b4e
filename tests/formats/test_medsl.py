"""MEDSL: both layouts; what keeps contests and rows apart is kept."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tallyproof.election.canvass import Status
from tallyproof.formats.tidy import Reading

from .reading import claims, read, sums, written

SAMPLES = Path(__file__).parents[1] / "samples/medsl"
HEADER = (
    "precinct,office,candidate,party_simplified,mode,votes,county_name,state_po,stage,special,magnitude,date"
)


def one(folder: Path, *rows: str) -> Reading:
    """These rows of the later layout, read."""
    return read(written(folder, "\n".join([HEADER, *rows])))


@pytest.mark.parametrize("lacking", ["precinct", "office", "candidate", "mode", "votes", "state_po"])
def test_a_column_less_is_not_recognised(lacking: str, tmp_path: Path) -> None:
    """With all columns it says yes, without one of the needed it says no."""
    columns = HEADER.split(",")
    assert claims(written(tmp_path, f"{HEADER}\n{'x,' * 11}x\n")) == ["medsl"]
    columns.remove(lacking)
    assert "medsl" not in claims(written(tmp_path, f"{','.join(columns)}\n{'x,' * 10}x\n"))


def test_total_beside_modes_is_kept_and_not_added(tmp_path: Path) -> None:
    """Where a candidate has both, the total counts; where another has modes only, they are added."""
    reading = one(
        tmp_path,
        "1,US SENATE,ANN ADAMS,DEMOCRAT,TOTAL,30,FERN,ZZ,GEN,FALSE,1,2020-11-03",
        "1,US SENATE,ANN ADAMS,DEMOCRAT,EARLY,30,FERN,ZZ,GEN,FALSE,1,2020-11-03",
        "1,US SENATE,BOB BAKER,REPUBLICAN,EARLY,5,FERN,ZZ,GEN,FALSE,1,2020-11-03",
        "1,US SENATE,BOB BAKER,REPUBLICAN,ABSENTEE,6,FERN,ZZ,GEN,FALSE,1,2020-11-03",
    )
    assert reading.stored == 4
    assert sums(reading, "zz-us-senate") == {"adams": 30, "baker": 11}


def test_special_and_regular_elections_for_one_office_are_two_contests(tmp_path: Path) -> None:
    """Georgia and Minnesota chose two senators on one day."""
    row = "1,US SENATE,ANN ADAMS,DEMOCRAT,TOTAL,30,FERN,ZZ,GEN,{},1,2020-11-03"
    frame = one(tmp_path, row.format("FALSE"), row.format("True")).frame
    assert sorted(frame["contest"]) == ["zz-us-senate", "zz-us-senate-special"]
    assert set(frame["vote_for"]) == {1}


def test_a_runoff_beside_the_election_is_a_contest_of_its_own(tmp_path: Path) -> None:
    """A file of one stage alone keeps the plain name."""
    row = "1,US SENATE,ANN ADAMS,DEMOCRAT,TOTAL,30,FERN,ZZ,{},FALSE,1,2020-11-03"
    both = one(tmp_path, row.format("GEN"), row.format("RUNOFF"))
    assert sorted(both.frame["contest"]) == ["zz-us-senate", "zz-us-senate-runoff"]
    assert set(one(tmp_path, row.format("RUNOFF")).frame["contest"]) == {"zz-us-senate"}


def test_a_file_of_recounted_returns_says_so(tmp_path: Path) -> None:
    """Its stage is RECOUNT on every row."""
    row = "1,GOVERNOR,ANN ADAMS,DEMOCRAT,TOTAL,30,FERN,ZZ,{},FALSE,1,2020-11-03"
    assert one(tmp_path, row.format("RECOUNT")).status is Status.RECOUNT
    assert one(tmp_path, row.format("GEN")).status is Status.UNKNOWN


def test_magnitude_nought_is_no_number_of_seats(tmp_path: Path) -> None:
    """Statistics rows carry it."""
    row = "1,{},{},,TOTAL,30,FERN,ZZ,GEN,FALSE,{},2020-11-03"
    frame = one(
        tmp_path, row.format("CITY COUNCIL", "ANN ADAMS", 0), row.format("PARK BOARD", "BOB BAKER", 3)
    ).frame
    assert frame["vote_for"].to_list() == [None, 3]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-11-03", date(2020, 11, 3)),
        ("11/3/2020", date(2020, 11, 3)),
        ("2020-13-45", None),
        ("soon", None),
    ],
)
def test_the_election_day(text: str, day: date | None, tmp_path: Path) -> None:
    """American and ISO dates are read, others are not guessed at."""
    row = f"1,GOVERNOR,ANN ADAMS,DEMOCRAT,TOTAL,30,FERN,ZZ,GEN,FALSE,1,{text}"
    assert one(tmp_path, row).election == day


@pytest.mark.parametrize(("year", "day"), [(2016, 8), (2018, 6), (2020, 3), (2022, 8), (2024, 5), (2026, 3)])
def test_the_day_of_a_general_election_by_its_year(year: int, day: int, tmp_path: Path) -> None:
    """The Tuesday after the first Monday in November, in the layout that has no date."""
    text = (SAMPLES / "2016-zz-precinct.csv").read_text(encoding="utf-8").replace("\n2016,", f"\n{year},")
    assert read(written(tmp_path, text)).election == date(year, 11, day)


def test_michigan_adjustments_are_shown_and_not_rejected(shared_data: Path) -> None:
    """18 negative rows, all of them statistical adjustments."""
    reading = read(shared_data / "medsl2016/mi.zip")
    negative = reading.frame.filter(pl.col("votes") < 0)
    assert (negative.height, set(negative["unit_kind"])) == (18, {"adjustment"})
    assert (reading.read, reading.rejections) == (reading.stored, ())


def test_candidates_written_in_keep_their_mark(tmp_path: Path) -> None:
    """At the name, as other sources have it; their key stays, and a count of all write-ins needs no mark."""
    header = HEADER + ",writein"
    row = "1,GOVERNOR,{},,TOTAL,30,FERN,ZZ,GEN,FALSE,1,2020-11-03,{}"
    people = [("ANN ADAMS", "FALSE"), ("BOB BAKER", "True"), ("WRITEIN", "TRUE")]
    rows = [row.format(*person) for person in people]
    reading = read(written(tmp_path, "\n".join([header, *rows])))
    assert reading.frame.select("choice", "choice_id", "measure").rows() == [
        ("ANN ADAMS", "adams", "choice"),
        ("BOB BAKER (write-in)", "baker", "choice"),
        ("WRITEIN", "write-in", "write_in"),
    ]
