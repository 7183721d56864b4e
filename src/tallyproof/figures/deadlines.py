"""Deadlines as bars on one axis of time, with a line for the time of asking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tallyproof.figures.svg import element
from tallyproof.figures.ticks import percent, round_times
from tallyproof.figures.wording import safe

BEGIN, END = 1.5, 97.0
"""Where the axis begins and ends, in percent of the width, so that marks at its ends have room."""

FAR = 3
"""The time of asking is on the axis where it lies within the span of the deadlines, or a third beyond."""

EDGE = 14.0
"""Percent of the width at either end where a day's name would leave the drawing."""


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: its name and page, from when it runs (None where unknown) until when, and how it stands.

    ``kind`` is a class of the style sheet (open, past, coming, act); the word for it belongs into ``told``.
    """

    name: str
    ends: datetime
    told: str
    begins: datetime | None = None
    note: str = ""
    href: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last time of an axis."""

    first: datetime
    last: datetime

    def place(self, at: datetime) -> float:
        """Percent of the width, at most where the axis begins or ends."""
        whole = (self.last - self.first).total_seconds()
        share = (at - self.first).total_seconds() / whole
        return BEGIN + (END - BEGIN) * min(1.0, max(0.0, share))


def span_of(dues: Sequence[Due], asked: datetime) -> Span:
    """The axis that shows every deadline, and the time of asking where it is not far from them."""
    times = [at for each in dues for at in (each.begins, each.ends) if at is not None]
    first, last = min(times), max(times)
    near = max((last - first) / FAR, timedelta(days=1))
    if first - near <= asked <= last + near:
        first, last = min(first, asked), max(last, asked)
    return Span(first, max(last, first + timedelta(days=1)))


def deadlines_axis(
    dues: Sequence[Due],
    asked: datetime,
    *,
    caption: str,
    asked_told: str,
    day: Callable[[datetime], str] = lambda time: f"{time.day} {time:%b}",
) -> str:
    """A figure for a page: the deadlines in the order given under one axis; empty without any.

    ``asked_told`` names the line of the time of asking. Where that lies far before or after all deadlines,
    it stands at the end of the axis with an arrow. Times carry their zones.
    """
    if not dues:
        return ""
    span = span_of(dues, asked)
    rows = "".join(_row(each, span, asked) for each in dues)
    return (
        f'<figure class="stakes dues"><figcaption><p>{safe(caption)}</p></figcaption>'
        f"{_head(span, asked, asked_told, day)}<ol>{rows}</ol></figure>"
    )


def _head(span: Span, asked: datetime, told: str, day: Callable[[datetime], str]) -> str:
    parts = [*_ticks(span, day), *_asked(span, asked, told)]
    return element("svg", *parts, width="100%", height=48, class_="flow stake-head", aria_hidden="true")


def _ticks(span: Span, day: Callable[[datetime], str]) -> Iterator[str]:
    times = round_times(span.first, span.last, 6)
    named = ""
    for place, time in enumerate(times):
        share, name = span.place(time), day(time)
        x = percent(share)
        parts = [element("line", x1=x, x2=x, y1=42, y2=48, class_="grid")]
        if name != named:
            anchor = "start" if share < EDGE else "end" if share > 100 - EDGE else "middle"
            parts.append(element("text", safe(name), x=x, y=38, text_anchor=anchor))
        named = name
        yield element("g", *parts, class_="extra" if len(times) > 4 and place % 2 else "tick")


def _asked(span: Span, asked: datetime, told: str) -> Iterator[str]:
    share = span.place(asked)
    text = f"← {told}" if asked < span.first else f"{told} →" if asked > span.last else told
    anchor = "end" if share > 50 else "start"
    yield element("text", safe(text), x=percent(share), y=14, text_anchor=anchor, class_="side")
    yield element("line", x1=percent(share), x2=percent(share), y1=18, y2=48, class_="margin")


def _row(due: Due, span: Span, asked: datetime) -> str:
    name = f'<a href="{safe(due.href)}">{safe(due.name)}</a>' if due.href else safe(due.name)
    note = f' <span class="soft">{safe(due.note)}</span>' if due.note else ""
    return (
        f'<li><span class="stake-name">{name}{note}</span> {_bar(due, span, asked)}'
        f'<span class="stake-votes">{safe(due.told)}</span></li>'
    )


def _bar(due: Due, span: Span, asked: datetime) -> str:
    """The text beside it says the time, so it is hidden from screen readers."""
    end = span.place(due.ends)
    begin = span.place(due.begins) if due.begins is not None else end
    x, kind = percent(end), f"bar {safe(due.kind)}".strip()
    at = percent(span.place(asked))
    parts = [
        element("line", x1=0, x2="100%", y1=22, y2=22, class_="grid"),
        element("rect", x=percent(begin), y=15, width=percent(max(0.4, end - begin)), height=14, class_=kind),
        element("line", x1=x, x2=x, y1=9, y2=35, class_="due"),
        element("line", x1=at, x2=at, y1=0, y2=44, class_="margin"),
    ]
    return element("svg", *parts, width="100%", height=44, class_="flow stake-bar", aria_hidden="true")
