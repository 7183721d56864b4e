"""A number as it stood from report to report, drawn as steps from a named zero line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tallyproof.figures.svg import drawing, element, text

SIDE = 8.0
TOP, BOTTOM = 46.0, 44.0
"""Room in pixels at each side, for the numbers above the line, and for the days below it."""

BAND, WORDS, HEAD = 52.0, 160.0, 24.0
"""Where the steps go down: height of one, least room for the words beside them, room for the name of zero."""
SIGN, FINE_SIGN, STEPS = 9.5, 8.0, 72.0
"""Pixels of a sign of a value and of a day, and the least room that the words leave to the steps."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one report said: its value, how it is written, the day and status of the report.

    ``firm`` marks the report that the count relies on.
    """

    value: int
    label: str
    day: str
    change: str = ""
    status: str = ""
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns values into pixels: ``start`` is where ``low`` lies, ``room`` how far ``high`` is from it."""

    low: int
    high: int
    start: float
    room: float

    def at(self, value: int) -> float:
        """Where a value lies."""
        return self.start + self.room * (value - self.low) / ((self.high - self.low) or 1)


def across(
    steps: Sequence[Step],
    *,
    title: str,
    zero: str,
    width: float = 640,
    height: float = 180,
    spoken: int = 8,
) -> str:
    """The steps from left to right, equally wide, in the order given; for pages with room.

    The zero line is always in the picture and is called ``zero``. More than ``spoken`` steps are
    labelled only at the first, the last, the lowest and the highest.
    """
    scale = _scale(steps, height - BOTTOM, TOP + BOTTOM - height)
    wide = (width - 2 * SIDE) / max(1, len(steps))
    ends = [SIDE + place * wide for place in range(len(steps) + 1)]
    level, base = [scale.at(step.value) for step in steps], scale.at(0)
    corners = [(ends[place + end], level[place]) for place in range(len(steps)) for end in (0, 1)]
    parts = [
        *_outline(corners, (ends[-1], base), (ends[0], base)),
        element("line", x1=SIDE, x2=width - SIDE, y1=base, y2=base, class_="zero"),
        text(zero, width - SIDE, base - 5, text_anchor="end"),
        *(_dot(ends[place], level[place], step) for place, step in enumerate(steps)),
        *(
            _labels(ends[place], level[place], height, steps[place])
            for place in sorted(_spoken(steps, spoken))
        ),
    ]
    return drawing(*parts, width=width, height=height, title=title, class_="chart step-chart across")


def down(steps: Sequence[Step], *, title: str, zero: str, width: float = 288, spoken: int = 12) -> str:
    """The steps from top to bottom, words beside them, the zero line upright; for narrow screens."""
    words = _room(steps, width - STEPS)
    scale = _scale(steps, words, width - words - SIDE)
    ends = [HEAD + place * BAND for place in range(len(steps) + 1)]
    level, base = [scale.at(step.value) for step in steps], scale.at(0)
    corners = [(level[place], ends[place + end]) for place in range(len(steps)) for end in (0, 1)]
    parts = [
        *_outline(corners, (base, ends[-1]), (base, ends[0])),
        element("line", x1=base, x2=base, y1=HEAD - 6, y2=ends[-1], class_="zero"),
        text(zero, base, HEAD - 10, text_anchor="start" if base < (words + width) / 2 else "end"),
        *(_dot(level[place], ends[place], step) for place, step in enumerate(steps)),
        *(_lines(ends[place], steps[place]) for place in sorted(_spoken(steps, spoken))),
    ]
    return drawing(*parts, width=width, height=ends[-1] + 8, title=title, class_="chart step-chart")


def _scale(steps: Sequence[Step], start: float, room: float) -> Scale:
    values = [step.value for step in steps]
    return Scale(min(0, *values, 0), max(0, *values, 0), start, room)


def _spoken(steps: Sequence[Step], most: int) -> set[int]:
    if len(steps) <= most:
        return set(range(len(steps)))
    values = [step.value for step in steps]
    return {0, len(steps) - 1, values.index(min(values)), values.index(max(values))}


def _outline(corners: Sequence[tuple[float, float]], *close: tuple[float, float]) -> list[str]:
    """The line of the steps, and the area between it and the zero line."""
    area, line = _path([*corners, *close]), _path(corners)
    return [element("path", d=f"{area}Z", class_="area"), element("path", d=line, class_="line")]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _dot(x: float, y: float, step: Step) -> str:
    size, kind = (5.5, "dot firm") if step.firm else (4.0, "dot")
    return element("circle", cx=x, cy=y, r=size, class_=kind)


def _labels(x: float, y: float, height: float, step: Step) -> str:
    """The value above its step, day and status below the chart."""
    above = y - (28 if step.change else 12)
    below = height - BOTTOM + 18
    return "".join(
        text(words, x + room, at, class_=kind)
        for words, at, kind, room in (
            (step.label, above, _kind(step), 7),
            (step.change, y - 11, "change", 7),
            (step.day, below, "day", 0),
            (step.status, below + 18, "status", 0),
        )
        if words
    )


def _room(steps: Sequence[Step], most: float) -> float:
    """How far the longest words beside the steps reach; more than ``most`` is not given to them."""
    beside = [_beside(step) for step in steps]
    needed = (max(len(said) * FINE_SIGN, len(value) * SIGN) for said, value in beside)
    return min(most, max([WORDS, *needed]))


def _beside(step: Step) -> tuple[str, str]:
    """Day and status, and value and change."""
    return f"{step.day} {step.status}".strip(), f"{step.label}  {step.change}".strip()


def _lines(y: float, step: Step) -> str:
    """Day and status over value and change."""
    said, value = _beside(step)
    return text(said, 0, y + 18) + text(value, 0, y + 38, class_=_kind(step))


def _kind(step: Step) -> str:
    return "value firm" if step.firm else "value"
