"""Slips of the hand between two numbers."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.checks.digits import is_slip


def slip(wrong: int, right: int) -> bool:
    """Whether one slip turns one into the other."""
    table = pl.DataFrame({"wrong": [wrong], "right": [right]})
    return bool(table.select(is_slip(pl.col("wrong"), pl.col("right"))).item())


@pytest.mark.parametrize(
    ("wrong", "right"),
    [(44, 484), (37, 237), (153_710, 15_371), (1_245, 1_254), (100, 900), (7, 70), (0, 30), (12_002, 17_002)],
)
def test_slips_of_real_counts_are_known(wrong: int, right: int) -> None:
    """Hazelhurst, New Berlin, Shiawassee and the other ways a digit goes wrong."""
    assert slip(wrong, right)
    assert slip(right, wrong)


@pytest.mark.parametrize(("wrong", "right"), [(44, 44), (12, 33), (484, 848), (1234, 4321), (-4, 44)])
def test_other_pairs_are_no_slip(wrong: int, right: int) -> None:
    """Equal numbers, two wrong digits and numbers below zero are none."""
    assert not slip(wrong, right)


@settings(deadline=None, max_examples=examples(50))
@given(st.text("0123456789", min_size=2, max_size=6), st.integers(0, 5), st.sampled_from("0123456789"))
def test_every_single_slip_is_recognised(text: str, at: int, digit: str) -> None:
    """Dropping, changing and exchanging a digit anywhere is a slip unless the number stays the same."""
    place = at % len(text)
    dropped = text[:place] + text[place + 1 :]
    changed = text[:place] + digit + text[place + 1 :]
    exchanged = text[: max(0, place - 1)] + text[max(0, place - 1) : place + 1][::-1] + text[place + 1 :]
    for other in (dropped, changed, exchanged):
        assert slip(int(text), int(other)) is (int(text) != int(other))
