"""NIST reports written from a few numbers; every part can be replaced by keyword."""

import json
from pathlib import Path
from typing import Any

import msgspec

from tallyproof.formats.nist.model import ElectionReport
from tallyproof.formats.nist.writing import to_xml

Part = dict[str, Any]
SCHEMAS = "formats/nist_schemas/NIST_V2_election_results_reporting"


def part(kind: str, **fields: Any) -> Part:
    """An object of the specification; ``id`` is its "@id"."""
    named = {"@id": fields.pop("id")} if "id" in fields else {}
    return {"@type": f"ElectionResults.{kind}", **named, **fields}


def text(*words: tuple[str, str] | str) -> Part:
    """A text in one or several languages."""
    pairs = [("en", word) if isinstance(word, str) else word for word in words]
    strings = [part("LanguageString", Language=language, Content=content) for language, content in pairs]
    return part("InternationalizedText", Text=strings)


def unit(id: str, name: str, kind: str = "precinct", composing: tuple[str, ...] = (), **fields: Any) -> Part:
    made = part("ReportingUnit", id=id, Type=kind, Name=text(name), **fields)
    return made | ({"ComposingGpUnitIds": list(composing)} if composing else {})


def votes(unit_id: str, number: float, kind: str = "total", **fields: Any) -> Part:
    return part("VoteCounts", GpUnitId=unit_id, Type=kind, Count=number, **fields)


def selection(id: str, counts: list[Part], *candidates: str, **fields: Any) -> Part:
    ids = {"CandidateIds": list(candidates)} if candidates else {}
    return part("CandidateSelection", id=id, VoteCounts=counts, **ids, **fields)


def contest(
    id: str, name: str, selections: list[Part], district: str = "ru-fern", allowed: int = 1, **fields: Any
) -> Part:
    return part(
        "CandidateContest", id=id, Name=name, ElectionDistrictId=district, VotesAllowed=allowed,
        ContestSelection=selections, **fields,
    )  # fmt: skip


def candidate(id: str, name: str, **fields: Any) -> Part:
    return part("Candidate", id=id, BallotName=text(name), **fields)


UNITS = (
    unit("ru-fern", "Fern County", "county", ("ru-ash", "ru-birch")),
    unit("ru-ash", "Ash"),
    unit("ru-birch", "Birch"),
)
DAY = "2024-11-05"
CANDIDATES = (candidate("can-a", "Ann Adams"), candidate("can-b", "Bob Baker"))


def report(
    *contests: Part, units: tuple[Part, ...] = UNITS, election: Part | None = None, **fields: Any
) -> Part:
    """A county's report with two candidates; ``election`` adds to its election."""
    held = part(
        "Election", ElectionScopeId="ru-fern", Name=text("2024 General"), Type="general", StartDate=DAY,
        EndDate=DAY, Candidate=list(CANDIDATES), Contest=list(contests),
    )  # fmt: skip
    whole = part(
        "ElectionReport", Format="precinct-level", GeneratedDate="2024-11-06T01:15:00-05:00", Issuer="Clerk",
        IssuerAbbreviation="C", SequenceStart=1, SequenceEnd=1, Status="certified",
        VendorApplicationId="by hand", GpUnit=list(units), Election=[held | (election or {})],
    )  # fmt: skip
    return whole | fields


def as_json(folder: Path, content: Part) -> Path:
    path = folder / "report.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def as_xml(folder: Path, content: Part) -> Path:
    """The same report in XML."""
    path = folder / "report.xml"
    path.write_bytes(to_xml(msgspec.convert(content, ElectionReport)))
    return path
