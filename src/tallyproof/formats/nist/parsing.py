"""NIST SP 1500-100 v2 XML to the same structures that JSON is read into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from tallyproof.errors import UnreadableError
from tallyproof.formats.intake import Document
from tallyproof.formats.nist.model import ElectionReport
from tallyproof.formats.xml import elements

if TYPE_CHECKING:
    from lxml import etree

NAMESPACE = "http://itl.nist.gov/ns/voting/1500-100/v2"
INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_KIND = f"{INSTANCE}type"
_PREFIX = "ElectionResults."
_Types = dict[str, tuple[msgspec.inspect.StructType, ...]]


def report_from_xml(document: Document) -> ElectionReport:
    """The report in an XML document. Raises UnreadableError naming the object at fault."""
    for element in elements(document, f"{{{NAMESPACE}}}ElectionReport"):
        info = msgspec.inspect.type_info(ElectionReport)
        assert isinstance(info, msgspec.inspect.StructType)
        try:
            return msgspec.convert(_object(element, info), ElectionReport, strict=False)
        except msgspec.ValidationError as fault:
            raise invalid(document, fault) from None
    raise UnreadableError(document.name, "has no ElectionReport", remedy="Check that it is the results file")


def invalid(document: Document, fault: msgspec.ValidationError) -> UnreadableError:
    """The plain sentence for a report that breaks the specification."""
    reason = f"is not a valid NIST SP 1500-100 v2 report: {fault}"
    return UnreadableError(document.name, reason, remedy="Tell the office that publishes it")


def _object(element: etree._Element, info: msgspec.inspect.StructType) -> dict[str, Any]:
    """An element as the JSON object that the specification gives the same content."""
    made: dict[str, Any] = {"@type": info.tag}
    fields = {each.encode_name: each.type for each in info.fields}
    for name, value in element.attrib.items():
        if not str(name).startswith(INSTANCE):
            # Identifiers are xsd:ID, in which surrounding space does not count.
            made["@id" if name == "ObjectId" else str(name)] = value.strip()
    children: dict[str, list[etree._Element]] = {}
    for child in element:
        if isinstance(child.tag, str):
            children.setdefault(child.tag.removeprefix(f"{{{NAMESPACE}}}"), []).append(child)
    for name, found in children.items():
        made[name] = _value(found, fields.get(name))
    if "Content" in fields and "Content" not in made:
        made["Content"] = element.text or ""
    return made


def _value(found: list[etree._Element], kind: msgspec.inspect.Type | None) -> Any:
    """A child's value by the type its field has; unknown fields stay text, for the model to refuse."""
    structs, is_list = _structs(kind)
    values: list[Any] = [_single(each, structs) for each in found]
    if not is_list:
        return values[0] if len(values) == 1 else values
    if structs:
        return values
    return [word for value in values for word in (value.split() if _is_references(found) else [value])]


def _is_references(found: list[etree._Element]) -> bool:
    """Lists of references (IDREFS) are one element with spaces between the ids."""
    return str(found[0].tag).endswith("Ids")


def _single(element: etree._Element, structs: tuple[msgspec.inspect.StructType, ...]) -> Any:
    if not structs:
        return (element.text or "").strip()
    named = element.get(_KIND, "").rsplit(":", 1)[-1]
    chosen = next((each for each in structs if each.tag == f"{_PREFIX}{named}"), None)
    if chosen is None and not named and len(structs) > 1:
        local = str(element.tag).rsplit("}", 1)[-1]
        chosen = next((each for each in structs if each.tag == f"{_PREFIX}{local}"), structs[0])
    if chosen is None and not named:
        chosen = structs[0]
    if chosen is None:
        return {"@type": f"{_PREFIX}{named}"}
    return _object(element, chosen)


def _structs(kind: msgspec.inspect.Type | None) -> tuple[tuple[msgspec.inspect.StructType, ...], bool]:
    """The structures a field may hold, and whether it is a list."""
    if isinstance(kind, msgspec.inspect.UnionType):
        parts = [_structs(each) for each in kind.types]
        return tuple(each for structs, _ in parts for each in structs), any(is_list for _, is_list in parts)
    if isinstance(kind, msgspec.inspect.ListType):
        return _structs(kind.item_type)[0], True
    if isinstance(kind, msgspec.inspect.StructType):
        return (kind,), False
    return (), False
