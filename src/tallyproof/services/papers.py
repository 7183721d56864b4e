"""Papers from what the law allows: memos, petition worksheets, calendar files."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tallyproof.documents import calendar_file, petition, report
from tallyproof.documents import memo as memos
from tallyproof.documents.petition import District
from tallyproof.documents.press import Sheet
from tallyproof.election.evidence import slug
from tallyproof.errors import RequestError
from tallyproof.recount.budget import RecountPlanAnswer, Task, tasks_of
from tallyproof.recount.comparison import RecountComparisonAnswer
from tallyproof.recount.options import CAUTION, RecountOptions, RecountOptionsAnswer
from tallyproof.services import exporting, recounting

COUNTY = ("county", "county_name", "jurisdiction")
BUNDLE = 100
"""Sheets in one file: memory and file stay small."""
DISTRICT = ("district", "election_district", "precinct", "ward", "reporting_unit", "unit")
"""Names of the columns of a list of districts, the first that it has."""


@dataclass(frozen=True)
class Answered:
    """A question to the law with its answer, asked ``at`` a time; ``source`` says whose numbers these are."""

    problem: RecountOptions
    answer: RecountOptionsAnswer
    at: datetime
    source: str = ""


@dataclass(frozen=True)
class Districts:
    """Districts of a list, and what of the list is no district: row with reason."""

    found: tuple[District, ...]
    left_out: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class CalendarFile:
    """A calendar file, the deadlines in it, and those that have no event because their time is not known."""

    content: bytes
    events: int
    left_out: tuple[Task, ...]


def ask(problem: RecountOptions, source: str = "") -> Answered:
    """What the law allows. Raises RequestError as ``recounting.options`` does."""
    at = recounting.asked_at(problem.on, recounting.state_of(problem.state))
    asked = msgspec.structs.replace(recounting.named(problem), on=at)
    return Answered(asked, recounting.options(asked), at, source)


def memo(asked: Answered, client: str = "", sheet: Sheet = Sheet.LETTER) -> bytes:
    """The memo of one page for one client, as a PDF."""
    return memos.memo(asked.answer, asked.problem, asked.at, client=client, source=asked.source, sheet=sheet)


def worksheet(asked: Answered, sheet: Sheet = Sheet.LETTER) -> bytes:
    """One petition worksheet for the contest, as a PDF.

    Raises RequestError that says why there is none: nothing to petition for, or a right known from memory.
    """
    return petition.worksheet(asked.answer, asked.problem, asked.at, source=asked.source, sheet=sheet)


def worksheets(
    asked: Answered,
    districts: Sequence[District],
    folder: Path,
    sheet: Sheet = Sheet.LETTER,
    progress: Callable[[str], None] = lambda phrase: None,
) -> list[Path]:
    """A worksheet for each district, in PDFs of one county and at most a hundred sheets; the files written.

    Raises RequestError as ``worksheet`` does, and where the folder has files that are not these.
    """
    if reason := petition.refusal(asked.answer, asked.problem.requester):
        raise RequestError(reason)
    bundles = _bundles(districts, asked.answer.state)
    _require_folder(folder, set(bundles))
    folder.mkdir(parents=True, exist_ok=True)
    for place, (name, own) in enumerate(bundles.items(), start=1):
        progress(f"Printing {name}, {place:,} of {len(bundles):,}")
        pdf = petition.worksheets(
            asked.answer, asked.problem, asked.at, own, source=asked.source, sheet=sheet
        )
        write(folder / name, pdf)
    return [folder / name for name in bundles]


def _bundles(districts: Sequence[District], state: str) -> dict[str, list[District]]:
    """Districts by the file that they go to, in the order of the list."""
    by_county: dict[str, list[District]] = {}
    for each in districts:
        by_county.setdefault(each.county, []).append(each)
    bundles: dict[str, list[District]] = {}
    for county, own in by_county.items():
        stem = slug(county) or state.lower()
        for start in range(0, len(own), BUNDLE):
            number = f"-{start // BUNDLE + 1:02}" if len(own) > BUNDLE else ""
            bundles[_free_name(f"{stem}{number}", bundles)] = own[start : start + BUNDLE]
    return bundles


def _free_name(stem: str, taken: Mapping[str, object]) -> str:
    """A file name that no other county has."""
    number = 1
    while (name := f"{stem}-other-{number}.pdf" if number > 1 else f"{stem}.pdf") in taken:
        number += 1
    return name


def _require_folder(folder: Path, names: set[str]) -> None:
    if folder.exists() and not folder.is_dir():
        raise RequestError(f"{folder} is a file. Name a folder for the worksheets.")
    if not folder.absolute().parent.is_dir():
        raise RequestError(f"{folder}: there is no folder to make this one in. Name another place.")
    others = (
        sorted(each.name for each in folder.iterdir() if each.name not in names) if folder.exists() else []
    )
    if others:
        raise RequestError(f"{folder} has other files, such as {others[0]}. Name a new folder.")


def read_districts(path: Path, choices: Iterable[str] = ()) -> Districts:
    """Districts of a CSV table with a header: a district, its county, and votes under the choices' names.

    A row without a district, or for a whole jurisdiction, and a second row of one district are left out with
    the reason. Raises RequestError where no column names districts, or the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _districts(csv.DictReader(file), path, list(choices))
    except OSError as fault:
        raise RequestError(f"{path} cannot be read: {fault.strerror or fault}.") from None
    except (UnicodeDecodeError, csv.Error):
        raise RequestError(f"{path} is no CSV table in UTF-8. Save it as one.") from None


def _districts(rows: csv.DictReader[str], path: Path, choices: list[str]) -> Districts:
    columns = {(name or "").strip().casefold().replace(" ", "_"): name for name in rows.fieldnames or ()}
    district = next((columns[name] for name in DISTRICT if name in columns), None)
    county = next((columns[name] for name in COUNTY if name in columns), None)
    if district is None:
        raise RequestError(
            f"{path}: no column names districts. Name one of its columns: {', '.join(DISTRICT)}."
        )
    votes = {choice: column for choice in choices if (column := _column(choice, columns))}
    found: dict[tuple[str, str], District] = {}
    left_out: list[tuple[int, str]] = []
    for row, cells in enumerate(rows, start=2):
        name = (cells.get(district) or "").strip()
        place = (cells.get(county) or "").strip() if county else ""
        if not name or name.startswith("["):
            left_out.append((row, "names no district"))
        elif (place, name) in found:
            left_out.append((row, f"names {name}, {place} a second time"))
        else:
            found[place, name] = District(name, place, dict(_votes(cells, votes)))
    if not found:
        raise RequestError(f"{path} names no district.")
    return Districts(tuple(found.values()), tuple(left_out))


def _column(choice: str, columns: Mapping[str, str]) -> str | None:
    """The column of a choice: of its name, or of a part of its name."""
    words = choice.casefold().replace(",", " ").replace(".", " ").split()
    return next((column for name, column in columns.items() if name in {choice.casefold(), *words}), None)


def _votes(cells: Mapping[str, str | None], columns: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    for choice, column in columns.items():
        text = (cells.get(column) or "").strip().replace(",", "")
        if text.isascii() and text.isdigit():
            yield choice, int(text)


def calendar(asked: Sequence[Answered]) -> CalendarFile:
    """The deadlines of all these contests as one calendar file."""
    tasks = [task for each in asked for task in tasks_of(each.answer)]
    events = [task for task in tasks if calendar_file.has_event(task)]
    content = calendar_file.calendar_file(tasks, max(each.at for each in asked), CAUTION)
    return CalendarFile(content, len(events), tuple(task for task in tasks if task not in events))


def comparison(
    found: RecountComparisonAnswer, contest: str, source: str = "", sheet: Sheet = Sheet.LETTER
) -> bytes:
    """The report of a recount held against the count before it, as a PDF."""
    return report.comparison(found, contest, datetime.now(UTC), source=source, sheet=sheet)


def plan(found: RecountPlanAnswer, on: datetime | None = None, sheet: Sheet = Sheet.LETTER) -> bytes:
    """The budget and checklist of a plan, as a PDF; ``on`` is the time of asking, now where absent."""
    at = recounting.asked_at(on, found.states[0].state)
    return report.plan(found, at, sheet)


def require_file(path: Path, ending: str) -> None:
    """Raise RequestError unless a file with this ending can be written there: asked before the work."""
    if path.suffix.casefold() != ending:
        raise RequestError(f"{path}: this is written as {ending}. Name such a file.")
    exporting.require_place(path)


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""

    def fill(place: Path) -> int:
        return place.write_bytes(content)

    exporting.replacing(path, fill)
