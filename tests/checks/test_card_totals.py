"""Check B14: cast vote records beside reported totals."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.checks.card_cells import unit_names
from tallyproof.testing.card_faults import card_county, lose, miscount, scan_again

from .card_material import card_material
from .county import findings, needs

COUNTY = card_county(1)


@pytest.mark.parametrize("by_mode", [False, True])
def test_a_clean_county_stays_silent(by_mode: bool) -> None:
    """Choices, overvotes and undervotes of every ward agree, also by way of voting."""
    assert not findings("B14", card_material(COUNTY, by_mode=by_mode))


def test_a_miscount_is_found_in_its_ward_and_row() -> None:
    """Five votes moved between two choices weigh ten, at the row of the first of them."""
    found = findings("B14", card_material(miscount(COUNTY, "Ward 2", "Ann Lee", "Bob Roy", 5)))
    assert [finding.id for finding in found] == ["B14/co-mayor/lake-ward-2"]
    assert dict(found[0].numbers) == {"Ann Lee": 5, "Bob Roy": -5}
    assert found[0].votes_at_stake == 10
    assert str(found[0].source) == "file-1.csv, row 17 (votes)"
    assert "needs" not in found[0].message and "Ward 2" in found[0].message


def test_a_miscount_is_found_in_its_way_of_voting() -> None:
    """Where both sides tell ways of voting apart, the message names the one that differs."""
    faulty = miscount(COUNTY, "Ward 2", "Ann Lee", "Bob Roy", 5)
    found = findings("B14", card_material(faulty, by_mode=True))
    assert "Ann Lee by election-day" in found[0].message
    assert found[0].source.column == "election_day"


def test_votes_in_another_ward_are_information() -> None:
    """Cards that stand in another ward than the returns move no total and nobody's lead."""
    first = COUNTY.cards[0]
    other = "Ward 1" if first.unit != "Ward 1" else "Ward 2"
    moved = replace(COUNTY, cards=(replace(first, unit=other), *COUNTY.cards[1:]))
    found = findings("B14", card_material(moved))
    assert found and {finding.severity.value for finding in found} == {"info"}
    assert {finding.votes_at_stake for finding in found} == {0}


def test_many_wards_are_one_finding_of_each_contest() -> None:
    """A batch with cards of many wards that was scanned twice is not told ward by ward."""
    wards = card_county(2, units=12)
    found = findings("B14", card_material(scan_again(wards, "3", "99")))
    assert {finding.id for finding in found} == {f"B14/co-{name}/lake" for name in ("clerk", "levy", "mayor")}
    assert all("units differ, most in Ward" in finding.message for finding in found)


def test_lost_cards_are_found() -> None:
    """Votes that were reported and have no record are differences below 0."""
    found = findings("B14", card_material(lose(COUNTY, "2", 7)))
    assert found and all(f"{number}".startswith("-") for each in found for number in each.numbers.values())


def test_it_says_what_it_needs() -> None:
    """Without cards and without returns it names what is missing."""
    assert "cast vote records" in needs("B14", replace(card_material(COUNTY), cards=None))
    assert "reported votes" in needs("B14", card_material(COUNTY, returns=False))


def test_returns_of_another_county_are_not_compared() -> None:
    """Cards of Lake say nothing of returns of Hill and Dale."""
    other = card_material(COUNTY, jurisdiction="Hill")
    assert not findings("B14", other)  # one county in the file, whatever it is called
    two = replace(other, returns=other.returns.vstack(_as_county(other.returns, "Dale")))
    assert "reported votes" in needs("B14", two)


def _as_county(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.with_columns(county=pl.lit(name).cast(pl.Categorical))


@pytest.mark.parametrize(
    ("portion", "names"),
    [
        ("1 (1)", ("1 (1)", "1", "1")),
        ("1260303104-51 (104-51)", ("1260303104-51 (104-51)", "1260303104-51", "104-51")),
        ("Ward 1", ("Ward 1", "Ward 1", "")),
    ],
)
def test_names_of_a_portion(portion: str, names: tuple[str, ...]) -> None:
    """Whole, without its bracket, and the bracket."""
    assert unit_names(portion) == names


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_any_miscount_is_found_and_weighs_twice_its_votes(seed: int, votes: int) -> None:
    """However the county is made: the numbers found are those planted, and nothing else is told."""
    county = card_county(seed, batches=4, batch_cards=40, units=2)
    faulty = miscount(county, "Ward 1", "Ann Lee", "Bob Roy", votes)
    moved = sum(a != b for a, b in zip(county.counted, faulty.counted, strict=True))
    (found,) = findings("B14", card_material(faulty))
    assert (dict(found.numbers), found.votes_at_stake) == ({"Ann Lee": moved, "Bob Roy": -moved}, 2 * moved)
