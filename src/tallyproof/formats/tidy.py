"""From long rows of text to the returns table: numbers parsed, words classified, nothing lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from tallyproof.election import returns
from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Rejection, Remark
from tallyproof.election.returns import Note
from tallyproof.formats import naming, numbers
from tallyproof.formats.overlap import mark_overlaps
from tallyproof.formats.remarks import word_remarks
from tallyproof.formats.tables import ROW, SHOWN

TEXT = (
    "state", "county", "unit", "unit_id", "office", "district", "choice", "party", "write_in", "measure",
    "mode", "vote_for", "column",
)  # fmt: skip
"""Text columns an importer may give, empty where it lacks them; ``votes`` and ``_row`` are required."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an importer read from one document.

    ``frame`` has ``returns.SCHEMA``; ``read`` and ``stored`` count source rows, so that
    ``read == stored + len(rejections)``.
    """

    frame: pl.DataFrame
    read: int
    stored: int
    rejections: tuple[Rejection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    election: date | None = None
    status: Status = Status.UNKNOWN
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a document beside its rows.

    ``in_parts`` tells that rows with the same place are parts of it, so that none is a repeat.
    """

    file: str
    read: int
    rejections: tuple[Rejection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    state: str = ""
    election: date | None = None
    status: Status = Status.UNKNOWN
    as_of: datetime | None = None
    in_parts: bool = False


def assemble(long: pl.DataFrame, about: About) -> Reading:
    """Build the returns table from long text rows: one row per number, with ``_row`` and ``votes``.

    Every source row is stored or rejected with a reason. Blank cells beside filled ones of the same
    row (modes that were not used) are left out; a row of blanks only keeps one unknown number.
    """
    complete = _with_text_columns(long, about.state)
    named = naming.places(naming.contests(numbers.parse(complete)))
    kept, rejections = _reject(named, about.file)
    frame = mark_overlaps(returns.conform(_finish(kept, about.file)))
    if not about.in_parts:
        frame = _mark_repeats(frame)
    remarks = (*about.remarks, *word_remarks(about.file, frame))
    return Reading(
        frame, about.read, frame["row"].n_unique(), (*about.rejections, *rejections), remarks,
        about.election, about.status, about.as_of,
    )  # fmt: skip


def _with_text_columns(long: pl.DataFrame, state: str) -> pl.DataFrame:
    missing = [pl.lit("").alias(name) for name in TEXT if name not in long.columns]
    filled = long.with_columns(missing).with_columns(pl.col(TEXT).fill_null("").cast(pl.Categorical))
    if state:
        given = pl.when(pl.col("state") == "").then(pl.lit(state)).otherwise(pl.col("state").cast(pl.String))
        filled = filled.with_columns(state=given.cast(pl.Categorical))
    return filled.select(ROW, "votes", *TEXT)


def _reject(frame: pl.DataFrame, file: str) -> tuple[pl.DataFrame, list[Rejection]]:
    """Split off rows none of whose cells can be stored; an unreadable cell in a good row stays unknown."""
    is_suspect = (
        (pl.col("fault") != "") | (pl.col("unit_fault") != "") | (pl.col("note") == Note.UNREADABLE.value)
    )
    if not frame.select(is_suspect.any()).item():
        return frame, []
    judged = frame.with_columns(reason=_reason())
    bad = judged.filter(pl.col("reason").is_not_null())
    good = judged.filter(pl.col("reason").is_null())
    lost = bad.join(good.select(ROW).unique(), on=ROW, how="anti")
    first = lost.unique(ROW, keep="first", maintain_order=True).sort(ROW)
    shown = (Rejection(file, row[ROW], row["reason"], _shown(row)) for row in first.iter_rows(named=True))
    return good, list(shown)


def _reason() -> pl.Expr:
    """Why a cell cannot be stored; null where it can."""
    fault, place = pl.col("fault").cast(pl.String), pl.col("unit_fault").cast(pl.String)
    unreadable = (pl.col("note") == Note.UNREADABLE.value).all().over(ROW)
    column = pl.col("column").cast(pl.String)
    told = pl.format("has '{}' in {} where a number is expected", pl.col("raw").str.slice(0, 80), column)
    return (
        pl.when(fault != "").then(fault)
        .when(place != "").then(place)
        .when(unreadable).then(told)
    )  # fmt: skip


def _shown(row: dict[str, object]) -> str:
    cells = (row[name] for name in ("county", "unit", "office", "district", "choice", "party", "raw"))
    return ",".join(str(cell) for cell in cells)[:SHOWN]


def _finish(frame: pl.DataFrame, file: str) -> pl.DataFrame:
    return frame.select(
        "column", "unit_id", "level", "unit_kind", "contest", "note",
        file=pl.lit(file), row=pl.col(ROW), state=pl.col("state_code"), county=pl.col("county_name"),
        unit=pl.col("unit_name"), office=pl.col("office_name"), district=pl.col("district_name"),
        vote_for=pl.col("seats"), choice=pl.col("choice_name"), choice_id=pl.col("choice_key"),
        party=pl.col("party_name"), measure=pl.col("kind"), mode=pl.col("mode_name"), mode_raw=pl.col("mode"),
        votes=pl.col("number"),
    )  # fmt: skip


def _mark_repeats(frame: pl.DataFrame) -> pl.DataFrame:
    """Mark later copies of rows where a unit's contest stands twice with the same numbers throughout.

    Where any number of the unit's contest differs between the copies, both are kept: they are parts
    of a split precinct that lost their names, and leaving one out would lose votes.
    """
    cell = [*returns.CELL_KEY, "choice", "mode_raw", "unit_id"]
    if not frame.height or frame.group_by(cell).len()["len"].max() == 1:
        return frame
    key = [*cell, "party"]
    block = [*returns.UNIT_KEY, "unit_id", "contest"]
    groups = frame.group_by(key).agg(copies=pl.len(), values=pl.col("votes").n_unique())
    doubled = groups.filter(pl.col("copies") > 1)
    differing = doubled.filter(pl.col("values") > 1).select(block).unique()
    same = doubled.select(key).join(differing, on=block, how="anti")
    places = frame.select(key).with_row_index("_place").join(same, on=key, how="semi")
    later = places.filter(pl.int_range(pl.len()).over(key) > 0)["_place"].to_list()
    is_later = pl.int_range(pl.len(), dtype=pl.UInt32).is_in(later)
    note = pl.when(is_later).then(pl.lit(Note.REPEATED.value)).otherwise(pl.col("note").cast(pl.String))
    return frame.with_columns(note=note.cast(returns.SCHEMA["note"]))
