"""Bars on one axis with a line that they are held against; words stand beside them in the page."""

from __future__ import annotations

from collections.abc import Iterable

from tallyproof.figures.svg import element

UNITS = 1000
"""The axis in units of the view box; the page stretches it to the room there is."""


def axis_end(shares: Iterable[float | None]) -> int:
    """How far the axis goes, in multiples of the line: once, or twice where a bar reaches beyond it."""
    return 2 if any(share is not None and share > 1 for share in shares) else 1


def bar(share: float | None, end: int = 1, *, kind: str = "") -> str:
    """One bar of ``share`` times the line, on an axis from 0 to ``end`` times the line.

    A bar that reaches beyond the axis ends in a cut; a bar that is there at all is at least a sliver.
    The text beside it says the number, so it is hidden from screen readers.
    """
    known = share or 0.0
    long = min(known / end, 1.0) * UNITS
    parts = [element("rect", x=0, y=0, width=UNITS, height=12, class_="track")]
    if known > 0:
        parts.append(element("rect", x=0, y=0, width=max(long, 2.0), height=12, class_=f"bar {kind}".strip()))
    if known > end:
        parts.append(
            element("path", d=f"M{UNITS - 14} 12 L{UNITS - 6} 0 H{UNITS - 2} L{UNITS - 10} 12Z", class_="cut")
        )
    parts.append(element("rect", x=UNITS / end - 3, y=0, width=3, height=12, class_="mark"))
    return element(
        "svg",
        *parts,
        viewBox=f"0 0 {UNITS} 12",
        preserveAspectRatio="none",
        class_="bar-chart",
        aria_hidden="true",
    )
