"""Maps by county, coloured by the class that a share or a margin belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from tallyproof.figures.crosswalk import Place
from tallyproof.figures.frame import Frame, borders, linked, names
from tallyproof.figures.legend import (
    LEAST_COUNTED,
    dots,
    dotted_points,
    filled,
    kind_of,
    legend,
    patterns,
)
from tallyproof.figures.placing import MapValue, Placed, lay
from tallyproof.figures.shades import Scale, Share
from tallyproof.figures.svg import element
from tallyproof.figures.wording import MapWords


def choropleth(
    state: str,
    values: Mapping[Place, MapValue],
    *,
    scale: Scale,
    title: str,
    description: str = "",
    least_counted: Share = LEAST_COUNTED,
    named: int = 0,
    words: MapWords | None = None,
    id: str = "map",
) -> str:
    """A figure for a page: counties coloured by the class of their share, its legend, places not on it.

    ``state`` is a postal code or US, ``title`` and ``description`` say in words what the map shows, and
    ``named`` is how many of the counties with most votes carry their names. Each county is a link where its
    value has an address. The side that leads in fewer counties has a dot in each of them, so that nobody
    needs to tell the colours apart. ``id`` must be the map's own on its page. Returns HTML with the SVG
    inside; raises RequestError where there is no such map.
    """
    words = words or MapWords()
    laid = lay(state, values)
    kinds = [kind_of(each.value, scale, least_counted) for each in laid.placed]
    parts = [
        patterns(id),
        *(_county(each, kind, id) for each, kind in zip(laid.placed, kinds, strict=True)),
        borders(laid.sheet),
        dots(dotted_points(laid.placed, kinds)) if scale.is_margin else "",
        names(laid, named),
    ]
    return Frame(title, description, words, id).map(laid, parts, legend(scale, kinds, words, id))


def _county(placed: Placed, kind: str, id: str) -> str:
    return linked(element("path", d=placed.outline.path, **filled(kind, id)), placed.name, placed.value)
