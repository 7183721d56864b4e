"""Tables of text cells from CSV and Excel files, each row with its spreadsheet row number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import polars as pl

from tallyproof.election.evidence import Rejection
from tallyproof.errors import RequestError, UnreadableError
from tallyproof.formats.intake import LONGEST_LINE, Document

ROW = "_row"
BLOCK = 50_000
SHOWN = 300


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text under the source's own column names, with the spreadsheet row in ``_row``.

    ``rejections`` are rows that are not rows of this table (too few or too many cells).
    ``read`` counts all data rows met, blank lines aside.
    """

    header: tuple[str, ...]
    cells: pl.DataFrame
    rejections: tuple[Rejection, ...]
    read: int


def head(document: Document, rows: int = 40, sheet: str = "") -> list[list[str]]:
    """The first rows of a table document, cell texts trimmed."""
    if document.kind == "xlsx":
        return [[text.strip() for text in row] for row in islice(_sheet_rows(document, sheet), rows)]
    if document.kind != "csv":
        return []
    with _text(document) as stream:
        try:
            return [[cell.strip() for cell in row] for row in islice(_reader(stream, document), rows)]
        except csv.Error:
            return []


def sheets(document: Document) -> list[str]:
    """The sheet names of an Excel document."""
    return list(_workbook(document).sheet_names)


def read(document: Document, *, header_row: int = 1, sheet: str = "", names: Sequence[str] = ()) -> Table:
    """Read the whole table under the header in ``header_row`` (a spreadsheet row, the first being 1).

    ``names`` replaces the header's own cells (for headers that fill several rows).
    Raises UnreadableError where the file is no table or a line is beyond reason.
    """
    if document.facts.longest_line > LONGEST_LINE and document.kind == "csv":
        size = document.facts.longest_line / 2**20
        raise UnreadableError(
            document.name, f"has a line of {size:,.0f} MB", remedy="Check that it is a table with line ends"
        )
    if document.kind == "xlsx":
        return _from_rows(document, _sheet_rows(document, sheet), header_row, names)
    if document.kind != "csv":
        raise UnreadableError(
            document.name, f"is {document.kind.upper()}, not a table", remedy="Give a CSV or Excel file"
        )
    return _fast(document, header_row, names) or _careful(document, header_row, names)


def _fast(document: Document, header_row: int, names: Sequence[str]) -> Table | None:
    """The vectorised way, for plain UTF-8 tables whose rows all have the header's length; else None."""
    facts = document.facts
    if document.encoding not in {"utf-8", "utf-8-sig"} or facts.has_bare_cr or facts.has_nul:
        return None
    first = head(document, header_row)
    header = tuple(names) or _header(first, header_row, document)
    if len(first[header_row - 1]) != len(header) or any("\n" in cell for row in first for cell in row):
        return None
    try:
        cells = pl.read_csv(
            document.path, has_header=False, skip_lines=header_row, separator=delimiter(document),
            schema=dict.fromkeys(header, pl.String), empty_string_is_null=False, missing_columns="insert",
        )  # fmt: skip
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        return None
    return _split_short_rows(document, header, cells, header_row)


def _split_short_rows(
    document: Document, header: tuple[str, ...], cells: pl.DataFrame, header_row: int
) -> Table:
    numbered = cells.with_row_index(ROW, offset=header_row + 1)
    if not header or not numbered.height:
        return Table(header, numbered, (), 0)
    is_short = pl.col(header[-1]).is_null()
    is_blank = pl.all_horizontal(
        pl.col(name).is_null() | (pl.col(name).str.strip_chars() == "") for name in header
    )
    blank = numbered.select(is_blank.sum()).item()
    if not blank and not numbered.select(is_short.any()).item():
        return Table(header, numbered, (), numbered.height)
    short = numbered.filter(is_short & ~is_blank)
    rejections = tuple(
        _ragged(document, int(row[0]), [cell for cell in row[1:] if cell is not None], len(header))
        for row in short.iter_rows()
    )
    kept = numbered.filter(~is_short & ~is_blank)
    return Table(header, kept, rejections, kept.height + len(rejections))


def _careful(document: Document, header_row: int, names: Sequence[str]) -> Table:
    """Row by row, in blocks, for anything unusual: quotes, line ends, ragged rows, other encodings."""
    with _text(document) as stream:
        try:
            return _from_rows(document, _reader(stream, document), header_row, names)
        except UnicodeDecodeError as fault:
            reason = f"is not {document.encoding} text ({fault.reason})"
            raise UnreadableError(document.name, reason, remedy="Name its encoding with --encoding") from None


def _from_rows(document: Document, rows: Iterator[list[str]], header_row: int, names: Sequence[str]) -> Table:
    numbered = enumerate(_guarded(document, rows), start=1)
    first = [row for _, row in islice(numbered, header_row)]
    header = tuple(names) or _header(first, header_row, document)
    blocks, rejections, read = [], [], 0
    while block := list(islice(numbered, BLOCK)):
        kept = []
        for number, row in block:
            if not any(cell.strip() for cell in row):
                continue
            read += 1
            if len(row) == len(header) or (document.kind == "xlsx" and len(row) < len(header)):
                kept.append([number, *row, *[""] * (len(header) - len(row))])
            else:
                rejections.append(_ragged(document, number, row, len(header)))
        blocks.append(_frame(header, kept))
    cells = pl.concat(blocks) if blocks else _frame(header, [])
    return Table(header, cells, tuple(rejections), read)


def _guarded(document: Document, rows: Iterator[list[str]]) -> Iterator[list[str]]:
    number = 0
    try:
        for number, row in enumerate(rows, start=1):
            yield row
    except csv.Error as fault:
        raise UnreadableError(document.name, f"cannot be read as a table ({fault})", row=number + 1,
                              remedy="Look at this row's quotation marks") from None  # fmt: skip


def _frame(header: tuple[str, ...], rows: list[list[object]]) -> pl.DataFrame:
    schema = {ROW: pl.UInt32, **dict.fromkeys(header, pl.String)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _ragged(document: Document, number: int, row: Sequence[str], expected: int) -> Rejection:
    word = "cell" if len(row) == 1 else "cells"
    reason = f"has {len(row)} {word} where the header has {expected}"
    return Rejection(document.name, number, reason, ",".join(row)[:SHOWN])


def _header(rows: list[list[str]], header_row: int, document: Document) -> tuple[str, ...]:
    if len(rows) < header_row or not any(cell.strip() for cell in rows[header_row - 1]):
        raise UnreadableError(
            document.name, "has no column names", row=header_row, remedy="Check the header row"
        )
    return unique_names(rows[header_row - 1])


def unique_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Column names as given, with a number added to repeats and empty ones.

    >>> unique_names(["a", "", "a"])
    ('a', 'column 2', 'a (2)')
    """
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"column {place}"
        count = 2
        unique = name
        while unique in names:
            unique, count = f"{name} ({count})", count + 1
        names.append(unique)
    return tuple(names)


def delimiter(document: Document) -> str:
    """The sign between cells: the one of , ; tab | that is most frequent in the first line."""
    text = document.facts.head.decode(document.encoding.removesuffix("-sig"), errors="replace")
    line = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t|", key=lambda sign: (line.count(sign), sign == ","))


def _reader(stream: io.TextIOBase, document: Document) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_LINE)
    return csv.reader(stream, delimiter=delimiter(document))


def _text(document: Document) -> io.TextIOWrapper:
    if document.facts.longest_line > LONGEST_LINE:
        return io.TextIOWrapper(io.BytesIO(b""), encoding="utf-8")
    return document.path.open(
        encoding=document.encoding, newline="" if not document.facts.has_bare_cr else None
    )


def _workbook(document: Document):  # type: ignore[no-untyped-def]
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_path(str(document.path))
    except (CalamineError, OSError, ValueError) as fault:
        reason = f"cannot be read as an Excel workbook ({fault})"
        raise UnreadableError(
            document.name, reason, remedy="Open it and save it again, or export CSV"
        ) from None


def _sheet_rows(document: Document, sheet: str) -> Iterator[list[str]]:
    book = _workbook(document)
    names = book.sheet_names
    if sheet and sheet not in names:
        raise RequestError(f"{document.name} has no sheet '{sheet}'. It has: {', '.join(names)}.")
    for row in book.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False):
        yield [_cell_text(cell) for cell in row]


def _cell_text(cell: object) -> str:
    """A cell as a person would type it: 377.0 is 377."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)
