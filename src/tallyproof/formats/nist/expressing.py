"""Which numbers of a returns table NIST SP 1500-100 v2 has a place for, and in which form."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from tallyproof.election.returns import (
    CELL_KEY,
    Level,
    Measure,
    Mode,
    Note,
    countable,
    is_measure,
    resolve_modes,
)

SELECTED = (Measure.CHOICE, Measure.WRITE_IN, Measure.OTHER)
BESIDE = (Measure.OVERVOTES, Measure.UNDERVOTES)
OF_UNITS = (Measure.BALLOTS_CAST, Measure.REGISTERED, Measure.VOTERS)
_PLACE = ("state", "county", "unit")


@dataclass(frozen=True, slots=True)
class Expressible:
    """Votes by selection and way of voting, counts beside them, counts of units, and what has no place.

    ``left_out`` counts numbers by what they are; ``changed`` says what is written otherwise than it stood.
    """

    votes: pl.DataFrame
    beside: pl.DataFrame
    of_units: pl.DataFrame
    places: pl.DataFrame
    left_out: dict[str, int] = field(default_factory=dict)
    changed: tuple[str, ...] = ()

    @property
    def numbers(self) -> int:
        """How many numbers are expressed, suppressed ones included."""
        votes = self.votes.filter(pl.col("votes").is_not_null() | pl.col("suppressed"))
        return votes.height + self.beside.height + self.of_units.height


def expressible(frame: pl.DataFrame) -> Expressible:
    """Split a returns table by the places that the specification has.

    Numbers of one cell (parts of a split precinct, several words for one way of voting) are added up.
    """
    counted = frame.filter(countable())
    of_contest = pl.col("contest") != ""
    votes = counted.filter(is_measure(*SELECTED) & of_contest)
    beside = counted.filter(is_measure(*BESIDE) & of_contest)
    of_units = counted.filter(is_measure(*OF_UNITS) & ~of_contest)
    told = pl.concat([votes, beside, of_units])
    places = told.select(*_PLACE, "level", "unit_kind", "unit_id").unique(
        _PLACE, keep="first", maintain_order=True
    )
    modes = beside.filter(pl.col("mode") != Mode.TOTAL.value).height
    changed = [f"{modes:,} over- and undervotes by way of voting are written as their sums"] if modes else []
    return Expressible(
        _added(votes), _resolved(beside), _of_units(of_units), places, _left_out(frame, told), tuple(changed)
    )


def _added(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per cell, line of a choice and way of voting; unknown where one part is unknown.

    Names written in are one line, whatever parties the returns put beside it: the specification's has none.
    """
    other = (
        pl.when(pl.col("mode") == Mode.OTHER.value)
        .then(pl.col("mode_raw").cast(pl.String))
        .otherwise(pl.lit(""))
    )
    no_party = pl.lit("", dtype=rows.schema["party"])
    party = pl.when(is_measure(Measure.WRITE_IN)).then(no_party).otherwise("party")
    unknown = pl.col("votes").is_null().any()
    grouped = rows.with_columns(party=party, other_mode=other).group_by(
        *CELL_KEY, "party", "mode", "other_mode", maintain_order=True
    )
    return grouped.agg(
        pl.col("choice", "office", "district").first(), pl.col("vote_for").max(),
        pl.when(unknown).then(None).otherwise(pl.col("votes").sum()).alias("votes"),
        (pl.col("note") == Note.SUPPRESSED.value).any().alias("suppressed"),
    )  # fmt: skip


def _resolved(rows: pl.DataFrame) -> pl.DataFrame:
    return resolve_modes(rows).filter(pl.col("votes").is_not_null())


def _of_units(rows: pl.DataFrame) -> pl.DataFrame:
    """Ballots by way of voting; voters and registration as one number."""
    is_ballots = is_measure(Measure.BALLOTS_CAST)
    columns = [*_PLACE, "measure", "mode", "other_mode", "votes"]
    ballots = _added(rows.filter(is_ballots)).select(columns)
    people = _resolved(rows.filter(~is_ballots)).with_columns(
        mode=pl.lit(Mode.TOTAL.value).cast(ballots.schema["mode"]), other_mode=pl.lit("")
    )
    return pl.concat([ballots, people.select(columns)]).filter(pl.col("votes").is_not_null())


def _left_out(frame: pl.DataFrame, told: pl.DataFrame) -> dict[str, int]:
    """Numbers without a place, by what they are."""
    parts = frame.filter(~countable())
    subtotal = (pl.col("unit_kind") == "total") & (pl.col("level") == Level.UNIT.value)
    found = {
        "subtotals": parts.filter(subtotal).height,
        "repeats and parts of other numbers": parts.filter(~subtotal).height,
        "unknown numbers": told.filter(
            pl.col("votes").is_null() & (pl.col("note") != Note.SUPPRESSED.value)
        ).height,
    }
    of_contest = pl.col("contest") != ""
    counted = frame.filter(countable())
    has_place = (is_measure(*SELECTED, *BESIDE) & of_contest) | (is_measure(*OF_UNITS) & ~of_contest)
    for measure, by_contest, number in (
        counted.filter(~has_place)
        .group_by("measure", of_contest.alias("by_contest"), maintain_order=True)
        .len()
        .rows()
    ):
        name = str(measure).replace("_", " ")
        found[f"{name} of single contests" if by_contest and measure in OF_UNITS else name] = number
    return {name: number for name, number in found.items() if number}
