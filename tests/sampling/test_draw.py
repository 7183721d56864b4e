"""Uniform draws: rounds extend, every card is equally likely, a position names one card."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.errors import RequestError
from tallyproof.sampling.draw import Manifest, Stack, draw_positions
from tallyproof.sampling.seed import Seed

seeds = st.text("0123456789", min_size=20, max_size=24).map(Seed)


@settings(deadline=None)
@given(seeds, st.integers(1, 50), st.lists(st.integers(0, 20), max_size=4), st.booleans())
def test_rounds_one_after_the_other_are_one_draw(
    seed: Seed, cards: int, sizes: list[int], with_replacement: bool
) -> None:
    """No round repeats or leaves out what one draw of the whole size would take."""
    sizes = sizes if with_replacement else [size for size in sizes if sum(sizes) <= cards]
    drawn: tuple[int, ...] = ()
    for size in sizes:
        drawn += draw_positions(seed, cards, size, with_replacement=with_replacement, already=len(drawn))
    assert drawn == draw_positions(seed, cards, sum(sizes), with_replacement=with_replacement)


@settings(deadline=None)
@given(seeds, st.integers(1, 60))
def test_without_replacement_all_cards_come_once(seed: Seed, cards: int) -> None:
    """Drawing as many as there are is a permutation."""
    drawn = draw_positions(seed, cards, cards, with_replacement=False)
    assert sorted(drawn) == list(range(1, cards + 1))


@settings(deadline=None)
@given(seeds, st.integers(1, 30))
def test_without_replacement_keeps_the_order_of_first_draws(seed: Seed, cards: int) -> None:
    """Dropping repeated numbers is the only difference between the two ways."""
    replaced = draw_positions(seed, cards, 40, with_replacement=True)
    once = draw_positions(seed, cards, cards, with_replacement=False)
    first_seen = list(dict.fromkeys(replaced))
    assert list(once[: len(first_seen)]) == first_seen


def test_every_card_is_equally_likely() -> None:
    """Chi-square over 60,000 draws of 50 cards lies within four standard deviations of 49."""
    counts = Counter(draw_positions(Seed("1" * 20), 50, 60_000, with_replacement=True))
    chi_square = sum((counts[card] - 1200) ** 2 / 1200 for card in range(1, 51))
    assert abs(chi_square - 49) < 4 * (2 * 49) ** 0.5


@pytest.mark.parametrize(
    ("cards", "size", "already"), [(10, 11, 0), (10, 5, 6), (10, -1, 0), (10, 1, -1), (0, 1, 0)]
)
def test_more_cards_than_there_are_cannot_be_drawn(cards: int, size: int, already: int) -> None:
    """The message names the argument."""
    with pytest.raises(RequestError, match="'(size|cards)'"):
        draw_positions(Seed("1" * 20), cards, size, with_replacement=False, already=already)


def test_a_position_names_one_card() -> None:
    """Positions run through the batches in the order of the manifest; empty batches hold none."""
    manifest = Manifest((Stack(("A", "1"), 2), Stack(("A", "2"), 0), Stack(("B", "1"), 3)))
    places = [manifest.place(position) for position in range(1, manifest.cards + 1)]
    assert [(*place.names, place.position) for place in places] == [
        ("A", "1", 1),
        ("A", "1", 2),
        ("B", "1", 1),
        ("B", "1", 2),
        ("B", "1", 3),
    ]


@pytest.mark.parametrize("position", [0, 6, -1])
def test_a_position_outside_the_manifest_is_refused(position: int) -> None:
    """Positions run from 1 to the number of cards."""
    with pytest.raises(RequestError, match="'position' is"):
        Manifest((Stack(("A",), 5),)).place(position)


def test_a_batch_cannot_have_fewer_than_no_cards() -> None:
    """A minus sign in a manifest is found."""
    with pytest.raises(RequestError, match="batch A 7 has -1 cards"):
        Stack(("A", "7"), -1)
