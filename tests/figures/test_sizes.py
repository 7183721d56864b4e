"""The chart of sample sizes."""

from xml.etree import ElementTree

from tallyproof.figures.sizes import Point, sizes_chart


def test_more_cards_stand_higher_and_wider_margins_further_right() -> None:
    """Both scales rise as one reads them."""
    text = sizes_chart("t", {"a": [Point(0.01, 600), Point(0.1, 60)]})
    circles = [each for each in ElementTree.fromstring(text).iter() if each.tag.endswith("circle")]
    (narrow, wide) = ((float(each.attrib["cx"]), float(each.attrib["cy"])) for each in circles)
    assert narrow[0] < wide[0]
    assert narrow[1] < wide[1]


def test_a_range_is_a_bar_and_names_are_escaped() -> None:
    """A simulated figure shows where it lies; a name cannot break the picture."""
    text = sizes_chart("a < b", {"x & y": [Point(0.05, 400, 350, 460)]})
    assert ElementTree.fromstring(text) is not None
    assert text.count('stroke="#034"/>') == 1


def test_no_sample_is_said_in_words() -> None:
    """Where all cards must be counted there is no line to draw."""
    assert "count all cards by hand" in sizes_chart("t", {"a": []})
