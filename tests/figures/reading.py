"""Reads figures back: as XML, by what they say of each place."""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree

from tallyproof.figures.placing import MapValue

SVG = "{*}"
Element = ElementTree.Element


def parsed(figure: str) -> Element:
    """The figure as XML; fails where it is not well formed."""
    return ElementTree.fromstring(figure)


def shapes(figure: str) -> Iterator[tuple[str, Element]]:
    """What each shape says of itself, with the shape."""
    for each in parsed(figure).iter():
        if len(each) > 1 and each[0].tag.endswith("title"):
            yield each[0].text or "", each[1]


def said(figure: str) -> Counter[str]:
    """The names that shapes say, once for each shape."""
    return Counter(told.partition(":")[0] for told, _ in shapes(figure))


def listed(figure: str) -> Counter[str]:
    """The names in the list of places without an outline."""
    rows = parsed(figure).iterfind('.//*[@class="map-elsewhere"]/ul/li')
    return Counter("".join(row.itertext()).partition(":")[0] for row in rows)


def kinds(figure: str) -> dict[str, str]:
    """The class of each place's shape, by name."""
    return {told.partition(":")[0]: shape.get("class", "") for told, shape in shapes(figure)}


def legend_numbers(figure: str) -> dict[str, int]:
    """The numbers of the legend, added up by label."""
    numbers: Counter[str] = Counter()
    for row in parsed(figure).iterfind('.//div[@class="map-legend"]//li'):
        *_, told = [span.text or "" for span in row.findall("span")]
        number = row.findtext("b")
        if number:
            numbers[told] += int(number.replace(",", ""))
    return dict(numbers)


def ids(figure: str) -> list[str]:
    """Every id in the figure."""
    return re.findall(r'\bid="([^"]*)"', figure)


def lead(votes: int, total: int, words: str = "", href: str = "") -> MapValue:
    """A value by its lead."""
    return MapValue(votes, total, words=words, href=href)
