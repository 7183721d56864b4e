"""Tallyproof's own tidy CSV: one row per number, as our exports write it and engineers may write it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tallyproof.formats import tables
from tallyproof.formats.importer import Asked, Match
from tallyproof.formats.intake import Document
from tallyproof.formats.kinds import TABLES
from tallyproof.formats.remarks import table_remarks
from tallyproof.formats.tables import ROW
from tallyproof.formats.tidy import TEXT, About, Reading, assemble

_NEEDED = ("office", "choice", "measure", "votes")


class TallyproofCsv:
    """Columns by their names in ``election.returns``; the order is free and others are ignored."""

    id = "tallyproof"
    title = "Tallyproof tidy CSV"

    def identify(self, document: Document, rows: Sequence[Sequence[str]]) -> Match:
        """Yes to a table whose first row has office, choice, measure and votes."""
        if document.kind not in TABLES or not rows:
            return Match(False)
        header = {cell.casefold() for cell in rows[0]}
        missing = tuple(name for name in _NEEDED if name not in header)
        return Match(not missing, missing)

    def read(self, document: Document, asked: Asked) -> Reading:
        """Read the rows as they stand."""
        table = tables.read(document)
        lower = {name.casefold(): name for name in table.header}
        text = [pl.col(lower[name]).alias(name) for name in TEXT if name in lower and name != "column"]
        votes = lower["votes"]
        long = table.cells.select(pl.col(ROW), *text, votes=pl.col(votes), column=pl.lit(votes))
        about = About(
            document.name, table.read, table.rejections, tuple(table_remarks(document, table)), asked.state
        )
        return assemble(long, about)
