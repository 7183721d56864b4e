"""What stands beside a map: its classes with their numbers, and the places that have no outline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from tallyproof.figures.placing import MapValue, Placed
from tallyproof.figures.shades import Scale, Shade, Share
from tallyproof.figures.svg import element
from tallyproof.figures.wording import MapWords, safe

SWATCH = 18

LISTED = 60
"""Places without an outline that are listed beside a map; the table has all of them."""

FOLDED = 12
"""More than so many are folded away, so that the page goes on."""

LITTLE, NONE = "little", "none"
"""Kinds of shade for where too little is counted, and where nothing is known."""

LEAST_COUNTED = Fraction(7, 20)
"""Below this share of the expected votes a place is hatched, not coloured."""


def kind_of(value: MapValue, scale: Scale, least: Share) -> str:
    """The kind of shade for a value: of its class, or of one of the two hatches."""
    if not value.is_enough(least):
        return LITTLE
    share = value.share
    return NONE if share is None else scale.shade(share).kind


def dotted_letter(kinds: Iterable[str]) -> str:
    """The letter of the side whose places carry dots, so that nobody has to tell colours apart.

    It is the side that leads in fewer places; the second one where both lead in as many.
    """
    counted = Counter(kind[:1] for kind in kinds)
    return "a" if counted["a"] < counted["b"] else "b"


def dotted_points(placed: Iterable[Placed], kinds: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The middles of the places that carry dots; ``kinds`` are those of the places, one by one."""
    letter = dotted_letter(kinds)
    return (each.outline.label for each, kind in zip(placed, kinds, strict=True) if kind.startswith(letter))


def legend(scale: Scale, kinds: Sequence[str], words: MapWords, id: str) -> str:
    """The classes of a scale with the number of counties in each, and those without a class last."""
    counted, dotted = Counter(kinds), dotted_letter(kinds) if scale.is_margin else ""
    sides = (
        zip(scale.sides, (scale.first, scale.second), strict=True) if scale.is_margin else [("", scale.first)]
    )
    lists = [
        _group(_heading(words, name, shades, counted, dotted), shades[::-1], counted, dotted, id)
        for name, shades in sides
    ]
    rest = [shade for shade in _apart(scale, words) if counted[shade.kind]]
    return titled(scale.legend, [*lists, _group("", rest, counted, dotted, id)])


def _apart(scale: Scale, words: MapWords) -> list[Shade]:
    tied = [scale.tied] if scale.tied else []
    return [*tied, Shade(LITTLE, words.too_little), Shade(NONE, words.no_figures)]


def _heading(words: MapWords, name: str, shades: Sequence[Shade], counted: Counter[str], dotted: str) -> str:
    if not name:
        return ""
    count = sum(counted[shade.kind] for shade in shades)
    return leads_in(words, name, count, is_dotted=shades[0].kind.startswith(dotted))


def leads_in(words: MapWords, name: str, count: int, *, is_dotted: bool) -> str:
    """In how many places a side leads, and whether they carry dots."""
    told = words.leads.format(name=name, count=f"{count:,}")
    return f"{told}, {words.dotted}" if is_dotted else told


def titled(title: str, parts: Iterable[str]) -> str:
    """A block of the legend under a line that says what it is."""
    head = f"<p>{safe(title)}</p>" if title else ""
    return f'<div class="map-legend">{head}{"".join(parts)}</div>'


def _group(heading: str, shades: Sequence[Shade], counted: Counter[str], dotted: str, id: str) -> str:
    if not shades:
        return ""
    head = f"<p>{safe(heading)}</p>" if heading else ""
    rows = "".join(_row(shade, counted[shade.kind], dotted, id) for shade in shades)
    return f"<div>{head}<ul>{rows}</ul></div>"


def _row(shade: Shade, count: int, dotted: str, id: str) -> str:
    swatch = _swatch(shade.kind, id, is_dotted=bool(dotted) and shade.kind.startswith(dotted))
    return f"<li>{swatch}<span>{safe(shade.label)}</span><b>{count:,}</b></li>"


def _swatch(kind: str, id: str, *, is_dotted: bool) -> str:
    square = element("rect", x=1, y=1, width=SWATCH - 2, height=SWATCH - 2, **filled(kind, id))
    return sign(square, dots([(SWATCH // 2, SWATCH // 2)]) if is_dotted else "")


def sign(*shapes: str) -> str:
    """A small drawing before a line of the legend."""
    return element("svg", *shapes, width=SWATCH, height=SWATCH, class_="map-swatch", aria_hidden="true")


def filled(kind: str, id: str) -> dict[str, str]:
    """The attributes that colour or hatch a shape; hatches are patterns of the map with this id."""
    return {"class_": kind, "fill": f"url(#{id}-{kind})"} if kind in {LITTLE, NONE} else {"class_": kind}


def patterns(id: str) -> str:
    """Two hatches that lean against each other."""
    lines = {LITTLE: "M0 12L12 0M-2 2L2-2M10 14L14 10", NONE: "M0 0L12 12M-2 10L2 14M10-2L14 2"}
    return element("defs", *(_pattern(f"{id}-{kind}", path) for kind, path in lines.items()))


def _pattern(id: str, path: str) -> str:
    ground = element("rect", width=12, height=12, class_="ground")
    hatch = element("path", d=path, class_="hatch")
    return element("pattern", ground, hatch, id=id, width=12, height=12, patternUnits="userSpaceOnUse")


def dots(points: Iterable[tuple[int, int]], kind: str = "dots") -> str:
    """A dot at each point; the kind dots has a rim."""
    path = "".join(f"M{x} {y}h0" for x, y in points)
    if not path:
        return ""
    rims = element("path", class_="rims", d=path) if kind == "dots" else ""
    return rims + element("path", class_=kind, d=path)


def elsewhere(listed: Sequence[tuple[str, MapValue]], words: MapWords) -> str:
    """The places without an outline, each with its numbers and its page; the first of very many."""
    if not listed:
        return ""
    rows = "".join(f"<li>{_named(name, value)}</li>" for name, value in listed[:LISTED])
    if len(listed) > LISTED:
        rows += f"<li>{safe(words.more.format(count=f'{len(listed) - LISTED:,}'))}</li>"
    head = f"{safe(words.elsewhere)} ({len(listed):,}):"
    if len(listed) > FOLDED:
        return f'<details class="map-elsewhere"><summary>{head}</summary><ul>{rows}</ul></details>'
    return f'<div class="map-elsewhere"><p>{head}</p><ul>{rows}</ul></div>'


def _named(name: str, value: MapValue) -> str:
    linked = f'<a href="{safe(value.href)}">{safe(name)}</a>' if value.href else safe(name)
    return f"{linked}: {safe(value.words)}" if value.words else linked
