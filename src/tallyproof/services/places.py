"""The places that returns speak of, each with an address of its own, and everything reported of one."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from tallyproof.checks.material import Material
from tallyproof.checks.wording import place as label_of
from tallyproof.election.canvass import Snapshot
from tallyproof.election.contest import Contest
from tallyproof.election.evidence import Finding, Source, slug
from tallyproof.election.jurisdiction import STATES
from tallyproof.election.returns import CONTEST_MEASURES, VOTES, Level, Measure, Mode, Note, UnitKind
from tallyproof.errors import RequestError
from tallyproof.services import caching, counting, pages
from tallyproof.services.access import Actor
from tallyproof.services.counting import ContestCount
from tallyproof.services.pages import Look
from tallyproof.services.workspace import Workspace

PLACE = ("state", "county", "unit")
LONGEST = 80
"""Letters of a name in an address; the rest is told by a hash."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A state, county or unit as its sources name it; ``key`` is its address within the case."""

    state: str
    county: str
    unit: str
    key: str

    @property
    def label(self) -> str:
        """The place as findings name it: "Oneida, Town of Hazelhurst Wards 1-2"."""
        return label_of({"state": self.state, "county": self.county, "unit": self.unit})

    @property
    def state_name(self) -> str:
        """The state's name; nothing where no source says which it is."""
        return STATES.get(self.state, self.state)

    @property
    def within(self) -> str:
        """Where it lies, for a line above it: a unit's or county's state; nothing for a state."""
        return self.state_name if self.county or self.unit else ""


@dataclass(frozen=True, slots=True)
class Places:
    """Every place of a case by its key, with what all its reports say of it."""

    by_key: Mapping[str, Place]
    by_name: Mapping[tuple[str, str, str], Place]
    reported: Mapping[tuple[str, str, str], pl.DataFrame]
    contests: Mapping[str, Contest]


@dataclass(frozen=True, slots=True)
class CountHere:
    """One count in a place: in all, by mode where given, and the source cells it stands in."""

    measure: str
    choice: str
    party: str
    votes: int | None
    modes: tuple[int | None, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What one snapshot says of a contest, or of ballots and voters, in a place.

    ``modes`` names the columns of ``CountHere.modes``; ``total`` is the sum over choices, None where a
    part of it is not known.
    """

    snapshot: Snapshot
    modes: tuple[str, ...]
    counts: tuple[CountHere, ...]
    total: int | None
    relied_on: bool = False


@dataclass(frozen=True, slots=True)
class ContestHere:
    """A contest in a place: the report that the count relies on first, then the others, newest first."""

    contest: Contest
    counted: ContestCount | None
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A place with its contests, its ballots and voters, its findings, and the places within it."""

    place: Place
    contests: tuple[ContestHere, ...]
    people: tuple[Report, ...]
    findings: tuple[Finding, ...]
    inner: tuple[Place, ...]


def places(workspace: Workspace, actor: Actor, case: str, as_of: datetime | None = None) -> Places:
    """Every place of a case as of a time. Raises RequestError for a case that is not there."""
    seen = pages.look(workspace, actor, case, as_of)
    known = tuple(each.sequence for each in seen.imports)
    return caching.remember(
        workspace, case, ("places", known),
        lambda: _places(pages.material(workspace, actor, seen)),
    )  # fmt: skip


def _places(material: Material) -> Places:
    told = pl.concat([material.returns, *(frame for _, frame in material.earlier)])
    parts = told.partition_by(*PLACE, as_dict=True, maintain_order=True)
    reported = {(str(name[0]), str(name[1]), str(name[2])): frame for name, frame in parts.items()}
    by_name = keyed(reported)
    by_key = {each.key: each for each in by_name.values()}
    return Places(by_key, by_name, reported, counting.contests_in(told))


def keyed(names: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Place]:
    """Places with their addresses; names that would share one carry a part of their hash.

    >>> for each in keyed([("WI", "Sauk", ""), ("WI", "", "Ward 1")]).values():
    ...     print(each.key)
    wi/sauk
    wi/-/ward-1
    """
    wanted = {name: _key(name) for name in names}
    shared = defaultdict(list)
    for name, key in wanted.items():
        shared[key].append(name)
    return {
        name: Place(*name, key if len(shared[key]) == 1 else f"{key}-{_hash(name)}")
        for name, key in wanted.items()
    }


def _key(name: tuple[str, str, str]) -> str:
    state, county, unit = (_part(each) for each in name)
    if name[2]:
        return f"{state}/{county}/{unit}"
    return f"{state}/{county}" if name[1] else state


def _part(name: str) -> str:
    short = slug(name)
    if len(short) > LONGEST:
        return f"{short[:LONGEST].rstrip('-')}-{_hash((name,))}"
    return short or ("-" if not name else _hash((name,)))


def _hash(name: tuple[str, ...]) -> str:
    return hashlib.sha256("\x1f".join(name).encode()).hexdigest()[:8]


def unit_page(
    workspace: Workspace, actor: Actor, case: str, key: str, as_of: datetime | None = None
) -> UnitPage:
    """Everything reported of a place as of a time. Raises RequestError where no source speaks of it."""
    seen = pages.look(workspace, actor, case, as_of)
    known = places(workspace, actor, case, as_of)
    place = known.by_key.get(key)
    if place is None:
        raise RequestError(
            f"No source of case {seen.state.title} speaks of '{key}' as of this time. "
            "Search for the place by a part of its name."
        )
    name = (place.state, place.county, place.unit)
    rows = [row for row in known.reported[name].iter_rows(named=True) if _counts(row)]
    return UnitPage(
        place,
        _contests(seen, known, rows),
        _people(seen, rows),
        findings_at(seen, place),
        _inner(known, place),
    )


def _counts(row: Row) -> bool:
    """Whether a row may be added up; ``returns.countable`` for one row."""
    is_subtotal = row["unit_kind"] == UnitKind.TOTAL and row["level"] == Level.UNIT
    return not is_subtotal and row["note"] not in (Note.REPEATED, Note.OVERLAPPING)


def findings_at(seen: Look, place: Place) -> tuple[Finding, ...]:
    """The findings whose unit is this place."""
    return tuple(each for each in seen.checked.findings if is_at(each, place))


def is_at(finding: Finding, place: Place) -> bool:
    """Whether a finding speaks of this place: its name, and no contest of another state."""
    state = finding.contest.split("-", 1)[0].upper()
    return finding.unit == place.label and (state == place.state or state not in STATES)


def place_of(known: Places, finding: Finding) -> Place | None:
    """The place that a finding speaks of; None where it is a whole file or contest, or not unique."""
    found = [each for each in known.by_key.values() if is_at(finding, each)]
    return found[0] if len(found) == 1 else None


def _inner(known: Places, place: Place) -> tuple[Place, ...]:
    if place.unit:
        return ()
    found = (each for each in known.by_key.values() if each.key != place.key and each.state == place.state)
    if place.county:
        found = (each for each in found if each.county == place.county)
    else:
        found = (each for each in found if not each.unit or not each.county)
    return tuple(sorted(found, key=lambda each: each.label.casefold()))


# ---- contests, ballots and voters


def _contests(seen: Look, known: Places, rows: list[Row]) -> tuple[ContestHere, ...]:
    of_contests = [row for row in rows if row["contest"] and row["measure"] in CONTEST_MEASURES]
    by_contest = _grouped(of_contests, "contest")
    order = {each.contest.id: place for place, each in enumerate(seen.count.contests)}
    ids = sorted(by_contest, key=lambda each: (order.get(each, len(order)), each))
    return tuple(_contest(seen, known.contests[each], by_contest[each]) for each in ids)


def _contest(seen: Look, contest: Contest, rows: list[Row]) -> ContestHere:
    counted = seen.contest(contest.id)
    relied = counted.standing.snapshot if counted else ""
    reports = _reports(seen, rows, relied)
    return ContestHere(counted.contest if counted else contest, counted, reports)


def _people(seen: Look, rows: list[Row]) -> tuple[Report, ...]:
    """Ballots, voters and registration: what belongs to the place and to no contest."""
    return _reports(seen, [row for row in rows if row["measure"] not in CONTEST_MEASURES], "")


def _reports(seen: Look, rows: list[Row], relied: str) -> tuple[Report, ...]:
    snapshots = seen.snapshots
    made = [
        _report(snapshots[name], found, relied_on=name == relied)
        for name, found in _grouped(rows, "snapshot").items()
    ]
    newest = sorted(made, key=lambda each: each.snapshot.order, reverse=True)
    return tuple(sorted(newest, key=lambda each: not each.relied_on))


def _grouped(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


_ORDER = {measure.value: place for place, measure in enumerate(Measure)}
_MODES = [mode.value for mode in Mode if mode is not Mode.TOTAL]


def _report(snapshot: Snapshot, rows: list[Row], *, relied_on: bool) -> Report:
    modes = tuple(mode for mode in _MODES if any(row["mode"] == mode for row in rows))
    by_count: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_count.setdefault((row["measure"], row["choice_id"]), []).append(row)
    made = [_count(found, modes) for found in by_count.values()]
    counts = sorted(made, key=lambda each: (_ORDER[each.measure], -(each.votes or 0)))
    votes = [each.votes for each in counts if each.measure in VOTES]
    return Report(snapshot, modes, tuple(counts), _sum(votes) if votes else None, relied_on)


def _count(rows: list[Row], modes: tuple[str, ...]) -> CountHere:
    stated = [row for row in rows if row["mode"] == Mode.TOTAL.value]
    by_mode = tuple(_votes([row for row in rows if row["mode"] == mode]) for mode in modes)
    sources = dict.fromkeys(
        Source(row["file"], row["row"] or None, row["column"] or None, row["snapshot"]) for row in rows
    )
    first = rows[0]
    return CountHere(
        first["measure"], first["choice"], first["party"], _votes(stated or rows), by_mode, tuple(sources)
    )


def _votes(rows: list[Row]) -> int | None:
    return _sum([row["votes"] for row in rows]) if rows else None


def _sum(numbers: list[int | None]) -> int | None:
    """The sum, unknown where a part of it is."""
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None
