"""Where each contest stands: totals by choice, leader, margin, and which snapshot says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tallyproof.election.canvass import Snapshot, Status
from tallyproof.election.returns import VOTES, Level, Measure, is_measure


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a contest stands in one snapshot: leader, runner-up, margin and total in votes.

    ``margin`` is that between the last winning and the first losing choice; None where unknown.
    ``stated`` marks a margin that a source states without the votes behind it.
    """

    contest: str
    snapshot: str
    leader: str
    runner_up: str
    margin: int | None
    total: int | None
    stated: bool = False


def contest_totals(leaves: pl.DataFrame) -> pl.DataFrame:
    """Votes per snapshot, contest and choice from rows at their finest level.

    Columns: snapshot, contest, choice_id, choice, party, measure, votes (unknown cells left out),
    unknown (how many cells are unknown), vote_for, cells.
    """
    return (
        leaves.filter(is_measure(*VOTES))
        .group_by("snapshot", "contest", "choice_id", maintain_order=True)
        .agg(
            pl.col("choice").first(),
            pl.col("party").max(),
            pl.col("measure").first(),
            pl.col("votes").sum(),
            pl.col("votes").is_null().sum().alias("unknown"),
            pl.col("vote_for").max(),
            pl.len().alias("cells"),
        )
    )


def standings(
    totals: pl.DataFrame, leaves: pl.DataFrame, snapshots: Mapping[str, Snapshot]
) -> dict[str, Standing]:
    """For each contest the standing from the snapshot to rely on.

    That is the one that covers most of the contest; among those the most final, then one that gives
    votes and not only a margin, then (among final ones) the most detailed, then the newest.
    ``totals`` has one row per cell at every level, ``leaves`` the finest of them; both carry a
    ``snapshot`` column. A margin stated without votes counts as full coverage.
    """
    coverage = _coverage(totals, leaves)
    detail = _detail(leaves)
    margins = totals.filter(is_measure(Measure.MARGIN))
    found: dict[str, tuple[tuple[float, ...], Standing]] = {}
    for standing in [*from_votes(contest_totals(leaves)), *_from_stated(margins)]:
        key = (standing.contest, standing.snapshot)
        weight = (
            coverage.get(key, 0.0),
            *_reliance(standing, snapshots.get(standing.snapshot), detail.get(key, 0)),
        )
        if standing.contest not in found or weight > found[standing.contest][0]:
            found[standing.contest] = (weight, standing)
    return {contest: standing for contest, (_, standing) in found.items()}


def _reliance(standing: Standing, snapshot: Snapshot | None, detail: int) -> tuple[float, ...]:
    """Finality, votes before a bare margin, detail among final counts, then time."""
    status = snapshot.status if snapshot else Status.UNKNOWN
    finality = 2 if status.is_final else int(status.is_complete)
    order = snapshot.order if snapshot else (0.0, 0)
    return (finality, int(not standing.stated), detail if status.is_final else 0, *order)


def _detail(leaves: pl.DataFrame) -> dict[tuple[str, str], int]:
    """How many units each snapshot gives for each contest."""
    counted = leaves.group_by("contest", "snapshot").agg(
        pl.struct("county", "unit").n_unique().alias("units")
    )
    return {(row[0], row[1]): row[2] for row in counted.iter_rows()}


def _coverage(totals: pl.DataFrame, leaves: pl.DataFrame) -> dict[tuple[str, str], float]:
    """1 for a snapshot that covers the whole contest as far as any snapshot tells, else 0."""
    counted = (
        leaves.filter(is_measure(*VOTES))
        .group_by("contest", "snapshot")
        .agg(
            pl.col("county").n_unique().alias("counties"),
            (pl.col("level") == Level.STATE.value).any().alias("whole"),
        )
        .with_columns(most=pl.col("counties").max().over("contest"))
    )
    stated = totals.filter(is_measure(Measure.MARGIN)).select("contest", "snapshot").unique()
    covered = {
        (row["contest"], row["snapshot"]): float(row["whole"] or row["counties"] == row["most"])
        for row in counted.iter_rows(named=True)
    }
    return {**dict.fromkeys(stated.rows(), 1.0), **covered}


def from_votes(by_choice: pl.DataFrame) -> list[Standing]:
    """The standing of every contest and snapshot in ``contest_totals`` that has a losing choice."""
    named = by_choice.filter(pl.col("measure") == Measure.CHOICE.value)
    totals = by_choice.group_by("snapshot", "contest").agg(pl.col("votes").sum(), pl.col("vote_for").max())
    whole = {(row[0], row[1]): (row[2], row[3] or 1) for row in totals.iter_rows()}
    standings = []
    for (snapshot, contest), rows in named.group_by("snapshot", "contest", maintain_order=True):
        total, seats = whole[(snapshot, contest)]
        ordered = rows.sort("votes", descending=True, maintain_order=True)
        if ordered.height > seats:
            votes, names = ordered["votes"].to_list(), ordered["choice"].to_list()
            margin = votes[seats - 1] - votes[seats]
            standings.append(Standing(str(contest), str(snapshot), names[0], names[seats], margin, total))
    return standings


def _from_stated(margins: pl.DataFrame) -> list[Standing]:
    return [
        Standing(row["contest"], row["snapshot"], row["choice"], "", row["votes"], None, stated=True)
        for row in margins.iter_rows(named=True)
    ]
