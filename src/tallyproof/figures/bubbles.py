"""Maps by county with circles whose area is the lead in votes, because land does not vote."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tallyproof.figures.crosswalk import Place
from tallyproof.figures.frame import EDGE, Frame, borders, linked, names
from tallyproof.figures.geometry import NATION, Sheet
from tallyproof.figures.legend import dots, dotted_letter, dotted_points, leads_in, sign, titled
from tallyproof.figures.placing import MapValue, Placed, lay
from tallyproof.figures.svg import element
from tallyproof.figures.wording import MapWords, safe

LARGEST = {True: 0.035, False: 0.055}
"""Radius of the largest circle by the longer side of the map, for the country and for a state."""

SPECK = 1.5
"""Least radius in units of the map: a tie is there too."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How large circles are: ``most`` votes have ``radius`` units, fewer a circle of so much less area."""

    most: int
    radius: float

    def size(self, lead: int) -> float:
        """The radius for a lead, which may be below 0."""
        return max(SPECK, self.radius * math.sqrt(abs(lead) / self.most)) if self.most else SPECK

    @property
    def steps(self) -> list[int]:
        """Round numbers of votes for the legend, falling: about all, a fifth and a twenty-fifth of most."""
        return sorted({_rounded(self.most // part) for part in (1, 5, 25)} - {0}, reverse=True)


def bubbles(
    state: str,
    values: Mapping[Place, MapValue],
    *,
    sides: tuple[str, str],
    title: str,
    description: str = "",
    largest: int | None = None,
    named: int = 0,
    words: MapWords | None = None,
    id: str = "bubbles",
) -> str:
    """A figure for a page: a circle in each county, its area the lead in votes of either side.

    ``largest`` is the lead of the largest circle, for maps that are to be compared; by default the largest
    lead there is. The rest is as in ``choropleth``.
    """
    words = words or MapWords()
    laid = lay(state, values)
    known = sorted((each for each in laid.placed if each.value.lead is not None), key=_falling)
    kinds = [_kind(_lead(each)) for each in known]
    most = largest or max((abs(_lead(each)) for each in known), default=0)
    measure = Measure(most, max(laid.sheet.width, laid.sheet.height) * LARGEST[state == NATION])
    parts = [
        element("path", d="".join(each.outline.path for each in laid.placed), class_="land"),
        borders(laid.sheet),
        *(_circle(each, kind, measure) for each, kind in zip(known, kinds, strict=True)),
        *(_cross(each) for each in laid.placed if each.value.lead is None),
        dots(dotted_points(known, kinds), "specks"),
        names(laid, named),
        *_ruler(laid.sheet, measure),
    ]
    beside = _legend(kinds, len(laid.placed) - len(known), sides, measure, words)
    strip = 2 * measure.radius + EDGE if measure.steps else 0
    return Frame(title, description, words, id, strip).map(laid, parts, beside)


def _lead(placed: Placed) -> int:
    return placed.value.lead or 0


def _falling(placed: Placed) -> int:
    return -abs(_lead(placed))


def _kind(lead: int) -> str:
    return "a-lead" if lead > 0 else "b-lead" if lead else "tied"


def _circle(placed: Placed, kind: str, measure: Measure) -> str:
    x, y = placed.outline.label
    return linked(
        element("circle", cx=x, cy=y, r=measure.size(_lead(placed)), class_=kind), placed.name, placed.value
    )


def _cross(placed: Placed) -> str:
    x, y = placed.outline.label
    return linked(
        element("path", d=f"M{x - 5} {y - 5}l10 10m0-10l-10 10", class_="unknown"), placed.name, placed.value
    )


def _ruler(own: Sheet, measure: Measure) -> Iterator[str]:
    """Below the map, circles of round numbers of votes in its own measure."""
    for place, votes in enumerate(measure.steps):
        size = measure.size(votes)
        x, y = place * own.width / 3 + size, own.height + 2 * EDGE + measure.radius
        yield element("circle", cx=x, cy=y, r=size, class_="land")
        yield element("text", f"{votes:,}", x=x + size + 8, y=y, dominant_baseline="middle")


def _rounded(votes: int) -> int:
    """The largest of 1, 2 and 5 times a power of ten that is not above it; 0 for none.

    >>> [_rounded(votes) for votes in (0, 1, 4, 99, 162753)]
    [0, 1, 2, 50, 100000]
    """
    if votes < 1:
        return 0
    power: int = 10 ** (len(str(votes)) - 1)
    return next(step * power for step in (5, 2, 1) if step * power <= votes)


def _legend(
    kinds: Sequence[str], unknown: int, sides: tuple[str, str], measure: Measure, words: MapWords
) -> str:
    counted, dotted = Counter(kinds), dotted_letter(kinds)
    rows = [
        _row(_disc(kind, dotted), leads_in(words, name, counted[kind], is_dotted=kind.startswith(dotted)))
        for kind, name in zip(("a-lead", "b-lead"), sides, strict=True)
    ]
    if counted["tied"]:
        rows.append(_row(_disc("tied", dotted), f"{words.tied}: {counted['tied']:,}"))
    if unknown:
        cross = sign(element("path", d="M4 4l10 10m0-10l-10 10", class_="unknown"))
        rows.append(_row(cross, f"{words.no_figures}: {unknown:,}"))
    told = words.size_legend.format(sizes=", ".join(f"{votes:,}" for votes in measure.steps))
    return titled(told if measure.steps else "", [f"<ul>{''.join(rows)}</ul>"])


def _row(drawn: str, label: str) -> str:
    return f"<li>{drawn}<span>{safe(label)}</span></li>"


def _disc(kind: str, dotted: str) -> str:
    circle = element("circle", cx=9, cy=9, r=7, class_=kind)
    return sign(circle, dots([(9, 9)], "specks") if kind.startswith(dotted) else "")
