"""What changed between two versions of a count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from tallyproof.election.matching import Key, common_key
from tallyproof.election.returns import finest, resolve_modes
from tallyproof.tracking.standing import contest_totals, from_votes

_NAMED = ("state", "county", "unit")
_CELL = ("place", "level", "contest", "choice_id", "measure")
_ORDER = ("contest", "state", "county", "unit", "choice")
_BOTH = ("votes", "row", "finest", "there", "choice", *_NAMED)


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
    """Every changed number and margin, the units in which one differs, and units that came or went.

    ``units`` holds units at the finest level given; a county's own row that changes with them is among
    the ``changes`` only. ``compared`` is how many numbers were held against each other.
    """

    changes: tuple[Change, ...]
    margins: tuple[MarginChange, ...]
    units: tuple[str, ...]
    compared: int
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def difference(before: pl.DataFrame, after: pl.DataFrame) -> Difference:
    """Compare two returns tables cell by cell, modes resolved.

    Units meet by their official id where both tables have ids that tell units apart, else by county
    and name, whose spelling may differ in case, punctuation and leading zeros.
    """
    old, new = _totals(before), _totals(after)
    joined = _match(old, new)
    changed = joined.filter(pl.col("votes").ne_missing(pl.col("votes_after"))).sort(*_ORDER)
    is_leaf = pl.col("finest").fill_null(value=False) | pl.col("finest_after").fill_null(value=False)
    return Difference(
        tuple(_change(row) for row in changed.iter_rows(named=True)),
        _margins(old, new),
        _units(changed.filter(is_leaf)),
        joined.height,
        _came(joined.filter(is_leaf), "before"),
        _came(joined.filter(is_leaf), "after"),
    )


def _totals(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per number, modes resolved, and whether it is at the finest level given."""
    totals = resolve_modes(frame).with_row_index("_number")
    leaves = finest(totals).select("_number", finest=pl.lit(value=True))
    return totals.join(leaves, on="_number", how="left", maintain_order="left").drop("_number")


def _match(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Rows side by side under one key per unit; what only one table has stands alone."""
    units = [frame.select(*_NAMED, "level", "unit_id").unique() for frame in (old, new)]
    key = common_key(*units)
    before, after = (_placed(frame, unit, key) for frame, unit in zip((old, new), units, strict=True))
    joined = before.join(
        after.rename({name: f"{name}_after" for name in _BOTH}), on=_CELL, how="full", coalesce=True
    )
    return joined.with_columns(
        pl.coalesce(pl.col(name), pl.col(f"{name}_after")).alias(name) for name in ("choice", *_NAMED)
    )


def _placed(frame: pl.DataFrame, units: pl.DataFrame, key: Key) -> pl.DataFrame:
    """The frame's rows with the key of their unit, made once per unit."""
    place = key(units).cast(pl.Categorical).alias("place")
    on = [*_NAMED, "level", "unit_id"]
    return frame.join(units.with_columns(place), on=on, how="left", maintain_order="left").select(
        *_CELL, *_NAMED, "choice", "votes", "row", "finest", there=pl.lit(value=True)
    )


def _units(rows: pl.DataFrame) -> tuple[str, ...]:
    """The units of these rows as people name them, each once."""
    return tuple(_unit(row) for row in rows.unique(_NAMED, maintain_order=True).iter_rows(named=True))


def _unit(row: Mapping[str, Any]) -> str:
    return ", ".join(str(row[name]) for name in ("county", "unit") if row[name]) or str(row["state"])


def _came(leaves: pl.DataFrame, absent: str) -> tuple[str, ...]:
    """Units of which one of the two tables has no row at all."""
    there = pl.col("there" if absent == "before" else "there_after")
    return _units(leaves.filter(there.is_null().all().over("place")).sort(*_ORDER))


def _change(row: Mapping[str, Any]) -> Change:
    return Change(
        str(row["contest"]),
        _unit(row),
        str(row["choice"] or row["choice_id"]),
        str(row["measure"]),
        row["votes"],
        row["votes_after"],
        row["row"],
        row["row_after"],
    )


def _margins(before: pl.DataFrame, after: pl.DataFrame) -> tuple[MarginChange, ...]:
    """Contests whose leader, by key and not by spelling, or whose margin is another."""
    old, new = _standings(before), _standings(after)
    nothing: tuple[str, str, int | None] = ("", "", None)
    found = []
    for contest in sorted({*old, *new}):
        (was, leader_before, margin_before), (now, leader_after, margin_after) = (
            side.get(contest, nothing) for side in (old, new)
        )
        if (was, margin_before) != (now, margin_after):
            found.append(MarginChange(contest, leader_before, margin_before, leader_after, margin_after))
    return tuple(found)


def _standings(totals: pl.DataFrame) -> dict[str, tuple[str, str, int | None]]:
    """By contest the leader's key and name, and the margin."""
    leaves = totals.filter(pl.col("finest")).with_columns(snapshot=pl.lit("one").cast(pl.Categorical))
    by_choice = contest_totals(leaves)
    by_key = {each.contest: each.leader for each in from_votes(by_choice.with_columns(choice="choice_id"))}
    return {each.contest: (by_key[each.contest], each.leader, each.margin) for each in from_votes(by_choice)}
