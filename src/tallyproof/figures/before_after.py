"""A number before and after a correction: two bars from zero and what lies between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tallyproof.figures.svg import element
from tallyproof.figures.ticks import percent
from tallyproof.figures.wording import safe

END = 100.0


@dataclass(frozen=True, slots=True)
class Correction:
    """What was corrected, and its number before and after."""

    name: str
    before: int
    after: int

    @property
    def by(self) -> int:
        """How much was added, below 0 for what was taken away."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class CorrectionWords:
    """What stands before the two numbers."""

    before: str = "before"
    after: str = "after"


def before_after(
    corrections: Sequence[Correction], *, caption: str, words: CorrectionWords | None = None
) -> str:
    """A figure for a page: for each correction its bars on one axis from zero, and its numbers in words.

    Numbers below zero have no bar. The part that was added or taken away is drawn apart and says how much.
    Empty without corrections.
    """
    if not corrections:
        return ""
    words = words or CorrectionWords()
    most = max(1, *(number for each in corrections for number in (each.before, each.after)), 1)
    rows = "".join(_row(each, most, words) for each in corrections)
    return f'<figure class="corrections"><figcaption>{safe(caption)}</figcaption><ol>{rows}</ol></figure>'


def _row(each: Correction, most: int, words: CorrectionWords) -> str:
    sign = "+" if each.by > 0 else "" if each.by else "±"
    return (
        f'<li><span class="correction-name">{safe(each.name)}</span>{_bars(each, most)}'
        f'<span class="correction-told">{safe(words.before)} <b>{_number(each.before)}</b>, '
        f"{safe(words.after)} <b>{_number(each.after)}</b> ({sign}{_number(each.by)})</span></li>"
    )


def _bars(each: Correction, most: int) -> str:
    before, after = (END * max(0, number) / most for number in (each.before, each.after))
    low, high = min(before, after), max(before, after)
    parts = [
        element("rect", x=0, y=2, width=percent(before), height=11, class_="before"),
        element("rect", x=0, y=17, width=percent(after), height=11, class_="after"),
    ]
    if high > low:
        kind = "added" if after > before else "taken"
        y = 17 if after > before else 2
        parts.append(element("rect", x=percent(low), y=y, width=percent(high - low), height=11, class_=kind))
    return element("svg", *parts, width="100%", height=30, class_="flow correction-bars", aria_hidden="true")


def _number(number: int) -> str:
    return f"{number:,}".replace("-", "−")
