"""Which numbers of a NIST report count, where it gives the same votes in several places."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import polars as pl

from tallyproof.election.returns import Measure
from tallyproof.formats.nist.cells import OF_UNIT, SEATS, WRITE_INS_TYPE
from tallyproof.formats.nist.texts import count

Told: TypeAlias = "list[tuple[str, str]]"
"""Topic and text of what was noticed."""

_WRITE_IN = pl.col("measure") == Measure.WRITE_IN.value
_PLACE = ["contest", "unit"]
_CELL = ["contest", "unit", "choice", "measure", "mode", "round"]


def counted(cells: pl.DataFrame) -> tuple[pl.DataFrame, Told]:
    """The cells that count, and what is said of those left out."""
    told: Told = []
    for topic, step in _STEPS:
        cells, text = step(cells)
        if text:
            told.append((topic, text))
    return cells, told


def _without_seats(cells: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    kept = cells.filter(pl.col("mode") != SEATS)
    return kept, _left_out(cells, kept, "seats won, which are no votes")


def _first_round(cells: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Later rounds of a ranked-choice contest count the same ballots again."""
    first = pl.col("round").filter(pl.col("round") > 0).min().over("contest")
    kept = cells.filter((pl.col("round") == 0) | (pl.col("contest") == OF_UNIT) | (pl.col("round") == first))
    return kept, _left_out(cells, kept, "later ranked-choice rounds, which count the same ballots again")


def _without_device_parts(cells: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Counts by device are parts of a count without device, where there is one."""
    is_part = pl.col("device") != ""
    kept = cells.filter(~is_part | ~(~is_part).any().over(_CELL))
    return kept, _left_out(cells, kept, "single devices, where the count of all is given beside them")


def _one_place_of_write_ins(cells: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Write-ins from selections, else from OtherCounts, else from counts of type "write-in"; compared."""
    of_contest = pl.col("contest") != OF_UNIT
    is_typed = of_contest & (pl.col("mode") == WRITE_INS_TYPE)
    is_other = of_contest & _WRITE_IN & (pl.col("field") == "WriteIns")
    is_selected = of_contest & pl.col("written_in") & ~is_typed
    if not cells.select((is_typed | is_other).any()).item():
        return cells, ""
    has_selected, has_other = is_selected.any().over(_PLACE), is_other.any().over(_PLACE)
    kept = cells.filter(~(is_other & has_selected) & ~(is_typed & (has_selected | has_other)))
    typed = pl.col("mode") == WRITE_INS_TYPE
    measured = kept.with_columns(
        measure=pl.when(of_contest & typed).then(pl.lit(Measure.WRITE_IN.value)).otherwise("measure"),
        mode=pl.when(of_contest & typed).then(pl.lit("")).otherwise("mode"),
    )
    return measured, _disagreeing(cells, is_selected, is_other, is_typed)


def _disagreeing(cells: pl.DataFrame, *places: pl.Expr) -> str:
    """Units in which two places give different numbers of names written in."""
    number = pl.col("votes").cast(pl.Int64, strict=False)
    is_total = pl.col("mode") == "total"
    sums = cells.group_by(_PLACE, maintain_order=True).agg(
        _sum_of(number, is_total, where).alias(str(place)) for place, where in enumerate(places)
    )
    given = pl.concat_list("0", "1", "2").list.drop_nulls().list.n_unique()
    off = sums.filter(given > 1)
    if not off.height:
        return ""
    row = off.row(0, named=True)
    numbers = " and ".join(f"{row[name]:,}" for name in "012" if row[name] is not None)
    units = count(off.height, "unit")
    return (
        f"gives different numbers of write-ins for {units} of a contest, such as {numbers} for unit "
        f"'{row['unit']}': the first counts"
    )


def _sum_of(number: pl.Expr, is_total: pl.Expr, where: pl.Expr) -> pl.Expr:
    """The stated totals, else the sum over ways of voting; null where there is none."""
    totals, all_of_them = number.filter(where & is_total), number.filter(where)
    used = pl.when(totals.len() > 0).then(totals.sum()).otherwise(all_of_them.sum())
    return pl.when(where.any() & ~all_of_them.is_null().any()).then(used)


def _left_out(before: pl.DataFrame, after: pl.DataFrame, what: str) -> str:
    number = before.height - after.height
    return f"gives {count(number, 'number')} of {what}: left out" if number else ""


_Step: TypeAlias = Callable[[pl.DataFrame], tuple[pl.DataFrame, str]]
_STEPS: tuple[tuple[str, _Step], ...] = (
    ("seats", _without_seats),
    ("rounds", _first_round),
    ("devices", _without_device_parts),
    ("write-ins", _one_place_of_write_ins),
)
