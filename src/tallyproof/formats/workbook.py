"""Excel workbooks: sheets as rows of text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tallyproof.errors import RequestError, UnreadableError
from tallyproof.formats.extent import damaged
from tallyproof.formats.intake import Document

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


def sheets(document: Document) -> list[str]:
    """The names of the workbook's sheets."""
    return list(_open(document).sheet_names)


def rows(document: Document, sheet: str = "", most: int | None = None) -> Iterator[list[str]]:
    """The rows of a sheet (the first where none is named), from row 1 on, as text; at most so many."""
    book = _open(document)
    names = book.sheet_names
    if sheet and sheet not in names:
        raise RequestError(f"{document.name} has no sheet '{sheet}'. It has: {', '.join(names)}.")
    if not names:
        raise UnreadableError(document.name, "has no sheets", remedy="Save it again, or export CSV")
    for row in _cells(document, book, sheet or names[0], most):
        yield [_text(cell) for cell in row]


def _open(document: Document) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        # by its content: a name such as .xls would make the reader expect another format
        return CalamineWorkbook.from_filelike(io.BytesIO(document.path.read_bytes()))
    except (CalamineError, OSError, ValueError):
        raise damaged(document.name) from None


def _cells(
    document: Document, book: CalamineWorkbook, sheet: str, most: int | None
) -> Sequence[Sequence[object]]:
    from python_calamine import CalamineError

    try:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=most)
    except (CalamineError, OSError, ValueError):
        raise damaged(document.name) from None


def _text(cell: object) -> str:
    """A cell as a person would type it: 377.0 is 377."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)
