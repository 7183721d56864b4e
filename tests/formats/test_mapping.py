"""A mapping file reads a table of any layout; what is wrong in it is told with its line."""

from pathlib import Path

import pytest

from tallyproof.election.canvass import Status
from tallyproof.errors import RequestError
from tallyproof.formats import intake, mapping
from tallyproof.formats.importer import Asked
from tallyproof.formats.tidy import Reading

from .reading import cells, sums, written

_BLOCKS = (Path(__file__).parent / "mapping_faults.txt").read_text(encoding="utf-8").split("== ")[1:]
FAULTS = [block.partition("\n") for block in _BLOCKS]
TABLE = "County,Precinct,Ballots\nAdams,Ward 1,12\n"


def read(path: Path, toml: str) -> Reading:
    with intake.documents([path]) as (document,):
        return mapping.read_with(document, mapping.read_mapping(toml), Asked())


@pytest.mark.parametrize("block", [rest for _, _, rest in FAULTS], ids=[name for name, _, _ in FAULTS])
def test_a_fault_is_told_with_its_line(block: str, tmp_path: Path) -> None:
    """What is said of each wrong mapping stands in mapping_faults.txt."""
    toml, _, said = block.partition("-- ")
    file = written(tmp_path, toml, "m.toml")
    with intake.documents([written(tmp_path, TABLE)]) as (document,), pytest.raises(RequestError) as told:
        mapping.read_with(document, mapping.read_mapping(file), Asked())
    assert str(told.value) == said.strip()


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_mapping_file_that_cannot_be_opened(name: str, tmp_path: Path) -> None:
    """The path is named."""
    with pytest.raises(RequestError, match="cannot be opened"):
        mapping.read_mapping(tmp_path / name)


def test_a_table_given_as_the_mapping_is_refused(tmp_path: Path) -> None:
    """Mixing up the two files is an easy slip."""
    with pytest.raises(RequestError, match="too large for a mapping. Give the mapping file, not the table"):
        mapping.read_mapping(written(tmp_path, "x" * (2 << 20)))


LONG = """
[columns]
county = "County"
unit = ["Town", "Ward"]
unit_id = "Id"
office = "Contest"
choice = "Name"
party = "Party"
votes = "Votes"
mode = "How"
[[counts]]
column = "On the rolls"
measure = "registered"
"""
LONG_TABLE = """County,Town,Ward,Id,Contest,Name,Party,How,Votes,On the rolls
Adams,Rome,Ward 1,7,President,Ann Adams,D,Absentee,3,90
Adams,Rome,Ward 1,7,President,Ann Adams,D,Election Day,12,90
Adams,Rome,Ward 1,7,President,Bob Baker,R,Absentee,4,90
"""


def test_a_long_table(tmp_path: Path) -> None:
    """Columns are joined; a count repeated on each row is taken once."""
    reading = read(written(tmp_path, LONG_TABLE), LONG)
    assert cells(reading, "county", "unit", "unit_id", "choice_id", "party", "measure", "mode", "votes") == [
        ("Adams", "Rome Ward 1", "7", "adams", "DEM", "choice", "absentee", 3),
        ("Adams", "Rome Ward 1", "7", "adams", "DEM", "choice", "election-day", 12),
        ("Adams", "Rome Ward 1", "7", "baker", "REP", "choice", "absentee", 4),
        ("Adams", "Rome Ward 1", "7", "registered", "", "registered", "total", 90),
    ]


def test_a_long_table_with_mode_columns(tmp_path: Path) -> None:
    """Each column of [modes] holds one way of voting."""
    toml = '[columns]\nunit = "Ward"\nchoice = "Name"\nvotes = "All"\n[constants]\noffice = "Mayor"\n'
    toml += '[modes]\n"Early" = "early"\nPost = "absentee-mail"\n'
    reading = read(written(tmp_path, "Ward,Name,Early,Post,All\n1,Ann Adams,2,3,5\n2,Ann Adams,1,,1\n"), toml)
    assert cells(reading, "unit", "mode", "votes", "column") == [
        ("1", "total", 5, "All"),
        ("2", "total", 1, "All"),
        ("1", "early", 2, "Early"),
        ("2", "early", 1, "Early"),
        ("1", "absentee-mail", 3, "Post"),
    ]


WIDE = """
[columns]
county = "County"
unit = "Ward"
[constants]
state = "WI"
office = "President"
[[choices]]
column = "A"
name = "Ann Adams"
party = "D"
[[choices]]
column = "Scattering"
[[counts]]
column = "Total"
measure = "total_votes"
[[counts]]
column = "Ballots"
measure = "ballots_cast"
"""


def test_a_wide_table(tmp_path: Path) -> None:
    """One row per place gives one number per column; counts of the unit belong to no contest."""
    reading = read(written(tmp_path, "County,Ward,A,Scattering,Total,Ballots\nAdams,1,5,1,6,7\n"), WIDE)
    assert cells(reading, "contest", "choice", "measure", "votes", "row", "column") == [
        ("wi-president", "Ann Adams", "choice", 5, 2, "A"),
        ("wi-president", "Scattering", "write_in", 1, 2, "Scattering"),
        ("wi-president", "Total votes", "total_votes", 6, 2, "Total"),
        ("", "", "ballots_cast", 7, 2, "Ballots"),
    ]


def test_a_blank_cell_stays_unknown(tmp_path: Path) -> None:
    """A ward without a number has an unknown number, not zero."""
    reading = read(written(tmp_path, "County,Ward,A,Scattering,Total,Ballots\nAdams,1,,,,\n"), WIDE)
    assert {votes for (votes,) in cells(reading, "votes")} == {None}
    assert (reading.read, reading.stored) == (1, 1)


def test_total_rows_keep_their_level_and_are_not_added(tmp_path: Path) -> None:
    """After filling down the county, its total row is the county's, and the office's is the state's."""
    table = (
        "County,Ward,A,Scattering,Total,Ballots\nADAMS,1,5,0,5,5\n,2,2,1,3,3\n,County Totals:,7,1,8,8\n"
        "BROWN,1,1,0,1,1\n,County Totals:,1,0,1,1\nOffice Totals:,,8,1,9,9\n"
    )
    reading = read(written(tmp_path, table), '[table]\nfill_down = "County"\n' + WIDE)
    assert cells(reading, "county", "unit", "level", "votes")[:6] == [
        ("Adams", "1", "unit", 5), ("Adams", "2", "unit", 2), ("Adams", "", "county", 7),
        ("Brown", "1", "unit", 1), ("Brown", "", "county", 1), ("", "", "state", 8),
    ]  # fmt: skip
    assert sums(reading, "wi-president") == {"adams": 8, "write-in": 1}


def test_a_header_over_two_rows(tmp_path: Path) -> None:
    """Parts of a name stand one below the other; a column may be named by one part alone."""
    table = 'Results,,,\n,,Total,REP\n,,Votes,"Ann Adams\nBob Baker"\nAdams,1,6,5\n'
    toml = (
        '[table]\nheader_row = [2, 3]\n[columns]\ncounty = "column 1"\nunit = "column 2"\n'
        '[constants]\noffice = "President"\n[[choices]]\ncolumn = "Ann Adams Bob Baker"\nparty = "REP"\n'
        '[[counts]]\ncolumn = "Total / Votes"\nmeasure = "total_votes"\n'
    )
    reading = read(written(tmp_path, table), toml)
    assert cells(reading, "row", "county", "measure", "party", "votes") == [
        (4, "Adams", "choice", "REP", 5),
        (4, "Adams", "total_votes", "", 6),
    ]


def test_names_over_ways_of_voting(tmp_path: Path) -> None:
    """A merged cell above several columns is read as standing above each of them."""
    table = ",Ann Adams,,Bob Baker,\nWard,Early,Late,Early,Late\n1,5,2,1,0\n"
    toml = '[table]\nheader_row = [1, 2]\nfill_right = true\n[columns]\nunit = "Ward"\n'
    toml += '[constants]\noffice = "Mayor"\n'
    for name in ("Ann Adams", "Bob Baker"):
        for column, mode in (("Early", "early"), ("Late", "absentee")):
            toml += f'[[choices]]\ncolumn = "{name} / {column}"\nname = "{name}"\nmode = "{mode}"\n'
    assert sums(read(written(tmp_path, table), toml), "mayor") == {"adams": 7, "baker": 1}


def test_rows_that_are_left_out_are_rejected_with_the_reason(tmp_path: Path) -> None:
    """Read is stored plus rejected, whatever the conditions and headings."""
    table = "County,Ward,A,Scattering,Total,Ballots\nAdams,1,5,0,5,5\n"
    table += "Brown,1,1,0,1,1\nUnofficial,,,,,\nAdams,,1,1,1,1\n"
    toml = (
        WIDE + '[[where]]\ncolumn = "County"\nis_not = "Brown"\n[[where]]\ncolumn = "Ward"\nfilled = true\n'
    )
    toml += 'reason = "is a county\'s row"\n'
    reading = read(written(tmp_path, table), toml)
    assert [(each.row, each.reason) for each in reading.rejections] == [
        (3, "is left out by the mapping: County is 'Brown'"),
        (4, "is a heading or a note: it holds no numbers"),
        (5, "is a county's row"),
    ]
    assert reading.read == reading.stored + len(reading.rejections)


def test_rows_of_one_place_can_be_parts_of_it(tmp_path: Path) -> None:
    """Equal rows are repeats, unless the mapping says that they are parts."""
    table = "County,Ward,A,Scattering,Total,Ballots\nAdams,1,5,0,5,5\nAdams,1,5,0,5,5\n"
    assert sums(read(written(tmp_path, table), WIDE), "wi-president")["adams"] == 5
    in_parts = read(written(tmp_path, table), "[table]\nparts = true\n" + WIDE)
    assert sums(in_parts, "wi-president")["adams"] == 10


def test_what_the_mapping_says_of_the_source(tmp_path: Path) -> None:
    """Election day, status and time come with the reading."""
    toml = WIDE + '[source]\nelection = 2016-11-08\nstatus = "recount"\nas_of = 2016-12-12T15:00:00-06:00\n'
    reading = read(written(tmp_path, "County,Ward,A,Scattering,Total,Ballots\nAdams,1,5,0,5,5\n"), toml)
    assert (str(reading.election), reading.status) == ("2016-11-08", Status.RECOUNT)
    assert str(reading.as_of) == "2016-12-12 15:00:00-06:00"


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(shared_data: Path) -> None:
    """The message lists the sheets."""
    toml = '[table]\nsheet = "Wards"\n' + WIDE
    with pytest.raises(RequestError, match="no sheet 'Wards'. It has: Ward by Ward Report"):
        read(shared_data / "wi2016/raw/wec_ward_recount.xlsx", toml)
