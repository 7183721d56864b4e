"""The fifty states and D.C. as tiles of one size, each with its lead and how final it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tallyproof.election.jurisdiction import STATES
from tallyproof.figures.frame import Frame, linked
from tallyproof.figures.legend import (
    LEAST_COUNTED,
    dots,
    dotted_letter,
    elsewhere,
    filled,
    kind_of,
    legend,
    patterns,
    titled,
)
from tallyproof.figures.placing import MapValue
from tallyproof.figures.shades import Scale, Share
from tallyproof.figures.svg import element
from tallyproof.figures.wording import MapWords, safe

LAYOUT = (
    "AK                            ME",
    "                           VT NH",
    "WA ID MT ND MN IL WI MI NY RI MA",
    "OR NV WY SD IA IN OH PA NJ CT   ",
    "CA UT CO NE MO KY WV VA MD DE   ",
    "   AZ NM KS AR TN NC SC DC      ",
    "         OK LA MS AL GA         ",
    "HI       TX             FL      ",
)
"""Where each state stands; every tile has three signs here."""

SIDE, GAP = 56, 4
"""Units of a tile and between two."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A state: its value as on a map, its lead in few signs, and the key of its status."""

    value: MapValue = field(default_factory=MapValue)
    short: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a status is shown: one sign for the tile's corner and what it means."""

    sign: str
    label: str


def places() -> dict[str, tuple[int, int]]:
    """Column and row of each state's tile, by postal code, row by row."""
    return {
        line[at : at + 2]: (at // 3, row)
        for row, line in enumerate(LAYOUT)
        for at in range(0, len(line), 3)
        if line[at : at + 2].strip()
    }


def state_tiles(
    tiles: Mapping[str, Tile],
    *,
    scale: Scale,
    statuses: Mapping[str, Mark],
    title: str,
    description: str = "",
    least_counted: Share = LEAST_COUNTED,
    words: MapWords | None = None,
    id: str = "tiles",
) -> str:
    """A figure for a page: the states' tiles by postal code, legends of leads and statuses, the rest listed.

    What is no state, such as a district that chooses an elector of its own, stands in the list. The rest is
    as in ``choropleth``.
    """
    words = words or MapWords()
    shown = {code: tiles.get(code, Tile()) for code in places()}
    kinds = [kind_of(tile.value, scale, least_counted) for tile in shown.values()]
    dotted = dotted_letter(kinds) if scale.is_margin else "none"
    drawn = (
        _tile(code, tile, kind, statuses, id, is_dotted=kind.startswith(dotted))
        for (code, tile), kind in zip(shown.items(), kinds, strict=True)
    )
    listed = [(tile.value.name or code, tile.value) for code, tile in tiles.items() if code not in shown]
    frame = Frame(title, description, words, id)
    width, height = (count * (SIDE + GAP) for count in (11, len(LAYOUT)))
    drawing = frame.drawing([patterns(id), *drawn], f"0 0 {width} {height}", "map tiles")
    own = replace(scale, legend=words.states_legend if scale.is_margin else scale.legend)
    beside = legend(own, kinds, words, id) + _statuses(shown, statuses) + elsewhere(listed, words)
    return frame.figure(drawing, beside, has_links=any(tile.value.href for tile in shown.values()))


def _tile(code: str, tile: Tile, kind: str, statuses: Mapping[str, Mark], id: str, *, is_dotted: bool) -> str:
    column, row = places()[code]
    x, y = column * (SIDE + GAP) + GAP // 2, row * (SIDE + GAP) + GAP // 2
    parts = [
        element("rect", x=x, y=y, width=SIDE, height=SIDE, rx=3, **filled(kind, id)),
        *_texts(code, tile, statuses.get(tile.status), x, y),
        dots([(x + SIDE - 10, y + 10)]) if is_dotted else "",
    ]
    name = tile.value.name or STATES[code]
    return linked(element("g", *parts, class_=f"tile on-{kind}"), name, tile.value)


def _texts(code: str, tile: Tile, mark: Mark | None, x: int, y: int) -> Iterator[str]:
    yield element("text", code, x=x + 6, y=y + 24, class_="code")
    if tile.short:
        yield element("text", safe(tile.short), x=x + 6, y=y + 46, class_="short")
    if mark:
        yield element("text", safe(mark.sign), x=x + SIDE - 5, y=y + 46, text_anchor="end", class_="status")


def _statuses(shown: Mapping[str, Tile], statuses: Mapping[str, Mark]) -> str:
    counted = Counter(tile.status for tile in shown.values())
    rows = [_status(mark, counted[key]) for key, mark in statuses.items() if counted[key]]
    return titled("", [f"<ul>{''.join(rows)}</ul>"]) if rows else ""


def _status(mark: Mark, count: int) -> str:
    sign = f'<span class="sign" aria-hidden="true">{safe(mark.sign)}</span>'
    return f"<li>{sign}<span>{safe(mark.label)}</span><b>{count:,}</b></li>"
