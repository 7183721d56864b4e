"""Round numbers and round times for axes, and places along them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEPS = (
    *(hours * HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * DAY for days in (1, 2, 7, 14, 28, 91, 182, 364)),
)
"""Steps of a time axis; after the last one its multiples."""


def round_numbers(low: float, high: float, most: int = 5) -> list[int]:
    """Whole numbers from ``low`` to ``high``, at most so many beside 0, all multiples of 1, 2 or 5 × 10ⁿ.

    >>> round_numbers(-3000, 22617)
    [0, 10000, 20000]
    """
    step = max(1, _round_up((high - low) / most))
    first, last = math.ceil(low / step), math.floor(high / step)
    return [place * step for place in range(first, last + 1)]


def _round_up(number: float) -> int:
    """The least of 1, 2 and 5 times a power of ten that is not below it; 1 for what is smaller."""
    if number <= 1:
        return 1
    power: int = 10 ** math.floor(math.log10(number))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= number)


def percent(number: float) -> str:
    """A place along an axis as SVG has it.

    >>> percent(12.345678), percent(96.0)
    ('12.35%', '96%')
    """
    return f"{number:.2f}".rstrip("0").rstrip(".") + "%"


def round_times(first: datetime, last: datetime, most: int = 8) -> list[datetime]:
    """Full hours or midnights of the first time's zone within the span, at most so many."""
    span = last - first
    step = next((step for step in STEPS if span <= step * most), None)
    step = step or STEPS[-1] * math.ceil(span / (STEPS[-1] * most))
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    return list(_times(midnight, step, first, last.astimezone(first.tzinfo) if first.tzinfo else last))


def _times(start: datetime, step: timedelta, first: datetime, last: datetime) -> Iterator[datetime]:
    while start <= last:
        if start >= first:
            yield start
        start += step
