"""A chart of sample sizes: cards against margin, one line per method, both on logarithmic scales."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 40, 50
DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 4", "10 4", "4 2 1 2")
"""Lines differ by dashes as well as by the label at their end, so that print in black is enough."""


@dataclass(frozen=True)
class Point:
    """Cards at a margin (a share of all cards), with the range of a simulated figure."""

    margin: float
    cards: int
    low: int | None = None
    high: int | None = None


def sizes_chart(title: str, lines: Mapping[str, Sequence[Point]]) -> str:
    """The chart as SVG text; every number in it also stands in the table beside it.

    Methods without a point (a full hand count at every margin) are left out. Ranges are vertical bars.
    """
    drawn = {name: sorted(points, key=lambda point: point.margin) for name, points in lines.items() if points}
    every = [point for points in drawn.values() for point in points]
    if not every:
        return _document(title, ['<text x="70" y="80">No sample suffices: count all cards by hand.</text>'])
    frame = _Frame(
        min(point.margin for point in every),
        max(point.margin for point in every),
        10 ** math.floor(math.log10(min(point.low or point.cards for point in every))),
        10 ** math.ceil(math.log10(max(point.high or point.cards for point in every) + 1)),
    )
    parts = list(_axes(frame, sorted({point.margin for point in every})))
    for place, (name, points) in enumerate(drawn.items()):
        parts += _line(frame, name, points, DASHES[place % len(DASHES)])
    return _document(title, parts)


@dataclass(frozen=True)
class _Frame:
    """Where margins and cards lie on the page."""

    narrow: float
    wide: float
    few: int
    many: int

    def x(self, margin: float) -> float:
        span = math.log(self.wide / self.narrow) or 1.0
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(margin / self.narrow) / span

    def y(self, cards: float) -> float:
        share = math.log(cards / self.few) / math.log(self.many / self.few)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share


def _axes(frame: _Frame, margins: Sequence[float]) -> Iterator[str]:
    cards = frame.few
    while cards <= frame.many:
        y = frame.y(cards)
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ccc"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{cards:,}</text>'
        cards *= 10
    for margin in margins:
        text = f"{100 * margin:g} %"
        yield f'<text x="{frame.x(margin):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{text}</text>'
    yield f'<text x="{LEFT}" y="{TOP - 10}">cards</text>'
    yield f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 10}" text-anchor="end">margin, share of all cards</text>'


def _line(frame: _Frame, name: str, points: Sequence[Point], dash: str) -> Iterator[str]:
    path = " ".join(f"{frame.x(point.margin):.1f},{frame.y(point.cards):.1f}" for point in points)
    yield f'<polyline points="{path}" fill="none" stroke="#034" stroke-width="2" stroke-dasharray="{dash}"/>'
    for point in points:
        x = f"{frame.x(point.margin):.1f}"
        yield f'<circle cx="{x}" cy="{frame.y(point.cards):.1f}" r="3" fill="#034"/>'
        if point.low and point.high:
            low, high = frame.y(point.low), frame.y(point.high)
            yield f'<line x1="{x}" x2="{x}" y1="{low:.1f}" y2="{high:.1f}" stroke="#034"/>'
    last = points[-1]
    yield f'<text x="{frame.x(last.margin) + 8:.1f}" y="{frame.y(last.cards) + 4:.1f}">{escape(name)}</text>'


def _document(title: str, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
        f'<text x="{LEFT}" y="16" font-size="14">{escape(title)}</text>'
    )
    return "\n".join([head, *parts, "</svg>"]) + "\n"
