"""Certification of a case, state by state: what its sources say beside what the law asks for until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tallyproof.election.jurisdiction import STATES
from tallyproof.errors import RequestError
from tallyproof.recount.acts import DueAnswer, ElectoralCalendar, ElectoralCalendarAnswer
from tallyproof.recount.options import RecountOptions
from tallyproof.services.calendars import electoral_calendar
from tallyproof.services.pages import Look
from tallyproof.tracking.certification import Certified, certified


@dataclass(frozen=True, slots=True)
class StateCertification:
    """A state of a case: what its sources say, and the calendar of its law; None where there are no rules."""

    by_sources: Certified
    calendar: ElectoralCalendarAnswer | None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Acts of counties and state that are near or late and that no source of the case settles."""
        if self.calendar is None or self.by_sources.is_whole:
            return ()
        return tuple(each.warning for each in self.calendar.dues if each.warning and each.level != "federal")

    def due(self, level: str) -> DueAnswer | None:
        """The act of a level: county or state."""
        found = self.calendar.dues if self.calendar else ()
        return next((each for each in found if each.level == level), None)


@dataclass(frozen=True, slots=True)
class CaseCertification:
    """The states of a case, and the federal days that follow a presidential election."""

    states: tuple[StateCertification, ...]
    federal: tuple[DueAnswer, ...]

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """State and warning, of every state; federal days that are near come last, without a state."""
        found = [
            (STATES.get(each.by_sources.state, ""), warning)
            for each in self.states
            for warning in each.warnings
        ]
        return found + [("", each.warning) for each in self.federal if each.warning]

    def state(self, code: str) -> StateCertification | None:
        """One state."""
        return next((each for each in self.states if each.by_sources.state == code), None)


def certification(seen: Look, on: datetime, only: str = "") -> CaseCertification:
    """What the sources of a case say of certification at the time of asking, and what the law asks for.

    ``only`` names one state, where no other is looked at.
    """
    relied_on = [
        (each.contest.state, each.snapshot)
        for each in seen.count.contests
        if each.contest.state and only in ("", each.contest.state)
    ]
    is_federal = any(each.contest.office == "President" for each in seen.count.contests)
    states = tuple(StateCertification(each, _calendar(each.state, seen, on)) for each in certified(relied_on))
    first = next((each.calendar for each in states if each.calendar), None)
    federal = [each for each in first.dues if each.level == "federal"] if first and is_federal else []
    return CaseCertification(states, tuple(federal))


def calendar_of_contest(problem: RecountOptions) -> ElectoralCalendarAnswer:
    """The calendar of a contest's state as a question to the recount law knows it. Raises RequestError."""
    return electoral_calendar(
        ElectoralCalendar(
            state=problem.state,
            date=problem.date,
            office=problem.office,
            election=problem.election,
            on=problem.on,
            acts=problem.acts,
        )
    )


def _calendar(state: str, seen: Look, on: datetime) -> ElectoralCalendarAnswer | None:
    if seen.state.election is None:
        return None
    try:
        return electoral_calendar(ElectoralCalendar(state=state, date=seen.state.election, on=on))
    except RequestError:  # a place without a rule file
        return None
