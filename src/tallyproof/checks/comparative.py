"""Comparative statistics between units: never errors, always with what they were compared to."""

from __future__ import annotations

from typing import Any

import polars as pl

from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.material import Material
from tallyproof.checks.robust import FEWEST_UNITS, FEWEST_VOTES, robust_z
from tallyproof.checks.wording import place, source_of
from tallyproof.election.evidence import Finding, Severity

ATTENTION = 5.0


@check(
    "E2", "Roll-off between contests",
    question="Do far fewer or more people vote in one contest than in the top contest of the same ballot?",
    formula="r = (S_top - S_c) / max(S_top, S_c); z = (r - median) / sqrt((1.4826 MAD)^2 + r(1 - r)/n), flagged at |z| > 5",
    severity=Severity.WARNING,
    needs=("votes in two statewide contests by reporting unit, at least 15 units of 100 votes",),
    benign=(
        "a popular or unopposed candidate lower on the ballot",
        "a contest at the end of a long ballot or on its back",
        "a straight-party device that does not reach the contest",
        "a digit dropped or doubled when one contest was keyed in",
    ),
    record="the tabulator tapes of the unit for both contests",
    holder="the municipal or county clerk",
)  # fmt: skip
def roll_off(material: Material) -> Outcome:
    """Compares each statewide contest with the top contest, within each state and snapshot."""
    pairs = contest_pairs(material)
    if pairs is None:
        return Missing("votes in two statewide contests by reporting unit")
    compared = pairs.filter(pl.col("n") >= FEWEST_VOTES).with_columns(r=pl.col("d") / pl.col("n"))
    group = ["snapshot", "state", "contest"]
    scored = compared.with_columns(
        z=robust_z("r", "n").over(group), units=pl.len().over(group), median=pl.col("r").median().over(group)
    )
    flagged = scored.filter((pl.col("units") >= FEWEST_UNITS) & (pl.col("z").abs() > ATTENTION))
    return [_roll_off_finding(material, row) for row in flagged.iter_rows(named=True)]


def _roll_off_finding(material: Material, row: dict[str, Any]) -> Finding:
    way = "fewer" if row["d"] < 0 else "more"
    return Finding(
        "E2", Severity.WARNING, row["top"], place(row),
        f"{place(row)}: {row['S_top']:,} votes for {row['top_office']} and {row['S_c']:,} for {row['office']}; "
        f"{abs(row['d']):,} {way} in the first, where the median unit differs by {row['median']:.1%} (z = {row['z']:.1f}).",
        numbers={"S_top": row["S_top"], "S_c": row["S_c"], "r": round(row["r"], 5), "median": round(row["median"], 5),
                 "z": round(row["z"], 2), "units": row["units"]},
        votes_at_stake=abs(row["d"]), margin=material.margin(row["top"]), source=source_of(row),
        topic=row["contest"],
    )  # fmt: skip


def contest_pairs(material: Material) -> pl.DataFrame | None:
    """Votes of the top contest beside each other statewide contest, per unit; None where there is no pair.

    Columns: snapshot, state, county, unit, level, top, contest, office, top_office, S_top, S_c,
    d = S_top - S_c, n = max of both, file and row of the top contest.
    """
    unit = ["snapshot", "state", "county", "unit", "level"]
    sums = finest_sums(material).filter(
        pl.col("votes").is_not_null() & (pl.col("vote_for").fill_null(1) == 1)
    )
    tops = _statewide(sums)
    if not tops.height:
        return None
    firsts = tops.filter(pl.col("_order") == 0).select("snapshot", "state", pl.col("contest").alias("top"))
    top_votes = sums.join(
        firsts, left_on=["snapshot", "state", "contest"], right_on=["snapshot", "state", "top"]
    )
    others = sums.join(
        tops.filter(pl.col("_order") > 0).select("snapshot", "state", "contest"),
        on=["snapshot", "state", "contest"],
    )
    pairs = top_votes.select(
        *unit,
        pl.col("contest").alias("top"),
        pl.col("office").alias("top_office"),
        pl.col("votes").alias("S_top"),
        "file",
        "row",
    ).join(others.select(*unit, "contest", "office", pl.col("votes").alias("S_c")), on=unit)
    if not pairs.height:
        return None
    return pairs.with_columns(d=pl.col("S_top") - pl.col("S_c"), n=pl.max_horizontal("S_top", "S_c"))


def finest_sums(material: Material) -> pl.DataFrame:
    """``material.sums`` at the finest level given for each contest and county."""
    levels = {"state": 0, "county": 1, "unit": 2}
    ranked = material.sums.with_columns(_rank=pl.col("level").replace_strict(levels, return_dtype=pl.Int8))
    group = ["snapshot", "state", "contest"]
    deepest = pl.col("_rank").max()
    return ranked.filter(
        (pl.col("_rank") == deepest.over([*group, "county"]))
        & ((pl.col("_rank") > 0) | (deepest.over(group) == 0))
    ).drop("_rank")


def _statewide(sums: pl.DataFrame) -> pl.DataFrame:
    """Contests on every ballot of a state, by snapshot: the one with most votes first (``_order`` 0)."""
    unit_count = pl.struct("county", "unit").n_unique()
    contests = sums.group_by("snapshot", "state", "contest", maintain_order=True).agg(
        pl.col("votes").sum(), unit_count.alias("units"), pl.col("office").first()
    )
    everywhere = contests.filter(pl.col("units") >= 0.95 * pl.col("units").max().over("snapshot", "state"))
    is_president = (pl.col("office") == "President").cast(pl.Int8)
    order = everywhere.sort(is_president, "votes", "contest", descending=[True, True, False])
    return order.with_columns(_order=pl.int_range(pl.len()).over("snapshot", "state")).filter(
        pl.len().over("snapshot", "state") > 1
    )
