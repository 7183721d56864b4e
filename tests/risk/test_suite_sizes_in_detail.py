"""SUITE sizes in detail: planned totals of small contests, and where counting by hand is the answer."""

import pytest

from tallyproof.errors import RequestError
from tallyproof.risk.suite import Compared, Polled, suite_grid_risk
from tallyproof.risk.suite_sizes import suite_sizes

SIZES = [
    (Compared(25, 10, 0), Polled(19, 16, 3, 0, 0, 0), 0.5, (6, 4)),
    (Compared(4, -1, 0), Polled(40, 23, 10, 0, 0, 0), 0.3, (3, 27)),
    (Compared(38, 13, 0), Polled(2, 2, 0, 0, 0, 0), 0.05, (24, 1)),
    (Compared(8, 4, 0), Polled(32, 15, 6, 0, 0, 0), 0.5, (4, 13)),
    (Compared(149, 64, 20), Polled(11, 7, 3, 10, 6, 3), 0.1, (136, 10)),
    (Compared(200, -1, 0), Polled(30, 26, 4, 0, 0, 0), 0.3, (79, 11)),
]


@pytest.mark.parametrize(("first", "second", "alpha", "sizes"), SIZES)
def test_planned_sizes(first: Compared, second: Polled, alpha: float, sizes: tuple[int, int]) -> None:
    """The total doubles (or grows by a tenth), is halved back, and both strata take part by their cards."""
    assert suite_sizes(alpha, first, second) == sizes


def test_a_whole_stratum_is_counted_by_hand() -> None:
    """Where the comparison stratum would be drawn whole, though the polling stratum would not."""
    assert suite_sizes(0.5, Compared(37, -2, 0), Polled(3, 3, 0, 0, 0, 0)) is None


def test_a_total_that_outgrows_the_cards_is_counted_by_hand() -> None:
    """20 of 39 cards are too few and 40 are more than all: count, as the programs do, though 30 would do."""
    strata = Compared(20, 5, 0), Polled(19, 11, 6, 0, 0, 0)
    assert suite_sizes(0.3, *strata) is None
    planned = Compared(20, 5, 16), Polled(19, 11, 6, 14, 8, 5)
    assert suite_grid_risk(*planned, 0.3) <= 0.3


def test_no_stratum_gets_fewer_cards_than_it_had() -> None:
    """All 16 polled cards were drawn; a total that leaves them fewer cannot be planned."""
    assert suite_sizes(0.5, Compared(144, 44, 29), Polled(16, 6, 2, 16, 6, 2)) is None
    escalated = suite_sizes(0.05, Compared(1000, 161, 190), Polled(400, 378, 20, 59, 56, 3))
    assert escalated == (190, 75)


def test_a_first_sample_of_fewer_than_ten_cards_grows() -> None:
    """A tenth of nine cards is no whole card: at least one is added."""
    assert suite_sizes(0.05, Compared(4, 0, 1), Polled(156, 121, 2, 8, 6, 0)) == (1, 11)


def test_no_risk_limit_no_plan() -> None:
    """Refused even where three cards are too few for any plan."""
    with pytest.raises(RequestError, match="'alpha' must be"):
        suite_sizes(2.0, Compared(2, 1, 0), Polled(1, 1, 0, 0, 0, 0))
