"""Candidates who stand on no ballot, whose names voters write in."""

from __future__ import annotations

import polars as pl

from tallyproof.election.returns import Measure

_MARK = r"(?i)\bwrite[ -]?in\b"
_PARTIES = ("WRITE-IN", "WRITE IN", "WRITEIN", "W-I", "WRI")
_COUNTY = ("snapshot", "state", "county", "contest")


def is_named() -> pl.Expr:
    """Rows of a candidate whom the source marks as written in: at the name, or in place of the party."""
    is_marked = pl.col("choice").cast(pl.String).str.contains(_MARK) | pl.col("party").is_in(_PARTIES)
    return (pl.col("measure") != Measure.WRITE_IN.value) & is_marked


def is_uncounted(named: pl.Expr) -> pl.Expr:
    """Rows of such candidates where the county has no vote for any of them in the contest.

    It then counts them not one by one, so that a zero of one of them tells nothing about that one.
    """
    return named & (pl.col("votes").filter(named).sum().over(_COUNTY) == 0)
