"""A single source row as it stands in the original, for showing it beside what was read."""

from __future__ import annotations

from tallyproof.formats import registry, tables
from tallyproof.formats.importer import Asked, RawRow, ShowsNumbers
from tallyproof.formats.intake import Document
from tallyproof.formats.kinds import TABLES
from tallyproof.formats.layout import Layout, column_names

FIRST_ROW = Layout()
"""The names of the columns in the first row of the first sheet."""


def raw_row(document: Document, row: int, layout: Layout = FIRST_ROW) -> RawRow:
    """Column names and cells of a spreadsheet row (the first row is 1); empty where there is no such row.

    The names are those that the import used: of a header of several rows, all of it. In XML and JSON the
    row is the place of a number among all numbers: the elements that lead to it.
    """
    if document.kind not in TABLES:
        importer = registry.recognise(document, Asked())
        return importer.raw(document, row) if isinstance(importer, ShowsNumbers) else ((), ())
    found = tables.pick(document, {row}, layout.sheet)
    return (column_names(document, layout), tuple(found[row])) if row in found else ((), ())
