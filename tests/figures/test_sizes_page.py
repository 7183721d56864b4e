"""The planner's drawing: the same sizes as in its table, names that do not touch."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from tallyproof.figures.sizes import Point
from tallyproof.figures.sizes_page import LINE, SizeWords, sizes_drawing

MARGINS = (0.2, 0.1, 0.05, 0.01)


def drawn(lines: dict[str, list[Point]], width: float = 640) -> ElementTree.Element:
    """The drawing, read back."""
    return ElementTree.fromstring(
        sizes_drawing(
            lines, title="t", all_cards=100_000, ours=0.04, words=SizeWords(), margins=MARGINS, width=width
        )
    )


def names(root: ElementTree.Element) -> dict[str, float]:
    """How far down each line's name stands."""
    found = [each for each in root.iter("text") if each.get("class") == "name"]
    return {each.text or "": float(each.get("y", "")) for each in found}


def test_more_cards_stand_higher_and_wider_margins_further_right() -> None:
    """Both scales rise as one reads them."""
    narrow, wide = (
        (float(each.get("cx", "")), float(each.get("cy", "")))
        for each in drawn({"a": [Point(0.1, 60), Point(0.01, 600)]}).iter("circle")
    )
    assert narrow[0] < wide[0]
    assert narrow[1] < wide[1]


@pytest.mark.parametrize("cards", [(30, 30, 30, 30), (30, 31, 33, 36), (99_000, 99_500, 99_900, 99_999)])
def test_names_never_touch_and_keep_the_order_of_their_lines(cards: tuple[int, ...]) -> None:
    """Also where lines end at the same place, at the top or at the bottom."""
    lines = {f"method {n}": [Point(0.2, number)] for n, number in enumerate(cards)}
    places = sorted(names(drawn(lines)).values())
    assert all(second - first >= LINE - 0.1 for first, second in pairwise(places))
    assert names(drawn(lines))["method 3"] == min(places) or len(set(cards)) == 1


@pytest.mark.parametrize("width", [288, 640])
def test_everything_lies_on_the_sheet(width: float) -> None:
    """The margin asked about, all cards and every number's spread too."""
    root = drawn({"a": [Point(0.01, 5_000, 4_000, 6_000), Point(0.2, 40)]}, width)
    for each in root.iter():
        for key in ("x", "x1", "x2", "cx"):
            assert 0 <= float(each.get(key, 0)) <= width
    assert "all cards" in [each.text for each in root.iter("text")]


def test_names_cannot_break_the_drawing_and_nothing_is_drawn_of_nothing() -> None:
    """A name is text; without any size there is no drawing."""
    assert names(drawn({'<b>"&': [Point(0.05, 100)]})) != {}
    assert not sizes_drawing({"a": []}, title="t", all_cards=9, ours=0.1, words=SizeWords(), margins=MARGINS)
