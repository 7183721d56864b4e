"""The tidy table of returns: one row per reported number, with the file, row and column it came from."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import polars as pl


class Measure(StrEnum):
    """What a reported number counts."""

    CHOICE = "choice"
    WRITE_IN = "write_in"
    OTHER = "other"
    OVERVOTES = "overvotes"
    UNDERVOTES = "undervotes"
    STRAIGHT_PARTY = "straight_party"
    TOTAL_VOTES = "total_votes"
    MARGIN = "margin"
    BALLOTS_CAST = "ballots_cast"
    BALLOTS_BLANK = "ballots_blank"
    BALLOTS_BY_DEVICE = "ballots_by_device"
    VOTERS = "voters"
    REGISTERED = "registered"
    BALLOTS_ISSUED = "ballots_issued"
    BALLOTS_SPOILED = "ballots_spoiled"
    BALLOTS_UNUSED = "ballots_unused"
    PROVISIONAL_ISSUED = "provisional_issued"
    PROVISIONAL_COUNTED = "provisional_counted"
    PROVISIONAL_REJECTED = "provisional_rejected"
    MAIL_SENT = "mail_sent"
    MAIL_RETURNED = "mail_returned"
    MAIL_ACCEPTED = "mail_accepted"
    MAIL_REJECTED = "mail_rejected"
    MAIL_PENDING = "mail_pending"
    ELECTORS = "electors"
    ELECTORS_CAST = "electors_cast"


VOTES = (Measure.CHOICE, Measure.WRITE_IN, Measure.OTHER)
"""Measures that add up to a contest's votes (S in the check formulas)."""

CONTEST_MEASURES = frozenset(
    {
        *VOTES,
        Measure.OVERVOTES,
        Measure.UNDERVOTES,
        Measure.TOTAL_VOTES,
        Measure.MARGIN,
        Measure.STRAIGHT_PARTY,
        Measure.ELECTORS,
        Measure.ELECTORS_CAST,
    }
)
"""Measures that belong to a contest; all others belong to a reporting unit as a whole."""


class Mode(StrEnum):
    """How ballots were cast; NIST SP 1500-100 CountItemType."""

    TOTAL = "total"
    ELECTION_DAY = "election-day"
    EARLY = "early"
    ABSENTEE = "absentee"
    ABSENTEE_IN_PERSON = "absentee-in-person"
    ABSENTEE_MAIL = "absentee-mail"
    PROVISIONAL = "provisional"
    UOCAVA = "uocava"
    OTHER = "other"


class Level(StrEnum):
    """Which level of the jurisdiction a row speaks of."""

    STATE = "state"
    COUNTY = "county"
    UNIT = "unit"


class UnitKind(StrEnum):
    """What a row's unit is: a place, a total over places, an adjustment, or votes without a place."""

    PLACE = "place"
    TOTAL = "total"
    ADJUSTMENT = "adjustment"
    FLOATING = "floating"


class Note(StrEnum):
    """What is to be known of a cell beyond its number."""

    PLAIN = ""
    BLANK = "blank"
    SUPPRESSED = "suppressed"
    COMMA = "comma"
    DECIMAL = "decimal"
    UNREADABLE = "unreadable"
    REPEATED = "repeated"
    OVERLAPPING = "overlapping"


def _enum(words: type[StrEnum]) -> pl.Enum:
    return pl.Enum([word.value for word in words])


SCHEMA: dict[str, pl.DataType] = {
    "file": pl.Categorical(),
    "row": pl.UInt32(),
    "column": pl.Categorical(),
    "state": pl.Categorical(),
    "county": pl.Categorical(),
    "unit": pl.Categorical(),
    "unit_id": pl.Categorical(),
    "level": _enum(Level),
    "unit_kind": _enum(UnitKind),
    "contest": pl.Categorical(),
    "office": pl.Categorical(),
    "district": pl.Categorical(),
    "vote_for": pl.UInt8(),
    "choice": pl.Categorical(),
    "choice_id": pl.Categorical(),
    "party": pl.Categorical(),
    "measure": _enum(Measure),
    "mode": _enum(Mode),
    "mode_raw": pl.Categorical(),
    "votes": pl.Int64(),
    "note": _enum(Note),
}
"""Columns of a returns table in their order. Text columns hold "" for nothing; ``votes`` and
``vote_for`` are null where unknown. ``row`` is the spreadsheet row, the header being row 1."""

UNIT_KEY = ("state", "county", "unit", "level")
CELL_KEY = (*UNIT_KEY, "contest", "choice_id", "measure")


def empty() -> pl.DataFrame:
    """A returns table without rows."""
    return pl.DataFrame(schema=SCHEMA)


def conform(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with exactly the columns, order and types of ``SCHEMA``; missing columns are filled.

    Raises polars.exceptions.InvalidOperationError when a value does not fit its column.
    """
    return frame.select(_column(frame, name, kind) for name, kind in SCHEMA.items())


def _column(frame: pl.DataFrame, name: str, kind: pl.DataType) -> pl.Expr:
    if name in frame.columns:
        cast = pl.col(name).cast(kind)
        return cast if name in {"votes", "vote_for"} else cast.fill_null(_nothing(name))
    if name in {"votes", "vote_for"}:
        return pl.lit(None, dtype=kind).alias(name)
    return pl.lit(_nothing(name)).cast(kind).alias(name)


def _nothing(name: str) -> str | int:
    defaults: dict[str, str | int] = {
        "row": 0,
        "level": Level.UNIT,
        "unit_kind": UnitKind.PLACE,
        "measure": Measure.CHOICE,
        "mode": Mode.TOTAL,
    }
    return defaults.get(name, "")


def is_measure(*measures: Measure) -> pl.Expr:
    """Rows of these measures."""
    return pl.col("measure").is_in([measure.value for measure in measures])


def countable() -> pl.Expr:
    """Rows that may be added up: not subtotals among units, not repeats, not overlapping modes."""
    is_subtotal = (pl.col("unit_kind") == UnitKind.TOTAL.value) & (pl.col("level") == Level.UNIT.value)
    return ~is_subtotal & ~pl.col("note").is_in([Note.REPEATED.value, Note.OVERLAPPING.value])


def resolve_modes(frame: pl.DataFrame, keys: Iterable[str] = ()) -> pl.DataFrame:
    """One row per unit, contest, choice and measure: the stated total, else the sum over its modes.

    A sum with an unknown part is unknown. Extra ``keys`` (such as ``snapshot``) join the grouping.
    Several rows of one key (a precinct split into parts that lost their names) are added up.
    """
    group = [*keys, *CELL_KEY]
    is_total = pl.col("mode") == Mode.TOTAL.value
    parts = frame.filter(countable())
    only_totals = parts.select(is_total.all()).item() if parts.height else True
    marked = parts if only_totals else parts.with_columns(has_total=is_total.any().over(group))
    used = marked if only_totals else marked.filter(is_total | ~pl.col("has_total"))
    carried = ("unit_id", "unit_kind", "office", "district", "vote_for", "choice", "party", "file", "column")
    unknown = pl.col("votes").is_null().any()
    return used.group_by(group, maintain_order=True).agg(
        *(pl.col(name).first() for name in carried),
        row=pl.col("row").min(),
        votes=pl.when(unknown).then(None).otherwise(pl.col("votes").sum()),
    )


def finest(frame: pl.DataFrame, keys: Iterable[str] = ()) -> pl.DataFrame:
    """The rows at the finest level given for each choice, so that levels are never added to each other.

    In every county the unit rows where there are any, else the county's own row; a state's own row
    only where nothing finer is given in the whole state.
    """
    levels = {Level.STATE.value: 0, Level.COUNTY.value: 1, Level.UNIT.value: 2}
    ranked = frame.with_columns(_rank=pl.col("level").replace_strict(levels, return_dtype=pl.Int8))
    within = [*keys, "state", "contest", "measure", "choice_id"]
    rank, deepest = pl.col("_rank"), pl.col("_rank").max()
    is_finest = rank == deepest.over([*within, "county"])
    is_needed = (rank > 0) | (deepest.over(within) == 0)
    return ranked.filter(is_finest & is_needed).drop("_rank")
