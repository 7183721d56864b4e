"""Lays what is known of counties on their outlines; what has none is kept for a list beside the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tallyproof.election.jurisdiction import STATES
from tallyproof.figures.crosswalk import Place, fips_of
from tallyproof.figures.geometry import NATION, Outline, Sheet, sheet
from tallyproof.figures.shades import Share, known


@dataclass(frozen=True, slots=True)
class MapValue:
    """What a map shows of one county.

    ``lead`` is votes, above 0 for the first side and below for the second; ``total`` all votes; ``value``
    the share to colour by, the lead over the total where not given. ``counted`` is the share of the expected
    votes that is in; None where nobody says, which counts as enough. ``words`` are the numbers as a reader
    should hear them, after the county's name; ``href`` is the page to go to.
    """

    lead: int | None = None
    total: int | None = None
    value: Share | None = None
    counted: Share | None = None
    words: str = ""
    href: str = ""
    name: str = ""

    @property
    def share(self) -> Share | None:
        """The share to colour by; None where it is not known."""
        if self.value is not None or self.lead is None or not self.total or self.total < 0:
            return known(self.value)
        return self.lead / self.total

    def is_enough(self, least: Share) -> bool:
        """Whether so much is counted that a colour says something."""
        counted = known(self.counted)
        return self.counted is None or (counted is not None and counted >= least)


@dataclass(frozen=True, slots=True)
class Placed:
    """An outline and what is known of it, under the name that the page uses."""

    outline: Outline
    name: str
    value: MapValue


@dataclass(frozen=True, slots=True)
class Laid:
    """A sheet with every outline once, and whatever came without one: name and value."""

    sheet: Sheet
    placed: tuple[Placed, ...]
    listed: tuple[tuple[str, MapValue], ...]


def lay(state: str, values: Mapping[Place, MapValue]) -> Laid:
    """Every outline of the state or of US with its value, empty where there is none; the rest listed.

    A second value for the same county is listed too. Raises RequestError where there is no such map.
    """
    own = sheet(state)
    taken: dict[str, Place] = {}
    listed = []
    for place, value in values.items():
        fips = fips_of(state, place)
        if fips is None or taken.setdefault(fips, place) != place:
            listed.append((value.name or _written(place), value))
    placed = (_placed(own, outline, taken.get(outline.fips), values) for outline in own.outlines)
    return Laid(own, tuple(placed), tuple(listed))


def _placed(own: Sheet, outline: Outline, place: Place | None, values: Mapping[Place, MapValue]) -> Placed:
    value = MapValue() if place is None else values[place]
    return Placed(outline, value.name or _called(own, outline), value)


def _called(own: Sheet, outline: Outline) -> str:
    name = f"{outline.name} city" if outline.kind == "city" else outline.name
    return f"{name}, {outline.state}" if own.state == NATION and name != STATES[outline.state] else name


def _written(place: Place) -> str:
    return place if isinstance(place, str) else f"{place[1]}, {place[0]}"
