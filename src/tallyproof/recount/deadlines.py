"""Deadlines of the law in one contest: when, counted from what, and where they stand on the day of asking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from tallyproof.recount.calendar import Happened, Office, Reckoned, reckon
from tallyproof.recount.knowing import is_checked, known_of
from tallyproof.recount.options import DeadlineAnswer, Standing
from tallyproof.recount.rule import EVENTS, Act, Deadline, StateRules

_COUNTED = ("words", "closes", "act")
_NO_CLOCK = Reckoned(None, ())


def stand(
    deadline: Deadline,
    acts: Mapping[str, Happened],
    office: Office,
    on: dt.datetime,
    rules: StateRules,
) -> DeadlineAnswer:
    """A deadline worked out for the time of asking, which carries its zone.

    A rule known from memory only gets no time: it is said where to look it up.
    """
    checked = is_checked(deadline, *_COUNTED)
    closes = reckon(deadline.closes, acts, office) if deadline.closes and checked else _NO_CLOCK
    opens = (
        reckon(deadline.opens, acts, office)
        if deadline.opens and checked and is_checked(deadline, "opens")
        else _NO_CLOCK
    )
    standing = standing_of(closes, on, opens) if checked else Standing.UNKNOWN
    needs = tuple(dict.fromkeys((*closes.needs, *opens.needs)))
    look_up = "" if checked else _look_up(deadline)
    return DeadlineAnswer(
        act=deadline.act.value,
        words=deadline.words,
        closes=closes.at,
        earliest=closes.earliest,
        opens=opens.at,
        starts=closes.starts,
        chain=closes.chain,
        needs=needs,
        standing=standing,
        sentence=_sentence(deadline, closes, opens, standing, look_up),
        look_up=look_up,
        known=known_of(deadline, rules),
    )


def standing_of(closes: Reckoned, on: dt.datetime, opens: Reckoned = _NO_CLOCK) -> Standing:
    """Not yet running where the act it is counted from has not happened on the day of asking.

    Unknown where the hour of that act, which is not known, decides.
    """
    if opens.at is not None and on < opens.at:
        return Standing.NOT_YET_RUNNING
    if closes.at is None:
        return Standing.UNKNOWN
    if on > closes.at:
        return Standing.PAST
    if closes.starts is not None and on < closes.starts:
        return Standing.NOT_YET_RUNNING
    if closes.earliest is not None and on > closes.earliest:
        return Standing.UNKNOWN
    return Standing.OPEN


def _look_up(deadline: Deadline) -> str:
    return (
        "This rule has not been checked against its source, so no day is counted from it. "
        f"Look it up in {deadline.citation}."
    )


def _sentence(deadline: Deadline, closes: Reckoned, opens: Reckoned, standing: Standing, look_up: str) -> str:
    rule = f"{deadline.words[:1].upper()}{deadline.words[1:]}."
    if look_up:
        return f"{rule} {look_up}"
    if closes.at is None:
        acts = ", ".join(EVENTS[event] for event in closes.needs)
        return f"{rule} The day cannot be counted: it is not known when this was: {acts}." if acts else rule
    when = said_between(closes.earliest, closes.at)
    if deadline.act in {Act.START, Act.COMPLETION}:
        return f"{rule} It {'was' if standing is Standing.PAST else 'is'} due by {when}."
    match standing:
        case Standing.PAST:
            return f"{rule} It ended {when}."
        case Standing.NOT_YET_RUNNING:
            start = f", and opens {said(opens.at)}" if opens.at else ""
            return f"{rule} It is not yet running{start}; it ends {when}."
        case Standing.UNKNOWN:
            return f"{rule} It ends {when}; that depends on the hour of the act, which is not known."
        case _:
            return f"{rule} It is open until {when}."


def said_between(earliest: dt.datetime | None, latest: dt.datetime) -> str:
    """The time, or both where it is not known which of the times between."""
    if earliest is None:
        return said(latest)
    return f"{said(earliest)} at the earliest, {said(latest)} at the latest"


def said(at: dt.datetime) -> str:
    """A time with its zone: "Fri 25 Nov 2016, 17:00 CST"."""
    return f"{at:%a} {at.day} {at:%b %Y}, {at:%H:%M} {at.tzname()}"
