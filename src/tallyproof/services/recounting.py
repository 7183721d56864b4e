"""What the law allows in a contest: rule files, clocks, holidays and a case's numbers brought together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import msgspec

from tallyproof.election.jurisdiction import POSTAL, STATES
from tallyproof.election.returns import Measure
from tallyproof.errors import RequestError
from tallyproof.recount.calendar import Office, require_year
from tallyproof.recount.evaluate import evaluate
from tallyproof.recount.office import OFFICES
from tallyproof.recount.options import RecountOptions, RecountOptionsAnswer
from tallyproof.recount.parts import (
    RecountCost,
    RecountCostAnswer,
    RecountDeadline,
    RecountDeadlineAnswer,
    cost_of,
    deadlines_of,
)
from tallyproof.recount.rule import StateRules
from tallyproof.recount.survey import Survey, survey
from tallyproof.services import clocks
from tallyproof.store import rules as rule_files

if TYPE_CHECKING:
    from tallyproof.services.access import Actor
    from tallyproof.services.counting import ContestCount
    from tallyproof.services.workspace import Workspace

_OFFICE_WORDS = {
    "President": "president",
    "U.S. Senate": "us-senate",
    "U.S. House": "us-house",
    "Governor": "governor",
    "State Senate": "state-senate",
    "State House": "state-house",
    "Attorney General": "attorney-general",
    "Secretary of State": "secretary-of-state",
}
"""Offices of the law by the names that contests of a case have."""


def state_of(text: str) -> str:
    """A state's postal code from its code or name.

    Raises RequestError with the list of states that have a rule file.
    """
    found = POSTAL.get(text.strip().casefold(), text.strip().upper())
    known = rule_files.states()
    if found not in known:
        named = f"{STATES[found]} has no rule file" if found in STATES else f"'{text}' is no state"
        raise RequestError(f"{named}. There are rules for: {', '.join(known)}.")
    return found


def rules_of(state: str) -> StateRules:
    """The rules of a state by its code or name. Raises RequestError for an unknown one."""
    return rule_files.rules_of(state_of(state))


def all_rules() -> list[StateRules]:
    """The rules of every state that has a rule file, in the order of the postal codes."""
    return [rule_files.rules_of(state) for state in rule_files.states()]


def office_of(state: str) -> Office:
    """The clock of the state's capital and its days off."""
    return clocks.office_of(state_of(state))


def asked_at(on: datetime | None, state: str) -> datetime:
    """The time of asking in the state's zone; now where none is given.

    Raises RequestError for a year too far away to count days from.
    """
    if on is not None:
        require_year(on.date(), "the time of asking")
    return clocks.local(on or datetime.now(UTC), state)


def options(problem: RecountOptions) -> RecountOptionsAnswer:
    """What the law allows in one contest: conditions, who may ask, deadlines, costs.

    Raises RequestError for an unknown state, office, choice or act, and for impossible numbers.
    """
    rules = rules_of(problem.state)
    at = asked_at(problem.on, rules.state)
    return evaluate(named(problem), rules, clocks.office_of(rules.state), at)


def deadlines(problem: RecountDeadline) -> RecountDeadlineAnswer:
    """One moment counted by a state's clock, or the deadlines of a contest. Raises RequestError."""
    rules = rules_of(problem.state)
    at = asked_at(problem.on, rules.state)
    return deadlines_of(problem, rules, clocks.office_of(rules.state), at)


def cost(problem: RecountCost) -> RecountCostAnswer:
    """What a recount costs the one who asks. Raises RequestError."""
    rules = rules_of(problem.state)
    asked = RecountOptions(**{name: getattr(problem, name) for name in problem.__struct_fields__})
    return cost_of(named(asked), rules)


def every_state(problem: RecountOptions) -> Survey:
    """The same margin and total in every state that has a rule file, as if two choices had all votes.

    Raises RequestError for impossible numbers, or where margin or total is missing.
    """
    asked_of = [
        (rules, clocks.office_of(rules.state), asked_at(problem.on, rules.state)) for rules in all_rules()
    ]
    return survey(problem, asked_of)


def named(problem: RecountOptions) -> RecountOptions:
    """The problem with the requester's name as the votes spell it."""
    if not problem.requester or not problem.votes:
        return problem
    return msgspec.structs.replace(problem, requester=_choice(problem.requester, list(problem.votes)))


def _choice(text: str, names: list[str]) -> str:
    """The one choice of this name, or with this part of a name, in any case."""
    if text in names:
        return text
    fits = [name for name in names if text.casefold() in name.casefold()]
    if len(fits) != 1:
        known = f"fits {len(fits)} choices" if fits else "is not among the choices"
        raise RequestError(f"'{text}' {known}: {', '.join(fits or names)}.")
    return fits[0]


@dataclass(frozen=True, slots=True)
class CaseProblem:
    """A contest of a case as a question to the law, and the sentence that says whose numbers these are."""

    contest: str
    title: str
    problem: RecountOptions
    sentence: str


def of_case(
    workspace: Workspace,
    actor: Actor,
    case: str,
    contest: str = "",
    *,
    as_of: datetime | None = None,
    office: str = "",
) -> list[CaseProblem]:
    """The contests of a case (or one of them) as questions to the law, with the numbers known at ``as_of``.

    Contests of states without rules, without a margin or of an office that no rule names are left out
    unless asked for by name; then RequestError says why.
    """
    from tallyproof.services import cases, counting

    day = cases.state(workspace, actor, case).election
    counted = counting.count(workspace, actor, case, as_of=as_of, contest=contest)
    found = []
    for each in counted.contests:
        try:
            found.append(of_contest(each, date.fromisoformat(str(day)), office))
        except RequestError:
            if contest:
                raise
    return found


def of_contest(counted: ContestCount, day: date, office: str = "") -> CaseProblem:
    """A counted contest as a question to the law of its state.

    Raises RequestError where its state has no rules, its margin is not known, or no rule names its office.
    """
    contest, standing = counted.contest, counted.standing
    word = office or _office_word(contest.office)
    if standing.margin is None:
        raise RequestError(f"The margin of {contest.id} is not known, so no rule can be tested.")
    voted = {
        each.choice: each.votes
        for each in counted.choices
        if each.votes is not None and each.choice and each.measure == Measure.CHOICE
    }
    whole = len(voted) > standing.seats and not standing.stated
    return CaseProblem(
        contest.id,
        contest.title,
        RecountOptions(
            state=state_of(contest.state),
            date=day,
            office=word,
            votes=voted if whole else {},
            margin=None if whole else standing.margin,
            total=standing.total,
            seats=standing.seats,
        ),
        counted.sentence,
    )


def _office_word(name: str) -> str:
    word = _OFFICE_WORDS.get(name, name.casefold().replace(" ", "-"))
    if word not in OFFICES:
        raise RequestError(f"Which office is '{name}' to the law? Say one of: {', '.join(OFFICES)}.")
    return word
