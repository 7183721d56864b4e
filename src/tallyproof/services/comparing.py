"""Compare a recount with the count before it, unit by unit, from two imports of a case or from files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tallyproof.election.jurisdiction import county_name
from tallyproof.election.matching import NAMED, common_key
from tallyproof.election.places import PlaceRow, PlaceTable, place_table
from tallyproof.election.returns import VOTES, Measure, finest, is_measure, resolve_modes
from tallyproof.errors import RequestError
from tallyproof.formats.place_table import read_places
from tallyproof.recount.compared import solve_recount_comparison
from tallyproof.recount.comparison import RecountComparison, RecountComparisonAnswer, UnitCount, Votes
from tallyproof.services import cases, reading, tables
from tallyproof.services.access import Actor, Right, require
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

SEVERAL = "several"
_WRITE_IN = re.compile(r"\bwrite[ -]?ins?\b", re.IGNORECASE)
REASON = "reason"


@dataclass(frozen=True, slots=True)
class Attached:
    """A table on places: equipment, methods or reasons, and the mapping by which it is read."""

    path: Path
    mapping: Path | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a comparison beside the two counts."""

    contest: str = ""
    state: str = ""
    equipment: Attached | None = None
    methods: Attached | None = None
    cannot: Attached | None = None
    largest_change: int | None = None
    confidence: float = 0.95
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Unused:
    """A row on a place that speaks of none of the units: listed, never dropped."""

    table: str
    row: int
    place: str
    reason: str = "matches no unit"


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparison of one contest: the problem with its units, the answer, and rows that met no unit."""

    contest: str
    problem: RecountComparison
    answer: RecountComparisonAnswer
    unused: tuple[Unused, ...] = ()


def compare_case(
    workspace: Workspace, actor: Actor, case: str, before: int, after: int, asked: Asked
) -> Compared:
    """Compare two imports of a case, named by their event numbers."""
    require(actor, Right.READ)
    known = {record.sequence: record for record in cases.state(workspace, actor, case).imports}
    for number in (before, after):
        if number not in known:
            numbers = ", ".join(str(each) for each in known) or "none"
            raise RequestError(f"Event {number} of case {case} is no import. Imports: {numbers}.")
    return compare(tables.table_of(workspace, known[before]), tables.table_of(workspace, known[after]), asked)


def compare_files(before: Request, after: Request, asked: Asked) -> Compared:
    """Compare two sets of files, keeping nothing."""
    return compare(_table(before), _table(after), asked)


def _table(request: Request) -> pl.DataFrame:
    return pl.concat(each.reading.frame for each in reading.read_files(request))


def compare(before: pl.DataFrame, after: pl.DataFrame, asked: Asked) -> Compared:
    """Compare two returns tables in one contest."""
    contest = _contest(before, after, asked.contest)
    old, new = (_cells(frame, contest) for frame in (before, after))
    old, new = _keyed(old, new)
    ballots = _ballots(before, old)
    units, unused = _units(old, new, ballots, asked)
    names = old.filter(is_measure(Measure.CHOICE))["name"].unique(maintain_order=True).to_list()
    listed = [name for name in names if not _WRITE_IN.search(name)]
    problem = RecountComparison(
        units=tuple(units),
        choices=tuple(names),
        listed=tuple(listed),
        seats=int(old["vote_for"].max() or 1),  # type: ignore[arg-type]
        largest_change=asked.largest_change,
        confidence=asked.confidence,
        seed=asked.seed,
    )
    return Compared(contest, problem, solve_recount_comparison(problem), tuple(unused))


# ---- the contest's cells


def _contest(before: pl.DataFrame, after: pl.DataFrame, asked: str) -> str:
    """The contest asked for, or the only one that both counts have. Raises RequestError."""
    old, new = (
        list(dict.fromkeys(frame.filter(is_measure(Measure.CHOICE))["contest"].to_list()))
        for frame in (before, after)
    )
    both = [contest for contest in old if contest in new]
    if asked and asked not in both:
        where = "the recount" if asked in old else "the first count"
        raise RequestError(f"There is no contest '{asked}' in {where}. Both have: {_listed(both)}.")
    if asked:
        return asked
    if len(both) != 1:
        raise RequestError(
            f"The two counts share {len(both)} contests ({_listed(both)}). Name one with --contest."
            if both
            else f"The two counts share no contest. One has {_listed(old)}, the other {_listed(new)}."
        )
    return str(both[0])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "") if names else "none"


def _cells(frame: pl.DataFrame, contest: str) -> pl.DataFrame:
    """One row per unit and choice at the finest level given, modes resolved."""
    own = frame.filter((pl.col("contest") == contest) & is_measure(*VOTES))
    return finest(resolve_modes(own))


def _keyed(old: pl.DataFrame, new: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both with the key of each unit, and with one name for each choice: the first count's spelling."""
    places = [frame.select(*NAMED, "level", "unit_id").unique() for frame in (old, new)]
    key = common_key(*places)
    names = _choice_names(old, new)

    def keyed(frame: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
        on = [*NAMED, "level", "unit_id"]
        spelled = units.with_columns(place=key(units).cast(pl.String))
        return frame.join(spelled, on=on, how="left", maintain_order="left").with_columns(
            name=pl.col("choice_id").cast(pl.String).replace_strict(names)
        )

    return keyed(old, places[0]), keyed(new, places[1])


def _choice_names(*frames: pl.DataFrame) -> dict[str, str]:
    """What each choice is called; two that share a name keep their ids beside it."""
    names: dict[str, str] = {}
    for frame in frames:
        for key, choice in frame.select(pl.col("choice_id", "choice").cast(pl.String)).unique(
            maintain_order=True
        ).iter_rows():  # fmt: skip
            names.setdefault(key, choice or key)
    times = list(names.values())
    return {key: name if times.count(name) == 1 else f"{name} ({key})" for key, name in names.items()}


def _ballots(frame: pl.DataFrame, cells: pl.DataFrame) -> Mapping[str, int]:
    """Ballots cast in each unit, where the first count gives them."""
    ballots = frame.filter(is_measure(Measure.BALLOTS_CAST))
    if not ballots.height:
        return {}
    on = [*NAMED, "level"]
    places = cells.select(*on, "place").unique(on)
    found = resolve_modes(ballots).join(places, on=on).filter(pl.col("votes").is_not_null())
    return dict(found.group_by("place").agg(pl.col("votes").sum()).iter_rows())


# ---- units


@dataclass(slots=True)
class _Unit:
    """A unit as it is put together."""

    state: str
    county: str
    unit: str
    unit_id: str
    before: Votes | None = None
    after: Votes | None = None


def _units(
    old: pl.DataFrame, new: pl.DataFrame, ballots: Mapping[str, int], asked: Asked
) -> tuple[list[UnitCount], list[Unused]]:
    found: dict[str, _Unit] = {}
    _fill(found, old, lambda unit: unit.__setattr__("before", {}), lambda unit: unit.before)
    _fill(found, new, lambda unit: unit.__setattr__("after", {}), lambda unit: unit.after)
    notes = _Notes(asked)
    several_states = len({unit.state for unit in found.values()}) > 1
    names = _unit_names(found, several_states)
    units = [
        UnitCount(
            names[key],
            unit.before,
            unit.after,
            max(ballots.get(key, 0), 0) or None,
            notes.labels(unit),
            notes.reason(unit),
        )
        for key, unit in found.items()
    ]
    return units, notes.unused()


def _fill(
    found: dict[str, _Unit],
    cells: pl.DataFrame,
    begin: Callable[[_Unit], None],
    side: Callable[[_Unit], Votes | None],
) -> None:
    wanted = cells.select(
        "place", *(pl.col(name).cast(pl.String) for name in (*NAMED, "unit_id")), "name", "votes"
    )
    for place, state, county, unit, unit_id, name, votes in wanted.iter_rows():
        own = found.get(place)
        if own is None:
            own = found[place] = _Unit(state, county, unit, unit_id)
        if side(own) is None:
            begin(own)
        counted = side(own)
        assert counted is not None
        counted[name] = votes


def _unit_names(units: Mapping[str, _Unit], with_state: bool) -> dict[str, str]:
    """Units as people name them, with their id where two would have one name."""
    plain = {key: _named(unit, with_state) for key, unit in units.items()}
    times: dict[str, int] = {}
    for name in plain.values():
        times[name] = times.get(name, 0) + 1
    return {
        key: name if times[name] == 1 else f"{name} ({units[key].unit_id or key})"
        for key, name in plain.items()
    }


def _named(unit: _Unit, with_state: bool) -> str:
    parts = [county_name(unit.county), unit.unit]
    shown = ", ".join(part for part in parts if part) or unit.state
    return f"{unit.state}, {shown}" if with_state and shown != unit.state else shown


# ---- what tables say of units


@dataclass(slots=True)
class _Source:
    """A table on places with the rows that spoke of a unit so far."""

    title: str
    table: PlaceTable
    rejected: tuple[Unused, ...]
    used: set[int] = field(default_factory=set)

    def rows(self, unit: _Unit) -> list[PlaceRow]:
        found = self.table.find(unit.state, unit.county, unit.unit, unit.unit_id)
        self.used.update(found)
        return [self.table.rows[number] for number in found]


class _Notes:
    """Equipment, methods and reasons, asked unit by unit."""

    def __init__(self, asked: Asked) -> None:
        self._labels = [
            source
            for title, given, wanted in (
                ("equipment", asked.equipment, ("model", "class")),
                ("methods", asked.methods, ("method",)),
            )
            if (source := _source(title, given, wanted, asked.state))
        ]
        self._reasons = _source("reasons", asked.cannot, (REASON,), asked.state)

    def labels(self, unit: _Unit) -> dict[str, str]:
        said: dict[str, str] = {}
        for source in self._labels:
            rows = source.rows(unit)
            for name in dict.fromkeys(name for row in source.table.rows[:1] for name in row.labels):
                said[name] = _one(row.labels.get(name, "") for row in rows)
        return said

    def reason(self, unit: _Unit) -> str:
        if self._reasons is None:
            return ""
        rows = self._reasons.rows(unit)
        reasons = [row.labels.get(REASON) or "no reason given" for row in rows]
        return "; ".join(dict.fromkeys(reasons))

    def unused(self) -> list[Unused]:
        sources = [*self._labels, *([self._reasons] if self._reasons else [])]
        return [
            each
            for source in sources
            for each in (
                *source.rejected,
                *(
                    Unused(source.title, row.row, row.name or row.state)
                    for row in source.table.unused(source.used)
                ),
            )
        ]


def _source(title: str, given: Attached | None, wanted: Sequence[str], state: str) -> _Source | None:
    if given is None:
        return None
    places = read_places(given.path, given.mapping, wanted, state)
    if title == "reasons" and places.rows and REASON not in places.rows[0].labels:
        raise RequestError(f"{given.path.name}: no column is mapped to '{REASON}' under [labels].")
    rejected = tuple(Unused(title, each.row, each.raw, each.reason) for each in places.rejections)
    return _Source(title, place_table(places.rows), rejected)


def _one(values: Iterable[str]) -> str:
    """What all rows say; "several" where they differ."""
    said = list(dict.fromkeys(values))
    return said[0] if len(said) == 1 else SEVERAL if said else ""
