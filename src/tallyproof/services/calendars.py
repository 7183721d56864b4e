"""The calendar that follows an election, by a state's and the federal rules and the state's clock."""

from __future__ import annotations

from tallyproof.recount.acts import ElectoralCalendar, ElectoralCalendarAnswer, calendar_of
from tallyproof.services import clocks, recounting
from tallyproof.store import rules as rule_files

CAPITAL = "DC"
"""Congress keeps the clock of the capital."""


def electoral_calendar(problem: ElectoralCalendar) -> ElectoralCalendarAnswer:
    """Certification, federal days and audit law of a state, as they stand when asked.

    Raises RequestError for an unknown state, office or act.
    """
    rules = recounting.rules_of(problem.state)
    offices = {"state": clocks.office_of(rules.state), "washington": clocks.office_of(CAPITAL)}
    at = recounting.asked_at(problem.on, rules.state)
    return calendar_of(problem, rules, rule_files.federal(), offices, at)
