"""A returns table as a NIST SP 1500-100 v2 report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from msgspec import UNSET, UnsetType

from tallyproof.election.canvass import Status
from tallyproof.election.evidence import slug
from tallyproof.election.jurisdiction import STATES
from tallyproof.election.returns import Level, Measure, Mode, Note, countable, is_measure, resolve_modes
from tallyproof.formats.nist.model import (
    BallotCounts,
    Candidate,
    CandidateContest,
    CandidateSelection,
    Election,
    ElectionReport,
    OtherCounts,
    ReportingUnit,
    VoteCounts,
)
from tallyproof.formats.nist.people import ExternalIdentifier, InternationalizedText, LanguageString, Party

_STATUS = {Status.CANVASSED: Status.UNOFFICIAL_COMPLETE, Status.UNKNOWN: Status.UNOFFICIAL_PARTIAL}
"""Our statuses that the specification lacks, as the nearest one that claims no more."""
_SELECTED = (Measure.CHOICE, Measure.WRITE_IN, Measure.OTHER)
_EXPRESSIBLE = (
    *_SELECTED,
    Measure.OVERVOTES,
    Measure.UNDERVOTES,
    Measure.BALLOTS_CAST,
    Measure.REGISTERED,
    Measure.VOTERS,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a report says of itself; times carry their zone."""

    issuer: str
    issuer_abbreviation: str
    election_name: str
    election_day: date
    generated: datetime
    status: Status
    application: str


@dataclass(frozen=True, slots=True)
class Built:
    """The report, and how many numbers the specification has no place for, by measure."""

    report: ElectionReport
    left_out: Mapping[str, int]


def build(frame: pl.DataFrame, heading: Heading) -> Built:
    """Express a returns table; unknown numbers are left out, suppressed ones marked.

    Over- and undervotes lose their mode, for which the specification has no slot.
    """
    rows = frame.filter(countable() & is_measure(*_EXPRESSIBLE))
    units = _Units(rows)
    report = ElectionReport(
        Format="precinct-level", GeneratedDate=heading.generated.replace(microsecond=0).isoformat(),
        Issuer=heading.issuer, IssuerAbbreviation=heading.issuer_abbreviation, SequenceStart=1, SequenceEnd=1,
        Status=_STATUS.get(heading.status, heading.status).value,  # type: ignore[arg-type]
        VendorApplicationId=heading.application, Election=[_election(rows, units, heading)],
        GpUnit=units.report(rows), Party=_parties(rows),
    )  # fmt: skip
    others = frame.filter(~is_measure(*_EXPRESSIBLE))["measure"].value_counts().rows()
    return Built(report, {str(name): int(number) for name, number in others})


class _Units:
    """Ids for states, counties, units and districts."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self._ids: dict[tuple[str, str, str], str] = {}
        self._names: dict[str, str] = {}
        self._districts: dict[str, list[str]] = {}
        places = rows.select("state", "county", "unit").unique(maintain_order=True)
        for state, county, unit in places.rows():
            self._id(state, "", ""), self._id(state, county, ""), self._id(state, county, unit)

    def _id(self, state: str, county: str, unit: str) -> str:
        key = (state, county, unit)
        if key not in self._ids:
            wanted = "ru-" + "-".join(slug(part) or "all" for part in key if part) if any(key) else "ru-all"
            self._ids[key] = _unique(wanted, self._names)
            self._names[self._ids[key]] = unit or county or STATES.get(state, state) or "All"
        return self._ids[key]

    def of(self, row: Mapping[str, Any]) -> str:
        """The id of the unit a row speaks of."""
        return self._id(row["state"], row["county"], row["unit"])

    def district(self, rows: pl.DataFrame, contest: str) -> str:
        """The contest's district: the state where its cells cover all units, else a unit composed of them."""
        cells = (
            rows.filter(pl.col("contest") == contest)
            .select("state", "county", "unit")
            .unique(maintain_order=True)
        )
        members = [self._id(*row) for row in cells.rows() if row[2]]
        everywhere = {identifier for (_, _, unit), identifier in self._ids.items() if unit}
        states = cells["state"].unique().to_list()
        if set(members) == everywhere or not members:
            return self._id(states[0] if len(states) == 1 else "", "", "")
        identifier = _unique(f"district-{slug(contest)}", self._names)
        self._names[identifier] = contest
        self._districts[identifier] = members
        return identifier

    def report(self, rows: pl.DataFrame) -> list[ReportingUnit]:  # type: ignore[override]
        """All units as the specification has them."""
        voters = {measure: _by_unit(rows, measure, self) for measure in (Measure.REGISTERED, Measure.VOTERS)}
        official = {
            self.of(row): row["unit_id"]
            for row in rows.select("state", "county", "unit", "unit_id").iter_rows(named=True)
        }
        made = [self._unit(key, identifier, voters, official) for key, identifier in self._ids.items()]
        return made + [
            ReportingUnit(
                id=identifier, Type="other", Name=_text(self._names[identifier]), ComposingGpUnitIds=members
            )
            for identifier, members in self._districts.items()
        ]

    def _unit(
        self,
        key: tuple[str, str, str],
        identifier: str,
        voters: Mapping[str, Mapping[str, int]],
        official: Mapping[str, str],
    ) -> ReportingUnit:
        state, county, unit = key
        kind = "precinct" if unit else "county" if county else "state" if state else "other"
        parts = [] if unit else self._parts(state, county)
        return ReportingUnit(
            id=identifier, Type=kind, Name=_text(self._names[identifier]),  # type: ignore[arg-type]
            ComposingGpUnitIds=parts or UNSET, ExternalIdentifier=_external(official.get(identifier, "")),
            VotersRegistered=voters[Measure.REGISTERED].get(identifier, UNSET),
            VotersParticipated=voters[Measure.VOTERS].get(identifier, UNSET),
        )  # fmt: skip

    def _parts(self, state: str, county: str) -> list[str]:
        """What composes a county (its units) or a state (its counties, and units outside any)."""
        if county:
            return [each for (s, c, unit), each in self._ids.items() if (s, c) == (state, county) and unit]
        inside = ((key, each) for key, each in self._ids.items() if key[0] == state and any(key[1:]))
        return [each for (_, c, unit), each in inside if not unit or not c]


def _unique(wanted: str, taken: Iterable[str]) -> str:
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found


def _text(words: str) -> InternationalizedText:
    return InternationalizedText(Text=[LanguageString(Content=words, Language="en")])


def _external(value: str) -> list[ExternalIdentifier] | UnsetType:
    return [ExternalIdentifier(Type="local-level", Value=value)] if value else UNSET


def _by_unit(rows: pl.DataFrame, measure: Measure, units: _Units) -> dict[str, int]:
    resolved = resolve_modes(rows.filter(is_measure(measure))).filter(pl.col("votes").is_not_null())
    return {units.of(row): row["votes"] for row in resolved.iter_rows(named=True)}


def _parties(rows: pl.DataFrame) -> list[Party] | UnsetType:  # type: ignore[type-arg]
    codes = [code for code in rows["party"].unique(maintain_order=True).to_list() if code]
    return [
        Party(id=f"party-{slug(code)}", Name=_text(code), Abbreviation=_text(code)) for code in codes
    ] or UNSET


def _election(rows: pl.DataFrame, units: _Units, heading: Heading) -> Election:
    contests = [name for name in rows["contest"].unique(maintain_order=True).to_list() if name]
    candidates: dict[tuple[str, str], Candidate] = {}
    made = [_contest(rows, name, units, candidates) for name in contests]
    states = rows["state"].unique().to_list()
    day = heading.election_day.isoformat()
    return Election(
        Name=_text(heading.election_name), Type="general", StartDate=day, EndDate=day,
        ElectionScopeId=units.of({"state": states[0] if len(states) == 1 else "", "county": "", "unit": ""}),
        Contest=made, Candidate=list(candidates.values()) or UNSET, BallotCounts=_ballots(rows, units) or UNSET,
    )  # fmt: skip


def _ballots(rows: pl.DataFrame, units: _Units) -> list[BallotCounts]:
    cast = rows.filter(
        is_measure(Measure.BALLOTS_CAST) & (pl.col("contest") == "") & pl.col("votes").is_not_null()
    )
    return [
        BallotCounts(
            GpUnitId=units.of(row), Type=_type(row), OtherType=_other_type(row), BallotsCast=row["votes"]
        )  # type: ignore[arg-type]
        for row in cast.iter_rows(named=True)
    ]


def _contest(
    rows: pl.DataFrame, name: str, units: _Units, candidates: dict[tuple[str, str], Candidate]
) -> CandidateContest:
    own = rows.filter(pl.col("contest") == name)
    first = own.row(0, named=True)
    office = f"{first['office']} {first['district']}".strip()
    selected = own.filter(is_measure(*_SELECTED))
    selections = [
        _selection(name, part, units, candidates)
        for _, part in selected.group_by("choice_id", "measure", maintain_order=True)
    ]
    return CandidateContest(
        id=f"contest-{slug(name)}", Name=office, ElectionDistrictId=units.district(rows, name),
        VotesAllowed=first["vote_for"] or 1, ContestSelection=selections or UNSET,  # type: ignore[arg-type]
        OtherCounts=_other_counts(own, units) or UNSET,
    )  # fmt: skip


def _selection(
    contest: str, part: pl.DataFrame, units: _Units, candidates: dict[tuple[str, str], Candidate]
) -> CandidateSelection:
    first = part.row(0, named=True)
    key = f"{slug(contest)}-{slug(first['choice_id']) or 'unnamed'}"
    counts = [_count(row, units) for row in part.iter_rows(named=True) if _is_told(row)]
    if first["measure"] == Measure.WRITE_IN:
        return CandidateSelection(id=f"cs-{key}", IsWriteIn=True, VoteCounts=counts or UNSET)
    party = f"party-{slug(first['party'])}" if first["party"] else UNSET
    candidate = Candidate(id=f"can-{key}", BallotName=_text(first["choice"]), PartyId=party)
    candidates.setdefault((contest, first["choice_id"]), candidate)
    return CandidateSelection(id=f"cs-{key}", CandidateIds=[candidate.id], VoteCounts=counts or UNSET)


def _is_told(row: Mapping[str, Any]) -> bool:
    return row["votes"] is not None or row["note"] == Note.SUPPRESSED


def _count(row: Mapping[str, Any], units: _Units) -> VoteCounts:
    hidden = True if row["votes"] is None else UNSET
    return VoteCounts(
        GpUnitId=units.of(row), Type=_type(row), OtherType=_other_type(row), Count=row["votes"] or 0,  # type: ignore[arg-type]
        IsSuppressedForPrivacy=hidden,
    )  # fmt: skip


def _type(row: Mapping[str, Any]) -> str:
    return str(row["mode"])


def _other_type(row: Mapping[str, Any]) -> str | UnsetType:
    return row["mode_raw"] or "other" if row["mode"] == Mode.OTHER else UNSET


def _other_counts(own: pl.DataFrame, units: _Units) -> list[OtherCounts]:
    """Over- and undervotes per unit, summed over modes."""
    wanted = own.filter(is_measure(Measure.OVERVOTES, Measure.UNDERVOTES))
    resolved = resolve_modes(wanted).filter(
        pl.col("votes").is_not_null() & (pl.col("level") != Level.STATE.value)
    )
    found: dict[str, dict[str, int]] = {}
    for row in resolved.iter_rows(named=True):
        found.setdefault(units.of(row), {})[row["measure"]] = row["votes"]
    return [
        OtherCounts(
            GpUnitId=unit,
            Overvotes=numbers.get(Measure.OVERVOTES, UNSET),
            Undervotes=numbers.get(Measure.UNDERVOTES, UNSET),
        )
        for unit, numbers in found.items()
    ]
