"""From columns of marks to one column of codes per contest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add

import polars as pl

from tallyproof.election.cast_vote_record import CardContest, Marks

WORD = 60
"""Columns that go into one whole number as bits."""

LONGEST_LIST = 1 << 12
"""Codes are looked up in a list where it is no longer, which is twice as fast as by comparing."""

Columns = tuple[CardContest, Sequence[str]]
"""A contest and its columns, choice after choice within each rank."""


def coded(frame: pl.DataFrame, contests: Sequence[Columns], names: Sequence[str]) -> pl.DataFrame:
    """The codes of contests from their columns of 0 and 1, under these names.

    A card where all columns of a contest are null does not bear it. All contests go through each step
    together, so that the cores share them.
    """
    words = [[each[start : start + WORD] for start in range(0, len(each), WORD)] for _, each in contests]
    keys = [
        [f"{name} {number}" for number in range(len(word))] for name, word in zip(names, words, strict=True)
    ]
    masks = frame.select(
        _mask(columns, contest).alias(key)
        for (_, contest), word, named in zip(contests, words, keys, strict=True)
        for columns, key in zip(word, named, strict=True)
    )
    masks = masks.with_columns(
        pl.when(pl.col(named[0]).is_not_null()).then(pl.struct(named).rank("dense")).alias(_place(named))
        for named in keys
        if len(named) > 1
    )
    seen = [_seen(masks, named) for named in keys]
    return masks.select(
        _codes(contest, place, found).alias(name)
        for (contest, _), (place, found), name in zip(contests, seen, names, strict=True)
    )


def _place(keys: Sequence[str]) -> str:
    return f"{keys[0]} place"


def _seen(masks: pl.DataFrame, keys: Sequence[str]) -> tuple[str, dict[int, int]]:
    """The column that tells marks apart, and the bits that each of its values stands for."""
    if len(keys) == 1:
        return keys[0], {value: value for value in masks[keys[0]].drop_nulls().unique(maintain_order=True)}
    place = _place(keys)
    firsts = masks.filter(pl.col(place).is_not_null()).unique(place, maintain_order=True).select(place, *keys)
    return place, {
        row[0]: sum(bits << (WORD * number) for number, bits in enumerate(row[1:]))
        for row in firsts.iter_rows()
    }


def _codes(contest: CardContest, key: str, seen: dict[int, int]) -> pl.Expr:
    if not seen:
        return pl.col(key).cast(pl.UInt32)  # null on every card
    codes = [contest.code(_marks(contest, bits)) for bits in seen.values()]
    if max(seen) >= LONGEST_LIST:
        return pl.col(key).replace_strict(list(seen), codes, default=None, return_dtype=pl.UInt32)
    listed: list[int | None] = [None] * (max(seen) + 1)
    for value, code in zip(seen, codes, strict=True):
        listed[value] = code
    return pl.lit(pl.Series(listed, dtype=pl.UInt32)).gather(pl.col(key).cast(pl.UInt32))


def _mask(columns: Sequence[str], contest: Sequence[str]) -> pl.Expr:
    """The columns as bits of a whole number, no wider than need be; null where the whole contest is."""
    width = len(columns)
    kind = pl.UInt8 if width <= 8 else pl.UInt16 if width <= 16 else pl.UInt32 if width <= 32 else pl.UInt64
    bits = (
        pl.col(name).cast(kind).fill_null(0) * pl.lit(1 << place, kind) for place, name in enumerate(columns)
    )
    present = pl.any_horizontal(pl.col(name).is_not_null() for name in contest)
    return pl.when(present).then(reduce(add, bits))


def _marks(contest: CardContest, bits: int) -> Marks:
    width = len(contest.choices)
    ranks = range(max(contest.ranks, 1))
    return Marks(
        tuple(
            tuple(choice for choice in range(width) if bits >> (rank * width + choice) & 1) for rank in ranks
        )
    )
