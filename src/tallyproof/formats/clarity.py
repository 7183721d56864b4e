"""Clarity (Scytl/SOE) detail XML: contests, choices and vote types by precinct or county."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import polars as pl

from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Remark
from tallyproof.election.jurisdiction import STATES
from tallyproof.election.returns import Measure
from tallyproof.errors import UnreadableError
from tallyproof.formats.importer import Asked, Match
from tallyproof.formats.intake import Document
from tallyproof.formats.remarks import file_remarks
from tallyproof.formats.tables import ROW
from tallyproof.formats.tidy import About, Reading, assemble
from tallyproof.formats.xml import elements, root_name

if TYPE_CHECKING:
    from lxml import etree

COLUMNS = ("county", "unit", "office", "choice", "party", "measure", "vote_for", "mode", "votes", "column")
_Row = tuple[str, str, str, str, str, str, str, str, str, str]

ZONES = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8,
    "HST": -10, "AST": -4, "ADT": -3, "UTC": 0, "GMT": 0,
}  # fmt: skip
"""Hours from UTC of the zone abbreviations that Clarity prints instead of offsets."""


@dataclass(slots=True)
class _Head:
    """What stands before the contests: region, times, and turnout by unit."""

    region: str = ""
    by_county: bool = False
    stamp: str = ""
    day: str = ""
    turnout: list[_Row] = field(default_factory=list)
    reported: list[tuple[int, int]] = field(default_factory=list)


class Clarity:
    """``detail.xml`` of a state, county or city, alone or in its zip."""

    id = "clarity"
    title = "Clarity detail XML"

    def identify(self, document: Document, rows: Sequence[Sequence[str]]) -> Match:
        """Yes to XML whose root element is ElectionResult."""
        return Match(document.kind == "xml" and root_name(document) == "ElectionResult")

    def read(self, document: Document, asked: Asked) -> Reading:
        """Read contest by contest; a contest's elements are freed when it is done.

        The row of a number is its running number among all numbers of the file: lines mean little in XML.
        """
        head, frames = _Head(), []
        for element in elements(document, "Timestamp", "ElectionDate", "Region", *_TURNOUT, "Contest"):
            if element.tag == "Contest":
                frames.append(_frame(list(_contest(element, head))))
            else:
                _note(head, element)
        if not frames:
            raise UnreadableError(document.name, "has no contests", remedy="Download the detail report again")
        long = pl.concat([_frame(head.turnout), *frames]).with_row_index(ROW, offset=1)
        state = head.region if head.region in STATES else asked.state
        as_of, remarks = _moment(head.stamp, document.name)
        about = About(
            document.name, long.height, (), (*file_remarks(document), *remarks), state,
            _day(head.day), _status(head), as_of,
        )  # fmt: skip
        return assemble(long, about)


_TURNOUT = ("VoterTurnout", "ElectionVoterTurnout")


def _frame(rows: Sequence[_Row]) -> pl.DataFrame:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COLUMNS)
    return pl.DataFrame(
        dict(zip(COLUMNS, columns, strict=True)), schema=dict.fromkeys(COLUMNS, pl.String)
    ).with_columns(pl.exclude("votes").cast(pl.Categorical))


def _note(head: _Head, element: etree._Element) -> None:
    if element.tag == "Timestamp":
        head.stamp = (element.text or "").strip()
    elif element.tag == "ElectionDate":
        head.day = (element.text or "").strip()
    elif element.tag == "Region":
        head.region = (element.text or "").strip()
    else:
        head.by_county = element.tag == "ElectionVoterTurnout"
        units = [element, *element.iter("Precinct", "County")]
        head.turnout = [row for unit in units for row in _turnout_of(head, unit, whole=unit is element)]


def _turnout_of(head: _Head, unit: etree._Element, *, whole: bool) -> Iterator[_Row]:
    """Registered voters and ballots of a unit; Clarity writes 0 where it was not told, so 0 is unknown."""
    county, name = (
        ("", "") if whole and head.by_county else _place(head, "" if whole else unit.get("name", ""))
    )
    for attribute, measure in (("totalVoters", Measure.REGISTERED), ("ballotsCast", Measure.BALLOTS_CAST)):
        number = unit.get(attribute, "")
        if number not in {"", "0"}:
            yield (county, name, "", "", "", measure.value, "", "", number, attribute)


def _place(head: _Head, name: str) -> tuple[str, str]:
    """County and unit of a name: the name is a county in a state's file, a precinct in a county's."""
    return (name, "") if head.by_county else (head.region, name)


def _contest(contest: etree._Element, head: _Head) -> Iterator[_Row]:
    office, seats = contest.get("text", ""), contest.get("voteFor", "")
    head.reported.append(_progress(contest))
    for part in contest:
        if part.tag == "VoteType":
            measure = Measure.OVERVOTES if "over" in part.get("name", "").casefold() else Measure.UNDERVOTES
            yield from _units(head, part, office, "", "", measure.value, seats, "")
        elif part.tag == "Choice":
            yield from _choice(head, part, office, seats)


def _choice(head: _Head, choice: etree._Element, office: str, seats: str) -> Iterator[_Row]:
    name, party = choice.get("text", ""), choice.get("party", "")
    if stated := choice.get("totalVotes", ""):
        county, unit = ("", "") if head.by_county else (head.region, "")
        yield (county, unit, office, name, party, "", seats, "", stated, "totalVotes")
    for kind in choice:
        yield from _units(head, kind, office, name, party, "", seats, kind.get("name", ""))


def _units(
    head: _Head,
    kind: etree._Element,
    office: str,
    choice: str,
    party: str,
    measure: str,
    seats: str,
    mode: str,
) -> Iterator[_Row]:
    """The whole's stated number, then each unit's."""
    upper = ("", "") if head.by_county else (head.region, "")
    if stated := kind.get("votes", ""):
        yield (*upper, office, choice, party, measure, seats, mode, stated, "votes")
    for unit in kind:
        county, name = _place(head, unit.get("name", ""))
        yield (county, name, office, choice, party, measure, seats, mode, unit.get("votes", ""), "votes")


def _progress(contest: etree._Element) -> tuple[int, int]:
    """Units that should report and units that did; ``precinctsReporting`` is the number that should."""
    for should, did in (("countiesParticipating", "countiesReported"), ("precinctsReporting", "precinctsReported"),
                        ("precinctsParticipating", "precinctsReported")):  # fmt: skip
        first, second = contest.get(should, ""), contest.get(did, "")
        if first.isdigit() and second.isdigit():
            return int(first), int(second)
    return 0, 0


def _status(head: _Head) -> Status:
    """Partial where some contest's units are out; otherwise the file does not say how final it is."""
    is_partial = any(did < should for should, did in head.reported)
    return Status.UNOFFICIAL_PARTIAL if is_partial else Status.UNKNOWN


def _moment(text: str, file: str) -> tuple[datetime | None, tuple[Remark, ...]]:
    """The time stamp, which carries a zone abbreviation and no offset."""
    found = re.match(r"^(\d+/\d+/\d{4} \d+:\d+:\d+ [AP]M)\s+([A-Z]+)$", text)
    if not found or found.group(2) not in ZONES:
        told = (Remark(file, "time", f"has the time stamp '{text}', which cannot be read"),) if text else ()
        return None, told
    zone = timezone(timedelta(hours=ZONES[found.group(2)]), found.group(2))
    try:
        return datetime.strptime(found.group(1), "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=zone), ()
    except ValueError:
        return None, (Remark(file, "time", f"has the time stamp '{text}', which cannot be read"),)


def _day(text: str) -> date | None:
    found = re.match(r"^(\d{1,2})/(\d{1,2})/(\d{4})$", text)
    if not found:
        return None
    month, day, year = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
