"""Simulated draws and shuffles in detail: which way suits a pile, and what a seed gives."""

import numpy as np
import pytest

from tallyproof.errors import RequestError
from tallyproof.risk.permutation import _mixed, permutations
from tallyproof.risk.shuffle import (
    Independent,
    ShuffledKinds,
    ShuffledPlaces,
    cards,
    kind_counts,
    replaced_cards,
    source,
)


def test_up_to_twelve_kinds_are_told_apart_card_by_card() -> None:
    """Thirteen are drawn by their place in a shuffled pile; with replacement no pile is kept."""
    ways = [source(cards(range(many), [2] * many), 3, np.random.default_rng(1)) for many in (2, 12, 13)]
    assert [type(way) for way in ways] == [ShuffledKinds, ShuffledKinds, ShuffledPlaces]
    halves = replaced_cards([0, 1], [0.5, 0.5])
    assert isinstance(source(halves, 3, np.random.default_rng(1)), Independent)


def test_two_hundred_kinds_with_replacement() -> None:
    """More kinds than a small integer counts: each uniform number gives the value that it falls on."""
    pile = replaced_cards(np.arange(200), np.full(200, 1 / 200))
    found = source(pile, 50, np.random.default_rng(7)).draw(40)
    uniform = np.random.default_rng(7).random((40, 50))
    assert np.array_equal(found, np.floor(uniform * 200))


def test_the_commonest_value_comes_first() -> None:
    """Equally common values keep their order, however many there are."""
    assert cards([1, 0, 2], [3, 5, 4]).values.tolist() == [0, 2, 1]
    assert cards([1, 0, 2], [3, 5, 4]).counts.tolist() == [5, 4, 3]
    assert cards(range(100), [1] * 99 + [2]).values.tolist() == [99, *range(99)]


def test_cards_are_counted_by_kind() -> None:
    """One kind: all of them."""
    kinds = np.array([[0, 2], [0, 1], [1, 2]], dtype=np.int8)
    assert kind_counts(kinds, 3).tolist() == [[2, 0], [1, 1], [0, 2]]
    assert kind_counts(np.zeros((3, 2), dtype=np.int8), 1).tolist() == [[3, 3]]


@pytest.mark.parametrize("counts", [[100, 3, 2], [10, 9, 8], [5, 5, 5, 5], [200, 1, 1, 1]])
def test_all_cards_of_a_pile_are_drawn_once(counts: list[int]) -> None:
    """However rare the kinds are that are not the commonest, and in whatever steps cards are drawn."""
    values = np.arange(len(counts)) / 4
    way = source(cards(values, counts), 300, np.random.default_rng(5))
    drawn = np.vstack([way.draw(7), way.draw(sum(counts) - 7)])
    assert all(
        (np.sum(drawn == value, axis=0) == many).all() for value, many in zip(values, counts, strict=True)
    )


def test_what_is_no_pile_is_refused() -> None:
    """Half a card, and shares that are not all there."""
    with pytest.raises(RequestError, match="'counts' must be whole numbers of cards"):
        cards([0, 1], [1.5, 2])
    with pytest.raises(RequestError, match="'shares' must be shares that sum to 1"):
        replaced_cards([0, 1], [0.5, 0.5 + 1e-8])


def test_the_hash_is_that_of_splitmix64() -> None:
    """The first five numbers that Vigna's generator gives for the seed 1234567."""
    step = 0x9E3779B97F4A7C15
    states = np.array([(1_234_567 + step * place) % 2**64 for place in range(1, 6)], dtype=np.uint64)
    assert _mixed(states).tolist() == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


def test_a_seed_gives_the_same_shuffles_for_ever() -> None:
    """So that a plan made with it can be made again."""
    found = permutations(16, 2, np.random.default_rng(1)).places(0, 16).T.tolist()
    assert found == [
        [1, 13, 0, 15, 8, 5, 9, 3, 7, 11, 10, 12, 2, 4, 14, 6],
        [2, 3, 4, 7, 10, 6, 11, 14, 13, 8, 1, 12, 9, 0, 5, 15],
    ]
    two = permutations(2, 12, np.random.default_rng(1)).places(0, 2)[0].tolist()
    assert two == [0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0]
