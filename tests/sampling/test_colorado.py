"""Colorado's rules: the order of counties, the cards of a contest, the printed id."""

import pytest

from tallyproof.errors import RequestError
from tallyproof.sampling.colorado import contest_manifest, county_order, draw_cards, imprinted_id
from tallyproof.sampling.draw import Place, Stack
from tallyproof.sampling.seed import Seed

MANIFESTS = {
    "Broomfield": [Stack(("104", "1"), 50)],
    "La Plata": [Stack(("102", "1"), 25), Stack(("102", "2"), 20)],
    "Lake": [Stack(("102", "1"), 10)],
    "Larimer": [Stack(("101", "1"), 30)],
}


def test_counties_stand_in_the_order_of_their_numbers() -> None:
    """Spaces do not count (Lake is 33, La Plata 34, Larimer 35), and Broomfield is the 64th."""
    assert county_order(MANIFESTS) == ("Lake", "La Plata", "Larimer", "Broomfield")


def test_a_contest_of_two_counties_draws_from_both() -> None:
    """The cards of one county follow on those of the other."""
    manifest = contest_manifest(MANIFESTS, ["La Plata", "Lake"])
    assert manifest.cards == 55
    assert manifest.place(10).names == ("Lake", "102", "1")
    assert manifest.place(36) == Place(("La Plata", "102", "2"), 1)


def test_a_county_without_a_manifest_is_named() -> None:
    """A sample of part of the cards would not be a sample of the contest."""
    with pytest.raises(RequestError, match="no manifest for San Juan"):
        contest_manifest(MANIFESTS, ["Lake", "San Juan"])


def test_a_card_may_be_drawn_twice() -> None:
    """Draws are with replacement; a round goes on after the last."""
    manifest, seed = contest_manifest(MANIFESTS, ["Lake"]), Seed("53417960661093690826")
    drawn = draw_cards(seed, manifest, 12)
    assert len(set(drawn)) < 12
    assert drawn == draw_cards(seed, manifest, 5) + draw_cards(seed, manifest, 7, already=5)


def test_the_printed_id_names_scanner_batch_and_card() -> None:
    """The county is known from where the card lies."""
    assert imprinted_id(Place(("Hinsdale", "102", "23"), 5)) == "102-23-5"
