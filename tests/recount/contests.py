"""Contests put to the rule files that ship with the program, asked on one day of the clock."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import tallyproof.recount
from tallyproof.recount.calendar import Office
from tallyproof.recount.evaluate import evaluate
from tallyproof.recount.loading import load
from tallyproof.recount.options import RecountOptions, RecountOptionsAnswer
from tallyproof.recount.rule import StateRules

TO_MISSOURI = (
    *("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID"),
    *("IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO"),
)
FROM_MONTANA = (
    *("MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA"),
    *("RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY"),
)
FOLDER = Path(tallyproof.recount.__path__[0]) / "states"
HOLIDAYS = {
    dt.date(2016, 11, 11),
    dt.date(2016, 11, 24),
    dt.date(2020, 11, 11),
    dt.date(2020, 11, 26),
    dt.date(2024, 11, 11),
    dt.date(2024, 11, 28),
    dt.date(2026, 11, 11),
    dt.date(2026, 11, 26),
}
"""Veterans Day and Thanksgiving."""
EASTERN = Office(ZoneInfo("America/New_York"), HOLIDAYS.__contains__)
WORDS = {
    "automatic": "auto",
    "requestable": "ask",
    "discretionary": "weigh",
    "not-available": "no",
    "cannot-be-decided": "open",
    "no-rule-known": "none",
}


@lru_cache
def rules_of(state: str) -> StateRules:
    """Read the state's file."""
    name = f"{state.lower()}.toml"
    return load((FOLDER / name).read_text(encoding="utf-8"), name)


def answered(state: str, day: str, office: str, on: str = "", **given: Any) -> RecountOptionsAnswer:
    """The answer for a contest, asked at noon of election day unless said otherwise."""
    problem = RecountOptions(state=state, date=dt.date.fromisoformat(day), office=office, **given)
    asked = dt.datetime.fromisoformat(on) if on else dt.datetime.combine(problem.date, dt.time(12))
    return evaluate(problem, rules_of(state), EASTERN, asked.replace(tzinfo=EASTERN.zone))


def short(found: RecountOptionsAnswer) -> str:
    """The verdict in a word, with "+free" or "+free?"."""
    return WORDS[found.verdict] + {True: "+free", None: "+free?", False: ""}[found.free]


def two(state: str, day: str, office: str, margin: int, total: int, **more: Any) -> str:
    """The verdict of two choices that share all votes."""
    return short(answered(state, day, office, margin=margin, total=total, only_two=True, **more))


def times(found: RecountOptionsAnswer, act: str) -> list[str]:
    """The ends of the deadlines for an act that could be counted."""
    return [f"{each.closes:%Y-%m-%d %H:%M}" for each in found.deadlines if each.act == act and each.closes]


def charged(found: RecountOptionsAnswer) -> list[str | None]:
    """The amounts of the prices that apply, None where the actual cost is charged."""
    return [tier.amount for cost in found.costs for tier in cost.tiers if tier.applies]
