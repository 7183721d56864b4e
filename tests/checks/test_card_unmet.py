"""Check B14 on what it could not compare: jurisdictions, contests, choices and units that met nothing."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.checks.card_unmet import is_aside, nearest
from tallyproof.checks.material import Material
from tallyproof.election.evidence import Finding
from tallyproof.testing.card_faults import card_county, cvr_text, manifest_text, miscount, returns_text

from .card_material import card_material, text_material
from .county import findings

COUNTY = card_county(1)


def beside(old: str, new: str, jurisdiction: str = "Lake") -> list[Finding]:
    """What B14 says where the returns write something in another way than the cards."""
    returns = returns_text(COUNTY)
    assert old in returns
    texts = (cvr_text(COUNTY), manifest_text(COUNTY), returns.replace(old, new))
    return findings("B14", text_material(*texts, jurisdiction=jurisdiction))


def test_a_contest_of_another_name_is_told_from_both_sides() -> None:
    """Each side's name is listed with the closest one of the other, and the command that joins them."""
    (found,) = beside(",Mayor,", ",Mayor of Town,")
    assert (found.id, found.severity.value) == ("B14/all/lake/not-compared-contests", "warning")
    assert "on cards is not in the returns: Mayor (closest: Mayor of Town)." in found.message
    assert "stands on no card: Mayor of Town (closest: Mayor)." in found.message
    assert "tallyproof cards names" in found.message
    assert str(found.source) == "file-1.csv, row 3"


def test_contests_that_the_returns_leave_out_are_information() -> None:
    """Returns often tell of some contests only, and the others were not compared."""
    whole = card_material(COUNTY)
    some = replace(whole, returns=whole.returns.filter(pl.col("office") != "Mayor"))
    (found,) = findings("B14", some)
    assert (found.severity.value, dict(found.numbers)) == ("info", {"on_cards": 1, "reported": 0})


def test_where_no_contest_meets_all_are_told() -> None:
    """Three contests of either side, where before nothing but a need was named."""
    whole = card_material(COUNTY)
    strange = [pl.format("{} of Town", pl.col(name).cast(pl.String)).cast(pl.Categorical).alias(name)
               for name in ("office", "contest")]  # fmt: skip
    (found,) = findings("B14", replace(whole, returns=whole.returns.with_columns(strange)))
    assert dict(found.numbers) == {"on_cards": 3, "reported": 3}


def test_a_choice_of_another_name_is_told_with_its_votes() -> None:
    """The cards' choice and the returns' choice, the votes of each, and what a lead may owe to them."""
    (found,) = beside(",Ann Lee,", ",Annabel Leigh,")
    votes = found.numbers["Ann Lee on cards"]
    assert found.id == "B14/co-mayor/lake/not-compared-choices"
    assert found.numbers["Annabel Leigh reported"] == votes == found.votes_at_stake
    assert found.severity.value == "warning" and found.margin is not None
    assert f"On cards only: Ann Lee ({votes} votes" in found.message


def test_a_choice_without_votes_needs_no_counterpart() -> None:
    """A name in the header of the export that nobody marked is nothing that was left out."""
    unmarked = tuple(
        replace(card, marks=("" if card.marks[0] == "Ann Lee" else card.marks[0], *card.marks[1:]))
        for card in COUNTY.cards
    )
    county = replace(COUNTY, cards=unmarked, counted=unmarked)
    rows = [row for row in returns_text(county).splitlines() if ",Ann Lee," not in row]
    assert not findings("B14", text_material(cvr_text(county), returns="\n".join(rows) + "\n"))


def test_units_that_do_not_meet_are_listed_and_their_sums_compared() -> None:
    """Votes moved between units of other names stay unseen, so it is said; a changed sum is found."""
    (found,) = beside(",Ward ", ",Precinct ")
    assert (found.id, found.severity.value) == ("B14/all/lake/not-compared-units", "info")
    assert dict(found.numbers) == {"on_cards": 3, "reported": 3}
    faulty = miscount(COUNTY, "Ward 2", "Ann Lee", "Bob Roy", 5)
    returns = returns_text(faulty).replace(",Ward ", ",Precinct ")
    both = findings("B14", text_material(cvr_text(faulty), returns=returns))
    assert [dict(each.numbers) for each in both if not is_aside(each)] == [{"Ann Lee": 5, "Bob Roy": -5}]


def test_one_unit_of_another_name_is_told_with_its_counterpart() -> None:
    """The others are compared one by one."""
    found = beside(",Ward 2,", ",Ward 2 and 5,")
    assert [each.topic for each in found] == ["not compared units"]
    assert "1 on cards: Ward 2 (2) (closest: Ward 2 and 5);" in found[0].message


def test_a_county_of_another_name_is_told_and_compared() -> None:
    """One county in the file, whatever it is called: compared, and every difference names it."""
    (told,) = beside("Lake", "Hill")
    assert (told.topic, told.severity.value) == ("another county", "info")
    assert "speaks of Hill" in told.message
    faulty = miscount(COUNTY, "Ward 2", "Ann Lee", "Bob Roy", 5)
    both = findings("B14", text_material(cvr_text(faulty), returns=returns_text(faulty, name="Hill")))
    (found,) = [each for each in both if not is_aside(each)]
    assert "file-1.csv, which speaks of Hill, disagree on Mayor" in found.message


def test_a_town_in_its_county_is_no_other_county_where_nobody_named_it() -> None:
    """Cards of nobody's are those of the only county there."""
    assert not beside("Lake", "Hill", jurisdiction="")


def test_returns_of_other_counties_leave_cards_without_comparison() -> None:
    """Cards of Hill beside returns of Lake and Hills: nothing compared is a warning, with a hint."""
    found = findings("B14", _two_counties("Hill"))
    assert [each.topic for each in found] == ["not compared jurisdiction", "not compared counties"]
    assert found[0].severity.value == "warning" and "The closest there is Hills" in found[0].message
    assert "2 counties of the returns have no cast vote records here" in found[1].message


def test_counties_without_cards_are_information() -> None:
    """The cards' own county is compared, the other is listed."""
    (found,) = findings("B14", _two_counties("Lake"))
    assert (found.topic, found.severity.value) == ("not compared counties", "info")
    assert (
        "1 county of the returns has no cast vote records here and was not compared: Hills." in found.message
    )


def _two_counties(jurisdiction: str) -> Material:
    whole = card_material(COUNTY, jurisdiction=jurisdiction)
    hills = whole.returns.with_columns(county=pl.lit("Hills").cast(pl.Categorical))
    return replace(whole, returns=whole.returns.vstack(hills))


@pytest.mark.parametrize(
    ("name", "others", "near"),
    [
        ("Mayor", ["Mayor of Town", "Major"], "Mayor of Town"),
        ("Council At Large", ["Council", "Council At-Large (2)"], "Council At-Large (2)"),
        ("Ann Lee", ["Anne Leigh", "Bob Roy"], "Anne Leigh"),
        ("Levy", ["Clerk"], ""),
        ("Levy", [], ""),
    ],
)
def test_the_nearest_name(name: str, others: list[str], near: str) -> None:
    """All words of the shorter one, else the spelling; nothing where nothing is alike."""
    assert nearest(name, others) == near


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from(["Mayor", "Clerk", "Levy", "Ann Lee", "Ed Fox", "Ward 1"]))
def test_whatever_is_named_otherwise_is_never_silent(seed: int, name: str) -> None:
    """However the county is made: a name changed in the returns is told, and nothing else ever is."""
    county = card_county(seed, batches=4, batch_cards=40, units=2)
    returns = returns_text(county)
    changed = returns.replace(f",{name},", ",Zzyzx,")
    assert not findings("B14", text_material(cvr_text(county), returns=returns))
    found = findings("B14", text_material(cvr_text(county), returns=changed))
    assert found and all(is_aside(each) for each in found)
    assert any(name in each.message and "Zzyzx" in each.message for each in found)
