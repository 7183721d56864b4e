"""From the names of counties, as sources and our tables write them, to FIPS codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from tallyproof.election.jurisdiction import place_key
from tallyproof.figures.geometry import NATION, Outline, has_sheet, sheet

Place = str | tuple[str, str]
"""A county: its name, or its five digits; on a map of the country the state's postal code and the name."""

ALSO: dict[str, dict[str, str]] = {
    "AK": {"statewide": "02000", "alaskastatewide": "02000"},
    "DC": {"dc": "11001", "washington": "11001", "washingtondc": "11001"},
    "FL": {"dade": "12086"},
    "LA": {
        "ebatonrouge": "22033", "wbatonrouge": "22121", "ecarroll": "22035", "wcarroll": "22123",
        "efeliciana": "22037", "wfeliciana": "22125", "stjohn": "22095", "jeffdavis": "22053",
    },
    "MS": {"jeffdavis": "28065"},
    "NV": {"carson": "32510"},
    "NY": {"manhattan": "36061", "brooklyn": "36047", "statenisland": "36085"},
    "SD": {"shannon": "46102"},
}  # fmt: skip
"""Other names in use, and earlier ones: Dade is Miami-Dade since 1997, Shannon Oglala Lakota since 2015."""

RENUMBERED = {"12025": "12086", "46113": "46102"}
"""FIPS codes that went with the earlier names."""

_ENDING = re.compile(r"-(county|parish|co|cnty|borough|census-area|municipality|city-and-borough)$")
_BEGINNING = re.compile(r"^(county|parish)-of-")
_CITY_OF = re.compile(r"^city-of-(.+)$")


@lru_cache(maxsize=16_384)
def county_key(name: str) -> str:
    """A key under which spellings of one county meet: accents, saints, spaces, "County" and "City of".

    >>> county_key("LA PORTE COUNTY") == county_key("LaPorte"), county_key("City of Richmond")
    (True, 'richmondcity')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    key = _CITY_OF.sub(r"\1-city", _BEGINNING.sub("", place_key(plain)))
    key = _ENDING.sub("", key)
    words = ("ste" if word == "sainte" else word for word in key.split("-"))
    return "".join(words)


def fips_of(state: str, place: Place) -> str | None:
    """The FIPS code of a county; None where this name has no outline: a town, a district, a later region.

    ``state`` is a postal code, or US with places that name their state. A name that a county and a city
    outside of it share is the county's; the city's own ends in "city".
    """
    own, name = place if isinstance(place, tuple) else (state, place)
    text = name.strip()
    if not has_sheet(state) or state not in {NATION, own}:
        return None
    if text.isascii() and text.isdecimal() and len(text) in {4, 5}:
        return _numbered(state, text.zfill(5))
    return _names(state).get(own, {}).get(county_key(text))


def _numbered(state: str, digits: str) -> str | None:
    code = RENUMBERED.get(digits, digits)
    return code if code in _codes(state) else None


@lru_cache(maxsize=64)
def _codes(state: str) -> frozenset[str]:
    return frozenset(each.fips for each in sheet(state).outlines)


@lru_cache(maxsize=64)
def _names(state: str) -> dict[str, dict[str, str]]:
    """For each state on a map, keys of names to FIPS codes; a county takes a name before a city does."""
    known: dict[str, dict[str, str]] = {}
    for outline in sorted(sheet(state).outlines, key=lambda each: each.kind != "city"):
        own = known.setdefault(outline.state, dict(ALSO.get(outline.state, {})))
        own.update((key, outline.fips) for key in _keys(outline))
    return known


def _keys(outline: Outline) -> Iterator[str]:
    key = county_key(outline.name)
    yield key
    if outline.kind == "city":
        yield f"{key}city"
