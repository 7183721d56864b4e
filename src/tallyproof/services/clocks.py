"""The clock and the days off of each state, as its recount deadlines are counted by them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from tallyproof.recount.calendar import Office

_EASTERN, _CENTRAL = "America/New_York", "America/Chicago"
_MOUNTAIN, _PACIFIC = "America/Denver", "America/Los_Angeles"

ZONES: Mapping[str, str] = {
    **dict.fromkeys(("CT", "DC", "DE", "FL", "GA", "KY", "MA", "MD", "ME", "NC", "NH", "NJ"), _EASTERN),
    **dict.fromkeys(("NY", "OH", "PA", "RI", "SC", "VA", "VT", "WV"), _EASTERN),
    **dict.fromkeys(("AL", "AR", "IA", "IL", "KS", "LA", "MN", "MO", "MS", "ND", "NE", "OK"), _CENTRAL),
    **dict.fromkeys(("SD", "TN", "TX", "WI"), _CENTRAL),
    **dict.fromkeys(("CO", "MT", "NM", "UT", "WY"), _MOUNTAIN),
    **dict.fromkeys(("CA", "NV", "OR", "WA"), _PACIFIC),
    "AK": "America/Anchorage",
    "AZ": "America/Phoenix",
    "HI": "Pacific/Honolulu",
    "ID": "America/Boise",
    "IN": "America/Indiana/Indianapolis",
    "MI": "America/Detroit",
}
"""The zone of each capital: state offices keep its time."""

SPLIT: Mapping[str, str] = {
    "AK": "the western Aleutian Islands are an hour behind",
    "FL": "counties west of the Apalachicola River are an hour behind",
    "ID": "counties north of the Salmon River are an hour behind",
    "IN": "counties in the northwest and southwest are an hour behind",
    "KS": "four counties in the west are an hour behind",
    "KY": "the western half is an hour behind",
    "MI": "four counties on the Wisconsin border are an hour behind",
    "ND": "counties in the southwest are an hour behind",
    "NE": "the western third is an hour behind",
    "NV": "West Wendover is an hour ahead",
    "OR": "most of Malheur County is an hour ahead",
    "SD": "the western half is an hour behind",
    "TN": "the eastern third is an hour ahead",
    "TX": "El Paso and Hudspeth counties are an hour behind",
}
"""Where county offices keep another time than the capital."""


@cache
def office_of(state: str) -> Office:
    """The clock of a state's capital, and its legal holidays.

    A day counts as a holiday where the ``holidays`` library lists it for the state and for the United
    States both. What it lists for the state alone is doubtful: such a day is counted, which gives the
    earlier deadline, and the count says so.
    """
    zone = ZoneInfo(ZONES[state])
    return Office(
        zone,
        lambda day: day in _federal(day.year) and day in _own(state, day.year),
        lambda day: day in _own(state, day.year) and day not in _federal(day.year),
    )


@cache
def _federal(year: int) -> frozenset[date]:
    from holidays import country_holidays  # a quarter of a second that most answers do not need

    return frozenset(country_holidays("US", years=year))


@cache
def _own(state: str, year: int) -> frozenset[date]:
    from holidays import country_holidays

    return frozenset(country_holidays("US", subdiv=state, years=year))


def local(at: datetime, state: str) -> datetime:
    """A time in the capital's zone; a time without zone is taken as there."""
    zone = ZoneInfo(ZONES[state])
    return at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)
