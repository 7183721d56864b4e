"""Lists of districts read, and a worksheet printed for each."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pypdf
import pytest

from tallyproof.documents.petition import District
from tallyproof.errors import RequestError
from tallyproof.recount.options import RecountOptions
from tallyproof.services import papers
from tallyproof.services.papers import Answered

VOTES = {"Donald Trump": 2_970_733, "Hillary Clinton": 2_926_441, "Jill Stein": 49_941}
HEADER = "County Name,Precinct,trump,clinton,stein\n"


def pennsylvania() -> Answered:
    """President 2016, while the time to ask is open."""
    return papers.ask(
        RecountOptions(
            state="PA",
            date=dt.date(2016, 11, 8),
            office="president",
            votes=VOTES,
            on=dt.datetime(2016, 11, 19, 12),  # noqa: DTZ001
        )
    )


def listed(tmp_path: Path, text: str) -> Path:
    """A list of districts in a file."""
    file = tmp_path / "districts.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_districts_with_votes(tmp_path: Path) -> None:
    """Columns are found by name in any case, votes by a part of the choice's name."""
    file = listed(tmp_path, HEADER + 'Adams,10,274,119,3\nAdams,"20, upper",1,x,\n')
    found = papers.read_districts(file, VOTES)
    assert found.found == (
        District("10", "Adams", {"Donald Trump": 274, "Hillary Clinton": 119, "Jill Stein": 3}),
        District("20, upper", "Adams", {"Donald Trump": 1}),
    )
    assert found.left_out == ()


def test_rows_that_are_no_district_are_told(tmp_path: Path) -> None:
    """A row for the whole county, an empty name, a second row: left out with row and reason."""
    file = listed(
        tmp_path, HEADER + "Adams,10,1,2,3\nAdams,[Jurisdiction-wide],1,1,1\nAdams,,,,\nAdams,10,1,2,3\n"
    )
    found = papers.read_districts(file)
    assert [each.name for each in found.found] == ["10"]
    assert found.left_out == (
        (3, "names no district"), (4, "names no district"), (5, "names 10, Adams a second time"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("county,trump\nAdams,3\n", "no column names districts"),
        (HEADER, "names no district"),
        ("", "no column"),
    ],
)
def test_lists_without_districts_are_refused(tmp_path: Path, text: str, why: str) -> None:
    """With the names that a column may have."""
    with pytest.raises(RequestError, match=why):
        papers.read_districts(listed(tmp_path, text))


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00precinct", None])
def test_files_that_are_no_list_are_refused(tmp_path: Path, raw: bytes | None) -> None:
    """Bytes that are no text, and a file that is not there."""
    file = tmp_path / "districts.csv"
    if raw is not None:
        file.write_bytes(raw)
    with pytest.raises(RequestError, match=r"districts\.csv"):
        papers.read_districts(file)


def test_a_file_for_each_county(tmp_path: Path) -> None:
    """Two counties whose names shorten to the same word and one without a name: three files, all sheets."""
    districts = [
        District("1", "St. Mary"), District("2", "St Mary"), District("3", "../../etc"), District("4"),
        District("5", "St. Mary"),
    ]  # fmt: skip
    written = papers.worksheets(pennsylvania(), districts, tmp_path / "out")
    assert [path.name for path in written] == ["st-mary.pdf", "st-mary-other-2.pdf", "etc.pdf", "pa.pdf"]
    assert [len(pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages) for path in written] == [2, 1, 1, 1]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in written)


def test_many_sheets_go_to_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of at most so many; a county whose name looks like such a file keeps a file of its own."""
    monkeypatch.setattr(papers, "BUNDLE", 2)
    districts = [District(str(n), "Adams") for n in range(5)] + [District("x", "Adams 01")]
    written = papers.worksheets(pennsylvania(), districts, tmp_path / "out")
    names = ["adams-01.pdf", "adams-02.pdf", "adams-03.pdf", "adams-01-other-2.pdf"]
    assert [path.name for path in written] == names
    assert sum(len(pypdf.PdfReader(path).pages) for path in written) == 6


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    """Worksheets are written where nothing of others could be lost."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(RequestError, match=r"other files, such as mine\.txt"):
        papers.worksheets(pennsylvania(), [District("1", "Adams")], tmp_path)


def test_pennsylvanias_districts(shared_data: Path) -> None:
    """9,176 districts of the state's list in 67 counties; 54 rows are for a whole county."""
    found = papers.read_districts(shared_data / "pa2016" / "pa_2016_president_precincts.csv", VOTES)
    assert len(found.found) == 9_176
    assert len({each.county for each in found.found}) == 67
    assert len(found.left_out) == 54
    assert sum(each.votes["Donald Trump"] for each in found.found) == 2_970_378
