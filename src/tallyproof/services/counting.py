"""Where the count stands, and what changed between two versions of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from tallyproof.checks.material import Material
from tallyproof.election.canvass import Snapshot, Status
from tallyproof.election.contest import Contest
from tallyproof.election.jurisdiction import STATES
from tallyproof.errors import RequestError
from tallyproof.services import cases, checking, reading, tables
from tallyproof.services.access import Actor, Right, require
from tallyproof.services.reading import ReadFile, Request
from tallyproof.services.workspace import Workspace
from tallyproof.tracking.difference import Difference, difference
from tallyproof.tracking.electoral_college import Electors, electors
from tallyproof.tracking.pending import pending_ballots
from tallyproof.tracking.standing import Standing, contest_totals


@dataclass(frozen=True, slots=True)
class ChoiceCount:
    """A choice's votes in a contest; ``unknown`` cells are not in them, None where all are unknown."""

    choice: str
    party: str
    measure: str
    votes: int | None
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class ContestCount:
    """One contest as one snapshot tells it.

    ``pending`` names snapshots of a statewide contest with the ballots that were still to be decided on.
    """

    contest: Contest
    standing: Standing
    snapshot: Snapshot
    choices: tuple[ChoiceCount, ...]
    versions: tuple[Standing, ...] = ()
    pending: Mapping[str, int] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The answer in one sentence: who leads by how much, of how many, how final."""
        where = STATES.get(self.contest.state, "")
        stands, total = _lead(self.standing), self.standing.total
        noun = "vote" if total == 1 else "votes"
        link = " of {:,} {}" if " leads" in stands else ", {:,} {} in all"
        of = "" if total is None else link.format(total, noun)
        begin = f"{where}: " if where else ""
        return f"{begin}{stands}{of}{_left_out(self.standing)}, {_how_final(self.snapshot)}."


def _lead(standing: Standing) -> str:
    if standing.is_unopposed:
        return f"{standing.leader} has no opponent"
    if standing.margin is None:
        return "the margin is not known"
    if standing.margin == 0:
        return f"{standing.last_winner or standing.leader} and {standing.runner_up} are tied"
    if standing.seats > 1:
        ahead = f"{standing.last_winner} leads {standing.runner_up} by {standing.margin:,}"
        return f"{standing.leader} leads; for the last of {standing.seats} seats {ahead}"
    return f"{standing.leader} leads by {standing.margin:,}"


def _left_out(standing: Standing) -> str:
    if not standing.unknown:
        return ""
    return f" (without {standing.unknown:,} unknown {'number' if standing.unknown == 1 else 'numbers'})"


_FINALITY = {
    Status.UNKNOWN: "status not stated",
    Status.PRE_ELECTION: "before the election",
    Status.UNOFFICIAL_PARTIAL: "unofficial and partial",
    Status.UNOFFICIAL_COMPLETE: "unofficial, all units in",
    Status.CANVASSED: "canvassed, not yet certified",
    Status.CERTIFIED: "certified",
    Status.CORRECTION: "certified and corrected",
    Status.RECOUNT: "after the recount",
}


def _how_final(snapshot: Snapshot) -> str:
    when = f" as of {snapshot.as_of:%Y-%m-%d}" if snapshot.as_of else ""
    return f"{_FINALITY[snapshot.status]}{when} ({snapshot.source})"


@dataclass(frozen=True, slots=True)
class Count:
    """All contests of a case as of a time, largest first, and electors where given."""

    contests: tuple[ContestCount, ...]
    electors: tuple[Electors, ...] = ()


def count(
    workspace: Workspace, actor: Actor, case: str, *, as_of: datetime | None = None, contest: str = ""
) -> Count:
    """Totals, leader, margin and status of every contest of a case as it was known at ``as_of``."""
    require(actor, Right.READ)
    material = checking.material_of(workspace, actor, case, as_of)
    by_choice = contest_totals(material.leaves)
    contests = contests_in(material.leaves)
    versions, pending = _versions(material)
    found = [
        ContestCount(
            contests[name],
            standing,
            material.snapshots[standing.snapshot],
            _choices(by_choice, standing),
            tuple(sorted(versions.get(name, ()), key=lambda each: material.snapshots[each.snapshot].order)),
            {} if contests[name].district else _pending_in(contests[name].state, pending),
        )
        for name, standing in material.standings.items()
        if name in contests and (not contest or contest == name)
    ]
    if contest and not found:
        names = sorted(material.standings)
        more = f" and {len(names) - 12:,} more" if len(names) > 12 else ""
        known = ", ".join(names[:12]) or "none"
        raise RequestError(f"Case {case} has no contest '{contest}'. It has: {known}{more}.")
    ordered = sorted(found, key=lambda each: (-(each.standing.total or 0), each.contest.id))
    return Count(tuple(ordered), tuple(electors(material.leaves)))


def contests_in(frame: pl.DataFrame) -> dict[str, Contest]:
    """The contests that a returns table names, by id."""
    rows = (
        frame.filter(pl.col("contest") != "")
        .group_by("contest", maintain_order=True)
        .agg(
            pl.col("state").first(),
            pl.col("office").first(),
            pl.col("district").first(),
            pl.col("vote_for").max(),
        )
    )
    return {row[0]: Contest(*row) for row in rows.iter_rows()}


def _choices(by_choice: pl.DataFrame, standing: Standing) -> tuple[ChoiceCount, ...]:
    own = by_choice.filter(
        (pl.col("contest") == standing.contest) & (pl.col("snapshot") == standing.snapshot)
    )
    ordered = own.sort("votes", descending=True, nulls_last=True, maintain_order=True)
    return tuple(
        ChoiceCount(row["choice"], row["party"], row["measure"], row["votes"], row["unknown"])
        for row in ordered.iter_rows(named=True)
    )


def _versions(material: Material) -> tuple[dict[str, list[Standing]], dict[str, dict[str, int]]]:
    """Every snapshot's own standing for each contest, older versions included; and ballots pending then."""
    found: dict[str, list[Standing]] = {}
    pending: dict[str, dict[str, int]] = {}
    tables = [(name, material.returns.filter(pl.col("snapshot") == name)) for name in material.snapshots]
    for name, table in [*tables, *((older.id, frame) for older, frame in material.earlier)]:
        own = Material(table, material.snapshots)
        for contest, standing in own.standings.items():
            found.setdefault(contest, []).append(standing)
        if left := pending_ballots(own.leaves):
            pending[name] = left
    return found, pending


def _pending_in(state: str, pending: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {name: left[state] for name, left in pending.items() if state in left}


def difference_between(workspace: Workspace, actor: Actor, case: str, before: int, after: int) -> Difference:
    """What changed between two imports of a case, named by their event numbers."""
    require(actor, Right.READ)
    known = {record.sequence: record for record in cases.state(workspace, actor, case).imports}
    for number in (before, after):
        if number not in known:
            numbers = ", ".join(str(each) for each in known) or "none"
            raise RequestError(f"Event {number} of case {case} is no import. Imports: {numbers}.")
    return difference(tables.table_of(workspace, known[before]), tables.table_of(workspace, known[after]))


def difference_of_files(before: Request, after: Request) -> Difference:
    """What changed between two sets of files, without keeping anything."""
    return difference(_table(reading.read_files(before)), _table(reading.read_files(after)))


def _table(read: Sequence[ReadFile]) -> pl.DataFrame:
    return pl.concat(each.reading.frame for each in read)
