"""The lead of one choice over another, report by report, as steps over time or over what is counted.

Places along the axis are percentages: a chart is as wide as its page, and its letters keep their size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from tallyproof.figures.svg import element
from tallyproof.figures.ticks import DAY, percent, round_numbers, round_times
from tallyproof.figures.wording import safe

TOP, BOTTOM, ROOM, AXIS = 40, 72, 26, 46
"""Pixels above the highest value, below the lowest, between zero and either end, and below the axis."""

BAND = 3
"""The possible range is drawn up to so many times the largest lead; beyond, the steps would lie flat."""

MANY = 40
"""With more reports than this only those with numbers, falls and the one relied on have dots."""

END = 96.0
"""Where the last report is drawn, in percent of the width; it holds to the right edge."""

NARROW = 300
"""Pixels of a narrow page's chart: labels keep apart even there."""

SMALLEST, LARGEST = 3.0, 9.0
"""Radius in pixels of the dots for the smallest and the largest batch."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was known from one report to the next.

    ``at`` is its time, or the share counted so far. ``lead`` is votes, above 0 for the first side. ``low``
    and ``high`` are what the lead could still become if all that is left went one way. ``added`` is votes
    since the report before; below 0 where votes were taken back. ``firm`` is the report relied on.
    """

    at: datetime | Fraction
    lead: int
    low: int | None = None
    high: int | None = None
    added: int | None = None
    note: str = ""
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A named line across the chart, such as the certification."""

    at: datetime | Fraction
    label: str


@dataclass(frozen=True, slots=True)
class Plane:
    """Turns a time or share into percent of the width, and a lead into pixels from the top."""

    first: float
    last: float
    low: int
    high: int
    height: int

    def across(self, at: datetime | Fraction) -> float:
        """Percent of the width."""
        span = self.last - self.first
        return END * (_number(at) - self.first) / span if span else 0.0

    def down(self, lead: int) -> float:
        """Pixels from the top."""
        room = self.height - TOP - BOTTOM
        return TOP + room * (self.high - min(max(lead, self.low), self.high)) / (self.high - self.low)

    def is_cut(self, report: Report) -> bool:
        """Whether its possible range goes beyond the chart."""
        ends = [end for end in (report.low, report.high) if end is not None]
        return len(ends) == 2 and not all(self.low <= end <= self.high for end in ends)


def margin_over_time(
    reports: Sequence[Report],
    *,
    sides: tuple[str, str],
    title: str,
    description: str = "",
    lines: Sequence[Line] = (),
    height: int = 320,
    ahead: str = "{name} ahead",
    further: str = "the range goes further",
    day: Callable[[datetime], str] = lambda time: f"{time.day} {time:%b}",
) -> str:
    """The steps as SVG, as wide as the page; empty without reports.

    The reports' places are all times of one zone, or all shares counted; they are put in their order. The
    zero line is always in the picture and both sides of it carry their names. Where ``low`` and ``high`` are
    given, the possible range is drawn behind, as far as three times the largest lead. A report that took
    votes back has a diamond. Raises ValueError where times and shares are mixed.
    """
    if not reports:
        return ""
    ordered = sorted(reports, key=lambda each: _number(each.at))
    plane = _plane(ordered, lines, height)
    parts = [
        *_ranges(ordered, plane),
        *_grid(plane),
        *_axis(ordered, lines, plane, day),
        *_areas(ordered, plane),
        *_steps(ordered, plane),
        *_dots(ordered, plane),
        *_further(ordered, plane, further),
        *_sides(plane, sides, ahead),
        *(_line(each, plane) for each in lines),
        *_labels(ordered, plane),
    ]
    told = f"<desc>{safe(description)}</desc>" if description else ""
    return (
        f'<svg class="flow time-chart" width="100%" height="{height}" role="img" aria-label="{safe(title)}">'
        f"{told}{''.join(parts)}</svg>"
    )


def _number(at: datetime | Fraction) -> float:
    return at.timestamp() if isinstance(at, datetime) else float(at)


def _plane(reports: Sequence[Report], lines: Sequence[Line], height: int) -> Plane:
    places = [each.at for each in reports] + [each.at for each in lines]
    if len({isinstance(place, datetime) for place in places}) > 1:
        raise ValueError("the places of reports are all times or all shares counted, not both")
    numbers = [_number(place) for place in places]
    if not isinstance(places[0], datetime):
        numbers += [0.0, 1.0]
    low, high = _span(reports, height)
    return Plane(min(numbers), max(numbers), low, high, height)


def _span(reports: Sequence[Report], height: int) -> tuple[int, int]:
    """The lowest and highest value, with room for a name on either side of zero."""
    leads = [each.lead for each in reports]
    most = BAND * max(map(abs, leads))
    ends = [end for each in reports for end in (each.low, each.high) if end is not None]
    within = [max(-most, min(most, end)) for end in ends]
    low, high = min(0, *leads, *within), max(0, *leads, *within)
    share = ROOM / max(1, height - TOP - BOTTOM - ROOM)
    room = max(1, math.ceil((high - low) * share))
    return min(low, -room), max(high, room)


def _ends(reports: Sequence[Report], plane: Plane) -> Iterator[tuple[Report, float, float]]:
    """Each report with where it begins and ends; the last one holds to the edge."""
    begins = [plane.across(each.at) for each in reports]
    return zip(reports, begins, [*begins[1:], 100.0], strict=True)


def _rect(begin: float, end: float, one: float, other: float, kind: str) -> str:
    return element(
        "rect", x=percent(begin), width=percent(end - begin), y=min(one, other), height=abs(one - other),
        class_=kind,
    )  # fmt: skip


def _ranges(reports: Sequence[Report], plane: Plane) -> Iterator[str]:
    for each, begin, end in _ends(reports, plane):
        if each.low is not None and each.high is not None:
            yield _rect(begin, end, plane.down(each.high), plane.down(each.low), "range")


def _areas(reports: Sequence[Report], plane: Plane) -> Iterator[str]:
    for each, begin, end in _ends(reports, plane):
        if each.lead:
            kind = "a-area" if each.lead > 0 else "b-area"
            yield _rect(begin, end, plane.down(each.lead), plane.down(0), kind)


def _steps(reports: Sequence[Report], plane: Plane) -> Iterator[str]:
    before: float | None = None
    for each, begin, end in _ends(reports, plane):
        level, x = plane.down(each.lead), percent(begin)
        if before is not None:
            yield element("line", x1=x, x2=x, y1=before, y2=level, class_="step")
        yield element("line", x1=x, x2=percent(end), y1=level, y2=level, class_="step")
        before = level


def _grid(plane: Plane) -> Iterator[str]:
    numbered = dict(_numbered(plane))
    for number in round_numbers(plane.low, plane.high):
        y = plane.down(number)
        yield element("line", x1=0, x2="100%", y1=y, y2=y, class_="grid" if number else "zero")
        if number in numbered:
            yield element("text", f"{abs(number):,}", x=0, y=y - 4, class_="tick extra")


def _numbered(plane: Plane) -> Iterator[tuple[int, float]]:
    """The lines that carry their number: those far enough from zero, where the sides are named."""
    for number in round_numbers(plane.low, plane.high):
        if number and abs(plane.down(number) - plane.down(0)) > ROOM:
            yield number, plane.down(number)


def _axis(
    reports: Sequence[Report], lines: Sequence[Line], plane: Plane, day: Callable[[datetime], str]
) -> Iterator[str]:
    places = [each.at for each in reports] + [each.at for each in lines]
    times = [place for place in places if isinstance(place, datetime)]
    if not times:
        for share in (Fraction(place, 4) for place in range(5)):
            yield _tick(plane, share, [f"{float(100 * share):.0f} %"], is_extra=False)
        return
    full = round_times(min(times), max(times))
    has_hours = len(full) > 1 and full[1] - full[0] < DAY
    for place, time in enumerate(full):
        is_new = place == 0 or time.date() != full[place - 1].date()
        told = [f"{time:%H:%M}", day(time) if is_new else ""] if has_hours else [day(time)]
        yield _tick(plane, time, told, is_extra=place % 2 == 1)


def _tick(plane: Plane, at: datetime | Fraction, told: Sequence[str], *, is_extra: bool) -> str:
    """A mark on the axis; every other one is only for pages with room."""
    share, y = plane.across(at), plane.height - AXIS
    x = percent(share)
    mark = element("line", x1=x, x2=x, y1=y, y2=y + 5, class_="grid")
    anchor = "start" if share < 4 else "end" if share > 92 else "middle"
    texts = [
        element("text", safe(line), x=x, y=y + 20 + 17 * place, text_anchor=anchor, class_="tick")
        for place, line in enumerate(told)
        if line
    ]
    return element("g", mark, *texts, class_="extra" if is_extra else "tick")


def _sides(plane: Plane, sides: tuple[str, str], ahead: str) -> Iterator[str]:
    zero = plane.down(0)
    for name, y, arrow in ((sides[0], zero - 7, "↑"), (sides[1], zero + 18, "↓")):
        yield element("text", f"{arrow} {safe(ahead.format(name=name))}", x=0, y=y, class_="side")


def _line(line: Line, plane: Plane) -> str:
    share = plane.across(line.at)
    x, anchor = percent(share), "end" if share > 50 else "start"
    mark = element("line", x1=x, x2=x, y1=TOP - 14, y2=plane.height - AXIS, class_="named")
    return mark + element("text", safe(line.label), x=x, y=TOP - 19, text_anchor=anchor, class_="tick")


def _further(reports: Sequence[Report], plane: Plane, told: str) -> Iterator[str]:
    """Says once that the range goes on, where it is cut first."""
    cut = next((each for each in reports if plane.is_cut(each)), None)
    if cut is not None:
        share = plane.across(cut.at)
        anchor = "end" if share > 50 else "start"
        yield element("text", safe(told), x=percent(share), y=TOP - 6, text_anchor=anchor, class_="tick")


def _dots(reports: Sequence[Report], plane: Plane) -> Iterator[str]:
    largest = max((abs(each.added or 0) for each in reports), default=0)
    weighty = set(map(id, _by_weight(reports)))
    for each in reports:
        if len(reports) <= MANY or id(each) in weighty:
            part = math.sqrt(abs(each.added or 0) / largest) if largest else 0.2
            yield _dot(each, plane, SMALLEST + (LARGEST - SMALLEST) * part)


def _dot(report: Report, plane: Plane, size: float) -> str:
    x, y = percent(plane.across(report.at)), plane.down(report.lead)
    if report.added is None or report.added >= 0:
        return element("circle", cx=x, cy=y, r=size, class_="dot firm" if report.firm else "dot")
    diamond = element("path", d=f"M0 {-size:.1f}L{size:.1f} 0L0 {size:.1f}L{-size:.1f} 0Z", class_="fall")
    return element("svg", diamond, x=x, y=y, overflow="visible", width=1, height=1)


# ---- labels


def _labels(reports: Sequence[Report], plane: Plane) -> Iterator[str]:
    """The numbers of the reports that matter most, as long as none runs into another."""
    zero = plane.down(0)
    taken = [(20.0, zero - 7), (20.0, zero + 18), *((5.0, y - 4) for _number, y in _numbered(plane))]
    for each in _by_weight(reports):
        share, level = plane.across(each.at), plane.down(each.lead)
        told = f"{abs(each.lead):,}" + (f" {each.note}" if each.note else "")
        anchor, middle = _anchored(share, len(told))
        beside = (level - 14, level + 24) if each.lead >= 0 else (level + 24, level - 14)
        y = next((y for y in beside if _is_free(middle, y, taken)), None)
        if y is not None:
            taken.append((middle, y))
            kind = "value firm" if each.firm else "value"
            yield element("text", safe(told), x=percent(share), y=y, text_anchor=anchor, class_=kind)


def _is_free(middle: float, y: float, taken: Iterable[tuple[float, float]]) -> bool:
    """Whether a label keeps clear of the others: a quarter of the width, or a line."""
    return all(abs(middle - other) > 25 or abs(y - below) > 17 for other, below in taken)


def _anchored(share: float, letters: int) -> tuple[str, float]:
    """Which end of a label its report has, and where the label's middle lies on a narrow page."""
    half = 100 * letters * 4 / NARROW
    return ("end", share - half) if share > 60 else ("start", share + half)


def _by_weight(reports: Sequence[Report]) -> Iterable[Report]:
    """The one relied on, the last, the lowest, the highest, falls, the first; each once."""
    firm = [each for each in reports if each.firm]
    fell = [each for each in reports if each.added is not None and each.added < 0]
    ends = [min(reports, key=lambda each: each.lead), max(reports, key=lambda each: each.lead)]
    return dict.fromkeys((*firm, reports[-1], *ends, *fell, reports[0]))
