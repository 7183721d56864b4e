"""Cells that should hold a number: the number, or what stands there instead."""

from __future__ import annotations

import polars as pl

from tallyproof.election.returns import Note
from tallyproof.formats.tables import ROW

LARGEST = 10**10
"""More than there are people to vote; a longer row of digits is no count."""

_COMMAS = r"^[+-]?\d{1,3}([,\x{a0}\x{202f} ]\d{3})+(\.0+)?$"
_DECIMAL = r"^[+-]?\d+\.0*$"
_IN_BRACKETS = r"^\(\d+\)$"
_SUPPRESSED = (
    r"(?i)^([*†‡]+|[<≤]\s*\d+|(fewer|less) than \d+|(data )?(suppressed|redacted|hidden|withheld)( .*)?)$"
)
_BLANK = r"(?i)^(|-+|–|—|na|n/a|#n/a|nan|null|none|\.)$"


def parse(frame: pl.DataFrame) -> pl.DataFrame:
    """``votes`` as text becomes ``number`` (null where unknown), ``note`` on the cell, and ``raw`` its text.

    Blank cells beside filled ones of the same row and choice (modes that were not used) are left out;
    of a row of blanks each choice keeps one unknown number.
    """
    text = pl.col("votes").str.strip_chars()
    quick = frame.with_columns(raw=text, number=text.cast(pl.Int64, strict=False))
    if not quick["number"].has_nulls() and _are_counts(quick["number"]):
        return quick.with_columns(note=pl.lit(Note.PLAIN.value)).drop("votes")
    return _without_unused_blanks(quick.with_columns(*_careful()).drop("votes"))


def _are_counts(numbers: pl.Series) -> bool:
    least, most = numbers.min(), numbers.max()
    return not isinstance(least, int) or not isinstance(most, int) or -LARGEST <= least <= most <= LARGEST


def _careful() -> tuple[pl.Expr, pl.Expr]:
    """The number and the note of cells that are not all plain whole numbers."""
    raw, plain = pl.col("raw"), pl.col("number")
    has_commas, is_decimal = raw.str.contains(_COMMAS), raw.str.contains(_DECIMAL)
    repaired = (
        raw.str.replace(r"\.0*$", "")
        .str.replace_all(r"[,\x{a0}\x{202f} ]", "")
        .str.replace(r"^\((\d+)\)$", "-$1")
    )
    is_readable = has_commas | is_decimal | raw.str.contains(_IN_BRACKETS)
    found = pl.coalesce(plain, pl.when(is_readable).then(repaired.cast(pl.Int64, strict=False)))
    number = pl.when(found.is_between(-LARGEST, LARGEST)).then(found)
    note = (
        pl.when(number.is_not_null() & plain.is_not_null()).then(pl.lit(Note.PLAIN.value))
        .when(number.is_not_null() & has_commas).then(pl.lit(Note.COMMA.value))
        .when(number.is_not_null()).then(pl.lit(Note.DECIMAL.value))
        .when(raw.str.contains(_SUPPRESSED)).then(pl.lit(Note.SUPPRESSED.value))
        .when(raw.str.contains(_BLANK)).then(pl.lit(Note.BLANK.value))
        .otherwise(pl.lit(Note.UNREADABLE.value))
    )  # fmt: skip
    return number.alias("number"), note.alias("note")


def _without_unused_blanks(frame: pl.DataFrame) -> pl.DataFrame:
    is_blank = pl.col("note") == Note.BLANK.value
    if not frame.select(is_blank.any()).item():
        return frame
    has_number = (~is_blank).any().over(ROW, "choice", "measure")
    first_blank = pl.int_range(pl.len()).over(ROW, "choice", "measure") == 0
    return frame.filter(~is_blank | (~has_number & first_blank))
