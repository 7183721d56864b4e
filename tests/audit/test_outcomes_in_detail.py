"""Outcomes in detail: which seats votes and lots allow, and how they are told."""

import pytest

from tallyproof.audit.outcome import Announced, Possible, announced, in_words, most_votes

LOT = Possible({"A": 1}, frozenset({"B", "C"}), 1)
TWO_LOTS = Possible({"A": 1}, frozenset({"B", "C", "D"}), 2)
AGAIN = Possible({"A": 1, "B": 1}, frozenset({"B", "C"}), 1)


def test_what_is_left_out_is_told() -> None:
    """Seats are numbers unless told otherwise, and votes decide alone."""
    assert Announced({"A": 1}) == Announced({"A": 1}, True)
    assert Possible({"A": 1}) == Possible({"A": 1}, frozenset(), 0)


def test_winners_are_announced_by_name_or_by_number() -> None:
    """A name is one seat; a number is a number, and nobody with none is named."""
    assert announced(["A", "B"]) == Announced({"A": 1, "B": 1}, True)
    assert announced(["A", "B"], False) == Announced({"A": 1, "B": 1}, False)
    assert announced({"A": 2, "B": 0, "C": 1}, False) == Announced({"A": 2, "C": 1}, True)


@pytest.mark.parametrize(
    ("possible", "seats", "allowed"),
    [
        (Possible({"A": 2}), {"A": 2}, True),
        (Possible({"A": 2}), {"A": 1}, False),
        (Possible({"A": 2}), {"A": 3}, False),
        (Possible({"A": 1}), {}, False),
        (LOT, {"A": 1, "B": 1}, True),
        (LOT, {"A": 1, "C": 1}, True),
        (LOT, {"A": 1}, False),
        (LOT, {"A": 1, "D": 1}, False),
        (LOT, {"A": 1, "B": 2}, False),
        (LOT, {"A": 1, "B": 1, "C": 1}, False),
        (LOT, {"A": 2}, False),
        (LOT, {"B": 1, "C": 1}, False),
        (TWO_LOTS, {"A": 1, "B": 1, "D": 1}, True),
        (TWO_LOTS, {"A": 1, "B": 1, "D": 2}, False),
        (AGAIN, {"A": 1, "B": 2}, True),
        (AGAIN, {"A": 1, "B": 1, "C": 1}, True),
        (AGAIN, {"A": 2, "B": 1}, False),
    ],
)
def test_numbers_of_seats_are_held_to_the_votes(
    possible: Possible, seats: dict[str, int], allowed: bool
) -> None:
    """Every sure seat, and each place of the lot for another of those who tie."""
    assert possible.allows(Announced(seats)) is allowed


@pytest.mark.parametrize(
    ("possible", "names", "allowed"),
    [
        (Possible({"A": 2}), "A", True),
        (Possible({"A": 2}), "AB", False),
        (Possible({"A": 2, "B": 1}), "A", False),
        (LOT, "AB", True),
        (LOT, "A", False),
        (LOT, "B", False),
        (LOT, "AD", False),
        (LOT, "ABC", False),
        (TWO_LOTS, "ABC", True),
        (TWO_LOTS, "AB", False),
        (AGAIN, "AB", True),
        (AGAIN, "ABC", True),
        (AGAIN, "ABD", False),
        (AGAIN, "AC", False),
    ],
)
def test_names_alone_are_held_to_the_votes(possible: Possible, names: str, allowed: bool) -> None:
    """Whoever surely has a seat is named, and as many others as a lot could give one."""
    assert possible.allows(announced(names, False)) is allowed


@pytest.mark.parametrize(
    ("votes", "seats", "possible"),
    [
        ({"A": 3, "B": 2, "C": 1}, 1, Possible({"A": 1})),
        ({"C": 1, "B": 2, "A": 3}, 2, Possible({"A": 1, "B": 1})),
        ({"A": 2, "B": 2, "C": 1}, 2, Possible({"A": 1, "B": 1})),
        ({"A": 3, "B": 2, "C": 2, "D": 1}, 2, LOT),
        ({"A": 9, "B": 2, "C": 2, "D": 2, "E": 0}, 3, TWO_LOTS),
        ({"A": 2, "B": 2}, 1, Possible({}, frozenset({"A", "B"}), 1)),
    ],
)
def test_most_votes_have_the_seats(votes: dict[str, int], seats: int, possible: Possible) -> None:
    """A tie leaves a lot only where it is for more choices than places."""
    assert most_votes(votes, seats) == possible


def test_seats_in_words() -> None:
    """Names in order, with numbers where they are asked, or nobody."""
    assert in_words({"B": 2, "A": 1}, True) == "A 1, B 2"
    assert in_words({"B": 2, "A": 1}, False) == "A, B"
    assert in_words({}, True) == "nobody"
