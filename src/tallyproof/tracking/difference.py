"""What changed between two versions of a count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from tallyproof.election.returns import Measure, finest, is_measure, resolve_modes
from tallyproof.tracking.standing import contest_totals, from_votes

_PLACE = ["state", "county", "unit", "level", "contest", "choice_id", "measure"]


@dataclass(frozen=True, slots=True)
class Change:
    """One number that is not what it was; ``before`` or ``after`` is None where it was not given."""

    contest: str
    unit: str
    choice: str
    measure: str
    before: int | None
    after: int | None
    row_before: int | None = None
    row_after: int | None = None

    @property
    def by(self) -> int | None:
        """The change in votes; None where one side is unknown."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class MarginChange:
    """A contest's leader and margin before and after."""

    contest: str
    leader_before: str
    margin_before: int | None
    leader_after: str
    margin_after: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Every changed number, the changed margins, and how many units differ at all."""

    changes: tuple[Change, ...]
    margins: tuple[MarginChange, ...]
    units: tuple[str, ...]
    compared: int


def difference(before: pl.DataFrame, after: pl.DataFrame) -> Difference:
    """Compare two returns tables cell by cell, modes resolved, at the finest level each gives.

    Units meet by their official id where both have one, else by county and name. Stated totals and
    other sums are compared too, but only units at the finest level are counted as changed units.
    """
    old, new = _cells(before), _cells(after)
    joined = _match(old, new)
    changed = joined.filter(pl.col("votes").ne_missing(pl.col("votes_after")))
    is_leaf = pl.col("finest").fill_null(value=False) | pl.col("finest_after").fill_null(value=False)
    leaves = changed.filter(is_leaf & (pl.col("measure").cast(pl.String) != Measure.TOTAL_VOTES.value))
    changes = tuple(
        _change(row) for row in leaves.sort("contest", "county", "unit", "choice").iter_rows(named=True)
    )
    units = tuple(dict.fromkeys(change.unit for change in changes))
    return Difference(changes, _margins(before, after), units, joined.height)


def _cells(frame: pl.DataFrame) -> pl.DataFrame:
    totals = resolve_modes(frame)
    leaves = finest(totals).select(*_PLACE, finest=pl.lit(value=True))
    kept = totals.join(leaves, on=_PLACE, how="left")
    return kept.select(*_PLACE, "unit_id", "choice", "votes", "row", "finest").with_columns(
        place=pl.when(pl.col("unit_id") != "").then(pl.col("unit_id").cast(pl.String)).otherwise(_name_key())
    )


def _name_key() -> pl.Expr:
    return pl.concat_str(
        [pl.col(name).cast(pl.String) for name in ("state", "county", "unit", "level")], separator="|"
    )


def _match(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Rows side by side; by official id only where both tables have ids, so that an id never meets a name."""
    if old["unit_id"].eq("").all() or new["unit_id"].eq("").all():
        old, new = old.with_columns(place=_name_key()), new.with_columns(place=_name_key())
    on = ["place", "level", "contest", "choice_id", "measure"]
    renamed = new.rename(
        {name: f"{name}_after" for name in ("votes", "row", "finest", "choice", "county", "unit", "state")}
    )
    joined = old.join(renamed.drop("unit_id"), on=on, how="full", coalesce=True, nulls_equal=True)
    return joined.with_columns(
        pl.coalesce(pl.col(name).cast(pl.String), pl.col(f"{name}_after").cast(pl.String)).alias(name)
        for name in ("choice", "county", "unit", "state")
    )


def _change(row: Mapping[str, Any]) -> Change:
    unit = ", ".join(str(row[name]) for name in ("county", "unit") if row[name]) or str(row["state"])
    return Change(
        str(row["contest"]),
        unit,
        str(row["choice"] or row["choice_id"]),
        str(row["measure"]),
        row["votes"],
        row["votes_after"],
        row["row"],
        row["row_after"],  # type: ignore[arg-type]
    )


def _margins(before: pl.DataFrame, after: pl.DataFrame) -> tuple[MarginChange, ...]:
    old, new = _standing(before), _standing(after)
    moved = [contest for contest in sorted({*old, *new}) if old.get(contest) != new.get(contest)]
    nothing: tuple[str, int | None] = ("", None)
    return tuple(MarginChange(each, *old.get(each, nothing), *new.get(each, nothing)) for each in moved)


def _standing(frame: pl.DataFrame) -> dict[str, tuple[str, int | None]]:
    if not frame.select(is_measure(Measure.CHOICE).any()).item():
        return {}
    marked = frame.drop("snapshot", strict=False).with_columns(snapshot=pl.lit("one").cast(pl.Categorical))
    leaves = finest(resolve_modes(marked, ["snapshot"]), ["snapshot"])
    return {each.contest: (each.leader, each.margin) for each in from_votes(contest_totals(leaves))}
