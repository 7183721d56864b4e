"""Times counted from official acts, with every step of the count written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tallyproof.errors import RequestError
from tallyproof.recount.rule import EVENTS, Moment, Skipped, Unit, Weekday

IsHoliday = Callable[[date], bool]
_WEEKDAYS = list(Weekday)
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth")
_ENDS = time(23, 59)
"""A day without a time of day lasts to its last minute."""
_PERHAPS = "may be a holiday of the state alone"

YEARS = range(1800, 2500)
"""Years that a day may lie in: room on both sides for every count of days."""


def require_year(day: date, what: str) -> None:
    """Raise RequestError, naming what it is, for a day in a year too far away to count days from."""
    if day.year not in YEARS:
        raise RequestError(
            f"{day.isoformat()} is given as {what}, but days are counted in the years {YEARS[0]} to "
            f"{YEARS[-1]} only. Correct it."
        )


@dataclass(frozen=True, slots=True)
class Happened:
    """When an act took place: a day in the state's zone, with the time of day where that is known.

    ``known`` says how: "given", or the citation of the file that has it.
    """

    on: date
    at: time | None = None
    known: str = "given"


def _never(day: date) -> bool:
    return False


def days_of(year: int) -> dict[str, Happened]:
    """The ends of November and of the year, from which days of the calendar are counted."""
    return {
        "november_end": Happened(date(year, 11, 30), None, "calendar"),
        "year_end": Happened(date(year, 12, 31), None, "calendar"),
    }


@dataclass(frozen=True, slots=True)
class Office:
    """The state's clock and its days off.

    ``is_doubtful`` names days that may be holidays and are counted as business days nevertheless.
    """

    zone: tzinfo
    is_holiday: IsHoliday
    is_doubtful: IsHoliday = _never

    def is_business(self, day: date) -> bool:
        """Neither Saturday, Sunday nor a legal holiday."""
        return day.weekday() < 5 and not self.is_holiday(day)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A moment worked out: the time, with its zone, and the steps that lead to it.

    ``at`` is None where an act it is counted from has no known day; ``needs`` names those acts.
    ``starts`` is when time begins to run, None where it is counted back from an act. ``earliest`` is given
    where ``at`` is but the latest that it can be, for the hour of an act is not known.
    """

    at: datetime | None
    chain: tuple[str, ...]
    needs: tuple[str, ...] = ()
    starts: datetime | None = None
    earliest: datetime | None = None


def reckon(moment: Moment, acts: Mapping[str, Happened], office: Office) -> Reckoned:
    """Work out a moment from the acts known.

    Days counted after an act start with the day after it. Hours run from the minute of the act, and what
    lasts until an act ends with it; where only its day is known, with the end of that day at the latest and
    with its beginning at the earliest.
    Raises RequestError for days beyond the calendar.
    """
    try:
        return _reckoned(moment, acts, office)
    except OverflowError:
        raise RequestError("A deadline of this contest falls on a day that no calendar has.") from None


def _reckoned(moment: Moment, acts: Mapping[str, Happened], office: Office) -> Reckoned:
    if moment.later_of or moment.earlier_of:
        return _chosen(moment, acts, office)
    event = moment.after or moment.before
    if event is None:
        return Reckoned(None, (), ())
    happened = acts.get(event)
    if happened is None:
        return Reckoned(None, (f"{EVENTS[event]}: day not known",), (event,))
    start = f"{EVENTS[event]}: {_day(happened.on)}"
    if happened.at:
        start += f", {happened.at:%H:%M}"
    if moment.unit is Unit.HOURS and moment.count is not None:
        return _hours(moment, moment.count, happened, office, start)
    day, steps = _day_of(moment, happened.on, office)
    if moment.rolls and not office.is_business(day):
        moved = _next_business(day, office)
        steps.append(f"{_day(day)} is no business day, so {_day(moved)}")
        day = moved
    if _skipped(day, moment.rolls_from, office):
        moved = _next_allowed(day, moment.rolls_from, office)
        steps.append(f"{_day(day)} is no day for it, so {_day(moved)}")
        day = moved
    by_holiday = moment.rolls or Skipped.HOLIDAYS in moment.rolls_from
    if by_holiday and office.is_doubtful(day):
        steps.append(f"{_day(day)} {_PERHAPS}; not moved")
    is_act = moment.count is None and moment.ordinal is None
    hour = moment.at or (happened.at if is_act else None)
    if moment.at:
        steps.append(f"until {moment.at:%H:%M}")
    starts = _start(happened, office) if moment.after and not is_act else None
    earliest = None
    if is_act and hour is None and event not in days_of(day.year):
        earliest = datetime.combine(day, time(0), office.zone)
        steps.append("the hour of the act is not known: the beginning of that day is the earliest")
    at = datetime.combine(day, hour or _ENDS, office.zone)
    return Reckoned(at, (start, *steps), (), starts, earliest)


def _start(happened: Happened, office: Office) -> datetime:
    """From when time runs: the act, or the first minute of its day."""
    return datetime.combine(happened.on, happened.at or time(0), office.zone)


def _chosen(moment: Moment, acts: Mapping[str, Happened], office: Office) -> Reckoned:
    parts = [_reckoned(each, acts, office) for each in moment.later_of or moment.earlier_of]
    needs = tuple(dict.fromkeys(event for part in parts for event in part.needs))
    chain = tuple(step for part in parts for step in part.chain)
    times = [part.at for part in parts if part.at is not None]
    if needs or not times:
        return Reckoned(None, chain, needs)
    pick = max if moment.later_of else min
    at, earliest = pick(times), pick(part.earliest or part.at for part in parts if part.at is not None)
    begun = [part.starts for part in parts if part.starts is not None]
    word = "later" if moment.later_of else "earlier"
    step = f"the {word} of these: {_day(at.date())}, {at:%H:%M}"
    return Reckoned(at, (*chain, step), (), min(begun, default=None), earliest if earliest != at else None)


def _hours(moment: Moment, count: int, happened: Happened, office: Office, start: str) -> Reckoned:
    steps = [f"without {', '.join(moment.skips)}"] if moment.skips else []
    end = _hours_from(happened.at or _ENDS, moment, count, happened.on, office)
    first = _hours_from(happened.at or time(0), moment, count, happened.on, office)
    earliest = first if first != end else None  # on a day that does not count the hour makes no difference
    if earliest is not None:
        steps.insert(0, "the hour of the act is not known: counted from the end of that day, the latest")
    steps.append(f"{count} hours {'before' if moment.before else 'after'}: {_day(end.date())}, {end:%H:%M}")
    if earliest is not None:
        steps.append(f"from its beginning, the earliest: {_day(earliest.date())}, {earliest:%H:%M}")
    starts = None if moment.before else _start(happened, office)
    return Reckoned(end, (start, *steps), (), starts, earliest)


def _hours_from(at: time, moment: Moment, count: int, on: date, office: Office) -> datetime:
    begin = datetime.combine(on, at, office.zone)
    if moment.skips:
        return _skipping(begin, count, moment.skips, office)
    hours = timedelta(hours=-count if moment.before else count)
    return (begin.astimezone(UTC) + hours).astimezone(office.zone)


def _skipping(begin: datetime, count: int, skips: tuple[Skipped, ...], office: Office) -> datetime:
    """Hours that run only on days that count."""
    left, now = timedelta(hours=count), begin
    while True:
        midnight = datetime.combine(now.date() + timedelta(days=1), time(0), office.zone)
        if _skipped(now.date(), skips, office):
            now = midnight
            continue
        rest = midnight.astimezone(UTC) - now.astimezone(UTC)
        if left <= rest:
            return (now.astimezone(UTC) + left).astimezone(office.zone)
        left, now = left - rest, midnight


def _skipped(day: date, skips: tuple[Skipped, ...], office: Office) -> bool:
    return (
        (Skipped.SATURDAYS in skips and day.weekday() == 5)
        or (Skipped.SUNDAYS in skips and day.weekday() == 6)
        or (Skipped.HOLIDAYS in skips and office.is_holiday(day))
    )


def _day_of(moment: Moment, start: date, office: Office) -> tuple[date, list[str]]:
    sign = -1 if moment.before else 1
    side = "before" if moment.before else "after"
    if moment.ordinal is not None and moment.weekday is not None:
        day = _nth_weekday(start, moment.ordinal, moment.weekday, sign)
        return day, [f"{_ORDINALS[moment.ordinal]} {moment.weekday.capitalize()} {side}: {_day(day)}"]
    if moment.count is None:
        return start, []
    if moment.unit is Unit.BUSINESS_DAYS or moment.skips:
        day, passed, doubtful = _counted(moment, start, sign, office)
        skipped = f" (not counted: {', '.join(_day(each) for each in passed)})" if passed else ""
        kind = "business day" if moment.unit is Unit.BUSINESS_DAYS else "day"
        step = f"{_count(moment.count, kind)} {side}{skipped}: {_day(day)}"
        return day, [step, *(f"{_day(each)} was counted; it {_PERHAPS}" for each in doubtful)]
    day = start + sign * timedelta(days=moment.count)
    return day, [f"{_count(moment.count, 'day')} {side}: {_day(day)}"]


def _counted(moment: Moment, start: date, sign: int, office: Office) -> tuple[date, list[date], list[date]]:
    """The day reached, the days passed over, and those counted that may be holidays."""
    passed: list[date] = []
    doubtful: list[date] = []
    day, left = start, moment.count or 0
    business = moment.unit is Unit.BUSINESS_DAYS
    while left:
        day += sign * timedelta(days=1)
        if (business and not office.is_business(day)) or _skipped(day, moment.skips, office):
            passed.append(day)
            continue
        left -= 1
        if (business or Skipped.HOLIDAYS in moment.skips) and office.is_doubtful(day):
            doubtful.append(day)
    return day, passed, doubtful


def _nth_weekday(start: date, ordinal: int, weekday: Weekday, sign: int) -> date:
    """The n-th such day after (or before) a day, which itself does not count."""
    ahead = (sign * (_WEEKDAYS.index(weekday) - start.weekday())) % 7 or 7
    return start + sign * timedelta(days=ahead + 7 * (ordinal - 1))


def _next_business(day: date, office: Office) -> date:
    while not office.is_business(day):
        day += timedelta(days=1)
    return day


def _next_allowed(day: date, skips: tuple[Skipped, ...], office: Office) -> date:
    while _skipped(day, skips, office):
        day += timedelta(days=1)
    return day


def _count(number: int, kind: str) -> str:
    return f"{number} {kind}" if number == 1 else f"{number} {kind}s"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
