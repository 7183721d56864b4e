"""The robust z-score of comparative checks, computed once for all of them."""

from __future__ import annotations

import polars as pl

MAD_TO_SD = 1.4826
"""Makes the median absolute deviation of a normal distribution equal to its standard deviation."""
FEWEST_UNITS = 15
"""With fewer units than this a z-score means little: only a rank may be given."""
FEWEST_VOTES = 100
"""Units smaller than this are left out of comparisons of rates."""
ATTENTION = 5.0
"""A z-score beyond this is worth a look."""


def robust_z(value: str, size: str | None = None) -> pl.Expr:
    """How far each unit's ``value`` lies from the median of all units, in robust standard deviations.

    z = (x - median) / sqrt((1.4826 MAD)^2 + r(1 - r)/n): the binomial term, with r = |median| and n the
    column ``size``, keeps small units from standing out by chance alone; without ``size`` it is left out.
    Null where the denominator is 0. Source: the pooled robust z of canvass reconciliation practice
    (MAD scaled as in Rousseeuw and Croux 1993, section 1).
    """
    median = pl.col(value).median()
    spread = robust_sd(value) ** 2
    if size is not None:
        rate = median.abs().clip(0.0, 1.0)
        spread = spread + rate * (1 - rate) / pl.col(size)
    return pl.when(spread > 0).then((pl.col(value) - median) / spread.sqrt())


def robust_sd(value: str) -> pl.Expr:
    """The standard deviation that a normal distribution with these values' MAD would have."""
    return MAD_TO_SD * (pl.col(value) - pl.col(value).median()).abs().median()


def among_units(table: pl.DataFrame, value: str, size: str | None, group: list[str]) -> pl.DataFrame:
    """The table with each unit's place among the units of its group.

    Added columns: z (``robust_z``), median and sd (``robust_sd``) of the value, units (how many are
    compared), rank (1 for the largest |z|).
    """
    scored = table.with_columns(
        robust_z(value, size).over(group).alias("z"),
        pl.col(value).median().over(group).alias("median"),
        robust_sd(value).over(group).alias("sd"),
        pl.len().over(group).alias("units"),
    )
    return scored.with_columns(rank=pl.col("z").abs().rank("min", descending=True).over(group))
