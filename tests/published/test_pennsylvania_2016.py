"""Pennsylvania 2016, President: precincts against the county file, equal in 66 of 67 counties."""

from pathlib import Path

import polars as pl
import pytest

from tallyproof.election.evidence import Severity
from tallyproof.election.jurisdiction import place_key
from tallyproof.services import access, checking, counting
from tallyproof.services.importing import import_returns
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

from .conftest import Mapping

ACTOR = access.terminal()


@pytest.fixture(scope="module")
def pennsylvania(workspace: Workspace, shared_data: Path, mapping: Mapping) -> Workspace:
    """The county file first, then the precincts by a mapping."""
    counties = shared_data / "formats" / "openelections" / "20161108__pa__general_county.csv"
    precincts = shared_data / "pa2016" / "pa_2016_president_precincts.csv"
    import_returns(workspace, ACTOR, "pennsylvania", Request((counties,), "Department of State"))
    by_precinct = Request((precincts,), "MEDSL", mapping=mapping("pennsylvania_precincts"))
    imported = import_returns(workspace, ACTOR, "pennsylvania", by_precinct)
    assert dict(imported.record.rows) == {"read": 9_230, "stored": 9_230, "rejected": 0}
    return workspace


def test_only_allegheny_differs(pennsylvania: Workspace) -> None:
    """Check C1 names Allegheny alone, short by 355 and 683: a warning that two sources disagree."""
    found = checking.check_case(pennsylvania, ACTOR, "pennsylvania", only=["C1"]).findings
    short = {
        each.topic.split()[0]: each.numbers["gap"] for each in found if each.unit.startswith("Allegheny")
    }
    assert short == {"trump": 355, "clinton": 683}
    assert {each.unit for each in found} == {"Allegheny"}
    assert {each.severity for each in found} == {Severity.WARNING}


def test_66_of_67_counties_are_equal(pennsylvania: Workspace) -> None:
    """The two sources have the same numbers for both in all counties but one, and so in the state."""
    leaves = checking.material_of(pennsylvania, ACTOR, "pennsylvania").leaves
    wanted = (pl.col("contest") == "pa-president") & pl.col("choice_id").is_in(["trump", "clinton"])
    summed = leaves.filter(wanted).group_by("snapshot", "county", "choice_id").agg(pl.col("votes").sum())
    by_source: dict[str, dict[tuple[str, str], int]] = {}
    for snapshot, county, choice, votes in summed.iter_rows():
        by_source.setdefault(snapshot, {})[place_key(county), choice] = votes
    official, precincts = by_source["import-2"], by_source["import-3"]
    assert official.keys() == precincts.keys()
    assert len({county for county, _ in official}) == 67
    assert {county for (county, _), _ in official.items() - precincts.items()} == {"allegheny"}
    assert [sum(v for (_, c), v in official.items() if c == choice) for choice in ("trump", "clinton")] == [
        2_970_733, 2_926_441,
    ]  # fmt: skip
    assert [sum(v for (_, c), v in precincts.items() if c == choice) for choice in ("trump", "clinton")] == [
        2_970_378, 2_925_758,
    ]  # fmt: skip


def test_the_margin_of_each_source(pennsylvania: Workspace) -> None:
    """44,292 by the county file, 44,620 by the precincts that lack some of Allegheny's votes."""
    contest = counting.count(pennsylvania, ACTOR, "pennsylvania", contest="pa-president").contests[0]
    assert {each.snapshot: each.margin for each in contest.versions} == {
        "import-2": 44_292,
        "import-3": 44_620,
    }
