"""What Clarity's texts mean: times with a zone's letters, days, candidates with party and (I)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

ZONES = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "AKST": -9, "AKDT": -8, "HST": -10, "AST": -4, "ADT": -3, "CHST": 10, "SST": -11,
    "UTC": 0, "GMT": 0,
}  # fmt: skip
"""Hours from UTC of the zone abbreviations that stand in time stamps instead of offsets."""

_STAMP = re.compile(r"(\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2} [AP]M) ([A-Z]+)", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_PARTIES = {
    "dem", "rep", "lib", "grn", "gre", "con", "ind", "np", "nonpartisan", "non", "d", "r", "l", "g",
    "democrat", "democratic", "republican", "libertarian", "green", "independent", "constitution",
}  # fmt: skip
_INCUMBENT = {"i", "inc", "incumbent"}
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*$")


def moment(text: str) -> tuple[datetime | None, str]:
    """The moment of a time stamp such as "11/20/2020 3:37:06 PM EST", or what is wrong with it.

    >>> moment("11/5/2020 11:39:44 AM EST")[0].isoformat()
    '2020-11-05T11:39:44-05:00'
    """
    plain = " ".join(text.split())
    found = _STAMP.fullmatch(plain)
    zone = found and found[2].upper()
    if not found or zone not in ZONES:
        return None, f"has the time stamp '{plain}', which cannot be read" if plain else ""
    try:
        local = datetime.strptime(found[1], "%m/%d/%Y %I:%M:%S %p")  # noqa: DTZ007 - the zone comes next
    except ValueError:
        return None, f"has the time stamp '{plain}', which cannot be read"
    return local.replace(tzinfo=timezone(timedelta(hours=ZONES[zone]), zone)), ""


def day(text: str) -> date | None:
    """The day of "11/3/2020"; None where it cannot be read."""
    found = _DAY.fullmatch(text.strip())
    try:
        return date(int(found[3]), int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


@lru_cache(maxsize=65_536)
def candidate(text: str, party: str) -> tuple[str, str]:
    """Name and party of a choice; a party in brackets behind the name stands in for none or "NP".

    >>> candidate("Donald J. Trump (I) (Rep)", "NP"), candidate("Robert (Bob) Burns", "")
    (('Donald J. Trump', 'Rep'), ('Robert (Bob) Burns', ''))
    """
    name, told = text.strip(), ""
    while (found := _IN_BRACKETS.search(name)) and found.start():
        word = found[1].strip().casefold()
        if word not in _PARTIES and word not in _INCUMBENT:
            break
        told = told or (found[1].strip() if word in _PARTIES else "")
        name = name[: found.start()]
    is_silent = party.strip().casefold() in {"", "np", "non", "nonpartisan"}
    return name, told if told and is_silent else party
