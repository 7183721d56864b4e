"""A single source row as it stands in the original, for showing it beside what was read."""

from __future__ import annotations

from tallyproof.formats import tables
from tallyproof.formats.intake import Document


def raw_row(
    document: Document, row: int, *, header_row: int = 1, sheet: str = ""
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Column names and cells of a spreadsheet row (the first row is 1); empty where there is no such row."""
    rows = tables.head(document, max(row, header_row), sheet)
    if not 0 < row <= len(rows) or not 0 < header_row <= len(rows):
        return (), ()
    return tables.unique_names(rows[header_row - 1]), tuple(rows[row - 1])
