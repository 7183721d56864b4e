"""Returns written as NIST SP 1500-100 v2: valid against both official schemas, and equal when read back."""

import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from laws import examples
from tallyproof.election.canvass import Status
from tallyproof.election.returns import Measure, UnitKind, countable, is_measure, resolve_modes
from tallyproof.formats.nist import building, writing
from tallyproof.formats.nist.building import Built, Heading
from tallyproof.formats.nist.expressing import BESIDE, OF_UNITS, SELECTED
from tallyproof.formats.nist.ids import Ids, fit
from tallyproof.formats.tidy import Reading

from .nist_files import SCHEMAS
from .reading import cells, read, sums, written

KEYS = ["state", "county", "unit", "level", "contest", "choice_id", "party", "measure", "mode"]
HEADING = Heading(
    "Clerk of Fern County", "CFC", "2024 General", date(2024, 11, 5),
    datetime(2024, 11, 6, 1, 15, 0, 123, UTC), Status.CERTIFIED, "tallyproof tests", "general",
)  # fmt: skip


@cache
def schemas(folder: Path) -> tuple[Any, Any]:
    """The official JSON and XML schema; no fixture, so that a failing law need not print them."""
    content = json.loads((folder / f"{SCHEMAS}.json").read_text(encoding="utf-8"))
    return jsonschema.Draft7Validator(content), etree.XMLSchema(etree.parse(str(folder / f"{SCHEMAS}.xsd")))


def require_valid(built: Built, shared_data: Path) -> None:
    """Fail with the first fault of the report in JSON or XML."""
    known, known_xml = schemas(shared_data)
    fault = next(known.iter_errors(json.loads(writing.to_json(built.report))), None)
    assert fault is None, fault.message[:200]
    known_xml.validate(etree.fromstring(writing.to_xml(built.report)))
    assert [each.message[:200] for each in known_xml.error_log] == []


def expressed(frame: pl.DataFrame) -> pl.DataFrame:
    """The numbers that the specification has a place for, in its form, sorted.

    Each line of a choice counts for itself; names written in have no party. What a county counts alone
    of a way of voting that its units lack is read as votes without a unit: here it is the county's again.
    """
    is_alone = (pl.col("unit") == "[county-wide]") & (pl.col("unit_kind") == UnitKind.FLOATING.value)
    has_party = is_measure(Measure.CHOICE, Measure.OTHER)
    frame = frame.with_columns(
        unit=pl.when(is_alone).then(pl.lit("")).otherwise(pl.col("unit").cast(pl.String)),
        level=pl.when(is_alone).then(pl.lit("county")).otherwise(pl.col("level").cast(pl.String)),
        party=pl.when(has_party).then(pl.col("party").cast(pl.String)).otherwise(pl.lit("")),
    )
    of_contest = pl.col("contest") != ""
    rows = frame.filter(
        countable() & ((is_measure(*SELECTED, *BESIDE) & of_contest) | (is_measure(*OF_UNITS) & ~of_contest))
    )
    by_mode = is_measure(*SELECTED, Measure.BALLOTS_CAST)
    kept = rows.filter(by_mode).select(*KEYS, "votes")
    summed = resolve_modes(rows.filter(~by_mode)).with_columns(
        mode=pl.lit("total").cast(frame.schema["mode"])
    )
    both = pl.concat([kept, summed.select(*KEYS, "votes")]).group_by(KEYS).agg(
        pl.when(~pl.col("votes").is_null().any()).then(pl.col("votes").sum()).alias("votes")
    )  # fmt: skip
    return both.drop_nulls("votes").with_columns(pl.col(KEYS).cast(pl.String)).sort(KEYS)


def read_back(built: Built, folder: Path) -> list[pl.DataFrame]:
    """The report read again from JSON and from XML."""
    (folder / "out.json").write_bytes(writing.to_json(built.report))
    (folder / "out.xml").write_bytes(writing.to_xml(built.report))
    readings = [read(folder / name) for name in ("out.json", "out.xml")]
    assert [each.rejections for each in readings] == [(), ()]
    return [each.frame for each in readings]


REAL = (
    "toy_election/20241105__zz__general__demo__precinct.csv",
    "toy_election/2024-zz-precinct-general.csv",
    "toy_election/detail.xml",
    "toy_election/err_v2.json",
    "formats/nist_err_v2/synthetic_gen-01.json",
    "formats/clarity/clarify_precinct.xml",
    "formats/openelections/20201103__mi__general__antrim__precinct.csv",
)


@pytest.mark.parametrize("name", REAL)
def test_real_returns_are_valid_and_read_back_equal(tmp_path: Path, shared_data: Path, name: str) -> None:
    """Every number that has a place, in every format that we read."""
    frame = read(shared_data / name).frame
    built = building.build(frame, HEADING)
    require_valid(built, shared_data)
    wanted = expressed(frame)
    assert wanted.height == built.numbers
    for found in read_back(built, tmp_path):
        assert expressed(found).equals(wanted)


# ---- small elections of any make

NAMES = st.sampled_from(
    ["Ann Adams", "Bob Baker", "Zoë Ödön", "=cmd|' /C calc'!A0", "O'Neil & Sons <x>", "Al \x07 Bell"]
)
OFFICES = st.sampled_from(
    ["President", "U.S. House", "State Senate", "Town Council", "Levy of 2.5%", "Straight Party"]
)
PLACES = st.sampled_from(
    [("Fern", "Ash"), ("Fern", "ash"), ("Fern", "Birch 1"), ("Moss", "Ash"), ("Moss", "")]
)
MODES = st.sampled_from(["", "Election Day", "Mail", "Provisional", "Drive-through"])
VOTES = st.one_of(st.integers(0, 9_999).map(str), st.sampled_from(["", "*", "-4"]))
PSEUDO = st.sampled_from(["Write-ins", "Over Votes", "Under Votes"])
DISTRICTS, PARTIES = st.sampled_from(["", "3"]), st.sampled_from(["DEM", "REP", "", "Wör/king"])
ROW = st.tuples(PLACES, OFFICES, DISTRICTS, st.one_of(NAMES, PSEUDO), PARTIES, MODES, VOTES)
UNIT_ROW = st.tuples(
    PLACES, st.sampled_from(["ballots_cast", "registered", "voters"]), st.integers(0, 9_999).map(str)
)


def tidy(rows: list[Any], unit_rows: list[Any]) -> str:
    """A returns table of these rows, each cell once, as our own CSV."""
    cells: dict[Any, str] = {}
    for (county, unit), office, district, choice, party, mode, votes in rows:
        cells.setdefault((county, unit, office, district, choice, party, "", mode), votes)
    for (county, unit), measure, votes in unit_rows:
        cells.setdefault((county, unit, "", "", "", "", measure, ""), votes)
    lines = [
        ",".join('"' + cell.replace('"', '""') + '"' for cell in ("WI", *(word or "" for word in key), votes))
        for key, votes in cells.items()
    ]
    return "state,county,unit,office,district,choice,party,measure,mode,votes\n" + "\n".join(lines) + "\n"


@settings(max_examples=examples(120), deadline=None)
@given(st.lists(ROW, min_size=1, max_size=14), st.lists(UNIT_ROW, max_size=4))
def test_any_small_election_is_valid_and_reads_back_equal(
    tmp_path_factory: pytest.TempPathFactory, shared_data: Path, rows: list[Any], unit_rows: list[Any]
) -> None:
    """Hostile names, negative and unknown numbers, ways of voting of their own, districts, parties."""
    folder = tmp_path_factory.getbasetemp()
    frame = read(written(folder, tidy(rows, unit_rows), "tidy.csv")).frame
    built = building.build(frame, HEADING)
    require_valid(built, shared_data)
    for found in read_back(built, folder):
        assert expressed(found).rows() == expressed(frame).rows()


# ---- numbers that could be taken for each other


HEADER = "county,unit,office,choice,party,mode,measure,votes\n"


def read_again(folder: Path, lines: str) -> Reading:
    """The report on these returns, read again."""
    built = building.build(read(written(folder, HEADER + lines)).frame, HEADING)
    (folder / "out.json").write_bytes(writing.to_json(built.report))
    return read(folder / "out.json")


def test_write_ins_of_several_parties_are_one_number(tmp_path: Path) -> None:
    """The specification's line for them has no party: equal numbers are no repeats of each other."""
    found = read_again(tmp_path, "Fern,Ash,Mayor,Write-ins,DEM,,,1\nFern,Ash,Mayor,Write-ins,REP,,,1\n")
    assert cells(found, "measure", "votes", "note") == [("write_in", 2, "")]


def test_lines_with_and_without_a_party_stay_apart(tmp_path: Path) -> None:
    """Equal numbers of two lines of a candidate are no repeats of each other either."""
    found = read_again(tmp_path, "Fern,Ash,Mayor,Ann,DEM,,,5\nFern,Ash,Mayor,Ann,,,,5\n")
    assert cells(found, "party", "votes", "note") == [("DEM", 5, ""), ("", 5, "")]


def test_a_line_of_unknown_votes_hides_no_other_line(tmp_path: Path) -> None:
    """The known line is written, the unknown one left out."""
    found = read_again(tmp_path, "Fern,Ash,Mayor,Ann,DEM,,,5\nFern,Ash,Mayor,Ann,REP,,,\n")
    assert cells(found, "party", "votes") == [("DEM", 5)]


def test_what_only_the_county_counts_is_read_once(tmp_path: Path) -> None:
    """Mail counted for the county is added to its units' votes; its election day is not added again."""
    lines = ("Ash,Mayor,Ann,,Election Day,,40", ",Mayor,Ann,,Election Day,,40", ",Mayor,Ann,,Mail,,8")
    found = read_again(tmp_path, "".join(f"Fern,{line}\n" for line in lines))
    assert sums(found, "mayor") == {"ann": 48}


# ---- what has no place, and what is written otherwise


def test_what_has_no_place_is_counted(tmp_path: Path, shared_data: Path) -> None:
    """Straight-party choices and stated totals; the report's notes say so too."""
    frame = read(shared_data / "formats/openelections/20201103__mi__general__antrim__precinct.csv").frame
    built = building.build(frame, HEADING)
    assert built.left_out == {"straight party": 176}
    assert built.changed == ("votes per ballot are not known in 1 contest; 1 is written",)
    assert built.report.Notes == (
        "Not in this report: 176 straight party. Votes per ballot are not known in 1 contest; 1 is written."
    )


def test_suppressed_numbers_are_marked_and_unknown_ones_left_out(tmp_path: Path) -> None:
    """The specification can say that a count is kept secret, not that it is unknown."""
    text = "office,choice,measure,county,unit,votes\n"
    text += "Mayor,Ann,choice,Fern,Ash,*\nMayor,Ann,choice,Fern,Birch,\nMayor,Ann,choice,Fern,Cedar,3\n"
    built = building.build(read(written(tmp_path, text)).frame, HEADING)
    assert built.left_out == {"unknown numbers": 1}
    found = read_back(built, tmp_path)[0]
    assert found.select("unit", "votes", "note").rows() == [("Ash", None, "suppressed"), ("Cedar", 3, "")]


def test_statuses_that_the_specification_lacks(tmp_path: Path) -> None:
    """The nearest that claims no more is written, and that is said."""
    frame = read(written(tmp_path, "office,choice,measure,unit,votes\nMayor,Ann,choice,Ash,3\n")).frame
    heading = Heading(
        "C", "C", "E", date(2024, 11, 5), datetime(2024, 11, 6, tzinfo=UTC), Status.UNKNOWN, "t"
    )
    built = building.build(frame, heading)
    assert built.report.Status == "unofficial-partial"
    assert built.changed[-2:] == (
        "the type of election is not known; 'other' is written",
        "the status 'unknown' is written as 'unofficial-partial'",
    )


@given(st.lists(st.text(max_size=12), max_size=30))
def test_ids_are_unique_and_names_of_xml(texts: list[str]) -> None:
    """Whatever the names are made of."""
    ids = Ids()
    made = [ids.new("ru", text) for text in texts]
    assert len(set(made)) == len(made)
    assert all(each[0].isalpha() and each.isascii() and not set(each) & set(" :/&<>") for each in made)


@given(st.text())
def test_texts_fit_into_xml(text: str) -> None:
    """Signs that XML cannot hold are left out; the rest stays."""
    etree.Element("x").text = fit(text)
    kept = "".join(sign for sign in text if sign.isprintable() and not sign.isspace())
    assert [sign for sign in fit(text) if sign in kept] == list(kept)
