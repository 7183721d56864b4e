"""A single source row as it stands in the original, for showing it beside what was read."""

from __future__ import annotations

from tallyproof.formats import registry, tables
from tallyproof.formats.importer import Asked, RawRow, ShowsNumbers
from tallyproof.formats.intake import Document
from tallyproof.formats.kinds import TABLES


def raw_row(document: Document, row: int, *, header_row: int = 1, sheet: str = "") -> RawRow:
    """Column names and cells of a spreadsheet row (the first row is 1); empty where there is no such row.

    In XML and JSON the row is the place of a number among all numbers: the elements that lead to it.
    """
    if document.kind not in TABLES:
        importer = registry.recognise(document, Asked())
        return importer.raw(document, row) if isinstance(importer, ShowsNumbers) else ((), ())
    found = tables.pick(document, {row, header_row}, sheet)
    if row not in found or header_row not in found:
        return (), ()
    return tables.unique_names(found[header_row]), tuple(found[row])
