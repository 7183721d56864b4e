"""Contests that are evidently not on every ballot of their units, where only those ballots are known."""

from __future__ import annotations

import re

import polars as pl

NEEDS = (
    "the ballots that contain each contest: only all ballots of the units are known, and the contests are "
    "evidently not on all of them (a party's primary, or far fewer votes and undervotes than ballots)"
)
SHORT, NEARLY_ALL, FEWEST = 0.02, 0.9, 5
"""Evident is what falls short of the ballots by more than 2 % in nine of ten units, of at least 5."""
HALF = 0.5
_KEY = ["snapshot", "contest"]
_NAME = r"(?:republican|democrat(?:ic)?|libertarian)(?: party)?|(?:green|constitution) party"
_PARTY = rf"{_NAME}|rep|dem|lib"
_OF_PARTY = re.compile(
    rf"^(?:{_NAME})\b|^(?:{_PARTY})\s*[-–—:]|^dem\b|[-–—(,:/]\s*(?:{_PARTY})\)?$|\b(?:{_NAME}) primary\)?$",
    re.IGNORECASE,
)
"""A whole name at either end, or a short one behind a dash ("Rep in Congress" is no party's)."""


def is_of_party(office: str) -> bool:
    """Whether the wording is that of one party's contest, as in a partisan primary.

    >>> is_of_party("US Senator - REPUBLICAN"), is_of_party("Mayor - Bowling Green")
    (True, False)
    """
    return bool(_OF_PARTY.search(office.strip()))


def with_known_ballots(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of ``Material.sums`` without contests whose own ballots are not known.

    Ballots given for the contest itself are known. Those of the whole unit are the contest's unless it is
    of one party and does not add up in half of the units, or falls far short of them in nearly all.
    """
    offices = rows["office"].unique().cast(pl.String).drop_nulls()
    of_party = [office for office in offices if is_of_party(office)]
    ballots = pl.col("vote_for").fill_null(1) * pl.col("ballots")
    accounted = pl.sum_horizontal("votes", "undervotes", pl.col("overvotes").fill_null(0))
    is_judged = pl.col("undervotes").is_not_null() & pl.col("votes").is_not_null() & (ballots > 0)
    of_whole = rows.filter(pl.col("ballots").is_not_null() & ~pl.col("ballots_exact"))
    evidence = of_whole.group_by(_KEY).agg(
        is_party=pl.col("office").cast(pl.String).is_in(of_party).any(),
        judged=is_judged.sum(),
        short=(accounted < (1 - SHORT) * ballots).filter(is_judged).mean(),
        fits=(accounted == ballots).filter(is_judged).mean(),
    )
    is_short = (pl.col("judged") >= FEWEST) & (pl.col("short") >= NEARLY_ALL)
    is_of_some = pl.col("is_party") & (pl.col("fits").fill_null(0.0) < HALF)
    return rows.join(evidence.filter(is_short | is_of_some), on=_KEY, how="anti", maintain_order="left")
