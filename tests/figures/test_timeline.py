"""The steps of a margin lie where its numbers say, on the right side of a line with two names."""

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.figures.ticks import round_numbers, round_times
from tallyproof.figures.timeline import Line, Report, margin_over_time

from .reading import SVG, parsed

SIDES = ("Trump", "Clinton")
EXPECTED = Path(__file__).parent / "expected" / "wisconsin_timeline.svg"


def day(month: int, number: int, hour: int = 0) -> datetime:
    return datetime(2016, month, number, hour, tzinfo=UTC)


WISCONSIN = [
    Report(day(11, 10), 27_257),
    Report(day(11, 23), 22_525, added=-1_500),
    Report(day(12, 2), 22_617, 22_000, 23_000, added=0, firm=True),
    Report(day(12, 12), 22_748, note="recount", added=131),
]


def drawn(reports: list[Report], **options: object) -> str:
    return margin_over_time(reports, sides=SIDES, title="Margin in Wisconsin", **options)  # type: ignore[arg-type]


def heights(svg: str) -> list[float]:
    """Where the level part of each step lies."""
    lines = parsed(svg).findall(f'.//{SVG}line[@class="step"]')
    return [float(line.get("y1", "")) for line in lines if line.get("x1") != line.get("x2")]


def test_wisconsin_as_a_whole() -> None:
    """The chart of four reports and the certification, as text that a person can read."""
    svg = drawn(WISCONSIN, lines=[Line(day(12, 13), "certified")], description="From press to recount.")
    assert svg.replace("><", ">\n<") + "\n" == EXPECTED.read_text()


@settings(deadline=None)
@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=30))
def test_more_votes_are_drawn_higher(leads: list[int]) -> None:
    """Levels are in the order of the leads, and on the first side of the zero line where they are above 0."""
    reports = [Report(day(11, 9) + place * timedelta(hours=5), lead) for place, lead in enumerate(leads)]
    svg = drawn(reports)
    levels, zero = heights(svg), float(re.findall(r'y1="([\d.]+)"[^>]*class="zero"', svg)[0])
    by_lead = [level for _, level in sorted(zip(leads, levels, strict=True))]
    assert all(lower >= higher for lower, higher in pairwise(by_lead))
    assert all((level <= zero) or lead < 0 for lead, level in zip(leads, levels, strict=True))
    assert all(0 <= level <= 320 for level in levels)


def test_both_sides_of_zero_are_named() -> None:
    """Also where one of them never led."""
    told = [text.text for text in parsed(drawn(WISCONSIN)).findall(f'.//{SVG}text[@class="side"]')]
    assert told == ["↑ Trump ahead", "↓ Clinton ahead"]


def test_reports_are_put_in_their_order() -> None:
    """The order in which they are handed over does not matter."""
    assert drawn(WISCONSIN[::-1]) == drawn(WISCONSIN)


def test_a_fall_has_a_mark_of_its_own() -> None:
    """A report that took votes back has a diamond, every other one a circle."""
    root = parsed(drawn(WISCONSIN))
    assert len(root.findall(f'.//{SVG}path[@class="fall"]')) == 1
    assert len(root.findall(f".//{SVG}circle")) == 3


def test_the_possible_range_is_drawn_and_cut_where_it_would_flatten_the_steps() -> None:
    """A range within three times the largest lead is drawn whole; a larger one says that it goes on."""
    within = [Report(day(11, 9), 100, -200, 300), Report(day(11, 10), 100)]
    beyond = [Report(day(11, 9), 100, -200, 3_000), Report(day(11, 10), 100)]
    assert drawn(within).count('class="range"') == 1 and "goes further" not in drawn(within)
    assert drawn(beyond).count('class="range"') == 1 and "the range goes further" in drawn(beyond)


def test_the_axis_may_be_what_is_counted() -> None:
    """Shares counted run from 0 to 100 %, and times cannot stand beside them."""
    svg = drawn([Report(Fraction(1, 5), 10), Report(Fraction(1, 2), -20)])
    assert [f"{part} %" in svg for part in (0, 25, 50, 75, 100)] == [True] * 5
    with pytest.raises(ValueError, match="not both"):
        drawn([Report(Fraction(1, 5), 10), Report(day(11, 9), 10)])


def test_without_reports_there_is_no_chart() -> None:
    """The page says so in words instead."""
    assert drawn([]) == ""


@settings(deadline=None, max_examples=examples(50))
@given(st.text(max_size=20), st.text(max_size=20), st.lists(st.integers(-9, 9), min_size=1, max_size=5))
def test_any_words_are_well_formed(name: str, note: str, leads: list[int]) -> None:
    """Names and notes are text, whatever they hold."""
    reports = [Report(day(11, place), lead, note=note) for place, lead in enumerate(leads, 1)]
    svg = margin_over_time(
        reports, sides=(name, note), title=name, description=note, lines=[Line(day(11, 9), name)]
    )
    assert {each.tag.rpartition("}")[2] for each in parsed(svg).iter()} <= {
        "svg",
        "g",
        "desc",
        "rect",
        "line",
        "text",
        "circle",
        "path",
    }
    assert " style=" not in svg


def test_many_reports_have_dots_only_where_it_matters() -> None:
    """Two hundred dots would hide the steps."""
    reports = [Report(day(11, 1) + place * timedelta(hours=1), place) for place in range(200)]
    assert 2 <= drawn(reports).count("<circle") <= 4


@given(st.integers(-(10**12), 0), st.integers(1, 10**12), st.integers(2, 8))
def test_ticks_are_few_and_round(low: int, high: int, most: int) -> None:
    """At most so many beside zero, evenly apart, and 0 is one of them."""
    ticks = round_numbers(low, high, most)
    assert 0 in ticks and len(ticks) <= most + 1
    assert all(low <= tick <= high for tick in ticks)
    assert len({after - before for before, after in pairwise(ticks)}) <= 1


@given(st.integers(0, 60 * 24 * 3_000))
def test_times_are_few_and_round(minutes: int) -> None:
    """Full hours, and at most eight and one, however long the span."""
    first = day(11, 8, 19)
    times = round_times(first, first + timedelta(minutes=minutes))
    assert len(times) <= 9
    assert all(time.minute == 0 and first <= time <= first + timedelta(minutes=minutes) for time in times)
