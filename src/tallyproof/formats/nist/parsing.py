"""A report of NIST SP 1500-100 v2, in JSON or XML, read into the structures of the specification."""

from __future__ import annotations

import codecs
from functools import cache
from typing import Any, TypeAlias, cast

import msgspec
from msgspec.inspect import ListType, StructType, Type, UnionType

from tallyproof.errors import UnreadableError
from tallyproof.formats.intake import Document
from tallyproof.formats.nist.model import BallotCounts, ElectionReport, OtherCounts, VoteCounts
from tallyproof.formats.nist.part import PREFIX
from tallyproof.formats.xml import Listener, listen

NAMESPACE = "http://itl.nist.gov/ns/voting/1500-100/v2"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
DEEPEST = 100
"""The specification's objects nest less than twenty levels deep."""

_Kind: TypeAlias = "tuple[tuple[StructType, ...], bool]"
_TEXT: _Kind = ((), False)
_OURS = f"{{{NAMESPACE}}}"
_START = len(_OURS)
_XSI_TYPE = f"{{{INSTANCE}}}type"
_HEAVY = (VoteCounts, OtherCounts, BallotCounts)
"""What a report has most of, made at once: a structure takes less room than a dictionary."""


def report_of(document: Document) -> ElectionReport:
    """The report in a document. Raises UnreadableError naming the object that breaks the specification."""
    try:
        return _from_xml(document) if document.kind == "xml" else _from_json(document)
    except msgspec.ValidationError as fault:
        reason = f"is not a valid NIST SP 1500-100 v2 report: {_sentence(fault)}"
    except (msgspec.DecodeError, RecursionError) as fault:
        reason = f"is not well-formed JSON ({fault})"
    raise UnreadableError(document.name, reason, remedy="Tell the office that publishes it")


def _sentence(fault: msgspec.ValidationError) -> str:
    """The fault in words, such as "Object missing required field `Type` at Election[0].Contest[2]"."""
    return str(fault).replace(" - at `$.", " at `").replace(" - at `$`", "").rstrip(".")


def _from_json(document: Document) -> ElectionReport:
    data = document.path.read_bytes().removeprefix(codecs.BOM_UTF8)
    return msgspec.json.decode(data, type=ElectionReport)


def _from_xml(document: Document) -> ElectionReport:
    builder = _Builder()
    listen(document, builder)
    return msgspec.convert(builder.root, ElectionReport, strict=False)


class _Open:
    """An element that has begun, with the structure it makes; without one it holds text."""

    __slots__ = ("fields", "holds", "is_list", "name", "struct", "text")

    def __init__(self, name: str, struct: StructType | None, *, is_list: bool) -> None:
        self.name, self.struct, self.is_list, self.text = name, struct, is_list, ""
        self.fields = _fields(struct.cls) if struct else {}
        self.holds: dict[str, Any] = {"@type": struct.tag} if struct else {}


class _Builder(Listener):
    """Makes of elements the objects in which JSON gives the same content; the model judges them."""

    def __init__(self) -> None:
        self.root: object = None
        self._open: list[_Open] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an object or a text."""
        if len(self._open) > DEEPEST:
            raise msgspec.ValidationError(f"elements nest deeper than {DEEPEST} levels")
        name = tag[_START:] if tag.startswith(_OURS) else tag
        structs, is_list = self._open[-1].fields.get(name, _TEXT) if self._open else _root(tag)
        named = attributes.get(_XSI_TYPE, "").rpartition(":")[2] if attributes else ""
        opened = _Open(name, _chosen(structs, named, name) if structs else None, is_list=is_list)
        if attributes:
            _take_attributes(opened, attributes, named)
        self._open.append(opened)

    def data(self, text: str) -> None:
        """Text, possibly in pieces."""
        self._open[-1].text += text

    def end(self, tag: str) -> None:
        """Finish the object and hand it to the one that holds it."""
        done = self._open.pop()
        value = _finished(done)
        if not self._open:
            self.root = value
            return
        holds, is_references = self._open[-1].holds, isinstance(value, str) and done.name.endswith("Ids")
        if not done.is_list or (is_references and done.name in holds):
            # A second value where one may stand makes a list, which the model refuses.
            holds[done.name] = [holds[done.name], value] if done.name in holds else value
        elif is_references:
            holds[done.name] = value.split()
        else:
            holds.setdefault(done.name, []).append(value)


def _take_attributes(opened: _Open, attributes: dict[str, str], named: str) -> None:
    if named and opened.struct is None:
        opened.holds["@type"] = f"{PREFIX}{named}"
    for key, value in attributes.items():
        if not key.startswith(f"{{{INSTANCE}}}"):
            # Identifiers are xsd:ID, in which surrounding space does not count.
            opened.holds["@id" if key == "ObjectId" else key] = value.strip()


def _finished(done: _Open) -> Any:
    """The object, or the text of an element that holds nothing else."""
    text = done.text.strip()
    if done.struct is None:
        return done.holds or text
    if "Content" in done.fields:
        done.holds["Content"] = text
    if done.struct.cls in _HEAVY:
        try:
            return msgspec.convert(done.holds, done.struct.cls, strict=False)
        except msgspec.ValidationError:  # the model's own reading of the whole says where it stands
            return done.holds
    return done.holds


def _chosen(structs: tuple[StructType, ...], named: str, name: str) -> StructType | None:
    """The structure that xsi:type names; without it the only one, or the one of the element's own name."""
    if named:
        return next((each for each in structs if each.tag == f"{PREFIX}{named}"), None)
    if len(structs) < 2:
        return structs[0] if structs else None
    return next((each for each in structs if each.tag == f"{PREFIX}{name}"), None)


@cache
def _report() -> StructType:
    return cast(StructType, msgspec.inspect.type_info(ElectionReport))


def _root(tag: str) -> _Kind:
    return ((_report(),) if tag == f"{_OURS}ElectionReport" else ()), False


@cache
def _fields(structure: type) -> dict[str, _Kind]:
    """The structures that each field may hold, by its name in the specification, and whether several."""
    info = cast(StructType, msgspec.inspect.type_info(structure))
    return {each.encode_name: _structs(each.type) for each in info.fields}


def _structs(kind: Type) -> _Kind:
    if isinstance(kind, UnionType):
        parts = [_structs(each) for each in kind.types]
        return tuple(each for structs, _ in parts for each in structs), any(is_list for _, is_list in parts)
    if isinstance(kind, ListType):
        return _structs(kind.item_type)[0], True
    return ((kind,) if isinstance(kind, StructType) else ()), False
