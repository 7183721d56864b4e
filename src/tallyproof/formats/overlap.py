"""Mode columns that contain each other, such as early voting = local sites + county sites."""

from __future__ import annotations

from itertools import combinations

import polars as pl

from tallyproof.election.returns import CELL_KEY, SCHEMA, Measure, Mode, Note

MOST_MODES = 16


def overlaps(frame: pl.DataFrame) -> list[tuple[str, tuple[str, ...]]]:
    """Modes whose count equals the sum of two or three others in every row, not all zero: (whole, parts)."""
    modes = _by_mode(frame)
    names = [name for name in modes.columns if name not in CELL_KEY]
    if not 3 <= len(names) <= MOST_MODES:
        return []
    found = []
    for whole in names:
        others = [name for name in names if name != whole]
        parts = next(
            (
                group
                for size in (2, 3)
                for group in combinations(others, size)
                if _adds_up(modes, whole, group)
            ),
            None,
        )
        if parts:
            found.append((whole, parts))
    return found


def _by_mode(frame: pl.DataFrame) -> pl.DataFrame:
    counted = frame.filter((pl.col("mode") != Mode.TOTAL.value) & (pl.col("measure") == Measure.CHOICE.value))
    if not counted.height:
        return pl.DataFrame()
    keys = list(CELL_KEY)
    return counted.pivot("mode_raw", index=keys, values="votes", aggregate_function="sum")


def _adds_up(modes: pl.DataFrame, whole: str, parts: tuple[str, ...]) -> bool:
    columns = modes.select(
        pl.col(whole).alias("whole"),
        parts=pl.sum_horizontal(*parts),
        least=pl.min_horizontal(pl.col(part).sum() for part in parts),
    )
    known = columns.drop_nulls()
    if known.height < 4 or known["least"][0] == 0:
        return False
    return bool((known["whole"] == known["parts"]).all()) and int(known["whole"].sum()) > 0


def mark_overlaps(frame: pl.DataFrame) -> pl.DataFrame:
    """Mark the parts, so that only the whole is added up."""
    parts = sorted({part for _, group in overlaps(frame) for part in group})
    if not parts:
        return frame
    inside = pl.col("mode_raw").cast(pl.String).is_in(parts)
    note = pl.when(inside).then(pl.lit(Note.OVERLAPPING.value)).otherwise(pl.col("note").cast(pl.String))
    return frame.with_columns(note=note.cast(SCHEMA["note"]))
