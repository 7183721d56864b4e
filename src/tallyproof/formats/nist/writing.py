"""A NIST SP 1500-100 v2 report as JSON and as XML."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct, UnsetType

from tallyproof.formats.nist.model import ElectionReport
from tallyproof.formats.nist.parsing import INSTANCE, NAMESPACE

_CONTEST = (
    "Abbreviation BallotSubTitle BallotTitle ContestSelection CountStatus ElectionDistrictId"
    " ExternalIdentifier HasRotation Name OtherCounts SequenceOrder SubUnitsReported TotalSubUnits"
    " VoteVariation OtherVoteVariation"
)
_COUNTS = "DeviceClass GpUnitId IsSuppressedForPrivacy Round Type OtherType"
_UNIT = (
    "ComposingGpUnitIds ExternalIdentifier Name AuthorityIds ContactInformation CountStatus"
    " ElectionAdministration IsDistricted IsMailOnly Number PartyRegistration SpatialDimension"
    " SubUnitsReported TotalSubUnits Type OtherType"
)
_ELECTION = (
    "BallotCounts BallotStyle Candidate ContactInformation Contest CountStatus ElectionScopeId"
    " ExternalIdentifier Name StartDate EndDate Type OtherType"
)
_REPORT = (
    "Election ExternalIdentifier Format GeneratedDate GpUnit Header Issuer IssuerAbbreviation IsTest Notes"
    " Office OfficeGroup Party Person SequenceStart SequenceEnd Status TestType VendorApplicationId"
)
_FIRST = {
    "BallotCounts": _COUNTS.split(),
    "BallotMeasureContest": _CONTEST.split(),
    "CandidateContest": _CONTEST.split(),
    "BallotMeasureSelection": ["SequenceOrder", "VoteCounts"],
    "CandidateSelection": ["SequenceOrder", "VoteCounts"],
    "CountStatus": ["Status", "Type", "OtherType"],
    "PartySelection": ["SequenceOrder", "VoteCounts"],
    "Election": _ELECTION.split(),
    "ElectionReport": _REPORT.split(),
    "ExternalIdentifier": ["Type", "OtherType", "Value", "Label"],
    "PartyContest": _CONTEST.split(),
    "ReportingDevice": _UNIT.split()[:3],
    "ReportingUnit": _UNIT.split(),
    "RetentionContest": _CONTEST.split(),
    "VoteCounts": _COUNTS.split(),
}
"""Elements that stand first, in this order; the others follow alphabetically (the schema's sequences)."""
_TYPED = frozenset({"Contest", "ContestSelection", "GpUnit"})
"""Elements of an abstract type, which need xsi:type."""
_ATTRIBUTES = {"@id": "ObjectId", "Language": "Language", "Label": "Label"}


def to_json(report: ElectionReport) -> bytes:
    """The report as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1)


def to_xml(report: ElectionReport) -> bytes:
    """The report as indented XML in the order that the schema wants."""
    from lxml import etree

    root = etree.Element(f"{{{NAMESPACE}}}ElectionReport", nsmap={None: NAMESPACE, "xsi": INSTANCE})
    _fill(root, report, etree.SubElement)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _fill(element: Any, thing: Struct, add: Callable[..., Any]) -> None:
    """Attributes, then children, of an object."""
    for name, key in _ordered(type(thing)):
        value = getattr(thing, key)
        if isinstance(value, UnsetType):
            continue
        if name in _ATTRIBUTES:
            element.set(_ATTRIBUTES[name], value)
        elif name == "Content":
            element.text = value
        else:
            for each in _values(name, value):
                _add(element, name, each, add)


def _add(element: Any, name: str, value: Any, add: Callable[..., Any]) -> None:
    child = add(element, f"{{{NAMESPACE}}}{name}")
    if not isinstance(value, Struct):
        child.text = str(value).lower() if isinstance(value, bool) else str(value)
        return
    if name in _TYPED:
        child.set(f"{{{INSTANCE}}}type", type(value).__name__)
    _fill(child, value, add)


@cache
def _ordered(kind: type[Struct]) -> list[tuple[str, str]]:
    """The fields of an object in the order of the schema: the specification's name and ours."""
    names = {field.encode_name: field.name for field in msgspec.structs.fields(kind)}
    first = [name for name in _FIRST.get(kind.__name__, ()) if name in names]
    return [(name, names[name]) for name in [*first, *sorted(set(names) - set(first))]]


def _values(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        return [value]
    return [" ".join(value)] if name.endswith("Ids") else value
