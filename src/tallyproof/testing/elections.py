"""Elections made up from a seed: returns in which everything adds up, and faults planted at known rows."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from tallyproof.errors import RequestError

HEADER = ("county", "precinct", "office", "district", "party", "candidate", "votes")
OFFICES = ("President", "U.S. Senate", "Governor", "Attorney General", "Secretary of State")
NAMES = ("Adams", "Baker", "Clark", "Davis", "Evans", "Foster", "Green", "Hughes", "Irwin", "Jones")
GIVEN = ("Ann", "Bob", "Carol", "Dan", "Eve", "Frank", "Grace", "Hugh", "Iris", "Jack")
PARTIES = ("DEM", "REP", "LIB", "GRN")
UNITS_PER_COUNTY = 50


class Fault(StrEnum):
    """What can be planted in a unit, and how returns of the past came by it."""

    FEW_BALLOTS = "ballots cast fall below the votes, as where a count was entered twice (Sauk 2016)"
    DROPPED_DIGIT = "the first choice of the first contest loses a digit (Hazelhurst 2016: 484 to 44)"
    REPEATED_ROW = "a row stands twice"
    NEGATIVE = "a count falls below zero"
    MISSING_UNIT = "a unit is absent (Brookfield 2011)"


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault in the unit of this number, counted from 0; ``row`` is that of the file once it is written."""

    fault: Fault
    unit: int
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Election:
    """What is made up: the same plan gives the same file, byte by byte.

    The first five contests are statewide offices, the others seats of the State House on every ballot.
    """

    units: int
    contests: int = 5
    choices: int = 4
    state: str = "WI"
    day: date = date(2016, 11, 8)
    seed: int = 1
    planted: tuple[Planted, ...] = ()

    @property
    def rows_per_unit(self) -> int:
        """Registration, ballots, and for each contest its choices, over- and undervotes."""
        return 2 + self.contests * (self.choices + 2)

    @property
    def file_name(self) -> str:
        """The name by which OpenElections files tell day and state."""
        return f"{self.day:%Y%m%d}__{self.state.lower()}__general__precinct.csv"


@dataclass(frozen=True, slots=True)
class Written:
    """A file as written: how many rows follow its header, and where each fault stands."""

    path: Path
    rows: int
    planted: tuple[Planted, ...]


@dataclass(slots=True)
class _Unit:
    """One unit's rows while faults are planted in them."""

    county: str
    name: str
    rows: list[list[str]] = field(default_factory=list)


def units_for(rows: int, like: Election) -> int:
    """How many units give about so many rows."""
    return max(1, rows // like.rows_per_unit)


def write_openelections(election: Election, folder: Path) -> Written:
    """Write the election as an OpenElections CSV into the folder."""
    _check(election)
    path, written, planted = folder / election.file_name, 1, list[Planted]()
    faults = {each.unit: each for each in election.planted}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        for number, unit in enumerate(_units(election)):
            place = _plant(faults[number].fault, unit, election) if number in faults else None
            if number in faults:
                planted.append(replace(faults[number], row=None if place is None else written + 1 + place))
            writer.writerows(unit.rows)
            written += len(unit.rows)
    return Written(path, written - 1, tuple(planted))


def _check(election: Election) -> None:
    if not (election.units > 0 and election.contests > 0 and 1 < election.choices <= len(NAMES)):
        raise RequestError(f"An election needs a unit, a contest and 2 to {len(NAMES)} choices.")
    numbers = [each.unit for each in election.planted]
    if len(set(numbers)) < len(numbers) or not all(0 <= number < election.units for number in numbers):
        raise RequestError(f"Faults stand in units 0 to {election.units - 1:,}, one in each.")


def _units(election: Election) -> Iterator[_Unit]:
    """Every unit with the numbers of its contests, all of which add up."""
    source = random.Random(election.seed)
    shares = [_shares(source, election.choices) for _ in range(election.contests)]
    for number in range(election.units):
        county = f"County {number // UNITS_PER_COUNTY + 1:03}"
        yield _unit(election, source, shares, _Unit(county, f"Precinct {number % UNITS_PER_COUNTY + 1}"))


def _shares(source: random.Random, choices: int) -> list[float]:
    """What share of the votes each choice has in the state: two large ones, the others small."""
    first = source.uniform(0.44, 0.52)
    rest = [source.uniform(0.2, 0.8) for _ in range(choices - 2)]
    small = [each * 0.06 / sum(rest) for each in rest]
    return [first, 1 - first - sum(small), *small]


def _unit(election: Election, source: random.Random, shares: list[list[float]], unit: _Unit) -> _Unit:
    ballots, lean = source.randrange(600, 3_000), source.gauss(0, 0.08)
    registered = ballots * 100 // source.randrange(55, 90)
    unit.rows.append(_row(unit, "Registered Voters", "", "", "", registered))
    unit.rows.append(_row(unit, "Ballots Cast", "", "", "", ballots))
    for contest in range(election.contests):
        _contest(election, source, unit, contest, ballots, _leaning(shares[contest], lean))
    return unit


def _leaning(shares: list[float], lean: float) -> list[float]:
    first = min(max(shares[0] + lean, 0.05), 0.9)
    return [first, shares[0] + shares[1] - first, *shares[2:]]


def _contest(
    election: Election, source: random.Random, unit: _Unit, contest: int, ballots: int, shares: list[float]
) -> None:
    office, district = _office(contest)
    over = int(source.random() < 0.2)
    under = round(ballots * source.uniform(0.005, 0.015) * (1 + contest / 10))
    valid = ballots - over - under
    votes = [max(1, round(valid * share * source.uniform(0.97, 1.03))) for share in shares]
    votes[1] += valid - sum(votes)
    for place, count in enumerate(votes):
        name = f"{GIVEN[(place + contest) % len(GIVEN)]} {NAMES[(place + 3 * contest) % len(NAMES)]}"
        party = PARTIES[place] if place < len(PARTIES) else "IND"
        unit.rows.append(_row(unit, office, district, party, name, count))
    unit.rows.append(_row(unit, office, district, "", "Over Votes", over))
    unit.rows.append(_row(unit, office, district, "", "Under Votes", under))


def _office(contest: int) -> tuple[str, str]:
    if contest < len(OFFICES):
        return OFFICES[contest], ""
    return "State House", str(contest - len(OFFICES) + 1)


def _row(unit: _Unit, office: str, district: str, party: str, name: str, count: int) -> list[str]:
    return [unit.county, unit.name, office, district, party, name, str(count)]


BALLOTS, FIRST = 1, 2
"""Places among a unit's rows: ballots cast, the first choice of the first contest."""


def _plant(fault: Fault, unit: _Unit, election: Election) -> int | None:
    """Change the unit's rows; the place among them to look at first, None where nothing is left."""
    rows = unit.rows
    if fault is Fault.MISSING_UNIT:
        rows.clear()
        return None
    if fault is Fault.FEW_BALLOTS:
        votes = _sum(rows[FIRST : FIRST + election.choices])
        rows[BALLOTS][-1] = str(votes * 9 // 10)
    elif fault is Fault.DROPPED_DIGIT:
        digits = rows[FIRST][-1]
        rows[FIRST][-1] = digits[0] + digits[2:]
    elif fault is Fault.NEGATIVE:
        rows[FIRST][-1] = f"-{rows[FIRST][-1]}"
    else:
        rows.insert(FIRST + 1, list(rows[FIRST]))
        return FIRST + 1
    return FIRST


def _sum(rows: Sequence[Sequence[str]]) -> int:
    return sum(int(row[-1]) for row in rows)
