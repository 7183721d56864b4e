"""Deadlines as a calendar file (.ics): an event for each rule that was checked, in the state's zone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from tallyproof.documents import statements
from tallyproof.documents.press import visible
from tallyproof.recount.budget import Task

if TYPE_CHECKING:
    from icalendar import Event

_TITLES = {
    "request": "last time to ask for a recount",
    "waiver": "last time to waive the recount",
    "court-contest": "last time to go to court",
    "start": "the recount begins by now",
    "completion": "the recount ends by now",
    "appeal": "last time to appeal",
}


def has_event(task: Task) -> bool:
    """True where the rule was checked and every act it is counted from has a known day."""
    deadline = task.deadline
    return deadline.closes is not None and not deadline.look_up and deadline.known.basis == "source"


def calendar_file(tasks: Iterable[Task], made: datetime, caution: str) -> bytes:
    """The deadlines as iCalendar (RFC 5545) with their zones and without alarms.

    An event keeps its identity when its time changes, so that a newer file takes the place of an older
    one. What has no event is left to the caller to say.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Tallyproof//recount deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Recount deadlines")
    kept = sorted(filter(has_event, tasks), key=_place)
    for task in kept:
        calendar.add_component(_event(task, made, caution))
    if kept:
        years = [_place(task)[0].year for task in kept]
        calendar.add_missing_timezones(date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1))
    return bytes(calendar.to_ical())


def _place(task: Task) -> tuple[datetime, str]:
    return _end(task), task.state


def _end(task: Task) -> datetime:
    """When it ends; the earliest where that hangs on an hour that is not known."""
    assert task.deadline.closes is not None
    return task.deadline.earliest or task.deadline.closes


def _event(task: Task, made: datetime, caution: str) -> Event:
    from icalendar import Event

    deadline = task.deadline
    steps = f"Counted: {' → '.join(deadline.chain)}." if deadline.chain else ""
    opens = f"Not before {deadline.opens.isoformat()}." if deadline.opens else ""
    told = (
        f"{statements.upper(deadline.words)}.", steps, opens, f"{deadline.known.citation}; confidence "
        f"{deadline.known.confidence}; as of {deadline.known.as_of}.", caution,
    )  # fmt: skip
    office = statements.office(task.office)
    event = Event()
    event.add("uid", _identity(task))
    event.add("dtstamp", made)
    event.add("dtstart", _end(task))
    event.add("dtend", _end(task))
    event.add("summary", f"{task.state_name}, {office}: {_TITLES[deadline.act]}")
    event.add("description", visible_lines(told))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PUBLIC")
    return event


def visible_lines(texts: Iterable[str]) -> str:
    """The texts that are not empty, each on its line."""
    return "\n".join(visible(text) for text in texts if text)


def _identity(task: Task) -> str:
    """The same for the same deadline of the same contest, whatever its time."""
    deadline = task.deadline
    what = (
        task.state,
        task.office,
        str(task.election),
        deadline.act,
        deadline.known.citation,
        deadline.words,
    )
    return f"{hashlib.sha256('|'.join(what).encode()).hexdigest()[:32]}@tallyproof"
