"""Sums over units beside the county's figure, over counties beside the state's; what explains a gap."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tallyproof.checks.digits import is_slip
from tallyproof.checks.joining import with_place_keys
from tallyproof.checks.material import Material
from tallyproof.election.returns import VOTES, Level, Measure, is_measure

CELL = ["state", "county_key", "contest", "choice_id", "measure"]
"""What a sum and a stated figure meet on; county_key is "" for a whole state."""
ADDED = (*VOTES, Measure.OVERVOTES, Measure.UNDERVOTES, Measure.TOTAL_VOTES, Measure.BALLOTS_CAST)
SMALLEST_HINT = 10
"""Smaller gaps equal some unit's votes by chance too often to name it."""


@dataclass(frozen=True, slots=True)
class Rollup:
    """``rows``: one sum beside one stated figure; ``parts``: the units and counties that were added up.

    Columns of ``rows``: snapshot (of the parts), ``CELL``, county, unit (""), level, office, choice,
    total (the sum, null where a part is unknown), parts (how many), of_units (or of counties), part_file
    and part_row (the first of them), stated_snapshot, stated, file and row (of the stated figure),
    gap = stated - total.
    """

    rows: pl.DataFrame
    parts: pl.DataFrame


def rollup(material: Material) -> Rollup:
    """Own figures where the snapshot states them; else those of the source nearest in status, newest first.

    Across sources only named choices meet, and a state's figure only where the parts cover as many
    counties as any source tells of.
    """
    cells = with_place_keys(material.totals.filter(is_measure(*ADDED))).with_columns(
        county_key=pl.col("county_key").cast(pl.String)
    )
    is_unit, in_county = pl.col("level") == Level.UNIT.value, pl.col("county") != ""
    units, loose = cells.filter(is_unit & in_county), cells.filter(is_unit & ~in_county)
    counties = cells.filter(pl.col("level") == Level.COUNTY.value)
    by_county = _added(units)
    without = by_county.join(counties, on=["snapshot", *CELL], how="anti").rename({"total": "votes"})
    shared = ["snapshot", *CELL, "county", "unit", "office", "choice", "votes", "file", "row"]
    of_state = pl.concat([
        counties.select(shared), loose.select(shared),
        without.with_columns(unit=pl.lit("").cast(pl.Categorical)).select(shared),
    ]).with_columns(county_key=pl.lit(""))  # fmt: skip
    states = cells.filter(pl.col("level") == Level.STATE.value).with_columns(county_key=pl.lit(""))
    rows = [
        _beside(by_county, counties, material, covering=None),
        _beside(_added(of_state), states, material, covering=_counties_known(material)),
    ]
    return Rollup(pl.concat(rows), pl.concat([units.select(shared), of_state]))


def _added(parts: pl.DataFrame) -> pl.DataFrame:
    """Sums over parts; unknown where one part is."""
    unknown = pl.col("votes").is_null().any()
    return parts.group_by("snapshot", *CELL, maintain_order=True).agg(
        pl.when(unknown).then(None).otherwise(pl.col("votes").sum()).alias("total"), pl.len().alias("parts"),
        (pl.col("unit").cast(pl.String) != "").all().alias("of_units"),
        pl.col("county", "office", "choice", "file").first(), pl.col("row").min(),
    )  # fmt: skip


def _beside(
    sums: pl.DataFrame, stated: pl.DataFrame, material: Material, covering: pl.DataFrame | None
) -> pl.DataFrame:
    given = stated.filter(pl.col("votes").is_not_null()).select(
        *CELL, "level", pl.col("snapshot").alias("stated_snapshot"), pl.col("votes").alias("stated"),
        pl.col("file").alias("stated_file"), pl.col("row").alias("stated_row"),
        pl.col("county").alias("stated_county"),
    )  # fmt: skip
    met = sums.join(given, on=CELL)
    own = pl.col("snapshot") == pl.col("stated_snapshot")
    mine = met.filter(own)
    others = met.filter(~own & is_measure(Measure.CHOICE)).join(mine, on=["snapshot", *CELL], how="anti")
    if covering is not None:
        known = others.join(covering, on=["state", "contest"], how="left")
        others = known.filter((pl.col("parts") >= pl.col("counties")) & (pl.col("parts") > 1)).drop(
            "counties"
        )
    rows = pl.concat([mine, _nearest(others, material)])
    return rows.select(
        "snapshot", *CELL, pl.col("stated_county").alias("county"), pl.lit("").alias("unit"), "level",
        "office", "choice", "total", "parts", "of_units",
        pl.col("file").alias("part_file"), pl.col("row").alias("part_row"),
        "stated_snapshot", "stated", pl.col("stated_file").alias("file"), pl.col("stated_row").alias("row"),
        gap=pl.col("stated") - pl.col("total"),
    )  # fmt: skip


def _nearest(others: pl.DataFrame, material: Material) -> pl.DataFrame:
    """Of several sources' figures the one of the same status, then a final one, then the newest."""
    if not others.height:
        return others
    known = [
        (name, each.status.value, each.status.is_final, each.order[0], each.order[1])
        for name, each in material.snapshots.items()
    ]
    table = pl.DataFrame(known, schema=["_name", "_status", "_final", "_time", "_sequence"], orient="row")
    named = table.with_columns(pl.col("_name").cast(pl.Categorical))
    mine = named.select(pl.col("_name").alias("snapshot"), pl.col("_status").alias("_mine"))
    judged = others.join(named, left_on="stated_snapshot", right_on="_name", how="left").join(
        mine, on="snapshot", how="left"
    )
    order = judged.with_columns(_same=pl.col("_status") == pl.col("_mine")).sort(
        "_same", "_final", "_time", "_sequence", descending=True, nulls_last=True, maintain_order=True
    )
    return order.unique(["snapshot", *CELL], keep="first", maintain_order=True).select(others.columns)


def _counties_known(material: Material) -> pl.DataFrame:
    """How many counties any source, of this election or the one before, tells of in each contest."""
    tables = [material.totals] + ([] if material.previous is None else [material.previous])
    columns = ["state", "contest", "county", "snapshot"]
    rows = pl.concat([table.filter(pl.col("county") != "").select(columns) for table in tables])
    per_source = rows.group_by("snapshot", "state", "contest").agg(
        pl.col("county").n_unique().alias("counties")
    )
    return per_source.group_by("state", "contest").agg(pl.col("counties").max())


def explained(gaps: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """The gaps, each with the part that explains it where exactly one part does for the whole contest.

    Added columns: how ("whole": the gap is as large as this part's votes; "slip": a slip of the hand in
    this part's number makes it), hint_county, hint_unit, hint_votes, hint_file, hint_row; null elsewhere.
    """
    place = ["snapshot", "stated_snapshot", "state", "county_key", "contest"]
    numbered = gaps.with_row_index("_gap")
    large = numbered.filter(pl.col("gap").abs() >= SMALLEST_HINT)
    told = [pl.col(name).alias(f"hint_{name}") for name in ("county", "unit", "votes", "file", "row")]
    candidates = large.with_columns(_gaps=pl.len().over(place)).join(
        parts.select("snapshot", *CELL, *told), on=["snapshot", *CELL]
    )
    votes, gap = pl.col("hint_votes"), pl.col("gap")
    judged = candidates.with_columns(
        how=pl.when(votes == gap.abs()).then(pl.lit("whole"))
        .when(is_slip(votes, votes + gap)).then(pl.lit("slip"))
    ).drop_nulls("how")  # fmt: skip
    part = pl.struct("hint_county", "hint_unit")
    explains_all = judged.filter(pl.len().over(*place, "hint_county", "hint_unit", "how") == pl.col("_gaps"))
    # "whole" before "slip": a slip is named only where no part is as large as the gap.
    best = explains_all.filter(pl.col("how") == pl.col("how").max().over(place))
    alone = best.filter(part.n_unique().over(place) == 1)
    hints = alone.select(
        "_gap", "how", *(f"hint_{name}" for name in ("county", "unit", "votes", "file", "row"))
    )
    return numbered.join(hints, on="_gap", how="left", maintain_order="left").drop("_gap")
