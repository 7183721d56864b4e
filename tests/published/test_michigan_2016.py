"""Michigan 2016, President: precincts, counties and the certified result agree in all 83 counties."""

from pathlib import Path

import polars as pl
import pytest

from tallyproof.checks.material import Material
from tallyproof.election.evidence import Severity
from tallyproof.services import access, cases, checking, counting, tables
from tallyproof.services.importing import import_returns
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

ACTOR = access.terminal()
TRUMP, CLINTON = 2_279_543, 2_268_839
OTHER_NAME = {"Gd. Traverse": "Grand Traverse"}
"""The county file shortens one name."""


@pytest.fixture(scope="module")
def michigan(workspace: Workspace, shared_data: Path) -> Workspace:
    """MEDSL's precincts and the county file of OpenElections, each as a source of its own."""
    import_returns(workspace, ACTOR, "michigan", Request((shared_data / "medsl2016" / "mi.zip",), "MEDSL"))
    counties = shared_data / "formats" / "openelections" / "20161108__mi__general__county.csv"
    import_returns(workspace, ACTOR, "michigan", Request((counties,), "OpenElections"))
    return workspace


@pytest.fixture(scope="module")
def material(michigan: Workspace) -> Material:
    """What the checks look at."""
    return checking.material_of(michigan, ACTOR, "michigan")


def by_county(material: Material, snapshot: str) -> dict[tuple[str, str], int]:
    """Votes for the two leaders by county and choice, as one snapshot gives them."""
    wanted = pl.col("choice_id").is_in(["trump", "clinton"]) & (pl.col("contest") == "mi-president")
    rows = material.leaves.filter(wanted & (pl.col("snapshot") == snapshot) & (pl.col("measure") == "choice"))
    summed = rows.group_by("county", "choice_id").agg(pl.col("votes").sum())
    return {(OTHER_NAME.get(county, county), choice): votes for county, choice, votes in summed.iter_rows()}


def test_the_certified_result(michigan: Workspace) -> None:
    """2,279,543 and 2,268,839: a margin of 10,704."""
    contest = counting.count(michigan, ACTOR, "michigan", contest="mi-president").contests[0]
    assert [each.votes for each in contest.choices][:2] == [TRUMP, CLINTON]
    assert contest.standing.margin == 10_704
    assert [each.margin for each in contest.versions] == [10_704, 10_704]


def test_all_83_counties_are_equal(material: Material) -> None:
    """Precincts add up to the county file in every county, for both."""
    precincts, counties = (by_county(material, name) for name in ("import-2", "import-3"))
    assert precincts == counties
    assert len({county for county, _ in counties}) == 83
    assert sum(votes for (_, choice), votes in counties.items() if choice == "trump") == TRUMP


def test_negative_adjustments_are_stored_and_shown(michigan: Workspace) -> None:
    """Statistical adjustments below zero are rows like others, and for information only."""
    record = cases.state(michigan, ACTOR, "michigan").imports[0]
    negative = tables.table_of(michigan, record).filter(pl.col("votes") < 0)
    assert negative["unit_kind"].unique().to_list() == ["adjustment"]
    huron = negative.filter((pl.col("county") == "Huron") & (pl.col("contest") == "mi-president"))
    assert sorted(huron["votes"].to_list()) == [-2, -1]
    assert tables.notes_of(michigan, record)[0] == ()
    found = checking.check_case(michigan, ACTOR, "michigan", only=["B13"]).findings
    assert len(found) == negative.height == 18
    assert {each.severity for each in found} == {Severity.INFO}
    assert all("Statistical Adjustments" in each.unit for each in found)
