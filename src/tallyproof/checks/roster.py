"""Which places are expected to report, and which of them do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from tallyproof.checks.joining import with_place_keys
from tallyproof.checks.material import Material
from tallyproof.checks.robust import FEWEST_VOTES
from tallyproof.election.returns import Level, UnitKind

MOST = 0.5
"""A source is expected to have all counties where it has so large a share of them."""
_PART = re.compile(r"(?:^|-)(?:ward|precinct|district|wd|ed|ad|pct)(?:-|$)")
_PART_NAME = re.compile(r"[\s,;]+(?:wards?|precincts?|districts?|wds?|pct)\b.*$", re.IGNORECASE)
_COUNTY, _UNIT = ["state", "county_key"], ["state", "county_key", "unit_key"]
_TOWN = ["state", "county_key", "town"]


@dataclass(frozen=True, slots=True)
class Roster:
    """Places a snapshot is expected to have; ``origin`` is "earlier" (version) or "before" (election)."""

    snapshot: str
    origin: str
    expected: pl.DataFrame


def places(material: Material) -> pl.DataFrame:
    """Every county and unit that has votes, with the most votes that any of its contests with one seat has.

    Columns: snapshot, state, county, unit, level, keys, town (the unit's municipality, "" where its name
    is only a number), votes, file, row.
    """
    single = pl.col("vote_for").fill_null(1) == 1
    kept = material.sums.filter(
        single & (pl.col("unit_kind") == UnitKind.PLACE.value) & (pl.col("county") != "")
    )
    key = ["snapshot", "state", "county", "unit", "level"]
    rows = kept.group_by(key, maintain_order=True).agg(
        pl.col("votes").max(), pl.col("file").first(), pl.col("row").min()
    )
    keyed = with_place_keys(rows).with_columns(pl.col("county_key", "unit_key").cast(pl.String))
    return keyed.with_columns(town=pl.col("unit_key").map_elements(town_of, return_dtype=pl.String))


def town_of(unit_key: str) -> str:
    """The municipality in a unit's key: what stands before its ward or precinct; nothing where there is none.

    >>> town_of("city-of-brookfield-ward-1-4"), town_of("precinct-12")
    ('city-of-brookfield', '')
    """
    found = _PART.search(unit_key)
    return unit_key[: found.start()] if found else ""


def town_name(unit: str) -> str:
    """The municipality in a unit's name as the source writes it.

    >>> town_name("City of Brookfield Wards 1-4")
    'City of Brookfield'
    """
    return _PART_NAME.sub("", unit) or unit


def rosters(material: Material) -> Iterator[Roster]:
    """For each snapshot with votes: the newest earlier version of its source, and the election before."""
    before = None if material.before is None else places(material.before)
    for name in material.sums["snapshot"].unique(maintain_order=True).cast(pl.String):
        source = material.source_id(name)
        versions = [table for older, table in material.earlier if older.source_id == source]
        if versions:
            yield Roster(name, "earlier", places(Material(versions[0], {})))
        if before is not None:
            yield Roster(name, "before", before)


def absent(present: pl.DataFrame, expected: pl.DataFrame) -> pl.DataFrame:
    """Expected places that ``present`` lacks or shows without a vote, each told once at the widest level.

    Columns: state, county, unit (a municipality where all its units are absent), kind ("county", "town",
    "unit", "no votes", "renamed"), units, new (new names that may stand for them), votes, file, row.
    """
    had = expected.filter(pl.col("votes").is_null() | (pl.col("votes") > 0))
    wanted = had.join(present.select("state").unique(), on="state", how="semi")
    in_units = present.filter(pl.col("level") == Level.UNIT.value)
    units = wanted.filter(pl.col("level") == Level.UNIT.value).join(
        in_units.select(_COUNTY).unique(), on=_COUNTY, how="semi"
    )
    gone = units.join(in_units, on=_UNIT, how="anti")
    found = _towns_and_units(gone, in_units, expected)
    return pl.concat([_counties(present, wanted), *found, _without_votes(units, in_units)])


def _told(rows: pl.DataFrame, kind: str, by: list[str], new: pl.DataFrame | None = None) -> pl.DataFrame:
    """One row per place told of, from the rows of its units."""
    told = rows.group_by(by, maintain_order=True).agg(
        pl.col("county", "unit").cast(pl.String).first(), pl.len().cast(pl.Int64).alias("units"),
        pl.when(pl.col("votes").is_null().any()).then(None).otherwise(pl.col("votes").sum()).alias("votes"),
        pl.col("file").first(), pl.col("row").min(),
    )  # fmt: skip
    counted = told if new is None else told.join(new, on=_COUNTY, how="left")
    count = pl.lit(0) if new is None else pl.col("new").fill_null(0)
    return counted.select(
        pl.col("state").cast(pl.String), "county", "unit", pl.lit(kind).alias("kind"), "units",
        count.cast(pl.Int64).alias("new"), "votes", "file", "row",
    )  # fmt: skip


def _counties(present: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Counties without any row, where the source has at least half of the state's expected counties."""
    have = present.select(_COUNTY).unique().with_columns(has=pl.lit(value=True))
    known = wanted.select(_COUNTY).unique().join(have, on=_COUNTY, how="left")
    share = pl.col("has").fill_null(value=False).mean().over("state")
    lacking = known.filter(pl.col("has").is_null() & (share >= MOST))
    finest = pl.col("level") == pl.col("level").max().over(_COUNTY)
    gone = wanted.filter(finest).join(lacking, on=_COUNTY, how="semi")
    return _told(gone.with_columns(unit=pl.lit("")), "county", _COUNTY)


def _towns_and_units(gone: pl.DataFrame, here: pl.DataFrame, expected: pl.DataFrame) -> list[pl.DataFrame]:
    """Municipalities without any unit, units missing from a municipality that is there, and renamed ones.

    Names that are new in the same municipality may be the missing ones, renamed or merged: only where none
    is new do they count as missing (among bare numbers, where more are missing than are new). So may whole
    municipalities be, where a county has as many new ones.
    """
    new = here.join(expected, on=_UNIT, how="anti")
    judged = _counted(gone, new, here, expected)
    is_whole = (pl.col("town") != "") & pl.col("here").is_null()
    is_number = (pl.col("town") == "") & (pl.len().over(_TOWN) > pl.col("new_units"))
    kind = (
        pl.when(is_whole & (pl.col("town").filter(is_whole).n_unique().over(_COUNTY) > pl.col("new_towns")))
        .then(pl.lit("town"))
        .when(~is_whole & ((pl.col("new_units") == 0) | is_number))
        .then(pl.lit("unit"))
        .otherwise(pl.lit("renamed"))
    )
    sorted_out = judged.with_columns(kind=kind)
    by_name = pl.col("unit").cast(pl.String).map_elements(town_name, return_dtype=pl.String)
    in_county = new.group_by(_COUNTY).agg(pl.len().alias("new"))
    towns, units, renamed = (
        sorted_out.filter(pl.col("kind") == each) for each in ("town", "unit", "renamed")
    )
    return [
        _told(towns.with_columns(unit=by_name), "town", _TOWN),
        _told(units, "unit", _UNIT),
        _told(renamed.with_columns(unit=pl.lit("")), "renamed", _COUNTY, in_county),
    ]


def _counted(
    gone: pl.DataFrame, new: pl.DataFrame, here: pl.DataFrame, expected: pl.DataFrame
) -> pl.DataFrame:
    """Missing units with: here (whether their municipality is), new_units in it, new_towns in the county."""
    names = new.group_by(_TOWN).agg(pl.len().alias("new_units"))
    new_towns = new.filter(pl.col("town") != "").join(expected, on=_TOWN, how="anti")
    counted = new_towns.group_by(_COUNTY).agg(pl.col("town").n_unique().alias("new_towns"))
    towns = here.select(_TOWN).unique().with_columns(here=pl.lit(value=True))
    joined = gone.join(names, on=_TOWN, how="left").join(counted, on=_COUNTY, how="left")
    return joined.join(towns, on=_TOWN, how="left").with_columns(
        pl.col("new_units", "new_towns").fill_null(0)
    )


def _without_votes(units: pl.DataFrame, here: pl.DataFrame) -> pl.DataFrame:
    """Units that are there but show no vote in any contest, where a hundred or more were expected."""
    silent = here.group_by(_UNIT).agg(pl.col("votes").max().alias("now")).filter(pl.col("now") == 0)
    expected = units.filter(pl.col("votes") >= FEWEST_VOTES)
    return _told(expected.join(silent, on=_UNIT, how="semi"), "no votes", _UNIT)
