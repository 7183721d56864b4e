"""A correction's bars are as long as its numbers, and its words say how much it was."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tallyproof.figures.before_after import Correction, before_after

from .reading import parsed


def widths(figure: str, kind: str) -> list[float]:
    return [float(each) for each in re.findall(rf'width="([\d.]+)%" height="11" class="{kind}"', figure)]


def test_hazelhurst_s_440_votes() -> None:
    """44 became 484: the longer bar is whole, the shorter a twelfth, and what was added is drawn apart."""
    figure = before_after([Correction("Hazelhurst", 44, 484)], caption="What was corrected")
    assert widths(figure, "after") == [100] and widths(figure, "before") == [9.09]
    assert widths(figure, "added") == [90.91] and widths(figure, "taken") == []
    assert "before <b>44</b>, after <b>484</b> (+440)" in figure


def test_what_was_taken_away_is_told_apart() -> None:
    """A number that fell has a minus, and no addition."""
    figure = before_after([Correction("Sauk", 15_000, 14_000)], caption="x")
    assert widths(figure, "taken") and not widths(figure, "added")
    assert "(−1,000)" in figure


def test_numbers_below_zero_have_words_and_no_bar() -> None:
    """An adjustment row of −1 and −2 votes."""
    figure = before_after([Correction("Huron", -1, -2)], caption="x")
    assert widths(figure, "before") == widths(figure, "after") == [0]
    assert "before <b>−1</b>, after <b>−2</b> (−1)" in figure


numbers = st.integers(-(10**9), 10**9)


@given(
    st.lists(st.builds(Correction, st.text(max_size=9), numbers, numbers), max_size=6), st.text(max_size=9)
)
def test_any_corrections_are_drawn_once(corrections: list[Correction], caption: str) -> None:
    """Whatever the names and numbers; nothing at all without corrections."""
    figure = before_after(corrections, caption=caption)
    if not corrections:
        assert figure == ""
        return
    assert len(parsed(figure).findall(".//li")) == len(corrections)
    assert all(
        0 <= width <= 100 for kind in ("before", "after", "added", "taken") for width in widths(figure, kind)
    )
