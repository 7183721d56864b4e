"""What the law allows in the contests of a case, as of a time of asking: what the Options tab shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain

import msgspec

from tallyproof.errors import RequestError
from tallyproof.recount.calendar import YEARS
from tallyproof.recount.evaluate import known_acts, law_on
from tallyproof.recount.options import (
    DeadlineAnswer,
    RecountOptions,
    RecountOptionsAnswer,
    Standing,
    Verdict,
)
from tallyproof.recount.rule import Moment
from tallyproof.recount.saying import may_have_ended
from tallyproof.services import recounting
from tallyproof.services.counting import ContestCount
from tallyproof.services.pages import Look
from tallyproof.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks when, and what the one who asks knows beside the case.

    ``on`` without a zone is the time in each state. ``election`` is the day where the case has none.
    ``acts`` holds days of official acts and ``numbers`` precincts, ballots and areas to be recounted;
    ``office`` is the word of the law where the contest's own name is none.
    """

    on: datetime
    requester: str = ""
    election: date | None = None
    office: str = ""
    acts: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the law allows in a contest; ``why`` says what is missing where ``answer`` is None.

    With an answer, ``why`` says why it is not for the requester who was named. ``events`` are the official
    acts that deadlines of this law are counted from.
    """

    contest: ContestCount
    problem: RecountOptions | None = None
    answer: RecountOptionsAnswer | None = None
    why: str = ""
    events: tuple[str, ...] = ()

    @property
    def asking(self) -> DeadlineAnswer | None:
        """The deadline to ask that matters most: surely open, perhaps open, not yet running, then past."""
        known = [each for each in self.answer.deadlines if each.act == "request"] if self.answer else []
        return min(known, key=lambda each: (each.standing is not Standing.OPEN, urgency(each)), default=None)

    @property
    def may_ask(self) -> bool:
        """Whether the law lets somebody ask, or may do so: its deadlines to ask are shown first."""
        return self.answer is not None and self.answer.verdict in _PERHAPS


_PERHAPS = (Verdict.REQUESTABLE, Verdict.DISCRETIONARY, Verdict.CANNOT_BE_DECIDED)


def urgency(deadline: DeadlineAnswer) -> tuple[int, float]:
    """Those perhaps open that end first, then those to come, of unknown day, and the latest past."""
    end = deadline.earliest or deadline.closes
    closes = end.timestamp() if end else 0.0
    order = _ORDER[Standing.OPEN if may_have_ended(deadline) else deadline.standing]
    return order, -closes if deadline.standing is Standing.PAST else closes


_ORDER = {Standing.OPEN: 0, Standing.NOT_YET_RUNNING: 1, Standing.UNKNOWN: 2, Standing.PAST: 3}


def asked_on(workspace: Workspace, seen: Look, *, published: bool = False) -> datetime:
    """When the law is asked where nobody says: at the time of the sources looked at, or now.

    In a published folder, which is the same for the same ledger, at the time of its last event. No law is
    asked in a year too far away to count days from.
    """
    if seen.as_of and seen.as_of.year in YEARS:
        return seen.as_of
    if not published:
        return workspace.clock().astimezone(UTC)
    events = [event.at for event in workspace.ledger.events(seen.state.id)]
    return datetime.fromisoformat(events[-1]) if events else workspace.clock().astimezone(UTC)


def election_day(seen: Look, asking: Asking) -> date | None:
    """The day whose law holds: the case's own, else the one given."""
    return seen.state.election or asking.election


def of_case(seen: Look, asking: Asking) -> list[Allowed]:
    """What the law allows in every contest of the case, the closest deadline first."""
    found = [of_contest(seen, each, asking) for each in seen.count.contests]
    return sorted(found, key=_importance)


def _importance(allowed: Allowed) -> tuple[int, int, float, str]:
    """Automatic recounts, then those that can be asked for by their deadlines, then all others."""
    is_automatic = allowed.answer is not None and allowed.answer.verdict is Verdict.AUTOMATIC
    group = 0 if is_automatic else 1 if allowed.may_ask else 2 if allowed.answer else 3
    deadline = allowed.asking if allowed.may_ask else None
    place = urgency(deadline) if deadline else (_ORDER[Standing.UNKNOWN], 0.0)
    return (group, *place, allowed.contest.contest.title)


def of_contest(seen: Look, counted: ContestCount, asking: Asking) -> Allowed:
    """What the law allows in one contest. What cannot be asked of the law comes back with the reason."""
    day = election_day(seen, asking)
    if day is None:
        return Allowed(counted, why="The day of the election is not known, and rules hold from day to day.")
    try:
        made = recounting.of_contest(counted, day, asking.office).problem
    except RequestError as fault:
        return Allowed(counted, why=str(fault))
    problem = msgspec.structs.replace(
        made,
        on=asking.on,
        requester=asking.requester,
        acts=dict(asking.acts),
        numbers=dict(asking.numbers),
    )
    events = _events(made)
    answer, why = _answered(problem)
    if answer is None and problem.requester:  # nobody of that name: what the law allows to anybody
        problem = msgspec.structs.replace(problem, requester="")
        answer, _ = _answered(problem)
    return Allowed(counted, problem, answer, why, events)


def _answered(problem: RecountOptions) -> tuple[RecountOptionsAnswer | None, str]:
    try:
        return recounting.options(problem), ""
    except RequestError as fault:
        return None, str(fault)


def acts_known(allowed: Allowed) -> dict[str, str]:
    """Days of official acts that stand in the rules for this election; those from memory are left out."""
    if allowed.problem is None:
        return {}
    found = known_acts(
        msgspec.structs.replace(allowed.problem, acts={}), recounting.rules_of(allowed.problem.state)
    )
    return {event: act.on.isoformat() for event, act in found.items()}


def _events(problem: RecountOptions) -> tuple[str, ...]:
    """Acts other than the election that the law in force counts deadlines from."""
    law = law_on(recounting.rules_of(problem.state), problem.date)
    if law is None:
        return ()
    moments = chain.from_iterable((each.closes, each.opens) for each in law.deadlines)
    found = chain.from_iterable(_counted_from(each) for each in moments if each)
    return tuple(dict.fromkeys(event for event in found if event != "election"))


def _counted_from(moment: Moment) -> list[str]:
    parts = chain.from_iterable(_counted_from(each) for each in (*moment.later_of, *moment.earlier_of))
    return [event for event in (moment.after, moment.before) if event] + list(parts)
