"""What changed between a certified version of a source and the version after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from tallyproof.checks.joining import with_place_keys
from tallyproof.checks.material import Material
from tallyproof.election.canvass import Snapshot
from tallyproof.election.returns import VOTES, Level, is_measure

_COUNTY = ["state", "county_key", "contest"]
_CELL = [*_COUNTY, "unit_key", "level", "choice_id"]


@dataclass(frozen=True, slots=True)
class Amendment:
    """Two versions of one source, the older one final; one row of ``contests`` per contest that changed.

    Columns: contest, office, state, county (where it lies in one), unit (""), choices and by (their
    changes, largest vote first), moved (change of the margin between the two leading choices), cells
    (how many places changed), largest (the largest change of a number), file, row, file_before,
    row_before (where that number stands). ``number`` counts the source's versions from the oldest, 0, so
    that it stays the same when newer ones come.
    """

    before: Snapshot
    later: Snapshot
    contests: pl.DataFrame
    number: int = 0

    @property
    def is_comparable(self) -> bool:
        """Whether there were two versions to compare at all."""
        return self.before.status.is_final


def amendments(material: Material) -> Iterator[Amendment]:
    """Each version of a source that followed a final one, newest first."""
    for name in material.returns["snapshot"].unique(maintain_order=True).cast(pl.String):
        newest = material.snapshots.get(name)
        if newest is None:
            continue
        older = [each for each in material.earlier if each[0].source_id == newest.source_id]
        now = material.leaves.filter(pl.col("snapshot") == name)
        versions = [newest, *(snapshot for snapshot, _ in older)]
        for place, (later, (before, table)) in enumerate(zip(versions, older, strict=False), 1):
            then = Material(table, {}).leaves
            if before.status.is_final:
                yield Amendment(before, later, _changed(_cells(then), _cells(now)), len(older) - place)
            now = then


def _cells(leaves: pl.DataFrame) -> pl.DataFrame:
    """Votes under keys by which the versions meet."""
    keyed = with_place_keys(leaves.filter(is_measure(*VOTES)))
    return keyed.select(
        *_CELL, "county", "unit", "office", "choice", "measure", "vote_for", "votes", "file", "row"
    )


def _changed(then: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Contests whose numbers differ, only in counties that both versions have."""
    before, after = _alike(then, now), _alike(now, then)
    cells = after.join(before, on=_CELL, how="full", coalesce=True, suffix="_before").with_columns(
        pl.coalesce(name, f"{name}_before").alias(name) for name in ("county", "office", "choice", "measure")
    )
    by = pl.col("votes").fill_null(0) - pl.col("votes_before").fill_null(0)
    # A cell that stands in both but is unknown in one tells of no change.
    is_unknown = (pl.col("file").is_not_null() & pl.col("votes").is_null()) | (
        pl.col("file_before").is_not_null() & pl.col("votes_before").is_null()
    )
    judged = cells.with_columns(by=pl.when(is_unknown).then(0).otherwise(by))
    off = judged.filter(pl.col("by") != 0)
    totals = judged.join(off.select("contest").unique(), on="contest", how="semi")
    return _largest(off).join(_moves(totals), on="contest").join(_where(totals), on="contest")


def _alike(cells: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """The cells in places that both have; whole counties where only one version has their units."""
    here = cells.join(others, on=_COUNTY, how="semi")
    other_level = here.join(others, on=[*_COUNTY, "level"], how="anti").select(_COUNTY).unique()
    if not other_level.height:
        return here
    rest = [name for name in cells.columns if name not in {*_COUNTY, "choice_id", "votes"}]
    whole = here.join(other_level, on=_COUNTY, how="semi").group_by(
        [*_COUNTY, "choice_id"], maintain_order=True
    )
    summed = whole.agg(
        *(pl.col(name).first() for name in rest),
        pl.when(pl.col("votes").is_null().any()).then(None).otherwise(pl.col("votes").sum()).alias("votes"),
    )
    level = pl.lit(Level.COUNTY.value).cast(cells.schema["level"])
    nameless = summed.with_columns(unit_key=pl.lit("").cast(pl.Categorical), level=level).select(
        cells.columns
    )
    return pl.concat([here.join(other_level, on=_COUNTY, how="anti"), nameless])


def _largest(off: pl.DataFrame) -> pl.DataFrame:
    """By contest how many places changed, and where the largest change stands."""
    order = off.sort(pl.col("by").abs(), descending=True, maintain_order=True)
    return order.group_by("contest", maintain_order=True).agg(
        pl.struct("state", "county_key", "unit_key").n_unique().alias("cells"),
        pl.col("by").first().alias("largest"),
        pl.coalesce("file", "file_before").first().alias("file"),
        pl.coalesce("row", "row_before").first().alias("row"),
        pl.coalesce("file_before", "file").first().alias("file_before"),
        pl.coalesce("row_before", "row").first().alias("row_before"),
    )  # fmt: skip


def _moves(totals: pl.DataFrame) -> pl.DataFrame:
    """By contest the change of each choice, and of the margin between the last winner and the first loser."""
    named = totals.filter(is_measure(*VOTES)).group_by("contest", "choice_id", maintain_order=True).agg(
        pl.col("choice").first(), pl.col("votes").sum(), pl.col("by").sum(), pl.col("vote_for").max(),
        (pl.col("measure") == "choice").any().alias("is_choice"),
    )  # fmt: skip
    ordered = named.sort("is_choice", "votes", descending=True, maintain_order=True)
    seats = pl.col("vote_for").max().fill_null(1).cast(pl.Int64)
    last, first = pl.col("by").get(seats - 1, null_on_oob=True), pl.col("by").get(seats, null_on_oob=True)
    return ordered.group_by("contest", maintain_order=True).agg(
        pl.col("choice").alias("choices"), pl.col("by").alias("by"),
        (last.fill_null(0) - first.fill_null(0)).alias("moved"),
    )  # fmt: skip


def _where(totals: pl.DataFrame) -> pl.DataFrame:
    """By contest its office and the county it lies in, "" where it has several."""
    one = pl.col("county").n_unique() == 1
    return totals.group_by("contest").agg(
        pl.col("state", "office").first(),
        pl.when(one).then(pl.col("county").first().cast(pl.String)).otherwise(pl.lit("")).alias("county"),
        pl.lit("").alias("unit"),
    )
