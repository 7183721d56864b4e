"""What every map has: the figure round it, links on its counties, borders of states, names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tallyproof.figures.geometry import NATION, Sheet
from tallyproof.figures.legend import elsewhere
from tallyproof.figures.placing import Laid, MapValue, Placed
from tallyproof.figures.svg import element
from tallyproof.figures.wording import MapWords, safe

EDGE = 6
"""Units of room round the outlines, for their lines."""

LETTERS = 22
"""Height of names in units of a state's map, whose longer side is 1,000; the style sheet has it too."""

_ID = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a map says of itself; ``strip`` is room below its outlines, in its units."""

    title: str
    description: str
    words: MapWords
    id: str
    strip: float = 0

    def map(self, laid: Laid, parts: Iterable[str], beside: str) -> str:
        """The figure of a map: its parts drawn on its sheet, the legend, and the places not on it."""
        own = laid.sheet
        box = f"{-EDGE} {-EDGE} {own.width + 2 * EDGE} {own.height + 2 * EDGE + self.strip:.0f}"
        drawn = self.drawing(parts, box, _class(own))
        has_links = any(each.value.href for each in laid.placed)
        source = f'<p class="map-source">{safe(self.words.source)}</p>'
        below = f"{beside}{elsewhere(laid.listed, self.words)}{source}"
        return self.figure(drawn, below, has_links=has_links)

    def drawing(self, parts: Iterable[str], box: str, class_: str) -> str:
        """The SVG, called by its title; ``box`` is its view box."""
        told = f"<desc>{safe(self.description)}</desc>" if self.description else ""
        head = f'<svg viewBox="{box}" class="{class_}" role="group" aria-label="{safe(self.title)}">'
        return f"{head}{told}{''.join(parts)}</svg>"

    def figure(self, drawn: str, beside: str, *, has_links: bool) -> str:
        """The figure as HTML: a link past the drawing's own links, the drawing, and what stands beside it."""
        if not _ID.fullmatch(self.id):
            raise ValueError(f"'{self.id}' cannot be the id of a figure: only letters, digits, - and _ can")
        skip = f'<a class="map-skip" href="#{self.id}-end">{safe(self.words.skip)}</a>' if has_links else ""
        return (
            f'<figure class="map-figure" id="{self.id}">{skip}{drawn}'
            f'<div class="map-beside" id="{self.id}-end">{beside}</div></figure>'
        )


def _class(own: Sheet) -> str:
    if own.state == NATION:
        return "map nation"
    return "map tall" if own.height > own.width else "map"


def borders(own: Sheet) -> str:
    """The lines between states; nothing on the map of one state."""
    return element("path", d=own.borders, class_="borders") if own.borders else ""


def linked(shape: str, name: str, value: MapValue) -> str:
    """A shape that says its place's name and numbers, and leads to its page where it has one."""
    title = f"<title>{safe(f'{name}: {value.words}' if value.words else name)}</title>"
    if not value.href:
        return f"<g>{title}{shape}</g>"
    return f'<a href="{safe(value.href)}">{title}{shape}</a>'


def names(laid: Laid, most: int) -> str:
    """The names of at most so many counties, most votes first, where none runs into another or an edge."""
    ordered = sorted(laid.placed, key=lambda each: -(each.value.total or 0))
    taken: list[_Box] = []
    written = []
    for each in ordered[:most]:
        box = _box(each)
        is_inside = box[0] >= -EDGE and box[2] <= laid.sheet.width + EDGE
        if each.value.total and is_inside and not any(_touch(box, other) for other in taken):
            taken.append(box)
            x, y = each.outline.label
            written.append(element("text", safe(each.outline.name), x=x, y=y - LETTERS / 2))
    return element("g", *written, class_="names", aria_hidden="true") if written else ""


def _box(placed: Placed) -> _Box:
    """Where a name above its county's middle lies, at six tenths of its height to a letter."""
    (x, y), half = placed.outline.label, len(placed.outline.name) * LETTERS * 0.3
    return (x - half, y - 1.5 * LETTERS, x + half, y - 0.3 * LETTERS)


def _touch(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
