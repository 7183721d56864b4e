"""Numbers set side by side: two contests of one ballot, or this election and the one before."""

from __future__ import annotations

import polars as pl

from tallyproof.checks.joining import with_place_keys
from tallyproof.checks.material import SUM_KEY, Material
from tallyproof.checks.robust import FEWEST_UNITS
from tallyproof.election.returns import Level, Measure, is_measure

NEARLY_ALL = 0.95
"""A contest is statewide where so large a share of the state's units has it."""
MEET = 0.5
"""Units are compared with the election before where so large a share of them meets by name; else counties."""
_PLACE = ["snapshot", "state", "county", "unit", "level"]


def contest_pairs(material: Material) -> pl.DataFrame | None:
    """Votes of the top contest beside each other statewide contest, per unit; None where there is no pair.

    Columns: snapshot, state, county, unit, level, top, contest, office, top_office, S_top, S_c,
    d = S_top - S_c, n = max of both, vote_for of the other contest, file and row of the top contest.
    """
    sums = finest_sums(material).filter(
        pl.col("votes").is_not_null() & (pl.col("vote_for").fill_null(1) == 1)
    )
    pairs = paired(sums, {"votes": "S"})
    if pairs is None:
        return None
    return pairs.with_columns(d=pl.col("S_top") - pl.col("S_c"), n=pl.max_horizontal("S_top", "S_c"))


def paired(sums: pl.DataFrame, numbers: dict[str, str]) -> pl.DataFrame | None:
    """Each unit's numbers of the top contest (``X_top``) beside every other statewide contest's (``X_c``).

    ``numbers`` gives the X for each column; ``sums`` has a row per ``SUM_KEY`` with votes, office,
    vote_for, file and row. None where no state has two statewide contests.
    """
    tops = statewide(sums)
    if not tops.height:
        return None
    within = ["snapshot", "state", "contest"]
    of_top = sums.join(tops.filter(pl.col("_order") == 0).select(within), on=within, how="semi")
    of_others = sums.join(tops.filter(pl.col("_order") > 0).select(within), on=within, how="semi")
    left = of_top.select(
        *_PLACE, pl.col("contest").alias("top"), pl.col("office").alias("top_office"), "file", "row",
        *(pl.col(name).alias(f"{short}_top") for name, short in numbers.items()),
    )  # fmt: skip
    right = of_others.select(
        *_PLACE, "contest", "office", "vote_for",
        *(pl.col(name).alias(f"{short}_c") for name, short in numbers.items()),
    )  # fmt: skip
    pairs = left.join(right, on=_PLACE)
    return pairs if pairs.height else None


def finest_sums(material: Material) -> pl.DataFrame:
    """``material.sums`` at the finest level given for each contest and county."""
    levels = {Level.STATE.value: 0, Level.COUNTY.value: 1, Level.UNIT.value: 2}
    ranked = material.sums.with_columns(_rank=pl.col("level").replace_strict(levels, return_dtype=pl.Int8))
    group = ["snapshot", "state", "contest"]
    deepest = pl.col("_rank").max()
    return ranked.filter(
        (pl.col("_rank") == deepest.over([*group, "county"]))
        & ((pl.col("_rank") > 0) | (deepest.over(group) == 0))
    ).drop("_rank")


def statewide(sums: pl.DataFrame) -> pl.DataFrame:
    """Contests on every ballot of a state, by snapshot: the one with most votes first (``_order`` 0)."""
    unit_count = pl.struct("county", "unit").n_unique()
    contests = sums.group_by("snapshot", "state", "contest", maintain_order=True).agg(
        pl.col("votes").sum(), unit_count.alias("units"), pl.col("office").first()
    )
    most = pl.col("units").max().over("snapshot", "state")
    everywhere = contests.filter(pl.col("units") >= NEARLY_ALL * most)
    is_president = (pl.col("office") == "President").cast(pl.Int8)
    order = everywhere.sort(is_president, "votes", "contest", descending=[True, True, False])
    return order.with_columns(_order=pl.int_range(pl.len()).over("snapshot", "state")).filter(
        pl.len().over("snapshot", "state") > 1
    )


def two_party(material: Material) -> pl.DataFrame:
    """Democratic (D) and Republican (R) votes by ``SUM_KEY`` at the finest level, contests with both only.

    Unknown where a part is unknown; also office, vote_for, votes (their sum), file and row.
    """
    named = material.leaves.filter(is_measure(Measure.CHOICE) & pl.col("party").is_in(["DEM", "REP"]))
    contested = pl.col("party").n_unique().over("snapshot", "contest") == 2
    both = named.filter(contested).group_by(list(SUM_KEY), maintain_order=True).agg(
        *(_of_party(party).alias(party[0]) for party in ("DEM", "REP")),
        pl.col("office", "vote_for", "file").first(), pl.col("row").min(),
    )  # fmt: skip
    return both.with_columns(votes=pl.col("D") + pl.col("R"))


def _of_party(party: str) -> pl.Expr:
    votes = pl.col("votes").filter(pl.col("party") == party)
    return pl.when(votes.is_null().any() | (votes.len() == 0)).then(None).otherwise(votes.sum())


def beside_previous(now: pl.DataFrame, before: pl.DataFrame, numbers: list[str]) -> pl.DataFrame:
    """Each place's numbers beside those of the election before (``X_before``), contest by contest.

    Both tables have ``SUM_KEY``, office, file, row and the number columns. Places meet by their keys:
    units where at least half of a contest's units (and 15) meet, else whole counties.
    """
    now, before = with_place_keys(now), with_place_keys(before)
    units = _met(_at_units(now), _at_units(before), numbers)
    group = ["snapshot", "state", "contest"]
    count = now.filter(pl.col("level") == Level.UNIT.value).group_by(group).agg(pl.len().alias("_all"))
    met = units.group_by(group).agg(pl.len().alias("_met")).join(count, on=group)
    enough = (pl.col("_met") >= FEWEST_UNITS) & (pl.col("_met") >= MEET * pl.col("_all"))
    by_unit = met.filter(enough).select(group)
    counties = _met(_at_counties(now, numbers), _at_counties(before, numbers), numbers)
    return pl.concat(
        [units.join(by_unit, on=group, how="semi"), counties.join(by_unit, on=group, how="anti")]
    )


_KEYS = ["state", "county_key", "unit_key", "contest"]


def _at_units(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("level") == Level.UNIT.value)


def _at_counties(table: pl.DataFrame, numbers: list[str]) -> pl.DataFrame:
    """One row per county: its own, or the sum over its units (unknown where one is)."""
    sums = [
        pl.when(pl.col(name).is_null().any()).then(None).otherwise(pl.col(name).sum()).alias(name)
        for name in numbers
    ]
    nothing = pl.lit("").cast(pl.Categorical)
    in_counties = table.filter((pl.col("level") != Level.STATE.value) & (pl.col("county") != ""))
    return (
        in_counties.group_by("snapshot", "state", "county_key", "contest", maintain_order=True)
        .agg(pl.col("county", "office", "file").first(), pl.col("row").min(), *sums)
        .with_columns(unit=nothing, unit_key=nothing)
    )


def _met(now: pl.DataFrame, before: pl.DataFrame, numbers: list[str]) -> pl.DataFrame:
    then = before.unique(_KEYS, keep="first", maintain_order=True).select(
        *_KEYS, *(pl.col(name).alias(f"{name}_before") for name in numbers)
    )
    columns = ["snapshot", "state", "county", "unit", "contest", "office", "file", "row", *numbers]
    joined = now.join(then, on=_KEYS, maintain_order="left")
    return joined.select(*columns, *(f"{name}_before" for name in numbers))
