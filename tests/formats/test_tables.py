"""Tables of text cells: every way of writing them is read alike, and no row is lost."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.formats import intake, tables
from tallyproof.formats.layout import Layout
from tallyproof.formats.raw import raw_row
from tallyproof.formats.tables import ROW, Table

from .bad_files import put, workbook, zipped

PLAIN = "unit,name,votes\nWard 1,Ann Adams,12\nWard 2,Bob Baker,7\n"
ROWS = [(2, "Ward 1", "Ann Adams", "12"), (3, "Ward 2", "Bob Baker", "7")]


def table(path: Path, encoding: str = "") -> Table:
    with intake.documents([path], encoding) as (document,):
        return tables.read(document)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (PLAIN.encode(), ""),
        (PLAIN.replace("\n", "\r\n").encode(), ""),
        (PLAIN.replace("\n", "\r").encode(), ""),
        (PLAIN.replace(",", ";").encode(), ""),
        (PLAIN.replace(",", "\t").encode(), ""),
        (PLAIN.replace(",", "|").encode(), ""),
        (PLAIN.replace(",", ",\0").encode(), ""),
        (PLAIN.encode("utf-8-sig"), ""),
        (PLAIN.encode("utf-16"), ""),
        (PLAIN.encode("utf-16-le"), ""),
        (PLAIN.encode("utf-16-be"), ""),
        (PLAIN.encode("cp1252"), "cp1252"),
        (PLAIN.encode() + b"\x1a", ""),
        (PLAIN.strip().encode(), ""),
    ],
)
def test_every_way_of_writing_gives_the_same_rows(content: bytes, encoding: str, tmp_path: Path) -> None:
    """Line ends, signs between cells, byte order marks and encodings make no difference."""
    assert table(put(tmp_path, "a.csv", content), encoding).cells.rows() == ROWS


def test_a_workbook_gives_the_same_rows(tmp_path: Path) -> None:
    """Numbers of a spreadsheet are written as a person would: 12, not 12.0."""
    rows: list[list[str | int]] = [
        ["unit", "name", "votes"],
        ["Ward 1", "Ann Adams", 12],
        ["Ward 2", "Bob Baker", 7],
    ]
    xml = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    for name in ("a.xlsx", "a.xls", "a.csv"):
        assert table(put(tmp_path, name, workbook(xml))).cells.rows() == ROWS


def _cell(value: str | int) -> str:
    return f"<c><v>{value}</v></c>" if isinstance(value, int) else f'<c t="str"><v>{value}</v></c>'


def test_blank_lines_are_no_rows_but_keep_their_numbers(tmp_path: Path) -> None:
    """The row number is the one that a spreadsheet shows."""
    read = table(put(tmp_path, "a.csv", "a,b\n1,2\n\n,\n3,4\n"))
    assert read.cells[ROW].to_list() == [2, 5]
    assert read.read == 2


def test_ragged_rows_are_rejected_with_their_length(tmp_path: Path) -> None:
    """Too few and too many cells are told; blanks beyond the header are nothing."""
    read = table(put(tmp_path, "a.csv", "a,b\n1\n1,2,3\n1,2,\n1,2\n"))
    told = [(each.row, each.reason) for each in read.rejections]
    assert told == [(2, "has 1 cell where the header has 2"), (3, "has 3 cells where the header has 2")]
    assert (read.read, read.cells.height) == (4, 2)


def test_a_quotation_mark_that_swallows_rows_is_told(tmp_path: Path) -> None:
    """Where a mark is opened and closed only in a later row, the rejection says over how many lines."""
    (rejection,) = table(put(tmp_path, "a.csv", 'a,b\n"1,2\n3,4\n5",6,7\n8,9\n')).rejections
    assert rejection.row == 2
    assert rejection.reason.endswith("and a quotation mark that runs over 3 lines")


def test_repeated_and_empty_names_are_told_apart(tmp_path: Path) -> None:
    """A second column of one name gets a number; the remark names it."""
    read = table(put(tmp_path, "a.csv", "a,,a,a\n1,2,3,4\n"))
    assert read.header == ("a", "column 2", "a (2)", "a (3)")
    assert read.repeated == ("a",)


def test_names_stay_unique_however_they_are_chosen() -> None:
    """A name that looks like the second of another is no trap."""
    assert tables.unique_names(["a", "a (2)", "a"]) == ("a", "a (2)", "a (3)")


def test_a_semicolon_in_names_is_no_sign_between_cells(tmp_path: Path) -> None:
    """Michigan writes "ALCONA TOWNSHIP; 1"."""
    text = "unit,votes\n" + "".join(f"TOWN; {n},{n}\n" for n in range(1, 40))
    assert table(put(tmp_path, "a.csv", text)).header == ("unit", "votes")


def test_a_title_above_the_header_does_not_decide_the_sign(tmp_path: Path) -> None:
    """The sign between cells is the one that cuts most lines evenly."""
    text = "Results, official\n\nunit;votes\n" + "".join(f"Ward {n};{n}\n" for n in range(1, 9))
    with intake.documents([put(tmp_path, "a.csv", text)]) as (document,):
        assert tables.read(document, header_row=3).cells["votes"].to_list() == [str(n) for n in range(1, 9)]


def test_reading_matter_in_a_zip_is_left_aside_and_named(tmp_path: Path) -> None:
    """A code book beside the returns does not keep them from being read."""
    content = zipped({"returns.csv": PLAIN, "codebook.pdf": "%PDF", "__MACOSX/._returns.csv": "x"})
    with intake.documents([put(tmp_path, "a.zip", content)]) as (document,):
        assert document.name == "a.zip/returns.csv"
        assert document.left_aside == ("codebook.pdf", "__MACOSX/._returns.csv")


cell = st.sampled_from(
    ["x", "12", "", "a b", " ", "é", '"a"', '"a,b"', '"x;y"', '""', '"a""b"', 'a"b', '"a\nb"']
)
line = st.lists(cell, min_size=2, max_size=2).map(",".join) | st.sampled_from(["", "x", "a,b,c", '"a', ","])
body = st.tuples(st.lists(line, max_size=6), st.sampled_from(["\n", "\r\n"])).map(
    lambda pair: pair[1].join(pair[0])
)


@settings(
    max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=body, ends=st.booleans())
def test_the_quick_way_reads_what_the_careful_way_reads(text: str, ends: bool, tmp_path: Path) -> None:
    """Where the vectorised reader takes a table, it gives the same rows under the same numbers."""
    path = put(tmp_path, "a.csv", f"h,i\n{text}" + "\n" * ends)
    with intake.documents([path]) as (document,):
        quick = tables._fast(document, 1, ("h", "i"), 2)
        if quick is not None:
            careful = tables._careful(document, 1, ("h", "i"), "")
            assert quick[0].rows() == careful[0].rows()
            assert quick[1:] == careful[1:] == ([], careful[0].height)


def test_the_quick_way_is_taken_for_plain_tables(tmp_path: Path) -> None:
    """Otherwise the law above would prove nothing."""
    with intake.documents([put(tmp_path, "a.csv", PLAIN + '"Ward 3, east",Ann Adams,1\n')]) as (document,):
        quick = tables._fast(document, 1, ("unit", "name", "votes"), 3)
    assert quick is not None
    assert isinstance(quick[0], pl.DataFrame)
    assert quick[0].height == 3


def test_single_rows_are_found_again_by_their_number(tmp_path: Path) -> None:
    """As a spreadsheet numbers them; a row beyond the end is none."""
    path = put(tmp_path, "a.csv", 'unit,votes\n"Ward\n1",12\n\nWard 3,7\n')
    with intake.documents([path]) as (document,):
        assert raw_row(document, 2) == (("unit", "votes"), ("Ward\n1", "12"))
        assert raw_row(document, 4) == (("unit", "votes"), ("Ward 3", "7"))
        assert raw_row(document, 5) == raw_row(document, 0) == ((), ())


def test_a_single_row_stands_under_all_of_its_header(tmp_path: Path) -> None:
    """Under the names that the import used: a name above, a way of voting below."""
    path = put(tmp_path, "a.csv", ",Ann Adams,,Total\nWard,Early,Late,\n1,5,2,7\n")
    merged = Layout(header_rows=(1, 2), fill_right=True)
    with intake.documents([path]) as (document,):
        assert raw_row(document, 3, merged) == (
            ("Ward", "Ann Adams / Early", "Ann Adams / Late", "Total"), ("1", "5", "2", "7"),
        )  # fmt: skip
