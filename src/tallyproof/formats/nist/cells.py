"""Every number of a NIST report in its order, as JSON and XML of the same content give it alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import msgspec
from msgspec import Struct, UnsetType

from tallyproof.election.returns import Measure
from tallyproof.formats.importer import RawRow
from tallyproof.formats.nist.contests import Labelled
from tallyproof.formats.nist.model import (
    BallotCounts,
    BallotMeasureSelection,
    CandidateSelection,
    DeviceClass,
    Election,
    ElectionReport,
    OtherCounts,
    PartySelection,
    ReportingUnit,
    Selection,
    VoteCounts,
)
from tallyproof.formats.nist.texts import each, text, word

SUPPRESSED = "suppressed"
SEATS, WRITE_INS_TYPE = "seats", "write-in"
OF_UNIT = -1
"""Stands for the contest where a number belongs to a unit as a whole."""


class Cell(NamedTuple):
    """One number with where it stands: ``contest`` is its place among the report's contests.

    ``written_in`` tells that a line for names written in has it; ``field`` of ``holder`` holds it.
    """

    unit: str
    contest: int
    choice: str
    party: str
    measure: str
    mode: str
    device: str
    round: int
    votes: str
    written_in: bool
    holder: Struct
    field: str
    selection: str = ""


class People:
    """Names and parties of candidates by their ids."""

    def __init__(self, report: ElectionReport) -> None:
        self.parties = {
            party.id: text(party.Abbreviation) or text(party.Name) for party in each(report.Party)
        }
        self._candidates = {
            candidate.id: (text(candidate.BallotName), self.parties.get(word(candidate.PartyId), ""))
            for election in each(report.Election)
            for candidate in each(election.Candidate)
        }

    def of(self, selection: Selection) -> tuple[str, str]:
        """Choice and party of a selection; the names of a ticket are joined."""
        if isinstance(selection, BallotMeasureSelection):
            return text(selection.Selection), ""
        if isinstance(selection, PartySelection):
            return " / ".join(self.parties.get(one, one) for one in selection.PartyIds), ""
        if is_bare_write_in(selection):
            return "Write-in", ""
        found = [self._candidates.get(one, (one, "")) for one in each(selection.CandidateIds)]
        endorsed = [self.parties.get(one, one) for one in each(selection.EndorsementPartyIds)]
        name = " / ".join(name for name, _ in found) or selection.id
        return name, endorsed[0] if len(endorsed) == 1 else found[0][1] if found else ""


def is_bare_write_in(selection: Selection) -> bool:
    """Whether the selection is a line for any name written in."""
    is_line = isinstance(selection, CandidateSelection) and selection.IsWriteIn is True
    return is_line and not each(selection.CandidateIds)  # type: ignore[union-attr]


def cells(report: ElectionReport, contests: Sequence[Labelled], people: People) -> Iterator[Cell]:
    """All numbers: election by election its ballots and its contests, then the units' voters."""
    place = 0
    for election in each(report.Election):
        yield from _ballots(election)
        for _ in each(election.Contest):
            yield from _of_contest(contests[place], place, people)
            place += 1
    for unit in each(report.GpUnit):
        if isinstance(unit, ReportingUnit):
            yield from _voters(unit)


def _ballots(election: Election) -> Iterator[Cell]:
    for count in each(election.BallotCounts):
        if not isinstance(count.BallotsCast, UnsetType):
            number = _number(count.BallotsCast, count)
            yield Cell(
                count.GpUnitId, OF_UNIT, "", "", Measure.BALLOTS_CAST, _mode(count), _device(count),
                _round(count), number, False, count, "BallotsCast",
            )  # fmt: skip


def _voters(unit: ReportingUnit) -> Iterator[Cell]:
    for name, number, measure in (
        ("VotersRegistered", unit.VotersRegistered, Measure.REGISTERED),
        ("VotersParticipated", unit.VotersParticipated, Measure.VOTERS),
    ):
        if not isinstance(number, UnsetType):
            yield Cell(unit.id, OF_UNIT, "", "", measure, "", "", 0, str(number), False, unit, name)


def _of_contest(one: Labelled, place: int, people: People) -> Iterator[Cell]:
    lines = 0
    for selection in each(one.contest.ContestSelection):
        choice, party = people.of(selection)
        measure = Measure.WRITE_IN if is_bare_write_in(selection) else ""
        if measure:  # a contest for several seats has several lines, which are no repeats of each other
            lines += 1
            choice = f"{choice} {lines}" if lines > 1 else choice
        written_in = isinstance(selection, CandidateSelection) and selection.IsWriteIn is True
        for count in each(selection.VoteCounts):
            yield Cell(
                count.GpUnitId, place, choice, party, measure, _mode(count), _device(count), _round(count),
                _number(count.Count, count), written_in, count, "Count", selection.id,
            )  # fmt: skip
    for other in each(one.contest.OtherCounts):
        yield from _others(other, place)


def _others(other: OtherCounts, place: int) -> Iterator[Cell]:
    for name, number, measure in (
        ("Overvotes", other.Overvotes, Measure.OVERVOTES),
        ("Undervotes", other.Undervotes, Measure.UNDERVOTES),
        ("WriteIns", other.WriteIns, Measure.WRITE_IN),
    ):
        if not isinstance(number, UnsetType):
            yield Cell(
                other.GpUnitId, place, "", "", measure, "", _device(other), 0, _whole(number), False, other,
                name,
            )  # fmt: skip


def _mode(count: VoteCounts | BallotCounts) -> str:
    return (word(count.OtherType) if count.Type == "other" else "") or count.Type


def _device(count: VoteCounts | BallotCounts | OtherCounts) -> str:
    """What tells a count of some devices from that of all."""
    if not isinstance(count.DeviceClass, DeviceClass):
        return ""
    told = count.DeviceClass
    words = (word(told.Type), word(told.OtherType), word(told.Manufacturer), word(told.Model))
    return " ".join(filter(None, words)) or "device"


def _round(count: VoteCounts | BallotCounts) -> int:
    return 0 if isinstance(count.Round, UnsetType) else count.Round


def _number(number: float | int, count: VoteCounts | BallotCounts) -> str:
    """A count as text; one that is kept secret for privacy is no number."""
    return SUPPRESSED if count.IsSuppressedForPrivacy is True else _whole(number)


def _whole(number: float | int) -> str:
    """12.0 is 12; 12.5 stays, to be judged by the contest's way of voting."""
    return str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)


def raw(found: Iterator[Cell], contests: Sequence[Labelled], number: int) -> RawRow:
    """The objects that lead to the number of this place and the fields beside it; empty without one."""
    cell = next(islice(found, number - 1, None), None) if number > 0 else None
    if cell is None:
        return (), ()
    steps = []
    if cell.contest != OF_UNIT:
        contest = contests[cell.contest].contest
        steps += [("Contest", f"{contest.id} ({contest.Name})")]
    if cell.selection:
        steps += [("ContestSelection", f"{cell.selection} ({cell.choice})")]
    steps += [("object", type(cell.holder).__name__)]
    steps += [(name, str(value)) for name, value in _plain(cell.holder) if name != cell.field]
    steps += [(cell.field, str(getattr(cell.holder, cell.field)))]
    return tuple(name for name, _ in steps), tuple(value for _, value in steps)


def _plain(count: Struct) -> Iterator[tuple[str, object]]:
    """The fields of an object that hold a plain value."""
    for field in msgspec.structs.fields(count):
        value = getattr(count, field.name)
        if isinstance(value, str | int | float):
            yield field.encode_name, value
