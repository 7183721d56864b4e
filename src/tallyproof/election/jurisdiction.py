"""States, counties and the names they go by."""

from __future__ import annotations

import re
from functools import lru_cache

STATES: dict[str, str] = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
    "AS": "American Samoa",
    "GU": "Guam",
    "MP": "Northern Mariana Islands",
    "PR": "Puerto Rico",
    "VI": "U.S. Virgin Islands",
}
POSTAL = {name.casefold(): code for code, name in STATES.items()}

_COUNTY_ENDING = re.compile(r"\s+(county|parish|borough|census area|municipality)\s*$", re.IGNORECASE)
_SMALL_WORDS = {"Of": "of", "The": "the", "And": "and", "Du": "du", "Of The": "of the"}


@lru_cache(maxsize=65_536)
def state_code(text: str) -> str:
    """The postal code of a state given by code or name; the text itself in capitals otherwise."""
    stripped = text.strip()
    return POSTAL.get(stripped.casefold(), stripped.upper())


@lru_cache(maxsize=65_536)
def county_name(text: str) -> str:
    """A county's name as we show it: without "County", capitals made readable.

    >>> county_name("ADAMS COUNTY "), county_name("Fond du Lac County")
    ('Adams', 'Fond du Lac')
    """
    name = _COUNTY_ENDING.sub("", " ".join(text.split()))
    if not name.isupper():
        return name
    words = [_capital(word) for word in name.split(" ")]
    return " ".join([words[0], *(_SMALL_WORDS.get(word, word) for word in words[1:])])


def _capital(word: str) -> str:
    """LACROSSE to Lacrosse, O'BRIEN to O'Brien, ST. to St."""
    return re.sub(r"[A-Za-z]+", lambda part: part.group().capitalize(), word).replace("'S", "'s")


@lru_cache(maxsize=262_144)
def place_key(text: str) -> str:
    """A key under which spellings of one place meet: case, punctuation, leading zeros, saints.

    >>> place_key("TOWN OF ADAMS  Wards 1-3") == place_key("Town of Adams Ward 1-3")
    True
    """
    words = re.findall(r"[a-z]+|\d+", text.casefold().replace("&", " and "))
    return "-".join(_place_word(word) for word in words)


def _place_word(word: str) -> str:
    if word.isdecimal():
        return word.lstrip("0") or "0"
    return {"saint": "st", "wards": "ward", "wds": "ward", "precincts": "precinct", "pct": "precinct"}.get(
        word, word
    )
