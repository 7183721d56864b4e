"""The words that maps and charts write themselves, in English unless the page hands others over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def safe(text: str) -> str:
    r"""Text as it may stand in SVG and HTML: escaped, and without signs that XML has no place for.

    >>> safe('<b>"Dane"\x00</b>')
    '&lt;b&gt;&quot;Dane&quot;&lt;/b&gt;'
    """
    return escape(_UNPRINTABLE.sub("", text))


@dataclass(frozen=True, slots=True)
class MapWords:
    """What a map says of itself; each text may name the fields that stand in its default."""

    leads: str = "{name} leads in {count}"
    dotted: str = "with a dot"
    from_to: str = "{low} to {high} points"
    under: str = "under {high} points"
    or_more: str = "{low} points or more"
    share_from_to: str = "{low} to {high} %"
    share_under: str = "under {high} %"
    share_or_more: str = "{low} % or more"
    tied: str = "Tied"
    too_little: str = "Too little counted to colour"
    no_figures: str = "No figures"
    legend: str = "Counties by lead, in points of all votes"
    states_legend: str = "States by lead, in points of all votes"
    share_legend: str = "Counties by share"
    size_legend: str = "The area of a circle is the lead in votes; below the map are circles of {sizes} votes"
    elsewhere: str = "Not on the map, for want of an outline"
    more: str = "and {count} more, in the table"
    skip: str = "Skip the map"
    source: str = "County boundaries of 2016: U.S. Census Bureau"
