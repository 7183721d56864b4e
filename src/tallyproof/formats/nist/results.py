"""NIST SP 1500-100 v2 results, JSON or XML, as rows of returns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
import polars as pl
from msgspec import UnsetType

from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Remark
from tallyproof.election.returns import Measure
from tallyproof.formats.importer import Asked, Match
from tallyproof.formats.intake import Document
from tallyproof.formats.nist.model import (
    BallotMeasureContest,
    BallotMeasureSelection,
    CandidateContest,
    CandidateSelection,
    Election,
    ElectionReport,
    OtherCounts,
    PartyContest,
    PartySelection,
    ReportingUnit,
    RetentionContest,
    VoteCounts,
)
from tallyproof.formats.nist.parsing import NAMESPACE, invalid, report_from_xml
from tallyproof.formats.nist.units import Units, text
from tallyproof.formats.remarks import file_remarks
from tallyproof.formats.tables import ROW
from tallyproof.formats.tidy import About, Reading, assemble
from tallyproof.formats.xml import root_name

Contest = BallotMeasureContest | CandidateContest | PartyContest | RetentionContest
Selection = BallotMeasureSelection | CandidateSelection | PartySelection
COLUMNS = (
    "unit_ref",
    "office",
    "district",
    "choice",
    "party",
    "measure",
    "vote_for",
    "mode",
    "votes",
    "district_ref",
)
_Row = tuple[str, str, str, str, str, str, str, str, str, str]


class NistResults:
    """Election results reports of NIST SP 1500-100 version 2."""

    id = "nist-results"
    title = "NIST SP 1500-100 v2 results"

    def identify(self, document: Document, rows: Sequence[Sequence[str]]) -> Match:
        """Yes to an ElectionReport in version 2's namespace, or its JSON type."""
        head = document.facts.head
        if document.kind == "xml":
            return Match(NAMESPACE.encode() in head and root_name(document) == "ElectionReport")
        return Match(document.kind == "json" and b'"ElectionResults.' in head)

    def read(self, document: Document, asked: Asked) -> Reading:
        """Read every count; references that lead nowhere and cells outside a contest's district are told."""
        report = self._report(document)
        units, remarks = Units(report), [*file_remarks(document), *_remarks(document, report)]
        rows = list(_rows(report))
        cells = _frame(rows).with_row_index(ROW, offset=1)
        placed, more = _placed(_with_district_names(cells, units), units, document)
        elections = _elections(report)
        about = About(
            document.name, placed.height, (), (*remarks, *more), asked.state,
            date.fromisoformat(elections[0].StartDate) if elections else None,
            Status(report.Status), datetime.fromisoformat(report.GeneratedDate),
        )  # fmt: skip
        return assemble(placed, about)

    def _report(self, document: Document) -> ElectionReport:
        if document.kind == "xml":
            return report_from_xml(document)
        try:
            return msgspec.json.decode(document.path.read_bytes(), type=ElectionReport)
        except msgspec.ValidationError as fault:
            raise invalid(document, fault) from None
        except msgspec.DecodeError as fault:
            raise invalid(document, msgspec.ValidationError(str(fault))) from None


def _frame(rows: Sequence[_Row]) -> pl.DataFrame:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COLUMNS)
    return pl.DataFrame(dict(zip(COLUMNS, columns, strict=True)), schema=dict.fromkeys(COLUMNS, pl.String))


def _elections(report: ElectionReport) -> list[Election]:
    return [] if isinstance(report.Election, UnsetType) else report.Election


def _rows(report: ElectionReport) -> Iterator[_Row]:
    """Every number of the report in document order."""
    parties = {} if isinstance(report.Party, UnsetType) else {each.id: _party(each) for each in report.Party}
    for election in _elections(report):
        candidates = {} if isinstance(election.Candidate, UnsetType) else {
            each.id: (text(each.BallotName), parties.get(_word(each.PartyId), "")) for each in election.Candidate
        }  # fmt: skip
        names = _Names(candidates, parties)
        for count in _each(election.BallotCounts):
            if not isinstance(count.BallotsCast, UnsetType):
                votes = "suppressed" if count.IsSuppressedForPrivacy is True else str(count.BallotsCast)
                yield (count.GpUnitId, "", "", "", "", Measure.BALLOTS_CAST, "", count.Type, votes, "")
        shared = _shared_names(_each(election.Contest))
        for contest in _each(election.Contest):
            district = contest.ElectionDistrictId if contest.Name in shared else ""
            yield from _contest(contest, names, district)
    for unit in _each(report.GpUnit):
        if isinstance(unit, ReportingUnit):
            yield from _registration(unit)


def _shared_names(contests: Sequence[Contest]) -> set[str]:
    """Contest names that several districts share, which then need the district to be told apart."""
    counted = Counter(contest.Name for contest in contests)
    return {name for name, number in counted.items() if number > 1}


def _registration(unit: ReportingUnit) -> Iterator[_Row]:
    for number, measure in (
        (unit.VotersRegistered, Measure.REGISTERED),
        (unit.VotersParticipated, Measure.VOTERS),
    ):
        if not isinstance(number, UnsetType):
            yield (unit.id, "", "", "", "", measure, "", "", str(number), "")


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of candidates and parties by id."""

    candidates: dict[str, tuple[str, str]]
    parties: dict[str, str]

    def of(self, selection: Selection) -> tuple[str, str, str]:
        """Choice, party and measure of a selection: a ticket's names are joined, a bare write-in is the bucket."""
        if isinstance(selection, BallotMeasureSelection):
            return text(selection.Selection), "", ""
        if isinstance(selection, PartySelection):
            return " / ".join(self.parties.get(each, each) for each in selection.PartyIds), "", ""
        ids = list(_each(selection.CandidateIds))
        if not ids:
            return "Write-in" if selection.IsWriteIn is True else selection.id, "", _bucket(selection)
        found = [self.candidates.get(each, (each, "")) for each in ids]
        return " / ".join(name for name, _ in found), found[0][1], ""


def _bucket(selection: CandidateSelection) -> str:
    return Measure.WRITE_IN if selection.IsWriteIn is True else ""


def _contest(contest: Contest, names: _Names, district: str) -> Iterator[_Row]:
    seats = str(contest.VotesAllowed) if isinstance(contest, CandidateContest) else "1"
    has_write_ins = False
    for selection in _each(contest.ContestSelection):
        choice, party, measure = names.of(selection)
        has_write_ins = has_write_ins or measure == Measure.WRITE_IN
        for count in _each(selection.VoteCounts):
            if count.Type == "seats" or _later_round(count):
                continue
            votes = "suppressed" if count.IsSuppressedForPrivacy is True else _number(count.Count)
            mode = _word(count.OtherType) or count.Type
            yield (
                count.GpUnitId,
                contest.Name,
                district,
                choice,
                party,
                measure,
                seats,
                mode,
                votes,
                contest.ElectionDistrictId,
            )
    for other in _each(contest.OtherCounts):
        yield from _other(other, contest, district, seats, has_write_ins=has_write_ins)


def _later_round(count: VoteCounts) -> bool:
    """Ranked-choice rounds after the first recount the same ballots."""
    return not isinstance(count.Round, UnsetType) and count.Round > 1


def _other(
    other: OtherCounts, contest: Contest, district: str, seats: str, *, has_write_ins: bool
) -> Iterator[_Row]:
    """Overvotes, undervotes, and write-ins where no selection gives them."""
    numbers = [(Measure.OVERVOTES, other.Overvotes), (Measure.UNDERVOTES, other.Undervotes)]
    if not has_write_ins:
        numbers.append((Measure.WRITE_IN, other.WriteIns))
    for measure, number in numbers:
        if not isinstance(number, UnsetType):
            yield (
                other.GpUnitId,
                contest.Name,
                district,
                "",
                "",
                measure,
                seats,
                "",
                _number(number),
                contest.ElectionDistrictId,
            )


def _number(number: float | int) -> str:
    """A count as text; 12.0 is 12, and 12.5 stays for the table to refuse."""
    return str(int(number)) if float(number).is_integer() else str(number)


def _party(party: object) -> str:
    short = text(getattr(party, "Abbreviation", msgspec.UNSET))
    return short or text(getattr(party, "Name", msgspec.UNSET))


def _word(value: str | UnsetType) -> str:
    return "" if isinstance(value, UnsetType) else value


def _each(values: list | UnsetType) -> list:  # type: ignore[type-arg]
    return [] if isinstance(values, UnsetType) else values


def _remarks(document: Document, report: ElectionReport) -> list[Remark]:
    found = []
    if report.IsTest is True:
        found.append(Remark(document.name, "test data", "says of itself that it is a test (IsTest)"))
    if report.SequenceEnd > report.SequenceStart:
        part = f"is part {report.SequenceStart} of {report.SequenceEnd}: import all parts together"
        found.append(Remark(document.name, "parts", part))
    return found


def _placed(cells: pl.DataFrame, units: Units, document: Document) -> tuple[pl.DataFrame, list[Remark]]:
    """Rows with their places; cells for units outside a contest's district are left out where they are 0."""
    refs = cells["unit_ref"].unique(maintain_order=True).to_list()
    places = [units.place(ref) if ref in units else None for ref in refs]
    table = pl.DataFrame({
        "unit_ref": refs,
        "state": [place.state if place else "" for place in places],
        "county": [place.county if place else "" for place in places],
        "unit": [place.unit if place else f"unknown unit {ref}" for ref, place in zip(refs, places, strict=True)],
        "unit_id": [place.unit_id if place else ref for ref, place in zip(refs, places, strict=True)],
    })  # fmt: skip
    pairs = cells.select("unit_ref", "district_ref").unique(maintain_order=True)
    inside = pairs.with_columns(
        inside=pl.Series([_inside(units, *pair) for pair in pairs.rows()], dtype=pl.Boolean)
    )
    joined = cells.join(table, on="unit_ref", how="left", maintain_order="left").join(
        inside, on=["unit_ref", "district_ref"], how="left", maintain_order="left"
    )
    voted = (
        (~pl.col("inside") & (pl.col("votes") != "0") & (pl.col("measure") == ""))
        .any()
        .over("unit_ref", "office", "district_ref")
    )
    kept = joined.filter(pl.col("inside") | voted)
    remarks = _reference_remarks(
        document, units, [ref for ref, place in zip(refs, places, strict=True) if place is None]
    )
    if left_out := pairs_left_out(joined, kept):
        words = f"gives {left_out:,} units of contests whose district they lie outside of; those cells are left out"
        remarks.append(Remark(document.name, "districts", words))
    return kept.with_columns(column=pl.lit("Count")), remarks


def _with_district_names(cells: pl.DataFrame, units: Units) -> pl.DataFrame:
    """Districts by the names their units have."""
    refs = cells["district"].unique().to_list()
    return cells.with_columns(pl.col("district").replace_strict(refs, [units.name(ref) for ref in refs]))


def _inside(units: Units, unit_ref: str, district_ref: str) -> bool:
    return not district_ref or unit_ref not in units or units.within(unit_ref, district_ref)


def pairs_left_out(joined: pl.DataFrame, kept: pl.DataFrame) -> int:
    """How many (unit, contest) cells were left out."""
    cell = ["unit_ref", "office", "district_ref"]
    return joined.select(cell).n_unique() - kept.select(cell).n_unique()


def _reference_remarks(document: Document, units: Units, missing: list[str]) -> list[Remark]:
    found = [
        Remark(document.name, "references", f"counts votes for unit '{ref}', which it does not define")
        for ref in missing
    ]
    return found + [
        Remark(
            document.name, "references", f"composes unit '{parent}' of '{child}', which it does not define"
        )
        for parent, child in units.broken_references()
    ]
