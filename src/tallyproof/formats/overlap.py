"""Numbers that contain each other: early voting and its sites, write-in totals and their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import polars as pl

from tallyproof.election.returns import CELL_KEY, SCHEMA, UNIT_KEY, Measure, Mode, Note

MOST_MODES = 16
FEWEST_ROWS = 5
SAMPLE = 200

_WRITE_IN_TOTAL = re.compile(r"(total )?write[ -]?ins? ?totals?|total write[ -]?ins?( votes)?", re.IGNORECASE)
_WRITE_IN_PART = re.compile(r"write[ -]?in ?[:-] ?\S.*", re.IGNORECASE)
_Group = tuple[str, tuple[str, ...]]
_Rows = list[tuple[int | None, ...]]


def mark_overlaps(frame: pl.DataFrame) -> pl.DataFrame:
    """Mark the parts, so that only the whole is added up."""
    parts = sorted({part for _, group in overlaps(frame) for part in group})
    marked = _mark(frame, pl.col("mode_raw").cast(pl.String).is_in(parts)) if parts else frame
    return _mark_write_in_parts(marked)


def _mark(frame: pl.DataFrame, where: pl.Expr) -> pl.DataFrame:
    note = pl.when(where).then(pl.lit(Note.OVERLAPPING.value)).otherwise(pl.col("note").cast(pl.String))
    return frame.with_columns(note=note.cast(SCHEMA["note"]))


# ---- modes


def overlaps(frame: pl.DataFrame) -> list[_Group]:
    """Modes whose count equals the sum of others wherever all are known: (whole, parts).

    Two, three or all others are tried. Where the file states totals, the modes must come closer to
    them without the parts than with them.
    """
    modes = _by_mode(frame)
    names = [name for name in modes.columns if name not in {*CELL_KEY, "total"}]
    if not 3 <= len(names) <= MOST_MODES:
        return []
    sample = modes.select(names).head(SAMPLE).rows()
    found = []
    for place, whole in enumerate(names):
        fitting = (group for group in _groups(place, len(names)) if _fits(sample, place, group))
        parts = (tuple(names[part] for part in group) for group in fitting)
        if group := next((group for group in parts if _adds_up(modes, whole, group)), None):
            found.append((whole, group))
    return [each for each in found if _explains_totals(modes, names, each[1])]


def _by_mode(frame: pl.DataFrame) -> pl.DataFrame:
    is_choice = pl.col("measure") == Measure.CHOICE.value
    counted = frame.filter(is_choice & (pl.col("mode") != Mode.TOTAL.value))
    if not counted.height:
        return pl.DataFrame()
    keys = list(CELL_KEY)
    modes = counted.pivot("mode_raw", index=keys, values="votes", aggregate_function="sum")
    stated = frame.filter(is_choice & (pl.col("mode") == Mode.TOTAL.value))
    totals = stated.group_by(keys).agg(total=pl.col("votes").sum())
    return modes.join(totals, on=keys, how="left")


def _groups(whole: int, modes: int) -> Iterator[tuple[int, ...]]:
    others = [place for place in range(modes) if place != whole]
    yield from combinations(others, 2)
    if len(others) > 2:
        yield from combinations(others, 3)
    if len(others) > 3:
        yield tuple(others)


def _fits(sample: _Rows, whole: int, group: tuple[int, ...]) -> bool:
    for row in sample:
        stated, parts = row[whole], [row[part] for part in group]
        if stated is not None and None not in parts and stated != sum(part or 0 for part in parts):
            return False
    return True


def _adds_up(modes: pl.DataFrame, whole: str, parts: tuple[str, ...]) -> bool:
    known = modes.select(whole, *parts).drop_nulls()
    filled = int((known[whole] > 0).sum())
    if filled < FEWEST_ROWS or any(not known[part].sum() for part in parts):
        return False
    return bool((known[whole] == known.select(pl.sum_horizontal(*parts)).to_series()).all())


def _explains_totals(modes: pl.DataFrame, names: list[str], parts: tuple[str, ...]) -> bool:
    stated = modes.drop_nulls("total") if "total" in modes.columns else modes.clear()
    if not stated.height:
        return True
    without = [name for name in names if name not in parts]
    gaps = stated.select(
        (pl.sum_horizontal(*columns) - pl.col("total")).abs().sum().alias(label)
        for label, columns in (("with", names), ("without", without))
    ).row(0, named=True)
    return bool(gaps["without"] < gaps["with"])


# ---- write-ins


def _mark_write_in_parts(frame: pl.DataFrame) -> pl.DataFrame:
    """Where a unit's contest has a total of its write-ins, the single write-ins are parts of it.

    Only where no part is larger than the total; "Not Assigned" and "Write-in: Jane Doe" are parts.
    """
    texts = frame["choice"].unique().cast(pl.String)
    totals = [text for text in texts if _WRITE_IN_TOTAL.fullmatch(text)]
    if not totals:
        return frame
    key = [*UNIT_KEY, "contest", "mode_raw"]
    name = pl.col("choice").cast(pl.String)
    is_total = name.is_in(totals)
    named = [text for text in texts if _WRITE_IN_PART.fullmatch(text)]
    is_part = ~is_total & ((pl.col("measure") == Measure.WRITE_IN.value) | name.is_in(named))
    sums = frame.group_by(key).agg(
        whole=pl.col("votes").filter(is_total).sum(), has_whole=is_total.any(),
        parts=pl.col("votes").filter(is_part).sum(),
    )  # fmt: skip
    if sums.filter(pl.col("has_whole") & (pl.col("parts") > pl.col("whole"))).height:
        return frame
    within = sums.filter("has_whole").select(key)
    numbered = frame.with_row_index("_place")
    rows = numbered.filter(is_part).join(within, on=key, how="semi")["_place"].to_list()
    return _mark(frame, pl.int_range(pl.len(), dtype=pl.UInt32).is_in(rows))
