"""What can be checked: kinds of paper record, amounts, and the sentence of each state."""

import pytest

from tallyproof.errors import RequestError
from tallyproof.recount.paper import PaperTrail, PlaceEquipment, record_of, solve_paper_trail


@pytest.mark.parametrize(
    ("words", "record"),
    [
        (["paper ballot"], "paper"),
        (["paper ballot (no polling-place equipment: vote by mail)"], "paper"),
        (["DRE with VVPAT"], "paper"),
        (["mixed paper + DRE with VVPAT"], "paper"),
        (["DRE without VVPAT"], "none"),
        (["DRE-noVVPAT"], "none"),
        (["DREs w/o VVPAT"], "none"),
        (["dre_without_vvpat"], "none"),
        (["DRE (no-VVPAT)"], "none"),
        (["DRE without a VVPAT"], "none"),
        (["DREs lacking VVPATs"], "none"),
        (["hand-held scanner"], "not-stated"),
        (["DRE non-VVPAT + optical scan"], "part"),
        (["DRE-noVVPAT|HANDCOUNT"], "part"),
        (["DRE for handicapped voters"], "not-stated"),
        (["handheld"], "not-stated"),
        (["Hand Counted Paper Ballots"], "paper"),
        (["mixed paper + DRE without VVPAT"], "part"),
        (["paper ballot", "DRE without VVPAT"], "part"),
        (["DRE"], "not-stated"),
        (["paper ballot", "DRE"], "not-stated"),
        ([""], "not-stated"),
        ([], "not-stated"),
        (["none"], "none"),
    ],
)
def test_kinds_of_record(words: list[str], record: str) -> None:
    """By the source's words; what is not known is not guessed."""
    assert record_of(words) == record


def place(name: str, *equipment: str, ann: int = 60, bob: int = 40) -> PlaceEquipment:
    """A place of Pennsylvania and its votes."""
    return PlaceEquipment(name, "PA", equipment, ann + bob, {"Ann": ann, "Bob": bob})


def test_the_margin_stands_beside_what_cannot_be_checked() -> None:
    """One of three counties without paper, one partly."""
    places = (
        place("Ash", "paper ballot"),
        place("Birch", "DRE without VVPAT"),
        place("Cedar", "mixed paper + DRE without VVPAT", bob=30),
    )
    found = solve_paper_trail(PaperTrail(places=places, noun="counties"))
    assert found.sentence == (
        "Pennsylvania: cannot be checked in full: 1 of 3 counties votes on machines without paper "
        "(100 votes); 1 of 3 counties votes partly on machines without paper (90 votes). "
        "The margin is 70 votes (Ann over Bob)."
    )
    assert [each.place for each in found.places] == ["Birch", "Cedar", "Ash"]


def test_paper_everywhere_can_be_checked_and_nowhere_cannot() -> None:
    """The two ends of the scale."""
    on_paper = solve_paper_trail(PaperTrail(places=(place("Ash", "paper ballot"),)))
    without = solve_paper_trail(PaperTrail(places=(place("Ash", "DRE without VVPAT"),)))
    assert "can be checked: it votes with a paper record (100 votes)." in on_paper.sentence
    assert "cannot be checked: 1 of 1 places votes on machines without paper (100 votes)." in without.sentence


def test_equipment_not_stated_is_neither() -> None:
    """A third answer beside the two."""
    found = solve_paper_trail(PaperTrail(places=(place("Ash", "paper ballot"), place("Birch"))))
    assert "not known whether it can be checked: 1 of 2 places does not state its equipment" in found.sentence


def test_a_place_named_twice_is_refused() -> None:
    """Its number would count twice."""
    with pytest.raises(RequestError, match="names PA, Ash twice"):
        solve_paper_trail(PaperTrail(places=(place("Ash", "paper ballot"), place("Ash", "DRE"))))
