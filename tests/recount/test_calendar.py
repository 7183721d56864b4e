"""Deadlines counted by the calendar: no day too few or too many, on any clock."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.errors import RequestError
from tallyproof.recount.calendar import Happened, Office, reckon
from tallyproof.recount.rule import Moment, Skipped, Unit, Weekday

EASTERN = ZoneInfo("America/New_York")
THANKSGIVING = dt.date(2016, 11, 24)
OFFICE = Office(EASTERN, {THANKSGIVING, dt.date(2016, 11, 11)}.__contains__)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31))
TIMES = st.none() | st.times()
FREE = st.sets(st.dates(dt.date(2016, 1, 1), dt.date(2016, 12, 31)), max_size=40)


def moments(**more: Any) -> st.SearchStrategy[Moment]:
    """Moments after election day as rule files may have them."""
    skips = st.lists(st.sampled_from(list(Skipped)), max_size=2, unique=True).map(tuple)
    counted = st.builds(
        Moment,
        count=st.integers(0, 60),
        unit=st.sampled_from([Unit.DAYS, Unit.BUSINESS_DAYS]),
        at=TIMES,
        skips=skips,
        rolls=st.booleans(),
        after=st.just("election"),
    )
    hours = st.builds(
        Moment, count=st.integers(0, 200), unit=st.just(Unit.HOURS), skips=skips, after=st.just("election")
    )
    weekdays = st.builds(
        Moment,
        ordinal=st.integers(1, 6),
        weekday=st.sampled_from(list(Weekday)),
        at=TIMES,
        after=st.just("election"),
    )
    return counted | hours | weekdays


def closes(moment: Moment, day: dt.date, at: dt.time | None = None, office: Office = OFFICE) -> dt.datetime:
    """Return when a moment after an election falls."""
    found = reckon(moment, {"election": Happened(day, at)}, office).at
    assert found
    return found


@settings(deadline=None)
@given(st.dates(dt.date(2016, 1, 1), dt.date(2016, 10, 1)), st.integers(0, 40), FREE)
def test_business_days_are_counted_as_fingers_count_them(
    day: dt.date, count: int, free: set[dt.date]
) -> None:
    """Day by day, without Saturdays, Sundays and holidays."""
    expected, left = day, count
    while left:
        expected += dt.timedelta(1)
        left -= expected.strftime("%a") not in {"Sat", "Sun"} and expected not in free
    moment = Moment(count=count, unit=Unit.BUSINESS_DAYS, after="election")
    assert closes(moment, day, office=Office(EASTERN, free.__contains__)).date() == expected


@settings(deadline=None)
@given(moments(), DAYS, st.integers(0, 400), st.times(), st.times())
def test_a_later_act_never_gives_an_earlier_deadline(
    moment: Moment, day: dt.date, days: int, early: dt.time, late: dt.time
) -> None:
    """Whatever the count, skips and rolls."""
    first, second = min(early, late), max(early, late)
    assert closes(moment, day, first) <= closes(moment, day + dt.timedelta(days), second)


@settings(deadline=None)
@given(moments(), DAYS, TIMES)
def test_a_deadline_after_an_act_is_never_before_it(moment: Moment, day: dt.date, at: dt.time | None) -> None:
    """And the chain begins with the act and says the day at which it ends."""
    found = reckon(moment, {"election": Happened(day, at)}, OFFICE)
    assert found.at and found.at.date() >= day
    assert found.chain[0].startswith(f"election day: {day:%a} {day.day} {day:%b %Y}")
    assert found.needs == ()


@settings(deadline=None)
@given(st.lists(moments(), min_size=1, max_size=4), DAYS)
def test_the_later_and_the_earlier_are_one_of_the_two(parts: list[Moment], day: dt.date) -> None:
    """``later_of`` is the latest of its parts, ``earlier_of`` the earliest."""
    each = [closes(part, day) for part in parts]
    assert closes(Moment(later_of=tuple(parts)), day) == max(each)
    assert closes(Moment(earlier_of=tuple(parts)), day) == min(each)


@settings(deadline=None)
@given(DAYS, st.integers(1, 6), st.sampled_from(list(Weekday)))
def test_weekdays_are_the_nth_strictly_after(day: dt.date, ordinal: int, weekday: Weekday) -> None:
    """The second Wednesday after a Wednesday is two weeks later."""
    found = closes(Moment(ordinal=ordinal, weekday=weekday, after="election"), day).date()
    between = [day + dt.timedelta(n) for n in range(1, (found - day).days + 1)]
    assert f"{found:%A}".lower() == weekday
    assert sum(f"{each:%A}".lower() == weekday for each in between) == ordinal


HOURS_48 = Moment(count=48, unit=Unit.HOURS, after="state_canvass")


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (dt.date(2016, 11, 5), "2016-11-07T10:00:00-05:00"),  # clocks go back: one hour more than two days
        (dt.date(2017, 3, 11), "2017-03-13T12:00:00-04:00"),  # and forward
        (dt.date(2016, 11, 28), "2016-11-30T11:00:00-05:00"),
    ],
)
def test_hours_are_hours_when_clocks_change(day: dt.date, ends: str) -> None:
    """48 hours pass between act and deadline; the clock on the wall may show another hour."""
    acts = {"state_canvass": Happened(day, dt.time(11))}
    found = reckon(HOURS_48, acts, OFFICE).at
    assert found and found.isoformat() == ends
    begun = dt.datetime.combine(day, dt.time(11), EASTERN)
    assert found.astimezone(dt.UTC) - begun.astimezone(dt.UTC) == dt.timedelta(hours=48)


def test_days_end_by_the_clock_when_clocks_change() -> None:
    """Two days after the Friday before: the last minute of Sunday, in winter time."""
    found = closes(Moment(count=2, unit=Unit.DAYS, after="election"), dt.date(2016, 11, 4))
    assert found.isoformat() == "2016-11-06T23:59:00-05:00"


def test_hours_without_weekends_stand_still() -> None:
    """48 hours from Friday noon without Saturday, Sunday and the holiday end on Tuesday noon."""
    skips = (Skipped.SATURDAYS, Skipped.SUNDAYS, Skipped.HOLIDAYS)
    moment = Moment(count=48, unit=Unit.HOURS, skips=skips, after="election")
    assert closes(moment, dt.date(2016, 11, 18), dt.time(12)).isoformat() == "2016-11-22T12:00:00-05:00"
    assert closes(moment, dt.date(2016, 11, 22), dt.time(12)).isoformat() == "2016-11-25T12:00:00-05:00"


def test_the_hour_that_nobody_knows_is_said() -> None:
    """Of an act whose hour is not known the hours run from somewhere in its day: both ends are told."""
    found = reckon(HOURS_48, {"state_canvass": Happened(dt.date(2016, 11, 28))}, OFFICE)
    assert found.at and found.at.isoformat() == "2016-11-30T23:59:00-05:00"
    assert found.starts and found.starts.isoformat() == "2016-11-28T00:00:00-05:00"
    assert found.earliest and found.earliest.isoformat() == "2016-11-30T00:00:00-05:00"
    assert "the hour of the act is not known" in found.chain[1]
    assert found.chain[-1] == "from its beginning, the earliest: Wed 30 Nov 2016, 00:00"
    known = reckon(HOURS_48, {"state_canvass": Happened(dt.date(2016, 11, 28), dt.time(14))}, OFFICE)
    assert (known.at and known.at.isoformat(), known.earliest) == ("2016-11-30T14:00:00-05:00", None)


@pytest.mark.parametrize(
    ("event", "hour", "at", "earliest"),
    [
        ("county_canvass", None, "2016-11-30T23:59", "2016-11-30T00:00"),
        ("county_canvass", dt.time(14), "2016-11-30T14:00", None),
        ("november_end", None, "2016-11-30T23:59", None),
    ],
)
def test_what_lasts_until_an_act_may_end_at_any_hour_of_its_day(
    event: Any, hour: dt.time | None, at: str, earliest: str | None
) -> None:
    """Where the hour is not known; a day of the calendar is no act, and lasts to its end."""
    found = reckon(Moment(before=event), {event: Happened(dt.date(2016, 11, 30), hour)}, OFFICE)
    assert found.at and f"{found.at:%Y-%m-%dT%H:%M}" == at
    assert (f"{found.earliest:%Y-%m-%dT%H:%M}" if found.earliest else None) == earliest
    assert ("the hour of the act is not known" in found.chain[-1]) == bool(earliest)


def test_an_hour_that_makes_no_difference_leaves_one_end() -> None:
    """Hours after an act on a Saturday begin with Monday, whenever on that day it was."""
    without = (Skipped.SATURDAYS, Skipped.SUNDAYS)
    moment = Moment(count=48, unit=Unit.HOURS, after="declaration", skips=without)
    found = reckon(moment, {"declaration": Happened(dt.date(2016, 11, 26))}, OFFICE)
    assert found.at and found.at.isoformat() == "2016-11-30T00:00:00-05:00"
    assert (found.earliest, found.chain[1:]) == (
        None, ("without saturdays, sundays", "48 hours after: Wed 30 Nov 2016, 00:00")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("later", "at", "earliest"), [(True, "30T23:59", "30T00:00"), (False, "29T12:00", None)]
)
def test_of_two_times_the_one_that_counts_may_hang_on_an_hour(
    later: bool, at: str, earliest: str | None
) -> None:
    """The later of a time that is known and one between two others; the earlier is the known one."""
    fixed = Moment(count=1, unit=Unit.DAYS, after="state_canvass", at=dt.time(12))
    both = (HOURS_48, fixed)
    moment = Moment(later_of=both) if later else Moment(earlier_of=both)
    found = reckon(moment, {"state_canvass": Happened(dt.date(2016, 11, 28))}, OFFICE)
    assert found.at and f"{found.at:%dT%H:%M}" == at
    assert (f"{found.earliest:%dT%H:%M}" if found.earliest else None) == earliest


def test_an_act_without_a_day_gives_no_deadline() -> None:
    """The act that is missing is named, and nothing is guessed."""
    found = reckon(HOURS_48, {"election": Happened(dt.date(2016, 11, 8))}, OFFICE)
    assert (found.at, found.needs) == (None, ("state_canvass",))
    assert found.chain == ("the canvass of the state: day not known",)


def test_doubtful_holidays_are_counted_and_named() -> None:
    """The earlier day is given, and the reader told that it may be a holiday."""
    friday = dt.date(2016, 11, 25)
    office = Office(EASTERN, {THANKSGIVING}.__contains__, {friday}.__contains__)
    moment = Moment(count=3, unit=Unit.BUSINESS_DAYS, after="last_county_statement", at=dt.time(17))
    found = reckon(moment, {"last_county_statement": Happened(dt.date(2016, 11, 21))}, office)
    assert found.at and found.at.date() == friday
    assert found.chain[1:] == (
        "3 business days after (not counted: Thu 24 Nov 2016): Fri 25 Nov 2016",
        "Fri 25 Nov 2016 was counted; it may be a holiday of the state alone",
        "until 17:00",
    )
    rolled = reckon(
        Moment(count=17, unit=Unit.DAYS, after="election", rolls=True),
        {"election": Happened(dt.date(2016, 11, 8))},
        office,
    )
    assert rolled.chain[-1] == "Fri 25 Nov 2016 may be a holiday of the state alone; not moved"


def test_the_end_of_the_calendar_is_a_sentence() -> None:
    """Nobody counts past the year 9999."""
    with pytest.raises(RequestError, match="a day that no calendar has"):
        closes(Moment(count=40, unit=Unit.DAYS, after="election"), dt.date(9999, 12, 20))
