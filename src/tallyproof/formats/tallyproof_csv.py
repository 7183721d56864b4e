"""Tallyproof's own tidy CSV: one row per number, as our exports write it and engineers may write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from tallyproof.formats import tables
from tallyproof.formats.export import as_given
from tallyproof.formats.importer import Asked, Match
from tallyproof.formats.intake import Document
from tallyproof.formats.kinds import TABLES
from tallyproof.formats.remarks import table_remarks
from tallyproof.formats.tables import ROW
from tallyproof.formats.tidy import TEXT, About, Reading, assemble
from tallyproof.formats.tidy_table import KEPT_NOTES

_TEXTS = tuple(name for name in TEXT if name != "column")
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
        """Read the rows as they stand; a column "note" says which numbers repeat or contain others."""
        table = tables.read(document)
        lower = {name.casefold(): name for name in reversed(table.header)}
        text = [as_given(pl.col(lower[name])).alias(name) for name in _TEXTS if name in lower]
        votes = lower["votes"]
        long = table.cells.select(pl.col(ROW), *text, votes=pl.col(votes), column=pl.lit(votes))
        remarks = tuple(table_remarks(document, table))
        reading = assemble(long, About(document.name, table.read, table.rejections, remarks, asked.state))
        if "note" not in lower:
            return reading
        notes = table.cells.select(ROW, pl.col(lower["note"]).alias("_told"))
        return replace(reading, frame=_with_notes(reading.frame, notes))


def _with_notes(frame: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The stated notes on numbers that are not added up, in place of those that we would make."""
    kept = [note.value for note in KEPT_NOTES]
    typed = told.with_columns(pl.col(ROW).cast(frame.schema["row"]))
    joined = frame.join(typed, left_on="row", right_on=ROW, how="left", maintain_order="left")
    ours = pl.col("note").cast(pl.String)
    others = pl.when(ours.is_in(kept)).then(pl.lit("")).otherwise(ours)
    note = pl.when(pl.col("_told").is_in(kept)).then(pl.col("_told")).otherwise(others)
    return joined.with_columns(note=note.cast(frame.schema["note"])).drop("_told")
