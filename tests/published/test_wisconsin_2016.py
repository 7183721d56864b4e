"""Wisconsin 2016, President: three versions of the count, and what the checks say of its wards."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Finding, Severity
from tallyproof.services import access, checking, counting, proposing
from tallyproof.services.importing import import_returns
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace
from tallyproof.tracking.difference import Difference

from .conftest import Mapping

FIRST = datetime.fromisoformat("2016-11-28T17:00-06:00")
CORRECTED = datetime.fromisoformat("2016-12-02T17:00-06:00")
RECOUNT = datetime.fromisoformat("2016-12-12T15:00-06:00")
WEC, CASE = "Wisconsin Elections Commission", "wisconsin"
ACTOR = access.terminal()

Published = tuple[datetime, int, int, int, int]
PUBLISHED = [
    (FIRST, 1_404_000, 1_381_823, 22_177, 2_975_313),
    (CORRECTED, 1_404_440, 1_381_823, 22_617, 2_975_753),
    (RECOUNT, 1_405_284, 1_382_536, 22_748, 2_976_150),
]
"""As of, Trump, Clinton, margin, all votes."""


def versions(data: Path, mapping: Mapping) -> list[Request]:
    """The three versions of the ward report, read from one wide table by three mappings."""
    wards = data / "wi2016" / "wi_2016_president_wards_canvass_and_recount.csv"
    first = mapping(
        "wisconsin_wards",
        TRUMP="trump_canvass_first_posted",
        TOTAL="total_canvass_first_posted",
        VERSION="canvass",
    )
    canvass = mapping("wisconsin_wards", TRUMP="trump_canvass", TOTAL="total_canvass", VERSION="canvass")
    recount = mapping("wisconsin_wards", TRUMP="trump_recount", TOTAL="total_recount", VERSION="recount")
    return [
        Request((wards,), WEC, Status.UNOFFICIAL_COMPLETE, FIRST, mapping=first),
        Request((wards,), WEC, Status.CANVASSED, CORRECTED, mapping=canvass),
        Request((wards,), WEC, Status.RECOUNT, RECOUNT, mapping=recount),
    ]


@pytest.fixture(scope="module")
def wisconsin(workspace: Workspace, shared_data: Path, mapping: Mapping) -> list[int]:
    """The event numbers of the three versions in one case."""
    imported = [import_returns(workspace, ACTOR, CASE, request) for request in versions(shared_data, mapping)]
    assert all(dict(each.record.rows) == {"read": 3636, "stored": 3636, "rejected": 0} for each in imported)
    return [each.record.sequence for each in imported]


@pytest.mark.parametrize(("as_of", "trump", "clinton", "margin", "total"), PUBLISHED)
def test_the_count_as_of_each_version(
    workspace: Workspace,
    wisconsin: list[int],
    as_of: datetime,
    trump: int,
    clinton: int,
    margin: int,
    total: int,
) -> None:
    """First posted, corrected and recounted: votes, margin and total are those of the commission."""
    [contest] = counting.count(workspace, ACTOR, CASE, as_of=as_of).contests
    votes = {each.choice: each.votes for each in contest.choices}
    assert (votes["Donald Trump"], votes["Hillary Clinton"]) == (trump, clinton)
    assert (contest.standing.leader, contest.standing.margin) == ("Donald Trump", margin)
    assert contest.standing.total == total


def names_hazelhurst(found: Difference) -> bool:
    """Whether exactly one unit differs: Hazelhurst, 44 to 484 for Trump, and all sums by as much."""
    votes = [each for each in found.changes if each.unit in found.units and each.measure == "choice"]
    assert [(each.before, each.after) for each in votes] == [(44, 484)]
    assert (found.added, found.removed) == ((), ())
    assert [(each.margin_before, each.margin_after) for each in found.margins] == [(22_177, 22_617)]
    assert all(each.by == 440 for each in found.changes)
    [unit] = found.units
    return unit == "Oneida, TOWN OF HAZELHURST Wards 1-2"


def test_the_correction_names_one_unit(workspace: Workspace, wisconsin: list[int]) -> None:
    """Between first posted and corrected one unit differs."""
    assert names_hazelhurst(counting.difference_between(workspace, ACTOR, CASE, *wisconsin[:2]))


def test_the_recount_changed_1_428_units_for_the_two_leaders(
    workspace: Workspace, wisconsin: list[int]
) -> None:
    """Over all 17 choices 9,039 votes came and 8,642 went."""
    found = counting.difference_between(workspace, ACTOR, CASE, *wisconsin[1:])
    votes = [each for each in found.changes if each.measure != "total_votes"]
    leaders = {each.unit for each in votes if each.choice in {"Donald Trump", "Hillary Clinton"}}
    assert len(leaders) == 1_428
    assert sum(each.by or 0 for each in votes if (each.by or 0) > 0) == 9_039
    assert sum(each.by or 0 for each in votes if (each.by or 0) < 0) == -8_642


@pytest.fixture(scope="module")
def workbooks(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Request]:
    """The commission's own workbooks, first posted and corrected, each by the mapping drafted from it."""
    requests = []
    for name in ("wec_ward_report_first_posted", "wec_ward_original_canvass_corrected"):
        path = shared_data / "wi2016" / "raw" / f"{name}.xlsx"
        draft = tmp_path_factory.mktemp("draft") / f"{name}.toml"
        draft.write_text(proposing.propose(path), encoding="utf-8")
        requests.append(Request((path,), WEC, mapping=draft, state="WI"))
    return requests


def test_the_workbooks_say_the_same_by_the_mapping_drafted_from_them(workbooks: list[Request]) -> None:
    """From the raw workbooks too exactly one unit differs between first posted and corrected."""
    assert names_hazelhurst(counting.difference_of_files(*workbooks))


# ---- roll-off: President against Senate


@pytest.fixture(scope="module")
def roll_off(shared_data: Path) -> list[Finding]:
    """What check E2 finds in MEDSL's wards."""
    checked = checking.check_files(Request((shared_data / "medsl2016" / "wi.zip",)), only=["E2"])
    return list(checked.findings)


def number(finding: Finding, name: str) -> float:
    """A number of a finding that is known."""
    value = finding.numbers[name]
    assert isinstance(value, int | float)
    return float(value)


def test_roll_off_by_the_robust_z(roll_off: list[Finding]) -> None:
    """Hazelhurst first (46), Milwaukee Ward 34 second (19.5), Oakland third (18.2) of 3,297 units."""
    found = sorted(roll_off, key=lambda each: -abs(number(each, "z")))[:3]
    assert [each.unit for each in found] == [
        "Oneida, TOWN OF HAZELHURST Wards 1-2", "Milwaukee, CITY OF MILWAUKEE Ward 34",
        "Jefferson, TOWN OF OAKLAND Ward 1-4",
    ]  # fmt: skip
    assert [abs(number(each, "z")) for each in found] == pytest.approx([46, 19.5, 18.2], abs=0.5)
    assert {each.numbers["units"] for each in found} == {3_297}
    assert [number(each, "rank") for each in found] == [1, 2, 3]


def test_roll_off_by_votes_at_stake(roll_off: list[Finding]) -> None:
    """By votes at stake the order is another: 432, 385, 228; each finding shows its place in both."""
    found = sorted(roll_off, key=lambda each: -(each.votes_at_stake or 0))[:3]
    assert [each.votes_at_stake for each in found] == [432, 385, 228]
    assert [each.unit.split(", ")[0] for each in found] == ["Oneida", "Jefferson", "Milwaukee"]
    assert [each.numbers["rank_by_votes"] for each in found] == [1, 2, 3]
    assert [each.numbers["rank"] for each in found] == [1, 3, 2]


# ---- ballots of EL-190 against the canvass


@pytest.mark.parametrize(("version", "units"), [(1, 152), (2, 106)], ids=["canvass", "recount"])
def test_votes_exceed_the_ballots_of_el190(
    workspace: Workspace, shared_data: Path, mapping: Mapping, version: int, units: int
) -> None:
    """Joined on the unit's id: 152 units, 106 after the recount, largest Ward 190; warnings, not errors."""
    ballots = Request((shared_data / "wi2016" / "wi_2016_el190_ballots_by_ward.csv",), "EL-190", state="WI")
    case = f"el190-{version}"
    import_returns(workspace, ACTOR, case, versions(shared_data, mapping)[version])
    import_returns(workspace, ACTOR, case, ballots)
    found = checking.check_case(workspace, ACTOR, case, only=["B2"]).findings
    assert Counter(each.severity for each in found) == {Severity.WARNING: units}
    largest = max(found, key=lambda each: each.votes_at_stake or 0)
    assert largest.unit == "Milwaukee, CITY OF MILWAUKEE Ward 190"
    if version == 1:
        assert (largest.numbers["votes"], largest.numbers["ballots"]) == (1_369, 620)
    assert all("two sources disagree" in each.message for each in found)
