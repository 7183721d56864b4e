"""Check B14: cast vote records beside reported totals."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.checks.card_cells import unit_names
from tallyproof.checks.material import Material
from tallyproof.election.canvass import Status
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


@pytest.mark.parametrize("withheld", [["Ann Lee"], ["Ann Lee", "Bob Roy"]])
def test_a_withheld_number_hides_no_other(withheld: list[str]) -> None:
    """Where a number of one ward is withheld, sums cannot be compared, and the other wards still are."""

    def without(material: Material) -> Material:
        is_hidden = (pl.col("unit") == "Ward 1") & pl.col("choice").cast(pl.String).is_in(withheld)
        votes = pl.when(is_hidden).then(None).otherwise(pl.col("votes")).alias("votes")
        return replace(material, returns=material.returns.with_columns(votes))

    faulty = card_material(miscount(COUNTY, "Ward 2", "Ann Lee", "Bob Roy", 5))
    found, hidden = findings("B14", without(faulty))
    assert (dict(found.numbers), found.unit) == ({"Ann Lee": 5, "Bob Roy": -5}, "Lake, Ward 2")
    assert findings("B14", without(card_material(COUNTY))) == [hidden]
    assert (hidden.numbers["numbers"], hidden.severity.value) == (len(withheld), "info")
    assert "were compared, in Mayor" in hidden.message


def test_a_partial_count_is_information() -> None:
    """While the count goes on, cards and returns differ by nature."""
    whole = card_material(lose(COUNTY, "2", 7))
    partial = {
        name: replace(each, status=Status.UNOFFICIAL_PARTIAL) for name, each in whole.snapshots.items()
    }
    found = findings("B14", replace(whole, snapshots=partial))
    assert {finding.severity.value for finding in found} == {"info"}


def test_lost_cards_are_found() -> None:
    """Votes that were reported and have no record are differences below 0."""
    found = findings("B14", card_material(lose(COUNTY, "2", 7)))
    assert found and all(f"{number}".startswith("-") for each in found for number in each.numbers.values())


def test_it_says_what_it_needs() -> None:
    """Without cards and without returns it names what is missing."""
    assert "cast vote records" in needs("B14", replace(card_material(COUNTY), cards=None))
    assert "reported votes" in needs("B14", card_material(COUNTY, returns=False))


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
