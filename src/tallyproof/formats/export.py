"""Tables written as CSV or Excel, with text that a spreadsheet would run as a formula made harmless."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, TextIO, TypeAlias

import polars as pl

from tallyproof.errors import RequestError

Cell: TypeAlias = "str | int | float | None"
Table: TypeAlias = "pl.DataFrame | Iterable[Sequence[object]]"
"""A data frame, or rows of which the first holds the column names."""

MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
LARGEST_EXACT = 2**53 - 1
"""Limits of an Excel sheet; beyond the last a number there is no longer exact."""

_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


def harmless(text: str) -> str:
    """The text, after an apostrophe where a spreadsheet would run it.

    That is where it begins with = + - @ (or their full-width forms), also behind blanks, or with a tab
    or line break: the advice of OWASP on CSV injection. Numbers are not text and stay as they are.

    >>> harmless("=1+1"), harmless("Ward 1-2")
    ("'=1+1", 'Ward 1-2')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def as_given(texts: pl.Expr) -> pl.Expr:
    """Texts without the apostrophe that ``harmless`` put before them."""
    return texts.str.replace(rf"^'({_FORMULA.pattern})", "$1")


def write_csv(table: Table, stream: TextIO) -> int:
    """Write the table as CSV (RFC 4180), and return how many rows follow the header.

    Unknown numbers are empty cells. ``stream`` must be opened with ``newline=""``.
    """
    writer, written = csv.writer(stream, lineterminator="\r\n"), 0
    for row in _rows(table):
        writer.writerow(row)
        written += 1
    return max(0, written - 1)


def write_xlsx(
    table: Table, path: Path | BinaryIO, sheet: str = "Tallyproof", created: datetime | None = None
) -> int:
    """Write the table as an Excel workbook with one sheet, and return how many rows follow the header.

    With ``created`` (else the present time) the same table gives the same bytes. Whole numbers that
    Excel would round become text, and texts longer than a cell holds are cut.
    Raises RequestError where the rows do not fit a sheet.
    """
    return write_workbook({sheet: table}, path, created)


def write_workbook(
    sheets: Mapping[str, Table], path: Path | BinaryIO, created: datetime | None = None
) -> int:
    """Write each table as a sheet of its own, and return how many rows follow the headers in all.

    As ``write_xlsx`` does for one table. Raises RequestError where the rows do not fit a sheet.
    """
    import xlsxwriter

    place = str(path) if isinstance(path, Path) else path
    with xlsxwriter.Workbook(place, {"constant_memory": True}) as book:
        book.set_properties({"created": created} if created else {})
        bold = book.add_format({"bold": True})
        return sum(_write_sheet(book.add_worksheet(name), table, bold) for name, table in sheets.items())


def _write_sheet(page: Any, table: Table, bold: object) -> int:
    written = 0
    page.freeze_panes(1, 0)
    for row in _rows(table):
        if written >= MOST_ROWS:
            raise RequestError(f"An Excel sheet holds {MOST_ROWS:,} rows. Write a .csv file instead.")
        for column, cell in enumerate(row):
            _write_cell(page, written, column, cell, None if written else bold)
        written += 1
    return max(0, written - 1)


def _write_cell(page: Any, row: int, column: int, cell: Cell, style: object) -> None:
    if isinstance(cell, str):
        page.write_string(row, column, _fitting(cell), style)
    elif cell is not None and _is_exact(cell):
        page.write_number(row, column, cell)
    elif cell is not None:
        page.write_string(row, column, harmless(str(cell)))


def _is_exact(number: int | float) -> bool:
    return abs(number) <= LARGEST_EXACT if isinstance(number, int) else math.isfinite(number)


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _rows(table: Table) -> Iterator[list[Cell]]:
    """Header and rows, every text harmless."""
    if isinstance(table, pl.DataFrame):
        yield [harmless(name) for name in table.columns]
        table = table.iter_rows()
    for row in table:
        yield [_cell(value) for value in row]


def _cell(value: object) -> Cell:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    return harmless(str(value))
