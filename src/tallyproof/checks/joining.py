"""Matching units across sources, and bringing ballots and registration beside a contest's votes."""

from __future__ import annotations

import polars as pl

from tallyproof.election.jurisdiction import place_key
from tallyproof.election.returns import Level, Measure

COUNTED = {"ballots": Measure.BALLOTS_CAST, "registered": Measure.REGISTERED, "voters": Measure.VOTERS}
_PLACE = ["state", "county_key", "unit_key", "level"]


def with_place_keys(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``county_key`` and ``unit_key``, under which spellings of one place meet."""
    for name in ("county", "unit"):
        texts = frame[name].unique().cast(pl.String)
        keys = pl.DataFrame({name: texts, f"{name}_key": [place_key(text) for text in texts]})
        keys = keys.with_columns(pl.all().cast(pl.Categorical))
        frame = frame.join(keys, on=name, how="left", maintain_order="left")
    return frame


def unit_counts(rows: pl.DataFrame) -> pl.DataFrame:
    """Ballots, voters and registration of units; counties summed where only their units give them.

    Columns: snapshot, state, county, unit, level, keys, unit_id, contest ("" for the unit as a whole),
    measure, votes, file, row, summed (whether it is our sum over a county's units).
    """
    columns = [
        "snapshot",
        "state",
        "county",
        "unit",
        "level",
        "unit_id",
        "contest",
        "measure",
        "votes",
        "file",
        "row",
    ]
    given = rows.filter(pl.col("votes").is_not_null()).select(columns)
    own = given.with_columns(summed=pl.lit(False))
    group = ["snapshot", "state", "county", "contest", "measure"]
    per_county = (
        rows.filter((pl.col("level") == Level.UNIT.value) & (pl.col("county") != ""))
        .group_by(group, maintain_order=True)
        .agg(
            pl.when(pl.col("votes").is_null().any()).then(None).otherwise(pl.col("votes").sum()).alias("votes"),
            pl.col("file").first(), pl.col("row").min(),
        )
        .filter(pl.col("votes").is_not_null())
    )  # fmt: skip
    stated = given.filter(pl.col("level") == Level.COUNTY.value)
    missing = per_county.join(stated, on=group, how="anti")
    sums = missing.with_columns(
        unit=pl.lit("").cast(pl.Categorical), unit_id=pl.lit("").cast(pl.Categorical),
        level=pl.lit(Level.COUNTY.value).cast(own.schema["level"]), summed=pl.lit(True),
    )  # fmt: skip
    return with_place_keys(pl.concat([own, sums.select(own.columns)]))


def with_unit_counts(sums: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """Add ballots, registered and voters to each row: from its own snapshot, else from another source."""
    keyed = with_place_keys(sums).with_row_index("_n")
    for name, measure in COUNTED.items():
        keyed = _bring(keyed, counts.filter(pl.col("measure") == measure.value), name)
    return keyed.drop("_n")


def _bring(sums: pl.DataFrame, counts: pl.DataFrame, name: str) -> pl.DataFrame:
    """The best count per row: own snapshot first, this contest's before the unit's, id before name."""
    offered = counts.select(
        pl.col("snapshot").alias(f"{name}_snapshot"), *_PLACE, "unit_id", pl.col("contest").alias("_of"),
        pl.col("votes").alias(name), pl.col("file").alias(f"{name}_file"), pl.col("row").alias(f"{name}_row"),
        pl.col("summed").alias(f"{name}_summed"),
    )  # fmt: skip
    wanted = sums.select("_n", "snapshot", "contest", "unit_id", *_PLACE)
    by_id = (
        wanted.filter(pl.col("unit_id") != "")
        .join(offered.drop(_PLACE), on="unit_id")
        .with_columns(_near=pl.lit(1))
    )
    by_name = wanted.join(offered.drop("unit_id"), on=_PLACE).with_columns(_near=pl.lit(0))
    columns = [c for c in by_name.columns if c not in {"unit_id", *_PLACE}]
    candidates = pl.concat([by_id.select(columns), by_name.select(columns)])
    fits = candidates.filter((pl.col("_of") == "") | (pl.col("_of") == pl.col("contest")))
    best = (
        fits.with_columns(
            _own=(pl.col(f"{name}_snapshot") == pl.col("snapshot")),
            _exact=(pl.col("_of") == pl.col("contest")),
        )
        .sort("_own", "_exact", "_near", descending=True)
        .unique("_n", keep="first", maintain_order=True)
    )
    brought = [name, f"{name}_snapshot", f"{name}_file", f"{name}_row", f"{name}_summed"]
    return sums.join(best.select("_n", *brought), on="_n", how="left", maintain_order="left")
