"""A contest's votes by reporting unit, as the snapshot it relies on tells them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from tallyproof.checks.material import Material
from tallyproof.election.returns import VOTES, Measure, is_measure
from tallyproof.services.counting import ContestCount

NAMED = 4
"""Choices with a column of their own; the rest are added up as others."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit: votes of the named choices, of all others, and in all; None where not known.

    ``lead`` is the leading choice's votes over the second one's, below 0 where the second is ahead; None
    too where several choices win.
    ``row`` is the first source row of the unit, ``state`` its postal code.
    """

    county: str
    unit: str
    votes: tuple[int | None, ...]
    others: int | None
    total: int | None
    lead: int | None
    row: int | None
    state: str = ""


@dataclass(frozen=True, slots=True)
class UnitTable:
    """Units in the order of the source; ``choices`` names the columns of ``UnitRow.votes``."""

    choices: tuple[str, ...]
    rows: tuple[UnitRow, ...]
    has_others: bool
    has_lead: bool

    @property
    def counties(self) -> tuple[str, ...]:
        """The counties that units lie in, by name."""
        return tuple(sorted({row.county for row in self.rows if row.county}))


def unit_table(material: Material, counted: ContestCount) -> UnitTable:
    """The units of a contest at the finest level that its snapshot gives."""
    is_own = (pl.col("contest") == counted.contest.id) & (pl.col("snapshot") == counted.standing.snapshot)
    cells = material.leaves.filter(is_own & is_measure(*VOTES))
    if not cells.height:
        return UnitTable((), (), has_others=False, has_lead=False)
    ids = _largest(cells)
    names = dict(
        cells.select("choice_id", "choice").unique("choice_id", keep="first", maintain_order=True).iter_rows()
    )
    votes = [_votes_for(each).alias(f"v{place}") for place, each in enumerate(ids)]
    is_other = ~pl.col("choice_id").cast(pl.String).is_in(ids)
    units = cells.group_by("county", "unit", "state", "level", maintain_order=True).agg(
        *votes,
        _known_sum(pl.col("votes").filter(is_other)).alias("others"),
        _known_sum(pl.col("votes")).alias("total"),
        pl.col("row").min(),
    )
    rows = tuple(_row(each, len(ids), counted.standing.seats) for each in units.iter_rows(named=True))
    return UnitTable(
        tuple(names[each] or each for each in ids),
        rows,
        has_others=bool(cells.select(is_other.any()).item()),
        has_lead=any(each.lead is not None for each in rows),
    )


def _largest(cells: pl.DataFrame) -> list[str]:
    """The named choices with most votes."""
    named = cells.filter(is_measure(Measure.CHOICE)).group_by("choice_id", maintain_order=True)
    summed = named.agg(pl.col("votes").sum()).sort("votes", descending=True, maintain_order=True)
    return [str(each) for each in summed["choice_id"][:NAMED]]


def _votes_for(choice: str) -> pl.Expr:
    return pl.col("votes").filter(pl.col("choice_id") == choice).first()


def _known_sum(votes: pl.Expr) -> pl.Expr:
    """The sum, unknown where a part of it is."""
    return pl.when(votes.is_null().any()).then(None).otherwise(votes.sum())


def _row(each: dict[str, object], choices: int, seats: int) -> UnitRow:
    votes = tuple(_number(each[f"v{n}"]) for n in range(choices))
    first, second = (*votes, None, None)[:2]
    lead = None if first is None or second is None or seats > 1 else first - second
    return UnitRow(
        str(each["county"]), str(each["unit"]), votes, _number(each["others"]), _number(each["total"]), lead,
        _number(each["row"]), str(each["state"]),
    )  # fmt: skip


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def by_county(table: UnitTable) -> UnitTable:
    """The units added up by county; no rows where no unit names its county.

    A sum is unknown where a part of it is. A state's units without a county are one row without a name.
    """
    found: dict[tuple[str, str], list[UnitRow]] = {}
    for each in table.rows:
        found.setdefault((each.state, each.county), []).append(each)
    is_named = any(county for _, county in found)
    rows = tuple(_together(*place, rows) for place, rows in found.items()) if is_named else ()
    return UnitTable(table.choices, rows, table.has_others, any(each.lead is not None for each in rows))


def _together(state: str, county: str, rows: Sequence[UnitRow]) -> UnitRow:
    if len(rows) == 1 and not rows[0].unit:
        return rows[0]
    return UnitRow(
        county, "", tuple(_sum(each) for each in zip(*(row.votes for row in rows), strict=True)),
        _sum(row.others for row in rows), _sum(row.total for row in rows), _sum(row.lead for row in rows),
        min((row.row for row in rows if row.row is not None), default=None), state,
    )  # fmt: skip


def _sum(numbers: Iterable[int | None]) -> int | None:
    """The sum, unknown where a part of it is."""
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total
