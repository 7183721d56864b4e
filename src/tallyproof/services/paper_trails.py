"""What can be checked at all: a table of voting equipment, with the votes of a contest where given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from tallyproof.election.jurisdiction import STATES, county_name, state_code
from tallyproof.election.matching import NAMED
from tallyproof.election.places import PlaceRow, place_table
from tallyproof.election.returns import VOTES, Measure, finest, is_measure, resolve_modes
from tallyproof.errors import RequestError
from tallyproof.formats.place_table import Places, read_places
from tallyproof.recount.paper import PaperTrail, PaperTrailAnswer, PlaceEquipment, solve_paper_trail
from tallyproof.services import checking, counting, reading
from tallyproof.services.access import Actor
from tallyproof.services.comparing import Attached, Unused
from tallyproof.services.exporting import Rows
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

CLASS = "class"


@dataclass(frozen=True, slots=True)
class Trail:
    """The problem, the answer, and rows on equipment that met none of the contest's units."""

    contest: str
    problem: PaperTrail
    answer: PaperTrailAnswer
    unused: tuple[Unused, ...] = ()


def of_table(equipment: Attached, state: str = "") -> Trail:
    """Places of the table alone, counted by the voters or ballots that it gives."""
    places = _equipment(equipment)
    rows = [row for row in places.rows if not state or state_code(row.state) == state]
    if not rows:
        raise RequestError(f"{equipment.path.name} has no place in {state}.")
    found = [
        PlaceEquipment(name, where, _classes(own), _weight(own))
        for (where, name), own in _by_place(rows).items()
    ]
    noun = "counties" if all(row.county and not row.place for row in rows) else "jurisdictions"
    problem = PaperTrail(places=tuple(found), counted=_counted(places), noun=noun)
    return Trail("", problem, solve_paper_trail(problem), _rejected(places))


def of_files(equipment: Attached, request: Request, contest: str = "", state: str = "") -> Trail:
    """The votes of a contest in these files, by the equipment of the places they were cast in."""
    frame = pl.concat(each.reading.frame for each in reading.read_files(request))
    return _of_returns(_equipment(equipment), frame, contest, state)


def of_case(
    workspace: Workspace, actor: Actor, case: str, equipment: Attached, contest: str = "", state: str = ""
) -> Trail:
    """The votes of a case's contest, as the import that it relies on tells them."""
    counted = counting.count(workspace, actor, case, contest=contest)
    wanted = [each for each in counted.contests if not state or each.contest.state == state]
    if len(wanted) != 1:
        known = ", ".join(each.contest.id for each in wanted[:12]) or "none"
        raise RequestError(f"Case {case} has {len(wanted)} such contests. Name one with --contest: {known}.")
    chosen = wanted[0]
    material = checking.material_of(workspace, actor, case)
    own = material.returns.filter(pl.col("snapshot") == chosen.standing.snapshot)
    return _of_returns(_equipment(equipment), own, chosen.contest.id, state)


def _equipment(given: Attached) -> Places:
    places = read_places(given.path, given.mapping, (CLASS,))
    if places.rows and CLASS not in places.rows[0].labels:
        raise RequestError(f"{given.path.name}: no column is mapped to '{CLASS}' under [labels].")
    return places


def _state(row: PlaceRow) -> str:
    return state_code(row.state) if row.state else ""


def _by_place(rows: Sequence[PlaceRow]) -> dict[tuple[str, str], list[PlaceRow]]:
    """Rows of one id are one place; else each row is its own, with its number where names repeat."""
    names = Counter((_state(row), row.name) for row in rows if not row.unit_id)
    found: dict[tuple[str, str], list[PlaceRow]] = {}
    for row in rows:
        name = row.name
        if row.unit_id:
            name = f"{name} ({row.unit_id})" if name != row.unit_id else name
        elif names[(_state(row), name)] > 1:
            name = f"{name} (row {row.row:,})"
        found.setdefault((_state(row), name), []).append(row)
    return found


def _classes(rows: Sequence[PlaceRow]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.labels.get(CLASS, "") for row in rows))


def _weight(rows: Sequence[PlaceRow]) -> int | None:
    """The place's number, which its rows repeat; None where they do not agree or give none."""
    weights = {row.weight for row in rows}
    number = weights.pop() if len(weights) == 1 else None
    return None if number is None else max(0, number)


def _counted(places: Places) -> str:
    """What the table's numbers count, in words."""
    column = places.weight_column.casefold()
    if "regist" in column:
        return "registered voters"
    return "ballots" if "ballot" in column else f"in the column {places.weight_column or 'of numbers'}"


def _rejected(places: Places) -> tuple[Unused, ...]:
    return tuple(Unused("equipment", each.row, each.raw, each.reason) for each in places.rejections)


# ---- with the votes of a contest


def _of_returns(places: Places, frame: pl.DataFrame, contest: str, state: str) -> Trail:
    chosen = _contests(frame, contest, state)
    cells = finest(resolve_modes(frame.filter(pl.col("contest").cast(pl.String).is_in(chosen))))
    table, used = place_table(places.rows), set[int]()
    found = []
    for (where, county, unit, unit_id), own in _by_unit(cells).items():
        rows = table.find(where, county, unit, unit_id)
        used.update(rows)
        name = ", ".join(part for part in (county_name(county), unit) if part) or STATES.get(where, where)
        equipment = _classes([places.rows[number] for number in rows])
        found.append(PlaceEquipment(name, where, equipment, _votes(own), _by_choice(own)))
    by_county = not any(unit for _, _, unit, _ in _by_unit(cells))
    problem = PaperTrail(places=tuple(found), counted="votes", noun="counties" if by_county else "units")
    states = {each.state for each in found}
    unused = [
        Unused("equipment", row.row, row.name) for row in table.unused(used) if _state(row) in {*states, ""}
    ]
    return Trail(", ".join(chosen), problem, solve_paper_trail(problem), (*_rejected(places), *unused))


def _contests(frame: pl.DataFrame, contest: str, state: str) -> list[str]:
    """The contest asked for; without one, that of the only office. Raises RequestError."""
    rows = frame.filter(is_measure(Measure.CHOICE)).select(
        pl.col("contest", "state", "office", "district").cast(pl.String)
    )
    known = list(rows.unique(maintain_order=True).iter_rows())
    own = [row for row in known if (not contest or row[0] == contest) and (not state or row[1] == state)]
    if not own:
        names = ", ".join(dict.fromkeys(row[0] for row in known[:12])) or "none"
        raise RequestError(f"The returns have no such contest. They have: {names}.")
    if len({(office, district) for _, _, office, district in own}) > 1:
        names = ", ".join(dict.fromkeys(row[0] for row in own[:12]))
        raise RequestError(f"The returns have several contests. Name one with --contest: {names}.")
    return list(dict.fromkeys(row[0] for row in own))


Unit = tuple[str, str, str, str]
Cell = tuple[str, str, int | None]


def _by_unit(cells: pl.DataFrame) -> Mapping[Unit, list[Cell]]:
    wanted = cells.filter(is_measure(*VOTES, Measure.TOTAL_VOTES)).select(
        *(pl.col(name).cast(pl.String) for name in (*NAMED, "unit_id")),
        pl.col("measure").cast(pl.String),
        pl.col("choice").cast(pl.String),
        "votes",
    )
    found: dict[Unit, list[Cell]] = {}
    for state, county, unit, unit_id, measure, choice, votes in wanted.iter_rows():
        found.setdefault((state, county, unit, unit_id), []).append((measure, choice, votes))
    return found


def _votes(cells: Sequence[Cell]) -> int | None:
    """The stated total, else the sum of the choices; None where one of them is unknown."""
    total = [votes for measure, _, votes in cells if measure == Measure.TOTAL_VOTES.value]
    if total and total[0] is not None:
        return max(0, total[0])
    votes = [number for measure, _, number in cells if measure != Measure.TOTAL_VOTES.value]
    known = [number for number in votes if number is not None]
    return max(0, sum(known)) if len(known) == len(votes) else None


def _by_choice(cells: Sequence[Cell]) -> dict[str, int]:
    """Votes of the choices on the ballot; an unknown number leaves its choice out."""
    return {choice: votes for measure, choice, votes in cells if measure == "choice" and votes is not None}


# ---- tables


def trail_tables(found: Trail) -> dict[str, Rows]:
    """The answer by place and by state, and rows that were not used."""
    return {
        "places": [
            ("state", "place", "paper_record", "number", "counted", "equipment"),
            *(
                (each.state, each.place, each.record.value, each.number, found.answer.counted, each.equipment)
                for each in found.answer.places
            ),
        ],
        "states": states_table(found),
        "unused rows": [
            ("table", "row", "place", "reason"),
            *((each.table, each.row, each.place, each.reason) for each in found.unused),
        ],
    }


def states_table(found: Trail) -> Rows:
    """One row per state; numbers are of what ``counted`` says."""
    header = (
        "state", "places", "number", "counted", "paper", "part_without_paper", "without_paper", "not_stated",
        "places_with_paper", "places_partly", "places_without_paper", "places_not_stated", "margin", "leader",
        "runner_up", "statement",
    )  # fmt: skip
    rows = [
        (
            each.state, each.all.places, each.all.number, found.answer.counted, each.paper.number,
            each.part.number, each.none.number, each.not_stated.number, each.paper.places, each.part.places,
            each.none.places, each.not_stated.places, each.margin, each.leader, each.runner_up, each.sentence,
        )
        for each in found.answer.states
    ]  # fmt: skip
    return [header, *rows]
