"""A contest's margin from report to report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tallyproof.election.canvass import Snapshot
from tallyproof.services.counting import ContestCount
from tallyproof.tracking.standing import Standing


@dataclass(frozen=True, slots=True)
class Version:
    """One report of a contest: who said what when, and how it differs from the report before.

    ``margin`` is in votes, below 0 where another choice was ahead than now; ``change`` is its
    difference to the report before, None for the first and where either is not known. ``pending`` are
    ballots that were still to be decided on, None where the report does not say.
    """

    standing: Standing
    snapshot: Snapshot
    margin: int | None
    change: int | None
    relied_on: bool
    pending: int | None = None


def versions(counted: ContestCount, snapshots: Mapping[str, Snapshot]) -> list[Version]:
    """Every report of the contest, in the order of the sources' own times."""
    found: list[Version] = []
    before: int | None = None
    for standing in counted.versions:
        margin = _for_leader(standing, counted.standing.leader)
        change = None if before is None or margin is None else margin - before
        is_relied_on = standing.snapshot == counted.standing.snapshot
        pending = counted.pending.get(standing.snapshot)
        found.append(Version(standing, snapshots[standing.snapshot], margin, change, is_relied_on, pending))
        before = margin
    return found


def _for_leader(standing: Standing, leader: str) -> int | None:
    """The margin from the side of one choice; where several choices win, that of the last seat."""
    if standing.margin is None:
        return None
    return standing.margin if standing.leader == leader or standing.seats > 1 else -standing.margin


def share(votes: int | None, total: int | None) -> float | None:
    """Votes, or a margin, as a share of all votes; None where either is not known."""
    return None if votes is None or not total else votes / total


def margin_share(counted: ContestCount) -> float | None:
    """The contest's margin as a share of all its votes; None where either is not known."""
    return share(counted.standing.margin, counted.standing.total)
