"""How units of two tables are known to be the same: by official id, by county and id, by spelling."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from tallyproof.election.jurisdiction import place_key

NAMED = ("state", "county", "unit")

Key = Callable[[pl.DataFrame], pl.Expr]
"""Makes of a table of units the expression by which each is known."""


def common_key(old: pl.DataFrame, new: pl.DataFrame) -> Key:
    """The first key that tells the units of each table apart: id, county with id, spelling, exact name."""
    has_ids = all((units["unit_id"] != "").any() for units in (old, new))
    share_ids = has_ids and bool(set(old["unit_id"]) & set(new["unit_id"]) - {""})
    ids = [_by_id, _by_county_and_id] if share_ids else []
    return next((key for key in [*ids, _by_spelling] if _tells_apart(key, old, new)), _by_name)


def _tells_apart(key: Key, *tables: pl.DataFrame) -> bool:
    name = pl.struct(*NAMED, "level").n_unique()
    counts = (units.select(name, key(units).n_unique().alias("keys")).row(0) for units in tables)
    return all(names == keys for names, keys in counts)


def _by_id(units: pl.DataFrame) -> pl.Expr:
    return pl.when(pl.col("unit_id") != "").then(pl.col("unit_id").cast(pl.String)).otherwise(_by_name(units))


def _by_county_and_id(units: pl.DataFrame) -> pl.Expr:
    with_county = pl.concat_str(
        pl.col("state").cast(pl.String),
        _plain(units, "county"),
        pl.col("unit_id").cast(pl.String),
        separator="|",
    )
    return pl.when(pl.col("unit_id") != "").then(with_county).otherwise(_by_name(units))


def _by_spelling(units: pl.DataFrame) -> pl.Expr:
    return pl.concat_str(
        *(pl.col(name).cast(pl.String) for name in ("state", "level")), _plain(units, "county"),
        _plain(units, "unit"), separator="|",
    )  # fmt: skip


def _by_name(units: pl.DataFrame) -> pl.Expr:
    return pl.concat_str([pl.col(name).cast(pl.String) for name in (*NAMED, "level")], separator="|")


def _plain(units: pl.DataFrame, name: str) -> pl.Expr:
    texts = units[name].unique().cast(pl.String)
    return pl.col(name).cast(pl.String).replace_strict(texts, [place_key(text) for text in texts])
