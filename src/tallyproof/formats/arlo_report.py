"""Arlo's audit report of a batch comparison audit, with the manifests and batch totals it was made from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from tallyproof.errors import UnreadableError
from tallyproof.formats.published import column, whole

Rows = Sequence[Sequence[str]]
Votes = Mapping[str, int]
T = TypeVar("T")
BALLOTS = "Ballots in Batch"
_SECTION = re.compile(r"#+ ([A-Z ]+?) #+")
_TICKET = re.compile(r"Round (\d+):|(\d\.\d{6,})")


@dataclass(frozen=True, slots=True)
class ArloContest:
    """A contest of the report; ``runoff_law`` is blank where no runoff was tested."""

    row: int
    name: str
    is_targeted: bool
    winners: int
    votes_allowed: int
    ballots: int
    votes: Votes
    pending: int
    runoff_law: str


@dataclass(frozen=True, slots=True)
class ArloRound:
    """A round of a targeted contest: the draws, P as printed, and sums over the batches drawn."""

    row: int
    number: int
    contest: str
    size: int
    met: str
    p_value: str
    batches: str
    ballots: str
    audited: Votes
    reported: Votes


@dataclass(frozen=True, slots=True)
class Counted:
    """What a sampled batch's row says of one contest; ``tickets`` are round and number of each draw."""

    tickets: tuple[tuple[int, str], ...]
    reported: Votes
    audited: Votes
    change: str
    margin: str


@dataclass(frozen=True, slots=True)
class SampledBatch:
    """A row of the sampled batches; ``combined`` lists the batches that were counted together.

    ``was_audited`` is what the column Audited? says, blank where there is none. ``faults`` are the cells that
    could not be read, by their columns: 0 or no votes stand in their place.
    """

    row: int
    jurisdiction: str
    name: str
    ballots: int
    contests: Mapping[str, Counted]
    combined: str
    was_audited: str
    faults: Mapping[str, UnreadableError]

    @property
    def is_drawn(self) -> bool:
        """Whether any contest drew it; others were counted beside the sample."""
        return any(each.tickets for each in self.contests.values())

    def fault_in(self, *columns: str) -> UnreadableError | None:
        """The fault of the first of these columns that has one."""
        return next((self.faults[column] for column in columns if column in self.faults), None)


@dataclass(frozen=True, slots=True)
class ArloReport:
    """The whole report; ``totals`` is the last row, the sums over all sampled batches.

    ``faults`` are all cells that could not be read; a contest or round with one is left out.
    """

    file: str
    election: str
    state: str
    audit_type: str
    math_type: str
    risk_limit: float
    seed: str
    contests: tuple[ArloContest, ...]
    rounds: tuple[ArloRound, ...]
    batches: tuple[SampledBatch, ...]
    totals: SampledBatch | None
    faults: tuple[UnreadableError, ...]


@dataclass(frozen=True, slots=True)
class BatchVotes:
    """A batch in a jurisdiction's file of totals: votes under the file's own column names."""

    file: str
    row: int
    name: str
    votes: Votes


@dataclass(frozen=True, slots=True)
class BatchCards:
    """A batch in a jurisdiction's ballot manifest."""

    file: str
    row: int
    name: str
    cards: int


def is_report(rows: Rows) -> bool:
    """Whether this is an audit report of Arlo."""
    return bool(rows and rows[0] and rows[0][0].startswith("######## ELECTION INFO"))


def is_manifest(rows: Rows) -> bool:
    """Whether this is a ballot manifest in Arlo's layout."""
    return bool(rows) and {"Batch Name", "Number of Ballots"} <= set(rows[0])


def is_totals(rows: Rows) -> bool:
    """Whether these are batch totals in Arlo's layout: a batch name, then counts for each choice."""
    if len(rows) < 2 or rows[0][:1] != ["Batch Name"] or is_manifest(rows):
        return False
    return len(rows[0]) > 2 and all(cell.replace(",", "").isdecimal() for cell in rows[1][1:] if cell)


def read_manifest(file: str, rows: Rows) -> tuple[BatchCards, ...]:
    """The batches in the order of the file. Raises UnreadableError for cells that are no counts."""
    name, cards = (column(rows[0], each, file) for each in ("Batch Name", "Number of Ballots"))
    return tuple(
        BatchCards(file, place, row[name], whole(row[cards], file, place))
        for place, row in _filled(rows, name)
    )


def read_totals(file: str, rows: Rows) -> tuple[BatchVotes, ...]:
    """The batches in the order of the file. Raises UnreadableError for cells that are no counts."""
    return tuple(
        BatchVotes(
            file,
            place,
            row[0],
            {key: whole(cell or "0", file, place) for key, cell in zip(rows[0][1:], row[1:], strict=False)},
        )
        for place, row in _filled(rows, 0)
    )


def _filled(rows: Rows, name: int) -> list[tuple[int, Sequence[str]]]:
    numbered = enumerate(rows[1:], start=2)
    return [(place, row) for place, row in numbered if len(row) > name and row[name]]


def read_report(file: str, rows: Rows) -> ArloReport:
    """The report, with what could be read of each row.

    Raises UnreadableError for a missing section or column, and for a risk limit that is none.
    """
    parts = _sections(rows)
    (_, info), *_ = _records(file, parts, "ELECTION INFO")
    (place, settings), *_ = _records(file, parts, "AUDIT SETTINGS")
    listed = _records(file, parts, "CONTESTS")
    faults: list[UnreadableError] = []
    contests = _whole_rows(file, listed, _contest, faults)
    names: dict[str, Votes] = {row.get("Contest Name", ""): {} for _, row in listed}
    names |= {each.name: each.votes for each in contests}
    rounds = _whole_rows(file, _records(file, parts, "ROUNDS"), _round, faults)
    batches = [_batch(file, at, row, names) for at, row in _records(file, parts, "SAMPLED BATCHES")]
    faults += [fault for each in batches for fault in each.faults.values()]
    sums = [each for each in batches if each.jurisdiction == "Totals"]
    return ArloReport(
        file,
        info.get("Election Name", ""),
        info.get("State", ""),
        settings.get("Audit Type", ""),
        settings.get("Audit Math Type", ""),
        _share(settings.get("Risk Limit", ""), file, place),
        settings.get("Random Seed", ""),
        contests,
        rounds,
        tuple(each for each in batches if each.jurisdiction != "Totals"),
        sums[0] if sums else None,
        tuple(faults),
    )


def _whole_rows(
    file: str,
    records: Iterable[tuple[int, dict[str, str]]],
    read: Callable[[str, int, Mapping[str, str]], T],
    faults: list[UnreadableError],
) -> tuple[T, ...]:
    """The rows of which every cell can be read; the faults of the others are added to the list."""
    found = []
    for place, row in records:
        try:
            found.append(read(file, place, row))
        except UnreadableError as fault:
            faults.append(fault)
    return tuple(found)


def votes(text: str, file: str, row: int) -> Votes:
    """Votes by choice from "Name: 12; Name: 3"; names may hold semicolons and colons themselves."""
    parts = re.findall(r"(.+?): ([\d,]+)(?:; |$)", text)
    if text and "; ".join(f"{name}: {count}" for name, count in parts) != text:
        raise UnreadableError(file, f"'{text[:60]}' stands where votes by choice belong", row=row)
    return {name: whole(count, file, row) for name, count in parts}


def _sections(rows: Rows) -> dict[str, list[tuple[int, Sequence[str]]]]:
    """Each section's rows to the next section, the names of its columns first; blank ones are left out."""
    starts = [
        (place, found[1]) for place, row in enumerate(rows) if row and (found := _SECTION.match(row[0]))
    ]
    ends = [*(place for place, _ in starts[1:]), len(rows)]
    return {
        name: [(at, row) for at, row in enumerate(rows[place + 1 : end], start=place + 2) if any(row)]
        for (place, name), end in zip(starts, ends, strict=False)  # none starts: there is one end
    }


def _records(
    file: str, parts: Mapping[str, Sequence[tuple[int, Sequence[str]]]], name: str
) -> list[tuple[int, dict[str, str]]]:
    rows = parts.get(name, ())
    if len(rows) < 2:
        raise UnreadableError(file, f"has no section '{name}'", remedy="Download the whole report again")
    (_, header), *records = rows
    return [(place, dict(zip(header, row, strict=False))) for place, row in records]


def _contest(file: str, place: int, row: Mapping[str, str]) -> ArloContest:
    def count(name: str, blank: str) -> int:
        return whole(row.get(name, "") or blank, file, place)

    return ArloContest(
        place,
        row.get("Contest Name", ""),
        row.get("Targeted?", "") == "Targeted",
        count("Number of Winners", "1"),
        count("Votes Allowed", "1"),
        count("Total Ballots Cast", ""),
        votes(row.get("Vote Totals", ""), file, place),
        count("Pending Ballots", "0"),
        row.get("Runoff Law", ""),
    )


def _round(file: str, place: int, row: Mapping[str, str]) -> ArloRound:
    return ArloRound(
        place,
        whole(row.get("Round Number", ""), file, place),
        row.get("Contest Name", ""),
        whole(row.get("Sample Size", "") or "0", file, place),
        row.get("Risk Limit Met?", ""),
        row.get("P-Value", ""),
        row.get("Batches Sampled", ""),
        row.get("Ballots Sampled", ""),
        votes(row.get("Audited Votes", ""), file, place),
        votes(row.get("Reported Votes", ""), file, place),
    )


def _batch(file: str, place: int, row: Mapping[str, str], contests: Mapping[str, Votes]) -> SampledBatch:
    faults: dict[str, UnreadableError] = {}

    def cell(name: str, read: Callable[[str, str, int], T], blank: T) -> T:
        try:
            return read(row.get(name, ""), file, place)
        except UnreadableError as fault:
            faults[name] = fault
            return blank

    def of(contest: str) -> Counted:
        def read(text: str, file: str, place: int) -> Votes:
            return _votes_for(contests[contest], text, file, place)

        return Counted(
            _tickets(row.get(f"Ticket Numbers: {contest}", "")),
            cell(reported_column(contest), read, {}),
            cell(audited_column(contest), read, {}),
            row.get(f"Change in Results: {contest}", ""),
            row.get(f"Change in Margin: {contest}", ""),
        )

    return SampledBatch(
        place,
        row.get("Jurisdiction Name", ""),
        row.get("Batch Name", ""),
        cell(BALLOTS, whole, 0),
        {name: of(name) for name in contests},
        row.get("Combined Batch", "").removeprefix("Combines "),
        row.get("Audited?", ""),
        faults,
    )


def _votes_for(choices: Votes, text: str, file: str, row: int) -> Votes:
    """Votes by choice; a count that is missing would join two choices to one that the contest has not."""
    found = votes(text, file, row)
    joined = next((name for name in found if "; " in name and choices and name not in choices), None)
    if joined is not None:
        raise UnreadableError(file, f"'{joined[:60]}' stands where votes by choice belong", row=row)
    return found


def reported_column(contest: str) -> str:
    """The column of a contest's reported votes among the sampled batches."""
    return f"Reported Results: {contest}"


def audited_column(contest: str) -> str:
    """The column of a contest's audited votes among the sampled batches."""
    return f"Audit Results: {contest}"


def _tickets(text: str) -> tuple[tuple[int, str], ...]:
    """Round and number from "Round 1: 0.85…, 0.98…, Round 2: EXTRA"."""
    found: list[tuple[int, str]] = []
    number = 1
    for match in _TICKET.finditer(text):
        if match[1]:
            number = int(match[1])
        else:
            found.append((number, match[2]))
    return tuple(found)


def _share(text: str, file: str, row: int) -> float:
    try:
        share = Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        is_share = 0 < share < 1
    except InvalidOperation:  # also "NaN", which is neither above nor below
        raise UnreadableError(file, f"'{text}' stands where the risk limit belongs", row=row) from None
    if not is_share:
        raise UnreadableError(file, f"the risk limit '{text}' is not between 0 and 1", row=row)
    return float(share)
