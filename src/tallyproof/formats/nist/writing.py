"""A NIST SP 1500-100 v2 report as JSON and as XML."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct, UnsetType

from tallyproof.formats.nist.model import ElectionReport
from tallyproof.formats.nist.parsing import INSTANCE, NAMESPACE

_FIRST = {
    "Election": ("BallotCounts", "BallotStyle", "Candidate", "ContactInformation", "Contest", "CountStatus",
                 "ElectionScopeId", "ExternalIdentifier", "Name", "OtherType", "StartDate", "EndDate", "Type"),
    "ElectionReport": ("Election", "ExternalIdentifier", "Format", "GeneratedDate", "GpUnit", "Header", "IsTest", "Issuer",
                       "IssuerAbbreviation", "Notes", "Office", "OfficeGroup", "Party", "Person", "SequenceStart",
                       "SequenceEnd", "Status", "TestType", "VendorApplicationId"),
    "CandidateContest": ("Abbreviation", "BallotSubTitle", "BallotTitle", "ContestSelection", "CountStatus",
                         "ElectionDistrictId", "ExternalIdentifier", "HasRotation", "Name", "OtherCounts",
                         "OtherVoteVariation", "SequenceOrder", "SubUnitsReported", "TotalSubUnits", "VoteVariation"),
    "CandidateSelection": ("SequenceOrder", "VoteCounts"),
    "VoteCounts": ("DeviceClass", "GpUnitId", "IsSuppressedForPrivacy", "OtherType", "Round", "Type"),
    "BallotCounts": ("DeviceClass", "GpUnitId", "IsSuppressedForPrivacy", "OtherType", "Round", "Type"),
    "ReportingUnit": ("ComposingGpUnitIds", "ExternalIdentifier", "Name"),
}  # fmt: skip
"""Elements that stand first, in this order; the others follow alphabetically (the schema's sequences)."""
_TYPED = frozenset({"Contest", "ContestSelection", "GpUnit"})
"""Elements of an abstract type, which need xsi:type."""


def to_json(report: ElectionReport) -> bytes:
    """The report as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1)


def to_xml(report: ElectionReport) -> bytes:
    """The report as indented XML in the order that the schema wants."""
    from lxml import etree

    root = etree.Element(
        f"{{{NAMESPACE}}}ElectionReport", nsmap={None: NAMESPACE, "xsi": INSTANCE.strip("{}")}
    )
    _fill(root, report)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _fill(element: Any, thing: Struct) -> None:
    """Attributes, then children, of an object."""
    from lxml import etree

    values = {each.encode_name: getattr(thing, each.name) for each in msgspec.structs.fields(thing)}
    told = {name: value for name, value in values.items() if not isinstance(value, UnsetType)}
    if "@id" in told:
        element.set("ObjectId", told.pop("@id"))
    if "Language" in told:
        element.set("Language", told.pop("Language"))
        element.text = told.pop("Content")
    for name in _ordered(type(thing).__name__, told):
        for value in _values(name, told[name]):
            child = etree.SubElement(element, f"{{{NAMESPACE}}}{name}")
            if isinstance(value, Struct):
                if name in _TYPED:
                    child.set(f"{INSTANCE}type", type(value).__name__)
                _fill(child, value)
            else:
                child.text = _plain(value)


def _ordered(kind: str, told: dict[str, Any]) -> list[str]:
    first = [name for name in _FIRST.get(kind, ()) if name in told]
    return first + sorted(name for name in told if name not in first)


def _values(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        return [value]
    return [" ".join(value)] if name.endswith("Ids") else value


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
