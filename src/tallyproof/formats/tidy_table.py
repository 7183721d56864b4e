"""A returns table in our own tidy layout, which reads back as it was."""

from __future__ import annotations

import polars as pl

from tallyproof.election.returns import Note
from tallyproof.formats import words

COLUMNS = (
    "state", "county", "unit", "unit_id", "office", "district", "vote_for", "choice", "party", "measure",
    "mode", "votes", "note", "source_file", "source_row",
)  # fmt: skip
SUPPRESSED_CELL = "*"
KEPT_NOTES = (Note.REPEATED, Note.OVERLAPPING)
"""Notes that are read back; they tell that a number is not added up."""


def tidy_table(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per number with the file and row it came from; text columns as text.

    Unknown numbers are empty cells, suppressed ones an asterisk.
    """
    number = pl.col("votes").cast(pl.String)
    is_suppressed = pl.col("votes").is_null() & (pl.col("note") == Note.SUPPRESSED.value)
    votes = pl.when(is_suppressed).then(pl.lit(SUPPRESSED_CELL)).otherwise(number)
    has_numbers_only = not frame.select(is_suppressed.any()).item()
    note = pl.col("note").cast(pl.String)
    texts = pl.col("state", "county", "unit", "unit_id", "office", "district", "choice", "party", "measure")
    return frame.select(
        texts.cast(pl.String),
        pl.col("vote_for"),
        _mode(frame),
        pl.col("votes") if has_numbers_only else votes.alias("votes"),
        pl.when(note.is_in([each.value for each in KEPT_NOTES]))
        .then(note)
        .otherwise(pl.lit(""))
        .alias("note"),
        pl.col("file").cast(pl.String).alias("source_file"),
        pl.col("row").alias("source_row"),
    ).select(COLUMNS)


def _mode(frame: pl.DataFrame) -> pl.Expr:
    """The source's own word for the way of voting where it is read as this way, else ours."""
    pairs = frame.select("mode_raw", "mode").unique().rows()
    raw, ours = pl.col("mode_raw").cast(pl.String), pl.col("mode").cast(pl.String)
    same = [f"{text}\n{mode}" for text, mode in pairs if words.mode(text) == mode]
    is_same = pl.concat_str(raw, pl.lit("\n"), ours).is_in(same)
    return pl.when(is_same).then(raw).otherwise(ours).alias("mode")
