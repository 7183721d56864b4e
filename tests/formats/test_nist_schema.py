"""Our model of NIST SP 1500-100 v2 accepts what the official schemas accept, and refuses what they refuse."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from laws import examples
from tallyproof.errors import UnreadableError
from tallyproof.formats import intake
from tallyproof.formats.nist.parsing import report_of

from .nist_files import SCHEMAS, Part

SAMPLES = Path(__file__).parents[1] / "samples/nist-results"
SAMPLE: Part = json.loads((SAMPLES / "report.json").read_text(encoding="utf-8"))
XML = (SAMPLES / "report.xml").read_bytes()
Place = tuple[Any, ...]
WAYS = ("replaced", "taken out", "renamed", "added")
FRAGMENTS: tuple[Any, ...] = (
    "", "total", "certified", "other", "2024-11-05", "yesterday", "x" * 40, 0, -3, 1.5, True, None, [],
    ["ru-ash"], {"@type": "ElectionResults.Party", "@id": "p", "Name": "Party"},
)  # fmt: skip


Faults = Callable[[Any], list[str]]
"""What a schema has against a document; nothing where it is valid."""


@pytest.fixture(scope="module")
def json_faults(shared_data: Path) -> Faults:
    """The official JSON schema, with days looked at."""
    schema = json.loads((shared_data / f"{SCHEMAS}.json").read_text(encoding="utf-8"))
    known = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker(["date"]))

    def faults(report: Part) -> list[str]:
        fault = next(known.iter_errors(report), None)
        return [] if fault is None else [fault.message[:200]]

    return faults


@pytest.fixture(scope="module")
def xml_faults(shared_data: Path) -> Faults:
    """The official XML schema."""
    known = etree.XMLSchema(etree.parse(str(shared_data / f"{SCHEMAS}.xsd")))

    def faults(content: bytes) -> list[str]:
        known.validate(etree.fromstring(content))
        return [fault.message[:200] for fault in known.error_log]

    return faults


def accepts(path: Path) -> bool:
    """Whether our model takes the document for a report."""
    with intake.documents([path]) as (document,):
        try:
            return bool(report_of(document))
        except UnreadableError:
            return False


def places(value: Any, path: Place = ()) -> Iterator[Place]:
    """The way to every key and item of a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


PLACES = list(places(SAMPLE))


def changed(place: Place, how: str, fragment: Any) -> Part:
    """The sample with the thing at this place taken out, renamed, repeated or replaced."""
    report = copy.deepcopy(SAMPLE)
    holder: Any = report
    for key in place[:-1]:
        holder = holder[key]
    key = place[-1]
    if how == "replaced":
        holder[key] = fragment
    elif how == "taken out":
        del holder[key]
    elif isinstance(holder, dict):
        holder[f"{key}s" if how == "renamed" else "Remark"] = holder.pop(key) if how == "renamed" else "new"
    else:
        holder.append(fragment)
    return report


@settings(max_examples=examples(400), deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from(WAYS), st.sampled_from(FRAGMENTS))
def test_the_model_and_the_json_schema_agree(
    tmp_path_factory: pytest.TempPathFactory, json_faults: Faults, place: Place, how: str, fragment: Any
) -> None:
    """On any single change: required fields, enumerations, types, patterns, unknown keys."""
    assume(place[-1] != "@type" or how == "replaced")
    report = changed(place, how, fragment)
    path = tmp_path_factory.getbasetemp() / "changed.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    faults = json_faults(report)
    assert accepts(path) == (not faults), faults


def test_the_kind_of_an_object_may_be_left_out_where_it_is_beyond_doubt(
    tmp_path: Path, json_faults: Faults
) -> None:
    """The schema asks for "@type" everywhere; a selection without it could be of three kinds."""
    for place, is_accepted in ((("Election", 0), True), (("Election", 0, "Contest", 0), False)):
        report = changed((*place, "@type"), "taken out", None)
        path = tmp_path / "report.json"
        path.write_text(json.dumps(report), encoding="utf-8")
        assert json_faults(report)
        assert accepts(path) is is_accepted


def test_the_samples_are_valid(json_faults: Faults, xml_faults: Faults) -> None:
    """What the changes start from."""
    assert json_faults(SAMPLE) == xml_faults(XML) == []
    assert accepts(SAMPLES / "report.json") and accepts(SAMPLES / "report.xml")


@pytest.mark.parametrize("name", ["cambridge_ma_2022_general", "synthetic_gen-01"])
def test_real_reports_are_accepted(shared_data: Path, name: str) -> None:
    """In both languages."""
    folder = shared_data / "formats/nist_err_v2"
    assert accepts(folder / f"{name}.json") and accepts(folder / f"{name}.xml")


ELEMENTS = [place for place, _ in enumerate(etree.fromstring(XML).iter())][1:]


def changed_xml(place: int, how: str, words: str) -> bytes:
    """The sample with the element at this place taken out, renamed, repeated, or holding other words."""
    root = etree.fromstring(XML)
    element = list(root.iter())[place]
    parent = element.getparent()
    if how == "taken out":
        parent.remove(element)
    elif how == "renamed":
        element.tag = f"{element.tag}s"
    elif how == "repeated":
        parent.insert(parent.index(element), copy.deepcopy(element))
    elif how == "without attributes":
        element.attrib.clear()
    elif len(element) == 0 and (words or not element.tag.endswith("Ids")):
        element.text = words
    return bytes(etree.tostring(root))


@settings(max_examples=examples(400), deadline=None)
@given(
    st.sampled_from(ELEMENTS),
    st.sampled_from(["taken out", "renamed", "repeated", "replaced", "without attributes"]),
    st.sampled_from(["", "total", "2024-11-05", "many", "12", "1.5", "true"]),
)
def test_the_model_and_the_xml_schema_agree(
    tmp_path_factory: pytest.TempPathFactory, xml_faults: Faults, place: int, how: str, words: str
) -> None:
    """On any single change, but for ids and references, which reading looks at by itself."""
    content = changed_xml(place, how, words)
    path = tmp_path_factory.getbasetemp() / "changed.xml"
    path.write_bytes(content)
    faults = xml_faults(content)
    assume(not any("xs:ID" in fault for fault in faults))
    assert accepts(path) == (not faults), faults


def test_the_order_of_elements_is_not_asked_for(tmp_path: Path, xml_faults: Faults) -> None:
    """The schema wants one order; a report that has another can be read without doubt, and is."""
    root = etree.fromstring(XML)
    root.append(root[0])
    content = etree.tostring(root)
    path = tmp_path / "report.xml"
    path.write_bytes(content)
    assert xml_faults(content)
    assert accepts(path)
