"""Days that federal law sets between the election of electors and the count of their votes."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from tallyproof.recount.rule import Confidence, Event, Moment, Told


class FederalRule(Told, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A day by the law that holds for elections from a day to a day; without a title a step to others.

    ``event`` is what other rules call it. ``place`` is whose clock tells the time of day.
    """

    event: Event
    by: Moment
    title: str = ""
    words: str = ""
    place: Annotated[str, Meta(pattern=r"^(state|washington)$")] = "state"
    effective_from: date | None = None
    effective_to: date | None = None


class FederalRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The federal rule file; a rule counts from the end of November, of the year, or from one before it."""

    as_of: str
    confidence: Confidence
    sources: tuple[str, ...]
    rules: Annotated[tuple[FederalRule, ...], Meta(min_length=1)] = msgspec.field(name="rule")


def is_presidential(day: date) -> bool:
    """Whether electors are chosen on that day: the Tuesday after November's first Monday, every fourth year.

    3 U.S.C. 1 and 21.
    """
    return day.year % 4 == 0 and day.month == 11 and day.weekday() == 1 and 2 <= day.day <= 8
