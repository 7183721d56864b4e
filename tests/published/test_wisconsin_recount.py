"""Wisconsin 2016, canvass against recount by ward: net, gross, tabulators, methods, and the way there."""

import time
from pathlib import Path

import polars as pl
import pytest

from tallyproof.recount.compared import solve_recount_comparison
from tallyproof.recount.comparison import GroupChange, RecountComparisonAnswer, UnitCount
from tallyproof.services.comparing import Asked, Attached, Compared, compare_files
from tallyproof.services.reading import Request

from .conftest import MAPPINGS, Mapping


@pytest.fixture(scope="module")
def compared(shared_data: Path, mapping: Mapping) -> Compared:
    """The comparison with the tables of equipment and of methods."""
    folder = shared_data / "wi2016"
    wards = folder / "wi_2016_president_wards_canvass_and_recount.csv"
    first, second = (
        mapping("wisconsin_wards", TRUMP=f"trump_{each}", TOTAL=f"total_{each}", VERSION=each)
        for each in ("canvass", "recount")
    )
    municipalities = folder / "wi_2016_municipalities_votes_equipment_demographics.csv"
    asked = Asked(
        equipment=Attached(municipalities, MAPPINGS / "wisconsin_equipment.toml"),
        methods=Attached(folder / "wi_2016_recount_method_partial.csv", MAPPINGS / "wisconsin_methods.toml"),
    )
    start = time.perf_counter()
    found = compare_files(Request((wards,), mapping=first), Request((wards,), mapping=second), asked)
    assert time.perf_counter() - start < 20  # bench/comparison.py measures; this only catches a blunder
    return found


def group(answer: RecountComparisonAnswer, value: str) -> GroupChange:
    """The group of this value."""
    return next(each for each in answer.groups if each.value == value)


def test_net_changes_and_margin(compared: Compared) -> None:
    """Trump +844, Clinton +713: the margin grew by 131, from 22,617 to 22,748."""
    by_choice = {each.choice: each.net for each in compared.answer.choices}
    assert (by_choice["Donald Trump"], by_choice["Hillary Clinton"]) == (844, 713)
    assert compared.answer.lead is not None
    assert (compared.answer.lead.before, compared.answer.lead.now) == (22_617, 22_748)


def test_gross_changes_as_published(compared: Compared) -> None:
    """17,681 = 0.594 % of votes; the seven listed 0.1725 % of their own (Ansolabehere et al. 2018)."""
    answer = compared.answer
    assert (answer.gross, answer.net) == (17_681, 397)
    assert round(100 * answer.gross / answer.progress.recounted.votes, 3) == 0.594
    listed = [each for each in answer.choices if each.listed]
    assert len(listed) == 7
    moved, own = sum(each.gross for each in listed), sum(each.before for each in listed)
    assert round(100 * moved / own, 4) == 0.1725


@pytest.mark.parametrize(
    ("model", "units", "percent"),
    [
        ("ES&S DS200", 1_595, 0.10),
        ("Dominion ImageCast Evolution", 298, 0.09),
        ("Optech/Command Central- Eagle", 299, 0.41),
        ("Optech- Eagle", 14, 2.32),
    ],
)
def test_two_party_error_by_tabulator(compared: Compared, model: str, units: int, percent: float) -> None:
    """Optech Eagles missed marks of other pens; joined on municipality and county."""
    found = group(compared.answer, model)
    assert (found.units, round(found.two_percent or 0, 2)) == (units, percent)


def test_units_by_method_of_recount(compared: Compared) -> None:
    """Labels cover all units; the line for the state as a whole matches no unit and is listed."""
    methods = {each.value: each for each in compared.answer.groups if each.label == "method"}
    assert sum(each.units for each in methods.values()) == 3_636
    assert methods["hand"].units == 364 and methods["sources differ"].units == 79
    assert [(each.table, each.place) for each in compared.unused] == [("methods", "_STATEWIDE")]


def test_every_ward_meets_its_own(compared: Compared) -> None:
    """3,636 of 3,636, none left, none in one count alone."""
    answer = compared.answer
    assert answer.progress.recounted.units == 3_636
    assert not (answer.left or answer.partly or answer.only_after or answer.cannot)


def partial(compared: Compared, done: set[str]) -> RecountComparisonAnswer:
    """What is known when the recount has reached only these units."""
    units = tuple(
        UnitCount(each.unit, each.before, each.after if each.unit in done else None)
        for each in compared.problem.units
    )
    problem = compared.problem
    return solve_recount_comparison(
        type(problem)(units=units, choices=problem.choices, listed=problem.listed, largest_change=300)
    )


def test_halfway_the_projection_holds_the_certified_margin(compared: Compared) -> None:
    """Every second ward recounted: 22,748 lies in the interval, and the outcome outside of doubt."""
    names = [each.unit for each in compared.problem.units]
    found = partial(compared, set(names[::2]))
    assert found.projection.low is not None and found.projection.high is not None
    assert 0 < found.projection.low <= 22_748 <= found.projection.high
    assert found.bound is not None and found.bound.can_change is True  # by arithmetic alone


def test_a_ward_without_its_row_is_left_and_a_stray_one_listed(compared: Compared) -> None:
    """One row taken away and one name altered: 3,634 recounted, two left, one only in the recount."""
    units = list(compared.problem.units)
    units[0] = UnitCount(units[0].unit, units[0].before)
    units[1] = UnitCount(units[1].unit, units[1].before)
    units.append(UnitCount("Nowhere, Ward 1", None, {"Donald Trump": 5}))
    found = solve_recount_comparison(type(compared.problem)(units=tuple(units)))
    assert (found.progress.recounted.units, len(found.left)) == (3_634, 2)
    assert [(each.unit, each.votes) for each in found.only_after] == [("Nowhere, Ward 1", 5)]


def test_the_labels_add_up_to_the_whole(compared: Compared) -> None:
    """By each label the gross changes are those of the state."""
    frame = pl.DataFrame([(each.label, each.gross) for each in compared.answer.groups], orient="row")
    assert set(frame.group_by("column_0").agg(pl.col("column_1").sum())["column_1"]) == {17_681}
