"""What a table of unknown layout looks like: its sheet, header rows, titles and columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tallyproof.election.returns import Mode
from tallyproof.errors import UnreadableError
from tallyproof.formats import tables, words
from tallyproof.formats.intake import Document
from tallyproof.formats.layout import JOINT, join_header

ROWS_LOOKED_AT = 50_000
DEEPEST_HEADER = 60
MOST_HEADER_ROWS = 3
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.0*)?")
_CODE = re.compile(r"0\d+")


@dataclass(frozen=True)
class Column:
    """A column: its name, the header's parts from above to below, and the first rows' cells."""

    name: str
    parts: tuple[str, ...]
    cells: tuple[str, ...]

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The cells that are not blank."""
        return tuple(cell for cell in self.cells if cell)

    @cached_property
    def numbers(self) -> tuple[int | None, ...]:
        """The cells as whole numbers, None where they are none."""
        return tuple(number(cell) for cell in self.cells)

    @cached_property
    def is_count(self) -> bool:
        """Whether nine of ten filled cells are whole numbers, and none is a code such as 01002."""
        whole = sum(each is not None for each in self.numbers)
        has_codes = any(_CODE.fullmatch(cell) for cell in self.filled)
        return bool(self.filled) and whole >= 0.9 * len(self.filled) and not has_codes

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The words of the name in small letters."""
        return tuple(re.findall(r"[^\W_]+", self.name.casefold()))

    @property
    def plain(self) -> str:
        """The name's words with spaces between."""
        return " ".join(self.tokens)

    @property
    def distinct(self) -> int:
        """How many different texts the column holds."""
        return len(set(self.filled))


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as found: ``header_rows`` are spreadsheet rows, ``titles`` the texts above them."""

    sheet: str
    header_rows: tuple[int, ...]
    fill_right: bool
    titles: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: int


def number(cell: str) -> int | None:
    """A cell as a whole number; None where it is none."""
    return (
        int(re.sub(r"\.0*$", "", cell).replace(",", ""))
        if len(cell) < 20 and _NUMBER.fullmatch(cell)
        else None
    )


def look_at(document: Document) -> Shape:
    """Find the table in a document.

    Raises UnreadableError where no sheet holds rows of numbers under column names.
    """
    sheets = tables.sheets(document)
    found = [shape for sheet in sheets or [""] if (shape := _shape(document, sheet))]
    if not found:
        raise UnreadableError(
            document.name, "holds no table of numbers under column names", remedy="Add a row of column names"
        )
    best = max(found, key=lambda shape: shape.rows * len(shape.columns))
    first = not sheets or best.sheet == sheets[0]
    return Shape("" if first else best.sheet, *_rest(best))


def _rest(shape: Shape) -> tuple[tuple[int, ...], bool, tuple[str, ...], tuple[Column, ...], int]:
    return shape.header_rows, shape.fill_right, shape.titles, shape.columns, shape.rows


def _shape(document: Document, sheet: str) -> Shape | None:
    rows = tables.head(document, ROWS_LOOKED_AT, sheet)
    start = _first_data_row(rows)
    header = _header_rows(rows, start) if start is not None else ()
    if start is None or not header:
        return None
    parts = [rows[place] for place in header]
    fill_right = _is_merged(parts)
    names = join_header(parts, fill_right=fill_right)
    data = [row for row in rows[start:] if any(row)]
    columns = tuple(
        Column(name, tuple(_at(row, place) for row in parts), tuple(_at(row, place) for row in data))
        for place, name in enumerate(names)
    )
    titles = tuple(cell for row in rows[: header[0]] for cell in row if cell)
    return Shape(sheet, tuple(place + 1 for place in header), fill_right, titles, columns, len(data))


def _at(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _first_data_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The first row with numbers in at least half of the columns in which most rows have them."""
    filled = [row for row in rows if any(row)]
    filled = filled[len(filled) // 2 :][:500]
    counted = Counter(place for row in filled for place, cell in enumerate(row) if number(cell) is not None)
    usual = {place for place, times in counted.items() if times >= 0.6 * len(filled)}
    for place, row in enumerate(rows[:DEEPEST_HEADER]):
        numeric = {column for column, cell in enumerate(row) if number(cell) is not None}
        if usual and len(numeric & usual) >= max(1, len(usual) / 2):
            return place
    return None


def _header_rows(rows: Sequence[Sequence[str]], start: int) -> tuple[int, ...]:
    """The rows above the data that name columns: the nearest that is filled, and those joined to it."""
    last = next((place for place in range(start - 1, -1, -1) if any(rows[place])), None)
    if last is None:
        return ()
    first = last
    while first > 0 and last - first + 1 < MOST_HEADER_ROWS and sum(map(bool, rows[first - 1])) > 1:
        first -= 1
    return tuple(range(first, last + 1))


def _is_merged(parts: Sequence[Sequence[str]]) -> bool:
    """Whether names in an upper header row stand for several columns, told apart by ways of voting below."""
    if len(parts) < 2:
        return False
    below = [cell for cell in parts[-1] if cell]
    repeated = [cell for cell, times in Counter(below).items() if times > 1]
    return any(words.mode(cell) is not Mode.OTHER for cell in repeated)


def split_name(column: Column) -> tuple[str, str]:
    """The upper and the lowest part of a column's name."""
    upper, _, lower = column.name.rpartition(JOINT)
    return upper, lower
