"""Findings by votes at stake against the margin: bars on one axis that goes up evenly or by tens."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tallyproof.figures.svg import element
from tallyproof.figures.ticks import percent, round_numbers
from tallyproof.figures.wording import safe

FINE = 200
"""Where the axis would be more than so many times the smallest bar, it goes up by tens instead."""

NEAR = 9.0
"""Percent of the width that the margin's line needs to itself."""

END = 96.0
"""Percent of the width at which the axis ends, so that its last number has room."""


@dataclass(frozen=True, slots=True)
class Stake:
    """A finding's name and page, its votes at stake, None where unknown, and how they are written.

    ``kind`` is a class of the style sheet, such as a severity; the word for it belongs into ``note``.
    """

    name: str
    votes: int | None
    told: str
    note: str = ""
    href: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class StakeWords:
    """What the chart says of itself."""

    margin: str = "margin {votes}"
    by_tens: str = "Each line of the axis is ten times the one before."
    evenly: str = "The axis begins at 0."
    votes: str = "votes at stake"


@dataclass(frozen=True, slots=True)
class Axis:
    """From nothing to ``end`` votes, evenly; or from 1 vote to ``end`` by tens."""

    end: int
    by_tens: bool

    def place(self, votes: int) -> float:
        """Percent of the width, at most where the axis ends."""
        if votes <= 0:
            return 0.0
        share = math.log10(votes) / math.log10(self.end) if self.by_tens else votes / self.end
        return END * min(1.0, share)

    @property
    def ticks(self) -> list[int]:
        """Round numbers of votes on it."""
        if not self.by_tens:
            return round_numbers(0, self.end, 4)
        return [10**power for power in range(round(math.log10(self.end)) + 1)]


def axis_for(stakes: Sequence[Stake], margin: int | None) -> Axis:
    """The axis that shows the margin and every bar; by tens where the smallest would be a sliver."""
    known = [each.votes for each in stakes if each.votes and each.votes > 0]
    end = max(1, margin or 0, *known, 0)
    if known and end > FINE * min(known):
        return Axis(10 ** max(1, math.ceil(math.log10(end))), by_tens=True)
    return Axis(end, by_tens=False)


def findings_axis(
    stakes: Sequence[Stake], margin: int | None, *, caption: str, words: StakeWords | None = None
) -> str:
    """A figure for a page: the findings in the order given, each with its bar, under one axis.

    ``margin`` in votes is drawn as a line through all bars. Whether the axis goes up evenly or by tens is
    said below the caption. Empty without findings.
    """
    if not stakes:
        return ""
    words = words or StakeWords()
    axis = axis_for(stakes, margin)
    note = words.by_tens if axis.by_tens else words.evenly
    rows = "".join(_row(each, axis, margin) for each in stakes)
    told = f"<p>{safe(caption)}</p><p>{safe(note)}</p>"
    return (
        f'<figure class="stakes"><figcaption>{told}</figcaption>'
        f"{_head(axis, margin, words)}<ol>{rows}</ol></figure>"
    )


def _head(axis: Axis, margin: int | None, words: StakeWords) -> str:
    parts = [*_ticks(axis, margin), *([] if margin is None else _margin(axis, margin, words))]
    return element("svg", *parts, width="100%", height=44, class_="flow stake-head", aria_hidden="true")


def _ticks(axis: Axis, margin: int | None) -> Iterator[str]:
    """Marks with their numbers; a number gives way to the margin's line."""
    ticks = axis.ticks
    for place, number in enumerate(ticks):
        share = axis.place(number)
        x = percent(share)
        parts = [element("line", x1=x, x2=x, y1=38, y2=44, class_="grid")]
        if margin is None or abs(share - axis.place(margin)) > NEAR:
            anchor = "middle" if place else "start"
            parts.append(element("text", f"{number:,}", x=x, y=34, text_anchor=anchor))
        is_extra = len(ticks) > 5 and place % 2 == 1
        yield element("g", *parts, class_="extra" if is_extra else "tick")


def _margin(axis: Axis, margin: int, words: StakeWords) -> Iterator[str]:
    share = axis.place(margin)
    anchor = "end" if share > 50 else "start"
    told = safe(words.margin.format(votes=f"{margin:,}"))
    yield element("text", told, x=percent(share), y=14, text_anchor=anchor, class_="side")
    yield element("line", x1=percent(share), x2=percent(share), y1=18, y2=44, class_="margin")


def _row(stake: Stake, axis: Axis, margin: int | None) -> str:
    name = f'<a href="{safe(stake.href)}">{safe(stake.name)}</a>' if stake.href else safe(stake.name)
    note = f' <span class="soft">{safe(stake.note)}</span>' if stake.note else ""
    return (
        f'<li><span class="stake-name">{name}{note}</span>{_bar(stake, axis, margin)}'
        f'<span class="stake-votes">{safe(stake.told)}</span></li>'
    )


def _bar(stake: Stake, axis: Axis, margin: int | None) -> str:
    """The text beside it says the number, so it is hidden from screen readers."""
    parts = [element("line", x1=0, x2="100%", y1=22, y2=22, class_="grid")]
    if stake.votes:
        width = percent(max(0.6, axis.place(stake.votes)))
        kind = f"bar {safe(stake.kind)}".strip()
        parts.append(element("rect", x=0, y=14, width=width, height=16, class_=kind))
    if margin is not None:
        x = percent(axis.place(margin))
        parts.append(element("line", x1=x, x2=x, y1=0, y2=44, class_="margin"))
    return element("svg", *parts, width="100%", height=44, class_="flow stake-bar", aria_hidden="true")
