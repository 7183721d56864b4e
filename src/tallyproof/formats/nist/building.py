"""A returns table as a NIST SP 1500-100 v2 report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import polars as pl
from msgspec import UNSET, UnsetType

from tallyproof.election import contest
from tallyproof.election.canvass import Status
from tallyproof.election.returns import Measure, Mode
from tallyproof.formats.nist.expressing import BESIDE, Expressible, expressible
from tallyproof.formats.nist.gpunits import GpUnits
from tallyproof.formats.nist.ids import Ids, international
from tallyproof.formats.nist.model import (
    BallotCounts,
    Candidate,
    CandidateContest,
    CandidateSelection,
    Election,
    ElectionReport,
    OtherCounts,
    VoteCounts,
)
from tallyproof.formats.nist.people import Party
from tallyproof.formats.nist.words import CountItemType, ElectionType, ResultsStatus

_STATUS = {Status.CANVASSED: Status.UNOFFICIAL_COMPLETE, Status.UNKNOWN: Status.UNOFFICIAL_PARTIAL}
"""Our statuses that the specification lacks, as the nearest one that claims no more."""
NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Heading:
    """What a report says of itself; ``generated`` carries its zone; ``election_type`` may be unknown."""

    issuer: str
    issuer_abbreviation: str
    election_name: str
    election_day: date
    generated: datetime
    status: Status
    application: str
    election_type: ElectionType | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """The report with how many numbers it holds.

    ``left_out`` counts numbers for which it has no place, by what they are; ``changed`` says what it
    tells otherwise than the returns.
    """

    report: ElectionReport
    numbers: int
    left_out: dict[str, int]
    changed: tuple[str, ...]


def build(frame: pl.DataFrame, heading: Heading) -> Built:
    """Express a returns table. Unknown numbers are left out, suppressed ones are marked."""
    found, ids = expressible(frame), Ids()
    units = GpUnits(found, ids)
    parties = _Parties(found.votes, ids)
    election = _election(found, units, parties, ids, heading)
    changed = (*found.changed, *_assumed(found, heading))
    report = ElectionReport(
        Format="precinct-level" if units.has_units else "summary-contest",
        GeneratedDate=heading.generated.replace(microsecond=0).isoformat(),
        Issuer=heading.issuer,
        IssuerAbbreviation=heading.issuer_abbreviation,
        SequenceStart=1,
        SequenceEnd=1,
        Status=cast(ResultsStatus, _STATUS.get(heading.status, heading.status).value),
        VendorApplicationId=heading.application,
        Election=[election],
        GpUnit=units.report(),
        Party=parties.report() or UNSET,
        Notes=_notes(found.left_out, changed) or UNSET,
    )
    return Built(report, found.numbers, found.left_out, changed)


def _assumed(found: Expressible, heading: Heading) -> list[str]:
    """What the specification requires and the returns do not tell."""
    contests = found.votes.group_by("contest").agg(pl.col("vote_for").max())
    unknown = contests["vote_for"].null_count()
    told = []
    if unknown:
        plural = "contest" if unknown == 1 else "contests"
        told.append(f"votes per ballot are not known in {unknown:,} {plural}; 1 is written")
    if heading.election_type is None:
        told.append("the type of election is not known; 'other' is written")
    if heading.status in _STATUS:
        told.append(f"the status '{heading.status.value}' is written as '{_STATUS[heading.status].value}'")
    return told


def _notes(left_out: dict[str, int], changed: Sequence[str]) -> str:
    missing = [f"{number:,} {name}" for name, number in left_out.items()]
    parts = [f"Not in this report: {', '.join(missing)}."] if missing else []
    return " ".join([*parts, *(f"{text[0].upper()}{text[1:]}." for text in changed)])


class _Parties:
    """Parties by their codes."""

    def __init__(self, votes: pl.DataFrame, ids: Ids) -> None:
        codes = [code for code in votes["party"].unique(maintain_order=True).to_list() if code]
        self._ids = {code: ids.new("party", code) for code in codes}

    def of(self, code: str) -> str | UnsetType:
        return self._ids.get(code, UNSET)

    def report(self) -> list[Party]:
        return [
            Party(id=identifier, Name=international(code), Abbreviation=international(code))
            for code, identifier in self._ids.items()
        ]


def _election(found: Expressible, units: GpUnits, parties: _Parties, ids: Ids, heading: Heading) -> Election:
    candidates: list[Candidate] = []
    votes = _by_contest(found.votes)
    beside = _by_contest(found.beside)
    contests = [
        _contest(votes.get(name), beside.get(name), units, parties, ids, candidates)
        for name in dict.fromkeys([*votes, *beside])
    ]
    day = heading.election_day.isoformat()
    return Election(
        Name=international(heading.election_name),
        Type=heading.election_type or "other",
        OtherType=UNSET if heading.election_type else NOT_STATED,
        StartDate=day,
        EndDate=day,
        ElectionScopeId=units.scope,
        Contest=contests or UNSET,
        Candidate=candidates or UNSET,
        BallotCounts=_ballots(found.of_units, units) or UNSET,
    )


def _by_contest(rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {str(name): part for (name,), part in rows.group_by("contest", maintain_order=True)}


def _ballots(of_units: pl.DataFrame, units: GpUnits) -> list[BallotCounts]:
    cast_ballots = of_units.filter(pl.col("measure") == Measure.BALLOTS_CAST.value)
    return [
        BallotCounts(
            GpUnitId=units.of(row), Type=_type(row), OtherType=_other_type(row), BallotsCast=row["votes"]
        )
        for row in cast_ballots.iter_rows(named=True)
    ]


def _contest(
    votes: pl.DataFrame | None,
    beside: pl.DataFrame | None,
    units: GpUnits,
    parties: _Parties,
    ids: Ids,
    candidates: list[Candidate],
) -> CandidateContest:
    rows = [part for part in (votes, beside) if part is not None]
    first = rows[0].row(0, named=True)
    allowed = max((int(part["vote_for"].max() or 0) for part in rows), default=0)  # type: ignore[arg-type]
    selections = [] if votes is None else _selections(votes, units, parties, ids, candidates)
    return CandidateContest(
        id=ids.new("contest", first["contest"]),
        Name=title(first["office"], first["district"]),
        ElectionDistrictId=units.district(rows, first),
        VotesAllowed=allowed or 1,
        ContestSelection=selections or UNSET,
        OtherCounts=([] if beside is None else _other_counts(beside, units)) or UNSET,
    )


def title(office: str, district: str) -> str:
    """A contest's name from which office and district are read again.

    >>> title("State Senate (special)", "9"), title("Councillor", "SIXTH DISTRICT")
    ('State Senate, district 9 (special)', 'Councillor SIXTH DISTRICT')
    """
    name, bracket, qualifier = office.partition(" (")
    numbered = f"{name}, district {district}{bracket}{qualifier}"
    is_read_again = contest.office(numbered).district == district != ""
    return numbered if is_read_again else f"{office} {district}".strip()


def _selections(
    votes: pl.DataFrame, units: GpUnits, parties: _Parties, ids: Ids, candidates: list[Candidate]
) -> list[CandidateSelection]:
    """One selection per choice, or per line where a choice stands for several parties."""
    made = []
    for _, lines in votes.group_by("choice_id", "measure", maintain_order=True):
        first = lines.row(0, named=True)
        key = (first["contest"], first["choice_id"] or first["choice"])
        if first["measure"] == Measure.WRITE_IN:
            counts = _counts(lines, units)
            made.append(
                CandidateSelection(id=ids.new("cs", *key), IsWriteIn=True, VoteCounts=counts or UNSET)
            )
            continue
        name = international(first["choice"] or first["choice_id"])
        by_party = [part for _, part in lines.group_by("party", maintain_order=True)]
        # a line without a party of its own would be read as one of the candidate's party
        has_bare_line = len(by_party) > 1 and any(not part["party"][0] for part in by_party)
        party = UNSET if has_bare_line else parties.of(first["party"])
        candidate = Candidate(id=ids.new("can", *key), BallotName=name, PartyId=party)
        candidates.append(candidate)
        made += [_line(candidate, part, units, parties, ids, several=len(by_party) > 1) for part in by_party]
    return made


def _line(
    candidate: Candidate, part: pl.DataFrame, units: GpUnits, parties: _Parties, ids: Ids, *, several: bool
) -> CandidateSelection:
    party = parties.of(part["party"][0])
    return CandidateSelection(
        id=ids.new("cs", candidate.id.removeprefix("can-")),
        CandidateIds=[candidate.id],
        EndorsementPartyIds=[party] if several and not isinstance(party, UnsetType) else UNSET,
        VoteCounts=_counts(part, units) or UNSET,
    )


def _counts(rows: pl.DataFrame, units: GpUnits) -> list[VoteCounts]:
    """A count per unit and way of voting; an unknown one only where it is kept secret for privacy."""
    return [
        VoteCounts(
            GpUnitId=units.of(row),
            Type=_type(row),
            OtherType=_other_type(row),
            Count=row["votes"] or 0,
            IsSuppressedForPrivacy=True if row["votes"] is None else UNSET,
        )
        for row in rows.iter_rows(named=True)
        if row["votes"] is not None or row["suppressed"]
    ]


def _type(row: dict[str, Any]) -> CountItemType:
    """Our ways of voting are the specification's own words."""
    return cast(CountItemType, row["mode"])


def _other_type(row: dict[str, Any]) -> str | UnsetType:
    return row["other_mode"] or Mode.OTHER.value if row["mode"] == Mode.OTHER else UNSET


def _other_counts(beside: pl.DataFrame, units: GpUnits) -> list[OtherCounts]:
    found: dict[str, dict[str, int]] = {}
    for row in beside.iter_rows(named=True):
        found.setdefault(units.of(row), {})[row["measure"]] = row["votes"]
    over, under = BESIDE
    return [
        OtherCounts(GpUnitId=unit, Overvotes=numbers.get(over, UNSET), Undervotes=numbers.get(under, UNSET))
        for unit, numbers in found.items()
    ]
