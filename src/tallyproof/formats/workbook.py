"""Excel workbooks: sheets as rows of text, and no sheet that would not fit in memory."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tallyproof.errors import RequestError, UnreadableError
from tallyproof.formats.intake import Document
from tallyproof.formats.survey import PIECE

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MOST_CELLS = 20_000_000
MOST_TEXT = 8 << 30
_CELL = re.compile(rb"""[\s<]r=["']([A-Z]{1,3})(\d{1,7})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr=["'](\d{1,7})["']""")
_SHARED = re.compile(rb"</(?:\w+:)?si>")
_OVERLAP = 64


def sheets(document: Document) -> list[str]:
    """The names of the workbook's sheets."""
    return list(_open(document).sheet_names)


def rows(document: Document, sheet: str = "") -> Iterator[list[str]]:
    """The rows of a sheet (the first where none is named), from row 1 on, as text."""
    book = _open(document)
    names = book.sheet_names
    if sheet and sheet not in names:
        raise RequestError(f"{document.name} has no sheet '{sheet}'. It has: {', '.join(names)}.")
    if not names:
        raise UnreadableError(document.name, "has no sheets", remedy="Save it again, or export CSV")
    _check_extent(document)
    for row in _cells(document, book, sheet or names[0]):
        yield [_text(cell) for cell in row]


def _open(document: Document) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_path(str(document.path))
    except (CalamineError, OSError, ValueError):
        raise _damaged(document) from None


def _cells(document: Document, book: CalamineWorkbook, sheet: str) -> Sequence[Sequence[object]]:
    from python_calamine import CalamineError

    try:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError):
        raise _damaged(document) from None


def _damaged(document: Document) -> UnreadableError:
    remedy = "Open it in a spreadsheet program and save it again, or export CSV"
    return UnreadableError(
        document.name, "cannot be read as an Excel workbook; it may be damaged", remedy=remedy
    )


@dataclass(slots=True)
class _Sheet:
    """The last row and column in which a sheet has a cell, and how many of its cells are texts."""

    rows: int = 0
    columns: int = 0
    texts: int = 0

    def take(self, piece: bytes) -> None:
        found = _CELL.findall(piece)
        self.texts += piece.count(b't="s"')
        self.columns = max(
            self.columns, *(_column(letters) for letters in {letters for letters, _ in found}), 0
        )
        numbers = {number for _, number in found} | set(_ROW.findall(piece))
        self.rows = max(self.rows, *map(int, numbers), 0)


def _check_extent(document: Document) -> None:
    """Refuse what would not fit in memory: readers fill the whole rectangle and copy each shared text."""
    try:
        with zipfile.ZipFile(document.path) as archive:
            names = archive.namelist()
            sheets = [_sheet(archive, name) for name in names if re.match(r"xl/worksheets/[^/]+\.xml$", name)]
            longest = _longest_shared(archive) if "xl/sharedStrings.xml" in names else 0
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
        raise _damaged(document) from None
    for sheet in sheets:
        _refuse_huge(document, sheet, longest)


def _refuse_huge(document: Document, sheet: _Sheet, longest: int) -> None:
    if sheet.rows * sheet.columns > MOST_CELLS:
        reason = f"has a sheet that spans {sheet.rows:,} rows and {sheet.columns:,} columns"
        remedy = "Delete the empty rows and columns at its end, or save the sheet as CSV"
        raise UnreadableError(document.name, reason, remedy=remedy)
    if sheet.texts * longest > MOST_TEXT:
        reason = f"has a cell of {longest:,} bytes of text, and {sheet.texts:,} cells with text"
        raise UnreadableError(document.name, reason, remedy="Save the sheet that holds the returns as CSV")


def _sheet(archive: zipfile.ZipFile, name: str) -> _Sheet:
    sheet, end = _Sheet(), b""
    with archive.open(name) as stream:
        while piece := stream.read(PIECE):
            sheet.take(end + piece)
            end = piece[-_OVERLAP:]
    return sheet


def _column(letters: bytes) -> int:
    """A column's number: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _longest_shared(archive: zipfile.ZipFile) -> int:
    """About how many bytes the longest text in the table of shared texts has."""
    longest = since = 0
    with archive.open("xl/sharedStrings.xml") as stream:
        while piece := stream.read(PIECE):
            first, *rest = _SHARED.split(piece)
            longest = max(longest, since + len(first), *map(len, rest), 0)
            since = len(rest[-1]) if rest else since + len(first)
    return longest


def _text(cell: object) -> str:
    """A cell as a person would type it: 377.0 is 377."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)
