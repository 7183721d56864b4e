"""Bars of votes at stake stand on one axis with the margin, and the axis says how it goes up."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.figures.stakes import END, Axis, Stake, axis_for, findings_axis

from .reading import SVG, parsed

FOUND = [
    Stake("Sauk", 1_080, "1,080", "4.8 %", "/findings/sauk/", "error"),
    Stake("Hazelhurst", 440, "440", "1.9 %", "/findings/hazelhurst/", "warning"),
    Stake("Eau Claire", None, "not known"),
]


def widths(figure: str) -> list[float]:
    return [float(width) for width in re.findall(r'width="([\d.]+)%" height="16"', figure)]


def test_bars_are_as_long_as_their_votes() -> None:
    """On an even axis 440 of 1,080 votes have 440 / 1,080 of the length."""
    figure = findings_axis(FOUND, 1_000, caption="Votes at stake")
    long, short = widths(figure)
    assert short / long == pytest.approx(440 / 1080, rel=1e-3)
    assert "The axis begins at 0." in figure and "margin 1,000" in figure


def test_small_bars_get_an_axis_by_tens_that_says_so() -> None:
    """440 votes against a margin of 226,170 would be a sliver; against 22,617 they are seen."""
    figure = findings_axis(FOUND, 226_170, caption="Votes at stake")
    assert axis_for(FOUND, 226_170) == Axis(1_000_000, by_tens=True)
    assert axis_for(FOUND, 22_617) == Axis(22_617, by_tens=False)
    assert "Each line of the axis is ten times the one before." in figure
    assert "The axis begins at 0." not in figure


def test_a_finding_without_votes_has_no_bar() -> None:
    """It stays in the list with its words."""
    figure = findings_axis(FOUND, 1_000, caption="Votes at stake")
    assert len(widths(figure)) == 2 and "not known" in figure
    assert len(parsed(figure).findall(".//li")) == 3


def test_without_findings_there_is_no_chart() -> None:
    """The page says so in words instead."""
    assert findings_axis([], 1_000, caption="x") == ""


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20), st.none() | st.integers(0, 10**9))
def test_more_votes_are_never_a_shorter_bar(votes: list[int], margin: int | None) -> None:
    """On either axis, and the margin lies on it too."""
    axis = axis_for([Stake("x", each, "") for each in votes], margin)
    places = [axis.place(each) for each in sorted(votes)]
    assert places == sorted(places)
    assert all(0 <= place <= END for place in [*places, axis.place(margin or 0)])
    assert axis.ticks == sorted(set(axis.ticks)) and len(axis.ticks) <= 11


@given(st.text(max_size=20))
def test_any_words_are_well_formed(words: str) -> None:
    """Names, notes, numbers and addresses are text, whatever they hold."""
    figure = findings_axis([Stake(words, 3, words, words, words, words)], 5, caption=words)
    names = {str(each.tag).rpartition("}")[2] for each in parsed(figure).iter()}
    assert "script" not in names and " style=" not in figure
    assert parsed(figure).find(f".//{SVG}rect") is not None
