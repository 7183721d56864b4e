"""One toy election in five results formats: identical numbers per choice, unit and way of voting."""

from pathlib import Path

import polars as pl
import pytest

from tallyproof.election.returns import Level, Measure, Mode, is_measure, resolve_modes
from tallyproof.formats.tidy import Reading

from .reading import read

OPEN_ELECTIONS = "20241105__zz__general__demo__precinct.csv"
MEDSL = "2024-zz-precinct-general.csv"
CLARITY, NIST_XML, NIST_JSON = "detail.xml", "err_v2.xml", "err_v2.json"
FILES = (OPEN_ELECTIONS, MEDSL, CLARITY, NIST_XML, NIST_JSON)
WITH_BALLOTS = (OPEN_ELECTIONS, NIST_XML, NIST_JSON)
KEYS = ("state", "county", "unit", "contest", "choice_id", "party", "measure", "mode")


@pytest.fixture(scope="module")
def readings(shared_data: Path) -> dict[str, Reading]:
    """Every file, the state named where the file does not."""
    return {name: read(shared_data / "toy_election" / name, state="ZZ") for name in FILES}


def of_units(reading: Reading, *measures: Measure) -> pl.DataFrame:
    """Numbers of the precincts; a stated total beside ways of voting is their sum and left out."""
    rows = reading.frame.filter((pl.col("level") == Level.UNIT.value) & is_measure(*measures))
    is_split = (pl.col("mode") != Mode.TOTAL.value).any().over(["unit", "choice_id", "measure"])
    kept = rows.filter(~is_split | (pl.col("mode") != Mode.TOTAL.value)).select(*KEYS, "votes")
    return kept.with_columns(pl.col(KEYS).cast(pl.String)).sort(KEYS)


def test_choices_are_identical_in_all_five(readings: dict[str, Reading]) -> None:
    """Three choices, two precincts, two ways of voting: twelve numbers, names, parties and keys."""
    first, *others = (of_units(readings[name], Measure.CHOICE) for name in FILES)
    assert first.height == 8
    assert first["votes"].sum() == 775
    for other in others:
        assert other.equals(first)


def test_write_ins_are_identical_in_all_five(readings: dict[str, Reading]) -> None:
    """Parties of write-ins aside, which one format calls NP."""
    found = [of_units(readings[name], Measure.WRITE_IN).drop("party") for name in FILES]
    assert found[0]["votes"].to_list() == [2, 1, 1, 1] or found[0]["votes"].sum() == 5
    assert all(other.equals(found[0]) for other in found)


def test_over_and_undervotes_are_identical_in_all_five(readings: dict[str, Reading]) -> None:
    """Added up over ways of voting, which only OpenElections and MEDSL tell of them."""
    found = []
    for name in FILES:
        rows = readings[name].frame.filter(is_measure(Measure.OVERVOTES, Measure.UNDERVOTES))
        units = resolve_modes(rows).filter(pl.col("level") == Level.UNIT.value)
        found.append(units.select(pl.col("unit", "measure").cast(pl.String), "votes").sort("unit", "measure"))
    assert found[0].rows() == [
        ("P-1", "overvotes", 1), ("P-1", "undervotes", 11), ("P-2", "overvotes", 0), ("P-2", "undervotes", 8),
    ]  # fmt: skip
    assert all(other.equals(found[0]) for other in found)


def test_ballots_are_identical_where_they_are_given(readings: dict[str, Reading]) -> None:
    """By way of voting in OpenElections and NIST; Clarity and MEDSL's other rows give their sums."""
    found = [of_units(readings[name], Measure.BALLOTS_CAST) for name in WITH_BALLOTS]
    assert found[0]["votes"].to_list() == [204, 296, 164, 136]
    assert all(other.equals(found[0]) for other in found)
    clarity = of_units(readings[CLARITY], Measure.BALLOTS_CAST)
    assert clarity["votes"].to_list() == [500, 300]


def test_registration_is_identical_where_it_is_given(readings: dict[str, Reading]) -> None:
    """600 and 400 voters."""
    for name in (OPEN_ELECTIONS, CLARITY, NIST_XML, NIST_JSON):
        assert of_units(readings[name], Measure.REGISTERED)["votes"].to_list() == [600, 400]


def test_every_row_is_stored(readings: dict[str, Reading]) -> None:
    """None is rejected in any format."""
    assert [each.rejections for each in readings.values()] == [()] * len(FILES)
    assert all(each.read == each.stored for each in readings.values())
