"""What a check may look at: returns under check, earlier versions, the election before, file remarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from tallyproof.checks import joining
from tallyproof.election import returns
from tallyproof.election.canvass import Snapshot
from tallyproof.election.evidence import Rejection, Remark
from tallyproof.election.returns import VOTES, Level, Measure, is_measure

SUM_KEY = ("snapshot", "state", "county", "unit", "level", "contest")
"""What identifies a row of ``Material.sums``: one contest in one unit as one snapshot tells it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a contest stands in one snapshot: leader, runner-up, margin and total in votes.

    ``margin`` is that between the last winning and the first losing choice; None where unknown.
    """

    contest: str
    snapshot: str
    leader: str
    runner_up: str
    margin: int | None
    total: int | None
    stated: bool = False


@dataclass(frozen=True)
class Material:
    """Everything the checks work on, derived tables made once and on demand.

    ``returns`` has ``returns.SCHEMA`` and a ``snapshot`` column: the newest snapshot of each source.
    ``earlier`` holds older snapshots of the same sources, newest first, as (snapshot, table).
    ``previous`` is a returns table (with ``snapshot``) of an election before this one, or None.
    """

    returns: pl.DataFrame
    snapshots: Mapping[str, Snapshot]
    earlier: tuple[tuple[Snapshot, pl.DataFrame], ...] = ()
    previous: pl.DataFrame | None = None
    rejections: tuple[Rejection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def totals(self) -> pl.DataFrame:
        """One row per snapshot, unit (at every level), contest, choice and measure; modes resolved."""
        return returns.resolve_modes(self.returns, ["snapshot"])

    @cached_property
    def leaves(self) -> pl.DataFrame:
        """``totals`` at the finest level given, safe to add up over units."""
        return returns.finest(self.totals, ["snapshot"])

    @cached_property
    def sums(self) -> pl.DataFrame:
        """One row per snapshot, unit and contest with its accounting numbers, null where unknown.

        Columns: ``SUM_KEY``; ``votes`` (S, over all choices, else the stated total), ``choices_votes``,
        ``stated`` (stated total), ``overvotes``, ``undervotes``, ``vote_for``; ``ballots``,
        ``registered``, ``voters`` with ``*_snapshot``, ``*_file`` and ``*_row`` telling where each
        stands (the same snapshot where it has them, else another source); ``unit_kind``, ``file``, ``row``.
        """
        return joining.with_unit_counts(_contest_sums(self.totals), self.unit_counts)

    @cached_property
    def unit_counts(self) -> pl.DataFrame:
        """Ballots, voters and registration by snapshot and unit, counties summed from their units."""
        measures = is_measure(Measure.BALLOTS_CAST, Measure.REGISTERED, Measure.VOTERS)
        return joining.unit_counts(self.totals.filter(measures))

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """Where each contest stands, by the most complete snapshot that gives votes or a margin."""
        return {row.contest: row for row in _standings(self)}

    def margin(self, contest: str) -> int | None:
        """The contest's margin in votes; None where no snapshot tells it."""
        standing = self.standings.get(contest)
        return standing.margin if standing else None

    def label(self, snapshot: str) -> str:
        """The snapshot's source as a user named it."""
        known = self.snapshots.get(snapshot)
        return known.label if known else snapshot


def _contest_sums(totals: pl.DataFrame) -> pl.DataFrame:
    """S, stated total, over- and undervotes of every contest in every unit."""
    rows = totals.filter(pl.col("contest") != "")
    chosen, keys = is_measure(*VOTES), list(SUM_KEY)

    def number(measure: Measure) -> pl.Expr:
        return pl.col("votes").filter(is_measure(measure)).first().alias(measure.value)

    unknown = pl.col("votes").filter(chosen).is_null().any() | ~chosen.any()
    summed = rows.group_by(keys, maintain_order=True).agg(
        pl.when(unknown).then(None).otherwise(pl.col("votes").filter(chosen).sum()).alias("choices_votes"),
        number(Measure.OVERVOTES), number(Measure.UNDERVOTES), number(Measure.TOTAL_VOTES).alias("stated"),
        pl.col("vote_for").max(), pl.col("unit_kind").first(), pl.col("unit_id").max(), pl.col("office").first(),
        pl.col("file").first(), pl.col("row").min(),
    )  # fmt: skip
    has_votes = pl.col("choices_votes").is_not_null() | pl.col("stated").is_not_null()
    return summed.filter(has_votes).with_columns(votes=pl.coalesce("choices_votes", "stated"))


def _standings(material: Material) -> list[Standing]:
    """For each contest the standing from the snapshot that covers most units, newest first on ties."""
    by_choice = contest_totals(material.leaves)
    margins = material.totals.filter(is_measure(Measure.MARGIN))
    coverage = _coverage(material)
    found: dict[str, tuple[tuple[float, ...], Standing]] = {}
    for standing in [*_from_votes(by_choice), *_from_stated(margins)]:
        snapshot = material.snapshots.get(standing.snapshot)
        order = snapshot.order if snapshot else (0.0, 0)
        weight = (coverage.get((standing.contest, standing.snapshot), 0.0), *order)
        if standing.contest not in found or weight > found[standing.contest][0]:
            found[standing.contest] = (weight, standing)
    return [standing for _, standing in found.values()]


def _coverage(material: Material) -> dict[tuple[str, str], float]:
    """How much of a contest each snapshot covers: 3 a state's own figure, else counties, 0 a part of them."""
    counted = material.leaves.filter(is_measure(*VOTES)).group_by("contest", "snapshot").agg(
        pl.col("county").n_unique().alias("counties"), (pl.col("level") == Level.STATE.value).any().alias("whole")
    )  # fmt: skip
    most = {
        row["contest"]: row["counties"]
        for row in counted.group_by("contest").agg(pl.col("counties").max()).to_dicts()
    }
    cover = {
        (row["contest"], row["snapshot"]): 1.0
        if row["whole"] or row["counties"] == most[row["contest"]]
        else 0.0
        for row in counted.to_dicts()
    }
    stated = material.totals.filter(is_measure(Measure.MARGIN)).select("contest", "snapshot").unique()
    return {**dict.fromkeys(stated.rows(), 1.0), **cover}


def contest_totals(leaves: pl.DataFrame) -> pl.DataFrame:
    """Votes per snapshot, contest and choice, with the number of unknown cells in ``unknown``."""
    return (
        leaves.filter(is_measure(*VOTES))
        .group_by("snapshot", "contest", "choice_id", maintain_order=True)
        .agg(
            pl.col("choice").first(), pl.col("party").max(), pl.col("measure").first(), pl.col("votes").sum(),
            pl.col("votes").is_null().sum().alias("unknown"), pl.col("vote_for").max(), pl.len().alias("cells"),
        )
    )  # fmt: skip


def _from_votes(by_choice: pl.DataFrame) -> list[Standing]:
    standings = []
    for (snapshot, contest), rows in by_choice.group_by("snapshot", "contest", maintain_order=True):
        named = rows.filter(pl.col("measure") == Measure.CHOICE.value).sort("votes", descending=True)
        seats = int(rows["vote_for"].max() or 1)  # type: ignore[arg-type]
        if named.height > seats:
            votes, names = named["votes"].to_list(), named["choice"].to_list()
            margin = votes[seats - 1] - votes[seats]
            standings.append(
                Standing(
                    str(contest), str(snapshot), names[0], names[seats], margin, int(rows["votes"].sum())
                )
            )
    return standings


def _from_stated(margins: pl.DataFrame) -> list[Standing]:
    return [
        Standing(row["contest"], row["snapshot"], row["choice"], "", row["votes"], None, stated=True)
        for row in margins.iter_rows(named=True)
    ]
