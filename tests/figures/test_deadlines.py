"""Deadlines drawn on one axis of time: every bar within it, the time of asking where it belongs."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tallyproof.figures.deadlines import BEGIN, END, Due, deadlines_axis, span_of

DAY = datetime(2016, 11, 8, tzinfo=UTC)
offsets = st.integers(min_value=-400_000, max_value=400_000).map(lambda minutes: timedelta(minutes=minutes))


def drawn(*dues: Due, asked: datetime = DAY) -> str:
    return deadlines_axis(dues, asked, caption="Until when", asked_told="asked")


def test_without_deadlines_there_is_no_drawing() -> None:
    """Nothing to see, nothing drawn."""
    assert drawn() == ""


def test_names_are_text_and_links_lead_to_their_page() -> None:
    """Hostile names come out escaped."""
    told = drawn(Due('<b>"A"</b>', DAY, "open until", href='/x"y', kind="open"))
    assert "<b>" not in told
    assert "&lt;b&gt;&quot;A&quot;&lt;/b&gt;" in told
    assert 'href="/x&quot;y"' in told


def test_a_far_time_of_asking_stands_at_the_edge_with_an_arrow() -> None:
    """Ten years later the deadlines still fill the axis."""
    due = Due("A", DAY + timedelta(days=3), "ended", DAY)
    assert "asked →" in drawn(due, asked=DAY + timedelta(days=3_650))
    assert "← asked" in drawn(due, asked=DAY - timedelta(days=3_650))
    assert "→" not in drawn(due, asked=DAY + timedelta(days=2))


@given(st.lists(st.tuples(st.none() | offsets, offsets), min_size=1, max_size=8), offsets)
def test_everything_stays_on_the_axis(
    times: list[tuple[timedelta | None, timedelta]], asked: timedelta
) -> None:
    """Whatever begins or ends whenever: between the two ends of the axis, and in its order."""
    dues = [
        Due("A", DAY + end, "told", None if begin is None else DAY + min(begin, end)) for begin, end in times
    ]
    span = span_of(dues, DAY + asked)
    places = [span.place(each.ends) for each in sorted(dues, key=lambda each: each.ends)]
    assert places == sorted(places)
    assert all(BEGIN <= place <= END for place in places)
    widths = re.findall(r'width="([-\d.]+)%" height="14"', drawn(*dues, asked=DAY + asked))
    assert len(widths) == len(dues)
    assert all(0 < float(width) <= 100 for width in widths)
