"""Tables for a spreadsheet: whole, exact, and without a text that it would run as a formula."""

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tallyproof.errors import RequestError
from tallyproof.formats.export import harmless, write_csv, write_xlsx
from tallyproof.services import checking, counting, exporting
from tallyproof.services.access import READER, Actor
from tallyproof.services.importing import import_returns
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

from .county import CLEAN, FAULTY, asked, written

SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TEXTS = st.text() | st.builds("".join, st.tuples(st.sampled_from([*SIGNS, " =", "  @"]), st.text()))
PRINTABLE = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])) | st.sampled_from(
    ["=1+1", "-5 Ward"]
)
NUMBERS = st.none() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e300, 1e300)


def csv_of(table: object) -> str:
    """The table as CSV text."""
    stream = io.StringIO(newline="")
    write_csv(table, stream)  # type: ignore[arg-type]
    return stream.getvalue()


def sheet_of(path: Path) -> list[list[object]]:
    """The cells of a workbook's first sheet."""
    page = load_workbook(path).worksheets[0]
    return [list(row) for row in page.iter_rows(values_only=True)]


@settings(deadline=None)
@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1, max_size=4))
def test_no_text_in_csv_begins_with_a_formula_sign(rows: list[list[str]]) -> None:
    """Every text comes back as it was or behind an apostrophe, and none begins like a formula."""
    back = list(csv.reader(io.StringIO(csv_of(rows), newline="")))
    for given_row, row in zip(rows, back, strict=True):
        for text, cell in zip(given_row, row, strict=True):
            assert cell in {text, f"'{text}"}
            assert not cell.lstrip(" ").startswith(SIGNS)


@settings(deadline=None)
@given(st.text())
def test_harmless_text_stays_harmless(text: str) -> None:
    """Making a text harmless twice changes nothing more."""
    assert harmless(harmless(text)) == harmless(text)


@settings(deadline=None)
@given(st.lists(st.tuples(PRINTABLE, NUMBERS), min_size=1, max_size=4))
def test_no_text_in_excel_begins_with_a_formula_sign(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int | float | None]]
) -> None:
    """Texts are texts, numbers numbers, and no cell is a formula."""
    path = tmp_path_factory.mktemp("x") / "x.xlsx"
    write_xlsx([("text", "number"), *rows], path)
    for (text, number), (cell, written_number) in zip(rows, sheet_of(path)[1:], strict=True):
        assert (cell or "") == harmless(text)
        assert not str(cell or "").lstrip().startswith(SIGNS)
        assert written_number == (pytest.approx(number) if isinstance(number, float) else number)


def test_numbers_stay_numbers() -> None:
    """A negative adjustment is a number and keeps its sign; the text "-2" is made harmless."""
    assert csv_of([("unit", "votes"), ("Statistical Adjustments", -2), ("-2", None)]) == (
        "unit,votes\r\nStatistical Adjustments,-2\r\n'-2,\r\n"
    )


def test_a_data_frame_is_a_table() -> None:
    """Its columns are the header, unknown numbers are empty cells."""
    frame = pl.DataFrame({"unit": ["=cmd", "P-2"], "votes": [None, -1]})
    assert csv_of(frame) == "unit,votes\r\n'=cmd,\r\nP-2,-1\r\n"


def test_what_excel_cannot_hold_is_text(tmp_path: Path) -> None:
    """A whole number beyond 2^53 and an infinity become text, a text that is too long is cut."""
    write_xlsx([("a", "b", "c"), (2**60, float("inf"), "x" * 40_000)], tmp_path / "x.xlsx")
    [number, infinite, text] = sheet_of(tmp_path / "x.xlsx")[1]
    assert (number, infinite, len(str(text))) == (str(2**60), "inf", 32_767)


def test_findings_count_and_changes_are_written(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Each answer is a table with a header and one row per finding, choice or change."""
    old, new = written(tmp_path / "1", FAULTY), written(tmp_path / "2", CLEAN)
    checked = checking.check_files(Request((old,)))
    assert exporting.write(exporting.findings_table(checked), tmp_path / "f.xlsx") == len(checked.findings)
    header, *rows = sheet_of(tmp_path / "f.xlsx")
    first = dict(zip(header, next(row for row in rows if row[2] == "B2"), strict=True))
    assert (first["unit"], first["votes_at_stake"], first["row"]) == ("Demo, P-1", 85, 4)
    import_returns(workspace, clerk, "demo", asked(old))
    counted = counting.count(workspace, READER, "demo")
    assert exporting.write(exporting.count_table(counted), tmp_path / "c.csv") == 2
    assert "wi-president,WI,President,,Ann Adams,DEM,choice,480," in (tmp_path / "c.csv").read_text()
    found = counting.difference_of_files(Request((old,)), Request((new,)))
    exporting.write(exporting.changes_table(found), tmp_path / "d.csv")
    assert '"Demo, P-1",Ann Adams,choice,360,260,-100,4,4' in (tmp_path / "d.csv").read_text()


@pytest.mark.parametrize("name", ["table.txt", "table", "missing/table.csv", "folder.csv"])
def test_where_nothing_can_be_written_is_said_first(tmp_path: Path, name: str) -> None:
    """A wrong ending, a missing folder and a folder of that name are refused before any work."""
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(RequestError, match=name):
        exporting.require_output(tmp_path / name)


def test_the_evidence_is_not_written_over(tmp_path: Path) -> None:
    """The file that is read cannot be the file that is written."""
    path = written(tmp_path)
    with pytest.raises(RequestError, match="is the file that is read"):
        exporting.require_output(tmp_path / "." / path.name, [path])
    exporting.require_output(tmp_path / "new.csv", [path])


def test_a_table_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    """An export that breaks off changes nothing and leaves no pieces."""
    (tmp_path / "x.csv").write_text("before")
    rows = [("a",), object()]
    with pytest.raises(TypeError):
        exporting.write(rows, tmp_path / "x.csv")  # type: ignore[arg-type]
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("x.csv", "before")]
