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

FIPS: dict[str, str] = {
    "01": "AL", "02": "AK", "04": "AZ", "05": "AR", "06": "CA", "08": "CO", "09": "CT", "10": "DE",
    "11": "DC", "12": "FL", "13": "GA", "15": "HI", "16": "ID", "17": "IL", "18": "IN", "19": "IA",
    "20": "KS", "21": "KY", "22": "LA", "23": "ME", "24": "MD", "25": "MA", "26": "MI", "27": "MN",
    "28": "MS", "29": "MO", "30": "MT", "31": "NE", "32": "NV", "33": "NH", "34": "NJ", "35": "NM",
    "36": "NY", "37": "NC", "38": "ND", "39": "OH", "40": "OK", "41": "OR", "42": "PA", "44": "RI",
    "45": "SC", "46": "SD", "47": "TN", "48": "TX", "49": "UT", "50": "VT", "51": "VA", "53": "WA",
    "54": "WV", "55": "WI", "56": "WY", "60": "AS", "66": "GU", "69": "MP", "72": "PR", "78": "VI",
}  # fmt: skip
"""Postal codes by the two digits with which the Census codes of a state's places begin (FIPS 5-2)."""

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
