"""Slips of the hand when a number is keyed in: one digit dropped, added, changed, or two exchanged."""

from __future__ import annotations

from functools import reduce
from operator import or_

import polars as pl

PLACES = 7
"""Digits looked at, from the right: no reporting unit has ten million votes."""


def is_slip(wrong: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Whether one slip of the hand turns one number into the other; equal and negative numbers never.

    Of two unrelated numbers of three digits about one pair in forty is so: a hint, not a proof.
    """
    small, large = pl.min_horizontal(wrong, right), pl.max_horizontal(wrong, right)
    ways = [way for place in range(PLACES) for way in _ways(small, large, 10**place)]
    return (small >= 0) & (small != large) & reduce(or_, ways)


def _ways(small: pl.Expr, large: pl.Expr, unit: int) -> list[pl.Expr]:
    """Drop the digit at this place, change it, or exchange it with the one to its left."""
    rest, left = large % unit, large // (10 * unit)
    dropped = (large >= 10) & (large >= unit) & (left * unit + rest == small)
    changed = (left == small // (10 * unit)) & (rest == small % unit)
    first, second = (large // (10 * unit)) % 10, (large // unit) % 10
    exchanged = (large // (100 * unit)) * 100 * unit + second * 10 * unit + first * unit + rest == small
    return [dropped, changed, exchanged & (large >= 10 * unit)]
