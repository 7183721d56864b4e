"""A single source row as it stands in the original, for showing it beside what was read."""

from __future__ import annotations

from tallyproof.formats import tables
from tallyproof.formats.intake import Document


def raw_row(
    document: Document, row: int, *, header_row: int = 1, sheet: str = ""
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Column names and cells of a spreadsheet row (the first row is 1); empty where there is no such row."""
    found = tables.pick(document, {row, header_row}, sheet)
    if row not in found or header_row not in found:
        return (), ()
    return tables.unique_names(found[header_row]), tuple(found[row])
