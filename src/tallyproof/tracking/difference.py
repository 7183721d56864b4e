"""What changed between two versions of a count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from tallyproof.election.jurisdiction import place_key
from tallyproof.election.returns import Measure, finest, is_measure, resolve_modes
from tallyproof.tracking.standing import contest_totals, from_votes

_NAMED = ("state", "county", "unit")
_PLACE = (*_NAMED, "level", "contest", "choice_id", "measure")
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
    joined = _match(_cells(before), _cells(after))
    changed = joined.filter(pl.col("votes").ne_missing(pl.col("votes_after"))).sort(*_ORDER)
    is_leaf = pl.col("finest").fill_null(value=False) | pl.col("finest_after").fill_null(value=False)
    return Difference(
        tuple(_change(row) for row in changed.iter_rows(named=True)),
        _margins(before, after),
        _units(changed.filter(is_leaf)),
        joined.height,
        _came(joined.filter(is_leaf), "before"),
        _came(joined.filter(is_leaf), "after"),
    )


def _cells(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per number with its place, whether it is at the finest level given, and its source row."""
    totals = resolve_modes(frame)
    leaves = finest(totals).select(*_PLACE, finest=pl.lit(value=True))
    kept = totals.join(leaves, on=_PLACE, how="left")
    return kept.select(*_PLACE, "unit_id", "choice", "votes", "row", "finest", there=pl.lit(value=True))


def _match(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Rows side by side under one key per unit; what only one table has stands alone."""
    key = _common_key(old, new)
    old, new = (frame.with_columns(key(frame).alias("place")) for frame in (old, new))
    joined = old.join(
        new.drop("unit_id").rename({name: f"{name}_after" for name in _BOTH}),
        on=_CELL, how="full", coalesce=True, nulls_equal=True,
    )  # fmt: skip
    return joined.with_columns(
        pl.coalesce(pl.col(name).cast(pl.String), pl.col(f"{name}_after").cast(pl.String)).alias(name)
        for name in ("choice", *_NAMED)
    )


Key = Callable[[pl.DataFrame], pl.Expr]


def _common_key(old: pl.DataFrame, new: pl.DataFrame) -> Key:
    """The first key that tells the units of each table apart: id, county with id, spelling, exact name."""
    has_ids = all((frame["unit_id"] != "").any() for frame in (old, new))
    share_ids = has_ids and bool(set(old["unit_id"]) & set(new["unit_id"]) - {""})
    ids = [_by_id, _by_county_and_id] if share_ids else []
    return next((key for key in [*ids, _by_spelling] if _tells_apart(key, old, new)), _by_name)


def _tells_apart(key: Key, *tables: pl.DataFrame) -> bool:
    name = pl.struct(*_NAMED, "level").n_unique()
    counts = (frame.select(name, key(frame).n_unique().alias("keys")).row(0) for frame in tables)
    return all(names == keys for names, keys in counts)


def _by_id(frame: pl.DataFrame) -> pl.Expr:
    return pl.when(pl.col("unit_id") != "").then(pl.col("unit_id").cast(pl.String)).otherwise(_by_name(frame))


def _by_county_and_id(frame: pl.DataFrame) -> pl.Expr:
    with_county = pl.concat_str(
        pl.col("state").cast(pl.String),
        _plain(frame, "county"),
        pl.col("unit_id").cast(pl.String),
        separator="|",
    )
    return pl.when(pl.col("unit_id") != "").then(with_county).otherwise(_by_name(frame))


def _by_spelling(frame: pl.DataFrame) -> pl.Expr:
    return pl.concat_str(
        *(pl.col(name).cast(pl.String) for name in ("state", "level")), _plain(frame, "county"),
        _plain(frame, "unit"), separator="|",
    )  # fmt: skip


def _by_name(frame: pl.DataFrame) -> pl.Expr:
    return pl.concat_str([pl.col(name).cast(pl.String) for name in (*_NAMED, "level")], separator="|")


def _plain(frame: pl.DataFrame, name: str) -> pl.Expr:
    texts = frame[name].unique().cast(pl.String)
    return pl.col(name).cast(pl.String).replace_strict(texts, [place_key(text) for text in texts])


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
