"""Where each contest stands: totals by choice, leader, margin, and which snapshot says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from tallyproof.election.canvass import Snapshot, Status
from tallyproof.election.returns import VOTES, Level, Measure, is_measure


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a contest stands in one snapshot: leader, runner-up, margin and total in votes.

    ``margin`` is that between ``last_winner`` (the leader where one choice wins) and ``runner_up``, the
    first that loses; None where nobody loses, or where the votes of a choice are unknown altogether.
    ``unknown`` counts cells that are not in these numbers. ``stated`` marks a margin that a source
    states without the votes behind it.
    """

    contest: str
    snapshot: str
    leader: str
    runner_up: str
    margin: int | None
    total: int | None
    stated: bool = False
    last_winner: str = ""
    seats: int = 1
    unknown: int = 0

    @property
    def is_unopposed(self) -> bool:
        """Whether there are no more choices than seats, so that nobody loses."""
        return not self.runner_up and not self.stated


def contest_totals(leaves: pl.DataFrame) -> pl.DataFrame:
    """Votes per snapshot, contest and choice from rows at their finest level.

    Columns: snapshot, contest, choice_id, choice, party, measure, votes (unknown cells left out, null
    where all are unknown), unknown (how many cells are unknown), vote_for, cells.
    """
    is_known = pl.col("votes").is_not_null()
    return (
        leaves.filter(is_measure(*VOTES))
        .group_by("snapshot", "contest", "choice_id", maintain_order=True)
        .agg(
            pl.col("choice").first(),
            pl.col("party").max(),
            pl.col("measure").first(),
            pl.when(is_known.any()).then(pl.col("votes").sum()).alias("votes"),
            (~is_known).sum().alias("unknown"),
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
    """Finality, a margin before none, votes before a bare margin, detail among final counts, then time."""
    status = snapshot.status if snapshot else Status.UNKNOWN
    finality = 2 if status.is_final else int(status.is_complete)
    order = snapshot.order if snapshot else (0.0, 0)
    is_known = int(standing.margin is not None)
    return (finality, is_known, int(not standing.stated), detail if status.is_final else 0, *order)


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
    """The standing of every contest and snapshot in ``contest_totals`` that names a choice."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in by_choice.iter_rows(named=True):
        groups.setdefault((row["contest"], row["snapshot"]), []).append(row)
    standings = (_standing(contest, snapshot, rows) for (contest, snapshot), rows in groups.items())
    return [standing for standing in standings if standing]


def _standing(contest: str, snapshot: str, rows: list[dict[str, Any]]) -> Standing | None:
    """The standing from a contest's choices; write-ins and others count in its total and cannot win it."""
    choices = [row for row in rows if row["measure"] == Measure.CHOICE.value]
    if not choices:
        return None
    ordered = sorted(choices, key=lambda row: (row["votes"] is None, -(row["votes"] or 0)))
    seats = max(row["vote_for"] or 1 for row in rows)
    is_contested = len(ordered) > seats
    is_known = all(row["votes"] is not None for row in ordered)
    votes = [row["votes"] for row in rows]
    return Standing(
        contest,
        snapshot,
        ordered[0]["choice"],
        ordered[seats]["choice"] if is_contested else "",
        ordered[seats - 1]["votes"] - ordered[seats]["votes"] if is_contested and is_known else None,
        None if None in votes else sum(votes),
        last_winner=ordered[min(seats, len(ordered)) - 1]["choice"],
        seats=seats,
        unknown=sum(row["unknown"] for row in rows),
    )


def _from_stated(margins: pl.DataFrame) -> list[Standing]:
    return [
        Standing(row["contest"], row["snapshot"], row["choice"], "", row["votes"], None, stated=True)
        for row in margins.iter_rows(named=True)
    ]
