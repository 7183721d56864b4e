"""Calendar files, read back: right times in right zones, nothing from memory, the same identity each time."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from tallyproof.services import papers

from .papers import asked


def events(content: bytes) -> list[Any]:
    """The events of a calendar file."""
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_three_states_of_2016() -> None:
    """Wisconsin's Friday at five in Chicago's zone; Pennsylvania's five days, from memory, are left out."""
    found = papers.calendar([asked("WI", "Stein"), asked("MI"), asked("PA")])
    read = events(found.content)
    assert len(read) == found.events
    times = {(str(each["SUMMARY"]), each.start) for each in read}
    end = dt.datetime(2016, 11, 25, 17, tzinfo=ZoneInfo("America/Chicago"))
    assert ("Wisconsin, President: last time to ask for a recount", end) in times
    assert {str(each.start.tzinfo) for each in read} == {
        "America/Chicago",
        "America/Detroit",
        "America/New_York",
    }
    assert [task.deadline.known.citation for task in found.left_out] == ["25 P.S. 3263"]
    assert b"25 P.S. 3263" not in found.content.replace(b"\r\n ", b"")


def test_no_alarm_and_nothing_blocked() -> None:
    """A calendar that rings for law would be advice; the time stays free."""
    found = papers.calendar([asked("WI", "Stein")])
    assert b"VALARM" not in found.content
    assert all(each["TRANSP"] == "TRANSPARENT" for each in events(found.content))


def test_an_event_keeps_its_identity_when_its_time_changes() -> None:
    """Another day of the last county statement moves the event; programs know it again by its UID."""
    first = events(papers.calendar([asked("WI")]).content)
    second = events(papers.calendar([asked("WI", acts={"last_county_statement": "2016-11-22"})]).content)
    assert [each["UID"] for each in first] == [each["UID"] for each in second]
    assert first[0].start != second[0].start
    every = events(papers.calendar([asked("WI"), asked("MI"), asked("PA")]).content)
    assert len({each["UID"] for each in every}) == len(every)


def test_zones_are_described_and_lines_are_short() -> None:
    """Every zone that is named is in the file, and no line is longer than 75 bytes."""
    content = papers.calendar([asked("WI"), asked("PA")]).content
    zones = {str(each["TZID"]) for each in Calendar.from_ical(content).walk("VTIMEZONE")}
    assert zones == {"America/Chicago", "America/New_York"}
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_nothing_known_is_an_empty_calendar() -> None:
    """Where no time can be counted there is a calendar without events, which says so elsewhere."""
    found = papers.calendar([asked("WI", acts={})])
    assert found.events == 0
    assert events(found.content) == []
    assert len(found.left_out) == len(asked("WI", acts={}).answer.deadlines)
