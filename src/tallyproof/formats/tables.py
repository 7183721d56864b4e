"""Tables of text cells from CSV and Excel files, each row with its spreadsheet row number."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice

import polars as pl

from tallyproof.election.evidence import Rejection
from tallyproof.errors import UnreadableError
from tallyproof.formats import workbook
from tallyproof.formats.intake import Document
from tallyproof.formats.kinds import TABLES
from tallyproof.formats.survey import HEAD, LONGEST_LINE, PIECE

ROW = "_row"
BLOCK = 50_000
SHOWN = 300
MOST_COLUMNS = 16_384
"""As many columns as a spreadsheet has."""

_END = "\x1c\x1dend of file\x1d\x1c"
_NOTHING = " \t\r\n\v\f\x1a\xa0\ufeff"


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text under the source's own column names, with the spreadsheet row in ``_row``.

    ``rejections`` are rows that are not rows of this table (too few or too many cells).
    ``read`` counts all data rows met, blank lines aside. ``repeated`` are column names that stand
    twice, ``unread`` the sheets of a workbook beside the first where none is named.
    """

    header: tuple[str, ...]
    cells: pl.DataFrame
    rejections: tuple[Rejection, ...]
    read: int
    repeated: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def head(document: Document, rows: int = 40, sheet: str = "") -> list[list[str]]:
    """The first rows of a table document, cell texts trimmed; nothing for what is no table."""
    if document.kind not in TABLES:
        return []
    with _rows(document, sheet, rows) as found:
        return [[cell.strip() for cell in row] for row in islice(found, rows)]


def sheets(document: Document) -> list[str]:
    """The sheet names of an Excel document; none for a CSV file."""
    return workbook.sheets(document) if document.kind == "xlsx" else []


def read(document: Document, *, header_row: int = 1, sheet: str = "", names: Sequence[str] = ()) -> Table:
    """Read the whole table under the header in ``header_row`` (a spreadsheet row, the first being 1).

    ``names`` replaces the header's own cells (for headers that fill several rows).
    Raises UnreadableError where the file is no table.
    """
    if document.kind not in TABLES:
        remedy = "Give a CSV or Excel file"
        raise UnreadableError(document.name, f"is {document.kind.upper()}, not a table", remedy=remedy)
    first = _header_cells(document, header_row, sheet)
    header = tuple(names) or unique_names(first)
    repeated = [] if names else [cell for cell, times in Counter(first).items() if cell and times > 1]
    cells, rejections, count = _fast(document, header_row, header, len(first)) or _careful(
        document, header_row, header, sheet
    )
    if not count:
        reason = "has column names and no rows below them"
        raise UnreadableError(document.name, reason, row=header_row, remedy="Download it again")
    unread = tuple(sheets(document)[1:]) if not sheet else ()
    return Table(header, cells, tuple(rejections), count, tuple(repeated), unread)


def _header_cells(document: Document, header_row: int, sheet: str) -> list[str]:
    rows = head(document, header_row, sheet)
    if len(rows) < header_row or not any(rows[header_row - 1]):
        raise UnreadableError(
            document.name, "has no column names", row=header_row, remedy="Check the header row"
        )
    cells = rows[header_row - 1]
    if len(cells) > MOST_COLUMNS:
        reason = f"has {len(cells):,} columns, more than any spreadsheet"
        raise UnreadableError(document.name, reason, row=header_row, remedy="Check that it is a table")
    return cells


# ---- the vectorised way, for plain tables

_Parts = tuple[pl.DataFrame, list[Rejection], int]


def _fast(document: Document, header_row: int, header: tuple[str, ...], width: int) -> _Parts | None:
    """Plain UTF-8 tables whose rows all have the header's length; None where only care helps."""
    facts = document.facts
    is_plain = document.kind == "csv" and document.encoding in {"utf-8", "utf-8-sig"}
    if not is_plain or facts.has_bare_cr or facts.has_nul or facts.quotes % 2 or len(header) != width:
        return None
    if width < 2 or any("\n" in cell for row in head(document, header_row) for cell in row):
        return None
    sign = delimiter(document)
    try:
        cells = pl.read_csv(
            document.path, has_header=False, skip_lines=header_row, separator=sign,
            schema=dict.fromkeys(header, pl.String), empty_string_is_null=False,
        )  # fmt: skip
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        return None
    if not cells.height or _has_blank_row(cells):
        return None
    if not _is_plain_text(document, header_row, sign, cells.height * (width - 1)):
        return None
    return cells.with_row_index(ROW, offset=header_row + 1), [], cells.height


def _has_blank_row(cells: pl.DataFrame) -> bool:
    is_blank = pl.all_horizontal(pl.all().str.strip_chars(_NOTHING) == "")
    return bool(cells.filter(pl.last().str.strip_chars(_NOTHING) == "").select(is_blank.any()).item())


def _is_plain_text(document: Document, header_row: int, sign: str, between: int) -> bool:
    """Whether just so many signs stand between cells, and no quotation that can be read in two ways.

    The vectorised reader fills short rows with blanks, so their missing signs are what betrays them.
    """
    own = re.escape(sign.encode())
    stray = re.compile(rb'"(?<=[^%b\n"]")(?=[^%b\r\n"])' % (own, own))
    counted, quoted, before = 0, False, b"\n"
    with document.path.open("rb") as stream:
        for _ in range(header_row):
            stream.readline()
        while piece := stream.read(PIECE):
            segments = piece.split(b'"')
            within = b"".join(segments[not quoted :: 2])
            if b"\n" in within or stray.search(before + piece):
                return False
            counted += piece.count(sign.encode()) - within.count(sign.encode())
            quoted ^= len(segments) % 2 == 0
            before = (before + piece)[-2:]
    return counted == between


# ---- row by row, in blocks, for anything unusual: quotes, line ends, ragged rows, other encodings, Excel


def _careful(document: Document, header_row: int, header: tuple[str, ...], sheet: str) -> _Parts:
    blocks, rejections, read = [_frame(header, [])], list[Rejection](), 0
    with _rows(document, sheet) as rows:
        numbered = islice(enumerate(rows, start=1), header_row, None)
        while block := list(islice(numbered, BLOCK)):
            kept = list[list[object]]()
            for number, row in block:
                if _is_blank(row):
                    continue
                read += 1
                if (fitting := _fitted(row, len(header), document.kind)) is not None:
                    kept.append([number, *fitting])
                else:
                    rejections.append(_ragged(document, number, row, len(header)))
            blocks.append(_frame(header, kept))
    return pl.concat(blocks), rejections, read


def _is_blank(row: Sequence[str]) -> bool:
    return not any(cell.strip(_NOTHING) for cell in row)


def _fitted(row: list[str], width: int, kind: str) -> list[str] | None:
    """The row with as many cells as the header; None where cells are missing or too many."""
    if len(row) == width:
        return row
    if len(row) > width:
        return row[:width] if _is_blank(row[width:]) else None
    return row + [""] * (width - len(row)) if kind == "xlsx" else None


def _frame(header: tuple[str, ...], rows: list[list[object]]) -> pl.DataFrame:
    schema = {ROW: pl.UInt32, **dict.fromkeys(header, pl.String)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _ragged(document: Document, number: int, row: Sequence[str], expected: int) -> Rejection:
    word = "cell" if len(row) == 1 else "cells"
    reason = f"has {len(row):,} {word} where the header has {expected:,}"
    if breaks := max(cell.count("\n") for cell in row):
        reason += f", and a quotation mark that runs over {breaks + 1:,} lines"
    return Rejection(document.name, number, reason, ",".join(row)[:SHOWN])


@contextmanager
def _rows(document: Document, sheet: str = "", most: int | None = None) -> Iterator[Iterator[list[str]]]:
    """The document's rows of cells; faults in its text or quotation become one plain sentence."""
    if document.kind == "xlsx":
        yield workbook.rows(document, sheet, most)
        return
    newline = None if document.facts.has_bare_cr else ""
    with document.path.open(encoding=document.encoding, newline=newline) as stream:
        lines = (line.replace("\0", "") for line in stream) if document.facts.has_nul else stream
        yield _split(document, lines)


def _split(document: Document, lines: Iterable[str]) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_LINE)
    number = 0
    try:
        for row in csv.reader(chain(lines, [_END]), delimiter=delimiter(document)):
            number += 1
            if row and row[-1].endswith(_END):
                _check_closed(document, row, number)
                return
            yield row
    except csv.Error:
        raise _unclosed(document, number + 1) from None
    except UnicodeError:
        reason = f"cannot be read as {document.encoding} text"
        raise UnreadableError(
            document.name, reason, row=number + 1, remedy="Name its encoding, for example --encoding cp1252"
        ) from None


def _check_closed(document: Document, row: list[str], number: int) -> None:
    if row != [_END]:
        raise _unclosed(document, number)


def _unclosed(document: Document, row: int) -> UnreadableError:
    reason = "has a quotation mark that is never closed"
    remedy = "Close it or take it out; where a name holds one, double it"
    return UnreadableError(document.name, reason, row=row, remedy=remedy)


def unique_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Column names as given, with a number added to repeats and empty ones.

    >>> unique_names(["a", "", "a"])
    ('a', 'column 2', 'a (2)')
    """
    names, times = dict[str, None](), Counter[str]()
    for place, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"column {place}"
        times[name] += 1
        unique = name
        while unique in names:
            times[name] += unique != name
            unique = f"{name} ({times[name]})"
        names[unique] = None
    return tuple(names)


def delimiter(document: Document) -> str:
    """The sign between cells, of , ; tab | : the one that cuts the first lines most evenly."""
    text = document.facts.head.decode(document.encoding.removesuffix("-sig"), errors="replace")
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    if len(document.facts.head) == HEAD and len(lines) > 1:
        lines.pop()
    return max(",;\t|", key=lambda sign: (_evenness(lines, sign), sign == ","))


def _evenness(lines: list[str], sign: str) -> tuple[bool, int]:
    """Whether the first line is cut like the others, and how many cells that way of cutting gives."""
    try:
        counts = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
    except csv.Error:
        return False, 0
    if not counts:
        return False, 0
    usual, times = Counter(counts).most_common(1)[0]
    return counts[0] == usual > 1, times * (usual - 1)
