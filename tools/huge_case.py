"""A made-up state of 3,636 reporting units, for pages and tests that must stay quick on large cases."""

import csv
import random
from datetime import UTC, date, datetime
from pathlib import Path

from tallyproof.election.canvass import Status
from tallyproof.figures.geometry import sheet
from tallyproof.services import access, cases, importing
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

CASE, CONTEST = "large-example", "wi-president"
UNITS, COUNTIES = 3_636, 72
SOURCE = "Made-up Elections Commission"
PEOPLE = (
    ("Alexandra Example-Featherstonehaugh", "DEM", 0.47),
    ("Benjamin Sample", "REP", 0.468),
    ("Carla Placeholder", "LIB", 0.035),
    ("Dimitri Specimen", "GRN", 0.012),
    ("Eleanor Instance", "CON", 0.005),
    ("Write-ins", "", 0.01),
)
COLUMNS = ("state", "county", "unit", "office", "vote_for", "choice", "party", "measure", "votes")


def build(workspace: Workspace, folder: Path) -> str:
    """Write two versions of the state's returns to a folder and import both; the case's name."""
    actor = access.terminal()
    day = date(2024, 11, 5)
    cases.open_case(
        workspace, actor, CASE, title="A large made-up state", election=day, summary="Made up by a program."
    )
    for number, status in enumerate((Status.UNOFFICIAL_COMPLETE, Status.CANVASSED), start=1):
        path = folder / f"large_{status.value}.csv"
        write(path, version=number)
        as_of = datetime(2024, 11, 5 + 7 * number, 17, tzinfo=UTC)
        importing.import_returns(
            workspace, actor, CASE, Request((path,), SOURCE, status, as_of=as_of, election=day)
        )
    return CASE


WIDE, WIDE_CONTEST = "wide-example", "tx-president"
WIDE_COUNTIES = 3_000


def build_wide(workspace: Workspace, folder: Path) -> str:
    """A contest of 3,000 counties, the 254 of Texas by their names and many made up; the case's name."""
    actor = access.terminal()
    path = folder / "wide.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for number, county in enumerate(_counties()):
            out.writerows((*row[:1], county, "", *row[3:]) for row in _unit(number, 1, state="TX"))
    cases.open_case(workspace, actor, WIDE, title="A contest of 3,000 counties", election=date(2024, 11, 5))
    asked = Request((path,), SOURCE, Status.CERTIFIED, as_of=datetime(2024, 12, 1, 17, tzinfo=UTC))
    importing.import_returns(workspace, actor, WIDE, asked)
    return WIDE


def _counties() -> list[str]:
    real = [each.name for each in sheet("TX").outlines]
    return [*real, *(f"Example County {number:04}" for number in range(len(real), WIDE_COUNTIES))]


def write(path: Path, version: int = 1) -> None:
    """Write the returns, always the same for a version; a later one differs in one unit of fifty."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for number in range(UNITS):
            out.writerows(_unit(number, version))


def _unit(number: int, version: int, state: str = "WI") -> list[tuple[object, ...]]:
    chance = random.Random(number)
    county = f"Example County {number % COUNTIES + 1:02}"
    side = chance.choice(("North", "South", "Upper", "Lower"))
    unit = f"Town of {side} Example Wards {number + 1}-{number + 2}"
    place = (state, county, unit, "President", 1)
    size = chance.randint(60, 2_400)
    lean = chance.gauss(0, 0.08)
    leans = (lean, -lean, 0.0, 0.0, 0.0, 0.0)
    votes = [int(size * max(0.001, share + more)) for (_, _, share), more in zip(PEOPLE, leans, strict=True)]
    if version > 1 and number % 50 == 0:
        votes[0] += 1 + number % 7
    short = 25 if number % 400 == 7 else -chance.randint(0, 9)
    rows = [
        (*place, name, party, "write_in" if name == "Write-ins" else "choice", count)
        for (name, party, _), count in zip(PEOPLE, votes, strict=True)
    ]
    return [*rows, (*place, "", "", "ballots_cast", sum(votes) - short)]
