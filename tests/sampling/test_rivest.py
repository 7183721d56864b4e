"""Rivest's sampler: tickets rise from draw to draw, and a list of items may be cut or joined."""

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.errors import RequestError
from tallyproof.sampling.rivest import Ticket, next_number, rivest_tickets, trimmed
from tallyproof.sampling.seed import Seed

SEED = Seed("01382438112797316654")
ITEMS = [f"AB-{number}" for number in range(40)]
fractions = st.from_regex(r"0\.[0-9]{1,20}", fullmatch=True)


def some(items: list[str], size: int, *, with_replacement: bool = True) -> list[Ticket[str]]:
    return list(islice(rivest_tickets(SEED, items, with_replacement=with_replacement), size))


@settings(deadline=None)
@given(fractions)
def test_the_next_ticket_is_larger(number: str) -> None:
    """It lies between the last one and 1, and begins with the same nines."""
    larger = next_number(number)
    assert larger > number and larger.startswith("0.")
    assert len(larger[2:]) - len(larger[2:].lstrip("9")) >= len(number[2:]) - len(number[2:].lstrip("9"))


@settings(deadline=None)
@given(st.permutations(ITEMS))
def test_the_order_of_the_list_does_not_matter(items: list[str]) -> None:
    """The same items in any order make the same draw."""
    assert some(items, 60) == some(ITEMS, 60)


@settings(deadline=None)
@given(st.sets(st.sampled_from(ITEMS), min_size=1), st.booleans())
def test_a_draw_from_fewer_items_is_the_draw_from_all_without_the_others(
    kept: set[str], with_replacement: bool
) -> None:
    """The sampler is consistent: adding or removing items leaves the order of the rest."""
    whole = some(ITEMS, 200, with_replacement=with_replacement)
    filtered = [ticket for ticket in whole if ticket.id in kept]
    assert some(sorted(kept), len(filtered), with_replacement=with_replacement) == filtered


def test_tickets_rise_and_generations_count_up() -> None:
    """With replacement an item comes back with a larger ticket and the next generation."""
    drawn = some(ITEMS, 200)
    assert [ticket.number for ticket in drawn] == sorted(ticket.number for ticket in drawn)
    for item in ITEMS:
        generations = [ticket.generation for ticket in drawn if ticket.id == item]
        assert generations == list(range(1, len(generations) + 1))


def test_without_replacement_the_draw_ends() -> None:
    """Each item comes once."""
    assert sorted(ticket.id for ticket in some(ITEMS, 99, with_replacement=False)) == sorted(ITEMS)


def test_numbers_are_cut_not_rounded() -> None:
    """Digits are counted after the leading nines."""
    assert trimmed("0.99912345678", 4) == "0.9991234"
    assert trimmed("0.2", 4) == "0.2"


def test_an_item_listed_twice_is_refused() -> None:
    """It would have twice the chance."""
    with pytest.raises(RequestError, match="'ids' lists an item twice"):
        rivest_tickets(SEED, ["A", "B", "A"], with_replacement=True)


@pytest.mark.parametrize("number", ["1.5", "0.", "0.12x", "12"])
def test_a_number_that_is_no_fraction_is_refused(number: str) -> None:
    """Only decimal fractions below 1 have a next ticket."""
    with pytest.raises(RequestError, match="decimal fraction below 1"):
        next_number(number)
