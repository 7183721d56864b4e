"""Colorado's published audit files: results report, contests, manifests, votes, seed, batch counts."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tallyproof.errors import UnreadableError
from tallyproof.formats.published import PublishedFile, column, whole

Rows = Sequence[Sequence[str]]
Told = Callable[[UnreadableError], None]
"""What is told of a cell that cannot be read."""

KINDS = ("disc +2", "disc +1", "disc -1", "disc -2")
"""Columns of the summary: cards overstated by two and one votes, understated by one and two."""
_CONTENTS, _SUMMARY = "Contests to Sheets", "Summary"
_COUNTY, _CONTEST = ("county_name", "CountyName"), ("contest_name", "ContestName")


@dataclass(frozen=True, slots=True)
class ReportedRisk:
    """A contest's row of the report's summary; texts as printed."""

    row: int
    contest: str
    is_targeted: bool
    met: str
    risk: str
    risk_limit: float
    diluted_margin: str
    over_two: int
    over_one: int
    under_one: int
    under_two: int
    gamma: float
    samples: int
    cards: int
    margin: int

    @property
    def discrepancies(self) -> tuple[int, int, int, int]:
        """The four counts in the order of ``KINDS``."""
        return self.over_two, self.over_one, self.under_one, self.under_two


@dataclass(frozen=True, slots=True)
class ReportedCard:
    """A drawn card of a contest's sheet; ``number`` is its place in the contest's cards, from 1."""

    row: int
    county: str
    imprinted_id: str
    discrepancy: str
    number: int


@dataclass(frozen=True, slots=True)
class ResultsReport:
    """A results report of one round: risks of all contests, drawn cards of those that drew.

    ``faults`` are cells that could not be read; a contest or a sheet with one is left out.
    """

    file: str
    risks: tuple[ReportedRisk, ...]
    cards: Mapping[str, tuple[ReportedCard, ...]]
    faults: tuple[UnreadableError, ...] = ()


@dataclass(frozen=True, slots=True)
class ContestRow:
    """A contest of a round's ``contest.csv``; early years do not tell ``winners``.

    Discrepancies are as in ``ReportedRisk``.
    """

    file: str
    row: int
    contest: str
    winners: int | None
    cards: int
    margin: int
    risk_limit: float
    discrepancies: tuple[int, int, int, int]
    gamma: float
    samples: int


@dataclass(frozen=True, slots=True)
class ManifestBatch:
    """A scanner's batch in a county's manifest."""

    file: str
    row: int
    county: str
    scanner: str
    batch: str
    cards: int


@dataclass(frozen=True, slots=True)
class BatchCount:
    """A batch's cards by manifest and by cast vote records, as the state compared them."""

    row: int
    county: str
    scanner: str
    batch: str
    in_manifest: int
    in_records: int


# ---- what a file is


def is_manifest(rows: Rows) -> bool:
    """Whether this is a county's manifest: county, scanner, batch, cards; the words differ by county."""
    names = [cell.casefold() for cell in rows[0]] if rows else []
    return len(names) >= 4 and names[0] == "county" and names[2].startswith("batch")


def is_contests(rows: Rows) -> bool:
    """Whether this is a round's table of contests."""
    return bool(rows) and {"contest_name", "min_margin", "optimistic_samples_to_audit"} <= set(rows[0])


def is_votes(rows: Rows) -> bool:
    """Whether these are votes by contest and choice of the whole state."""
    return bool(rows) and rows[0] == ["contest_name", "choice", "votes"]


def is_seed(rows: Rows) -> bool:
    """Whether this is the seed alone."""
    return len(rows) > 1 and rows[0] == ["seed"]


def is_batch_counts(rows: Rows) -> bool:
    """Whether this compares batches of manifests with those of cast vote records."""
    return bool(rows) and {"count_per_manifest", "count_per_cvr_file"} <= set(rows[0])


def header_of_counties(rows: Rows) -> tuple[int, int, int] | None:
    """Header row (from 0), county and contest column of a table that names a contest's counties."""
    for place, row in enumerate(rows[:3]):
        found = [next((row.index(n) for n in names if n in row), -1) for names in (_COUNTY, _CONTEST)]
        if min(found) >= 0:
            return place, found[0], found[1]
    return None


# ---- what it says


def _filled(rows: Rows) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows below the column names that are not blank, with their places in the spreadsheet."""
    return ((place, row) for place, row in enumerate(rows[1:], start=2) if any(map(str.strip, row)))


def _cells(file: str, place: int, row: Sequence[str], places: Sequence[int]) -> list[str]:
    """The row's cells at these places. Raises UnreadableError for a row that ends before one of them."""
    if len(row) <= max(places):
        cells = "1 cell" if len(row) == 1 else f"{len(row):,} cells"
        raise UnreadableError(file, f"a row of {cells} stands where {max(places) + 1:,} belong", row=place)
    return [row[each] for each in places]


def plain(county: str) -> str:
    """A county's name without spaces and capitals."""
    return county.replace(" ", "").casefold()


def read_manifest(file: str, rows: Rows) -> dict[str, tuple[ManifestBatch, ...] | UnreadableError]:
    """The batches of each county, by its plain name, in the order of the file, or the fault of a bad cell.

    Where a row names no county, it is that of the row above.
    """
    found: dict[str, list[ManifestBatch]] = {}
    faults: dict[str, UnreadableError] = {}
    county = ""
    for place, row in _filled(rows):
        county = row[0] or county
        try:
            scanner, batch_id, cards = _cells(file, place, row, (1, 2, 3))
            batch = ManifestBatch(file, place, county, scanner, batch_id, whole(cards, file, place))
        except UnreadableError as fault:
            faults.setdefault(plain(county), fault)
        else:
            found.setdefault(plain(county), []).append(batch)
    return {**{name: tuple(batches) for name, batches in found.items()}, **faults}


def read_contests(file: str, rows: Rows, fault: Told) -> tuple[ContestRow, ...]:
    """The contests of a round but those with cells that are no counts, which ``fault`` is told of.

    Raises UnreadableError for a missing column.
    """
    wanted = (
        "contest_name", "ballot_card_count", "min_margin", "risk_limit",
        "two_vote_over_count", "one_vote_over_count", "one_vote_under_count", "two_vote_under_count",
        "gamma", "optimistic_samples_to_audit",
    )  # fmt: skip
    places = [column(rows[0], name, file) for name in wanted]
    seats = rows[0].index("winners_allowed") if "winners_allowed" in rows[0] else None
    found = []
    for place, row in _filled(rows):
        try:
            cells = _cells(file, place, row, places)
            winners = None if seats is None else _cells(file, place, row, (seats,))[0]
            found.append(_contest(file, place, cells, winners))
        except UnreadableError as met:
            fault(met)
    return tuple(found)


def _contest(file: str, place: int, cells: Sequence[str], winners: str | None) -> ContestRow:
    name, cards, margin, limit, *kinds, gamma, samples = cells
    over_two, over_one, under_one, under_two = (whole(text, file, place) for text in kinds)
    return ContestRow(
        file,
        place,
        name,
        None if winners is None else whole(winners, file, place),
        whole(cards, file, place),
        whole(margin, file, place),
        number(limit, file, place),
        (over_two, over_one, under_one, under_two),
        number(gamma, file, place),
        whole(samples, file, place),
    )


def read_votes(file: str, rows: Rows) -> dict[str, dict[str, int] | UnreadableError]:
    """Votes by contest and choice, or the fault of a contest's cell that is no count."""
    found: dict[str, dict[str, int]] = {}
    faults: dict[str, UnreadableError] = {}
    for place, row in _filled(rows):
        try:
            contest, choice, count = _cells(file, place, row, (0, 1, 2))
            found.setdefault(contest, {})[choice] = whole(count, file, place)
        except UnreadableError as fault:
            faults.setdefault(row[0], fault)
    return {**found, **faults}


def read_counties(rows: Rows, header: tuple[int, int, int]) -> dict[str, set[str]]:
    """The counties of each contest."""
    first, county, contest = header
    found: dict[str, set[str]] = {}
    for row in rows[first + 1 :]:
        if len(row) > max(county, contest):
            found.setdefault(row[contest], set()).add(row[county])
    return found


def read_batch_counts(file: str, rows: Rows, fault: Told) -> tuple[BatchCount, ...]:
    """The state's comparison but for counties with a cell that is no count, which ``fault`` is told of.

    Raises UnreadableError for a missing column.
    """
    wanted = ("county_name", "scanner_id", "batch_id", "count_per_manifest", "count_per_cvr_file")
    places = [column(rows[0], name, file) for name in wanted]
    found: list[BatchCount] = []
    lost: set[str] = set()
    for place, row in _filled(rows):
        try:
            found.append(_count(file, place, _cells(file, place, row, places)))
        except UnreadableError as met:
            fault(met)
            lost.update(row[places[0] : places[0] + 1])
    return tuple(each for each in found if each.county not in lost)


def _count(file: str, place: int, cells: Sequence[str]) -> BatchCount:
    county, scanner, batch, in_manifest, in_records = cells
    counts = (whole(cell or "0", file, place) for cell in (in_manifest, in_records))
    return BatchCount(place, county, scanner, batch, *counts)


def read_results(file: PublishedFile) -> ResultsReport | None:
    """The results report in a workbook; None for a workbook that is none.

    Raises UnreadableError for a damaged workbook and for missing columns.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.content))
        if not {_CONTENTS, _SUMMARY} <= set(book.sheet_names):
            return None
        sheets = {
            name: [[_text(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python(False)]
            for name in book.sheet_names
        }
    except (CalamineError, OSError, ValueError):
        raise UnreadableError(file.name, "is a damaged workbook", remedy="Download it again") from None
    contests = [row[0] for row in sheets.pop(_CONTENTS)[2:] if len(row) > 1 and row[1]]
    faults: list[UnreadableError] = []
    risks = _risks(file.name, sheets.pop(_SUMMARY), faults.append)
    if len(contests) != len(sheets):
        reason = f"lists {len(contests):,} contests and has {len(sheets):,} sheets for them"
        raise UnreadableError(file.name, reason, remedy="Download it again")
    cards = {}
    for contest, (sheet, rows) in zip(contests, sheets.items(), strict=True):
        try:
            cards[contest] = _cards(f"{file.name}, sheet {sheet}", rows)
        except UnreadableError as fault:
            faults.append(fault)
    return ResultsReport(file.name, risks, cards, tuple(faults))


def number(text: str, file: str, row: int) -> float:
    """A number, never NaN or infinity. Raises UnreadableError naming file and row."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise UnreadableError(file, f"'{text}' stands where a number belongs", row=row)
    return found


def _risks(file: str, rows: Rows, fault: Told) -> tuple[ReportedRisk, ...]:
    header = rows[1] if len(rows) > 1 else []
    wanted = (
        "Contest", "targeted", "Risk Limit met?", "Risk measurement %", "Audit Risk Limit %",
        "diluted margin %", *KINDS, "gamma", "audited sample count", "ballot count", "min margin",
    )  # fmt: skip
    places = [column(header, name, file, 2) for name in wanted]
    found = []
    for place, row in enumerate(rows[2:], start=3):
        cells = [row[each] for each in places]
        if cells[3]:
            try:
                found.append(_risk(file, place, cells))
            except UnreadableError as met:
                fault(met)
    return tuple(found)


def _risk(file: str, place: int, cells: Sequence[str]) -> ReportedRisk:
    over_two, over_one, under_one, under_two = (whole(cell, file, place) for cell in cells[6:10])
    samples, cards, margin = (whole(cell, file, place) for cell in cells[11:14])
    limit, gamma = number(cells[4], file, place) / 100, number(cells[10], file, place)
    number(cells[3], file, place), number(cells[5], file, place)
    return ReportedRisk(
        place, cells[0], cells[1] == "Yes", cells[2], cells[3], limit, cells[5],
        over_two, over_one, under_one, under_two, gamma, samples, cards, margin,
    )  # fmt: skip


def _cards(file: str, rows: Rows) -> tuple[ReportedCard, ...]:
    header = rows[1] if len(rows) > 1 else []
    wanted = ("county", "imprinted id", "discrepancy", "random number")
    county, imprint, discrepancy, random = (column(header, name, file, 2) for name in wanted)
    return tuple(
        ReportedCard(place, row[county], row[imprint], row[discrepancy], whole(row[random], file, place))
        for place, row in enumerate(rows[2:], start=3)
        if row[random]
    )


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
