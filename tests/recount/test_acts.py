"""The electoral calendar: federal days before and after 2022, certification done, near, late or unknown."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.errors import RequestError
from tallyproof.recount.acts import DueAnswer, ElectoralCalendar, ElectoralCalendarAnswer, Stand
from tallyproof.recount.federal import FederalRules, is_presidential
from tallyproof.recount.loading import read
from tallyproof.services.calendars import electoral_calendar
from tallyproof.store import rules


def asked(state: str, day: str, on: str, **more: object) -> ElectoralCalendarAnswer:
    problem = ElectoralCalendar(
        state=state,
        date=date.fromisoformat(day),
        on=datetime.fromisoformat(on),
        **more,  # type: ignore[arg-type]
    )
    return electoral_calendar(problem)


def due(found: ElectoralCalendarAnswer, event: str) -> DueAnswer:
    return next(each for each in found.dues if each.event == event)


def day_of(found: ElectoralCalendarAnswer, event: str) -> str:
    by = due(found, event).by
    return f"{by:%Y-%m-%d}" if by else ""


@pytest.mark.parametrize(
    ("election", "certain", "meeting", "received", "count"),
    [
        ("2000-11-07", "2000-12-12", "2000-12-18", "2000-12-27", "2001-01-06"),
        ("2016-11-08", "2016-12-13", "2016-12-19", "2016-12-28", "2017-01-06"),
        ("2020-11-03", "2020-12-08", "2020-12-14", "2020-12-23", "2021-01-06"),
        ("2024-11-05", "2024-12-11", "2024-12-17", "2024-12-25", "2025-01-06"),
    ],
)
def test_federal_days_are_those_of_history(
    election: str, certain: str, meeting: str, received: str, count: str
) -> None:
    """Safe harbor and a Monday until 2020, certificate of ascertainment and a Tuesday since 2022."""
    found = asked("WI", election, f"{election}T23:00")
    named = "safe_harbor" if election < "2022" else "ascertainment"
    days = [day_of(found, event) for event in (named, "electors_meeting", "votes_received", "joint_session")]
    assert days == [certain, meeting, received, count]
    other = "ascertainment" if election < "2022" else "safe_harbor"
    assert other not in {each.event for each in found.dues}


@pytest.mark.parametrize("election", ["2018-11-06", "2022-11-08", "2024-11-12", "2024-08-13"])
def test_other_elections_have_no_federal_days(election: str) -> None:
    """No electors are chosen then, nor in a contest for another office."""
    assert not [each for each in asked("WI", election, f"{election}T12:00").dues if each.level == "federal"]
    governor = asked("WI", "2024-11-05", "2024-11-06T12:00", office="governor")
    assert not [each for each in governor.dues if each.level == "federal"]


@given(st.integers(min_value=1952, max_value=2400).filter(lambda year: year % 4 == 0))
@settings(max_examples=60)
def test_days_follow_one_another_in_every_year(year: int) -> None:
    """Six days before the meeting, in the week after the second Wednesday, then the count on 6 January."""
    election = next(date(year, 11, day) for day in range(2, 9) if date(year, 11, day).weekday() == 1)
    assert is_presidential(election)
    assert not is_presidential(election + timedelta(days=7))
    found = asked("MI", election.isoformat(), f"{election}T12:00")
    federal = [each.by.date() for each in found.dues if each.level == "federal" and each.by]
    certain, meeting, received, count = federal
    assert meeting - certain == timedelta(days=6)
    assert (13 if year < 2023 else 14) <= meeting.day <= (19 if year < 2023 else 20)
    assert meeting.weekday() == (0 if year < 2023 else 1)
    assert received.weekday() == 2 and 22 <= received.day <= 28
    assert count == date(year + 1, 1, 6)


def test_congress_keeps_the_clock_of_the_capital() -> None:
    """Asked in Hawaii, the count is at one o'clock in Washington."""
    by = due(asked("HI", "2016-11-08", "2016-11-09T12:00"), "joint_session").by
    assert by is not None
    assert f"{by:%H:%M %Z}" == "13:00 EST"


@pytest.mark.parametrize(
    ("on", "stand", "words"),
    [
        ("2016-11-20T12:00", Stand.AHEAD, "due Thu 1 Dec 2016"),
        ("2016-11-24T23:58", Stand.AHEAD, "due Thu 1 Dec 2016"),
        ("2016-11-24T23:59", Stand.NEAR, "due Thu 1 Dec 2016"),
        ("2016-12-01T23:59", Stand.NEAR, "due Thu 1 Dec 2016"),
        ("2016-12-02T00:00", Stand.PASSED, "whether it was done is not known here"),
        ("2016-12-12T08:00", Stand.DONE_LATE, "done Mon 12 Dec 2016, after the day that it was due"),
    ],
)
def test_an_act_is_ahead_near_passed_or_done(on: str, stand: Stand, words: str) -> None:
    """Wisconsin 2016: certified after the recount, eleven days after 1 December; a warning where due."""
    found = asked("WI", "2016-11-08", on, acts={"certification": "2016-12-12"})
    act = due(found, "certification")
    assert act.stand is stand
    assert words in act.sentence
    assert bool(act.warning) == (stand is not Stand.AHEAD)
    assert (act.warning in found.warnings) == bool(act.warning)


def test_an_act_in_time_gives_no_warning() -> None:
    """Michigan certified on 28 November 2016, and then its counties are not asked about either."""
    found = asked("MI", "2016-11-08", "2016-11-29T12:00")
    assert due(found, "certification").stand is Stand.DONE
    assert found.warnings == ()
    before = asked("MI", "2016-11-08", "2016-11-27T12:00")
    assert before.warnings == (
        "The counties certify: was due Tue 22 Nov 2016; whether it was done is not known here.",
    )


def test_a_rule_from_memory_gets_no_day() -> None:
    """Pennsylvania's third Monday is from memory: no day, no warning, and where to look it up."""
    counties = [each for each in asked("PA", "2016-11-08", "2016-12-30T12:00").dues if each.level == "county"]
    assert [each.by for each in counties] == [None]
    assert counties[0].warning == ""
    assert counties[0].look_up.endswith("look it up in 25 P.S. 3159.")


def test_every_state_has_a_calendar_for_every_kind_of_year() -> None:
    """All 51, for elections of twelve years: sorted by day, each sentence ends, each rule has its clause."""
    for state in rules.states():
        for day in ("2012-11-06", "2016-11-08", "2018-11-06", "2020-11-03", "2024-11-05"):
            found = asked(state, day, f"{day}T12:00")
            times = [each.by for each in found.dues if each.by]
            assert times == sorted(times)
            assert all(each.sentence.endswith(".") and each.known.citation for each in found.dues)
            assert {each.level for each in found.dues} | set(found.missing) >= {"county", "state"}
            assert all(each.by is None for each in found.dues if each.known.basis == "memory")


@pytest.mark.parametrize(
    ("state", "more", "why"),
    [
        ("XX", {}, "no state"),
        ("WI", {"office": "emperor"}, "no office"),
        ("WI", {"acts": {"coronation": "2016-12-01"}}, "no official act"),
        ("WI", {"acts": {"certification": "soon"}}, "no day"),
        ("WI", {"election": "by acclamation"}, "no type of election"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(state: str, more: dict[str, object], why: str) -> None:
    """Unknown states, offices, elections and acts."""
    with pytest.raises(RequestError, match=why):
        asked(state, "2016-11-08", "2016-11-09T12:00", **more)


def test_a_fault_of_the_federal_file_is_named_with_its_line() -> None:
    """An act that is none, at the line where it stands."""
    text = """as_of = "2025"
confidence = "high"
sources = []

[[rule]]
event = "meeting"
by = { count = 6, unit = "days", after = "coronation" }
citation = "3 U.S.C. 7"
basis = "source"
"""
    with pytest.raises(RequestError, match=r"federal\.toml, line 7: 'coronation' is no act"):
        read(text, "federal.toml", FederalRules)
