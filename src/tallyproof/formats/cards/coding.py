"""From columns of marks to one column of codes per contest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from tallyproof.election.cast_vote_record import CardContest, Marks

WORD = 60
"""Columns that go into one whole number as bits."""


def coded(frame: pl.DataFrame, columns: Sequence[str], contest: CardContest) -> pl.Series:
    """The contest's codes from its columns of 0 and 1, choice after choice within each rank.

    A card where all of them are null does not bear the contest.
    """
    words = [columns[start : start + WORD] for start in range(0, len(columns), WORD)]
    masks = frame.select(
        **{f"w{place}": _mask(word) for place, word in enumerate(words)},
        present=pl.any_horizontal(pl.col(name).is_not_null() for name in columns),
    )
    ranks, width = max(contest.ranks, 1), len(contest.choices)

    def marks(values: Sequence[int]) -> Marks:
        bits = sum(value << (WORD * place) for place, value in enumerate(values))
        return Marks(
            tuple(
                tuple(choice for choice in range(width) if bits >> (rank * width + choice) & 1)
                for rank in range(ranks)
            )
        )

    return numbered(masks, [f"w{place}" for place in range(len(words))], contest, marks)


def numbered(
    frame: pl.DataFrame,
    keys: Sequence[str],
    contest: CardContest,
    marks: Callable[[Sequence[int]], Marks],
) -> pl.Series:
    """Codes of the rows that are ``present``; marks are made once for each combination of keys."""
    if len(keys) > 1:
        key = pl.struct(*keys).rank("dense")
        frame = frame.with_columns(place=key)
        firsts = frame.filter("present").unique("place", maintain_order=True).select("place", *keys)
        pairs = {row[0]: contest.code(marks(row[1:])) for row in firsts.iter_rows()}
        names = pl.col("place")
    else:
        seen = frame.filter("present")[keys[0]].unique(maintain_order=True)
        pairs = {value: contest.code(marks((value,))) for value in seen}
        names = pl.col(keys[0])
    if not pairs:
        return pl.Series([None] * frame.height, dtype=pl.UInt32)
    code = names.replace_strict(list(pairs), list(pairs.values()), default=None, return_dtype=pl.UInt32)
    return frame.select(pl.when("present").then(code)).to_series()


def _mask(columns: Sequence[str]) -> pl.Expr:
    """The columns as bits of a whole number; null is 0."""
    bits = (
        pl.col(name).fill_null(0).cast(_width(len(columns))) * (1 << place)
        for place, name in enumerate(columns)
    )
    return pl.sum_horizontal(bits).cast(pl.Int64)


def _width(columns: int) -> type[pl.DataType]:
    """The smallest whole numbers that hold so many bits: less memory to move."""
    return pl.Int16 if columns < 15 else pl.Int32 if columns < 31 else pl.Int64
