"""What the law allows in one contest, worked out from a state's rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeVar

from tallyproof.errors import RequestError
from tallyproof.recount import conditions, deadlines, numbers, prices
from tallyproof.recount.calendar import Happened, Office, days_of, require_year
from tallyproof.recount.expression import VARIABLES, parse
from tallyproof.recount.knowing import known_of
from tallyproof.recount.numbers import Numbers
from tallyproof.recount.office import ELECTIONS, OFFICES, covers, in_sentence, words_of
from tallyproof.recount.options import (
    Condition,
    CostAnswer,
    DeadlineAnswer,
    RecountOptions,
    RecountOptionsAnswer,
    RequesterAnswer,
    Verdict,
)
from tallyproof.recount.rule import EVENTS, Law, Requester, Scoped, StateRules, Then
from tallyproof.recount.saying import sentence

S = TypeVar("S", bound=Scoped)


def evaluate(
    problem: RecountOptions, rules: StateRules, office: Office, on: dt.datetime
) -> RecountOptionsAnswer:
    """Everything that the state's law says of this contest, as of the time ``on`` (with its zone).

    Raises RequestError for an unknown office, type of election or act, and for impossible numbers.
    """
    words = words_for(problem)
    found = _numbers(problem)
    law = law_on(rules, problem.date)
    if law is None:
        return _no_rule(problem, rules, found)
    decided = [
        conditions.decide(test, found, problem.stages, problem.numbers, rules)
        for test in sorted(within(law.tests, words), key=lambda test: test.stage)
    ]
    if not _speaks_of(law, words):
        return _no_rule(problem, rules, found)
    acts = known_acts(problem, rules)
    none_automatic = _any(decided, Then.AUTOMATIC) is False
    times = [
        deadlines.stand(each, acts, office, on, rules)
        for each in within(law.deadlines, words)
        if not (each.automatic and none_automatic)
    ]
    who = [_requester(each, found, problem, rules) for each in within(law.requesters, words)]
    free = _any(decided, Then.FREE)
    request = {**found.request, **problem.numbers}
    costs = [prices.price(each, free, request, rules) for each in within(law.costs, words)]
    return _answer(problem, rules, law, found, decided, who, times, costs)


def law_on(rules: StateRules, day: dt.date) -> Law | None:
    """The version of the law that is known to hold for an election day, None where none is."""
    fits = (
        law
        for law in rules.laws
        if law.effective_from <= day and (law.effective_to is None or day <= law.effective_to)
    )
    return next(fits, None)


def _speaks_of(law: Law, words: frozenset[str]) -> bool:
    """False where the law has tests for other contests only; an exception speaks of its contest."""
    return bool(law.no_request) or not law.tests or any(covers(test.scope, (), words) for test in law.tests)


def within(found: Iterable[S], words: frozenset[str]) -> list[S]:
    """The statements that are for a contest with these words."""
    return [each for each in found if covers(each.scope, each.excluding, words)]


def known_acts(problem: RecountOptions, rules: StateRules) -> dict[str, Happened]:
    """Days of official acts: election day, those of the rule file for this election, those given.

    Acts whose day is from memory are left out; what is given wins. Raises RequestError for a day that is
    none, is before the election, or lies in a year too far away to count from.
    """
    require_year(problem.date, "the election day")
    acts = {**days_of(problem.date.year), "election": Happened(problem.date, None, "given")}
    for act in rules.acts:
        if act.election == problem.date and act.basis.value == "source":
            acts[act.event] = Happened(act.on, act.at, act.citation)
    for event, text in problem.acts.items():
        acts[event] = _happened(event, text)
        if acts[event].on < problem.date:
            raise RequestError(
                f"{text} is given as {event}, before the election of {problem.date}: "
                "correct one of the two days."
            )
    return acts


def _happened(event: str, text: str) -> Happened:
    if event not in EVENTS:
        raise RequestError(f"'{event}' is no official act; acts: {', '.join(EVENTS)}.")
    try:
        if len(text) == len("2016-11-28"):
            day = dt.date.fromisoformat(text)
            require_year(day, event)
            return Happened(day)
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        raise RequestError(f"'{text}' is no day; write {event}=2016-11-28 or 2016-11-28T16:00.") from None
    if at.tzinfo is not None:
        raise RequestError(f"'{text}' has a zone: write {event} by the clock of the state, without one.")
    require_year(at.date(), event)
    return Happened(at.date(), at.time())


def words_for(problem: RecountOptions) -> frozenset[str]:
    """The words by which rules name the contest. Raises RequestError for an unknown office or election."""
    if problem.office not in OFFICES:
        raise RequestError(f"'{problem.office}' is no office here; offices: {', '.join(OFFICES)}.")
    if problem.election not in ELECTIONS:
        raise RequestError(f"'{problem.election}' is no type of election: {', '.join(ELECTIONS)}.")
    return words_of(problem.office, problem.election, problem.seats)


def _numbers(problem: RecountOptions) -> Numbers:
    unknown = [name for name in problem.numbers if name not in VARIABLES and name != "areas"]
    if unknown:
        raise RequestError(f"'{unknown[0]}' is no number that a law reads; numbers: {', '.join(VARIABLES)}.")
    if problem.votes and problem.margin is not None:
        raise RequestError("Give the votes by choice or the margin, not both: one follows from the other.")
    if problem.requester and not problem.votes:
        raise RequestError(f"Whether {problem.requester} may ask depends on the votes: give them by choice.")
    if problem.votes:
        return numbers.of_votes(problem.votes, problem.seats, problem.total, problem.requester)
    if problem.margin is None:
        raise RequestError("Give the votes by choice, or the margin with all votes cast for the office.")
    return numbers.of_margin(problem.margin, problem.total, problem.seats, only_two=problem.only_two)


def _requester(
    requester: Requester, found: Numbers, problem: RecountOptions, rules: StateRules
) -> RequesterAnswer:
    qualifies, because = _qualifies(requester, found, problem)
    return RequesterAnswer(
        who=requester.who,
        kind=requester.kind,
        words=requester.words,
        number=requester.number,
        per=requester.per,
        qualifies=qualifies,
        because=because,
        discretionary=requester.discretionary,
        known=known_of(requester, rules),
    )


def _qualifies(requester: Requester, found: Numbers, problem: RecountOptions) -> tuple[bool | None, str]:
    if requester.kind == "candidate" and found.has_won:
        return False, f"{found.asks} has won by these numbers."
    if problem.requester and requester.kind not in {"candidate", "winner"}:
        return None, f"{problem.requester} stands as a candidate; this right is for others."
    if requester.discretionary:
        return None, f"Somebody has to weigh it: {requester.discretionary}."
    if not requester.when:
        return True, ""
    tested = parse(requester.when).test({**found.request, **problem.numbers})
    if tested.value is None:
        return None, f"Needs {', '.join(VARIABLES[name] for name in tested.missing)}."
    shown = "; ".join(conditions.said(each) for each in tested.compared)
    return tested.value, f"{shown}."


def _any(decided: Sequence[Condition], then: Then) -> bool | None:
    """True where one such condition holds, None where one cannot be decided, False where there is none."""
    values = [each.holds for each in decided if each.then == then.value and each.stage == 1]
    return True if True in values else None if None in values else False


def verdict(decided: Sequence[Condition], who: Sequence[RequesterAnswer]) -> Verdict:
    """The strongest that follows from the conditions; what cannot be decided is never taken as no."""
    automatic, requestable = _any(decided, Then.AUTOMATIC), _any(decided, Then.REQUESTABLE)
    discretionary = _any(decided, Then.DISCRETIONARY)
    if automatic:
        return Verdict.AUTOMATIC
    if requestable is not False and who and all(each.qualifies is False for each in who):
        requestable = False
    if automatic is None:
        return Verdict.CANNOT_BE_DECIDED
    if requestable:
        weighed = bool(who) and all(each.discretionary or each.qualifies is False for each in who)
        return Verdict.DISCRETIONARY if weighed else Verdict.REQUESTABLE
    if requestable is None:
        return Verdict.CANNOT_BE_DECIDED
    if discretionary or discretionary is None:
        return Verdict.DISCRETIONARY
    return Verdict.NOT_AVAILABLE


def _answer(
    problem: RecountOptions,
    rules: StateRules,
    law: Law,
    found: Numbers,
    decided: list[Condition],
    who: list[RequesterAnswer],
    times: list[DeadlineAnswer],
    costs: list[CostAnswer],
) -> RecountOptionsAnswer:
    reached = verdict(decided, who)
    free = _any(decided, Then.FREE)
    return RecountOptionsAnswer(
        state=rules.state,
        state_name=rules.name,
        office=problem.office,
        date=problem.date,
        verdict=reached,
        free=free,
        sentence=sentence(reached, free, in_sentence(rules.name), problem, decided, times),
        requester=problem.requester,
        numbers={name: value for name, value in found.contest.items() if value is not None},
        conditions=tuple(decided),
        requesters=tuple(who),
        deadlines=tuple(times),
        costs=tuple(costs),
        file_with=law.file_with,
        method=law.method,
        area=law.area,
        note=" ".join(filter(None, (law.no_request, law.note, rules.note))),
        law_from=law.effective_from,
        law_to=law.effective_to,
        known=known_of(law, rules),
        sources=rules.sources,
    )


def _no_rule(problem: RecountOptions, rules: StateRules, found: Numbers) -> RecountOptionsAnswer:
    return RecountOptionsAnswer(
        state=rules.state,
        state_name=rules.name,
        office=problem.office,
        date=problem.date,
        verdict=Verdict.NO_RULE_KNOWN,
        free=None,
        sentence=sentence(Verdict.NO_RULE_KNOWN, None, in_sentence(rules.name), problem, [], []),
        requester=problem.requester,
        numbers={name: value for name, value in found.contest.items() if value is not None},
        conditions=(),
        requesters=(),
        deadlines=(),
        costs=(),
        file_with="",
        method="",
        area="",
        note=rules.note,
        law_from=None,
        law_to=None,
        known=None,
        sources=rules.sources,
    )
