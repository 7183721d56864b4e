"""Sample sizes against margin as a drawing of a page: one named line per method, both axes by tens."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tallyproof.figures.sizes import DASHES, Point
from tallyproof.figures.svg import drawing, element, text

TOP, BOTTOM, LEFT = 34.0, 56.0, 78.0
LINE = 18.0
"""Pixels between names at the lines' ends."""
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
NARROW = 400
"""Below this width every second margin is written."""


@dataclass(frozen=True, slots=True)
class SizeWords:
    """What the drawing says of itself."""

    cards: str = "cards"
    margin: str = "margin, share of all cards"
    all_cards: str = "all cards"


@dataclass(frozen=True, slots=True)
class Plane:
    """Turns margins and cards into pixels; both scales go by tens."""

    narrow: float
    wide: float
    few: float
    many: float
    width: float
    height: float
    names: float

    def x(self, margin: float) -> float:
        """Pixels from the left."""
        span = math.log(self.wide / self.narrow) or 1.0
        room = self.width - LEFT - self.names
        return LEFT + room * math.log(margin / self.narrow) / span

    def y(self, cards: float) -> float:
        """Pixels from the top."""
        share = math.log(max(cards, self.few) / self.few) / math.log(self.many / self.few)
        return self.height - BOTTOM - (self.height - TOP - BOTTOM) * share


def sizes_drawing(
    lines: Mapping[str, Sequence[Point]],
    *,
    title: str,
    all_cards: int,
    ours: float,
    words: SizeWords,
    margins: Sequence[float],
    width: float = 640,
    height: float = 400,
    names: float = 172,
) -> str:
    """The drawing; empty where no method has a size.

    Each line ends where only a count of ``all_cards`` is left, which is a line of its own. ``ours`` is the
    margin asked about. Every number in it also stands in a table of its page.
    """
    drawn = {name: sorted(points, key=lambda each: each.margin) for name, points in lines.items() if points}
    if not drawn:
        return ""
    few = 10.0 ** math.floor(math.log10(min(each.cards for points in drawn.values() for each in points)))
    every = [*margins, ours]
    plane = Plane(min(every), max(every), few, max(float(all_cards), few * 10), width, height, names)
    parts = [
        *_axes(plane, words, all_cards),
        *_margins(plane, margins, ours),
        *(part for place, points in enumerate(drawn.values()) for part in _line(plane, points, place)),
        *_names(plane, drawn),
    ]
    return drawing(*parts, width=width, height=height, title=title, class_="chart size-chart")


def _axes(plane: Plane, words: SizeWords, all_cards: int) -> Iterator[str]:
    right = plane.width - plane.names
    cards = plane.few
    while cards <= plane.many:
        y = plane.y(cards)
        if y - plane.y(plane.many) > LINE:
            yield element("line", x1=LEFT, x2=right, y1=y, y2=y, class_="grid")
            yield text(short(cards), LEFT - 8, y + 5, text_anchor="end")
        cards *= 10
    top = plane.y(plane.many)
    yield element("line", x1=LEFT, x2=right, y1=top, y2=top, class_="zero")
    yield text(words.cards, LEFT - 8, top + 5, text_anchor="end")
    yield text(words.all_cards, LEFT + 4, top - 8)
    yield text(words.margin, right, plane.height - 8, text_anchor="end")


def _margins(plane: Plane, margins: Sequence[float], ours: float) -> Iterator[str]:
    bottom, x = plane.height - BOTTOM, plane.x(ours)
    yield element("line", x1=x, x2=x, y1=TOP, y2=bottom, class_="ours")
    kept = sorted(margins)[:: 2 if plane.width < NARROW else 1]
    for margin in kept:
        if abs(plane.x(margin) - x) > 46:
            yield text(f"{100 * margin:g} %", plane.x(margin), bottom + 20, text_anchor="middle")
    yield text(f"{100 * ours:.2g} %", x, bottom + 20, text_anchor="middle", class_="value firm")


def _line(plane: Plane, points: Sequence[Point], place: int) -> Iterator[str]:
    path = "M" + "L".join(f"{plane.x(each.margin):.1f} {plane.y(each.cards):.1f}" for each in points)
    yield element("path", d=path, class_="line", stroke_dasharray=DASHES[place % len(DASHES)])
    for each in points:
        x, y = plane.x(each.margin), plane.y(each.cards)
        if each.low and each.high:
            yield element("line", x1=x, x2=x, y1=plane.y(each.low), y2=plane.y(each.high), class_="spread")
        yield element("circle", cx=x, cy=y, r=3.0, class_="dot firm")


def _names(plane: Plane, lines: Mapping[str, Sequence[Point]]) -> Iterator[str]:
    """Each line's name at its end, moved down where two would touch, up where the last would be too low."""
    ends = sorted((plane.y(points[-1].cards), name) for name, points in lines.items())
    places = []
    below = -math.inf
    for y, _ in ends:
        below = max(y + 5, below + LINE)
        places.append(below)
    above = plane.height - BOTTOM + 2
    for place in range(len(places) - 1, -1, -1):
        places[place] = above = min(places[place], above)
        above -= LINE
    for (_, name), y in zip(ends, places, strict=True):
        yield text(name, plane.width - plane.names + 8, y, class_="name")


def short(number: float) -> str:
    """A power of ten as an axis has it, in any language.

    >>> short(10), short(1_000_000), short(10**8)
    ('10', '1,000,000', '10⁸')
    """
    power = round(math.log10(number))
    return f"{number:,.0f}" if power < 7 else "10" + str(power).translate(RAISED)
