"""Scales: which class of shade a share or a margin belongs to, and what the class is called."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from tallyproof.figures.wording import MapWords

Share = Fraction | float

MARGINS = (Fraction(1, 20), Fraction(3, 20), Fraction(3, 10))
"""Where a stronger shade begins: a lead of 5, 15 and 30 points of all votes."""

MOST_SHADES = 4
"""Shades of one side that the style sheet knows, weakest first."""


@dataclass(frozen=True, slots=True)
class Shade:
    """One class: ``kind`` names its colour in the style sheet, ``label`` says what it holds."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Classes of shares. With a second side, shares above 0 are the first side's and those below 0 its.

    ``bounds`` go up and part the classes of a side, so that there is one shade more than bounds. They are
    floats: a share of fewer than 10 to the 14 votes is on the same side of a bound as float and as fraction.
    """

    bounds: tuple[float, ...]
    first: tuple[Shade, ...]
    second: tuple[Shade, ...] = ()
    tied: Shade | None = None
    sides: tuple[str, str] = ("", "")
    legend: str = ""

    @property
    def is_margin(self) -> bool:
        """Whether it has two sides."""
        return bool(self.second)

    def shade(self, share: Share) -> Shade:
        """The class of a share; a bound belongs to the stronger class."""
        if self.tied and share == 0:
            return self.tied
        side = self.second if self.second and share < 0 else self.first
        return side[bisect_right(self.bounds, abs(float(share)) if self.second else float(share))]


def margin_scale(
    first: str, second: str, words: MapWords | None = None, bounds: Sequence[Share] = MARGINS
) -> Scale:
    """Leads of two choices by name, as shares of all votes: above 0 the first one's, below 0 the second's."""
    words = words or MapWords()
    labels = _labels(bounds, words.under, words.from_to, words.or_more)
    return Scale(
        tuple(map(float, bounds)),
        _side("a", labels),
        _side("b", labels),
        Shade("tied", words.tied),
        (first, second),
        words.legend,
    )


def share_scale(bounds: Sequence[Share], words: MapWords | None = None) -> Scale:
    """Shares from 0 up, such as turnout or what is counted, parted at ``bounds``; darker is more."""
    words = words or MapWords()
    labels = _labels(bounds, words.share_under, words.share_from_to, words.share_or_more)
    return Scale(tuple(map(float, bounds)), _side("s", labels), legend=words.share_legend)


def known(share: Share | None) -> Share | None:
    """The share; None where it is not a finite number."""
    return share if share is not None and math.isfinite(share) else None


def _labels(bounds: Sequence[Share], under: str, between: str, above: str) -> list[str]:
    if not 0 < len(bounds) < MOST_SHADES or list(bounds) != sorted(set(bounds)):
        raise ValueError(f"a scale is parted at one to {MOST_SHADES - 1} shares that go up, not at {bounds}")
    points = [f"{float(100 * bound):.10g}" for bound in bounds]
    middle = [between.format(low=low, high=high) for low, high in pairwise(points)]
    return [under.format(high=points[0]), *middle, above.format(low=points[-1])]


def _side(letter: str, labels: Sequence[str]) -> tuple[Shade, ...]:
    """The strongest class has the last shade, so that few classes lie far apart too."""
    skipped = MOST_SHADES - len(labels)
    return tuple(Shade(f"{letter}{place + 1 + skipped}", label) for place, label in enumerate(labels))
