"""OpenElections: any order of columns, modes and totals; nothing is mistaken for something else."""

from pathlib import Path

import polars as pl
import pytest

from tallyproof.formats import words
from tallyproof.formats.tidy import Reading

from .reading import cells, claims, read, sums, written

SAMPLES = Path(__file__).parents[1] / "samples/openelections"
HEADER = "county,precinct,office,district,party,candidate,votes"


def one(folder: Path, rows: str, header: str = HEADER) -> Reading:
    """These rows under a header, read."""
    return read(written(folder, f"{header}\n{rows}"))


@pytest.mark.parametrize(
    "header",
    [
        "county,precinct,office,district,party,candidate,votes",
        "county,precinct,office,district,candidate,party,votes,election_day,provisional,absentee",
        "county,office,district,party,candidate,votes,av_counting_boards,military,federal,emergency",
        "county,ward,office,district,total votes,party,candidate,votes",
        "ward,total.votes,county,office,candidates,votes,winner",
        "county,office,district,party,last,first,middle,suffix,votes",
        "parish,precinct,office,district,candidate,early_voting,election_day",
        "town,precinct,office,candidate,votes,mail_in_/_absentee",
        "COUNTY,PRECINCT,OFFICE,DISTRICT,PARTY,CANDIDATE,VOTES",
    ],
)
def test_a_layout_is_recognised(header: str, tmp_path: Path) -> None:
    """The order is free, and only OpenElections says yes."""
    assert claims(written(tmp_path, f"{header}\n{',' * header.count(',')}\n")) == ["openelections"]


@pytest.mark.parametrize(
    "header",
    [
        "county,precinct,office,party,candidate",
        "office,candidate,votes",
        "county,precinct,candidate,votes",
        "county,office,candidate,mode,votes",
        "county,office,choice,measure,votes",
    ],
)
def test_one_column_less_or_more_is_not(header: str, tmp_path: Path) -> None:
    """Without votes, a place or an office, or with a column of another format, it says no."""
    assert "openelections" not in claims(written(tmp_path, f"{header}\n{',' * header.count(',')}\n"))


@pytest.mark.parametrize(
    "name",
    [
        "Paul Glover", "Julian Castro", "Lee Overby", "Don Blankenship", "Total Recall", "Scott Underwood",
        "Mark Void", "Reject Smith", "Will Others", "Allen Otherson", "Sue Scatterday", "No", "Yes",
    ],
)  # fmt: skip
def test_a_person_is_no_pseudo_candidate(name: str) -> None:
    """Names that contain the words of pseudo-candidates are names."""
    assert words.choice_measure(name) is None
    assert words.unit_measure(name) is None
    assert not words.is_percentage(name)


@pytest.mark.parametrize(
    ("spellings", "measure"),
    [
        (
            "Write-ins|Write-in|WRITE IN|Write-In Totals|Unassigned write-ins|Rejected write-ins|SCATTER",
            "write_in",
        ),
        ("Unresolved write-in votes|Not Assigned|Scattering|scattered|Write0ins|Write-in (Misc)", "write_in"),
        ("Over Votes|Overvotes|OVER VOTE COUNT|over_votes|Times Over Voted|Total Over Votes", "overvotes"),
        ("Under Votes|Undervotes|Under Vote Count|Blank|Blank Votes|Void|Times Blank Voted", "undervotes"),
        ("Total Votes Cast|Cast Votes|Total|Totals|TOTAL VOTES|Total Votes Cast for Mayor", "total_votes"),
        ("Registered Voters|Registered Voters - Total|REGISTERED VOTERS", "registered"),
        ("Ballots Cast|BALLOTS CAST - TOTAL|Total Ballots Cast", "ballots_cast"),
        ("Ballots Cast Blank|Ballots Cast - Blank", "ballots_blank"),
        ("All Others|Others|Other", "other"),
    ],
)
def test_spellings_of_pseudo_candidates(spellings: str, measure: str) -> None:
    """The spellings met in the archive."""
    assert {words.choice_measure(each) for each in spellings.split("|")} == {measure}


@pytest.mark.parametrize("text", ["Turnout Pct", "Voter Turnout", "Percent of Votes", "% turnout"])
def test_shares_are_rejected(text: str, tmp_path: Path) -> None:
    """A percentage in the votes column is no count."""
    (rejection,) = one(tmp_path, f"Fern,1,{text},,,,72\nFern,1,Mayor,,,Ann Adams,3\n").rejections
    assert rejection.reason == "is a share, not a count"


def test_a_question_about_percent_is_a_question(tmp_path: Path) -> None:
    """A levy of 2.5% is voted on."""
    reading = one(tmp_path, "Fern,1,Issue 1 - Additional 2.5% levy,,,For,3\n")
    assert (reading.stored, reading.rejections) == (1, ())


def test_parts_of_an_early_vote_are_not_added_to_it() -> None:
    """ev_local and ev_county are marked, early_voting is not."""
    frame = read(SAMPLES / "modes.csv").frame
    marked = frame.filter(pl.col("note") == "overlapping")
    assert set(marked["mode_raw"]) == {"ev_local", "ev_county"}


def test_unknown_columns_of_numbers_are_ways_of_voting_and_codes_are_not() -> None:
    """drive_thru is read as another way of voting, precinct_code is not."""
    frame = read(SAMPLES / "modes.csv").frame
    assert set(frame.filter(pl.col("mode") == "other")["mode_raw"]) == {"drive_thru"}


def test_columns_that_overlap_by_chance_are_left_alone(tmp_path: Path) -> None:
    """Where the stated votes need every column, no column is a part of another."""
    header = f"{HEADER},election_day,mail,provisional"
    rows = "".join(f"Fern,{n},Mayor,,,Ann Adams,{2 * n},{n},{n - 1},1\n" for n in range(2, 12))
    assert "overlapping" not in set(one(tmp_path, rows, header).frame["note"])


def test_write_ins_that_a_total_contains_are_marked() -> None:
    """Write-in totals count; "Not Assigned" and named write-ins below them do not count again."""
    frame = read(SAMPLES / "totals_and_pseudo.csv").frame.filter(pl.col("note") == "overlapping")
    assert set(frame["choice"]) == {"Not Assigned", "Write-in: Zoe Zimmer"}


def test_a_total_of_a_contest_is_stated_once_per_unit() -> None:
    """Wisconsin repeats it on each candidate's row."""
    stated = read(SAMPLES / "wisconsin_ward.csv").frame.filter(pl.col("measure") == "total_votes")
    assert stated["votes"].to_list() == [57, 433]


def test_a_column_of_registration_belongs_to_the_unit() -> None:
    """It is no way of voting, and stands once per precinct."""
    frame = read(SAMPLES / "modes.csv").frame.filter(pl.col("measure") == "registered")
    assert frame.select("contest", "unit", "votes").rows() == [("", "1", 300), ("", "2", 250), ("", "3", 100)]


def test_straight_party_votes_are_not_added_to_candidates(tmp_path: Path) -> None:
    """The device is a contest of its own, by party."""
    rows = "Fern,1,Straight Party,,REP,,70\nFern,1,Mayor,,REP,Bob Baker,90\n"
    reading = one(tmp_path, rows)
    assert cells(reading, "measure", "choice", "votes")[0] == ("straight_party", "REP", 70)
    assert sums(reading, "mayor") == {"baker": 90}


def test_registration_of_one_party_is_not_that_of_the_unit(tmp_path: Path) -> None:
    """It is rejected with the reason, not stored as if it were all voters."""
    (rejection,) = one(
        tmp_path, "Fern,1,Registered Voters,,,Democratic,70\nFern,1,Mayor,,,A B,1\n"
    ).rejections
    assert rejection.reason == "gives Registered Voters of 'Democratic' only"


def test_repeats_count_once_and_halves_of_a_split_ward_both(tmp_path: Path) -> None:
    """A repeat is the same in every number of the contest; one number apart, and both stay."""
    notes = read(SAMPLES / "town_and_ward.csv").frame.filter(pl.col("mode") == "total")
    assert notes.filter(pl.col("note") == "repeated")["row"].to_list() == [6]


def test_two_party_lines_of_one_candidate_are_no_repeat(tmp_path: Path) -> None:
    """New York adds up a candidate's lines, also where they are equal."""
    reading = one(tmp_path, "Fern,1,Mayor,,DEM,Ann Adams,3\nFern,1,Mayor,,WOR,Ann Adams,3\n")
    assert sums(reading, "mayor") == {"adams": 6}


def test_cells_keep_a_note_of_what_was_there() -> None:
    """Comma, blank, suppressed and decimal cells; unknown numbers stay unknown."""
    reading = read(SAMPLES / "mac_excel.csv")
    assert cells(reading, "row", "votes", "note") == [
        (2, 1210, "comma"),
        (3, 980, ""),
        (4, None, "blank"),
        (6, None, "suppressed"),
        (7, 12, "decimal"),
        (10, -3, ""),
    ]
    assert [each.row for each in reading.rejections] == [5, 8, 9]


def test_remarks_on_encoding_header_and_rows() -> None:
    """Byte order mark, bare carriage returns, another name for a column, ragged rows."""
    texts = [each.text for each in read(SAMPLES / "mac_excel.csv").remarks]
    assert texts == [
        "begins with a byte order mark (as Excel writes it)",
        "ends lines with bare carriage returns",
        "1 row has more or fewer cells than the header",
    ]
    assert [each.text for each in read(SAMPLES / "total_dots.csv").remarks] == [
        "'candidates' read as candidate"
    ]


def test_columns_that_are_not_read_are_named(tmp_path: Path) -> None:
    """A second column of one name and a column of words are told."""
    header = f"{HEADER},votes,remarks"
    texts = [each.text for each in one(tmp_path, "Fern,1,Mayor,,,Ann Adams,3,4,hand count\n", header).remarks]
    assert texts == ["the column name 'votes' stands more than once", "column 'remarks' is not read"]


@pytest.mark.parametrize(
    ("row", "header"),
    [
        ("Fern,1,Mayor,,,Ann Adams,3,TRUE", f"{HEADER},IsTest"),
        ("Fern,1,Mayor,,,Ann Adams,3,2", f"{HEADER},test"),
        ("Fern,Test Precinct 1,Mayor,,,Ann Adams,3", HEADER),
        ("Fern,L&A Test,Mayor,,,Ann Adams,3", HEADER),
    ],
)
def test_test_data_are_told(row: str, header: str, tmp_path: Path) -> None:
    """A flag, a mode or a unit may announce them."""
    topics = [each.topic for each in one(tmp_path, row, header).remarks]
    assert "test data" in topics


def test_ordinary_names_announce_no_test(tmp_path: Path) -> None:
    """Testa, Greatest and Contest are words."""
    assert one(tmp_path, "Fern,Testa Hall,Contest of the Greatest,,,Ann Testerman,3\n").remarks == ()
