"""Charts say what the numbers say, whatever the numbers are."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.figures.bars import UNITS, axis_end, bar
from tallyproof.figures.steps import Step, across, down

numbers = st.integers(min_value=-(10**9), max_value=10**9)
words = st.text(min_size=1, max_size=30).filter(
    lambda each: each.isprintable() and each == " ".join(each.split())
)


def steps(*values: int) -> list[Step]:
    return [Step(value, f"{value:,}", f"2016-12-{place:02}") for place, value in enumerate(values, 1)]


def heights(svg: str) -> list[float]:
    return [float(y) for y in re.findall(r'<circle [^>]*cy="([^"]+)"', svg)]


@settings(deadline=None)
@given(st.lists(numbers, min_size=1, max_size=30))
def test_steps_lie_as_high_as_their_values_say(values: list[int]) -> None:
    """A larger value is never drawn lower, and all lie inside the drawing with the zero line."""
    svg = across(steps(*values), title="Margin", zero="0: tied")
    drawn = heights(svg)
    zero = float(re.findall(r'y1="([^"]+)"[^>]*class="zero"', svg)[0])
    by_value = [y for _, y in sorted(zip(values, drawn, strict=True))]
    assert all(low >= high for low, high in pairwise(by_value))
    assert all(46 <= y <= 136 for y in [*drawn, zero])
    assert all((y <= zero) == (value >= 0) or y == zero for value, y in zip(values, drawn, strict=True))


@settings(deadline=None)
@given(st.lists(st.tuples(numbers, words, words), min_size=1, max_size=12))
def test_drawings_are_well_formed_whatever_the_words(told: list[tuple[int, str, str]]) -> None:
    """Names with any signs in them are text."""
    made = [Step(value, label, day, firm=True) for value, label, day in told]
    for draw in (across, down):
        root = ElementTree.fromstring(draw(made, title=told[0][1], zero=told[0][2]))
        shown = {text.text for text in root.iter("text")}
        assert root.get("aria-label") == told[0][1]
        assert told[0][1] in shown


def test_every_report_is_labelled_where_there_is_room() -> None:
    """Value, change, day and status beside the step itself, no legend."""
    made = [
        Step(22_177, "22,177", "2016-11-28", status="unofficial"),
        Step(22_617, "22,617", "2016-12-02", "+440", "canvassed"),
    ]
    for draw in (across, down):
        svg = draw(made, title="Margin", zero="0: tied")
        assert all(word in svg for word in ("22,177", "22,617", "+440", "2016-11-28", "canvassed", "0: tied"))


@pytest.mark.parametrize("size", [1, 4_000_000])
def test_long_numbers_push_the_steps_aside(size: int) -> None:
    """Beside steps that go down, the line begins where even a change of millions has ended."""
    made = [Step(each, f"{each:,}", "2021-09-14", f"+{each:,}") for each in (size, 2 * size)]
    svg = down(made, title="Margin", zero="0: tied")
    begin = float(re.findall(r'class="zero"[^>]*x1="([\d.]+)"|x1="([\d.]+)"', svg)[0][1])
    assert begin >= 9.5 * len(f"{2 * size:,}  +{2 * size:,}")


def test_of_many_reports_only_the_telling_ones_are_labelled() -> None:
    """The first, the last, the lowest and the highest of forty."""
    values = [*range(100, 138), 7, 500]
    svg = across(steps(*values), title="Margin", zero="0")
    labels = re.findall(r'class="value[^"]*">([\d,]+)<', svg)
    assert labels == ["100", "7", "500"]


def test_no_report_no_chart_that_lies() -> None:
    """Equal values make a level line, and no report at all an empty drawing that still is one."""
    assert len(set(heights(across(steps(5, 5, 5), title="Margin", zero="0")))) == 1
    assert heights(across([], title="Margin", zero="0")) == []


@settings(deadline=None)
@given(st.one_of(st.none(), st.floats(min_value=0, allow_nan=False)), st.sampled_from([1, 2]))
def test_a_bar_stays_on_its_axis(share: float | None, end: int) -> None:
    """Any share, even of a tie, is drawn within the axis; one that is there at all is seen."""
    root = ElementTree.fromstring(bar(share, end))
    drawn = [float(each.get("width", 0)) for each in root if each.get("class", "").startswith("bar")]
    assert all(0 < width <= UNITS for width in drawn)
    assert bool(drawn) == bool(share)


def test_a_bar_is_as_long_as_its_share() -> None:
    """A quarter of the margin is a quarter of the way to the line."""
    assert 'width="250"' in bar(0.25)
    assert 'width="125"' in bar(0.25, 2)


def test_a_bar_beyond_the_axis_ends_in_a_cut() -> None:
    """Thirteen times the margin is not drawn as if it were twice."""
    assert 'class="cut"' in bar(13.0, 2)
    assert 'class="cut"' not in bar(1.9, 2)


def test_the_axis_reaches_beyond_the_margin_only_where_a_bar_does() -> None:
    """One axis for all bars of a list."""
    assert axis_end([0.1, None, 1.0]) == 1
    assert axis_end([0.1, 1.01]) == 2
    assert axis_end([]) == 1
